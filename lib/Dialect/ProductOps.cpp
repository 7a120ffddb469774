//===- ProductOps.cpp - Ways to compute sums of products, as ops ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DepthwiseConvolution.h"
#include "DirectConvolution.h"
#include "PackedMatmul.h"
#include "PlanarConvolution.h"
#include "WinogradConvolution.h"
#include "chameleon/Dialect/ChameleonTransformOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;

namespace chameleon {

namespace {

/// A size of an op: the parameter that holds it, null where it is left out, and where it goes.
struct Number {
  StringRef name;
  Value param;
  int64_t *slot;
};

} // namespace

/// Puts each number where it goes. Why one cannot be, or empty.
static std::string readNumbers(transform::TransformState &state, ArrayRef<Number> numbers) {
  for (const Number &number : numbers) {
    if (!number.param) {
      continue;
    }
    ArrayRef<Attribute> values = state.getParams(number.param);
    auto value = values.size() == 1 ? dyn_cast<IntegerAttr>(values.front()) : IntegerAttr();
    if (!value) {
      return ("expected '" + number.name + "' to be one integer, but it is " +
              Twine(values.size()) + " values")
          .str();
    }
    *number.slot = value.getInt();
  }
  return "";
}

/// Puts each number, which has to be 0 or 1, where it goes. Why one cannot be, or empty.
static std::string readFlags(transform::TransformState &state,
                             ArrayRef<std::tuple<StringRef, Value, bool *>> flags) {
  for (auto [name, param, slot] : flags) {
    int64_t number = *slot ? 1 : 0;
    if (std::string reason = readNumbers(state, {{name, param, &number}}); !reason.empty()) {
      return reason;
    }
    if (number < 0 || number > 1) {
      return ("expected '" + name + "' to be 0 or 1, but got " + Twine(number)).str();
    }
    *slot = number == 1;
  }
  return "";
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
  std::string reason = readNumbers(state, {{"lanes", getLanes(), &options.lanes},
                                           {"pixels", getPixels(), &options.pixels},
                                           {"channels", getChannels(), &options.channels},
                                           {"steps", getSteps(), &options.steps},
                                           {"chunk", getChunk(), &options.chunk},
                                           {"dot", getDot(), &options.dot}});
  if (!reason.empty()) {
    return emitDefiniteFailure() << reason;
  }
  return rewriteAll(
      *this, state, [&](linalg::LinalgOp op) { return whyNotDirect(op, options); },
      [&](linalg::LinalgOp op) { rewriteAsDirect(rewriter, op, options); });
}

void DirectConvolutionOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  addEffects(*this, effects);
}

DiagnosedSilenceableFailure PlanarConvolutionOp::apply(transform::TransformRewriter &rewriter,
                                                       transform::TransformResults &results,
                                                       transform::TransformState &state) {
  PlanarOptions options;
  std::string reason = readNumbers(state, {{"lanes", getLanes(), &options.lanes},
                                           {"pixels", getPixels(), &options.pixels},
                                           {"channels", getChannels(), &options.channels},
                                           {"steps", getSteps(), &options.steps}});
  if (!reason.empty()) {
    return emitDefiniteFailure() << reason;
  }
  return rewriteAll(
      *this, state, [&](linalg::LinalgOp op) { return whyNotPlanar(op, options); },
      [&](linalg::LinalgOp op) { rewriteAsPlanar(rewriter, op, options); });
}

void PlanarConvolutionOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  addEffects(*this, effects);
}

DiagnosedSilenceableFailure DepthwiseConvolutionOp::apply(transform::TransformRewriter &rewriter,
                                                          transform::TransformResults &results,
                                                          transform::TransformState &state) {
  DepthwiseOptions options;
  std::string reason = readNumbers(state, {{"lanes", getLanes(), &options.lanes},
                                           {"pixels", getPixels(), &options.pixels},
                                           {"channels", getChannels(), &options.channels}});
  if (!reason.empty()) {
    return emitDefiniteFailure() << reason;
  }
  return rewriteAll(
      *this, state, [&](linalg::LinalgOp op) { return whyNotDepthwise(op, options); },
      [&](linalg::LinalgOp op) { rewriteAsDepthwise(rewriter, op, options); });
}

void DepthwiseConvolutionOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  addEffects(*this, effects);
}

DiagnosedSilenceableFailure PackedMatmulOp::apply(transform::TransformRewriter &rewriter,
                                                  transform::TransformResults &results,
                                                  transform::TransformState &state) {
  MatmulOptions options;
  bool rowsOutside = false;
  bool inPlace = false;
  std::string reason = readNumbers(state, {{"lanes", getLanes(), &options.lanes},
                                           {"rows", getRows(), &options.rows},
                                           {"columns", getColumns(), &options.columns},
                                           {"steps", getSteps(), &options.steps},
                                           {"chunk", getChunk(), &options.chunk},
                                           {"panels", getPanels(), &options.panels},
                                           {"dot", getDot(), &options.dot}});
  if (reason.empty()) {
    reason = readFlags(state, {{"rows_outside", getRowsOutside(), &rowsOutside},
                               {"in_place", getInPlace(), &inPlace}});
  }
  if (!reason.empty()) {
    return emitDefiniteFailure() << reason;
  }
  options.rowsInside = !rowsOutside;
  options.pack = !inPlace;
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
  std::string reason = readNumbers(state, {{"outputs", getOutputs(), &options.outputs},
                                           {"lanes", getLanes(), &options.lanes},
                                           {"rows", getRows(), &options.rows},
                                           {"columns", getColumns(), &options.columns},
                                           {"steps", getSteps(), &options.steps},
                                           {"chunk", getChunk(), &options.chunk}});
  if (!reason.empty()) {
    return emitDefiniteFailure() << reason;
  }
  return rewriteAll(
      *this, state, [&](linalg::LinalgOp op) { return whyNotWinograd(op, options); },
      [&](linalg::LinalgOp op) { rewriteAsWinograd(rewriter, op, options); });
}

void WinogradOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  addEffects(*this, effects);
}

} // namespace chameleon
