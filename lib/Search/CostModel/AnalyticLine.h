//===- AnalyticLine.h - Closed form and measurement -----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SEARCH_COSTMODEL_ANALYTICLINE_H
#define CHAMELEON_LIB_SEARCH_COSTMODEL_ANALYTICLINE_H

#include "absl/types/span.h"

namespace chameleon {

/// A line through (closed form, measured log2 throughput), pulled to slope 1 where there is little
/// data.
struct Line {
  double slope = 1;
  double offset = 0;

  double at(double x) const { return slope * x + offset; }
};

/// One `y` per `x`.
Line fitLine(absl::Span<const double> x, absl::Span<const double> y);

} // namespace chameleon

#endif // CHAMELEON_LIB_SEARCH_COSTMODEL_ANALYTICLINE_H
