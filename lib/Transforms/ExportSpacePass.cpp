//===- ExportSpacePass.cpp - Write a space with its records to a file -----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StatusText.h"
#include "TuningTask.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Database/RecordedSpace.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Schedule/SchedulePaths.h"
#include "chameleon/Search/ValidSampling.h"
#include "chameleon/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Transform/IR/TransformDialect.h"

namespace chameleon {
#define GEN_PASS_DEF_EXPORTSPACEPASS
#include "chameleon/Transforms/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

struct ExportSpacePass : chameleon::impl::ExportSpacePassBase<ExportSpacePass> {
  using ExportSpacePassBase::ExportSpacePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto run = [this](OpPassManager &pm, Operation *op) { return runPipeline(pm, op); };
    if (failed(outlineIfNeeded(module, constantArgs, run))) {
      return signalPassFailure();
    }
    if (absl::Status status = write(module); !status.ok()) {
      emitError(module.getLoc()) << "chameleon-export-space: " << textOf(status);
      signalPassFailure();
    }
  }

private:
  absl::Status write(ModuleOp module);
  absl::StatusOr<TuningTask> chooseTask(std::vector<TuningTask> tasks);
  absl::Status addRecords(RecordedSpace &recorded, const TuningTask &task,
                          const Circumstances &circumstances);
};

absl::Status ExportSpacePass::write(ModuleOp module) {
  if (database.empty() || output.empty()) {
    return absl::InvalidArgumentError("expected the options database=FILE and output=FILE");
  }
  if (threads < 1 || threads > 1024) {
    return absl::InvalidArgumentError("expected threads to be 1 to 1024, but got " +
                                      std::to_string(threads));
  }
  absl::StatusOr<Numerics> parsed = parseNumerics(numerics.getValue());
  absl::StatusOr<absl::optional<MeasureMode>> mode = parseMeasureModeOption(measureMode.getValue());
  absl::StatusOr<TargetInfo> host = hostTargetInfo();
  for (const absl::Status &status : {parsed.status(), mode.status(), host.status()}) {
    if (!status.ok()) {
      return status;
    }
  }
  TaskMarks marks(collectTasks(module), {*parsed, threads}, TaskMarks::ReplaceTheirs);
  absl::StatusOr<ScheduleLibrary> library =
      ScheduleLibrary::load(getContext(), resolveSchedulePaths(schedules));
  if (!library.ok()) {
    return library.status();
  }
  std::vector<TuningTask> all = findTuningTasks(module, *library, *host);
  MeasureMode usual = usualMode(all, *host); // as of a session over the module
  absl::StatusOr<TuningTask> task = chooseTask(std::move(all));
  if (!task.ok()) {
    return task.status();
  }
  RecordedSpace recorded;
  recorded.task = task->info;
  recorded.target = *host;
  recorded.space = task->space;
  recorded.compiler = compilerVersion();
  recorded.measureMode = std::string(measureModeName(*mode ? **mode : usual));
  recorded.threads = threads;
  Circumstances circumstances{host->key(), recorded.compiler, numerics, recorded.measureMode,
                              threads};
  if (absl::Status status = addRecords(recorded, *task, circumstances); !status.ok()) {
    return status;
  }
  return writeRecordedSpace(recorded, output);
}

/// The one of `found` that the option `tasks` matches.
absl::StatusOr<TuningTask> ExportSpacePass::chooseTask(std::vector<TuningTask> found) {
  absl::StatusOr<TaskFilter> filter = TaskFilter::create(tasks);
  if (!filter.ok()) {
    return filter.status();
  }
  llvm::erase_if(found, [&](const TuningTask &task) { return !filter->matches(task.info); });
  if (found.size() != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected one task, but got ", found.size(), "; tasks=REGEX narrows them"));
  }
  return std::move(found.front());
}

/// Of several records of one configuration the fastest success, or else the first failure.
absl::Status ExportSpacePass::addRecords(RecordedSpace &recorded, const TuningTask &task,
                                         const Circumstances &circumstances) {
  absl::StatusOr<std::unique_ptr<Database>> opened = Database::open(database, Database::Mode::Read);
  if (!opened.ok()) {
    return opened.status();
  }
  absl::StatusOr<PriorRecords> prior = findPriorRecords(**opened, task, circumstances);
  if (!prior.ok()) {
    return prior.status();
  }
  if (prior->configurations.empty()) {
    return absl::NotFoundError(absl::StrCat("'", database.getValue(), "' has no records of ",
                                            task.info.name,
                                            " for this target, compiler and schedule"));
  }
  absl::flat_hash_map<Configuration, size_t> places;
  for (size_t i = 0; i < prior->configurations.size(); ++i) {
    const Measurement &measurement = prior->measurements[i];
    auto [place, fresh] = places.emplace(prior->configurations[i], recorded.measurements.size());
    if (fresh) {
      recorded.configurations.push_back(prior->configurations[i]);
      recorded.measurements.push_back(measurement);
    } else if (supersedes(measurement, recorded.measurements[place->second])) {
      recorded.measurements[place->second] = measurement;
    }
  }
  Enumeration all = enumerateValid(task.space, recorded.configurations.size());
  recorded.complete =
      all.complete && llvm::all_of(all.configurations, [&](const Configuration &configuration) {
        return places.contains(configuration);
      });
  return absl::OkStatus();
}

} // namespace
