//===- LookupPass.cpp - The best known configuration of every task --------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StatusText.h"
#include "TuningTask.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Measure/Protocol.h"
#include "chameleon/Schedule/SchedulePaths.h"
#include "chameleon/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Transform/IR/TransformDialect.h"
#include "llvm/ADT/StringExtras.h"

namespace chameleon {
#define GEN_PASS_DEF_LOOKUPPASS
#include "chameleon/Transforms/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

/// In what `record` was measured otherwise than is asked for, in words. The measure mode counts
/// only if one is asked for.
static std::vector<std::string> differences(const Record &record, const TuningTask &task,
                                            const Circumstances &asked, bool anyMode) {
  std::vector<std::string> words;
  auto compare = [&](const std::string &what, const std::string &theirs, const std::string &ours) {
    if (theirs != ours) {
      words.push_back(what + " '" + theirs + "', not '" + ours + "'");
    }
  };
  compare("target", record.targetKey, asked.targetKey);
  compare("compiler", record.compiler, asked.compiler);
  compare("schedule", record.schedule, task.space.schedule());
  if (record.schedule == task.space.schedule() && record.scheduleHash != task.scheduleHash) {
    words.emplace_back("another version of schedule '" + record.schedule + "'");
  }
  compare("numerics", record.numerics, asked.numerics);
  if (!anyMode) {
    compare("measure-mode", record.measureMode, asked.measureMode);
  }
  compare("threads", std::to_string(record.threads), std::to_string(asked.threads));
  return words;
}

/// What `database` has of a task for other circumstances, for people: of the records that differ
/// least. Empty if it has none.
static absl::StatusOr<std::string> describeOthers(const Database &database, const TuningTask &task,
                                                  const Circumstances &asked, bool anyMode) {
  absl::StatusOr<std::vector<Record>> records = database.records({.taskKey = task.info.key});
  if (!records.ok()) {
    return records.status();
  }
  std::vector<std::string> least;
  for (const Record &record : *records) {
    std::vector<std::string> words = differences(record, task, asked, anyMode);
    if (record.measurement.ok() && !words.empty() &&
        (least.empty() || words.size() < least.size())) {
      least = std::move(words);
    }
  }
  return least.empty() ? "" : "; it was measured with " + llvm::join(least, ", ");
}

namespace {

struct LookupPass : chameleon::impl::LookupPassBase<LookupPass> {
  using LookupPassBase::LookupPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto run = [this](OpPassManager &pm, Operation *op) { return runPipeline(pm, op); };
    if (failed(outlineIfNeeded(module, constantArgs, run))) {
      return signalPassFailure();
    }
    if (absl::Status status = lookUp(module); !status.ok()) {
      emitError(module.getLoc()) << "chameleon-lookup: " << textOf(status);
      signalPassFailure();
    }
  }

private:
  /// The mode asked for; or the one that fits the module, then the other.
  static SmallVector<MeasureMode> modesToTry(absl::optional<MeasureMode> asked,
                                             ArrayRef<TuningTask> tasks, const TargetInfo &host) {
    if (asked) {
      return {*asked};
    }
    return usualMode(tasks, host) == MeasureMode::Warm
               ? SmallVector<MeasureMode>{MeasureMode::Warm, MeasureMode::Cold}
               : SmallVector<MeasureMode>{MeasureMode::Cold, MeasureMode::Warm};
  }

  absl::Status lookUp(ModuleOp module) {
    if (database.empty()) {
      return absl::InvalidArgumentError("expected the option database=FILE");
    }
    absl::StatusOr<std::unique_ptr<Database>> opened =
        Database::open(database, Database::Mode::Read);
    absl::StatusOr<TargetInfo> host = hostTargetInfo();
    absl::StatusOr<ScheduleLibrary> library =
        ScheduleLibrary::load(getContext(), resolveSchedulePaths(schedules));
    absl::Status names = parseNumerics(numerics.getValue()).status();
    absl::StatusOr<absl::optional<MeasureMode>> mode =
        parseMeasureModeOption(measureMode.getValue());
    names.Update(mode.status());
    for (const absl::Status &status : {opened.status(), host.status(), library.status(), names}) {
      if (!status.ok()) {
        return status;
      }
    }
    if (threads < 1 || threads > 1024) {
      return absl::InvalidArgumentError("expected threads to be 1 to 1024, but got " +
                                        std::to_string(threads));
    }
    std::vector<TuningTask> tasks = findTuningTasks(module, *library, *host);
    Circumstances circumstances{host->key(), compilerVersion(), numerics, /*measureMode=*/"",
                                threads};
    SmallVector<MeasureMode> modes = modesToTry(*mode, tasks, *host);
    bool missesNchw = false;
    for (TuningTask &task : tasks) {
      absl::StatusOr<absl::optional<TunedCandidate>> best = absl::optional<TunedCandidate>();
      for (MeasureMode each : modes) {
        circumstances.measureMode = std::string(measureModeName(each));
        best = findBestRecord(**opened, task, circumstances, /*chosenOnly=*/false);
        if (!best.ok() || *best) {
          break;
        }
      }
      if (!best.ok()) {
        return best.status();
      }
      if (*best) {
        annotate(task, **best, circumstances.targetKey);
        ++numFound;
        continue;
      }
      absl::StatusOr<std::string> others =
          describeOthers(**opened, task, circumstances, /*anyMode=*/modes.size() > 1);
      if (!others.ok()) {
        return others.status();
      }
      emitRemark(task.function.getLoc())
          << "task @" << task.function.getSymName() << " (" << task.info.name << ") is not in '"
          << database.getValue() << "' for this target, compiler, schedule, numerics, measure mode "
          << "and number of threads" << *others;
      missesNchw |= task.info.name.find("nchw") != std::string::npos;
    }
    if (missesNchw) {
      emitRemark(module.getLoc()) << "what was tuned with layout=auto may be known with channels "
                                     "innermost: say --chameleon-channels-last before";
    }
    return absl::OkStatus();
  }
};

} // namespace
