//===- Naive.cpp - The plain loop nest ---------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Baselines.h"
#include "chameleon/Dialect/Names.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;

namespace chameleon {

LogicalResult makeNaive(ModuleOp module) {
  SmallVector<linalg::LinalgOp> named;
  module.walk([&](Operation *op) {
    for (const char *name : {kConfigAttr, kSpaceAttr, kMeasuredAttr})
      op->removeDiscardableAttr(name);
    auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
    if (linalgOp && !isa<linalg::GenericOp>(op) && linalgOp.hasPureTensorSemantics())
      named.push_back(linalgOp);
  });
  IRRewriter rewriter(module.getContext());
  for (linalg::LinalgOp op : named) {
    rewriter.setInsertionPoint(op);
    if (failed(linalg::generalizeNamedOp(rewriter, op)))
      return op->emitOpError("expected a structured op that has a loop nest");
  }
  return success();
}

} // namespace chameleon
