//===- Apply.cpp - One schedule, one configuration, one task --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Schedule/Apply.h"
#include "Bake.h"
#include "DiagnosticText.h"
#include "RootOp.h"
#include "SpaceBuilder.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Schedule/ScheduleLibrary.h"
#include "mlir/Dialect/Transform/Interfaces/TransformInterfaces.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace chameleon;

/// Label of each tune.knob under `knobValues`; empty for ordered ones and facts.
/// The label of `knob` for one of its values: not the value-th one where some have been left out.
static std::string labelOf(const Knob &knob, int64_t value) {
  auto position = llvm::find(knob.values, value) - knob.values.begin();
  return knob.labels[position];
}

static std::vector<std::string> labelsOf(const KnobTable &table,
                                         absl::Span<const int64_t> knobValues) {
  std::vector<std::string> labels;
  for (const Symbol &symbol : table.symbols) {
    bool choice = symbol.isKnob && table.knobs[symbol.value].kind == KnobKind::Choice;
    labels.push_back(choice ? labelOf(table.knobs[symbol.value], knobValues[symbol.value]) : "");
  }
  return labels;
}

absl::StatusOr<OwningOpRef<ModuleOp>> chameleon::bakeSchedule(func::FuncOp task,
                                                              const ScheduleLibrary &library,
                                                              const std::string &schedule,
                                                              const KnobValues &configuration,
                                                              const TargetInfo &target) {
  absl::StatusOr<Space> space = library.space(schedule, task, target);
  if (!space.ok()) {
    return absl::InvalidArgumentError(space.status().message());
  }
  absl::StatusOr<Configuration> parsed = space->parse(configuration);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(parsed.status().message());
  }
  if (auto violated = space->firstViolation(*parsed)) {
    return absl::InvalidArgumentError(
        absl::StrCat("configuration ", space->print(*parsed),
                     " violates: ", space->constraints()[*violated].message));
  }
  absl::StatusOr<TaskInfo> info = describeTask(task);
  absl::StatusOr<linalg::LinalgOp> root = findRoot(task);
  if (!info.ok() || !root.ok()) {
    return absl::InvalidArgumentError(info.ok() ? root.status().message()
                                                : info.status().message());
  }
  transform::NamedSequenceOp sequence = library.lookup(schedule);
  absl::StatusOr<KnobTable> table = readSchedule(
      sequence, *info, target, root->getOperation()->getAttrOfType<SpaceAttr>(kSpaceAttr));
  if (!table.ok()) {
    return absl::InvalidArgumentError(table.status().message());
  }
  // The whole file comes along: the schedule may include its neighbours.
  OwningOpRef<ModuleOp> module(cast<ModuleOp>(sequence->getParentOp()->clone()));
  auto copy = cast<transform::NamedSequenceOp>(SymbolTable::lookupSymbolIn(*module, schedule));
  for (auto other : llvm::make_early_inc_range(module->getOps<transform::NamedSequenceOp>())) {
    if (other != copy && library.lookup(other.getSymName().str())) {
      other.erase(); // another schedule, with open knobs
    }
  }
  std::vector<int64_t> knobValues = space->values(*parsed);
  absl::Status baked =
      bake(copy, table->names, table->allValues(knobValues), labelsOf(*table, knobValues));
  if (!baked.ok()) {
    return baked;
  }
  return module;
}

absl::Status chameleon::applySchedule(func::FuncOp task, const ScheduleLibrary &library,
                                      const std::string &schedule, const KnobValues &configuration,
                                      const TargetInfo &target) {
  absl::StatusOr<OwningOpRef<ModuleOp>> module =
      bakeSchedule(task, library, schedule, configuration, target);
  if (!module.ok()) {
    return module.status();
  }
  auto sequence = cast<transform::NamedSequenceOp>(SymbolTable::lookupSymbolIn(**module, schedule));
  DiagnosticText diagnostics(*task.getContext());
  transform::TransformOptions options;
  if (failed(transform::applyTransforms(task, sequence, {}, options,
                                        /*enforceToplevelTransformOp=*/false))) {
    return absl::InternalError(
        absl::StrCat("schedule @", schedule, " does not apply: ", diagnostics.text()));
  }
  if (failed(verify(task))) {
    return absl::InternalError(
        absl::StrCat("schedule @", schedule, " left invalid IR: ", diagnostics.text()));
  }
  return absl::OkStatus();
}
