//===- ConstantArguments.cpp - Which values are known before the call -----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConstantArguments.h"
#include "chameleon/Dialect/Classify.h"
#include "chameleon/Dialect/Names.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace chameleon;

bool chameleon::isViewOp(Operation *op) {
  // With no operand but the source, it is known where the slice lies.
  bool staticSlice = isa<tensor::ExtractSliceOp>(op) && op->getNumOperands() == 1;
  return staticSlice || isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp>(op);
}

Value chameleon::permutedSplat(OpBuilder &builder, Value value, ArrayRef<int64_t> permutation) {
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  auto elements = constant ? dyn_cast<SplatElementsAttr>(constant.getValue()) : SplatElementsAttr();
  if (!elements) {
    return {};
  }
  ArrayRef<int64_t> shape = elements.getType().getShape();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(constant);
  return arith::ConstantOp::create(
      builder, constant.getLoc(),
      elements.resizeSplat(
          RankedTensorType::get(applyPermutation(shape, permutation), elements.getElementType())));
}

bool chameleon::isConstantValue(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (isa<arith::ConstantOp, ml_program::GlobalLoadConstOp>(op)) {
      return true;
    }
    bool transposes = op->hasAttr(kConstantPackAttr) && permutationOf(op);
    if (!isViewOp(op) && !transposes) {
      return false;
    }
    value = op->getOperand(0);
  }
  auto argument = cast<BlockArgument>(value);
  auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
  return function && argument.getOwner()->isEntryBlock() &&
         function.getArgAttr(argument.getArgNumber(), kConstantAttr);
}

bool chameleon::isWeightUse(OpOperand &use) {
  auto op = dyn_cast<linalg::LinalgOp>(use.getOwner());
  if (!op || !op.hasPureTensorSemantics() || use.getOperandNumber() != 1 ||
      op.getNumDpsInputs() != 2) {
    return false;
  }
  Classification classification = classify(op);
  if (classification.kind == "contraction") {
    return !llvm::is_contained(classification.loops, "batch");
  }
  return classification.kind == "convolution" || classification.kind == "depthwise";
}

/// Whether `value` is only used as weights, directly or through views and transposes; at least
/// once. Slices are weights of convolutions alone: a slice that a matmul reads may be one head of
/// an attention.
static bool isOnlyWeights(Value value, bool sliced = false) {
  return !value.use_empty() && llvm::all_of(value.getUses(), [&](OpOperand &use) {
    Operation *user = use.getOwner();
    if (isViewOp(user) || (permutationOf(user) && use.getOperandNumber() == 0)) {
      return isOnlyWeights(user->getResult(0), sliced || isa<tensor::ExtractSliceOp>(user));
    }
    auto op = dyn_cast<linalg::LinalgOp>(user);
    return isWeightUse(use) && (!sliced || linalg::isaConvolutionOpInterface(op));
  });
}

void chameleon::markConstantTransposes(func::FuncOp function) {
  for (auto op : function.front().getOps<linalg::LinalgOp>()) {
    if (permutationOf(op) && !op.hasDynamicShape() &&
        op.getDpsInits()[0].getDefiningOp<tensor::EmptyOp>() &&
        isConstantValue(op->getOperand(0)) && isOnlyWeights(op->getResult(0))) {
      op->setAttr(kConstantPackAttr, UnitAttr::get(op.getContext()));
    }
  }
}

static void markAuto(func::FuncOp entry) {
  SmallVector<unsigned> marked;
  for (BlockArgument argument : entry.getArguments()) {
    if (!entry.getArgAttr(argument.getArgNumber(), kConstantAttr) && isOnlyWeights(argument)) {
      entry.setArgAttr(argument.getArgNumber(), kConstantAttr, UnitAttr::get(entry.getContext()));
      marked.push_back(argument.getArgNumber());
    }
  }
  if (!marked.empty()) {
    InFlightDiagnostic remark = emitRemark(entry.getLoc());
    remark << "taken as constant over calls (weights), packed once by @" << kInitFunction
           << ": argument" << (marked.size() > 1 ? "s " : " ");
    llvm::interleaveComma(marked, remark);
    remark << "; say constant-args=none or a list to change this";
  }
}

/// Parses "3" or "2-5" into an inclusive range.
static bool parseRange(StringRef text, unsigned &first, unsigned &last) {
  auto [begin, end] = text.trim().split('-');
  if (begin.trim().getAsInteger(10, first)) {
    return false;
  }
  last = first;
  return !text.contains('-') || (!end.trim().getAsInteger(10, last) && first <= last);
}

LogicalResult chameleon::markConstantArguments(func::FuncOp entry, StringRef option) {
  if (option == "auto") {
    markAuto(entry);
    return success();
  }
  if (option == "none") {
    return success();
  }
  SmallVector<StringRef> parts;
  option.split(parts, ',');
  for (StringRef part : parts) {
    unsigned first = 0;
    unsigned last = 0;
    if (!parseRange(part, first, last)) {
      return entry.emitOpError()
             << "expected constant-args to be 'auto', 'none' or positions such as "
                "'1,2-5', but got '"
             << option << "'";
    }
    if (last >= entry.getNumArguments()) {
      return entry.emitOpError() << "expected positions below " << entry.getNumArguments()
                                 << " in constant-args, but got " << last;
    }
    for (unsigned i = first; i <= last; ++i) {
      entry.setArgAttr(i, kConstantAttr, UnitAttr::get(entry.getContext()));
    }
  }
  return success();
}
