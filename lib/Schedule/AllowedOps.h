//===- AllowedOps.h - What a schedule may do ------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Schedules may come from strangers, and transform scripts are code: `apply_registered_pass` with a
// tool path ran a program in a probe. Only the ops below are interpreted.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SCHEDULE_ALLOWEDOPS_H
#define CHAMELEON_LIB_SCHEDULE_ALLOWEDOPS_H

#include "mlir/Support/LLVM.h"

namespace mlir {
class Operation;
} // namespace mlir

namespace chameleon {

/// Fails, with a diagnostic at the op, if anything nested in `schedule` may not be interpreted.
llvm::LogicalResult verifyAllowedOps(mlir::Operation *schedule);

} // namespace chameleon

#endif // CHAMELEON_LIB_SCHEDULE_ALLOWEDOPS_H
