//===- TaskModule.h - A task as a module that can be built ---------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TOOLS_CHAMELEON_WORKER_TASKMODULE_H
#define CHAMELEON_TOOLS_CHAMELEON_WORKER_TASKMODULE_H

#include "absl/status/statusor.h"
#include "chameleon/Measure/Protocol.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <string>
#include <vector>

namespace chameleon {

/// Reads a task's IR. Fails if it does not parse, is not one function with a body in static shapes,
/// or holds what could leave the sandbox of linalg and its kin: LLVM ops, inline assembly, calls of
/// other code.
absl::StatusOr<mlir::OwningOpRef<mlir::ModuleOp>> parseTask(mlir::MLIRContext &context,
                                                            const std::string &ir);

/// The task function of a module that `parseTask` took.
mlir::func::FuncOp taskOf(mlir::ModuleOp module);

/// Positions of the destinations of a task, as it was read, whose old contents are looked at
/// (`outs` of a matmul without a fill, for example): they are inputs too. Conservative.
std::vector<unsigned> readDestinations(mlir::func::FuncOp task);

/// Adds public functions that are called from outside, and describes them: `chameleon_entry` calls
/// `task` with memory of its own results as destinations, or an input where the destination is one
/// of `read`; `chameleon_entry_init`, if `packed` is not empty, packs the constants at these
/// positions by the function
/// `<task>_init` that hoistConstantPacks made.
///
///   func.func @chameleon_entry(%x, %w) -> tensor<8xf32> {
///     %e = tensor.empty() : tensor<8xf32>
///     %0 = call @task(%x, %w, %e)
///     return %0
///   }
TaskAbi addEntries(mlir::func::FuncOp task, const std::vector<unsigned> &read,
                   const std::vector<unsigned> &packed);

/// Fails unless the lowered `module` has the entries of `abi` with one pointer per argument.
absl::Status checkEntries(mlir::ModuleOp module, const TaskAbi &abi);

} // namespace chameleon

#endif // CHAMELEON_TOOLS_CHAMELEON_WORKER_TASKMODULE_H
