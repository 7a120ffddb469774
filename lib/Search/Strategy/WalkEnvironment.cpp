//===- WalkEnvironment.cpp - The agent's world: walks through a space -----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/WalkEnvironment.h"
#include <algorithm>
#include <numeric>

namespace chameleon {

void WalkEnvironment::reset(std::vector<Configuration> starts, absl::Span<const double> scores) {
  current = std::move(starts);
  presentScores.assign(scores.begin(), scores.end());
  endedFlags.assign(current.size(), knobs() == 0);
  movedFlags.assign(current.size(), false);
}

void WalkEnvironment::observe(absl::Span<float> states) const {
  float *out = states.data();
  for (const Configuration &configuration : current)
    for (size_t knob = 0; knob < knobs(); ++knob)
      *out++ = static_cast<float>(configuration.indices[knob]) /
               static_cast<float>(space.knobs()[knob].values.size());
}

bool WalkEnvironment::allEnded() const {
  return std::all_of(endedFlags.begin(), endedFlags.end(), [](bool ended) { return ended; });
}

/// Takes over the knobs of `target` one by one, leaving out those that break a rule.
void WalkEnvironment::moveKnobByKnob(Configuration &configuration, const Configuration &target,
                                     Rng &rng) const {
  std::vector<size_t> order(knobs());
  std::iota(order.begin(), order.end(), size_t{0});
  rng.shuffle(order);
  for (size_t knob : order) {
    if (configuration.indices[knob] == target.indices[knob] || !space.isActive(knob, configuration))
      continue;
    Configuration moved = configuration;
    moved.indices[knob] = target.indices[knob];
    moved = space.canonical(std::move(moved));
    if (space.isValid(moved))
      configuration = std::move(moved);
  }
}

void WalkEnvironment::moveOne(size_t walk, absl::Span<const int32_t> actions, Rng &rng) {
  Configuration target = current[walk];
  std::vector<size_t> active = space.activeKnobs(target);
  size_t idle = 0;
  for (size_t knob : active) {
    auto last = static_cast<int32_t>(space.knobs()[knob].values.size()) - 1;
    int32_t present = target.indices[knob];
    target.indices[knob] = std::clamp(present + actions[knob] - 1, 0, last);
    idle += target.indices[knob] == present;
  }
  target = space.canonical(std::move(target));
  if (!options.keepRules || space.isValid(target))
    current[walk] = std::move(target);
  else
    moveKnobByKnob(current[walk], target, rng);
  endedFlags[walk] =
      static_cast<double>(idle) >= options.idleShareToEnd * static_cast<double>(active.size());
}

void WalkEnvironment::move(absl::Span<const int32_t> actions, Rng &rng) {
  for (size_t walk = 0; walk < walks(); ++walk) {
    movedFlags[walk] = !endedFlags[walk];
    if (movedFlags[walk])
      moveOne(walk, actions.subspan(walk * knobs(), knobs()), rng);
  }
}

void WalkEnvironment::reward(absl::Span<const double> scores, absl::Span<double> rewards) {
  for (size_t walk = 0; walk < walks(); ++walk) {
    rewards[walk] = 0;
    if (!movedFlags[walk])
      continue;
    rewards[walk] =
        options.reward == WalkReward::Gain ? scores[walk] - presentScores[walk] : scores[walk];
    presentScores[walk] = scores[walk];
  }
}

} // namespace chameleon
