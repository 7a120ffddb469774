//===- DescribeTask.cpp - A task's loop nest as numbers -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RootOp.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Dialect/Classify.h"
#include "chameleon/Dialect/Names.h"
#include "chameleon/Schedule/ScheduleLibrary.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace chameleon;

absl::StatusOr<linalg::LinalgOp> chameleon::findRoot(func::FuncOp task) {
  linalg::LinalgOp root;
  task.walk([&](linalg::LinalgOp op) {
    if (op->hasAttr(kRootAttr)) {
      root = op;
    }
  });
  if (!root) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected an op marked '", kRootAttr, "' in task @", task.getSymName().str()));
  }
  return root;
}

/// Elements that `map`'s operand moves along when loop `loop` takes one step: the change of its
/// row-major offset, from the linear part of the map.
static int64_t strideAlong(AffineMap map, ArrayRef<int64_t> shape, unsigned loop) {
  unsigned loops = map.getNumDims();
  SmallVector<int64_t> origin(loops, 0);
  SmallVector<int64_t> step(loops, 0);
  step[loop] = 1;
  SmallVector<int64_t> from = map.compose(origin);
  SmallVector<int64_t> to = map.compose(step);
  int64_t stride = 0;
  int64_t width = 1;
  for (int i = static_cast<int>(shape.size()) - 1; i >= 0; --i) {
    stride += (to[i] - from[i]) * width;
    width *= shape[i];
  }
  return stride;
}

/// How far `map`'s result that loop `loop` indexes moves when the loop takes one step; 0 if none
/// does.
static int64_t stepAlong(AffineMap map, unsigned loop) {
  SmallVector<int64_t> origin(map.getNumDims(), 0);
  SmallVector<int64_t> step(map.getNumDims(), 0);
  step[loop] = 1;
  for (auto [from, to] : llvm::zip(map.compose(origin), map.compose(step))) {
    if (to != from) {
      return to - from;
    }
  }
  return 0;
}

/// The value of the fact "numerics"; fast where the root does not say.
static int describeNumerics(linalg::LinalgOp root) {
  auto name = root->getAttrOfType<StringAttr>(kNumericsAttr);
  const auto *found = name ? llvm::find(kNumericsNames, name.getValue()) : std::end(kNumericsNames);
  bool known = found != std::end(kNumericsNames);
  return static_cast<int>(known ? found - std::begin(kNumericsNames)
                                : std::size(kNumericsNames) - 1);
}

/// Whether `operand` is a constant argument of the task, seen through nothing else.
static bool isConstantOperand(OpOperand &operand, func::FuncOp task) {
  auto argument = dyn_cast<BlockArgument>(operand.get());
  return argument && argument.getOwner()->getParentOp() == task &&
         task.getArgAttr(argument.getArgNumber(), kConstantAttr);
}

static AccessInfo describeAccess(linalg::LinalgOp root, OpOperand &operand, func::FuncOp task) {
  AccessInfo access;
  access.write = root.isDpsInit(&operand);
  access.constant = isConstantOperand(operand, task);
  auto type = dyn_cast<RankedTensorType>(operand.get().getType());
  if (!type) {
    Type scalar = operand.get().getType();
    access.elementBits = scalar.isIntOrFloat() ? scalar.getIntOrFloatBitWidth() : 64;
    access.strides.assign(root.getNumLoops(), 0);
    access.elements = 1;
    return access;
  }
  access.elementBits = type.getElementType().isIntOrFloat() ? type.getElementTypeBitWidth() : 64;
  access.elements = type.getNumElements();
  AffineMap map = root.getMatchingIndexingMap(&operand);
  for (unsigned loop = 0; loop < root.getNumLoops(); ++loop) {
    access.strides.push_back(strideAlong(map, type.getShape(), loop));
  }
  return access;
}

/// "conv_2d_nchw_fchw batch=1 oc=64 oh=56 ..." for people.
static std::string describeName(linalg::LinalgOp root, const TaskInfo &info) {
  std::string name = root->getName().stripDialect().str();
  if (name == "generic") {
    name = info.kind;
  }
  for (const LoopInfo &loop : info.loops) {
    if (loop.extent != 1) {
      absl::StrAppend(&name, " ", loop.name, "=", loop.extent);
    }
  }
  return name;
}

absl::StatusOr<TaskInfo> chameleon::describeTask(func::FuncOp task) {
  absl::StatusOr<linalg::LinalgOp> root = findRoot(task);
  if (!root.ok()) {
    return root.status();
  }
  Classification classification = classify(*root);
  TaskInfo info;
  if (auto key = task->getAttrOfType<StringAttr>(kTaskAttr)) {
    info.key = key.getValue().str();
  }
  info.kind = classification.kind;
  SmallVector<int64_t> extents = root->getStaticLoopRanges();
  SmallVector<utils::IteratorType> iterators = root->getIteratorTypesArray();
  AffineMap inputMap = root->getIndexingMapsArray().front();
  for (auto [i, name] : llvm::enumerate(classification.loops)) {
    info.loops.push_back({name, extents[i], iterators[i] == utils::IteratorType::reduction,
                          stepAlong(inputMap, static_cast<unsigned>(i))});
  }
  for (OpOperand &operand : root->getOperation()->getOpOperands()) {
    info.accesses.push_back(describeAccess(*root, operand, task));
  }
  Type element = getElementTypeOrSelf(root->getOperation()->getOperand(0).getType());
  info.floatingPoint = isa<FloatType>(element);
  info.elementBits = element.isIntOrFloat() ? element.getIntOrFloatBitWidth() : 64;
  // Lanes are those of what is accumulated: a bf16 matmul with f32 sums works in f32 lanes.
  for (const AccessInfo &access : info.accesses) {
    info.elementBits =
        access.write ? std::max(info.elementBits, access.elementBits) : info.elementBits;
  }
  info.flops = countFlops(*root);
  info.numerics = describeNumerics(*root);
  if (auto threads = root->getOperation()->getAttrOfType<IntegerAttr>(kThreadsAttr)) {
    info.threads = threads.getInt();
  }
  info.name = describeName(*root, info);
  return info;
}
