//===- PackConstants.h - Packing of constants, out of the timed call ------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_PACKCONSTANTS_H
#define CHAMELEON_LIB_TRANSFORMS_PACKCONSTANTS_H

#include "mlir/Support/LLVM.h"

namespace mlir {
class ModuleOp;
namespace func {
class FuncOp;
} // namespace func
} // namespace mlir

namespace chameleon {

/// Moves the packs of constants of `task` into `@<task>_init` (hoistConstantPacks) and calls it
/// before each call of the task.
void packConstantsOfCalls(mlir::func::FuncOp task);

/// Splits `entry` into `@chameleon_init`, which runs the calls of `@<task>_init` on its constant
/// arguments, and `@chameleon_main`, which takes their results; the entry calls both. Does nothing
/// if it packs nothing, or, with a remark, if the model has functions of these names itself. Where
/// several entries pack, the names of all but the first get the entry's name as suffix.
void splitInitFromMain(mlir::func::FuncOp entry);

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_PACKCONSTANTS_H
