//===- AutoTunePass.cpp - Search the fastest configuration of every task --===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChooseLayout.h"
#include "StatusText.h"
#include "TuningSession.h"
#include "TuningTask.h"
#include "absl/time/clock.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Search/CostModel.h"
#include "chameleon/Search/Sampler.h"
#include "chameleon/Search/Strategy.h"
#include "chameleon/Transforms/Passes.h"
#include "chameleon/Transforms/Tasks.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Transform/IR/TransformDialect.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

namespace chameleon {
#define GEN_PASS_DEF_AUTOTUNEPASS
#include "chameleon/Transforms/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

struct AutoTunePass : chameleon::impl::AutoTunePassBase<AutoTunePass> {
  using AutoTunePassBase::AutoTunePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    absl::StatusOr<TuningOptions> options = tuningOptions();
    if (!options.ok()) {
      emitError(module.getLoc()) << "chameleon-auto-tune: " << textOf(options.status());
      return signalPassFailure();
    }
    if (absl::Status status = arrange(module, options->budgetSeconds); !status.ok()) {
      emitError(module.getLoc()) << "chameleon-auto-tune: " << textOf(status);
      return signalPassFailure();
    }
    auto run = [this](OpPassManager &pm, Operation *op) { return runPipeline(pm, op); };
    if (failed(outlineIfNeeded(module, constantArgs, run))) {
      return signalPassFailure();
    }
    absl::StatusOr<TuningSummary> summary = tuneModule(module, *options);
    if (!summary.ok()) {
      emitError(module.getLoc()) << "chameleon-auto-tune: " << textOf(summary.status());
      return signalPassFailure();
    }
    numTuned = summary->tuned;
    numMeasured = summary->measured;
  }

private:
  /// Of the budget, what choosing a layout may take.
  static constexpr double kLayoutShare = 0.5;

  /// Gives the images of `module` the layout that is asked for. What it takes to choose one is
  /// taken from `seconds`.
  absl::Status arrange(ModuleOp module, double &seconds) {
    if (layout == "given") {
      return absl::OkStatus();
    }
    if (!collectTasks(module).empty()) {
      return absl::InvalidArgumentError(
          "expected layout=given for a module that has tasks, but got "
          "layout=" +
          layout);
    }
    bool channelsLast = layout == "channels-last";
    if (layout == "auto") {
      absl::Time started = absl::Now();
      absl::StatusOr<bool> faster = isFasterChannelsLast(
          module, {schedules, constantArgs, workerCommand, threads, kLayoutShare * seconds});
      if (!faster.ok()) {
        emitRemark(module.getLoc()) << "layout stays as given: " << textOf(faster.status());
      }
      channelsLast = faster.ok() && *faster;
      seconds = std::max(1.0, seconds - absl::ToDoubleSeconds(absl::Now() - started));
    }
    if (!channelsLast) {
      return absl::OkStatus();
    }
    OpPassManager pm(ModuleOp::getOperationName());
    pm.addNestedPass<func::FuncOp>(createChannelsLastPass());
    return succeeded(runPipeline(pm, module))
               ? absl::OkStatus()
               : absl::InternalError("images cannot get their channels innermost");
  }

  /// Puts the names that there are into the help of the options that take one.
  bool describeNames() {
    static const std::string presets =
        quoted("Strategy, sampler, cost model and effort together: ", presetNames());
    static const std::string strategies = quoted("Instead of the preset's: ", strategyNames());
    static const std::string samplers = quoted("Instead of the preset's: ", samplerNames());
    static const std::string costModels = quoted("Instead of the preset's: ", costModelNames());
    preset.setDescription(presets);
    strategy.setDescription(strategies);
    sampler.setDescription(samplers);
    costModel.setDescription(costModels);
    return true;
  }

  static std::string quoted(const std::string &intro, const std::vector<std::string> &names) {
    return intro + "'" + llvm::join(names, "', '") + "'.";
  }

  // Runs in every constructor.
  bool described = describeNames();

  /// The pass options, checked.
  absl::StatusOr<TuningOptions> tuningOptions() {
    TuningOptions options;
    if (target != "host") {
      return absl::InvalidArgumentError("expected target to be 'host', but got '" + target + "'");
    }
    if (!(budgetSeconds > 0) || !std::isfinite(budgetSeconds)) {
      return absl::InvalidArgumentError(
          "expected budget-seconds to be positive and finite, but got " +
          std::to_string(budgetSeconds));
    }
    if (budgetMeasurements < 0) {
      return absl::InvalidArgumentError("expected budget-measurements to be 0 or more, but got " +
                                        std::to_string(budgetMeasurements));
    }
    if (threads < 1 || threads > 1024) {
      return absl::InvalidArgumentError("expected threads to be 1 to 1024, but got " +
                                        std::to_string(threads));
    }
    if (layout != "given" && layout != "channels-last" && layout != "auto") {
      return absl::InvalidArgumentError(
          "expected layout to be 'given', 'channels-last' or 'auto', but got '" + layout + "'");
    }
    if (layout == "auto" && (dryRun || !replay.empty())) {
      return absl::InvalidArgumentError(
          "expected layout=given or channels-last, since nothing is measured, but got auto");
    }
    if (!replay.empty() && !database.empty()) {
      return absl::InvalidArgumentError(
          "expected replay or database, but got both: what is replayed is no new record");
    }
    options.budgetSeconds = budgetSeconds;
    options.budgetMeasurements = budgetMeasurements;
    options.databasePath = database;
    options.seed = seed;
    options.threads = threads;
    options.schedules = schedules;
    options.taskPattern = tasks;
    options.workerCommand = workerCommand;
    options.replayPath = replay;
    options.dryRun = dryRun;
    options.retune = retune;
    options.explainPattern = explain;
    options.logPath = log;
    options.reportPath = report;
    return withNames(std::move(options));
  }

  /// Parses the options that name one of several things.
  absl::StatusOr<TuningOptions> withNames(TuningOptions options) {
    absl::StatusOr<TunerOptions> tuner = presetOptions(preset.getValue());
    absl::StatusOr<Numerics> parsedNumerics = parseNumerics(numerics.getValue());
    absl::StatusOr<absl::optional<MeasureMode>> parsedMode =
        parseMeasureModeOption(measureMode.getValue());
    for (const absl::Status &status :
         {tuner.status(), parsedNumerics.status(), parsedMode.status()}) {
      if (!status.ok()) {
        return status;
      }
    }
    options.numerics = *parsedNumerics;
    options.mode = *parsedMode;
    options.tuner = *tuner;
    options.tuner.seed = options.seed;
    auto override = [](std::string &slot, const std::string &value) {
      if (!value.empty()) {
        slot = value;
      }
    };
    override(options.tuner.strategy, strategy);
    override(options.tuner.sampler, sampler);
    override(options.tuner.costModel, costModel);
    if (absl::Status status = checkOptions(options.tuner); !status.ok()) {
      return status;
    }
    return options;
  }
};

} // namespace
