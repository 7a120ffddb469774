//===- FirstPicks.cpp - Good and different candidates ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/FirstPicks.h"
#include "absl/container/flat_hash_map.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace chameleon {

/// A point whose rank is this share of all weighs half as much as the best.
static constexpr double kHalfWeightRank = 0.08;

/// 1 for the best score, falling with the rank.
static std::vector<double> rankWeights(absl::Span<const double> scores) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  });
  std::vector<double> weights(scores.size());
  double half = std::max(kHalfWeightRank * static_cast<double>(scores.size()), 1.0);
  for (size_t rank = 0; rank < order.size(); ++rank)
    weights[order[rank]] = 1 / (1 + static_cast<double>(rank) / half);
  return weights;
}

std::vector<size_t> algorithmGroups(const Space &space,
                                    absl::Span<const Configuration> configurations) {
  absl::flat_hash_map<std::vector<int32_t>, size_t> numbers;
  std::vector<size_t> groups;
  groups.reserve(configurations.size());
  for (const Configuration &configuration : configurations) {
    std::vector<int32_t> algorithm;
    for (size_t governor : space.governors())
      algorithm.push_back(configuration.indices[governor]);
    groups.push_back(numbers.emplace(std::move(algorithm), numbers.size()).first->second);
  }
  return groups;
}

std::vector<double> sharesBeaten(absl::Span<const double> scores, absl::Span<const size_t> groups) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return scores[a] != scores[b] ? scores[a] < scores[b] : a > b;
  });
  size_t numGroups = groups.empty() ? 0 : 1 + *std::max_element(groups.begin(), groups.end());
  std::vector<double> met(numGroups, 0);
  std::vector<double> shares(scores.size());
  for (size_t i : order)
    shares[i] = met[groups[i]]++;
  for (size_t i = 0; i < shares.size(); ++i)
    shares[i] /= met[groups[i]];
  return shares;
}

std::vector<size_t> spreadByScore(absl::Span<const double> points, size_t dimensions,
                                  absl::Span<const double> scores, size_t count) {
  std::vector<double> weights = rankWeights(scores);
  std::vector<double> nearest(scores.size(), std::numeric_limits<double>::infinity());
  std::vector<size_t> picked;
  auto gain = [&](size_t i) {
    return picked.empty() ? weights[i] : weights[i] * std::sqrt(nearest[i]);
  };
  while (picked.size() < std::min(count, scores.size())) {
    size_t best = 0;
    for (size_t i = 1; i < scores.size(); ++i)
      if (gain(i) > gain(best))
        best = i;
    if (gain(best) <= 0)
      break;
    picked.push_back(best);
    for (size_t i = 0; i < scores.size(); ++i) {
      double squared = 0;
      for (size_t d = 0; d < dimensions; ++d) {
        double difference = points[i * dimensions + d] - points[best * dimensions + d];
        squared += difference * difference;
      }
      nearest[i] = std::min(nearest[i], squared);
    }
  }
  return picked;
}

} // namespace chameleon
