//===- InlineAllocaScopes.cpp - Scopes without allocations -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"

namespace chameleon {
#define GEN_PASS_DEF_INLINEALLOCASCOPES
#include "chameleon/Codegen/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

bool allocatesOnStack(Operation *scope) {
  return scope
      ->walk([](Operation *op) {
        return isa<memref::AllocaOp, LLVM::AllocaOp>(op) ? WalkResult::interrupt()
                                                         : WalkResult::advance();
      })
      .wasInterrupted();
}

struct InlineAllocaScopesPass : chameleon::impl::InlineAllocaScopesBase<InlineAllocaScopesPass> {
  void runOnOperation() override {
    SmallVector<memref::AllocaScopeOp> scopes; // inner ones first
    getOperation().walk([&](memref::AllocaScopeOp scope) {
      if (scope.getBodyRegion().hasOneBlock() && !allocatesOnStack(scope))
        scopes.push_back(scope);
    });
    IRRewriter rewriter(&getContext());
    for (memref::AllocaScopeOp scope : scopes) {
      Block &body = scope.getBodyRegion().front();
      Operation *terminator = body.getTerminator();
      SmallVector<Value> results(terminator->getOperands());
      rewriter.inlineBlockBefore(&body, scope);
      rewriter.eraseOp(terminator);
      rewriter.replaceOp(scope, results);
    }
  }
};

} // namespace
