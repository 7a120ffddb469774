//===- OpMarks.h - What holds for an op that another one replaces ---------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_OPMARKS_H
#define CHAMELEON_LIB_TRANSFORMS_OPMARKS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace chameleon {

/// Whether `type` is a tensor with an encoding.
bool hasEncoding(mlir::Type type);

/// Whether `op` works on tensors of static shape without encodings.
bool isStaticOnTensors(mlir::linalg::LinalgOp op);

/// Whether somebody has chosen a schedule for `op` as it is.
bool isDecided(mlir::Operation *op);

/// What people say of `from` with attributes of ours holds for `to`.
void handOnMarks(mlir::Operation *from, mlir::Operation *to);

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_OPMARKS_H
