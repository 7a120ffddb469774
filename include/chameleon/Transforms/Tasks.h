//===- Tasks.h - The tasks of a module ------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TRANSFORMS_TASKS_H
#define CHAMELEON_TRANSFORMS_TASKS_H

#include "chameleon/Measure/Acceptance.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include <optional>
#include <string>

namespace chameleon {

/// The task functions of `module`, in order.
llvm::SmallVector<mlir::func::FuncOp> collectTasks(mlir::ModuleOp module);

/// The op of `task` that is marked as root, or null.
mlir::linalg::LinalgOp rootOf(mlir::func::FuncOp task);

/// What schedules of tasks are told: what candidates may do to results, and how many threads run
/// them (chameleon.numerics and chameleon.threads on the roots; the facts "numerics" and
/// "threads").
struct ScheduleFacts {
  std::optional<Numerics> numerics;
  int threads = 0; // 0: nobody knows
};

/// Tells the schedules of tasks so for as long as it lives.
class TaskMarks {
public:
  enum Precedence {
    ReplaceTheirs, // overrides what a task says itself
    KeepTheirs,    // only where a task says nothing
  };

  TaskMarks(llvm::ArrayRef<mlir::func::FuncOp> tasks, const ScheduleFacts &facts,
            Precedence precedence);
  ~TaskMarks();
  TaskMarks(const TaskMarks &) = delete;
  TaskMarks &operator=(const TaskMarks &) = delete;

private:
  struct Mark {
    mlir::linalg::LinalgOp root;
    llvm::StringRef name;
    mlir::Attribute before; // what it had, may be null
  };
  llvm::SmallVector<Mark> marks;
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
