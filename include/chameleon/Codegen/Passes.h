//===- Passes.h - Passes of the tail --------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Declarations generated from Passes.td; each pass is described there. The order in which the tail
// runs them is in `buildLowerToLLVMPipeline` (Pipelines.h).
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_CODEGEN_PASSES_H
#define CHAMELEON_CODEGEN_PASSES_H

#include "mlir/Pass/Pass.h"
#include <memory>

namespace mlir {
class ModuleOp;
namespace func {
class FuncOp;
} // namespace func
} // namespace mlir

namespace chameleon {

#define GEN_PASS_DECL
#include "chameleon/Codegen/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "chameleon/Codegen/Passes.h.inc"

} // namespace chameleon

#endif // CHAMELEON_CODEGEN_PASSES_H
