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
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Search/CostModel.h"
#include "chameleon/Search/Sampler.h"
#include "chameleon/Search/Strategy.h"
#include "chameleon/Support/Interrupt.h"
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
    if (absl::Status status = arrange(module, *options); !status.ok()) {
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

  /// Whether images of `module` get their channels innermost because that is faster. What it takes
  /// to find out is taken from the budget.
  bool isFasterChannelsLast(ModuleOp module, TuningOptions &options) {
    InterruptHandler interrupts; // no files are left behind
    absl::Time started = absl::Now();
    LayoutTrialOptions trial;
    trial.schedules = schedules;
    trial.constantArgs = constantArgs;
    trial.numerics = options.numerics;
    trial.mode = options.mode.value_or(MeasureMode::Warm); // calls find what the last one left
    trial.threads = options.threads;
    trial.seconds = kLayoutShare * options.budgetSeconds;
    absl::StatusOr<absl::optional<LayoutTrial>> tried = tryLayouts(module, trial);
    double seconds = absl::ToDoubleSeconds(absl::Now() - started);
    options.budgetSeconds -= seconds;
    options.budgetSeconds = interruptRequested() ? 0 : std::max(0.0, options.budgetSeconds);
    if (!tried.ok()) {
      emitRemark(module.getLoc()) << "the layout of images stays as given: "
                                  << textOf(tried.status());
      return false;
    }
    if (!*tried) {
      return false;
    }
    llvm::errs() << absl::StrFormat(
        "chameleon: layout as given %.3g ms, channels innermost %.3g ms, both untuned: takes %s; "
        "comparing them took %.0f s of the budget\n",
        (*tried)->givenMs, (*tried)->channelsLastMs,
        (*tried)->fasterChannelsLast ? "channels innermost" : "the one given", seconds);
    return (*tried)->fasterChannelsLast;
  }

  /// Gives the images of `module` the layout that is asked for.
  absl::Status arrange(ModuleOp module, TuningOptions &options) {
    if (layout == "given") {
      return absl::OkStatus();
    }
    if (!collectTasks(module).empty()) {
      return absl::InvalidArgumentError(
          "expected layout=given for a module that has tasks, but got layout=" + layout);
    }
    if (layout == "auto" && !isFasterChannelsLast(module, options)) {
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
    if (layout == "auto" && !workerCommand.empty()) {
      return absl::InvalidArgumentError("expected layout=given or channels-last with "
                                        "worker-command, but got auto, which measures here");
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
