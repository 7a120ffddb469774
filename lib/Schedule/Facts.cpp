//===- Facts.cpp - What the task and the target fix -----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "llvm/ADT/StringRef.h"

using namespace chameleon;

absl::StatusOr<int64_t> chameleon::findExtent(const TaskInfo &task, llvm::StringRef dim) {
  for (const LoopInfo &loop : task.loops) {
    if (loop.name == dim.str()) {
      return loop.extent;
    }
  }
  std::string names = absl::StrJoin(task.loops, ", ", [](std::string *out, const LoopInfo &loop) {
    absl::StrAppend(out, loop.name);
  });
  return absl::FailedPreconditionError(
      absl::StrCat("expected a loop '", dim.str(), "' in the task's root, but it has: ", names));
}

/// The text between the parentheses of "extent(ow)".
static llvm::StringRef argumentOf(llvm::StringRef fact) {
  return fact.drop_front(fact.find('(') + 1).drop_back();
}

/// Whether operand `i` moves by one element along loop `d`, for "i,d"; nothing if there is no such
/// pair.
static absl::StatusOr<int64_t> evaluateUnitStride(llvm::StringRef arguments, const TaskInfo &task) {
  auto [operand, dim] = arguments.split(',');
  unsigned position = 0;
  if (!operand.trim().getAsInteger(10, position) && position < task.accesses.size()) {
    for (size_t loop = 0; loop < task.loops.size(); ++loop) {
      if (task.loops[loop].name == dim.trim().str()) {
        return task.accesses[position].strides[loop] == 1 ? 1 : 0;
      }
    }
  }
  return absl::FailedPreconditionError(
      absl::StrCat("expected an operand and a loop of the root, but got '", arguments.str(), "'"));
}

absl::StatusOr<int64_t> chameleon::evaluateFact(llvm::StringRef name, const TaskInfo &task,
                                                const TargetInfo &target) {
  if (name == "lanes") {
    return target.lanes(task.elementBits);
  }
  if (name == "registers") {
    return target.vectorRegisters;
  }
  if (name == "l1") {
    return target.l1Bytes;
  }
  if (name == "l2") {
    return target.l2Bytes;
  }
  if (name == "l3") {
    return target.l3Bytes;
  }
  if (name.starts_with("extent(")) {
    return findExtent(task, argumentOf(name));
  }
  if (name.starts_with("unit_stride(")) {
    return evaluateUnitStride(argumentOf(name), task);
  }
  unsigned operand = 0;
  if (name.starts_with("constant(") && !argumentOf(name).getAsInteger(10, operand) &&
      operand < task.accesses.size()) {
    return task.accesses[operand].constant ? 1 : 0;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("expected a fact of the task or the target, but got '", name.str(), "'"));
}
