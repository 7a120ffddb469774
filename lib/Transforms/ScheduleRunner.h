//===- ScheduleRunner.h - Who interprets a schedule -----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Schedules are interpreted in a build worker, whose crash costs nothing; in this process only on
// demand.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_SCHEDULERUNNER_H
#define CHAMELEON_LIB_TRANSFORMS_SCHEDULERUNNER_H

#include "absl/status/statusor.h"
#include "chameleon/Schedule/Apply.h"
#include "chameleon/Support/TargetInfo.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <memory>

namespace chameleon {

class MeasurePool;
class ScheduleLibrary;

class ScheduleRunner {
public:
  virtual ~ScheduleRunner() = default;

  /// A module that holds `task` after `schedule` under `knobs`, in the task's context.
  /// InvalidArgument if the configuration is not one of the schedule's, Internal if it does not
  /// apply.
  virtual absl::StatusOr<mlir::OwningOpRef<mlir::ModuleOp>>
  run(mlir::func::FuncOp task, const std::string &schedule, const KnobValues &knobs) = 0;
};

/// Interprets in this process.
std::unique_ptr<ScheduleRunner> createInProcessRunner(const ScheduleLibrary &library,
                                                      TargetInfo target);

/// Sends the task to a build worker of `pool` and parses what comes back.
std::unique_ptr<ScheduleRunner> createWorkerRunner(MeasurePool &pool);

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_SCHEDULERUNNER_H
