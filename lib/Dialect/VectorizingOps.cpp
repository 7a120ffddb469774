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
#include "mlir/Dialect/Utils/IndexingUtils.h"
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

/// A read of a whole slice whose last dimensions are those of the vector.
struct StridedRead {
  vector::TransferReadOp op;
  tensor::ExtractSliceOp slice;
  int64_t rank = 0;   // of the vector
  int64_t lanes = 0;  // along the last dimension
  int64_t stride = 0; // of the last dimension

  int64_t spanned() const { return (lanes - 1) * stride + 1; }
  /// Where the i-th contiguous read starts; the last one ends with the last element spanned.
  int64_t pieceStart(int64_t i) const { return std::min(i * lanes, spanned() - lanes); }
  /// The vector's dimensions but for the last.
  ArrayRef<int64_t> rows() const {
    tensor::ExtractSliceOp taken = slice;
    return taken.getType().getShape().take_back(rank).drop_back();
  }
};

/// transfer_read of a strided slice -> contiguous reads and shuffles, row by row.
struct ReadContiguously : OpRewritePattern<vector::TransferReadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(vector::TransferReadOp op,
                                PatternRewriter &rewriter) const override {
    std::optional<StridedRead> read = match(op);
    if (!read) {
      return rewriter.notifyMatchFailure(op, "no whole read of a slice with strides");
    }
    SmallVector<int64_t> strides = computeStrides(read->rows());
    Value first = readRow(rewriter, *read, SmallVector<int64_t>(strides.size(), 0));
    if (strides.empty()) {
      rewriter.replaceOp(op, first);
      return success();
    }
    // Not a chain of inserts of all rows: that would be folded to a list of single elements.
    Value result = vector::BroadcastOp::create(rewriter, op.getLoc(), op.getVectorType(), first);
    for (int64_t i = 1, rows = computeProduct(read->rows()); i < rows; ++i) {
      SmallVector<int64_t> row = delinearize(i, strides);
      result = vector::InsertOp::create(rewriter, op.getLoc(), readRow(rewriter, *read, row),
                                        result, row);
    }
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  static constexpr int64_t kMaxRows = 32;

  static std::optional<StridedRead> match(vector::TransferReadOp op) {
    auto slice = op.getBase().getDefiningOp<tensor::ExtractSliceOp>();
    VectorType type = op.getVectorType();
    if (!slice || type.getRank() == 0 || type.isScalable() || op.getMask() ||
        op.hasOutOfBoundsDim() || !op.getPermutationMap().isMinorIdentity() ||
        slice.getType().getRank() != slice.getSourceType().getRank() ||
        slice.getType().getShape().take_back(type.getRank()) != type.getShape() ||
        !llvm::all_of(op.getIndices(), [](Value i) { return isConstantIntValue(i, 0); })) {
      return std::nullopt;
    }
    StridedRead read{op, slice, type.getRank(), type.getShape().back(),
                     slice.getStaticStrides().back()};
    bool strided =
        llvm::any_of(slice.getStaticStrides(), [](int64_t stride) { return stride > 1; });
    bool known = llvm::none_of(slice.getStaticStrides(), ShapedType::isDynamic);
    bool small = computeProduct(read.rows()) <= kMaxRows && read.stride <= read.lanes;
    return strided && known && small ? std::optional<StridedRead>(read) : std::nullopt;
  }

  /// The vector of one row, from as many contiguous reads as the stride.
  static Value readRow(PatternRewriter &rewriter, const StridedRead &read, ArrayRef<int64_t> row) {
    Value result = readPiece(rewriter, read, row, 0);
    for (int64_t piece = 1; piece < read.stride; ++piece) {
      Value source = readPiece(rewriter, read, row, piece);
      result = vector::ShuffleOp::create(rewriter, source.getLoc(), result, source,
                                         shuffleMask(read, piece));
    }
    return result;
  }

  /// Takes from the second operand, read number `piece`, the elements that it is the first to hold.
  /// The first operand is read number 0, or what was gathered before.
  static SmallVector<int64_t> shuffleMask(const StridedRead &read, int64_t piece) {
    SmallVector<int64_t> mask;
    for (int64_t lane = 0; lane < read.lanes; ++lane) {
      int64_t element = lane * read.stride;
      bool held = element - read.pieceStart(piece - 1) < read.lanes;
      int64_t kept = piece == 1 ? std::min(element, read.lanes - 1) : lane;
      int64_t taken = std::min(element - read.pieceStart(piece), read.lanes - 1);
      mask.push_back(held ? kept : read.lanes + taken);
    }
    return mask;
  }

  /// The contiguous read number `piece` of `row`.
  static Value readPiece(PatternRewriter &rewriter, const StridedRead &read, ArrayRef<int64_t> row,
                         int64_t piece) {
    vector::TransferReadOp op = read.op;
    tensor::ExtractSliceOp slice = read.slice;
    SmallVector<int64_t> starts(slice.getType().getRank(), 0);
    size_t firstRow = starts.size() - 1 - row.size();
    for (auto [i, position] : llvm::enumerate(row)) {
      starts[firstRow + i] = position * slice.getStaticStride(firstRow + i);
    }
    starts.back() = read.pieceStart(piece);
    SmallVector<Value> indices;
    for (auto [start, offset] : llvm::zip(starts, slice.getMixedOffsets())) {
      AffineExpr sum = rewriter.getAffineSymbolExpr(0) + start;
      indices.push_back(getValueOrCreateConstantIndexOp(
          rewriter, op.getLoc(),
          affine::makeComposedFoldedAffineApply(rewriter, op.getLoc(), sum, offset)));
    }
    auto type = VectorType::get({read.lanes}, op.getVectorType().getElementType());
    return vector::TransferReadOp::create(
        rewriter, op.getLoc(), type, slice.getSource(), indices,
        AffineMap::getMinorIdentityMap(starts.size(), 1, rewriter.getContext()), op.getPadding(),
        /*mask=*/Value(), rewriter.getBoolArrayAttr({true}));
  }
};

} // namespace

void StridedReadsOp::populatePatterns(RewritePatternSet &patterns) {
  patterns.add<ReadContiguously>(patterns.getContext());
}

} // namespace chameleon
