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

/// The `transform.tune.knob`s and `transform.chameleon.require`s of a schedule, instantiated. What
/// stands inside a region of `transform.tune.alternatives` is active where the knob of that name
/// picks the region.
struct KnobTable {
  std::vector<Knob> knobs;             // those that may be open, in order of declaration
  std::vector<Constraint> constraints; // in order of declaration
  std::vector<std::string> names; // of every tune.knob, facts included, in order of declaration
  std::vector<Symbol> symbols;    // what each of `names` stands for; 1 for knobs of dropped labels
  absl::optional<WinogradKnobs> winograd; // where the operands of a winograd op are open knobs

  /// The value of every tune.knob, in order of declaration, under `knobValues`.
  std::vector<int64_t> allValues(absl::Span<const int64_t> knobValues) const;
};

/// Reads and instantiates `schedule`; `narrowed` (may be null) is a space written on the root. A
/// label whose region holds a rule over facts that does not hold, or a domain without a value for
/// the task, is dropped (Knob::pruned), and so is every value but one of a knob if a rule over it
/// alone leaves just that. Fails if no label is left, a domain outside of alternatives
/// refers to a loop that is not there or has no value for the task (FailedPrecondition), a domain
/// is narrowed to values that it does not have, or a knob stands in alternatives that no knob
/// before them picks (InvalidArgument).
absl::StatusOr<KnobTable> readSchedule(mlir::transform::NamedSequenceOp schedule,
                                       const TaskInfo &task, const TargetInfo &target,
                                       SpaceAttr narrowed);

/// The space of `schedule`: its knobs and rules, and as default the valid configuration nearest to
/// what the domains prefer, of the first algorithm that has one.
absl::StatusOr<Space> buildSpace(mlir::transform::NamedSequenceOp schedule, const TaskInfo &task,
                                 const TargetInfo &target, SpaceAttr narrowed);

} // namespace chameleon

#endif // CHAMELEON_LIB_SCHEDULE_SPACEBUILDER_H
