//===- BooleanTensors.h - Booleans that take a byte each ------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tensor of i1 takes a byte for each element in memory, a vector of i1 a bit: what schedules make
// of tasks would read and write the wrong bits. Between ops of one function, booleans are therefore
// kept as i8, 0 or 1.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_BOOLEANTENSORS_H
#define CHAMELEON_LIB_TRANSFORMS_BOOLEANTENSORS_H

namespace mlir::func {
class FuncOp;
} // namespace mlir::func

namespace chameleon {

/// Turns tensors of i1 in `function` into tensors of i8 where all that reads and writes them is a
/// `linalg.generic` or `linalg.reduce` on tensors, a view, a slice, a pad, a fill, `tensor.empty`
/// or a constant. Bodies still compute with i1, but for the accumulators of logical reductions.
/// Other ops, arguments and results of functions, and what their types depend on, keep i1. Leaves
/// dead ops behind.
void keepBooleansInBytes(mlir::func::FuncOp function);

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_BOOLEANTENSORS_H
