//===- Statistics.h - Robust summaries of samples -------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Timings have outliers on one side: medians and median absolute deviations describe them,
// bootstrap intervals say whether two of them differ. Every function gives NaN for an empty input.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SUPPORT_STATISTICS_H
#define CHAMELEON_SUPPORT_STATISTICS_H

#include "absl/types/span.h"
#include "chameleon/Support/Random.h"
#include <vector>

namespace chameleon {

double mean(absl::Span<const double> samples);
/// The mean of the two middle samples if their number is even.
double median(absl::Span<const double> samples);
/// The median of the distances from the median (not scaled to a standard deviation).
double medianAbsoluteDeviation(absl::Span<const double> samples);
/// Linear interpolation between order statistics; `q` in [0, 1], 0 is the minimum, 1 the maximum.
double quantile(absl::Span<const double> samples, double q);
/// exp(mean(log x)). Precondition: every sample is > 0.
double geometricMean(absl::Span<const double> samples);

/// Ranks from 1; equal samples share the mean of their ranks.
std::vector<double> ranks(absl::Span<const double> samples);
/// Spearman's rank correlation. NaN if the lengths differ, there are fewer than two pairs, or one
/// side is constant.
double rankCorrelation(absl::Span<const double> a, absl::Span<const double> b);

struct Interval {
  double low = 0;
  double high = 0;
};

/// Percentile bootstrap interval of median(a) / median(b), where a[i] and b[i] were taken side by
/// side (round i of an interleaved comparison): pairs are drawn together, so that drift of the
/// machine cancels. `confidence` in (0, 1). NaN bounds if the lengths differ or there are no pairs.
Interval pairedBootstrapRatio(absl::Span<const double> a, absl::Span<const double> b, Rng &rng,
                              double confidence = 0.95, int rounds = 1000);

} // namespace chameleon

#endif // CHAMELEON_SUPPORT_STATISTICS_H
