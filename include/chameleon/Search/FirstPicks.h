//===- FirstPicks.h - Good and different candidates before anything is known ===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_FIRSTPICKS_H
#define CHAMELEON_SEARCH_FIRSTPICKS_H

#include "absl/types/span.h"
#include "chameleon/Search/Space.h"
#include <cstddef>
#include <vector>

namespace chameleon {

/// Positions of `count` points (fewer if there are fewer distinct ones): the one with the best
/// score first, then each time the one with the largest product of its distance to those picked and
/// a weight that falls with its rank by score. `points`: rows of `dimensions`; `scores`: one per
/// point.
std::vector<size_t> spreadByScore(absl::Span<const double> points, size_t dimensions,
                                  absl::Span<const double> scores, size_t count);

/// A number per configuration, equal for those that take the same algorithm (the same values of the
/// space's governors), counted up from 0 in the order of their first.
std::vector<size_t> algorithmGroups(const Space &space,
                                    absl::Span<const Configuration> configurations);

/// For each score the share of its group that it beats: so scores that tell nothing across groups
/// make no group look better than another. Of equals the earlier one beats the later one.
std::vector<double> sharesBeaten(absl::Span<const double> scores, absl::Span<const size_t> groups);

} // namespace chameleon

#endif // CHAMELEON_SEARCH_FIRSTPICKS_H
