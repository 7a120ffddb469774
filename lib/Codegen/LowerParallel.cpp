//===- LowerParallel.cpp - scf.forall to sequential or parallel loops --===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/Transforms.h"
#include "mlir/IR/PatternMatch.h"

namespace chameleon {
#define GEN_PASS_DEF_LOWERPARALLEL
#include "chameleon/Codegen/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

bool isInsideParallelLoop(Operation *op) {
  return op->getParentOfType<scf::ForallOp>() || op->getParentOfType<scf::ParallelOp>();
}

/// A parallel loop without reductions as nested sequential loops.
LogicalResult parallelToFor(RewriterBase &rewriter, scf::ParallelOp loop) {
  if (loop.getNumResults() != 0)
    return loop.emitOpError("expected no reductions in a sequential lowering, but got ")
           << loop.getNumResults();
  rewriter.setInsertionPoint(loop);
  scf::LoopNest nest = scf::buildLoopNest(rewriter, loop.getLoc(), loop.getLowerBound(),
                                          loop.getUpperBound(), loop.getStep());
  SmallVector<Value> ivs;
  for (scf::ForOp inner : nest.loops)
    ivs.push_back(inner.getInductionVar());
  rewriter.eraseOp(loop.getBody()->getTerminator());
  rewriter.inlineBlockBefore(loop.getBody(), nest.loops.back().getBody()->getTerminator(), ivs);
  rewriter.eraseOp(loop);
  return success();
}

struct LowerParallelPass : chameleon::impl::LowerParallelBase<LowerParallelPass> {
  using LowerParallelBase::LowerParallelBase;

  void runOnOperation() override {
    SmallVector<Operation *> loops; // inner ones first
    getOperation().walk([&](Operation *op) {
      if (isa<scf::ForallOp, scf::ParallelOp>(op))
        loops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (Operation *loop : loops)
      if (failed(lower(rewriter, loop)))
        return signalPassFailure();
  }

  LogicalResult lower(RewriterBase &rewriter, Operation *op) {
    bool parallel = threads > 1 && !isInsideParallelLoop(op);
    rewriter.setInsertionPoint(op);
    if (auto forall = dyn_cast<scf::ForallOp>(op)) {
      if (parallel)
        return scf::forallToParallelLoop(rewriter, forall);
      return scf::forallToForLoop(rewriter, forall);
    }
    return parallel ? success() : parallelToFor(rewriter, cast<scf::ParallelOp>(op));
  }
};

} // namespace
