//===- VectorEpilogue.cpp - An elementwise op on vectors in registers -----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorEpilogue.h"
#include "chameleon/Dialect/Classify.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace chameleon {

static bool isNumber(Type type) { return type.isIntOrIndexOrFloat(); }

/// Whether each op of the body works the same on a vector, element by element, and does no harm to
/// lanes that hold nothing.
static bool worksOnVectors(linalg::GenericOp op) {
  return llvm::all_of(op.getBody()->without_terminator(), [](Operation &inner) {
    bool elementwise =
        OpTrait::hasElementwiseMappableTraits(&inner) || isa<arith::ConstantOp>(inner);
    return elementwise && isSpeculatable(&inner) &&
           llvm::all_of(inner.getOperandTypes(), isNumber) &&
           llvm::all_of(inner.getResultTypes(), isNumber);
  });
}

/// Whether a vector along the last loop reads contiguous elements, or one, through `map`.
static bool readsVectors(AffineMap map) {
  unsigned last = map.getNumDims() - 1;
  for (auto [i, result] : llvm::enumerate(map.getResults())) {
    auto dim = dyn_cast<AffineDimExpr>(result);
    if (!dim && !isa<AffineConstantExpr>(result)) {
      return false;
    }
    if (dim && dim.getPosition() == last && i + 1 != map.getNumResults()) {
      return false;
    }
  }
  return true;
}

linalg::GenericOp findVectorEpilogue(OpResult result) {
  if (!result.hasOneUse()) {
    return nullptr;
  }
  OpOperand &use = *result.getUses().begin();
  auto op = dyn_cast<linalg::GenericOp>(use.getOwner());
  if (!op || op->getBlock() != result.getOwner()->getBlock() || op->getNumResults() != 1 ||
      !isElementwise(op) || !op.isDpsInput(&use) || !op.getMatchingIndexingMap(&use).isIdentity() ||
      !op.getIndexingMapsArray().back().isIdentity() ||
      op.payloadUsesValueFromOperand(op.getDpsInitOperand(0)) || !worksOnVectors(op) ||
      !llvm::all_of(op.getIndexingMapsArray(), readsVectors)) {
    return nullptr;
  }
  return op;
}

/// The elements that `operand` holds for those of the result from `indices` on.
static Value readOperand(VectorEmitter &emitter, OpOperand *operand, AffineMap map,
                         ValueRange indices, bool inBounds) {
  auto shaped = dyn_cast<RankedTensorType>(operand->get().getType());
  if (!shaped) {
    Value scalar = operand->get();
    return vector::BroadcastOp::create(emitter.getBuilder(), emitter.vectorType(scalar.getType()),
                                       scalar);
  }
  SmallVector<Value> at;
  bool alongLast = false;
  for (AffineExpr result : map.getResults()) {
    auto dim = dyn_cast<AffineDimExpr>(result);
    at.push_back(dim ? indices[dim.getPosition()]
                     : emitter.index(cast<AffineConstantExpr>(result).getValue()));
    alongLast |= dim && dim.getPosition() + 1 == map.getNumDims();
  }
  return alongLast ? emitter.read(operand->get(), at, inBounds)
                   : emitter.broadcast(operand->get(), at);
}

/// `op` on vectors.
static void emitOnVectors(VectorEmitter &emitter, Operation &op, IRMapping &mapping) {
  ImplicitLocOpBuilder &builder = emitter.getBuilder();
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    auto type = emitter.vectorType(constant.getType());
    Value splat = arith::ConstantOp::create(
        builder, SplatElementsAttr::get(type, ArrayRef<Attribute>(constant.getValue())));
    mapping.map(constant.getResult(), splat);
    return;
  }
  // What comes from outside of the body is the same for every element.
  for (Value operand : op.getOperands()) {
    if (!mapping.contains(operand)) {
      mapping.map(operand, vector::BroadcastOp::create(
                               builder, emitter.vectorType(operand.getType()), operand));
    }
  }
  Operation *clone = builder.clone(op, mapping);
  for (auto [before, after] : llvm::zip(op.getResults(), clone->getResults())) {
    after.setType(emitter.vectorType(before.getType()));
  }
}

Value emitEpilogue(VectorEmitter &emitter, linalg::GenericOp epilogue, Value computed, Value value,
                   ValueRange indices, bool inBounds) {
  IRMapping mapping;
  for (OpOperand *operand : epilogue.getDpsInputOperands()) {
    BlockArgument argument = epilogue.getMatchingBlockArgument(operand);
    if (operand->get() == computed) {
      mapping.map(argument, value);
    } else if (!argument.use_empty()) {
      mapping.map(argument, readOperand(emitter, operand, epilogue.getMatchingIndexingMap(operand),
                                        indices, inBounds));
    }
  }
  for (Operation &op : epilogue.getBody()->without_terminator()) {
    emitOnVectors(emitter, op, mapping);
  }
  Value yielded = epilogue.getBody()->getTerminator()->getOperand(0);
  return mapping.contains(yielded)
             ? mapping.lookup(yielded)
             : vector::BroadcastOp::create(emitter.getBuilder(),
                                           emitter.vectorType(yielded.getType()), yielded)
                   .getResult();
}

} // namespace chameleon
