//===- ApproximateMath.cpp - Polynomials in place of libm on vectors ---===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace chameleon {
#define GEN_PASS_DEF_APPROXIMATEMATH
#include "chameleon/Codegen/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

/// Ops that LLVM turns into machine instructions of their own on vectors.
bool isCheap(Operation *op) {
  return isa<math::SqrtOp, math::RsqrtOp, math::FmaOp, math::AbsFOp, math::AbsIOp, math::FloorOp,
             math::CeilOp, math::RoundEvenOp, math::RoundOp, math::TruncOp, math::CopySignOp>(op);
}

bool isFloatVector(Type type) {
  auto vector = dyn_cast<VectorType>(type);
  return vector && isa<Float32Type, Float16Type, BFloat16Type>(vector.getElementType());
}

bool isPower(Operation *op) { return isa<math::PowFOp, math::FPowIOp, math::IPowIOp>(op); }

bool isCostlyOnVectors(Operation *op) {
  return isa_and_nonnull<math::MathDialect>(op->getDialect()) && !isCheap(op) &&
         llvm::all_of(op->getResultTypes(), isFloatVector);
}

struct ApproximateMathPass : chameleon::impl::ApproximateMathBase<ApproximateMathPass> {
  void runOnOperation() override {
    auto addPowers = [](RewritePatternSet &patterns) {
      populateMathAlgebraicSimplificationPatterns(patterns);
    };
    auto addPolynomials = [](RewritePatternSet &patterns) {
      auto always = [](StringRef) { return true; };
      populateMathF32ExpansionPatterns(patterns, always);
      populateMathPolynomialApproximationPatterns(patterns, always);
    };
    if (failed(rewrite(isPower, addPowers)) || failed(rewrite(isCostlyOnVectors, addPolynomials)))
      signalPassFailure();
  }

  /// Applies the patterns to the ops that `select` takes.
  LogicalResult rewrite(function_ref<bool(Operation *)> select,
                        function_ref<void(RewritePatternSet &)> populate) {
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (select(op))
        ops.push_back(op);
    });
    if (ops.empty())
      return success();
    RewritePatternSet patterns(&getContext());
    populate(patterns);
    GreedyRewriteConfig config;
    config.setStrictness(GreedyRewriteStrictness::ExistingAndNewOps);
    return applyOpPatternsGreedily(ops, std::move(patterns), config);
  }
};

} // namespace
