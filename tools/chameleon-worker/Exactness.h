//===- Exactness.h - Where floating point does not round -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On small integers a sum of products is exact in whatever order it is computed: results must then
// be equal bit for bit, and the smallest mistake shows. This is found out here from the IR.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TOOLS_CHAMELEON_WORKER_EXACTNESS_H
#define CHAMELEON_TOOLS_CHAMELEON_WORKER_EXACTNESS_H

#include <cstdint>

namespace mlir {
class ModuleOp;
namespace func {
class FuncOp;
} // namespace func
} // namespace mlir

namespace chameleon {

/// The largest A in {8, 4, 2, 1} such that with integer inputs in [-A, A] no value of `task`
/// (linalg on tensors) is rounded, with some bits to spare for other ways to compute the same; 0 if
/// there is none, or `task` divides, takes exponentials, or has an op that is not known. 100 if all
/// arithmetic is on integers.
int64_t exactMagnitude(mlir::func::FuncOp task);

/// Whether all floating-point arithmetic in `module`, at any stage of lowering, is addition,
/// multiplication, comparison, and constants that are multiples of 1/16.
bool hasOnlyExactArithmetic(mlir::ModuleOp module);

} // namespace chameleon

#endif // CHAMELEON_TOOLS_CHAMELEON_WORKER_EXACTNESS_H
