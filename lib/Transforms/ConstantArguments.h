//===- ConstantArguments.h - Which values are known before the call -------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Weights are constant over calls: packing them is work of `@chameleon_init`, not of the timed
// call.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_CONSTANTARGUMENTS_H
#define CHAMELEON_LIB_TRANSFORMS_CONSTANTARGUMENTS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"
#include "mlir/Support/LLVM.h"

namespace mlir::func {
class FuncOp;
} // namespace mlir::func

namespace chameleon {

/// Marks the constant arguments of `entry` with `chameleon.constant`, as `option` says: "auto",
/// "none", or positions such as "1,2-5". With "auto" a remark names the arguments that were found.
/// Fails, with a diagnostic, if the option does not parse or names an argument that is not there.
llvm::LogicalResult markConstantArguments(mlir::func::FuncOp entry, llvm::StringRef option);

/// Marks transposes of weights that are known before the call, outside of loops and branches, with
/// `chameleon.constant_pack`: they are no tasks, and `@chameleon_init` does them.
void markConstantTransposes(mlir::func::FuncOp function);

/// Whether `value` is known before the call: an `arith.constant` of a tensor, a load of a constant
/// global, or an entry argument that is marked, seen through view ops (reshapes, casts, slices at
/// fixed places) and marked transposes.
bool isConstantValue(mlir::Value value);

/// Whether `use` reads its operand as the weights of a convolution or a matmul.
bool isWeightUse(mlir::OpOperand &use);

/// A constant that holds one number throughout, as `value` is, with the dimensions of `value` in
/// another order: dimension i is `permutation[i]` of it. Null if `value` is no such constant.
mlir::Value permutedSplat(mlir::OpBuilder &builder, mlir::Value value,
                          llvm::ArrayRef<int64_t> permutation);

/// Whether `op` only looks at its first operand in another shape, or at a fixed part of it.
bool isViewOp(mlir::Operation *op);

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_CONSTANTARGUMENTS_H
