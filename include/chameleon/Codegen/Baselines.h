//===- Baselines.h - The plain loop nest and the f64 reference ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_CODEGEN_BASELINES_H
#define CHAMELEON_CODEGEN_BASELINES_H

#include "llvm/Support/LogicalResult.h"

namespace mlir {
class ModuleOp;
namespace func {
class FuncOp;
} // namespace func
} // namespace mlir

namespace chameleon {

/// Rewrites every linalg op of `module` (on tensors) so that the tail lowers it as plain scalar
/// loops, with nothing fused, tiled or vectorized: the `naive` baseline.
llvm::LogicalResult makeNaive(mlir::ModuleOp module);

/// Rewrites `function` (a task on tensors) to compute in f64 wherever it computed in a
/// floating-point type: arguments keep their types and are extended on entry, results and
/// destinations become f64. Integer arithmetic is left as it is. Reductions are interchanged
/// outwards, so that the reference runs in reasonable time. Fails, with a diagnostic, on ops it
/// cannot convert.
llvm::LogicalResult makeReference(mlir::func::FuncOp function);

} // namespace chameleon

#endif // CHAMELEON_CODEGEN_BASELINES_H
