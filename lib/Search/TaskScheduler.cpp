//===- TaskScheduler.cpp - Which task gets the next measurements ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/TaskScheduler.h"
#include <algorithm>

namespace chameleon {

/// 1 minus the task's rate over the best rate of a task of its kind.
double TaskScheduler::headroom(const TaskTuner &tuner) const {
  double best = 0;
  for (const TaskTuner *other : tuners)
    if (other->task().kind == tuner.task().kind)
      best = std::max(best, other->bestRate());
  return best > 0 ? 1 - tuner.bestRate() / best : 1;
}

absl::optional<size_t> TaskScheduler::next() const {
  absl::optional<size_t> best;
  auto bestKey = std::make_pair(false, -1.0);
  for (size_t i = 0; i < tuners.size(); ++i) {
    const TaskTuner &tuner = *tuners[i];
    if (tuner.finished())
      continue;
    bool first = tuner.defaultIsNext();
    auto key = std::make_pair(first, first ? tuner.task().weight * tuner.task().flops
                                           : tuner.expectedGainPerSecond(headroom(tuner)));
    if (best && key <= bestKey)
      continue;
    best = i;
    bestKey = key;
  }
  return best;
}

} // namespace chameleon
