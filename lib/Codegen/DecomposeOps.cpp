//===- DecomposeOps.cpp - Softmax, pack, unpack, pad as plain linalg ops ===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace chameleon {
#define GEN_PASS_DEF_DECOMPOSEOPS
#include "chameleon/Codegen/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

/// Fills the box of `target` at `offsets` with `value`; empty boxes are left out.
Value fillBox(OpBuilder &builder, Location loc, Value value, Value target,
              ArrayRef<int64_t> offsets, ArrayRef<int64_t> sizes) {
  if (llvm::is_contained(sizes, 0))
    return target;
  auto indices = [&](ArrayRef<int64_t> values) {
    return getAsIndexOpFoldResult(builder.getContext(), values);
  };
  SmallVector<OpFoldResult> strides(sizes.size(), builder.getIndexAttr(1));
  Value box = tensor::ExtractSliceOp::create(builder, loc, target, indices(offsets), indices(sizes),
                                             strides);
  Value filled = linalg::FillOp::create(builder, loc, value, box).getResult(0);
  return tensor::InsertSliceOp::create(builder, loc, filled, target, indices(offsets),
                                       indices(sizes), strides);
}

/// A pad of static sizes by one value: fills of the border, box by box, and a copy into the
/// interior.
struct DecomposeStaticPad : OpRewritePattern<tensor::PadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::PadOp pad, PatternRewriter &rewriter) const override {
    Value value = pad.getConstantPaddingValue();
    ArrayRef<int64_t> low = pad.getStaticLow(), high = pad.getStaticHigh();
    if (!value || !pad.getSourceType().hasStaticShape() || !pad.getResultType().hasStaticShape() ||
        llvm::any_of(low, [](int64_t l) { return l < 0; }) ||
        llvm::any_of(high, [](int64_t h) { return h < 0; }))
      return rewriter.notifyMatchFailure(pad, "expected static sizes and one value");
    Location loc = pad.getLoc();
    ArrayRef<int64_t> inner = pad.getSourceType().getShape();
    SmallVector<int64_t> offsets(low.size(), 0), sizes(pad.getResultType().getShape());
    Value result =
        tensor::EmptyOp::create(rewriter, loc, sizes, pad.getResultType().getElementType());
    for (auto [dim, extent] : llvm::enumerate(inner)) {
      sizes[dim] = low[dim];
      result = fillBox(rewriter, loc, value, result, offsets, sizes);
      offsets[dim] = low[dim] + extent;
      sizes[dim] = high[dim];
      result = fillBox(rewriter, loc, value, result, offsets, sizes);
      offsets[dim] = low[dim]; // later boxes stay between the ones of this dimension
      sizes[dim] = extent;
    }
    SmallVector<OpFoldResult> strides(low.size(), rewriter.getIndexAttr(1));
    rewriter.replaceOpWithNewOp<tensor::InsertSliceOp>(
        pad, pad.getSource(), result, getAsIndexOpFoldResult(getContext(), offsets),
        getAsIndexOpFoldResult(getContext(), sizes), strides);
    return success();
  }
};

struct DecomposeOpsPass : chameleon::impl::DecomposeOpsBase<DecomposeOpsPass> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (isa<linalg::SoftmaxOp, linalg::PackOp, linalg::UnPackOp, tensor::PadOp, tensor::ConcatOp,
              linalg::WinogradFilterTransformOp, linalg::WinogradInputTransformOp,
              linalg::WinogradOutputTransformOp>(op))
        ops.push_back(op);
    });
    if (ops.empty())
      return;
    numDecomposed += ops.size();
    IRRewriter rewriter(&getContext());
    for (Operation *op : ops) {
      if (failed(decompose(rewriter, op)))
        return signalPassFailure();
    }
    decomposeRest();
  }

  LogicalResult decompose(RewriterBase &rewriter, Operation *op) {
    rewriter.setInsertionPoint(op);
    if (auto pack = dyn_cast<linalg::PackOp>(op))
      return linalg::lowerPack(rewriter, pack);
    if (auto unpack = dyn_cast<linalg::UnPackOp>(op))
      return linalg::lowerUnPack(rewriter, unpack);
    auto softmax = dyn_cast<linalg::SoftmaxOp>(op);
    if (!softmax)
      return success();
    FailureOr<SmallVector<Value>> results = softmax.decomposeOperation(rewriter);
    if (failed(results))
      return softmax.emitOpError("expected to be decomposable into reductions and exp");
    rewriter.replaceOp(softmax, *results);
    return success();
  }

  /// Pads, those that packs left among them, concatenations and Winograd transforms.
  void decomposeRest() {
    RewritePatternSet patterns(&getContext());
    patterns.add<DecomposeStaticPad>(&getContext(), /*benefit=*/2);
    linalg::populateDecomposePadPatterns(patterns);
    linalg::populateDecomposeWinogradOpsPatterns(patterns);
    tensor::populateDecomposeTensorConcatPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
