//===- Pipelines.cpp - From vectors on tensors to LLVM -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Pipelines.h"
#include "chameleon/Codegen/Passes.h"
#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Affine/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace chameleon {

namespace {

struct PipelineOptions : PassPipelineOptions<PipelineOptions> {
  PassOptions::Option<int> threads{
      *this, "threads",
      llvm::cl::desc(
          "Number of threads of parallel loops: 1 makes them sequential, more makes them "
          "OpenMP loops."),
      llvm::cl::init(1)};
};

/// Tensors to buffers with their places.
void addBufferization(OpPassManager &pm, const LoweringOptions &options) {
  pm.addNestedPass<func::FuncOp>(createDecomposeOps());
  pm.addPass(createBufferize());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addNestedPass<func::FuncOp>(createLowerCopies());
  pm.addPass(createMarkFunctions());
  PlanBuffersOptions plan;
  plan.threads = options.threads;
  pm.addPass(createPlanBuffers(plan));
  pm.addPass(createDeallocateBuffers());
}

/// Structured ops, vectors and parallel loops to scalar loops, simple vectors and branches.
void addLoops(OpPassManager &pm, const LoweringOptions &options) {
  OpPassManager &functions = pm.nest<func::FuncOp>();
  functions.addPass(createApproximateMath());
  functions.addPass(createLowerVectors());
  functions.addPass(createConvertLinalgToLoopsPass());
  LowerParallelOptions parallel;
  parallel.threads = options.threads;
  functions.addPass(createLowerParallel(parallel));
  functions.addPass(memref::createFoldMemRefAliasOpsPass());
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
  functions.addPass(createLoopInvariantCodeMotionPass());
  functions.addPass(memref::createExpandStridedMetadataPass());
  functions.addPass(createLowerAffinePass());
  if (options.threads > 1) {
    ConvertSCFToOpenMPPassOptions openmp;
    openmp.numThreads = options.threads;
    pm.addPass(createConvertSCFToOpenMPPass(openmp));
    pm.addNestedPass<func::FuncOp>(createInlineAllocaScopes());
  }
  pm.addNestedPass<func::FuncOp>(createSCFToControlFlowPass());
}

void addConversions(OpPassManager &pm, const LoweringOptions &options) {
  pm.addPass(createConvertMathToFuncs()); // powers of integer exponents
  pm.addPass(createConvertVectorToLLVMPass({/*reassociateFPReductions=*/true}));
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  ConvertFuncToLLVMPassOptions functions;
  functions.useBarePtrCallConv = true;
  pm.addPass(createConvertFuncToLLVMPass(functions));
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createConvertIndexToLLVMPass());
  if (options.threads > 1)
    pm.addPass(createConvertOpenMPToLLVMPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createCheckLowered());
}

} // namespace

void buildLowerToLLVMPipeline(OpPassManager &pm, const LoweringOptions &options) {
  addBufferization(pm, options);
  addLoops(pm, options);
  addConversions(pm, options);
}

void registerCodegenPasses() {
  registerChameleonCodegenPasses();
  PassPipelineRegistration<PipelineOptions>("chameleon-lower-to-llvm",
                                            "Lower entries and tasks on tensors to the LLVM "
                                            "dialect: bufferize, plan buffers, lower vectors and "
                                            "loops",
                                            [](OpPassManager &pm, const PipelineOptions &options) {
                                              buildLowerToLLVMPipeline(
                                                  pm, LoweringOptions{options.threads});
                                            });
}

} // namespace chameleon
