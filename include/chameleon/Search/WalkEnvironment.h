//===- WalkEnvironment.h - The agent's world: walks through a space -------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Many walks stepped at once, as in Chameleon (Ahn et al. 2020, section 3.1). State: per knob its
// value index over the number of values. Action: per knob decrement, stay or increment, clamped at
// the ends; knobs that are not active stay at their starts, whatever their action. A walk ends once
// at least three quarters of its active knobs chose to stay or pushed against an end. Reward: the
// gain in the cost model's score, or the score itself as published. No hardware is involved.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_WALKENVIRONMENT_H
#define CHAMELEON_SEARCH_WALKENVIRONMENT_H

#include "absl/types/span.h"
#include "chameleon/Search/Space.h"
#include "chameleon/Support/Random.h"

namespace chameleon {

enum class WalkReward { Gain, Absolute };

struct WalkOptions {
  WalkReward reward = WalkReward::Gain;
  /// If a step of all knobs breaks a rule, its knob moves are taken one by one in random order, and
  /// those that break a rule are left out. Otherwise walks cross invalid configurations, as
  /// published.
  bool keepRules = true;
  double idleShareToEnd = 0.75;
};

class WalkEnvironment {
public:
  static constexpr int kActions = 3; // 0 decrement, 1 stay, 2 increment

  /// Keeps a reference to `space`.
  WalkEnvironment(const Space &space, WalkOptions options) : space(space), options(options) {}

  size_t walks() const { return current.size(); }
  size_t knobs() const { return space.knobs().size(); }

  /// Starts one walk per configuration. `scores` are the model's scores of the starts.
  void reset(std::vector<Configuration> starts, absl::Span<const double> scores);

  /// Writes the states, walks x knobs, row-major.
  void observe(absl::Span<float> states) const;

  /// Moves every walk that has not ended. `actions`: walks x knobs, row-major.
  void move(absl::Span<const int32_t> actions, Rng &rng);

  /// Writes one reward per walk for the last `move`, 0 for walks that had ended before it.
  /// `scores` are the model's scores of `configurations()`.
  void reward(absl::Span<const double> scores, absl::Span<double> rewards);

  absl::Span<const Configuration> configurations() const { return current; }
  bool ended(size_t walk) const { return endedFlags[walk]; }
  bool allEnded() const;

private:
  void moveOne(size_t walk, absl::Span<const int32_t> actions, Rng &rng);
  void moveKnobByKnob(Configuration &configuration, const Configuration &target, Rng &rng) const;

  const Space &space;
  WalkOptions options;
  std::vector<Configuration> current;
  std::vector<double> presentScores;
  std::vector<bool> endedFlags;
  std::vector<bool> movedFlags; // took part in the last `move`
};

} // namespace chameleon

#endif // CHAMELEON_SEARCH_WALKENVIRONMENT_H
