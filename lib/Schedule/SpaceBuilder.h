//===- SpaceBuilder.h - From a schedule's knobs to a space ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SCHEDULE_SPACEBUILDER_H
#define CHAMELEON_LIB_SCHEDULE_SPACEBUILDER_H

#include "Constraints.h"
#include "absl/status/statusor.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Search/TaskInfo.h"
#include "chameleon/Support/TargetInfo.h"
#include "mlir/Dialect/Transform/IR/TransformOps.h"
#include <vector>

namespace chameleon {

/// The `transform.tune.knob`s of a schedule, instantiated.
struct KnobTable {
  std::vector<Knob> knobs;        // those with a choice, in order of declaration
  std::vector<int32_t> starts;    // per knob: the index that its domain prefers
  std::vector<std::string> names; // of every tune.knob, facts included, in order of declaration
  std::vector<Symbol> symbols;    // what each of `names` stands for

  /// The value of every tune.knob, in order of declaration, under `knobValues`.
  std::vector<int64_t> allValues(absl::Span<const int64_t> knobValues) const;
};

/// Reads and instantiates the knobs of `schedule`; `narrowed` (may be null) is a space written on
/// the root. Fails if a domain refers to a loop that is not there (FailedPrecondition), has no
/// value for the task (FailedPrecondition), or is narrowed to values that it does not have
/// (InvalidArgument).
absl::StatusOr<KnobTable> readKnobs(mlir::transform::NamedSequenceOp schedule, const TaskInfo &task,
                                    const TargetInfo &target, SpaceAttr narrowed);

/// The space of `schedule`: its knobs, its `transform.chameleon.require`s as constraints, and as
/// default the valid configuration nearest to what the domains prefer.
absl::StatusOr<Space> buildSpace(mlir::transform::NamedSequenceOp schedule, const TaskInfo &task,
                                 const TargetInfo &target, SpaceAttr narrowed);

} // namespace chameleon

#endif // CHAMELEON_LIB_SCHEDULE_SPACEBUILDER_H
