//===- Session.cpp - Tuning several tasks under one budget ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Session.h"
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace chameleon {

/// Candidates that go along with a task's default where the budget allows it, so that builders and
/// runners overlap.
static constexpr size_t kFirstVisit = 4;

absl::string_view stopReasonName(StopReason reason) {
  static constexpr absl::string_view kNames[] = {"budget-seconds", "budget-measurements",
                                                 "target",         "no-expected-gain",
                                                 "finished",       "interrupted"};
  return kNames[static_cast<size_t>(reason)];
}

/// Standard error of a median, for samples whose centre is about normal.
static double standardError(const Measurement &measurement) {
  constexpr double deviationOfMad = 1.4826;
  constexpr double medianOfMean = 1.2533;
  return deviationOfMad * medianOfMean * measurement.madNs /
         std::sqrt(std::max(measurement.samples, 1));
}

/// A smaller gain is lost again where others fill the caches: a candidate for a 3x3 convolution of
/// 512 channels that was 0.2 % ahead, and read its weights more often, was 20 % behind in the next
/// process.
static constexpr double kLeastGain = 0.01;

bool isClearlyFaster(const Measurement &candidate, const Measurement &reference) {
  double noise = std::hypot(standardError(candidate), standardError(reference));
  double gain = reference.medianNs - candidate.medianNs;
  return gain > 2 * noise && gain > kLeastGain * reference.medianNs;
}

absl::optional<size_t> chooseFaster(const Measurement &reference,
                                    absl::Span<const Measurement> candidates) {
  absl::optional<size_t> best;
  for (size_t i = 0; i < candidates.size(); ++i)
    if (candidates[i].ok() && candidates[i].samples > 0 &&
        (!best || candidates[i].medianNs < candidates[*best].medianNs))
      best = i;
  bool referenceRan = reference.ok() && reference.samples > 0;
  if (best && referenceRan && !isClearlyFaster(candidates[*best], reference))
    return absl::nullopt;
  return best;
}

namespace {

class Runner {
public:
  Runner(absl::Span<const SessionTask> tasks, const SessionLimits &limits,
         const SessionHooks &hooks)
      : tasks(tasks), limits(limits), hooks(hooks), start(hooks.nowSeconds()) {
    result.tasks.resize(tasks.size());
  }

  absl::Status search();
  absl::Status compareFinalists();
  SessionResult finish();

private:
  bool interrupted() const { return hooks.stopRequested && hooks.stopRequested(); }
  double elapsed() const { return hooks.nowSeconds() - start; }
  double searchSecondsLeft() const;
  absl::optional<double> totalNs() const;
  bool gainIsOver(const TaskTuner &next) const;
  absl::optional<StopReason> mustStop() const;
  size_t batchLimit(const TaskTuner &tuner) const;
  absl::Status runBatch(size_t task);
  absl::StatusOr<std::vector<Measurement>> measure(size_t task,
                                                   absl::Span<const Configuration> batch);
  std::vector<Configuration> finalistsOf(const TaskTuner &tuner) const;
  absl::Status compare(size_t task, absl::Span<const Configuration> finalists);
  void choose(size_t task, const Measurement &reference,
              absl::Span<const Configuration> configurations,
              absl::Span<const Measurement> measurements);
  void chooseFromSearch(size_t task);

  absl::Span<const SessionTask> tasks;
  const SessionLimits &limits;
  const SessionHooks &hooks;
  double start;
  bool measurerStopped = false; // it was interrupted before it reached a candidate
  SessionResult result;
};

double Runner::searchSecondsLeft() const {
  double kept = limits.finalists > 0 ? limits.finalShare : 0;
  return *limits.seconds * (1 - kept) - elapsed();
}

/// Sum of weight x best time; nothing before every task has one.
absl::optional<double> Runner::totalNs() const {
  double sum = 0;
  for (const SessionTask &task : tasks) {
    double best = task.tuner->incumbentNs();
    if (best == 0)
      return absl::nullopt;
    sum += task.tuner->task().weight * best;
  }
  return sum;
}

bool Runner::gainIsOver(const TaskTuner &next) const {
  absl::optional<double> total = totalNs();
  return limits.leastGainPerSecond > 0 && total &&
         next.expectedGainPerSecond() < limits.leastGainPerSecond * *total;
}

absl::optional<StopReason> Runner::mustStop() const {
  if (interrupted() || measurerStopped)
    return StopReason::Interrupted;
  if (limits.measurements && result.measurements >= *limits.measurements)
    return StopReason::BudgetMeasurements;
  if (limits.seconds && searchSecondsLeft() <= 0)
    return StopReason::BudgetSeconds;
  absl::optional<double> total = totalNs();
  if (limits.targetNs && total && *total <= *limits.targetNs)
    return StopReason::Target;
  return absl::nullopt;
}

/// No more than the budget has room for; a first visit is short, so that every task is reached.
size_t Runner::batchLimit(const TaskTuner &tuner) const {
  double most = static_cast<double>(limits.batch);
  double visits = static_cast<double>(tasks.size());
  if (tuner.stats().tried == 0) {
    most = kFirstVisit;
    if (limits.measurements)
      most = std::min(most, static_cast<double>(*limits.measurements) / (2 * visits));
    if (limits.seconds)
      most = std::min(most, *limits.seconds / (4 * visits * tuner.secondsPerMeasurement()));
  }
  if (limits.measurements)
    most = std::min(most, static_cast<double>(*limits.measurements - result.measurements));
  if (limits.seconds)
    most = std::min(most, searchSecondsLeft() / tuner.secondsPerMeasurement());
  return static_cast<size_t>(std::max(most, 1.0));
}

absl::StatusOr<std::vector<Measurement>> Runner::measure(size_t task,
                                                         absl::Span<const Configuration> batch) {
  double before = hooks.nowSeconds();
  auto done = [&](size_t index, const Measurement &measurement) {
    if (hooks.observer)
      hooks.observer->measured(task, batch[index], measurement);
  };
  auto measurements = tasks[task].measurer->measure(batch, tasks[task].tuner->incumbentNs(), done);
  result.measureSeconds += hooks.nowSeconds() - before;
  return measurements;
}

absl::Status Runner::runBatch(size_t task) {
  TaskTuner &tuner = *tasks[task].tuner;
  double before = hooks.nowSeconds();
  absl::StatusOr<std::vector<Configuration>> batch = tuner.nextBatch(batchLimit(tuner));
  result.searchSeconds += hooks.nowSeconds() - before;
  if (!batch.ok())
    return batch.status();
  if (batch->empty())
    return absl::OkStatus();
  if (hooks.observer)
    hooks.observer->batchStarted(task, *batch);
  absl::StatusOr<std::vector<Measurement>> measurements = measure(task, *batch);
  if (!measurements.ok())
    return measurements.status();
  size_t reached = 0;
  for (const Measurement &measurement : *measurements)
    reached += !measurement.ok() || measurement.samples > 0;
  result.measurements += reached;
  measurerStopped = reached == 0;
  if (absl::Status status = tuner.report(*batch, *measurements); !status.ok())
    return status;
  if (hooks.observer)
    hooks.observer->batchEnded(task);
  return absl::OkStatus();
}

absl::Status Runner::search() {
  std::vector<TaskTuner *> tuners;
  for (const SessionTask &task : tasks)
    tuners.push_back(task.tuner);
  TaskScheduler scheduler(std::move(tuners));
  for (;;) {
    if (absl::optional<StopReason> reason = mustStop()) {
      result.stop = *reason;
      return absl::OkStatus();
    }
    absl::optional<size_t> task = scheduler.next();
    if (!task) {
      result.stop = StopReason::Finished;
      return absl::OkStatus();
    }
    if (gainIsOver(*tasks[*task].tuner)) {
      result.stop = StopReason::NoExpectedGain;
      return absl::OkStatus();
    }
    if (absl::Status status = runBatch(*task); !status.ok())
      return status;
  }
}

/// Each finalist is loaded, packed and sampled anew, in more rounds than a measurement has: about
/// so many times the seconds of that.
static constexpr double kComparisonCost = 2;

/// The default, then the fastest that come near the best, as many as there is time for; just the
/// default if there are none.
std::vector<Configuration> Runner::finalistsOf(const TaskTuner &tuner) const {
  std::vector<Configuration> result = {tuner.space().defaultConfiguration()};
  double limit = tuner.incumbentNs() * limits.finalistSlowdown;
  double secondsLeft =
      limits.seconds ? *limits.seconds - elapsed() : std::numeric_limits<double>::infinity();
  if (tuner.defaultMeasurement())
    secondsLeft -= kComparisonCost * tuner.defaultMeasurement()->runSeconds;
  for (const TunedCandidate &candidate : tuner.fastest(limits.finalists + 1)) {
    if (candidate.configuration == result.front())
      continue;
    secondsLeft -= kComparisonCost * candidate.measurement.runSeconds;
    if (candidate.measurement.medianNs > limit || result.size() > limits.finalists ||
        secondsLeft < 0)
      break;
    result.push_back(candidate.configuration);
  }
  return result;
}

void Runner::choose(size_t task, const Measurement &reference,
                    absl::Span<const Configuration> configurations,
                    absl::Span<const Measurement> measurements) {
  SessionTaskResult &outcome = result.tasks[task];
  const Configuration &defaultConfiguration = tasks[task].tuner->space().defaultConfiguration();
  outcome.defaultCandidate = TunedCandidate{defaultConfiguration, reference};
  absl::optional<size_t> winner = chooseFaster(reference, measurements);
  outcome.choseDefault = !winner && reference.ok() && reference.samples > 0;
  if (winner)
    outcome.chosen = TunedCandidate{configurations[*winner], measurements[*winner]};
  else if (outcome.choseDefault)
    outcome.chosen = outcome.defaultCandidate;
}

absl::Status Runner::compare(size_t task, absl::Span<const Configuration> finalists) {
  if (hooks.observer)
    hooks.observer->comparisonStarted(task, finalists);
  auto done = [&](size_t index, const Measurement &measurement) {
    if (hooks.observer)
      hooks.observer->compared(task, finalists[index], measurement);
  };
  auto measurements = tasks[task].measurer->compare(finalists, done);
  if (!measurements.ok())
    return measurements.status();
  bool complete = std::all_of(measurements->begin(), measurements->end(),
                              [](const Measurement &m) { return !m.ok() || m.samples > 0; });
  if (!complete)
    return absl::OkStatus();
  choose(task, measurements->front(), finalists.subspan(1),
         absl::MakeConstSpan(*measurements).subspan(1));
  result.tasks[task].compared = true;
  return absl::OkStatus();
}

absl::Status Runner::compareFinalists() {
  std::vector<size_t> order;
  for (size_t i = 0; i < tasks.size(); ++i)
    if (limits.finalists > 0 && tasks[i].tuner->incumbentNs() > 0)
      order.push_back(i);
  auto importance = [&](size_t i) {
    return tasks[i].tuner->task().weight * tasks[i].tuner->incumbentNs();
  };
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return importance(a) != importance(b) ? importance(a) > importance(b) : a < b;
  });
  double before = hooks.nowSeconds();
  for (size_t task : order) {
    if (interrupted() || (limits.seconds && elapsed() >= *limits.seconds))
      break;
    std::vector<Configuration> finalists = finalistsOf(*tasks[task].tuner);
    if (finalists.size() > 1)
      if (absl::Status status = compare(task, finalists); !status.ok())
        return status;
  }
  result.compareSeconds = hooks.nowSeconds() - before;
  return absl::OkStatus();
}

/// From the search's own measurements, for tasks that were not compared.
void Runner::chooseFromSearch(size_t task) {
  const TaskTuner &tuner = *tasks[task].tuner;
  Measurement reference;
  reference.failure = FailureClass::InvalidConfig;
  if (tuner.defaultMeasurement())
    reference = *tuner.defaultMeasurement();
  std::vector<Configuration> configurations;
  std::vector<Measurement> measurements;
  for (const TunedCandidate &candidate : tuner.fastest(1)) {
    configurations.push_back(candidate.configuration);
    measurements.push_back(candidate.measurement);
  }
  choose(task, reference, configurations, measurements);
  if (!tuner.defaultMeasurement())
    result.tasks[task].defaultCandidate.reset();
}

SessionResult Runner::finish() {
  for (size_t task = 0; task < tasks.size(); ++task) {
    result.tasks[task].reached = tasks[task].tuner->stats().tried > 0;
    if (!result.tasks[task].compared)
      chooseFromSearch(task);
  }
  return std::move(result);
}

} // namespace

absl::StatusOr<SessionResult> runSession(absl::Span<const SessionTask> tasks,
                                         const SessionLimits &limits, const SessionHooks &hooks) {
  for (const SessionTask &task : tasks)
    task.tuner->limitTo(task.measurer->available());
  Runner runner(tasks, limits, hooks);
  if (absl::Status status = runner.search(); !status.ok())
    return status;
  if (absl::Status status = runner.compareFinalists(); !status.ok())
    return status;
  return runner.finish();
}

} // namespace chameleon
