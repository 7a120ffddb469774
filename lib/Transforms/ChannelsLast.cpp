//===- ChannelsLast.cpp - Images with their channels innermost ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each op on NCHW images becomes one on NHWC images between two transposes. Then transposes move
// towards the results, through pads and elementwise ops, until they meet their inverse.
//
//===----------------------------------------------------------------------===//

#include "ConstantArguments.h"
#include "OpMarks.h"
#include "chameleon/Dialect/Classify.h"
#include "chameleon/Dialect/Names.h"
#include "chameleon/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/Passes.h"

namespace chameleon {
#define GEN_PASS_DEF_CHANNELSLASTPASS
#include "chameleon/Transforms/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using chameleon::handOnMarks;
using chameleon::hasEncoding;
using chameleon::isDecided;
using chameleon::isStaticOnTensors;

namespace {

/// As of `linalg.transpose`: dimension i of the result is this one of the input.
constexpr int64_t kToNhwc[] = {0, 2, 3, 1};
constexpr int64_t kToNchw[] = {0, 3, 1, 2};
/// FCHW to FHWC, and CHW to HWC.
constexpr int64_t kDenseWeights[] = {0, 2, 3, 1};
constexpr int64_t kDepthwiseWeights[] = {1, 2, 0};

/// What gives `value` if it is transposed by `permutation`; null if there is nothing.
Value transposedFrom(Value value, ArrayRef<int64_t> permutation) {
  Operation *op = value.getDefiningOp();
  std::optional<SmallVector<int64_t>> found = chameleon::permutationOf(op);
  return found && ArrayRef(*found) == permutation ? op->getOperand(0) : Value();
}

/// The image with channels innermost that `value` is made from; null if there is none.
Value nhwcOf(Value value) { return transposedFrom(value, kToNchw); }

/// Stands right after what gives `value`: outside of loops that it is known before, and where equal
/// ones are merged.
Value newTranspose(OpBuilder &builder, Value value, ArrayRef<int64_t> permutation) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointAfterValue(value);
  Location loc = value.getLoc();
  auto type = cast<RankedTensorType>(value.getType());
  Value empty = tensor::EmptyOp::create(
      builder, loc, applyPermutation(type.getShape(), permutation), type.getElementType());
  return linalg::TransposeOp::create(builder, loc, value, empty, permutation)->getResult(0);
}

bool isStaticConstantPad(tensor::PadOp op) {
  return op.getConstantPaddingValue() && op.getType().hasStaticShape() &&
         op.getSourceType().hasStaticShape() && !hasEncoding(op.getType()) &&
         !hasEncoding(op.getSourceType());
}

/// `op` with its dimensions in another order, of `source`, which has them so.
Value permutedPad(OpBuilder &builder, tensor::PadOp op, Value source,
                  ArrayRef<int64_t> permutation) {
  auto type = RankedTensorType::get(applyPermutation(op.getType().getShape(), permutation),
                                    op.getType().getElementType());
  return tensor::PadOp::create(builder, op.getLoc(), type, source,
                               applyPermutation(op.getMixedLowPad(), permutation),
                               applyPermutation(op.getMixedHighPad(), permutation),
                               op.getConstantPaddingValue(), op.getNofold());
}

/// `value` transposed: what it was transposed from, if that is the same; a new empty or filled
/// tensor or a constant of one number for one of these; a pad of what is transposed for a pad; else
/// by a new op.
Value transposed(OpBuilder &builder, Value value, ArrayRef<int64_t> permutation) {
  if (Value before = transposedFrom(value, invertPermutationVector(permutation))) {
    return before;
  }
  auto pad = value.getDefiningOp<tensor::PadOp>();
  if (pad && isStaticConstantPad(pad)) {
    Value source = transposed(builder, pad.getSource(), permutation);
    return permutedPad(builder, pad, source, permutation);
  }
  if (Value constant = chameleon::permutedSplat(builder, value, permutation)) {
    return constant;
  }
  auto fill = value.getDefiningOp<linalg::FillOp>();
  bool filled = fill && fill.hasPureTensorSemantics();
  if (!filled && !value.getDefiningOp<tensor::EmptyOp>()) {
    return newTranspose(builder, value, permutation);
  }
  auto type = cast<RankedTensorType>(value.getType());
  Value empty = tensor::EmptyOp::create(builder, value.getLoc(),
                                        applyPermutation(type.getShape(), permutation),
                                        type.getElementType());
  return filled
             ? linalg::FillOp::create(builder, value.getLoc(), fill.getInputs(), empty).getResult(0)
             : empty;
}

/// An op on NCHW images as one on NHWC images. An empty `weights` leaves the second input as it is.
template <typename Nchw, typename Nhwc> struct OpToNhwc : OpRewritePattern<Nchw> {
  OpToNhwc(MLIRContext *context, ArrayRef<int64_t> weights)
      : OpRewritePattern<Nchw>(context), weights(weights) {}

  LogicalResult matchAndRewrite(Nchw op, PatternRewriter &rewriter) const override {
    if (!isStaticOnTensors(op) || isDecided(op)) {
      return rewriter.notifyMatchFailure(op, "no static tensors, or a schedule is chosen");
    }
    Value image = transposed(rewriter, op.getInputs()[0], kToNhwc);
    Value second = op.getInputs()[1];
    if (!weights.empty()) {
      second = transposed(rewriter, second, weights);
    }
    Value init = transposed(rewriter, op.getOutputs()[0], kToNhwc);
    auto last = Nhwc::create(rewriter, op.getLoc(), init.getType(), ValueRange{image, second},
                             ValueRange{init}, op.getStrides(), op.getDilations());
    handOnMarks(op, last);
    rewriter.replaceOp(op, newTranspose(rewriter, last->getResult(0), kToNchw));
    return success();
  }

  ArrayRef<int64_t> weights;
};

/// pad(transpose(x)) -> transpose(pad(x)).
struct PadToNhwc : OpRewritePattern<tensor::PadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::PadOp op, PatternRewriter &rewriter) const override {
    Value image = nhwcOf(op.getSource());
    if (!image || !isStaticConstantPad(op)) {
      return rewriter.notifyMatchFailure(op, "no constant pad of an image that was transposed");
    }
    Value pad = permutedPad(rewriter, op, image, kToNhwc);
    rewriter.replaceOp(op, newTranspose(rewriter, pad, kToNchw));
    return success();
  }
};

bool isElementwiseOverImages(linalg::GenericOp op) {
  return isStaticOnTensors(op) && op->getNumResults() == 1 && op.getNumLoops() == 4 &&
         !op.hasIndexSemantics() && chameleon::isElementwise(op) &&
         op.getIndexingMapsArray().back().isIdentity() && !isDecided(op);
}

/// Whether `op` reads `operand` element by element, and it is an image that was transposed.
bool isTransposedImage(linalg::GenericOp op, OpOperand &operand) {
  return nhwcOf(operand.get()) && op.getMatchingIndexingMap(&operand).isIdentity();
}

/// An elementwise op of an image that was transposed: it runs over NHWC. Images that were not are
/// read as they are.
struct ElementwiseToNhwc : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    bool reads = llvm::any_of(op.getDpsInputOperands(),
                              [&](OpOperand *operand) { return isTransposedImage(op, *operand); });
    if (!reads || !isElementwiseOverImages(op)) {
      return rewriter.notifyMatchFailure(op, "not elementwise over an image that was transposed");
    }
    SmallVector<AffineExpr> loops(4); // what the old loops are among the new ones
    for (auto [i, loop] : llvm::enumerate(kToNhwc)) {
      loops[loop] = rewriter.getAffineDimExpr(i);
    }
    SmallVector<Value> inputs;
    SmallVector<AffineMap> maps;
    for (OpOperand *operand : op.getDpsInputOperands()) {
      AffineMap map = op.getMatchingIndexingMap(operand).replaceDimsAndSymbols(loops, {}, 4, 0);
      bool last = isTransposedImage(op, *operand);
      inputs.push_back(last ? nhwcOf(operand->get()) : operand->get());
      maps.push_back(last ? rewriter.getMultiDimIdentityMap(4) : map);
    }
    maps.push_back(rewriter.getMultiDimIdentityMap(4));
    Value init = transposed(rewriter, op.getDpsInits()[0], kToNhwc);
    auto generic = linalg::GenericOp::create(rewriter, op.getLoc(), init.getType(), inputs, init,
                                             maps, op.getIteratorTypesArray());
    rewriter.inlineRegionBefore(op.getRegion(), generic.getRegion(), generic.getRegion().begin());
    handOnMarks(op, generic);
    rewriter.replaceOp(op, newTranspose(rewriter, generic.getResult(0), kToNchw));
    return success();
  }
};

/// Other ops, such as reductions, read an image where it was transposed from: (n, c, h, w) of it is
/// (n, h, w, c).
struct ReadNhwc : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics() || isDecided(op)) {
      return rewriter.notifyMatchFailure(op, "no tensors, or a schedule is chosen");
    }
    bool overImages = isElementwiseOverImages(op);
    for (OpOperand *operand : op.getDpsInputOperands()) {
      Value image = nhwcOf(operand->get());
      if (!image || (overImages && isTransposedImage(op, *operand))) {
        continue;
      }
      SmallVector<AffineMap> maps = op.getIndexingMapsArray();
      AffineMap &map = maps[operand->getOperandNumber()];
      map = AffineMap::get(map.getNumDims(), 0, applyPermutation(map.getResults(), kToNhwc),
                           op.getContext());
      rewriter.modifyOpInPlace(op, [&] {
        operand->set(image);
        op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
      });
      return success();
    }
    return rewriter.notifyMatchFailure(op, "it reads no image that was transposed");
  }
};

/// transpose(transpose(x)) -> x, where they are inverse, and what transposes nothing.
struct CancelTransposes : OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op, PatternRewriter &rewriter) const override {
    std::optional<SmallVector<int64_t>> permutation = chameleon::permutationOf(op);
    if (!permutation) {
      return rewriter.notifyMatchFailure(op, "no transpose");
    }
    Value input = op->getOperand(0);
    Value before = isIdentityPermutation(*permutation)
                       ? input
                       : transposedFrom(input, invertPermutationVector(*permutation));
    if (!before || before.getType() != op->getResult(0).getType()) {
      return rewriter.notifyMatchFailure(op, "it does not undo another transpose");
    }
    rewriter.replaceOp(op, before);
    return success();
  }
};

struct ChannelsLastPass : chameleon::impl::ChannelsLastPassBase<ChannelsLastPass> {
  void runOnOperation() override {
    if (getOperation()->hasAttr(chameleon::kTaskAttr)) {
      return; // it has a key already
    }
    // Biases that sums start from become epilogues: they would be transposed in every call. Groups
    // stay together: each would be transposed by itself.
    chameleon::NormalizePassOptions normalForm;
    normalForm.groups = false;
    if (failed(run(chameleon::createNormalizePass(normalForm))) || failed(rewrite()) ||
        failed(run(createCSEPass()))) {
      signalPassFailure();
    }
  }

private:
  LogicalResult run(std::unique_ptr<Pass> pass) {
    OpPassManager manager(func::FuncOp::getOperationName());
    manager.addPass(std::move(pass));
    return runPipeline(manager, getOperation());
  }

  LogicalResult rewrite() {
    MLIRContext *context = &getContext();
    RewritePatternSet patterns(context);
    patterns.add<OpToNhwc<linalg::Conv2DNchwFchwOp, linalg::Conv2DNhwcFhwcOp>>(context,
                                                                               kDenseWeights);
    patterns.add<OpToNhwc<linalg::DepthwiseConv2DNchwChwOp, linalg::DepthwiseConv2DNhwcHwcOp>>(
        context, kDepthwiseWeights);
    patterns.add<OpToNhwc<linalg::PoolingNchwMaxOp, linalg::PoolingNhwcMaxOp>,
                 OpToNhwc<linalg::PoolingNchwSumOp, linalg::PoolingNhwcSumOp>>(context,
                                                                               ArrayRef<int64_t>());
    patterns.add<PadToNhwc, ElementwiseToNhwc, ReadNhwc, CancelTransposes>(context);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns)))) {
      return getOperation().emitOpError("expected transposes to come to rest, but they did not");
    }
    return success();
  }
};

} // namespace
