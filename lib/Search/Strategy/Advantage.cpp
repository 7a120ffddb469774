//===- Advantage.cpp - Generalised advantage estimation -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Advantage.h"
#include <cmath>

namespace chameleon {

static constexpr double kEpsilon = 1e-8;

Advantages estimateAdvantages(const Trajectories &trajectories, double discount, double lambda) {
  const size_t walks = trajectories.walks;
  Advantages result;
  result.advantages.assign(trajectories.steps * walks, 0);
  result.returns.assign(trajectories.steps * walks, 0);
  for (size_t walk = 0; walk < walks; ++walk) {
    double nextValue = trajectories.lastValues[walk];
    double nextAdvantage = 0;
    for (size_t t = trajectories.steps; t-- > 0;) {
      size_t i = t * walks + walk;
      if (!trajectories.active[i])
        continue;
      double goesOn = trajectories.ended[i] ? 0 : 1;
      double delta =
          trajectories.rewards[i] + goesOn * discount * nextValue - trajectories.values[i];
      nextAdvantage = delta + goesOn * discount * lambda * nextAdvantage;
      nextValue = trajectories.values[i];
      result.advantages[i] = nextAdvantage;
      result.returns[i] = nextAdvantage + trajectories.values[i];
    }
  }
  return result;
}

void normalize(absl::Span<double> advantages, absl::Span<const uint8_t> active) {
  double count = 0;
  double sum = 0;
  double squares = 0;
  for (size_t i = 0; i < advantages.size(); ++i)
    if (active[i]) {
      count += 1;
      sum += advantages[i];
    }
  if (count == 0)
    return;
  double mean = sum / count;
  for (size_t i = 0; i < advantages.size(); ++i)
    if (active[i])
      squares += (advantages[i] - mean) * (advantages[i] - mean);
  double deviation = std::sqrt(squares / count);
  for (size_t i = 0; i < advantages.size(); ++i)
    advantages[i] = active[i] ? (advantages[i] - mean) / (deviation + kEpsilon) : 0;
}

} // namespace chameleon
