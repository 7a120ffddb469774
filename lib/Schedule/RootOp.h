//===- RootOp.h - The op a task is about ----------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SCHEDULE_ROOTOP_H
#define CHAMELEON_LIB_SCHEDULE_ROOTOP_H

#include "absl/status/statusor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace chameleon {

/// The op of `task` that is marked `chameleon.root`. Fails if there is none.
absl::StatusOr<mlir::linalg::LinalgOp> findRoot(mlir::func::FuncOp task);

} // namespace chameleon

#endif // CHAMELEON_LIB_SCHEDULE_ROOTOP_H
