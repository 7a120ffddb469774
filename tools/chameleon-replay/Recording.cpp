//===- Recording.cpp - Searching a recorded space -------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Recording.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Search/ValidSampling.h"
#include <algorithm>
#include <chrono>
#include <cmath>

namespace chameleon {

static constexpr size_t kMostEnumerated = 1000000;
static constexpr size_t kPredictedAtOnce = 4096;

absl::StatusOr<std::unique_ptr<Recording>> Recording::open(const std::string &path) {
  absl::StatusOr<RecordedSpace> read = readRecordedSpace(path);
  if (!read.ok()) {
    return read.status();
  }
  std::unique_ptr<Recording> recording(new Recording);
  recording->recorded = *std::move(read);
  if (!recording->recorded.complete) {
    if (absl::Status status = recording->fitSurrogate(); !status.ok()) {
      return absl::Status(status.code(), absl::StrCat(path, ": ", status.message()));
    }
  } else {
    recording->summarizeRecords();
  }
  if (!std::isfinite(recording->best)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": expected a configuration that works, but every one failed"));
  }
  return recording;
}

void Recording::summarizeRecords() {
  valid = recorded.configurations.size();
  for (const Measurement &measurement : recorded.measurements) {
    if (measurement.ok()) {
      best = std::min(best, measurement.medianNs);
    }
  }
}

absl::Status Recording::fitSurrogate() {
  auto fitted = SurrogateMeasurer::create(recorded.space, recorded.configurations,
                                          recorded.measurements, clock);
  if (!fitted.ok()) {
    return fitted.status();
  }
  surrogate = *std::move(fitted);
  std::vector<Configuration> all = enumerateValid(recorded.space, kMostEnumerated).configurations;
  valid = all.size();
  for (size_t begin = 0; begin < all.size(); begin += kPredictedAtOnce) {
    auto predicted = surrogate->predict(absl::MakeConstSpan(all).subspan(begin, kPredictedAtOnce));
    if (!predicted.ok()) {
      return predicted.status();
    }
    for (const Measurement &measurement : *predicted) {
      if (measurement.ok()) {
        best = std::min(best, measurement.medianNs);
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<SearchTrace> Recording::search(const TunerOptions &options, size_t measurements,
                                              double secondsPerScore) {
  clock = VirtualClock();
  ReplayMeasurer replay(clock);
  if (!surrogate) {
    for (size_t i = 0; i < recorded.configurations.size(); ++i) {
      replay.record(recorded.configurations[i], recorded.measurements[i]);
    }
  }
  SearchTrace trace;
  auto begin = std::chrono::steady_clock::now();
  auto stopWatch = [&] {
    auto now = std::chrono::steady_clock::now();
    trace.searchSeconds += std::chrono::duration<double>(now - begin).count();
  };
  Measurer &measurer = surrogate ? static_cast<Measurer &>(*surrogate) : replay;
  auto tuner = TaskTuner::create(recorded.space, recorded.task, recorded.target, options);
  if (!tuner.ok()) {
    return tuner.status();
  }
  (*tuner)->limitTo(measurer.available());
  while (trace.ns.size() < measurements && !(*tuner)->finished()) {
    size_t left = measurements - trace.ns.size();
    auto batch = (*tuner)->nextBatch(std::min(options.batchSize, left));
    if (!batch.ok()) {
      return batch.status();
    }
    stopWatch();
    double scoring = static_cast<double>((*tuner)->stats().scored) * secondsPerScore;
    auto note = [&](size_t /*index*/, const Measurement &measurement) {
      trace.ns.push_back(measurement.ok() ? measurement.medianNs : std::nan(""));
      trace.outcomes.push_back(measurement.failure);
      trace.virtualSeconds.push_back(clock.now() + scoring);
    };
    auto measured = measurer.measure(*batch, (*tuner)->incumbentNs(), note);
    begin = std::chrono::steady_clock::now();
    absl::Status status = measured.ok() ? (*tuner)->report(*batch, *measured) : measured.status();
    if (!status.ok()) {
      return status;
    }
  }
  stopWatch();
  trace.stats = (*tuner)->stats();
  return trace;
}

} // namespace chameleon
