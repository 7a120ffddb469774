//===- LowerVectors.cpp - Vector ops to what converts to LLVM one to one ===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Passes.h"
#include "chameleon/Codegen/Pipelines.h"
#include "mlir/Conversion/VectorToSCF/VectorToSCF.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Dialect/Vector/Transforms/VectorRewritePatterns.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace chameleon {
#define GEN_PASS_DEF_LOWERVECTORS
#include "chameleon/Codegen/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

template <typename Dialect> void addCanonicalization(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  context->getLoadedDialect<Dialect>()->getCanonicalizationPatterns(patterns);
  for (RegisteredOperationName op :
       context->getRegisteredOperationsByDialect(Dialect::getDialectNamespace()))
    op.getCanonicalizationPatterns(patterns, context);
}

/// Masks of ops with side effects become operands of these, so that later patterns see no
/// vector.mask.
void addMaskPatterns(RewritePatternSet &patterns) {
  vector::populateVectorMaskLoweringPatternsForSideEffectingOps(patterns);
}

/// How a function wants its ops lowered, by `kVectorLoweringAttr`.
struct Strategies {
  vector::VectorContractLowering contraction = vector::VectorContractLowering::OuterProduct;
  vector::VectorMultiReductionLowering reduction =
      vector::VectorMultiReductionLowering::InnerReduction;
  vector::VectorTransposeLowering transpose = vector::VectorTransposeLowering::Shuffle1D;
};

/// Sets `strategy` to the value that `attributes` give `name`, if any.
template <typename Strategy>
LogicalResult readStrategy(Operation *op, DictionaryAttr attributes, StringRef name,
                           std::optional<Strategy> (*parse)(StringRef), Strategy &strategy) {
  Attribute attribute = attributes.get(name);
  if (!attribute)
    return success();
  auto text = dyn_cast<StringAttr>(attribute);
  std::optional<Strategy> value = text ? parse(text.getValue()) : std::nullopt;
  if (!value)
    return op->emitOpError("expected ") << kVectorLoweringAttr << " to name a known strategy for "
                                        << name << ", but got " << attribute;
  strategy = *value;
  return success();
}

FailureOr<Strategies> readStrategies(Operation *op) {
  Strategies strategies;
  auto attributes = op->getAttrOfType<DictionaryAttr>(kVectorLoweringAttr);
  if (!attributes)
    return strategies;
  if (failed(readStrategy(op, attributes, "contraction", vector::symbolizeVectorContractLowering,
                          strategies.contraction)) ||
      failed(readStrategy(op, attributes, "reduction",
                          vector::symbolizeVectorMultiReductionLowering, strategies.reduction)) ||
      failed(readStrategy(op, attributes, "transpose", vector::symbolizeVectorTransposeLowering,
                          strategies.transpose)))
    return failure();
  return strategies;
}

void addComputePatterns(RewritePatternSet &patterns, const Strategies &strategies) {
  vector::populateVectorContractLoweringPatterns(patterns, strategies.contraction, /*benefit=*/1,
                                                 /*disableOuterProductLowering=*/true);
  vector::populateVectorOuterProductLoweringPatterns(patterns);
  vector::populateVectorMultiReductionLoweringPatterns(patterns, strategies.reduction);
  vector::populateVectorTransposeLoweringPatterns(patterns, strategies.transpose);
  vector::populateVectorShapeCastLoweringPatterns(patterns);
  vector::populateVectorBroadcastLoweringPatterns(patterns);
  vector::populateVectorScanLoweringPatterns(patterns);
  vector::populateVectorStepLoweringPatterns(patterns);
}

void addMemoryPatterns(RewritePatternSet &patterns) {
  VectorTransferToSCFOptions options;
  options.enableFullUnroll().setTargetRank(1);
  populateVectorToSCFConversionPatterns(patterns, options);
  vector::populateVectorTransferPermutationMapLoweringPatterns(patterns);
  vector::populateVectorTransferLoweringPatterns(patterns, /*maxTransferRank=*/1);
  vector::populateVectorMaskOpLoweringPatterns(patterns);
  vector::populateVectorGatherLoweringPatterns(patterns);
}

void addSimplifications(RewritePatternSet &patterns) {
  addCanonicalization<vector::VectorDialect>(patterns);
  addCanonicalization<memref::MemRefDialect>(patterns);
  addCanonicalization<arith::ArithDialect>(patterns);
  addCanonicalization<affine::AffineDialect>(patterns);
}

struct LowerVectorsPass : chameleon::impl::LowerVectorsBase<LowerVectorsPass> {
  void runOnOperation() override {
    if (!hasVectors())
      return;
    FailureOr<Strategies> strategies = readStrategies(getOperation());
    if (failed(strategies))
      return signalPassFailure();
    auto masks = [](RewritePatternSet &patterns) { addMaskPatterns(patterns); };
    auto all = [&](RewritePatternSet &patterns) {
      addComputePatterns(patterns, *strategies);
      addMemoryPatterns(patterns);
      addSimplifications(patterns);
    };
    if (failed(apply(masks)) || failed(apply(all)))
      signalPassFailure();
  }

  bool hasVectors() {
    return getOperation()
        .walk([](Operation *op) {
          return isa_and_nonnull<vector::VectorDialect>(op->getDialect()) ? WalkResult::interrupt()
                                                                          : WalkResult::advance();
        })
        .wasInterrupted();
  }

  LogicalResult apply(function_ref<void(RewritePatternSet &)> populate) {
    RewritePatternSet patterns(&getContext());
    populate(patterns);
    GreedyRewriteConfig config;
    config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
    return applyPatternsGreedily(getOperation(), std::move(patterns), config);
  }
};

} // namespace
