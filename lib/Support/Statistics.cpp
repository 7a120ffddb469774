//===- Statistics.cpp - Robust summaries of samples -----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Support/Statistics.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace chameleon {

static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double mean(absl::Span<const double> samples) {
  if (samples.empty())
    return kNaN;
  return std::accumulate(samples.begin(), samples.end(), 0.0) / static_cast<double>(samples.size());
}

double quantile(absl::Span<const double> samples, double q) {
  if (samples.empty())
    return kNaN;
  std::vector<double> sorted(samples.begin(), samples.end());
  std::sort(sorted.begin(), sorted.end());
  double position = std::clamp(q, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  auto below = static_cast<size_t>(position);
  double fraction = position - static_cast<double>(below);
  if (fraction == 0)
    return sorted[below];
  return sorted[below] * (1 - fraction) + sorted[below + 1] * fraction;
}

double median(absl::Span<const double> samples) { return quantile(samples, 0.5); }

double medianAbsoluteDeviation(absl::Span<const double> samples) {
  double middle = median(samples);
  std::vector<double> distances;
  distances.reserve(samples.size());
  for (double sample : samples)
    distances.push_back(std::abs(sample - middle));
  return median(distances);
}

double geometricMean(absl::Span<const double> samples) {
  std::vector<double> logs;
  logs.reserve(samples.size());
  for (double sample : samples)
    logs.push_back(std::log(sample));
  return std::exp(mean(logs));
}

std::vector<double> ranks(absl::Span<const double> samples) {
  std::vector<size_t> order(samples.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return samples[a] < samples[b]; });
  std::vector<double> result(samples.size());
  for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && samples[order[end]] == samples[order[begin]])
      ++end;
    double shared = static_cast<double>(begin + 1 + end) / 2;
    for (size_t i = begin; i < end; ++i)
      result[order[i]] = shared;
  }
  return result;
}

static double pearsonCorrelation(absl::Span<const double> a, absl::Span<const double> b) {
  double meanA = mean(a);
  double meanB = mean(b);
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - meanA) * (b[i] - meanB);
    aa += (a[i] - meanA) * (a[i] - meanA);
    bb += (b[i] - meanB) * (b[i] - meanB);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : kNaN;
}

double rankCorrelation(absl::Span<const double> a, absl::Span<const double> b) {
  if (a.size() != b.size() || a.size() < 2)
    return kNaN;
  return pearsonCorrelation(ranks(a), ranks(b));
}

Interval pairedBootstrapRatio(absl::Span<const double> a, absl::Span<const double> b, Rng &rng,
                              double confidence, int rounds) {
  if (a.size() != b.size() || a.empty() || rounds < 1)
    return {kNaN, kNaN};
  std::vector<double> ratios;
  std::vector<double> drawnA(a.size());
  std::vector<double> drawnB(b.size());
  for (int round = 0; round < rounds; ++round) {
    for (size_t i = 0; i < a.size(); ++i) {
      size_t pick = rng.below(a.size());
      drawnA[i] = a[pick];
      drawnB[i] = b[pick];
    }
    ratios.push_back(median(drawnA) / median(drawnB));
  }
  double tail = (1 - confidence) / 2;
  return {quantile(ratios, tail), quantile(ratios, 1 - tail)};
}

} // namespace chameleon
