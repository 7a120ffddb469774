//===- WinogradOp.cpp - The transform op for Winograd's algorithm ---------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WinogradConvolution.h"
#include "chameleon/Dialect/ChameleonTransformOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;

namespace chameleon {

/// The one integer that `param` holds; nothing if it holds another number of them.
static std::optional<int64_t> numberOf(transform::TransformState &state, Value param) {
  ArrayRef<Attribute> values = state.getParams(param);
  auto number = values.size() == 1 ? dyn_cast<IntegerAttr>(values.front()) : IntegerAttr();
  return number ? std::optional<int64_t>(number.getInt()) : std::nullopt;
}

DiagnosedSilenceableFailure WinogradOp::apply(transform::TransformRewriter &rewriter,
                                              transform::TransformResults &results,
                                              transform::TransformState &state) {
  WinogradOptions options;
  for (auto [param, slot] :
       {std::pair(getOutputs(), &options.outputs), std::pair(getLanes(), &options.lanes),
        std::pair(getRows(), &options.rows), std::pair(getColumns(), &options.columns),
        std::pair(getSteps(), &options.steps)}) {
    std::optional<int64_t> number = numberOf(state, param);
    if (!number) {
      return emitDefiniteFailure() << "expected each size to be one integer";
    }
    *slot = *number;
  }
  // All of them before the first changes: a failure leaves the payload as it was.
  SmallVector<linalg::LinalgOp> ops;
  for (Operation *target : state.getPayloadOps(getTarget())) {
    auto op = dyn_cast<linalg::LinalgOp>(target);
    std::string reason = op ? whyNotWinograd(op, options) : "expected a linalg op";
    if (!reason.empty()) {
      DiagnosedSilenceableFailure failure = emitSilenceableError() << reason;
      failure.attachNote(target->getLoc()) << "the op that cannot be rewritten";
      return failure;
    }
    ops.push_back(op);
  }
  for (linalg::LinalgOp op : ops) {
    rewriteAsWinograd(rewriter, op, options);
  }
  return DiagnosedSilenceableFailure::success();
}

void WinogradOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  transform::consumesHandle(getTargetMutable(), effects);
  for (OpOperand &param : llvm::drop_begin((*this)->getOpOperands())) {
    transform::onlyReadsHandle(param, effects);
  }
  transform::modifiesPayload(effects);
}

} // namespace chameleon
