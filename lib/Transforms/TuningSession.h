//===- TuningSession.h - From a module to its best configurations ---------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one place where search, measuring and the database meet.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_TUNINGSESSION_H
#define CHAMELEON_LIB_TRANSFORMS_TUNINGSESSION_H

#include "absl/status/statusor.h"
#include "chameleon/Measure/Protocol.h"
#include "chameleon/Search/Tuner.h"
#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace chameleon {

struct TuningOptions {
  double budgetSeconds = 120;
  int64_t budgetMeasurements = 0; // 0: as many as the seconds allow
  std::string databasePath;       // empty: none
  TunerOptions tuner;
  uint64_t seed = 0;
  int threads = 1;
  std::string schedules;     // as resolveSchedulePaths takes it
  std::string taskPattern;   // regular expression on names and keys; empty: all
  std::string workerCommand; // empty: the worker beside this program
  Numerics numerics = Numerics::Accurate;
  absl::optional<MeasureMode> mode; // nothing: as calls of the module find their weights
  std::string replayPath;           // empty: measure
  bool dryRun = false;
  bool retune = false;
  std::string explainPattern; // regular expression on names and keys; empty: none
  std::string logPath;        // empty: none
  std::string reportPath;     // empty: none
};

struct TuningSummary {
  size_t tuned = 0;    // tasks with a configuration
  size_t measured = 0; // candidates
};

/// Tunes the tasks of `module` and leaves configurations on their roots. Fails if a file cannot be
/// used, there is no worker, or an option makes no sense; what was measured until then is in the
/// database.
absl::StatusOr<TuningSummary> tuneModule(mlir::ModuleOp module, const TuningOptions &options);

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_TUNINGSESSION_H
