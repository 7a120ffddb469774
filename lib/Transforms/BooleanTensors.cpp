//===- BooleanTensors.cpp - Booleans that take a byte each ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BooleanTensors.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace chameleon;

namespace {

bool isBooleanTensor(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && !tensor.getEncoding() && tensor.getElementType().isInteger(1);
}

RankedTensorType typeInBytes(Type type) {
  return cast<RankedTensorType>(type).clone(IntegerType::get(type.getContext(), 8));
}

/// `boolean` as 0 or 1 in a byte; a constant if it is one.
Value extend(OpBuilder &builder, Value boolean) {
  return builder.createOrFold<arith::ExtUIOp>(boolean.getLoc(), builder.getI8Type(), boolean);
}

/// Whether `op` can have bytes in place of the booleans of its tensors.
bool isSupported(Operation *op) {
  if (auto generic = dyn_cast<linalg::GenericOp>(op)) {
    return generic.hasPureTensorSemantics();
  }
  return isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::ExtractSliceOp,
             tensor::InsertSliceOp, tensor::PadOp>(op);
}

/// The result of a supported op that has the element type of `operand`, whatever that is; null for
/// an input, which may have another.
Value findTiedResult(OpOperand &operand) {
  Operation *op = operand.getOwner();
  auto generic = dyn_cast<linalg::GenericOp>(op);
  if (!generic) {
    return op->getResult(0);
  }
  return generic.isDpsInit(&operand) ? Value(generic.getTiedOpResult(&operand)) : Value();
}

/// Whether `value` can be made anew for each user that wants bytes, while others keep the booleans.
bool isMadeAnew(Value value) {
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  auto fill = value.getDefiningOp<linalg::FillOp>();
  return value.getDefiningOp<tensor::EmptyOp>() || (fill && fill.hasPureTensorSemantics()) ||
         (constant && isa<DenseIntElementsAttr>(constant.getValue()));
}

/// `value`, which is such a one, in bytes.
Value makeAnew(Value value) {
  OpBuilder builder(value.getContext());
  builder.setInsertionPointAfterValue(value);
  RankedTensorType type = typeInBytes(value.getType());
  if (auto constant = value.getDefiningOp<arith::ConstantOp>()) {
    auto booleans = cast<DenseIntElementsAttr>(constant.getValue());
    DenseElementsAttr elements = booleans.mapValues(
        type.getElementType(), [](const APInt &boolean) { return boolean.zext(8); });
    return arith::ConstantOp::create(builder, value.getLoc(), elements);
  }
  if (auto empty = value.getDefiningOp<tensor::EmptyOp>()) {
    return tensor::EmptyOp::create(builder, value.getLoc(), type, empty.getDynamicSizes());
  }
  auto fill = value.getDefiningOp<linalg::FillOp>();
  Value booleans = fill.getOutputs().front();
  Value bytes =
      booleans.getDefiningOp<tensor::EmptyOp>()
          ? makeAnew(booleans)
          : tensor::EmptyOp::create(builder, value.getLoc(),
                                    tensor::getMixedSizes(builder, value.getLoc(), booleans),
                                    type.getElementType());
  Value byte = extend(builder, fill.getInputs().front());
  return linalg::FillOp::create(builder, value.getLoc(), byte, bytes).getResult(0);
}

/// Named reductions of booleans -> `linalg.generic`.
void generalizeReductions(func::FuncOp function) {
  IRRewriter rewriter(function.getContext());
  function.walk([&](linalg::ReduceOp op) {
    if (llvm::any_of(op->getOperandTypes(), isBooleanTensor)) {
      rewriter.setInsertionPoint(op);
      (void)linalg::generalizeNamedOp(rewriter, op); // it stays as it is if that fails
    }
  });
}

/// Replaces booleans by bytes in one function.
class BooleanRewriter {
public:
  explicit BooleanRewriter(func::FuncOp function) {
    function.walk([&](Operation *op) {
      if (!isSupported(op)) {
        return;
      }
      ops.push_back(op);
      for (Value result : op->getResults()) {
        if (isBooleanTensor(result.getType())) {
          results.insert(result);
        }
      }
    });
  }

  void run() {
    leaveOutTied();
    for (Operation *op : ops) {
      rewriteOperands(op);
      rewriteResults(op);
    }
  }

private:
  /// Leaves those results out of the set that others tie to booleans, until there are no more.
  void leaveOutTied() {
    SmallVector<Value> tied;
    do {
      tied = llvm::filter_to_vector(
          results, [&](Value result) { return isTiedByReader(result) || isTiedByOperand(result); });
      for (Value result : tied) {
        results.remove(result);
      }
    } while (!tied.empty());
  }

  bool isTiedByReader(Value result) const {
    return llvm::any_of(result.getUses(), [&](OpOperand &use) {
      if (!isSupported(use.getOwner())) {
        return true;
      }
      Value tied = findTiedResult(use);
      return tied && !results.contains(tied);
    });
  }

  bool isTiedByOperand(Value result) const {
    return llvm::any_of(result.getDefiningOp()->getOpOperands(), [&](OpOperand &operand) {
      return isBooleanTensor(operand.get().getType()) && findTiedResult(operand) == result &&
             !results.contains(operand.get()) && !isMadeAnew(operand.get());
    });
  }

  /// Those that are made anew; all else that `op` reads has its new type by now.
  void rewriteOperands(Operation *op) {
    for (OpOperand &operand : op->getOpOperands()) {
      if (!isBooleanTensor(operand.get().getType()) || !isMadeAnew(operand.get())) {
        continue;
      }
      Value tied = findTiedResult(operand);
      if (!tied || results.contains(tied)) {
        Value &bytes = anew[operand.get()];
        bytes = bytes ? bytes : makeAnew(operand.get());
        operand.set(bytes);
      }
    }
  }

  void rewriteResults(Operation *op) {
    for (Value result : op->getResults()) {
      if (results.contains(result)) {
        result.setType(typeInBytes(result.getType()));
      }
    }
    if (auto generic = dyn_cast<linalg::GenericOp>(op)) {
      rewriteArguments(generic);
      rewriteYields(generic);
    } else if (auto pad = dyn_cast<tensor::PadOp>(op); pad && results.contains(pad.getResult())) {
      Operation *yield = pad.getBody()->getTerminator();
      OpBuilder builder(yield);
      yield->setOperand(0, extend(builder, yield->getOperand(0)));
    }
  }

  /// Bytes that the body reads, as booleans again.
  static void rewriteArguments(linalg::GenericOp generic) {
    SmallVector<std::pair<Operation *, BlockArgument>> reductions;
    OpBuilder builder(generic.getContext());
    for (OpOperand &operand : generic->getOpOperands()) {
      BlockArgument argument = generic.getMatchingBlockArgument(&operand);
      Type type = getElementTypeOrSelf(operand.get().getType());
      if (argument.getType() == type) {
        continue;
      }
      Operation *logical = findLogicalReduction(generic, operand);
      argument.setType(type);
      if (logical) {
        reductions.push_back({logical, argument});
      } else if (!argument.use_empty()) {
        builder.setInsertionPointToStart(generic.getBody());
        auto boolean =
            arith::TruncIOp::create(builder, argument.getLoc(), builder.getI1Type(), argument);
        argument.replaceAllUsesExcept(boolean, boolean);
      }
    }
    for (auto [logical, accumulator] : reductions) {
      widen(logical, accumulator);
    }
  }

  /// The and, or, or exclusive or in the body that is all that reads the accumulator `operand`, and
  /// all that writes it.
  static Operation *findLogicalReduction(linalg::GenericOp generic, OpOperand &operand) {
    BlockArgument accumulator = generic.getMatchingBlockArgument(&operand);
    if (!generic.isDpsInit(&operand) || !accumulator.hasOneUse()) {
      return nullptr;
    }
    Operation *op = *accumulator.user_begin();
    Value yielded = generic.getMatchingYieldValue(&operand)->get();
    bool logical = isa<arith::AndIOp, arith::OrIOp, arith::XOrIOp>(op);
    return logical && op->hasOneUse() && op->getResult(0) == yielded ? op : nullptr;
  }

  /// Lets `logical` work on bytes: a conversion around it would keep it from being seen as a
  /// reduction.
  static void widen(Operation *logical, Value accumulator) {
    OpBuilder builder(logical);
    for (OpOperand &operand : logical->getOpOperands()) {
      if (operand.get() != accumulator) {
        operand.set(extend(builder, operand.get()));
      }
    }
    logical->getResult(0).setType(builder.getI8Type());
  }

  static void rewriteYields(linalg::GenericOp generic) {
    Operation *yield = generic.getBody()->getTerminator();
    OpBuilder builder(yield);
    for (auto [operand, type] : llvm::zip(yield->getOpOperands(), generic.getResultTypes())) {
      if (operand.get().getType() != getElementTypeOrSelf(type)) {
        operand.set(extend(builder, operand.get()));
      }
    }
  }

  SmallVector<Operation *> ops;      // supported ones, readers after what they read
  llvm::SetVector<Value> results;    // of the ops, that become bytes
  llvm::DenseMap<Value, Value> anew; // booleans -> the same in bytes
};

} // namespace

void chameleon::keepBooleansInBytes(func::FuncOp function) {
  generalizeReductions(function);
  BooleanRewriter(function).run();
}
