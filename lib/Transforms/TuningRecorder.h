//===- TuningRecorder.h - What a session leaves behind and shows ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_TUNINGRECORDER_H
#define CHAMELEON_LIB_TRANSFORMS_TUNINGRECORDER_H

#include "TuningTask.h"
#include "chameleon/Search/Session.h"
#include "chameleon/Support/JsonLog.h"
#include "chameleon/Support/Progress.h"
#include <array>
#include <functional>
#include <memory>

namespace chameleon {

/// Writes every event of a session to the database, the log and the display. The first error of the
/// database or the log is kept: measuring goes on, the session reports it.
class TuningRecorder : public SessionObserver {
public:
  struct Sinks {
    Database *database = nullptr; // may be null
    JsonLog *log = nullptr;       // may be null
    Progress *progress = nullptr; // may be null
  };

  /// `tasks` are the session's, in its order; `session` names it in the database. `fractionDone`
  /// gives the share of the budget that is used.
  TuningRecorder(absl::Span<TuningTask *const> tasks, Circumstances circumstances, int64_t session,
                 Sinks sinks, std::function<double()> fractionDone);

  void measured(size_t task, const Configuration &configuration,
                const Measurement &measurement) override;
  void compared(size_t task, const Configuration &configuration,
                const Measurement &measurement) override;

  /// The time of the plain loop nest.
  void recordNaive(size_t task, double naiveNs);
  /// Shows what the session decided by in place of what it met on the way: with a final comparison,
  /// the times of that.
  void showOutcome(size_t task, const SessionTaskResult &outcome);
  /// The outcome for a task.
  void recordChosen(size_t task, const TunedCandidate &chosen);
  /// Takes what an earlier session measured into the display.
  void recall(size_t task, const PriorRecords &prior);

  const absl::Status &status() const { return firstError; }
  size_t measurements() const { return numMeasured; }
  const std::array<size_t, kNumFailureClasses> &outcomes() const { return outcomeCounts; }

private:
  void write(size_t task, RecordRole role, const Configuration *configuration,
             const Measurement &measurement);
  void show(size_t task, const Configuration &configuration, const Measurement &measurement);
  void keep(const absl::Status &status);

  std::vector<TuningTask *> tasks;
  Circumstances circumstances;
  int64_t session;
  Sinks sinks;
  std::function<double()> fractionDone;
  std::vector<TaskProgress> lines;
  size_t numMeasured = 0;
  std::array<size_t, kNumFailureClasses> outcomeCounts = {};
  absl::Status firstError;
};

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_TUNINGRECORDER_H
