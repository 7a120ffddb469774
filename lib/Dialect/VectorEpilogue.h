//===- VectorEpilogue.h - An elementwise op on vectors in registers -------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DIALECT_VECTOREPILOGUE_H
#define CHAMELEON_LIB_DIALECT_VECTOREPILOGUE_H

#include "VectorEmitter.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace chameleon {

/// The elementwise op that reads `result` and nothing else does: in the same block, of its shape,
/// with a body that vectors can go through. Null if there is none.
mlir::linalg::GenericOp findVectorEpilogue(mlir::OpResult result);

/// What `epilogue` yields for the elements of its result from `indices` on along the last
/// dimension, if its operand `computed` holds `value` there.
mlir::Value emitEpilogue(VectorEmitter &emitter, mlir::linalg::GenericOp epilogue,
                         mlir::Value computed, mlir::Value value, mlir::ValueRange indices,
                         bool inBounds);

} // namespace chameleon

#endif // CHAMELEON_LIB_DIALECT_VECTOREPILOGUE_H
