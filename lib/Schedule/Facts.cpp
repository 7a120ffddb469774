//===- Facts.cpp - What the task and the target fix -----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include <algorithm>

using namespace chameleon;

/// Positions of the loops that index the result, the one of its last dimension first.
static std::vector<size_t> resultLoops(const TaskInfo &task) {
  std::vector<size_t> loops;
  auto result = llvm::find_if(task.accesses, [](const AccessInfo &a) { return a.write; });
  if (result == task.accesses.end()) {
    return loops;
  }
  for (size_t loop = 0; loop < result->strides.size(); ++loop) {
    if (result->strides[loop] != 0) {
      loops.push_back(loop);
    }
  }
  // Where extents of 1 make strides equal, the later loop is the inner one.
  llvm::sort(loops, [&](size_t a, size_t b) {
    int64_t strideA = result->strides[a];
    int64_t strideB = result->strides[b];
    return strideA != strideB ? strideA < strideB : a > b;
  });
  return loops;
}

absl::StatusOr<LoopInfo> chameleon::findLoop(const TaskInfo &task, llvm::StringRef dim) {
  std::vector<size_t> fromLast = resultLoops(task);
  size_t position = dim == "last" ? 0 : 1;
  if (dim == "last" || dim == "last1") {
    return position < fromLast.size() ? task.loops[fromLast[position]] : LoopInfo{"", 1, false};
  }
  for (const LoopInfo &loop : task.loops) {
    if (loop.name == dim.str()) {
      return loop;
    }
  }
  std::string names = absl::StrJoin(task.loops, ", ", [](std::string *out, const LoopInfo &loop) {
    absl::StrAppend(out, loop.name);
  });
  return absl::FailedPreconditionError(
      absl::StrCat("expected a loop '", dim.str(), "' in the task's root, but it has: ", names));
}

/// Number of loops that `access` moves along.
static size_t countLoops(const AccessInfo &access) {
  return access.strides.size() - std::count(access.strides.begin(), access.strides.end(), 0);
}

/// Whether the inputs are contiguous along a reduction and not along the last dimension of the
/// result; of inputs only those that move along the most loops count.
static bool reducesContiguously(const TaskInfo &task) {
  size_t most = 0;
  for (const AccessInfo &access : task.accesses) {
    most = access.write ? most : std::max(most, countLoops(access));
  }
  std::vector<size_t> fromLast = resultLoops(task);
  bool along = false;
  for (const AccessInfo &access : task.accesses) {
    if (access.write || countLoops(access) < most) {
      continue;
    }
    if (!fromLast.empty() && access.strides[fromLast.front()] == 1 &&
        task.loops[fromLast.front()].extent > 1) {
      return false;
    }
    for (size_t loop = 0; loop < task.loops.size(); ++loop) {
      along = along || (task.loops[loop].reduction && access.strides[loop] == 1 &&
                        task.loops[loop].extent > 1);
    }
  }
  return along;
}

/// Whether an input is contiguous along a loop of the result that is not the one of its last
/// dimension.
static bool readsTransposed(const TaskInfo &task) {
  std::vector<size_t> fromLast = resultLoops(task);
  for (size_t i = 1; i < fromLast.size(); ++i) {
    for (const AccessInfo &access : task.accesses) {
      if (!access.write && access.strides[fromLast[i]] == 1 && task.loops[fromLast[i]].extent > 1 &&
          access.strides[fromLast.front()] > 1) {
        return true;
      }
    }
  }
  return false;
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
    absl::StatusOr<LoopInfo> named = findLoop(task, dim.trim());
    for (size_t loop = 0; named.ok() && loop < task.loops.size(); ++loop) {
      if (task.loops[loop].name == named->name) {
        return task.accesses[position].strides[loop] == 1 ? 1 : 0;
      }
    }
  }
  return absl::FailedPreconditionError(
      absl::StrCat("expected an operand and a loop of the root, but got '", arguments.str(), "'"));
}

/// Steps of the input along `dim`, a loop of the image ('o') or of the window ('k') of a
/// convolution.
static absl::StatusOr<int64_t> evaluateInputStep(llvm::StringRef dim, char role,
                                                 const TaskInfo &task) {
  bool convolution =
      task.kind == "convolution" || task.kind == "depthwise" || task.kind == "pooling";
  for (const LoopInfo &loop : task.loops) {
    if (convolution && loop.name == dim.str() && loop.name.front() == role && loop.inputStep > 0) {
      return loop.inputStep;
    }
  }
  return absl::FailedPreconditionError(
      absl::StrCat("expected a loop of the ", role == 'o' ? "image" : "window",
                   " of a convolution, but got '", dim.str(), "'"));
}

static int64_t floatBits(const TaskInfo &task) {
  int64_t bits = task.floatingPoint ? task.elementBits : 0;
  for (const AccessInfo &access : task.accesses) {
    bits = std::min(bits, access.elementBits);
  }
  return bits;
}

/// How many products of the task an instruction of `target` adds to a sum at once.
static int64_t dotProduct(const TaskInfo &task, const TargetInfo &target) {
  bool x86 = llvm::StringRef(target.triple).starts_with("x86_64");
  if (!x86 || task.elementBits != 32 || task.accesses.empty()) {
    return 1;
  }
  std::string features = target.features + ",";
  auto has = [&](const char *feature) {
    return features.find(std::string("+") + feature + ",") != std::string::npos;
  };
  bool wide = target.vectorBytes >= 64;
  auto hasForWidth = [&](const char *feature) { return has(feature) && (wide || has("avx512vl")); };
  if (task.floatingPoint) {
    return floatBits(task) == 16 && task.numerics > 0 && hasForWidth("avx512bf16") ? 2 : 1;
  }
  // Two at a time is what is left where four do not divide a sum.
  bool byTwo = wide ? has("avx512bw") : target.vectorBytes < 32 || has("avx2");
  if (task.accesses.front().elementBits != 8 || !byTwo) {
    return 1;
  }
  return hasForWidth("avx512vnni") || (!wide && has("avxvnni")) ? 4 : 2;
}

absl::StatusOr<int64_t> chameleon::evaluateFact(llvm::StringRef name, const TaskInfo &task,
                                                const TargetInfo &target) {
  if (name == "lanes") {
    return target.lanes(task.elementBits);
  }
  if (name == "registers") {
    return target.vectorRegisters;
  }
  if (name == "float_bits") {
    return floatBits(task);
  }
  if (name == "dot") {
    return dotProduct(task, target);
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
  if (name == "contiguous_reduction") {
    return reducesContiguously(task) ? 1 : 0;
  }
  if (name == "transposed_input") {
    return readsTransposed(task) ? 1 : 0;
  }
  if (name == "numerics") {
    return task.numerics;
  }
  if (name == "threads") {
    return task.threads;
  }
  if (name.starts_with("stride(")) {
    return evaluateInputStep(argumentOf(name).trim(), 'o', task);
  }
  if (name.starts_with("dilation(")) {
    return evaluateInputStep(argumentOf(name).trim(), 'k', task);
  }
  if (name.starts_with("extent(")) {
    absl::StatusOr<LoopInfo> loop = findLoop(task, argumentOf(name));
    return loop.ok() ? absl::StatusOr<int64_t>(loop->extent) : loop.status();
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
