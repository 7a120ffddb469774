//===- VectorizingOps.cpp - Transform ops that vectorize ------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Dialect/ChameleonTransformOps.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;

namespace chameleon {

//===----------------------------------------------------------------------===//
// VectorizeOp
//===----------------------------------------------------------------------===//

/// The stride of `expr` if it is `d * c` with c > 1.
static std::optional<int64_t> constantStride(AffineExpr expr) {
  auto product = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!product || product.getKind() != AffineExprKind::Mul ||
      !isa<AffineDimExpr>(product.getLHS())) {
    return std::nullopt;
  }
  auto factor = dyn_cast<AffineConstantExpr>(product.getRHS());
  return factor && factor.getValue() > 1 ? std::optional<int64_t>(factor.getValue()) : std::nullopt;
}

/// Makes input `operand` of `op` a slice that takes every n-th element, where its map has `d * n`.
static void readThroughSlice(RewriterBase &rewriter, linalg::GenericOp op, OpOperand *operand) {
  AffineMap map = op.getMatchingIndexingMap(operand);
  auto type = dyn_cast<RankedTensorType>(operand->get().getType());
  if (!type || !type.hasStaticShape() || !llvm::any_of(map.getResults(), constantStride)) {
    return;
  }
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<AffineExpr> results;
  SmallVector<int64_t> sizes;
  SmallVector<int64_t> strides;
  for (auto [expr, size] : llvm::zip(map.getResults(), type.getShape())) {
    std::optional<int64_t> stride = constantStride(expr);
    AffineExpr dim = stride ? cast<AffineBinaryOpExpr>(expr).getLHS() : expr;
    results.push_back(dim);
    sizes.push_back(stride ? extents[cast<AffineDimExpr>(dim).getPosition()] : size);
    strides.push_back(stride.value_or(1));
  }
  rewriter.setInsertionPoint(op);
  MLIRContext *context = op.getContext();
  SmallVector<OpFoldResult> offsets(sizes.size(), rewriter.getIndexAttr(0));
  Value slice = tensor::ExtractSliceOp::create(rewriter, op.getLoc(), operand->get(), offsets,
                                               getAsIndexOpFoldResult(context, sizes),
                                               getAsIndexOpFoldResult(context, strides));
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  maps[operand->getOperandNumber()] = AffineMap::get(map.getNumDims(), 0, results, context);
  rewriter.modifyOpInPlace(op, [&] {
    operand->set(slice);
    op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
  });
}

/// Elements of the whole iteration space; nothing if a loop is not static.
static std::optional<int64_t> spannedElements(linalg::LinalgOp op) {
  int64_t elements = 1;
  for (int64_t extent : op.getStaticLoopRanges()) {
    if (ShapedType::isDynamic(extent)) {
      return std::nullopt;
    }
    elements *= extent;
  }
  return elements;
}

static void vectorizeIfPossible(RewriterBase &rewriter, linalg::LinalgOp op, int64_t maxElements) {
  std::optional<int64_t> elements = spannedElements(op);
  if (!elements || *elements > maxElements) {
    return;
  }
  if (auto generic = dyn_cast<linalg::GenericOp>(op.getOperation())) {
    for (OpOperand *input : generic.getDpsInputOperands()) {
      readThroughSlice(rewriter, generic, input);
    }
  }
  if (failed(linalg::vectorizeOpPrecondition(op))) {
    return;
  }
  rewriter.setInsertionPoint(op);
  FailureOr<linalg::VectorizationResult> result =
      linalg::vectorize(rewriter, op, /*inputVectorSizes=*/{}, /*inputScalableVecDims=*/{},
                        /*vectorizeNDExtract=*/false, /*flatten1DDepthwiseConv=*/false,
                        /*assumeDynamicDimsMatchVecSizes=*/false, /*createNamedContraction=*/true);
  if (succeeded(result)) {
    rewriter.replaceOp(op, result->replacements);
  }
}

DiagnosedSilenceableFailure VectorizeOp::apply(transform::TransformRewriter &rewriter,
                                               transform::TransformResults &results,
                                               transform::TransformState &state) {
  for (Operation *target : state.getPayloadOps(getTarget())) {
    SmallVector<linalg::LinalgOp> ops;
    target->walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops) {
      vectorizeIfPossible(rewriter, op, getMaxElements());
    }
  }
  return DiagnosedSilenceableFailure::success();
}

void VectorizeOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  transform::onlyReadsHandle(getTargetMutable(), effects);
  transform::modifiesPayload(effects);
}

//===----------------------------------------------------------------------===//
// StridedReadsOp
//===----------------------------------------------------------------------===//

namespace {

/// A read of `lanes` elements, `stride` apart, along dimension `dim` of `slice`'s source.
struct StridedRead {
  tensor::ExtractSliceOp slice;
  int64_t dim = 0;
  int64_t lanes = 0;
  int64_t stride = 0;

  int64_t spanned() const { return (lanes - 1) * stride + 1; }
  /// Where the i-th contiguous read starts; the last one ends with the last element spanned.
  int64_t pieceStart(int64_t i) const { return std::min(i * lanes, spanned() - lanes); }
};

/// transfer_read of a strided slice -> contiguous reads and shuffles.
struct ReadContiguously : OpRewritePattern<vector::TransferReadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(vector::TransferReadOp op,
                                PatternRewriter &rewriter) const override {
    std::optional<StridedRead> read = match(op);
    if (!read) {
      return rewriter.notifyMatchFailure(op, "no whole read along one strided dimension");
    }
    Value result;
    for (int64_t piece = 0; piece < read->stride; ++piece) {
      Value source = readPiece(rewriter, op, *read, piece);
      Value before = result ? result : source;
      result = vector::ShuffleOp::create(rewriter, op.getLoc(), before, source,
                                         shuffleMask(*read, piece, !result));
    }
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  static std::optional<StridedRead> match(vector::TransferReadOp op) {
    auto slice = op.getBase().getDefiningOp<tensor::ExtractSliceOp>();
    VectorType type = op.getVectorType();
    bool whole = slice && type.getRank() == 1 && !type.isScalable() && !op.getMask() &&
                 !op.hasOutOfBoundsDim() &&
                 slice.getType().getRank() == slice.getSourceType().getRank() &&
                 llvm::all_of(op.getIndices(), [](Value i) { return isConstantIntValue(i, 0); });
    auto dim = whole ? dyn_cast<AffineDimExpr>(op.getPermutationMap().getResult(0)) : AffineExpr();
    if (!dim) {
      return std::nullopt;
    }
    StridedRead read{slice, static_cast<int64_t>(cast<AffineDimExpr>(dim).getPosition()),
                     type.getNumElements(), 1};
    ArrayRef<int64_t> strides = slice.getStaticStrides();
    read.stride = strides[read.dim];
    bool readsAll = slice.getType().getDimSize(read.dim) >= read.lanes;
    return readsAll && read.stride > 1 && read.stride <= read.lanes
               ? std::optional<StridedRead>(read)
               : std::nullopt;
  }

  /// Takes from the second operand, read number `piece`, the elements that it is the first to hold,
  /// and the others as they are (all from the second operand if `first`: what comes later fills
  /// in).
  static SmallVector<int64_t> shuffleMask(const StridedRead &read, int64_t piece, bool first) {
    SmallVector<int64_t> mask;
    for (int64_t lane = 0; lane < read.lanes; ++lane) {
      int64_t wanted = lane * read.stride - read.pieceStart(piece);
      int64_t previous = first ? -1 : lane * read.stride - read.pieceStart(piece - 1);
      bool isNew = wanted >= 0 && wanted < read.lanes && previous >= (first ? -1 : read.lanes);
      mask.push_back(isNew ? read.lanes + wanted : lane);
    }
    return mask;
  }

  /// The contiguous read number `piece`.
  static Value readPiece(PatternRewriter &rewriter, vector::TransferReadOp op,
                         const StridedRead &read, int64_t piece) {
    Location loc = op.getLoc();
    tensor::ExtractSliceOp slice = read.slice;
    SmallVector<Value> indices;
    for (auto [i, offset] : llvm::enumerate(slice.getMixedOffsets())) {
      int64_t start = static_cast<int64_t>(i) == read.dim ? read.pieceStart(piece) : 0;
      AffineExpr sum = rewriter.getAffineSymbolExpr(0) + start;
      indices.push_back(getValueOrCreateConstantIndexOp(
          rewriter, loc, affine::makeComposedFoldedAffineApply(rewriter, loc, sum, offset)));
    }
    return vector::TransferReadOp::create(rewriter, loc, op.getVectorType(), slice.getSource(),
                                          indices, AffineMapAttr::get(op.getPermutationMap()),
                                          op.getPadding(), /*mask=*/Value(), op.getInBoundsAttr());
  }
};

} // namespace

void StridedReadsOp::populatePatterns(RewritePatternSet &patterns) {
  patterns.add<ReadContiguously>(patterns.getContext());
}

} // namespace chameleon
