//===- CheckLowered.cpp - The end of the way to LLVM -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace chameleon {
#define GEN_PASS_DEF_CHECKLOWERED
#include "chameleon/Codegen/Passes.h.inc"
} // namespace chameleon

using namespace mlir;

namespace {

bool isLowered(Operation *op) {
  return isa_and_nonnull<LLVM::LLVMDialect, omp::OpenMPDialect>(op->getDialect());
}

/// The first op that is left; a cast between types only if there is no other, as it stands for one.
Operation *findLeftover(ModuleOp module) {
  Operation *cast = nullptr;
  Operation *other = nullptr;
  module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op == module || isLowered(op))
      return WalkResult::advance();
    if (isa<ModuleOp>(op))
      return WalkResult::skip();
    (isa<UnrealizedConversionCastOp>(op) ? cast : other) = op;
    return other ? WalkResult::interrupt() : WalkResult::advance();
  });
  return other ? other : cast;
}

struct CheckLoweredPass : chameleon::impl::CheckLoweredBase<CheckLoweredPass> {
  void runOnOperation() override {
    if (Operation *leftover = findLeftover(getOperation())) {
      leftover->emitOpError("cannot be lowered to the LLVM dialect");
      signalPassFailure();
    }
  }
};

} // namespace
