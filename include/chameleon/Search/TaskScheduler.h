//===- TaskScheduler.h - Which task gets the next measurements ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_TASKSCHEDULER_H
#define CHAMELEON_SEARCH_TASKSCHEDULER_H

#include "chameleon/Search/Tuner.h"

namespace chameleon {

/// First every task gets its default measured, the one with most weight x work first. Then time
/// goes where weight x expected gain per second is highest. A task that is far less efficient than
/// the best of its kind is expected to gain more.
class TaskScheduler {
public:
  explicit TaskScheduler(std::vector<TaskTuner *> tuners) : tuners(std::move(tuners)) {}

  /// Position of the next task, or nothing if all are finished.
  absl::optional<size_t> next() const;

private:
  double headroom(const TaskTuner &tuner) const;

  std::vector<TaskTuner *> tuners;
};

} // namespace chameleon

#endif // CHAMELEON_SEARCH_TASKSCHEDULER_H
