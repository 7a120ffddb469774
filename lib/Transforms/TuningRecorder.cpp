//===- TuningRecorder.cpp - What a session leaves behind and shows --------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TuningRecorder.h"
#include <nlohmann/json.hpp>

using namespace chameleon;

TuningRecorder::TuningRecorder(absl::Span<TuningTask *const> tasks, Circumstances circumstances,
                               int64_t session, Sinks sinks, std::function<double()> fractionDone)
    : tasks(tasks.begin(), tasks.end()), circumstances(std::move(circumstances)), session(session),
      sinks(sinks), fractionDone(std::move(fractionDone)) {
  for (size_t i = 0; i < tasks.size(); ++i) {
    TaskProgress line;
    line.name = tasks[i]->info.name;
    line.uses = tasks[i]->info.weight;
    lines.push_back(line);
    if (sinks.progress) {
      sinks.progress->update(i, line);
    }
  }
}

void TuningRecorder::measured(size_t task, const Configuration &configuration,
                              const Measurement &measurement) {
  ++numMeasured;
  ++outcomeCounts[static_cast<size_t>(measurement.failure)];
  bool isDefault = configuration == tasks[task]->space.defaultConfiguration();
  write(task, isDefault ? RecordRole::Default : RecordRole::Candidate, &configuration, measurement);
  show(task, configuration, measurement);
}

void TuningRecorder::compared(size_t task, const Configuration &configuration,
                              const Measurement &measurement) {
  write(task, RecordRole::Rerank, &configuration, measurement);
}

void TuningRecorder::recordNaive(size_t task, double naiveNs) {
  Measurement measurement;
  measurement.medianNs = naiveNs;
  measurement.samples = 1;
  write(task, RecordRole::Naive, nullptr, measurement);
}

void TuningRecorder::recordChosen(size_t task, const TunedCandidate &chosen) {
  write(task, RecordRole::Chosen, &chosen.configuration, chosen.measurement);
}

void TuningRecorder::showOutcome(size_t task, const SessionTaskResult &outcome) {
  TaskProgress &line = lines[task];
  if (outcome.defaultCandidate && outcome.defaultCandidate->measurement.ok()) {
    line.defaultNs = outcome.defaultCandidate->measurement.medianNs;
  }
  if (outcome.chosen) {
    line.bestNs = outcome.chosen->measurement.medianNs;
  }
  if (sinks.progress) {
    sinks.progress->update(task, line);
  }
}

void TuningRecorder::recall(size_t task, const PriorRecords &prior) {
  for (size_t i = 0; i < prior.configurations.size(); ++i) {
    show(task, prior.configurations[i], prior.measurements[i]);
  }
}

void TuningRecorder::show(size_t task, const Configuration &configuration,
                          const Measurement &measurement) {
  TaskProgress &line = lines[task];
  ++line.tried;
  line.failed += measurement.ok() ? 0 : 1;
  if (measurement.ok()) {
    if (configuration == tasks[task]->space.defaultConfiguration()) {
      line.defaultNs = measurement.medianNs;
    }
    if (line.bestNs == 0 || measurement.medianNs < line.bestNs) {
      line.bestNs = measurement.medianNs;
    }
  }
  if (sinks.progress) {
    sinks.progress->setFractionDone(fractionDone());
    sinks.progress->update(task, line);
  }
}

void TuningRecorder::write(size_t task, RecordRole role, const Configuration *configuration,
                           const Measurement &measurement) {
  const TuningTask &tuned = *tasks[task];
  Record record;
  record.session = session;
  record.taskKey = tuned.info.key;
  record.targetKey = circumstances.targetKey;
  record.compiler = circumstances.compiler;
  record.measurement = measurement;
  record.numerics = circumstances.numerics;
  record.measureMode = circumstances.measureMode;
  record.threads = circumstances.threads;
  record.role = role;
  if (configuration) {
    record.schedule = tuned.space.schedule();
    record.scheduleHash = tuned.scheduleHash;
    record.configuration = tuned.space.toPairs(*configuration);
  }
  if (sinks.database) {
    keep(sinks.database->addRecord(record).status());
  }
  if (sinks.log) {
    nlohmann::json fields = {{"task", tuned.info.key},
                             {"name", tuned.info.name},
                             {"role", std::string(recordRoleName(role))},
                             {"outcome", std::string(failureClassName(measurement.failure))},
                             {"schedule", record.schedule},
                             {"message", measurement.message},
                             {"build_seconds", measurement.buildSeconds},
                             {"run_seconds", measurement.runSeconds}};
    if (configuration) {
      fields["configuration"] = tuned.space.print(*configuration);
    }
    fields["median_ns"] =
        measurement.ok() ? nlohmann::json(measurement.medianNs) : nlohmann::json();
    keep(sinks.log->write("measured", fields));
  }
}

void TuningRecorder::keep(const absl::Status &status) {
  if (firstError.ok()) {
    firstError = status;
  }
}
