//===- TuningTask.h - A task of a module, ready to be tuned ---------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_TUNINGTASK_H
#define CHAMELEON_LIB_TRANSFORMS_TUNINGTASK_H

#include "chameleon/Database/Database.h"
#include "chameleon/Measure/Protocol.h"
#include "chameleon/Schedule/ScheduleLibrary.h"
#include "chameleon/Search/Tuner.h"
#include "chameleon/Transforms/Tasks.h"
#include "llvm/Support/Regex.h"
#include <string>
#include <vector>

namespace chameleon {

/// What records depend on beside task, schedule and configuration.
struct Circumstances {
  std::string targetKey;
  std::string compiler; // "mlir-22.1.8/chameleon-0.1.0"
  std::string numerics = "accurate";
  std::string measureMode = "warm";
  int threads = 1;
};

/// Version of everything between a schedule and machine code.
std::string compilerVersion();

struct TuningTask {
  mlir::func::FuncOp function;
  mlir::linalg::LinalgOp root;
  TaskInfo info; // weight: uses in the module
  Space space;   // of the first schedule that fits
  std::string scheduleHash;
};

/// Why `space` has no valid configuration, for people: the rule that rejects all.
std::string explainStarvation(const Space &space);

/// A regular expression on names and keys of tasks; an empty one matches all.
class TaskFilter {
public:
  /// Fails if `pattern` is no regular expression.
  static absl::StatusOr<TaskFilter> create(const std::string &pattern);
  bool matches(const TaskInfo &task) const;

private:
  explicit TaskFilter(const std::string &pattern);
  llvm::Regex regex;
};

/// The tasks of `module` that have a schedule with a valid configuration. The others get a remark
/// that says why they stay untuned.
std::vector<TuningTask> findTuningTasks(mlir::ModuleOp module, const ScheduleLibrary &library,
                                        const TargetInfo &target);

/// The records of `task` in `database`, of its schedule and under `circumstances`, as the tuner
/// reports them. Naive and chosen records, and those of configurations that the space does not
/// have, are left out.
struct PriorRecords {
  std::vector<Configuration> configurations;
  std::vector<Measurement> measurements;
};
absl::StatusOr<PriorRecords> findPriorRecords(const Database &database, const TuningTask &task,
                                              const Circumstances &circumstances);

/// The best configuration of `task` in `database` under `circumstances`; nothing if there is none.
/// With `chosenOnly`, only one that a finished session chose.
absl::StatusOr<absl::optional<TunedCandidate>> findBestRecord(const Database &database,
                                                              const TuningTask &task,
                                                              const Circumstances &circumstances,
                                                              bool chosenOnly);

/// What the option `measure-mode` says: "warm", "cold", or nothing for "auto". Fails on other
/// names.
absl::StatusOr<absl::optional<MeasureMode>> parseMeasureModeOption(const std::string &name);

/// Bytes of the constant operands of `tasks`, for each use in the module.
double constantBytes(llvm::ArrayRef<TuningTask> tasks);

/// Bytes of the last cache of `target`.
double lastCacheBytes(const TargetInfo &target);

/// How a call of a module with `tasks` finds its weights, on `target`: cold where they take more
/// than half of its last cache.
MeasureMode usualMode(llvm::ArrayRef<TuningTask> tasks, const TargetInfo &target);

/// Leaves `candidate` and its measurement on the task's root.
void annotate(TuningTask &task, const TunedCandidate &candidate, const std::string &targetKey);

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_TUNINGTASK_H
