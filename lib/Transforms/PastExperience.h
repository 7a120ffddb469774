//===- PastExperience.h - What a database knows of other tasks ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Warm starts: a task that was never tuned begins with what was fastest for similar ones, and with
// a cost model that has seen their records. Similar are tasks of the same schedule and class, the
// nearest in their extents first; of a database of many, those with about as much work are looked
// at.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_PASTEXPERIENCE_H
#define CHAMELEON_LIB_TRANSFORMS_PASTEXPERIENCE_H

#include "TuningTask.h"
#include "absl/functional/function_ref.h"
#include "mlir/IR/OwningOpRef.h"

namespace chameleon {

class PastExperience {
public:
  /// Of the tasks in `database` that have the schedule of one of `tasks` and are none of them,
  /// under `circumstances`. Tasks whose text does not parse or has another key or schedule by now
  /// are left out, and so is what is not read when `stop` says so. Fails if the database does.
  static absl::StatusOr<PastExperience>
  load(const Database &database, absl::Span<const TuningTask *const> tasks,
       const ScheduleLibrary &library, const TargetInfo &target, const Circumstances &circumstances,
       absl::FunctionRef<bool()> stop);

  /// Adds records of each past task, those of the fastest and some of the others; gives how many. A
  /// task takes the latest into a fit (TaskTuner): the fastest of the nearest come last.
  size_t teach(SharedExperience &shared, const TargetInfo &target) const;
  /// What was fastest for the tasks most similar to `task`, carried over to its space: at most
  /// `count`, distinct and valid.
  std::vector<Configuration> suggest(const TuningTask &task, size_t count) const;

  size_t numTasks() const { return past.size(); }

private:
  struct PastTask {
    TaskInfo info;
    Space space;
    PriorRecords records;
    double far; // from the nearest of the session's tasks
  };
  std::vector<PastTask> past; // nearest first
};

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_PASTEXPERIENCE_H
