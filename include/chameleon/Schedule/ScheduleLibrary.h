//===- ScheduleLibrary.h - The schedules, read from files -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Schedules are transform-dialect named sequences in files (schedules/cpu/*.mlir). The library
// reads them once, refuses ops that may not be interpreted, and answers which schedules fit a task.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SCHEDULE_SCHEDULELIBRARY_H
#define CHAMELEON_SCHEDULE_SCHEDULELIBRARY_H

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "chameleon/Search/Space.h"
#include "chameleon/Search/TaskInfo.h"
#include "chameleon/Support/TargetInfo.h"
#include <memory>
#include <string>
#include <vector>

namespace mlir {
class MLIRContext;
class ModuleOp;
namespace func {
class FuncOp;
} // namespace func
namespace transform {
class NamedSequenceOp;
} // namespace transform
} // namespace mlir

namespace chameleon {

class ScheduleLibrary {
public:
  ScheduleLibrary(ScheduleLibrary &&);
  ScheduleLibrary &operator=(ScheduleLibrary &&);
  ~ScheduleLibrary();

  /// Reads every `*.mlir` file of `paths` (files or folders, in sorted order) into `context`.
  /// Fails if a path cannot be read, a file does not parse or verify, two schedules share a name,
  /// or a schedule uses an op that is not allowed.
  static absl::StatusOr<ScheduleLibrary> load(mlir::MLIRContext &context,
                                              absl::Span<const std::string> paths);

  /// Names of all schedules, in the order of files and of definition.
  std::vector<std::string> names() const;
  /// What `schedule` is for, for people: "linalg.matmul, contraction"; empty if it is unknown.
  std::string patterns(const std::string &schedule) const;
  /// The named sequence, or null.
  mlir::transform::NamedSequenceOp lookup(const std::string &schedule) const;
  /// SHA-256 (hex) of the schedule's text without locations: changes when the schedule changes.
  std::string hash(const std::string &schedule) const;

  /// Schedules whose match condition `task` meets, best first.
  std::vector<std::string> matches(mlir::func::FuncOp task) const;

  /// The space of `schedule` for `task` on `target`: domains evaluated against the loops of the
  /// root op. Fails if the schedule is unknown or a domain refers to a dimension that the root does
  /// not have.
  absl::StatusOr<Space> space(const std::string &schedule, mlir::func::FuncOp task,
                              const TargetInfo &target) const;

private:
  ScheduleLibrary();
  struct Impl;
  std::unique_ptr<Impl> impl;
};

/// The task's loop nest as numbers. Fails if the function has no op marked as root.
absl::StatusOr<TaskInfo> describeTask(mlir::func::FuncOp task);

} // namespace chameleon

#endif // CHAMELEON_SCHEDULE_SCHEDULELIBRARY_H
