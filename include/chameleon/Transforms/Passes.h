//===- Passes.h - The passes of Chameleon ---------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TRANSFORMS_PASSES_H
#define CHAMELEON_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir {
class ModuleOp;
namespace func {
class FuncOp;
} // namespace func
} // namespace mlir

namespace chameleon {

#define GEN_PASS_DECL
#include "chameleon/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "chameleon/Transforms/Passes.h.inc"

} // namespace chameleon

#endif // CHAMELEON_TRANSFORMS_PASSES_H
