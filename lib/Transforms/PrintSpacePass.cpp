//===- PrintSpacePass.cpp - Print the space of every task -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StatusText.h"
#include "TuningReport.h"
#include "TuningTask.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Dialect/Names.h"
#include "chameleon/Schedule/SchedulePaths.h"
#include "chameleon/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Transform/IR/TransformDialect.h"

namespace chameleon {
#define GEN_PASS_DEF_PRINTSPACEPASS
#include "chameleon/Transforms/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

struct PrintSpacePass : chameleon::impl::PrintSpacePassBase<PrintSpacePass> {
  using PrintSpacePassBase::PrintSpacePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto run = [this](OpPassManager &pm, Operation *op) { return runPipeline(pm, op); };
    if (failed(outlineIfNeeded(module, constantArgs, run))) {
      return signalPassFailure();
    }
    if (absl::Status status = print(module); !status.ok()) {
      emitError(module.getLoc()) << "chameleon-print-space: " << textOf(status);
      signalPassFailure();
    }
  }

private:
  absl::Status print(ModuleOp module) {
    absl::StatusOr<TargetInfo> host = hostTargetInfo();
    absl::StatusOr<ScheduleLibrary> library =
        ScheduleLibrary::load(getContext(), resolveSchedulePaths(schedules));
    absl::StatusOr<TaskFilter> filter = TaskFilter::create(tasks);
    for (const absl::Status &status : {host.status(), library.status(), filter.status()}) {
      if (!status.ok()) {
        return status;
      }
    }
    if (threads < 1 || threads > 1024) {
      return absl::InvalidArgumentError("expected threads to be 1 to 1024, but got " +
                                        std::to_string(threads));
    }
    TaskMarks marks(collectTasks(module), {Numerics::Accurate, threads}, TaskMarks::KeepTheirs);
    for (const TuningTask &task : findTuningTasks(module, *library, *host)) {
      if (filter->matches(task.info)) {
        llvm::errs() << formatSpace(task);
      }
    }
    return absl::OkStatus();
  }
};

} // namespace
