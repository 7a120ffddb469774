//===- ReferenceLoops.h - Loop orders that LLVM vectorizes -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_CODEGEN_REFERENCELOOPS_H
#define CHAMELEON_LIB_CODEGEN_REFERENCELOOPS_H

namespace mlir::func {
class FuncOp;
} // namespace mlir::func

namespace chameleon {

/// Reorders each reduction of `function` (linalg.generic on tensors) so that its innermost loop
/// walks along the last dimension of the result, which no iteration depends on another in: parallel
/// loops, then reductions, then that one. Inputs that this loop would walk across rows are
/// transposed before.
void orderReferenceLoops(mlir::func::FuncOp function);

} // namespace chameleon

#endif // CHAMELEON_LIB_CODEGEN_REFERENCELOOPS_H
