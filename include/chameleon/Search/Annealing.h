//===- Annealing.h - The acceptance rule of simulated annealing -----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_ANNEALING_H
#define CHAMELEON_SEARCH_ANNEALING_H

#include "chameleon/Support/Random.h"

namespace chameleon {

/// Metropolis' rule: a better or equal score is taken, a worse one with probability
/// exp((proposed - present) / temperature). At temperature 0 no worse one is.
bool acceptMove(double presentScore, double proposedScore, double temperature, Rng &rng);

} // namespace chameleon

#endif // CHAMELEON_SEARCH_ANNEALING_H
