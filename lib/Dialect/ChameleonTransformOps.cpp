//===- ChameleonTransformOps.cpp - Transform ops of our own ---------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Dialect/ChameleonTransformOps.h"
#include "chameleon/Dialect/Names.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/Utils/Utils.h"
#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

#define GET_OP_CLASSES
#include "chameleon/Dialect/ChameleonTransformOps.cpp.inc"

namespace chameleon {

//===----------------------------------------------------------------------===//
// RequireOp
//===----------------------------------------------------------------------===//

ParseResult RequireOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  if (parser.parseOperandList(operands) || parser.parseOptionalAttrDict(result.attributes)) {
    return failure();
  }
  auto type = transform::ParamType::get(parser.getContext(), parser.getBuilder().getI64Type());
  return parser.resolveOperands(operands, type, result.operands);
}

void RequireOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printer.printOperands(getParams());
  printer.printOptionalAttrDict((*this)->getAttrs());
}

LogicalResult RequireOp::verify() {
  IntegerSet set = getSet();
  if (set.getNumDims() != 0) {
    return emitOpError() << "expected a set of symbols only, but got " << set.getNumDims()
                         << " dimensions";
  }
  if (set.getNumSymbols() != getParams().size()) {
    return emitOpError() << "expected one symbol per operand (" << getParams().size()
                         << "), but got " << set.getNumSymbols();
  }
  auto type = transform::ParamType::get(getContext(), IntegerType::get(getContext(), 64));
  for (Value param : getParams()) {
    if (param.getType() != type) {
      return emitOpError() << "expected operands of type " << type << ", but got "
                           << param.getType();
    }
  }
  return success();
}

/// Whether every constraint of `set` holds; a set that does not fold to constants does not.
static bool holds(IntegerSet set, ArrayRef<Attribute> symbols) {
  for (auto [expr, isEquality] : llvm::zip(set.getConstraints(), set.getEqFlags())) {
    AffineMap map = AffineMap::get(0, set.getNumSymbols(), expr);
    bool hasPoison = false;
    SmallVector<Attribute> values;
    if (failed(map.constantFold(symbols, values, &hasPoison)) || hasPoison) {
      return false;
    }
    int64_t value = cast<IntegerAttr>(values.front()).getInt();
    if (isEquality ? value != 0 : value < 0) {
      return false;
    }
  }
  return true;
}

DiagnosedSilenceableFailure RequireOp::apply(transform::TransformRewriter &rewriter,
                                             transform::TransformResults &results,
                                             transform::TransformState &state) {
  SmallVector<Attribute> symbols;
  for (Value param : getParams()) {
    ArrayRef<Attribute> values = state.getParams(param);
    if (values.size() != 1 || !isa<IntegerAttr>(values.front())) {
      return emitDefiniteFailure() << "expected each operand to be one integer";
    }
    symbols.push_back(
        IntegerAttr::get(IndexType::get(getContext()), cast<IntegerAttr>(values.front()).getInt()));
  }
  if (!holds(getSet(), symbols)) {
    return emitDefiniteFailure() << "configuration violates: " << getMessage();
  }
  return DiagnosedSilenceableFailure::success();
}

void RequireOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  transform::onlyReadsHandle(getParamsMutable(), effects);
  transform::onlyReadsPayload(effects); // keeps it from being erased as dead
}

//===----------------------------------------------------------------------===//
// RuntimePacksOp
//===----------------------------------------------------------------------===//

/// Whether `value` is an argument of a task that is marked constant.
static bool isConstantArgument(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument) {
    return false;
  }
  auto function = dyn_cast<FunctionOpInterface>(argument.getOwner()->getParentOp());
  return function && function.getArgAttr(argument.getArgNumber(), kConstantAttr);
}

DiagnosedSilenceableFailure RuntimePacksOp::apply(transform::TransformRewriter &rewriter,
                                                  transform::TransformResults &results,
                                                  transform::TransformState &state) {
  SmallVector<Operation *> packs;
  for (Operation *target : state.getPayloadOps(getTarget())) {
    target->walk([&](linalg::PackOp pack) {
      if (!isConstantArgument(pack.getSource())) {
        packs.push_back(pack);
      }
    });
  }
  results.set(cast<OpResult>(getPacks()), packs);
  return DiagnosedSilenceableFailure::success();
}

void RuntimePacksOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  transform::onlyReadsHandle(getTargetMutable(), effects);
  transform::producesHandle(getOperation()->getOpResults(), effects);
  transform::onlyReadsPayload(effects);
}

//===----------------------------------------------------------------------===//
// ProducersOp
//===----------------------------------------------------------------------===//

DiagnosedSilenceableFailure ProducersOp::apply(transform::TransformRewriter &rewriter,
                                               transform::TransformResults &results,
                                               transform::TransformState &state) {
  llvm::SetVector<Operation *> found;
  for (Operation *target : state.getPayloadOps(getTarget())) {
    for (Value operand : target->getOperands()) {
      Operation *producer = operand.getDefiningOp();
      if (producer && producer->getName().getStringRef() == getName()) {
        found.insert(producer);
      }
    }
  }
  results.set(cast<OpResult>(getProducers()), found.getArrayRef());
  return DiagnosedSilenceableFailure::success();
}

void ProducersOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  transform::onlyReadsHandle(getTargetMutable(), effects);
  transform::producesHandle(getOperation()->getOpResults(), effects);
  transform::onlyReadsPayload(effects);
}

//===----------------------------------------------------------------------===//
// PeelRemainderOp
//===----------------------------------------------------------------------===//

DiagnosedSilenceableFailure PeelRemainderOp::apply(transform::TransformRewriter &rewriter,
                                                   transform::TransformResults &results,
                                                   transform::TransformState &state) {
  SmallVector<Operation *> targets = llvm::to_vector(state.getPayloadOps(getTarget()));
  for (Operation *target : llvm::reverse(targets)) { // inner loops first
    auto loop = dyn_cast<scf::ForOp>(target);
    if (!loop) {
      return emitDefiniteFailure() << "expected scf.for, but got " << target->getName();
    }
    scf::ForOp partial;
    // Fails, and changes nothing, where the step divides the trip.
    (void)scf::peelForLoopAndSimplifyBounds(rewriter, loop, partial);
  }
  return DiagnosedSilenceableFailure::success();
}

void PeelRemainderOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  transform::consumesHandle(getTargetMutable(), effects);
  transform::modifiesPayload(effects);
}

//===----------------------------------------------------------------------===//
// UnrollFullyOp
//===----------------------------------------------------------------------===//

/// Trip count of a loop with constant bounds.
static std::optional<int64_t> tripCount(scf::ForOp loop) {
  std::optional<APInt> trips = loop ? loop.getStaticTripCount() : std::nullopt;
  return trips ? std::optional<int64_t>(trips->getSExtValue()) : std::nullopt;
}

DiagnosedSilenceableFailure UnrollFullyOp::apply(transform::TransformRewriter &rewriter,
                                                 transform::TransformResults &results,
                                                 transform::TransformState &state) {
  SmallVector<Operation *> targets = llvm::to_vector(state.getPayloadOps(getTarget()));
  int64_t most = getMaxIterations().value_or(std::numeric_limits<int32_t>::max());
  llvm::DenseMap<Operation *, int64_t> copiesIn;     // of the innermost body, per loop that stands
  for (Operation *target : llvm::reverse(targets)) { // inner loops first
    auto loop = dyn_cast<scf::ForOp>(target);
    std::optional<int64_t> trips = tripCount(loop);
    if (!trips) {
      return emitDefiniteFailure() << "expected scf.for with constant bounds";
    }
    auto parent = loop->getParentOfType<scf::ForOp>();
    int64_t copies = *trips * copiesIn.lookup_or(loop, 1);
    if (parent) {
      copiesIn[parent] = std::max(copiesIn.lookup(parent), std::min(copies, most + 1));
    }
    if (copies <= most && failed(loopUnrollFull(loop))) {
      return emitDefiniteFailure() << "cannot unroll a loop of " << *trips << " iterations";
    }
  }
  return DiagnosedSilenceableFailure::success();
}

void UnrollFullyOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  transform::consumesHandle(getTargetMutable(), effects);
  transform::modifiesPayload(effects);
}

} // namespace chameleon
