//===- LowerVectors.cpp - Vector ops to what converts to LLVM one to one ===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Passes.h"
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

void addComputePatterns(RewritePatternSet &patterns) {
  vector::populateVectorContractLoweringPatterns(
      patterns, vector::VectorContractLowering::OuterProduct, /*benefit=*/1,
      /*disableOuterProductLowering=*/true);
  vector::populateVectorOuterProductLoweringPatterns(patterns);
  vector::populateVectorMultiReductionLoweringPatterns(
      patterns, vector::VectorMultiReductionLowering::InnerReduction);
  vector::populateVectorTransposeLoweringPatterns(patterns,
                                                  vector::VectorTransposeLowering::Shuffle1D);
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
    auto masks = [](RewritePatternSet &patterns) { addMaskPatterns(patterns); };
    auto all = [](RewritePatternSet &patterns) {
      addComputePatterns(patterns);
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
