//===- Advantage.h - Generalised advantage estimation ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_ADVANTAGE_H
#define CHAMELEON_SEARCH_ADVANTAGE_H

#include "absl/types/span.h"
#include <cstdint>
#include <vector>

namespace chameleon {

/// Steps of many walks: step t of walk w is at t * walks + w.
struct Trajectories {
  size_t steps = 0;
  size_t walks = 0;
  std::vector<double> rewards;
  std::vector<double> values;     // of the state before the step
  std::vector<uint8_t> active;    // 0: the walk had ended before this step
  std::vector<uint8_t> ended;     // 1: the walk truly ended with this step: nothing follows
  std::vector<double> lastValues; // per walk, of the state after the last step: what follows a cut
};

struct Advantages {
  std::vector<double> advantages; // 0 where not active
  std::vector<double> returns;    // advantage + value: the target of the value network
};

/// Schulman et al. 2016: A(t) = sum over l of (discount * lambda)^l * delta(t + l), with
/// delta(t) = reward(t) + discount * value(t + 1) - value(t). A walk that was cut by the limit on
/// steps goes on with `lastValues`; one that ended goes on with 0.
Advantages estimateAdvantages(const Trajectories &trajectories, double discount, double lambda);

/// Shifts and scales to mean 0 and deviation 1 over those with `active`. Leaves values that are all
/// equal at 0, a single one included.
void normalize(absl::Span<double> advantages, absl::Span<const uint8_t> active);

} // namespace chameleon

#endif // CHAMELEON_SEARCH_ADVANTAGE_H
