//===- OneDimensional.cpp - Windows over lines as windows over images -----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OneDimensional.h"
#include "OpMarks.h"
#include "chameleon/Dialect/Classify.h"
#include "chameleon/Dialect/Names.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace chameleon;

namespace {

/// Tensors with a dimension of one element more, at `dim`.
class AddedUnit {
public:
  AddedUnit(RewriterBase &rewriter, unsigned dim) : rewriter(rewriter), dim(dim) {}

  RankedTensorType typeOf(RankedTensorType type) const {
    SmallVector<int64_t> shape(type.getShape());
    shape.insert(shape.begin() + dim, 1);
    return type.clone(shape);
  }

  /// `value` with the dimension. It goes above a pad by one number, which schedules look for at the
  /// operand of a convolution.
  Value addTo(Value value) const {
    auto pad = value.getDefiningOp<tensor::PadOp>();
    if (!pad || !pad.getConstantPaddingValue() || !pad.getSourceType().hasStaticShape()) {
      return expand(value);
    }
    auto amounts = [&](SmallVector<OpFoldResult> values) {
      values.insert(values.begin() + dim, rewriter.getIndexAttr(0));
      return values;
    };
    return tensor::PadOp::create(rewriter, pad.getLoc(), typeOf(pad.getResultType()),
                                 expand(pad.getSource()), amounts(pad.getMixedLowPad()),
                                 amounts(pad.getMixedHighPad()), pad.getConstantPaddingValue(),
                                 pad.getNofold());
  }

  /// `value` without the dimension.
  Value removeFrom(Value value) const {
    auto rank = cast<RankedTensorType>(value.getType()).getRank() - 1;
    return tensor::CollapseShapeOp::create(rewriter, value.getLoc(), value, groups(rank));
  }

private:
  Value expand(Value value) const {
    auto type = cast<RankedTensorType>(value.getType());
    return tensor::ExpandShapeOp::create(rewriter, value.getLoc(), typeOf(type), value,
                                         groups(type.getRank()));
  }

  /// Of the dimensions of a tensor that has the one at `dim`, by those of one of rank `rank`
  /// without it: it is with the one that follows.
  SmallVector<ReassociationIndices> groups(int64_t rank) const {
    SmallVector<ReassociationIndices> result;
    for (int64_t with = 0; static_cast<int64_t>(result.size()) < rank; ++with) {
      result.push_back({with});
      if (with == dim) {
        result.back().push_back(++with);
      }
    }
    return result;
  }

  RewriterBase &rewriter;
  int64_t dim;
};

/// `Line` over lines that are dimension `LineDim` of its image and its result, with windows that
/// are dimension `WindowDim` of its second operand, becomes `Image`.
template <typename Line, typename Image, unsigned LineDim, unsigned WindowDim>
struct LineToImage : OpRewritePattern<Line> {
  using OpRewritePattern<Line>::OpRewritePattern;

  LogicalResult matchAndRewrite(Line op, PatternRewriter &rewriter) const override {
    if (!isStaticOnTensors(op) || isDecided(op) || op->hasAttr(kRootAttr)) {
      return rewriter.notifyMatchFailure(
          op, "expected tensors of static shape without encodings, and nothing decided");
    }
    auto fill = op.getDpsInits()[0].template getDefiningOp<linalg::FillOp>();
    if (!fill) {
      return rewriter.notifyMatchFailure(op, "expected a result that starts from a fill");
    }
    AddedUnit row(rewriter, LineDim), windowRow(rewriter, WindowDim);
    Location loc = op.getLoc();
    auto type = row.typeOf(cast<RankedTensorType>(op->getResult(0).getType()));
    Value empty = tensor::EmptyOp::create(rewriter, loc, type.getShape(), type.getElementType());
    Value start =
        linalg::FillOp::create(rewriter, loc, fill.getInputs().front(), empty).getResult(0);
    SmallVector<Value> inputs = {row.addTo(op->getOperand(0)), windowRow.addTo(op->getOperand(1))};
    auto withRow = [&](DenseIntElementsAttr amounts) {
      return rewriter.getI64VectorAttr({1, *amounts.getValues<int64_t>().begin()});
    };
    auto image = Image::create(rewriter, loc, TypeRange(type), inputs, ValueRange(start),
                               withRow(op.getStrides()), withRow(op.getDilations()));
    handOnMarks(op, image);
    rewriter.replaceOp(op, row.removeFrom(image->getResult(0)));
    return success();
  }
};

} // namespace

void chameleon::populateLinesToImagesPatterns(RewritePatternSet &patterns) {
  using namespace linalg;
  patterns.add<LineToImage<Conv1DNcwFcwOp, Conv2DNchwFchwOp, 2, 2>,
               LineToImage<Conv1DNwcWcfOp, Conv2DNhwcHwcfOp, 1, 0>,
               LineToImage<DepthwiseConv1DNcwCwOp, DepthwiseConv2DNchwChwOp, 2, 1>,
               LineToImage<DepthwiseConv1DNwcWcOp, DepthwiseConv2DNhwcHwcOp, 1, 0>,
               LineToImage<PoolingNcwMaxOp, PoolingNchwMaxOp, 2, 0>,
               LineToImage<PoolingNcwSumOp, PoolingNchwSumOp, 2, 0>,
               LineToImage<PoolingNwcMaxOp, PoolingNhwcMaxOp, 1, 0>,
               LineToImage<PoolingNwcMinOp, PoolingNhwcMinOp, 1, 0>,
               LineToImage<PoolingNwcSumOp, PoolingNhwcSumOp, 1, 0>>(patterns.getContext());
}

bool chameleon::isImageOfOneRow(OpOperand *operand) {
  auto collapse = operand->get().getDefiningOp<tensor::CollapseShapeOp>();
  auto owner = dyn_cast<linalg::LinalgOp>(operand->getOwner());
  if (!collapse || !owner || !isElementwise(owner) || !collapse->hasOneUse()) {
    return false;
  }
  auto root = collapse.getSrc().getDefiningOp<linalg::LinalgOp>();
  ArrayRef<int64_t> shape = collapse.getSrcType().getShape();
  bool dropsUnit =
      llvm::all_of(collapse.getReassociationIndices(), [&](const ReassociationIndices &group) {
        return llvm::count_if(group, [&](int64_t dim) { return shape[dim] != 1; }) <= 1;
      });
  return root && root->hasOneUse() && shape.size() == 4 && dropsUnit &&
         collapse.getResultType().getRank() == 3;
}
