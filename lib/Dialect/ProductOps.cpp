//===- ProductOps.cpp - Ways to compute sums of products, as ops ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DirectConvolution.h"
#include "PackedMatmul.h"
#include "WinogradConvolution.h"
#include "chameleon/Dialect/ChameleonTransformOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;

namespace chameleon {

/// Puts the number that each parameter holds where its slot points; a null one changes nothing.
static LogicalResult readNumbers(transform::TransformState &state,
                                 ArrayRef<std::pair<Value, int64_t *>> slots) {
  for (auto [param, slot] : slots) {
    if (!param) {
      continue;
    }
    ArrayRef<Attribute> values = state.getParams(param);
    auto number = values.size() == 1 ? dyn_cast<IntegerAttr>(values.front()) : IntegerAttr();
    if (!number) {
      return failure();
    }
    *slot = number.getInt();
  }
  return success();
}

/// Rewrites every payload op of `transformOp`'s target, or none of them.
template <typename Op, typename WhyNot, typename Rewrite>
static DiagnosedSilenceableFailure rewriteAll(Op transformOp, transform::TransformState &state,
                                              WhyNot whyNot, Rewrite rewrite) {
  SmallVector<linalg::LinalgOp> ops;
  for (Operation *target : state.getPayloadOps(transformOp.getTarget())) {
    auto op = dyn_cast<linalg::LinalgOp>(target);
    std::string reason = op ? whyNot(op) : "expected a linalg op";
    if (!reason.empty()) {
      DiagnosedSilenceableFailure failure = transformOp.emitSilenceableError() << reason;
      failure.attachNote(target->getLoc()) << "the op that cannot be rewritten";
      return failure;
    }
    ops.push_back(op);
  }
  llvm::for_each(ops, rewrite);
  return DiagnosedSilenceableFailure::success();
}

static void addEffects(Operation *op, SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  transform::consumesHandle(op->getOpOperands().take_front(), effects);
  transform::onlyReadsHandle(op->getOpOperands().drop_front(), effects);
  transform::modifiesPayload(effects);
}

DiagnosedSilenceableFailure DirectConvolutionOp::apply(transform::TransformRewriter &rewriter,
                                                       transform::TransformResults &results,
                                                       transform::TransformState &state) {
  DirectOptions options;
  if (failed(readNumbers(state, {{getLanes(), &options.lanes},
                                 {getPixels(), &options.pixels},
                                 {getChannels(), &options.channels},
                                 {getSteps(), &options.steps},
                                 {getChunk(), &options.chunk}}))) {
    return emitDefiniteFailure() << "expected each size to be one integer";
  }
  return rewriteAll(
      *this, state, [&](linalg::LinalgOp op) { return whyNotDirect(op, options); },
      [&](linalg::LinalgOp op) { rewriteAsDirect(rewriter, op, options); });
}

void DirectConvolutionOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  addEffects(*this, effects);
}

DiagnosedSilenceableFailure PackedMatmulOp::apply(transform::TransformRewriter &rewriter,
                                                  transform::TransformResults &results,
                                                  transform::TransformState &state) {
  MatmulOptions options;
  int64_t order = 0;
  int64_t pack = 0;
  if (failed(readNumbers(state, {{getLanes(), &options.lanes},
                                 {getRows(), &options.rows},
                                 {getColumns(), &options.columns},
                                 {getSteps(), &options.steps},
                                 {getChunk(), &options.chunk},
                                 {getPanels(), &options.panels},
                                 {getOrder(), &order},
                                 {getPacking(), &pack}}))) {
    return emitDefiniteFailure() << "expected each size to be one integer";
  }
  if (order < 0 || order > 1 || pack < 0 || pack > 1) {
    return emitDefiniteFailure() << "expected order and packing to be 0 or 1";
  }
  options.rowsInside = order == 0;
  options.pack = pack == 0;
  return rewriteAll(
      *this, state, [&](linalg::LinalgOp op) { return whyNotMatmul(op, options); },
      [&](linalg::LinalgOp op) { rewriteAsPackedMatmul(rewriter, op, options); });
}

void PackedMatmulOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  addEffects(*this, effects);
}

DiagnosedSilenceableFailure WinogradOp::apply(transform::TransformRewriter &rewriter,
                                              transform::TransformResults &results,
                                              transform::TransformState &state) {
  WinogradOptions options;
  if (failed(readNumbers(state, {{getOutputs(), &options.outputs},
                                 {getLanes(), &options.lanes},
                                 {getRows(), &options.rows},
                                 {getColumns(), &options.columns},
                                 {getSteps(), &options.steps}}))) {
    return emitDefiniteFailure() << "expected each size to be one integer";
  }
  return rewriteAll(
      *this, state, [&](linalg::LinalgOp op) { return whyNotWinograd(op, options); },
      [&](linalg::LinalgOp op) { rewriteAsWinograd(rewriter, op, options); });
}

void WinogradOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  addEffects(*this, effects);
}

} // namespace chameleon
