//===- Normalize.cpp - One form for what exporters write in many ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BooleanTensors.h"
#include "ConstantArguments.h"
#include "GroupedConvolutions.h"
#include "NarrowComparisons.h"
#include "OneDimensional.h"
#include "chameleon/Dialect/Classify.h"
#include "chameleon/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace chameleon {
#define GEN_PASS_DEF_NORMALIZEPASS
#include "chameleon/Transforms/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

/// Whether the body of `op` adds to its accumulator: others may take a maximum, or a logical or.
bool yieldsSum(linalg::LinalgOp op) {
  Block *body = op.getBlock();
  Operation *add = body->getTerminator()->getOperand(0).getDefiningOp();
  return isa_and_nonnull<arith::AddFOp, arith::AddIOp>(add) &&
         llvm::is_contained(add->getOperands(), body->getArguments().back());
}

/// Whether `op` accumulates a sum of products into its init: a contraction or a dense or depthwise
/// convolution.
bool accumulatesSum(linalg::LinalgOp op) {
  std::string kind = classify(op).kind;
  return (kind == "contraction" || kind == "convolution" || kind == "depthwise") && yieldsSum(op);
}

bool isZeroFill(Value value) {
  auto fill = value.getDefiningOp<linalg::FillOp>();
  return fill && (matchPattern(fill.getInputs().front(), m_Zero()) ||
                  matchPattern(fill.getInputs().front(), m_AnyZeroFloat()));
}

/// An elementwise sum of `a` and `b` into a new tensor.
Value createAddition(RewriterBase &rewriter, Location loc, Value a, Value b) {
  auto type = cast<RankedTensorType>(a.getType());
  Value empty = tensor::EmptyOp::create(rewriter, loc, type.getShape(), type.getElementType());
  AffineMap identity = rewriter.getMultiDimIdentityMap(type.getRank());
  SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             rewriter, loc, type, ValueRange{a, b}, ValueRange{empty},
             ArrayRef<AffineMap>{identity, identity, identity}, iterators,
             [&](OpBuilder &builder, Location bodyLoc, ValueRange args) {
               Value sum =
                   isa<FloatType>(type.getElementType())
                       ? arith::AddFOp::create(builder, bodyLoc, args[0], args[1]).getResult()
                       : arith::AddIOp::create(builder, bodyLoc, args[0], args[1]).getResult();
               linalg::YieldOp::create(builder, bodyLoc, sum);
             })
      .getResult(0);
}

/// conv(outs = init) -> add(conv(outs = fill 0), init), unless the init is zero already.
struct InitToEpilogue : OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics() || op.getNumDpsInits() != 1 || op.hasDynamicShape()) {
      return rewriter.notifyMatchFailure(op, "expected tensors of static shape and one result");
    }
    Value init = op.getDpsInitOperand(0)->get();
    auto type = cast<RankedTensorType>(init.getType());
    if (isZeroFill(init) || type.getEncoding() || !type.getElementType().isIntOrFloat() ||
        !accumulatesSum(op)) {
      return rewriter.notifyMatchFailure(op, "no sum that starts from something but zero");
    }
    Location loc = op.getLoc();
    Value zero =
        arith::ConstantOp::create(rewriter, loc, rewriter.getZeroAttr(type.getElementType()));
    Value empty = tensor::EmptyOp::create(rewriter, loc, type.getShape(), type.getElementType());
    Value fill = linalg::FillOp::create(rewriter, loc, zero, empty).getResult(0);
    rewriter.modifyOpInPlace(op, [&] { op.getDpsInitOperand(0)->set(fill); });
    rewriter.setInsertionPointAfter(op);
    Value sum = createAddition(rewriter, loc, op->getResult(0), init);
    rewriter.replaceAllUsesExcept(op->getResult(0), sum, sum.getDefiningOp());
    return success();
  }
};

/// matmul(transpose(x)) -> matmul with a permuted indexing map.
template <typename MatmulOp> struct TransposeIntoMatmul : OpRewritePattern<MatmulOp> {
  using OpRewritePattern<MatmulOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(MatmulOp op, PatternRewriter &rewriter) const override {
    for (OpOperand *operand : op.getDpsInputOperands()) {
      auto transpose = operand->get().template getDefiningOp<linalg::TransposeOp>();
      if (!transpose) {
        continue;
      }
      // Result i of the map indexes dimension perm[i] of the source.
      SmallVector<AffineMap> maps = op.getIndexingMapsArray();
      AffineMap &map = maps[operand->getOperandNumber()];
      SmallVector<AffineExpr> results(map.getResults());
      for (auto [i, source] : llvm::enumerate(transpose.getPermutation())) {
        results[source] = map.getResult(i);
      }
      map = AffineMap::get(map.getNumDims(), 0, results, op.getContext());
      if (!linalgAccepts(map, op)) {
        continue;
      }
      rewriter.modifyOpInPlace(op, [&] {
        operand->set(transpose.getInput());
        op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
      });
      return success();
    }
    return failure();
  }

  /// Named matmuls verify that the batch dimension of an operand leads.
  static bool linalgAccepts(AffineMap map, MatmulOp op) {
    return !std::is_same_v<MatmulOp, linalg::BatchMatmulOp> ||
           map.getResult(0) == getAffineDimExpr(0, op.getContext());
  }
};

/// Operand expand_shape(x) that only adds unit dimensions -> x, with a map of lower rank.
struct UnitExpandIntoMap : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    for (OpOperand *operand : op.getDpsInputOperands()) {
      auto expand = operand->get().getDefiningOp<tensor::ExpandShapeOp>();
      if (!expand || !expand.getType().hasStaticShape()) {
        continue;
      }
      SmallVector<AffineExpr> kept;
      if (!keptResults(expand, op.getMatchingIndexingMap(operand), kept)) {
        continue;
      }
      SmallVector<AffineMap> maps = op.getIndexingMapsArray();
      AffineMap &map = maps[operand->getOperandNumber()];
      map = AffineMap::get(map.getNumDims(), 0, kept, op.getContext());
      if (!inversePermutation(concatAffineMaps(maps, op.getContext()))) {
        continue; // some loop would have lost its only operand
      }
      rewriter.modifyOpInPlace(op, [&] {
        operand->set(expand.getSrc());
        op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
      });
      return success();
    }
    return failure();
  }

  /// Collects the map results that stay; false if some group expands into two non-unit dimensions.
  static bool keptResults(tensor::ExpandShapeOp expand, AffineMap map,
                          SmallVectorImpl<AffineExpr> &kept) {
    ArrayRef<int64_t> shape = expand.getType().getShape();
    for (ReassociationIndices group : expand.getReassociationIndices()) {
      auto isUnit = [&](int64_t dim) { return shape[dim] == 1; };
      if (llvm::count_if(group, isUnit) + 1 < static_cast<int64_t>(group.size())) {
        return false;
      }
      const auto *wide = llvm::find_if_not(group, isUnit);
      kept.push_back(map.getResult(wide == group.end() ? group.front() : *wide));
    }
    return true;
  }
};

/// A result with unit dimensions that no loop indexes -> a result of lower rank, expanded.
/// Schedules expect each dimension of a result to be a loop.
struct UnitResultToExpand : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics() || op.getNumDpsInits() != 1 || op.hasDynamicShape()) {
      return rewriter.notifyMatchFailure(op, "expected tensors of static shape and one result");
    }
    OpOperand *init = op.getDpsInitOperand(0);
    auto type = cast<RankedTensorType>(init->get().getType());
    AffineMap map = op.getMatchingIndexingMap(init);
    SmallVector<ReassociationIndices> groups;
    SmallVector<AffineExpr> kept;
    if (type.getEncoding() || !groupUnitResults(map, type.getShape(), groups, kept)) {
      return rewriter.notifyMatchFailure(op, "every dimension of the result is a loop");
    }
    Value narrow = tensor::CollapseShapeOp::create(rewriter, op.getLoc(), init->get(), groups);
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    maps.back() = AffineMap::get(map.getNumDims(), 0, kept, op.getContext());
    auto copy = linalg::GenericOp::create(rewriter, op.getLoc(), narrow.getType(), op.getInputs(),
                                          ValueRange{narrow}, maps, op.getIteratorTypesArray());
    rewriter.inlineRegionBefore(op.getRegion(), copy.getRegion(), copy.getRegion().begin());
    rewriter.replaceOpWithNewOp<tensor::ExpandShapeOp>(op, type, copy.getResult(0), groups);
    return success();
  }

  /// Puts each constant result of `map` into the group of a loop beside it; false if there is none,
  /// or no loop.
  static bool groupUnitResults(AffineMap map, ArrayRef<int64_t> shape,
                               SmallVectorImpl<ReassociationIndices> &groups,
                               SmallVectorImpl<AffineExpr> &kept) {
    ReassociationIndices leading;
    for (auto [i, result] : llvm::enumerate(map.getResults())) {
      auto index = static_cast<int64_t>(i);
      if (isa<AffineConstantExpr>(result) && shape[i] != 1) {
        return false;
      }
      if (!isa<AffineConstantExpr>(result)) {
        kept.push_back(result);
        groups.push_back(leading);
        groups.back().push_back(index);
        leading.clear();
      } else if (groups.empty()) {
        leading.push_back(index);
      } else {
        groups.back().push_back(index);
      }
    }
    return !kept.empty() && kept.size() < map.getNumResults();
  }
};

/// An init that is overwritten -> an empty tensor, which depends on nothing. Upstream's pattern of
/// that purpose does so too where parts of the init show in the result.
struct OverwrittenInitToEmpty : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    bool changed = false;
    for (OpOperand &init : op.getDpsInitsMutable()) {
      auto type = dyn_cast<RankedTensorType>(init.get().getType());
      if (!type || type.getEncoding() || init.get().getDefiningOp<tensor::EmptyOp>() ||
          !chameleon::overwritesInit(op, init)) {
        continue;
      }
      SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, op.getLoc(), init.get());
      Value empty = tensor::EmptyOp::create(rewriter, op.getLoc(), sizes, type.getElementType());
      rewriter.modifyOpInPlace(op, [&] { init.set(empty); });
      changed = true;
    }
    return success(changed);
  }

  /// Takes upstream's pattern out of `patterns`, whose class is not in a header.
  static void replaceUpstreams(RewritePatternSet &patterns) {
    llvm::erase_if(patterns.getNativePatterns(), [](const std::unique_ptr<RewritePattern> &each) {
      return each->getDebugName().ends_with("::RemoveOutsDependency");
    });
    patterns.add<OverwrittenInitToEmpty>(patterns.getContext());
  }
};

/// transpose(one number throughout) -> that number throughout: it stays the constant that it is.
struct TransposedSplat : OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op, PatternRewriter &rewriter) const override {
    std::optional<SmallVector<int64_t>> permutation = chameleon::permutationOf(op);
    Value constant;
    if (permutation) {
      constant = chameleon::permutedSplat(rewriter, op->getOperand(0), *permutation);
    }
    if (!constant || constant.getType() != op->getResult(0).getType()) {
      return rewriter.notifyMatchFailure(op, "no transpose of one number");
    }
    rewriter.replaceOp(op, constant);
    return success();
  }
};

/// Elementwise named ops -> linalg.generic, so that chains of them fuse.
struct GeneralizeElementwise : OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::LinalgOp op, PatternRewriter &rewriter) const override {
    if (isa<linalg::GenericOp, linalg::FillOp>(op.getOperation()) ||
        !chameleon::isElementwise(op)) {
      return rewriter.notifyMatchFailure(op, "no elementwise named op");
    }
    return linalg::generalizeNamedOp(rewriter, op);
  }
};

/// softmax and other aggregates -> the ops they stand for.
struct DecomposeAggregate : OpInterfaceRewritePattern<linalg::AggregatedOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(linalg::AggregatedOpInterface op,
                                PatternRewriter &rewriter) const override {
    if (!isa<linalg::SoftmaxOp>(op.getOperation())) {
      return rewriter.notifyMatchFailure(op, "only softmax is decomposed");
    }
    FailureOr<SmallVector<Value>> results = op.decomposeOperation(rewriter);
    if (failed(results)) {
      return failure();
    }
    rewriter.replaceOp(op, *results);
    return success();
  }
};

/// Whether the elementwise producer of `operand` should become part of its consumer, which is
/// elementwise too.
bool shouldFuseElementwise(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  if (!producer || !consumer || !chameleon::isElementwise(producer) ||
      consumer.getNumReductionLoops() != 0) {
    return false;
  }
  // A broadcast or a plain copy costs nothing to repeat; arithmetic runs once.
  bool onlyMoves = producer.getBody()->getOperations().size() == 1;
  bool expands = onlyMoves && producer.getNumDpsInputs() == 1 &&
                 producer.getIndexingMapsArray().front().getNumResults() < producer.getNumLoops();
  return expands || operand->get().hasOneUse();
}

/// Whether the elementwise producer of `operand` should become part of its consumer, a reduction:
/// not if it is the epilogue of a contraction or convolution, the only reader of its result.
bool shouldFuseIntoReduction(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  if (!producer || !consumer || !chameleon::isElementwise(producer) ||
      !operand->get().hasOneUse() || consumer.getNumReductionLoops() == 0 ||
      accumulatesSum(consumer)) {
    return false;
  }
  return llvm::none_of(producer->getOperands(), [](Value value) {
    auto op = value.getDefiningOp<linalg::LinalgOp>();
    return op && value.hasOneUse() && op.getNumReductionLoops() != 0 && accumulatesSum(op);
  });
}

struct NormalizePass : chameleon::impl::NormalizePassBase<NormalizePass> {
  using NormalizePassBase::NormalizePassBase;

  void runOnOperation() override {
    if (failed(fold()) || failed(fuse(shouldFuseElementwise))) {
      return fail();
    }
    // After named ops became generics, before comparisons go into reductions.
    chameleon::keepBooleansInBytes(getOperation());
    if (failed(fuse(shouldFuseIntoReduction))) {
      fail();
    }
  }

  void fail() {
    getOperation().emitOpError() << "did not reach a normal form";
    signalPassFailure();
  }

  /// The rewrites that look at named ops; they come before any of these becomes a generic.
  LogicalResult fold() {
    RewritePatternSet patterns(&getContext());
    patterns.add<InitToEpilogue, TransposedSplat, TransposeIntoMatmul<linalg::MatmulOp>,
                 TransposeIntoMatmul<linalg::BatchMatmulOp>, DecomposeAggregate>(&getContext());
    chameleon::populateLinesToImagesPatterns(patterns);
    if (groups) {
      chameleon::populateGroupedToDensePatterns(patterns);
    }
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }

  LogicalResult fuse(const linalg::ControlFusionFn &shouldFuse) {
    RewritePatternSet patterns(&getContext());
    patterns.add<GeneralizeElementwise, UnitExpandIntoMap, UnitResultToExpand>(&getContext());
    tensor::populateFoldTensorEmptyPatterns(patterns);
    linalg::FillOp::getCanonicalizationPatterns(patterns, &getContext());
    chameleon::populateNarrowComparisonPatterns(patterns);
    linalg::populateElementwiseOpsFusionPatterns(patterns, shouldFuse);
    linalg::populateFoldReshapeOpsByExpansionPatterns(patterns, chameleon::isImageOfOneRow);
    tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, &getContext());
    OverwrittenInitToEmpty::replaceUpstreams(patterns);
    linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }
};

} // namespace
