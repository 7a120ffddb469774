//===- Moves.h - Steps from one configuration to another ------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A factor move takes one prime factor from one tile of a loop and gives it to another tile of the
// same loop, so that their product stays: tiles are changed together where changing one alone would
// break the rule that they divide each other. All results are valid configurations. Only active
// knobs move; a step to another algorithm takes the knobs of that one at their starts.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_MOVES_H
#define CHAMELEON_SEARCH_MOVES_H

#include "chameleon/Search/ValidSampling.h"

namespace chameleon {

/// Index of `value` among the values of an ordered knob, if it is one of them.
absl::optional<int32_t> indexOfValue(const Knob &knob, int64_t value);

/// Prime factors of `n` in ascending order, with repetition; empty below 2.
std::vector<int64_t> primeFactors(int64_t n);

/// Every valid configuration one step away: an ordered knob up or down by one value, a choice
/// re-drawn, or one factor moved between two knobs of the same loop. In a fixed order, each once.
std::vector<Configuration> neighbours(const Space &space, const Configuration &configuration);

/// A random valid configuration near `configuration` and different from it: one to three steps,
/// factor moves, or re-drawn knobs; invalid results are repaired. Nothing if none was found.
absl::optional<Configuration> mutate(const ValidSampler &sampler, const Space &space,
                                     const Configuration &configuration, Rng &rng);

/// Each knob from one of the two parents, made canonical and repaired if invalid. Nothing if it
/// could not be.
absl::optional<Configuration> crossover(const ValidSampler &sampler, const Configuration &a,
                                        const Configuration &b, Rng &rng);

/// `configuration` of space `source` as far as `target` has it: each active knob at the value of
/// the knob with its name, the nearest by ratio, or the option with the same label; knobs without a
/// counterpart as in the default. Repaired if that is not valid; nothing if it could not be, or if
/// `target` has no default.
absl::optional<Configuration> carryOver(const Space &source, const Configuration &configuration,
                                        const Space &target, Rng &rng);

} // namespace chameleon

#endif // CHAMELEON_SEARCH_MOVES_H
