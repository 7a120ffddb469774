//===- Apply.h - One schedule, one configuration, one task ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a build worker does first: bake the configuration into the schedule, interpret it on the
// task, and take the packing of constants out of the measured function.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SCHEDULE_APPLY_H
#define CHAMELEON_SCHEDULE_APPLY_H

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "chameleon/Support/TargetInfo.h"
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mlir {
class ModuleOp;
template <typename> class OwningOpRef;
namespace func {
class FuncOp;
} // namespace func
} // namespace mlir

namespace chameleon {

class ScheduleLibrary;

/// (knob name, value or label) in any order.
using KnobValues = std::vector<std::pair<std::string, std::string>>;

/// The file of `schedule` with every knob of it resolved: plain upstream ops that stock `mlir-opt`
/// replays. Fails with InvalidArgument if the schedule or a knob is unknown or a constraint is
/// violated.
absl::StatusOr<mlir::OwningOpRef<mlir::ModuleOp>>
bakeSchedule(mlir::func::FuncOp task, const ScheduleLibrary &library, const std::string &schedule,
             const KnobValues &configuration, const TargetInfo &target);

/// Applies `schedule` under `configuration` to the task function `task`, in place: tensors in,
/// vectors on tensors out. Fails with InvalidArgument if the schedule or a knob is unknown or a
/// constraint is violated, with Internal and the diagnostics' text if the schedule does not apply
/// (the IR is then in an unspecified, verified-or-not state: throw the module away).
absl::Status applySchedule(mlir::func::FuncOp task, const ScheduleLibrary &library,
                           const std::string &schedule, const KnobValues &configuration,
                           const TargetInfo &target);

/// Moves each `linalg.pack` of a constant argument of `task`, and each other linalg op marked as a
/// pack of one (`kConstantPackAttr` in Dialect/Names.h), to a new private function `<task>_init`
/// beside it, which takes the plain constants that are packed (in order of argument) and returns
/// the packed ones; `task` takes the packed ones in their place. Returns the positions of these
/// arguments; empty if there was nothing to move, then no function is made. The caller rewrites the
/// calls.
std::vector<unsigned> hoistConstantPacks(mlir::func::FuncOp task);

} // namespace chameleon

#endif // CHAMELEON_SCHEDULE_APPLY_H
