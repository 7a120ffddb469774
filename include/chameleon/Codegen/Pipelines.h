//===- Pipelines.h - From vectors on tensors to LLVM ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The module-wide tail, the same for all tasks, and the conversion to the LLVM dialect after it.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_CODEGEN_PIPELINES_H
#define CHAMELEON_CODEGEN_PIPELINES_H

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace chameleon {

struct LoweringOptions {
  int threads = 1; // > 1: scf.forall becomes an OpenMP parallel loop of that many threads
};

/// On a function, a dictionary: how its vector ops are lowered where the usual way is not the best
/// (see the pass chameleon-lower-vectors).
inline constexpr char kVectorLoweringAttr[] = "chameleon.vector_lowering";

/// Tail + LLVM, as `--chameleon-lower-to-llvm` runs it on a builtin.module: bufferizes (identity
/// layouts, function boundaries), moves static buffers to scratch memory planned by liveness,
/// lowers vectors and loops, converts to the LLVM dialect. Convention of the result: one bare
/// pointer per ranked argument, results as trailing out-pointers.
void buildLowerToLLVMPipeline(mlir::OpPassManager &pm, const LoweringOptions &options = {});

/// Registers our Codegen passes and the pipeline `chameleon-lower-to-llvm`.
void registerCodegenPasses();

} // namespace chameleon

#endif // CHAMELEON_CODEGEN_PIPELINES_H
