//===- AnalyticLine.cpp - Closed form and measurement ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "AnalyticLine.h"
#include <algorithm>

namespace chameleon {

/// How many records it takes to believe in a slope of the closed form other than 1.
static constexpr double kSlopePrior = 8;

Line fitLine(absl::Span<const double> x, absl::Span<const double> y) {
  auto n = static_cast<double>(x.size());
  double meanX = 0;
  double meanY = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    meanX += x[i] / n;
    meanY += y[i] / n;
  }
  double covariance = kSlopePrior;
  double variance = kSlopePrior;
  for (size_t i = 0; i < x.size(); ++i) {
    covariance += (x[i] - meanX) * (y[i] - meanY);
    variance += (x[i] - meanX) * (x[i] - meanX);
  }
  double slope = std::clamp(covariance / variance, 0.0, 1.5);
  return {slope, meanY - slope * meanX};
}

} // namespace chameleon
