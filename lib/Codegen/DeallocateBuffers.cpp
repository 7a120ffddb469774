//===- DeallocateBuffers.cpp - Free what has no place in scratch memory ===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Passes.h"
#include "mlir/Conversion/BufferizationToMemRef/BufferizationToMemRef.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"

namespace chameleon {
#define GEN_PASS_DEF_DEALLOCATEBUFFERS
#include "chameleon/Codegen/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

struct DeallocateBuffersPass : chameleon::impl::DeallocateBuffersBase<DeallocateBuffersPass> {
  LogicalResult initialize(MLIRContext *) override {
    pipeline.emplace(ModuleOp::getOperationName());
    bufferization::buildBufferDeallocationPipeline(*pipeline);
    pipeline->addPass(createConvertBufferizationToMemRefPass());
    return success();
  }

  void runOnOperation() override {
    WalkResult found = getOperation().walk([](Operation *op) {
      return isa<memref::AllocOp, bufferization::CloneOp>(op) ? WalkResult::interrupt()
                                                              : WalkResult::advance();
    });
    if (found.wasInterrupted() && failed(runPipeline(*pipeline, getOperation())))
      signalPassFailure();
  }

private:
  std::optional<OpPassManager> pipeline;
};

} // namespace
