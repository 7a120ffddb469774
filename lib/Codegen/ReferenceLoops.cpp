//===- ReferenceLoops.cpp - Loop orders that LLVM vectorizes -----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ReferenceLoops.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;

namespace chameleon {

namespace {

/// The loop along the last dimension of the result, the longest such if extents are 1; nothing for
/// results of one element.
std::optional<unsigned> innermostLoop(linalg::GenericOp op) {
  AffineMap map = op.getIndexingMapsArray().back();
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  for (AffineExpr result : llvm::reverse(map.getResults())) {
    auto dim = dyn_cast<AffineDimExpr>(result);
    if (dim && extents[dim.getPosition()] != 1)
      return dim.getPosition();
  }
  return std::nullopt;
}

/// Transposes input `operand` so that its dimension number `dim` is the last.
void moveDimensionLast(RewriterBase &rewriter, linalg::GenericOp op, OpOperand &operand,
                       unsigned dim) {
  auto type = cast<RankedTensorType>(operand.get().getType());
  SmallVector<int64_t> permutation;
  for (int64_t i = 0; i < type.getRank(); ++i)
    if (i != dim)
      permutation.push_back(i);
  permutation.push_back(dim);
  SmallVector<int64_t> shape;
  SmallVector<AffineExpr> results;
  AffineMap map = op.getMatchingIndexingMap(&operand);
  for (int64_t source : permutation) {
    shape.push_back(type.getDimSize(source));
    results.push_back(map.getResult(source));
  }
  rewriter.setInsertionPoint(op);
  Value empty = tensor::EmptyOp::create(rewriter, op.getLoc(), shape, type.getElementType());
  auto transposed =
      linalg::TransposeOp::create(rewriter, op.getLoc(), operand.get(), empty, permutation);
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  maps[operand.getOperandNumber()] = AffineMap::get(map.getNumDims(), 0, results, op.getContext());
  operand.set(transposed->getResult(0));
  op.setIndexingMapsAttr(rewriter.getAffineMapArrayAttr(maps));
}

void makeContiguous(RewriterBase &rewriter, linalg::GenericOp op, unsigned loop) {
  for (OpOperand *operand : op.getDpsInputOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand->get().getType());
    if (!type || !type.hasStaticShape())
      continue;
    AffineMap map = op.getMatchingIndexingMap(operand);
    for (unsigned dim = 0; dim + 1 < map.getNumResults(); ++dim)
      if (map.getResult(dim) == rewriter.getAffineDimExpr(loop)) {
        moveDimensionLast(rewriter, op, *operand, dim);
        break;
      }
  }
}

SmallVector<unsigned> loopOrder(linalg::GenericOp op, unsigned last) {
  SmallVector<unsigned> order;
  for (auto kind : {utils::IteratorType::parallel, utils::IteratorType::reduction})
    for (auto [loop, iterator] : llvm::enumerate(op.getIteratorTypesArray()))
      if (iterator == kind && loop != last)
        order.push_back(loop);
  order.push_back(last);
  return order;
}

} // namespace

void orderReferenceLoops(func::FuncOp function) {
  SmallVector<linalg::GenericOp> reductions;
  function.walk([&](linalg::GenericOp op) {
    if (op.getNumReductionLoops() > 0 && op.hasPureTensorSemantics())
      reductions.push_back(op);
  });
  IRRewriter rewriter(function.getContext());
  for (linalg::GenericOp op : reductions) {
    std::optional<unsigned> last = innermostLoop(op);
    if (!last)
      continue;
    makeContiguous(rewriter, op, *last);
    rewriter.setInsertionPoint(op);
    (void)linalg::interchangeGenericOp(rewriter, op, loopOrder(op, *last));
  }
}

} // namespace chameleon
