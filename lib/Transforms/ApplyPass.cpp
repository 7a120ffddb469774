//===- ApplyPass.cpp - Schedule every task --------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PackConstants.h"
#include "ScheduleRunner.h"
#include "StatusText.h"
#include "TuningTask.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Measure/Pool.h"
#include "chameleon/Schedule/ScheduleLibrary.h"
#include "chameleon/Schedule/SchedulePaths.h"
#include "chameleon/Transforms/ConfigAttribute.h"
#include "chameleon/Transforms/Passes.h"
#include "chameleon/Transforms/TaskKey.h"
#include "chameleon/Transforms/Tasks.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Transform/IR/TransformDialect.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

namespace chameleon {
#define GEN_PASS_DEF_APPLYPASS
#include "chameleon/Transforms/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

/// One way to schedule a task.
struct Attempt {
  std::string schedule;
  KnobValues knobs;
  bool tuned = false; // a configuration of its own, not the default
};

struct ApplyPass : chameleon::impl::ApplyPassBase<ApplyPass> {
  using ApplyPassBase::ApplyPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(prepare())) {
      return signalPassFailure();
    }
    SmallVector<func::FuncOp> tasks = collectTasks(module);
    for (func::FuncOp task : tasks) {
      applyTo(task);
    }
    for (func::FuncOp task : tasks) {
      packConstantsOfCalls(task);
    }
    for (func::FuncOp entry : llvm::to_vector(module.getOps<func::FuncOp>())) {
      if (entry.isPublic() && !entry.isExternal()) {
        splitInitFromMain(entry);
      }
    }
    if (inlineTasks && failed(inlineEverything(tasks))) {
      return signalPassFailure();
    }
  }

private:
  /// Outlines if that was not done, and gets the schedules and someone to interpret them.
  LogicalResult prepare() {
    auto run = [this](OpPassManager &pm, Operation *op) { return runPipeline(pm, op); };
    if (failed(outlineIfNeeded(getOperation(), constantArgs, run))) {
      return failure();
    }
    if (threads < 0 || threads > 1024) {
      return emitError(getOperation().getLoc())
             << "chameleon-apply: expected threads to be 0 to 1024, but got " << threads.getValue();
    }
    std::vector<std::string> paths = resolveSchedulePaths(schedules);
    absl::StatusOr<ScheduleLibrary> loaded = ScheduleLibrary::load(getContext(), paths);
    absl::StatusOr<TargetInfo> host = hostTargetInfo();
    if (!loaded.ok() || !host.ok()) {
      return emitError(getOperation().getLoc())
             << textOf(loaded.ok() ? host.status() : loaded.status());
    }
    library = std::make_shared<ScheduleLibrary>(std::move(*loaded));
    target = *host;
    if (inProcess) {
      runner = createInProcessRunner(*library, target);
      return success();
    }
    MeasurePoolOptions options;
    options.workerCommand = workerCommand;
    options.schedulePaths = paths;
    options.target = target;
    options.builders = 1;
    absl::StatusOr<std::unique_ptr<MeasurePool>> created = MeasurePool::create(std::move(options));
    if (!created.ok()) {
      return emitError(getOperation().getLoc()) << textOf(created.status());
    }
    pool = std::move(*created);
    runner = createWorkerRunner(*pool);
    return success();
  }

  /// The accurate space of a task that does not say how exact it is to be: what is chosen without
  /// being measured is no form that loses digits. Where that leaves nothing, because someone asks
  /// for another form (chameleon.space), all of it.
  absl::StatusOr<Space> spaceOf(func::FuncOp task, const std::string &schedule) {
    {
      TaskMarks marks(task, {Numerics::Accurate, threads}, TaskMarks::KeepTheirs);
      absl::StatusOr<Space> accurate = library->space(schedule, task, target);
      if (accurate.ok() && accurate->hasDefault()) {
        return accurate;
      }
    }
    TaskMarks marks(task, {std::nullopt, threads}, TaskMarks::KeepTheirs);
    return library->space(schedule, task, target);
  }

  /// The configuration on the root, then the defaults of the schedules that fit.
  SmallVector<Attempt> attemptsFor(func::FuncOp task, std::string &reasons) {
    SmallVector<Attempt> attempts;
    if (ConfigAttr config = configOf(task)) {
      attempts.push_back({config.getSchedule().getValue().str(), toKnobValues(config), true});
    }
    for (const std::string &schedule : library->matches(task)) {
      absl::StatusOr<Space> space = spaceOf(task, schedule);
      if (!space.ok() || !space->hasDefault()) {
        reasons += (reasons.empty() ? "" : "; ") + ("@" + schedule + ": ") +
                   (space.ok() ? explainStarvation(*space) : textOf(space.status()));
        continue;
      }
      attempts.push_back({schedule, space->toPairs(space->defaultConfiguration()), false});
    }
    return attempts;
  }

  /// The configuration on the task's root, unless it is stale.
  ConfigAttr configOf(func::FuncOp task) {
    linalg::LinalgOp root = rootOf(task);
    auto config = root ? root->getAttrOfType<ConfigAttr>(kConfigAttr) : ConfigAttr();
    if (config && computeTaskKey(task) != task->getAttrOfType<StringAttr>(kTaskAttr).getValue()) {
      emitRemark(root.getLoc()) << "configuration refused: the task has changed since it was tuned";
      return {};
    }
    return config;
  }

  void applyTo(func::FuncOp task) {
    if (!rootOf(task)) {
      emitRemark(task.getLoc()) << "task @" << task.getSymName() << " is scheduled already";
      return;
    }
    std::string reasons;
    for (const Attempt &attempt : attemptsFor(task, reasons)) {
      absl::StatusOr<OwningOpRef<ModuleOp>> scheduled =
          runner->run(task, attempt.schedule, attempt.knobs);
      if (scheduled.ok() && splice(task, **scheduled)) {
        removeMarks(task);
        ++(attempt.tuned ? numTuned : numDefault);
        return;
      }
      std::string message =
          scheduled.ok() ? "the build worker returned no task" : textOf(scheduled.status());
      emitRemark(task.getLoc()) << "task @" << task.getSymName() << ": " << message
                                << "; trying what comes next";
      reasons += (reasons.empty() ? "" : "; ") + message;
    }
    ++numPlain;
    emitRemark(task.getLoc()) << "task @" << task.getSymName() << " left as plain ops: "
                              << (reasons.empty() ? "no schedule is for it" : reasons);
  }

  /// Removes what marks an op as one to be scheduled: a schedule may leave the op as it is, and
  /// what comes next knows nothing of us.
  static void removeMarks(func::FuncOp task) {
    task.walk([](Operation *op) {
      for (const char *name :
           {kConfigAttr, kMeasuredAttr, kNumericsAttr, kRootAttr, kSpaceAttr, kThreadsAttr}) {
        op->removeDiscardableAttr(name);
      }
    });
  }

  /// Takes the body of the only task in `scheduled`; false if there is none.
  static bool splice(func::FuncOp task, ModuleOp scheduled) {
    for (auto function : scheduled.getOps<func::FuncOp>()) {
      if (function->hasAttr(kTaskAttr)) {
        task.getBody().takeBody(function.getBody());
        return true;
      }
    }
    return false;
  }

  /// Folds the tasks into their callers and drops them.
  LogicalResult inlineEverything(ArrayRef<func::FuncOp> tasks) {
    OpPassManager pipeline(ModuleOp::getOperationName());
    pipeline.addPass(createInlinerPass());
    pipeline.addPass(createSymbolDCEPass());
    return runPipeline(pipeline, getOperation());
  }

  // Shared: passes are copied before they run.
  std::shared_ptr<ScheduleLibrary> library;
  TargetInfo target;
  std::shared_ptr<MeasurePool> pool;
  std::shared_ptr<ScheduleRunner> runner;
};

} // namespace
