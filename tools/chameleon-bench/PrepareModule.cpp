//===- PrepareModule.cpp - From a module as given to one for the tail --===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "PrepareModule.h"
#include "chameleon/Codegen/Baselines.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Dialect/Names.h"
#include "chameleon/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Pass/PassManager.h"

namespace chameleon {

namespace {

template <typename Predicate> bool anyOp(mlir::ModuleOp module, Predicate holds) {
  return module
      .walk([&](mlir::Operation *op) {
        return holds(op) ? mlir::WalkResult::interrupt() : mlir::WalkResult::advance();
      })
      .wasInterrupted();
}

bool isConfigured(mlir::Operation *op) { return op->hasAttr(kConfigAttr); }
bool isVector(mlir::Operation *op) {
  return mlir::isa_and_nonnull<mlir::vector::VectorDialect>(op->getDialect());
}

/// Outlines tasks where that was not done, and applies configurations, or the default for so many
/// threads.
absl::Status applySchedules(mlir::ModuleOp module, int threads) {
  mlir::PassManager pm(module.getContext());
  if (!anyOp(module, [](mlir::Operation *op) { return op->hasAttr(kTaskAttr); })) {
    pm.addNestedPass<mlir::func::FuncOp>(createNormalizePass());
    pm.addPass(createOutlineTasksPass());
  }
  ApplyPassOptions options;
  options.threads = threads;
  options.inProcess = true; // this is a child process already, and it may not start programs
  pm.addPass(createApplyPass(options));
  if (mlir::failed(pm.run(module)))
    return absl::InvalidArgumentError("schedules could not be applied");
  return absl::OkStatus();
}

} // namespace

void registerBenchDialects(mlir::DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registerChameleonDialect(registry);
}

absl::StatusOr<std::string> prepareModule(mlir::ModuleOp module, Baseline baseline, int threads) {
  if (module.lookupSymbol(kMainFunction))
    return "applied";
  if (anyOp(module, isVector))
    return "scheduled";
  bool configured = anyOp(module, isConfigured);
  if (!configured && baseline == Baseline::Naive) {
    if (mlir::failed(makeNaive(module)))
      return absl::InvalidArgumentError("the naive baseline does not lower");
    return "naive";
  }
  if (absl::Status status = applySchedules(module, threads); !status.ok())
    return status;
  return configured ? "configurations applied" : "default";
}

} // namespace chameleon
