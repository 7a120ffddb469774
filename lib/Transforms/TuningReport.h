//===- TuningReport.h - What a session tells people and programs ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_TUNINGREPORT_H
#define CHAMELEON_LIB_TRANSFORMS_TUNINGREPORT_H

#include "TuningTask.h"
#include "absl/status/status.h"
#include "chameleon/Measure/Pool.h"
#include <array>
#include <string>
#include <vector>

namespace chameleon {

struct TaskReport {
  TaskInfo info;
  size_t tried = 0;
  size_t failed = 0;
  double defaultNs = 0; // 0: not measured
  double bestNs = 0;    // 0: none
};

struct TuningReport {
  Session session;
  PoolStatistics pool; // all zero when replaying
  size_t measurements = 0;
  std::array<size_t, kNumFailureClasses> outcomes = {}; // per FailureClass; None counts successes
  std::string stop;                                     // why the session ended
  std::vector<TaskReport> tasks;
};

/// A few lines: candidates per second, the split of the time, failures by class.
std::string formatReport(const TuningReport &report);

/// Fails if no report can be written to `path`: better found before a session than after.
absl::Status checkReportPath(const std::string &path);

/// Writes the report as JSON (keys as in `chameleon-db --json`). Fails if `path` cannot be written.
absl::Status writeReport(const TuningReport &report, const std::string &path);

/// The tasks with their spaces, for `dry-run`.
std::string formatDryRun(absl::Span<const TuningTask> tasks, double budgetSeconds);

/// Schedule, size, knobs, what each rule rejects, and the default, for `--chameleon-print-space`.
std::string formatSpace(const TuningTask &task);

struct Explanation {
  const TuningTask &task;
  absl::optional<TunedCandidate> chosen; // what ships, as measured last; absent if nothing works
  std::vector<TunedCandidate> fastest;   // of the search, ascending
  double defaultNs = 0;                  // as measured beside `chosen`; 0: it was not
  bool reached = true;                   // anything was measured
};

/// Why `chosen` ships, how it compares with the default, and the fastest of the search.
std::string formatExplanation(const Explanation &explanation);

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_TUNINGREPORT_H
