//===- TilingOps.cpp - Transform ops that tile ops of any rank ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Dialect/ChameleonTransformOps.h"
#include "chameleon/Dialect/Names.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;

namespace chameleon {

//===----------------------------------------------------------------------===//
// Loops and sizes
//===----------------------------------------------------------------------===//

/// Position of the last dimension of `map`'s range as a loop; nothing if it is no plain loop.
static std::optional<unsigned> innermostLoop(AffineMap map) {
  if (map.getNumResults() == 0) {
    return std::nullopt;
  }
  auto dim = dyn_cast<AffineDimExpr>(map.getResults().back());
  return dim ? std::optional<unsigned>(dim.getPosition()) : std::nullopt;
}

/// The loops that index the result of `op`, in the order of its dimensions; empty if they are no
/// plain loops.
static SmallVector<unsigned> resultLoops(TilingInterface op) {
  SmallVector<unsigned> loops;
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op.getOperation());
  if (!linalgOp) { // pack and unpack: one loop per outer dimension
    loops.resize(op.getLoopIteratorTypes().size());
    std::iota(loops.begin(), loops.end(), 0);
    return loops;
  }
  AffineMap map = linalgOp.getMatchingIndexingMap(linalgOp.getDpsInitOperand(0));
  for (AffineExpr result : map.getResults()) {
    auto dim = dyn_cast<AffineDimExpr>(result);
    if (!dim) {
      return {};
    }
    loops.push_back(dim.getPosition());
  }
  return loops;
}

/// The loop, other than that of the result's last dimension, along which an input is contiguous.
static std::optional<unsigned> acrossLoop(TilingInterface op, ArrayRef<unsigned> loops) {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op.getOperation());
  if (!linalgOp || loops.empty()) {
    return std::nullopt;
  }
  for (OpOperand *input : linalgOp.getDpsInputOperands()) {
    std::optional<unsigned> inner = innermostLoop(linalgOp.getMatchingIndexingMap(input));
    if (inner && *inner != loops.back() && llvm::is_contained(loops, *inner)) {
      return inner;
    }
  }
  return std::nullopt;
}

static SmallVector<int64_t> staticExtents(RewriterBase &rewriter, TilingInterface op) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  SmallVector<int64_t> extents;
  for (Range range : op.getIterationDomain(rewriter)) {
    extents.push_back(getConstantIntValue(range.size).value_or(ShapedType::kDynamic));
  }
  return extents;
}

/// One size per loop of an op with `extents`: of `loops` the last ones get `inner`, those before
/// them 1, all others 0. A loop whose tile is all of it stays whole (0).
static SmallVector<int64_t> sizesOf(ArrayRef<int64_t> extents, ArrayRef<unsigned> loops,
                                    ArrayRef<int64_t> inner) {
  SmallVector<int64_t> sizes(extents.size(), 0);
  for (auto [i, loop] : llvm::enumerate(loops)) {
    size_t fromEnd = loops.size() - 1 - i;
    int64_t size = fromEnd < inner.size() ? inner[inner.size() - 1 - fromEnd] : 1;
    sizes[loop] = size >= extents[loop] && !ShapedType::isDynamic(extents[loop]) ? 0 : size;
  }
  return sizes;
}

static bool tilesNothing(ArrayRef<int64_t> sizes) {
  return llvm::all_of(sizes, [](int64_t size) { return size == 0; });
}

static void append(SmallVectorImpl<Operation *> &all, ArrayRef<LoopLikeOpInterface> loops) {
  for (LoopLikeOpInterface loop : loops) {
    all.push_back(loop);
  }
}

static void eraseIfDead(RewriterBase &rewriter, Operation *op) {
  if (op->use_empty() && isOpTriviallyDead(op)) {
    rewriter.eraseOp(op);
  }
}

//===----------------------------------------------------------------------===//
// TileResultOp
//===----------------------------------------------------------------------===//

/// The order of the loops: those of the result in its order, then the rest.
static SmallVector<int64_t> resultOrder(ArrayRef<unsigned> loops, size_t numLoops) {
  SmallVector<int64_t> order(loops.begin(), loops.end());
  for (size_t loop = 0; loop < numLoops; ++loop) {
    if (!llvm::is_contained(loops, loop)) {
      order.push_back(static_cast<int64_t>(loop));
    }
  }
  return order;
}

/// Tiles `op` and takes the producers of its tiles along; adds the loops and gives the tiled op.
static FailureOr<Operation *> tileAndFuse(RewriterBase &rewriter, TilingInterface op,
                                          const scf::SCFTilingOptions &tiling, bool fuse,
                                          SmallVectorImpl<Operation *> &loops) {
  scf::SCFTileAndFuseOptions options;
  options.setTilingOptions(tiling);
  if (!fuse) {
    options.setFusionControlFn(
        [](tensor::ExtractSliceOp, OpResult,
           bool) -> std::optional<scf::SCFTileAndFuseOptions::ControlFnResult> {
          return std::nullopt;
        });
  }
  rewriter.setInsertionPoint(op);
  FailureOr<scf::SCFTileAndFuseResult> result =
      scf::tileConsumerAndFuseProducersUsingSCF(rewriter, op, options);
  if (failed(result)) {
    return failure();
  }
  for (OpResult old : op->getResults()) {
    if (Value replacement = result->replacements.lookup(old)) {
      rewriter.replaceAllUsesWith(old, replacement);
    }
  }
  append(loops, result->loops);
  Operation *tiled = result->tiledAndFusedOps.front();
  eraseIfDead(rewriter, op);
  for (Operation *producer : llvm::reverse(result->fusedProducers)) {
    eraseIfDead(rewriter, producer);
  }
  return tiled;
}

/// The sizes of the outer loops that may run in parallel: the first loops of the result as long as
/// their tiles divide them. The loop of the last dimension is left to vectors if another is tiled.
static SmallVector<int64_t> parallelSizes(ArrayRef<int64_t> sizes, ArrayRef<int64_t> extents,
                                          ArrayRef<unsigned> order) {
  SmallVector<int64_t> parallel(sizes.size(), 0);
  bool tilesOthers = order.size() > 1 && llvm::any_of(order.drop_back(), [&](unsigned loop) {
                       return sizes[loop] != 0;
                     });
  ArrayRef<unsigned> outer = tilesOthers ? order.drop_back() : order;
  for (unsigned loop : outer) {
    bool whole = sizes[loop] == 0;
    if (!whole && (ShapedType::isDynamic(extents[loop]) || extents[loop] % sizes[loop] != 0)) {
      break;
    }
    parallel[loop] = sizes[loop];
  }
  return parallel;
}

/// Tiles `op` by `sizes` with loops in the order of its result; adds those that are `scf.for`.
static FailureOr<Operation *> tileInOrder(RewriterBase &rewriter, TilingInterface op,
                                          ArrayRef<int64_t> sizes, ArrayRef<unsigned> order,
                                          scf::SCFTilingOptions::LoopType kind, bool fuse,
                                          SmallVectorImpl<Operation *> &loops) {
  scf::SCFTilingOptions options;
  options.setTileSizes(getAsIndexOpFoldResult(op->getContext(), sizes));
  options.setLoopType(kind);
  if (kind == scf::SCFTilingOptions::LoopType::ForOp) {
    options.setInterchange(resultOrder(order, sizes.size()));
    return tileAndFuse(rewriter, op, options, fuse, loops);
  }
  SmallVector<Operation *> parallelLoops;
  return tileAndFuse(rewriter, op, options, fuse, parallelLoops);
}

DiagnosedSilenceableFailure TileResultOp::apply(transform::TransformRewriter &rewriter,
                                                transform::TransformResults &results,
                                                transform::TransformState &state) {
  using LoopType = scf::SCFTilingOptions::LoopType;
  SmallVector<Operation *> tiled;
  SmallVector<Operation *> loops;
  for (Operation *target : state.getPayloadOps(getTarget())) {
    auto op = dyn_cast<TilingInterface>(target);
    if (!op) {
      return emitDefiniteFailure()
             << "expected an op that can be tiled, but got " << target->getName();
    }
    SmallVector<unsigned> order = resultLoops(op);
    if (order.empty() && target->getNumResults() != 0 &&
        cast<ShapedType>(target->getResult(0).getType()).getRank() != 0) {
      return emitDefiniteFailure() << "expected an op whose result is indexed by plain loops, but "
                                   << target->getName() << " is none";
    }
    if (std::optional<unsigned> across = getAcross() ? acrossLoop(op, order) : std::nullopt) {
      order.erase(llvm::find(order, *across));
      order.insert(std::prev(order.end()), *across);
    }
    SmallVector<int64_t> extents = staticExtents(rewriter, op);
    SmallVector<int64_t> sizes = sizesOf(extents, order, getInnerSizes());
    SmallVector<int64_t> parallel = parallelSizes(sizes, extents, order);
    FailureOr<Operation *> tile = target;
    bool mayFork = getParallel() && !target->getParentOfType<scf::ForallOp>();
    if (mayFork && !tilesNothing(parallel)) {
      tile = tileInOrder(rewriter, op, parallel, order, LoopType::ForallOp, getFuse(), loops);
      for (auto [size, done] : llvm::zip(sizes, parallel)) {
        size = done == 0 ? size : 0;
      }
    }
    if (succeeded(tile) && !tilesNothing(sizes)) {
      tile = tileInOrder(rewriter, cast<TilingInterface>(*tile), sizes, order, LoopType::ForOp,
                         getFuse(), loops);
    }
    if (failed(tile)) {
      return emitDefiniteFailure() << "cannot tile " << target->getName();
    }
    tiled.push_back(*tile);
  }
  results.set(cast<OpResult>(getTiled()), tiled);
  results.set(cast<OpResult>(getLoops()), loops);
  return DiagnosedSilenceableFailure::success();
}

void TileResultOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  transform::consumesHandle(getTargetMutable(), effects);
  transform::producesHandle(getOperation()->getOpResults(), effects);
  transform::modifiesPayload(effects);
}

//===----------------------------------------------------------------------===//
// TileReductionsOp
//===----------------------------------------------------------------------===//

static SmallVector<unsigned> reductionLoops(TilingInterface op) {
  SmallVector<unsigned> loops;
  for (auto [i, iterator] : llvm::enumerate(op.getLoopIteratorTypes())) {
    if (iterator == utils::IteratorType::reduction) {
      loops.push_back(i);
    }
  }
  return loops;
}

/// Whether all reduction loops together have no more steps than a tile.
static bool fitsOneTile(ArrayRef<int64_t> extents, ArrayRef<unsigned> reductions,
                        ArrayRef<int64_t> inner) {
  int64_t steps = 1;
  for (unsigned loop : reductions) {
    if (ShapedType::isDynamic(extents[loop])) {
      return false;
    }
    steps *= extents[loop];
  }
  return steps <= computeProduct(inner);
}

/// `sizes` with the extents of reduction loops that stay whole: tiles of partial sums span them.
static SmallVector<int64_t> wholeAsSizes(ArrayRef<int64_t> sizes, ArrayRef<int64_t> extents,
                                         ArrayRef<unsigned> reductions) {
  SmallVector<int64_t> result(sizes);
  for (unsigned loop : reductions) {
    result[loop] = result[loop] == 0 ? extents[loop] : result[loop];
  }
  return result;
}

/// Tiles the reduction loops of `op`; in parts if `partial` and possible.
static FailureOr<Operation *> tileReductions(RewriterBase &rewriter, TilingInterface op,
                                             ArrayRef<int64_t> sizes, ArrayRef<int64_t> extents,
                                             ArrayRef<unsigned> reductions, bool partial,
                                             SmallVectorImpl<Operation *> &loops) {
  scf::SCFTilingOptions options;
  options.setTileSizes(getAsIndexOpFoldResult(op->getContext(), sizes));
  auto inParts = dyn_cast<PartialReductionOpInterface>(op.getOperation());
  FailureOr<scf::SCFTilingResult> result = failure();
  rewriter.setInsertionPoint(op);
  if (partial && inParts) {
    scf::SCFTilingOptions split;
    split.setTileSizes(
        getAsIndexOpFoldResult(op->getContext(), wholeAsSizes(sizes, extents, reductions)));
    split.setReductionTilingStrategy(ReductionTilingStrategy::PartialReductionOuterReduction);
    split.setReductionDims(reductions);
    result = scf::tileUsingSCF(rewriter, op, split);
  }
  if (failed(result)) {
    result = scf::tileUsingSCF(rewriter, op, options);
  }
  if (failed(result)) {
    return failure();
  }
  append(loops, result->loops);
  Operation *tiled = result->tiledOps.back();
  rewriter.replaceOp(op, result->replacements);
  return tiled;
}

DiagnosedSilenceableFailure TileReductionsOp::apply(transform::TransformRewriter &rewriter,
                                                    transform::TransformResults &results,
                                                    transform::TransformState &state) {
  SmallVector<Operation *> tiled;
  SmallVector<Operation *> loops;
  for (Operation *target : state.getPayloadOps(getTarget())) {
    auto op = dyn_cast<TilingInterface>(target);
    if (!op) {
      return emitDefiniteFailure()
             << "expected an op that can be tiled, but got " << target->getName();
    }
    SmallVector<unsigned> reductions = reductionLoops(op);
    SmallVector<int64_t> extents = staticExtents(rewriter, op);
    SmallVector<int64_t> sizes = sizesOf(extents, reductions, getInnerSizes());
    if (tilesNothing(sizes) ||
        (getPartial() && fitsOneTile(extents, reductions, getInnerSizes()))) {
      tiled.push_back(target);
      continue;
    }
    FailureOr<Operation *> tile =
        tileReductions(rewriter, op, sizes, extents, reductions, getPartial(), loops);
    if (failed(tile)) {
      return emitDefiniteFailure() << "cannot tile " << target->getName();
    }
    tiled.push_back(*tile);
  }
  results.set(cast<OpResult>(getTiled()), tiled);
  results.set(cast<OpResult>(getLoops()), loops);
  return DiagnosedSilenceableFailure::success();
}

void TileReductionsOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  transform::consumesHandle(getTargetMutable(), effects);
  transform::producesHandle(getOperation()->getOpResults(), effects);
  transform::modifiesPayload(effects);
}

} // namespace chameleon
