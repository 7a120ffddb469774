//===- Session.h - Tuning several tasks under one budget ------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs tuners against measurers until the budget is used up: every default first, then where the
// gain is expected; at the end the fastest candidates of each task are measured once more against
// its default, and the default stays unless the gain is outside the noise. Time comes from a
// function, progress and records go to an observer: a session is tested on a virtual clock.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_SESSION_H
#define CHAMELEON_SEARCH_SESSION_H

#include "chameleon/Search/TaskScheduler.h"
#include <functional>

namespace chameleon {

struct SessionTask {
  TaskTuner *tuner = nullptr;
  Measurer *measurer = nullptr;
};

struct SessionLimits {
  absl::optional<double> seconds;      // wall time of the whole session
  absl::optional<size_t> measurements; // of candidates; the final comparison is not counted
  absl::optional<double> targetNs;     // stop once the sum of weight x best time is at most this
  /// Stop once no task is expected to gain this share of the sum of weight x best time per second;
  /// 0: go on.
  double leastGainPerSecond = 0;
  size_t batch = 16;              // candidates of one task measured before the next decision
  size_t finalists = 5;           // compared with the default at the end; 0: no comparison
  double finalShare = 0.1;        // of the seconds, kept for that
  double finalistSlowdown = 1.05; // only candidates within this factor of the best
};

/// Told what happens, as it happens, on the calling thread. `task` is the position in the session.
class SessionObserver {
public:
  virtual ~SessionObserver() = default;
  virtual void batchStarted(size_t task, absl::Span<const Configuration> batch) {}
  virtual void measured(size_t task, const Configuration &configuration,
                        const Measurement &measurement) {}
  /// After the tuner has learnt from the batch.
  virtual void batchEnded(size_t task) {}
  virtual void comparisonStarted(size_t task, absl::Span<const Configuration> finalists) {}
  virtual void compared(size_t task, const Configuration &configuration,
                        const Measurement &measurement) {}
};

struct SessionHooks {
  std::function<double()> nowSeconds;  // monotonic
  std::function<bool()> stopRequested; // Ctrl-C; may be empty
  SessionObserver *observer = nullptr; // may be null
};

enum class StopReason {
  BudgetSeconds,
  BudgetMeasurements,
  Target,
  NoExpectedGain,
  Finished,
  Interrupted
};
absl::string_view stopReasonName(StopReason reason); // "budget-seconds", ...

struct SessionTaskResult {
  bool reached = false;                            // its default, or anything, was measured
  absl::optional<TunedCandidate> defaultCandidate; // as measured last; absent if not reached
  absl::optional<TunedCandidate> chosen;           // what ships; absent if nothing succeeded
  bool choseDefault = false;                       // no gain outside the noise
  bool compared = false;                           // `chosen` comes from a comparison
};

struct SessionResult {
  std::vector<SessionTaskResult> tasks; // in the order of the session's tasks
  StopReason stop = StopReason::Finished;
  size_t measurements = 0;
  double searchSeconds = 0;  // fitting, exploring, sampling
  double measureSeconds = 0; // waiting for measurers
  double compareSeconds = 0;
};

/// Whether `candidate` is faster than `reference` by more than the noise of the two: the difference
/// of the medians exceeds twice its standard error, estimated from the median absolute deviations,
/// and one percent.
bool isClearlyFaster(const Measurement &candidate, const Measurement &reference);

/// Which of `candidates` to ship instead of `reference`: the fastest success if it is clearly
/// faster, or if the reference failed. Nothing: keep the reference.
absl::optional<size_t> chooseFaster(const Measurement &reference,
                                    absl::Span<const Measurement> candidates);

/// Fails if a tuner or a measurer does; what was measured until then was told to the observer.
absl::StatusOr<SessionResult> runSession(absl::Span<const SessionTask> tasks,
                                         const SessionLimits &limits, const SessionHooks &hooks);

} // namespace chameleon

#endif // CHAMELEON_SEARCH_SESSION_H
