//===- Tasks.h - The tasks of a module ------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TRANSFORMS_TASKS_H
#define CHAMELEON_TRANSFORMS_TASKS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include <string>

namespace chameleon {

/// The task functions of `module`, in order.
llvm::SmallVector<mlir::func::FuncOp> collectTasks(mlir::ModuleOp module);

/// The op of `task` that is marked as root, or null.
mlir::linalg::LinalgOp rootOf(mlir::func::FuncOp task);

/// Says for how many threads tasks are (chameleon.threads; 0: nobody knows), and "accurate"
/// (chameleon.numerics): what is chosen for them without being measured is no form that loses
/// digits. Of tasks that do not say so themselves, and as long as it lives.
class UnmeasuredMarks {
public:
  UnmeasuredMarks(llvm::ArrayRef<mlir::func::FuncOp> tasks, int threads);
  ~UnmeasuredMarks();
  UnmeasuredMarks(const UnmeasuredMarks &) = delete;
  UnmeasuredMarks &operator=(const UnmeasuredMarks &) = delete;

private:
  void mark(mlir::linalg::LinalgOp root, llvm::StringRef name, mlir::Attribute value);

  llvm::SmallVector<std::pair<mlir::linalg::LinalgOp, llvm::StringRef>> marked;
};

/// Calls of `task` in `module`.
int64_t countUses(mlir::ModuleOp module, mlir::func::FuncOp task);

/// The passes that turn a model into tasks.
void buildOutliningPipeline(mlir::OpPassManager &pm, const std::string &constantArgs);

/// Turns `module` into tasks unless it has some; `runPipeline` is that of the pass that asks.
llvm::LogicalResult outlineIfNeeded(
    mlir::ModuleOp module, const std::string &constantArgs,
    llvm::function_ref<llvm::LogicalResult(mlir::OpPassManager &, mlir::Operation *)> runPipeline);

} // namespace chameleon

#endif // CHAMELEON_TRANSFORMS_TASKS_H
