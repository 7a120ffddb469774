//===- GroupedConvolutions.cpp - Grouped convolutions as dense ones -------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GroupedConvolutions.h"
#include "ConstantArguments.h"
#include "OpMarks.h"
#include "chameleon/Dialect/Names.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/IR/LinalgInterfaces.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace chameleon;

namespace {

/// More of them, or smaller ones, stay together: calls and copies would cost more than they gain.
constexpr int64_t kMostGroups = 64;
constexpr int64_t kLeastChannels = 4; // of the result, in a group

/// One group of a tensor, without the dimension of the groups.
class GroupSlice {
public:
  GroupSlice(Value whole, unsigned dim, int64_t group) : whole(whole) {
    Builder builder(whole.getContext());
    auto wholeType = cast<RankedTensorType>(whole.getType());
    offsets.assign(wholeType.getRank(), builder.getIndexAttr(0));
    offsets[dim] = builder.getIndexAttr(group);
    sizes = getAsIndexOpFoldResult(builder.getContext(), wholeType.getShape());
    sizes[dim] = builder.getIndexAttr(1);
    strides.assign(wholeType.getRank(), builder.getIndexAttr(1));
    SmallVector<int64_t> shape(wholeType.getShape());
    shape.erase(shape.begin() + dim);
    type = wholeType.clone(shape);
  }

  RankedTensorType getType() const { return type; }
  Value extract(RewriterBase &rewriter) const {
    return tensor::ExtractSliceOp::create(rewriter, whole.getLoc(), type, whole, offsets, sizes,
                                          strides);
  }
  /// The whole with `part` in its place.
  Value insert(RewriterBase &rewriter, Value part) const {
    return tensor::InsertSliceOp::create(rewriter, part.getLoc(), part, whole, offsets, sizes,
                                         strides);
  }

private:
  Value whole;
  RankedTensorType type;
  SmallVector<OpFoldResult> offsets, sizes, strides;
};

/// Whether `value` may be known before the call, as the schedules of dense convolutions need their
/// weights to be: a constant or an argument.
bool mayBeConstant(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isViewOp(op)) {
      return isConstantValue(value);
    }
    value = op->getOperand(0);
  }
  auto argument = cast<BlockArgument>(value);
  return argument.getOwner()->isEntryBlock() &&
         isa<func::FuncOp>(argument.getOwner()->getParentOp());
}

/// Why `op` stays as it is; null if it does not.
const char *whyNotSplit(linalg::LinalgOp op, const linalg::ConvolutionDimensions &dims) {
  if (!isStaticOnTensors(op) ||
      getElementTypeOrSelf(op->getOperand(0).getType()).getIntOrFloatBitWidth() % 8 != 0) {
    return "expected tensors of static shape, without encodings, of elements that fill bytes";
  }
  if (isDecided(op) || op->hasAttr(kRootAttr)) {
    return "a schedule is chosen, or it is the root of a task";
  }
  auto fill = op.getDpsInits()[0].getDefiningOp<linalg::FillOp>();
  if (!fill || !mayBeConstant(op->getOperand(1))) {
    return "expected a sum that starts from a fill, and weights that may be constant";
  }
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  bool few = ranges[dims.depth.front()] <= kMostGroups;
  return few && ranges[dims.outputChannel.front()] >= kLeastChannels
             ? nullptr
             : "the groups are many or small";
}

template <typename GroupedOp, typename DenseOp>
struct GroupedToDense : OpRewritePattern<GroupedOp> {
  using OpRewritePattern<GroupedOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(GroupedOp op, PatternRewriter &rewriter) const override {
    FailureOr<linalg::ConvolutionDimensions> dims = linalg::inferConvolutionDims(op);
    if (failed(dims)) {
      return rewriter.notifyMatchFailure(op, "no convolution");
    }
    if (const char *reason = whyNotSplit(op, *dims)) {
      return rewriter.notifyMatchFailure(op, reason);
    }
    AffineExpr groupLoop = rewriter.getAffineDimExpr(dims->depth.front());
    auto sliceOf = [&](OpOperand &operand, Value whole, int64_t group) {
      AffineMap map = op.getMatchingIndexingMap(&operand);
      return GroupSlice(whole, *map.getResultPosition(groupLoop), group);
    };
    OpOperand &init = *op.getDpsInitOperand(0);
    Value start = init.get().template getDefiningOp<linalg::FillOp>().getInputs().front();
    Location loc = op.getLoc();
    auto empty = [&](Type type) -> Value {
      auto tensor = cast<RankedTensorType>(type);
      return tensor::EmptyOp::create(rewriter, loc, tensor.getShape(), tensor.getElementType());
    };
    Value all = empty(init.get().getType());
    int64_t groups = op.getStaticLoopRanges()[dims->depth.front()];
    for (int64_t group = 0; group < groups; ++group) {
      SmallVector<Value> inputs;
      for (OpOperand *input : op.getDpsInputOperands()) {
        inputs.push_back(sliceOf(*input, input->get(), group).extract(rewriter));
      }
      GroupSlice result = sliceOf(init, all, group);
      Value fill =
          linalg::FillOp::create(rewriter, loc, start, empty(result.getType())).getResult(0);
      auto dense = DenseOp::create(rewriter, loc, result.getType(), inputs, fill, op.getStrides(),
                                   op.getDilations());
      handOnMarks(op, dense);
      all = result.insert(rewriter, dense.getResult(0));
    }
    rewriter.replaceOp(op, all);
    return success();
  }
};

} // namespace

void chameleon::populateGroupedToDensePatterns(RewritePatternSet &patterns) {
  patterns.add<GroupedToDense<linalg::Conv2DNgchwGfchwOp, linalg::Conv2DNchwFchwOp>,
               GroupedToDense<linalg::Conv2DNgchwFgchwOp, linalg::Conv2DNchwFchwOp>,
               GroupedToDense<linalg::Conv2DNhwgcGfhwcOp, linalg::Conv2DNhwcFhwcOp>>(
      patterns.getContext());
}
