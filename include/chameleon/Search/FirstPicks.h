//===- FirstPicks.h - Good and different candidates before anything is known ===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_FIRSTPICKS_H
#define CHAMELEON_SEARCH_FIRSTPICKS_H

#include "absl/types/span.h"
#include <cstddef>
#include <vector>

namespace chameleon {

/// Positions of `count` points (fewer if there are fewer distinct ones): the one with the best
/// score first, then each time the one with the largest product of its distance to those picked and
/// a weight that falls with its rank by score. `points`: rows of `dimensions`; `scores`: one per
/// point.
std::vector<size_t> spreadByScore(absl::Span<const double> points, size_t dimensions,
                                  absl::Span<const double> scores, size_t count);

} // namespace chameleon

#endif // CHAMELEON_SEARCH_FIRSTPICKS_H
