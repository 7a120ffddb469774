//===- TuningTask.cpp - A task of a module, ready to be tuned -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TuningTask.h"
#include "StatusText.h"
#include "chameleon/Dialect/Names.h"
#include "chameleon/Measure/ElementType.h"
#include "chameleon/Search/ValidSampling.h"
#include "chameleon/Support/Random.h"
#include "chameleon/Transforms/ConfigAttribute.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Config/llvm-config.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace chameleon;

std::string chameleon::compilerVersion() {
  return "mlir-" LLVM_VERSION_STRING "/chameleon-" CHAMELEON_VERSION;
}

TaskFilter::TaskFilter(const std::string &pattern) : regex(pattern.empty() ? ".*" : pattern) {}

absl::StatusOr<TaskFilter> TaskFilter::create(const std::string &pattern) {
  TaskFilter filter(pattern);
  std::string error;
  if (!filter.regex.isValid(error)) {
    return absl::InvalidArgumentError("expected a regular expression on tasks, but '" + pattern +
                                      "': " + error);
  }
  return filter;
}

bool TaskFilter::matches(const TaskInfo &task) const {
  return regex.match(task.name) || regex.match(task.key);
}

std::string chameleon::explainStarvation(const Space &space) {
  Rng rng(0);
  absl::optional<size_t> rule = starvingConstraint(space, rng);
  return rule ? "no valid configuration: '" + space.constraints()[*rule].message + "' rejects all"
              : "no valid configuration near what the knobs prefer";
}

/// Fails if `function` has operands that a run worker cannot make and check.
static absl::Status checkMeasurable(func::FuncOp function) {
  for (Type type : function.getArgumentTypes()) {
    std::string element;
    llvm::raw_string_ostream(element) << getElementTypeOrSelf(type);
    if (absl::Status status = parseElementType(element).status(); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

/// The space of the first schedule that fits; fails with what is wrong with each of them.
static absl::StatusOr<Space> findSpace(func::FuncOp function, const ScheduleLibrary &library,
                                       const TargetInfo &target) {
  std::string reasons;
  for (const std::string &schedule : library.matches(function)) {
    absl::StatusOr<Space> space = library.space(schedule, function, target);
    if (space.ok() && space->hasDefault()) {
      return space;
    }
    reasons += (reasons.empty() ? "@" : "; @") + schedule + ": " +
               (space.ok() ? explainStarvation(*space) : textOf(space.status()));
  }
  return absl::NotFoundError(reasons.empty() ? "no schedule is for it" : reasons);
}

/// Tasks that differ only in what is around their root get the beginning of their key into their
/// name.
static void distinguishNames(std::vector<TuningTask> &tasks) {
  llvm::StringMap<int> uses;
  for (const TuningTask &task : tasks) {
    ++uses[task.info.name];
  }
  for (TuningTask &task : tasks) {
    if (uses[task.info.name] > 1) {
      task.info.name += " [" + task.info.key.substr(0, 4) + "]";
    }
  }
}

std::vector<TuningTask> chameleon::findTuningTasks(ModuleOp module, const ScheduleLibrary &library,
                                                   const TargetInfo &target) {
  std::vector<TuningTask> tasks;
  for (func::FuncOp function : collectTasks(module)) {
    if (!rootOf(function)) {
      emitRemark(function.getLoc())
          << "task @" << function.getSymName()
          << " left untuned: it is scheduled already; tune the original module";
      continue;
    }
    absl::StatusOr<TaskInfo> info = describeTask(function);
    if (absl::Status measurable = checkMeasurable(function); !measurable.ok()) {
      info = measurable;
    }
    absl::StatusOr<Space> space = info.ok() ? findSpace(function, library, target) : info.status();
    if (!space.ok()) {
      emitRemark(function.getLoc())
          << "task @" << function.getSymName() << " left untuned: " << textOf(space.status());
      continue;
    }
    info->weight = static_cast<double>(countUses(module, function));
    std::string hash = library.hash(space->schedule());
    tasks.push_back({function, rootOf(function), std::move(*info), std::move(*space), hash});
  }
  distinguishNames(tasks);
  return tasks;
}

absl::StatusOr<absl::optional<MeasureMode>>
chameleon::parseMeasureModeOption(const std::string &name) {
  if (name == "auto") {
    return absl::optional<MeasureMode>();
  }
  absl::StatusOr<MeasureMode> mode = parseMeasureMode(name);
  if (!mode.ok()) {
    return absl::InvalidArgumentError("expected auto, warm or cold for measure-mode, but got \"" +
                                      name + "\"");
  }
  return absl::optional<MeasureMode>(*mode);
}

double chameleon::constantBytes(ArrayRef<TuningTask> tasks) {
  double bytes = 0;
  for (const TuningTask &task : tasks) {
    for (const AccessInfo &access : task.info.accesses) {
      if (access.constant) {
        bytes += task.info.weight * static_cast<double>(access.elements * access.elementBits) / 8;
      }
    }
  }
  return bytes;
}

double chameleon::lastCacheBytes(const TargetInfo &target) {
  return static_cast<double>(std::max(target.l2Bytes, target.l3Bytes));
}

MeasureMode chameleon::usualMode(ArrayRef<TuningTask> tasks, const TargetInfo &target) {
  return constantBytes(tasks) > lastCacheBytes(target) / 2 ? MeasureMode::Cold : MeasureMode::Warm;
}

static bool sameCircumstances(const Record &record, const TuningTask &task,
                              const Circumstances &circumstances) {
  return record.schedule == task.space.schedule() && record.numerics == circumstances.numerics &&
         record.measureMode == circumstances.measureMode && record.threads == circumstances.threads;
}

absl::StatusOr<PriorRecords> chameleon::findPriorRecords(const Database &database,
                                                         const TuningTask &task,
                                                         const Circumstances &circumstances) {
  absl::StatusOr<std::vector<Record>> records =
      database.records({.taskKey = task.info.key,
                        .targetKey = circumstances.targetKey,
                        .compiler = circumstances.compiler,
                        .scheduleHash = task.scheduleHash});
  if (!records.ok()) {
    return records.status();
  }
  PriorRecords prior;
  for (const Record &record : *records) {
    bool measured = record.role == RecordRole::Candidate || record.role == RecordRole::Default;
    // What others measured is measured again before it is believed.
    if (!measured || record.imported || !sameCircumstances(record, task, circumstances)) {
      continue;
    }
    absl::StatusOr<Configuration> configuration = task.space.parse(record.configuration);
    if (configuration.ok() && task.space.isValid(*configuration)) {
      prior.configurations.push_back(std::move(*configuration));
      prior.measurements.push_back(record.measurement);
    }
  }
  return prior;
}

absl::StatusOr<absl::optional<TunedCandidate>>
chameleon::findBestRecord(const Database &database, const TuningTask &task,
                          const Circumstances &circumstances, bool chosenOnly) {
  absl::StatusOr<std::vector<Record>> ranked =
      database.ranked({.taskKey = task.info.key,
                       .targetKey = circumstances.targetKey,
                       .compiler = circumstances.compiler,
                       .numerics = circumstances.numerics,
                       .measureMode = circumstances.measureMode,
                       .threads = circumstances.threads,
                       .schedules = {{task.space.schedule(), task.scheduleHash}}});
  if (!ranked.ok()) {
    return ranked.status();
  }
  for (const Record &record : *ranked) {
    absl::StatusOr<Configuration> configuration = task.space.parse(record.configuration);
    bool usable = configuration.ok() && task.space.isValid(*configuration) &&
                  (!chosenOnly || record.role == RecordRole::Chosen);
    if (usable) {
      return absl::optional<TunedCandidate>(TunedCandidate{*configuration, record.measurement});
    }
  }
  return absl::optional<TunedCandidate>();
}

void chameleon::annotate(TuningTask &task, const TunedCandidate &candidate,
                         const std::string &targetKey) {
  MLIRContext *context = task.root->getContext();
  task.root->setAttr(kConfigAttr, toConfigAttr(context, task.space, candidate.configuration));
  const Measurement &measurement = candidate.measurement;
  auto median = static_cast<int64_t>(std::llround(measurement.medianNs));
  if (measurement.ok() && median > 0 && measurement.samples > 0) {
    task.root->setAttr(kMeasuredAttr,
                       MeasuredAttr::get(context, median, std::llround(measurement.madNs),
                                         measurement.samples, targetKey));
  }
}
