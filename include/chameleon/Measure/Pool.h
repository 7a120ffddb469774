//===- Pool.h - Build workers and a run worker, supervised ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The parent's side of measuring. A `MeasurePool` owns `builders` build workers and one run worker
// (Protocol.h), restarts one that died, and answers requests about tasks. Nothing here runs or
// interprets a candidate. Every wait has a deadline; not thread-safe: one thread uses a pool and
// what it made.
//
//   auto pool = MeasurePool::create(options);           // starts the workers
//   auto measurer = (*pool)->measurerFor(spec, space);  // LiveMeasurer.h, per task and schedule
//   auto baseline = (*pool)->prepare(spec);             // of the naive form; implied by measure()
//   auto results = (*measurer)->measure(configurations, incumbentNs, done);
//   auto ranks = (*pool)->rerank(spec, {defaultCandidate, best, ...}, 11);
//   auto ir = (*pool)->schedule(spec.ir, "cpu_contraction", knobs);
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_POOL_H
#define CHAMELEON_MEASURE_POOL_H

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "chameleon/Measure/Protocol.h"
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace chameleon {

class LiveMeasurer;
class Space;

struct MeasurePoolOptions {
  /// A command line that runs a worker ("ssh board chameleon-worker"; split at blanks, no shell).
  /// `--role` is appended. Empty: the program `chameleon-worker` beside this one.
  std::string workerCommand;
  std::vector<std::string> schedulePaths;
  TargetInfo target;
  Numerics numerics = Numerics::Accurate;
  double errorBudget = 2e-5; // of Numerics::Fast
  MeasureMode mode = MeasureMode::Warm;
  int threads = 1; // of the generated code
  /// Build workers; 0: one per core, at most four. One that has to share its core with the run
  /// worker, or the cores with the threads of a candidate, builds only while nothing is timed.
  int builders = 0;
  uint64_t seed = 0;
  RequestLimits buildLimits;
  RequestLimits runLimits;
  RequestLimits prepareLimits = {180, 180, int64_t(8) << 30, int64_t(64) << 20};
  SamplingPolicy sampling;
  /// Polled a few times per second: true ends `measure`, `prepare` and `rerank` promptly.
  std::function<bool()> interrupted;
};

/// A task to be measured.
struct TaskSpec {
  std::string key; // names the task among those of this pool
  std::string ir;  // module with one task function on tensors
  /// Arithmetic that no direct algorithm can avoid, for the impossible-rate check; 0: no check. A
  /// schedule that does less says so by `kWorkShareAttr` (Dialect/Names.h).
  double minimumFlops = 0;
  double naiveError = -1; // known from records; < 0: the plain loop nest is built and run
  double naiveNs = 0;     // known from records, goes with `naiveError`
};

/// What `prepare` found out about the plain loop nest.
struct TaskBaseline {
  double naiveNs = 0;
  double naiveError = 0;
};

/// One program for a task.
struct CandidateSpec {
  std::string schedule;
  KnobPairs knobs;
};

/// Outcome of a final comparison.
struct RankedCandidate {
  Measurement measurement;       // median and MAD over the rounds, or why it could not take part
  std::vector<double> samplesNs; // [round], taken side by side with those of the others
};

/// Where the time went, in seconds of this process's clock unless said otherwise.
struct PoolStatistics {
  double buildSeconds = 0;    // in the build workers, summed
  double scheduleSeconds = 0; // of these, for applying the schedule,
  double lowerSeconds = 0;    // for tail and lowering,
  double codegenSeconds = 0;  // and for LLVM
  double runSeconds = 0;      // in the run worker
  double waitSeconds = 0;     // of the parent, with nothing to do but wait
  int64_t built = 0;          // candidates built, failures included
  int64_t measured = 0;       // candidates that reached the run worker
  int64_t cacheHits = 0;      // objects that did not have to be built again
  int64_t restarts = 0;       // of workers that died or were killed
};

class MeasurePool {
public:
  /// Starts the workers. Fails if there is no worker program (says where it was looked for), it
  /// does not speak our protocol, or the schedules do not load.
  static absl::StatusOr<std::unique_ptr<MeasurePool>> create(MeasurePoolOptions options);
  ~MeasurePool();

  /// Builds the reference and the plain loop nest of `spec` and hands them to the run worker. Cheap
  /// if it has been done. Builders that have nothing to do meanwhile build candidates of `ahead`,
  /// so that `measure` and `rerank` find them built. Fails if the task cannot be built or run as it
  /// is: it cannot be tuned then.
  absl::StatusOr<TaskBaseline> prepare(const TaskSpec &spec,
                                       absl::Span<const CandidateSpec> ahead = {});

  /// The measurer of `spec` under one schedule. It must not outlive the pool. `space` is copied.
  std::unique_ptr<LiveMeasurer> measurerFor(const TaskSpec &spec, const Space &space);

  using Callback = absl::FunctionRef<void(size_t index, const Measurement &)>;
  /// Builds, checks and times candidates of `spec`, building ahead of timing. As Measurer::measure.
  absl::StatusOr<std::vector<Measurement>> measure(const TaskSpec &spec,
                                                   absl::Span<const CandidateSpec> candidates,
                                                   double incumbentNs, Callback done);

  /// Times candidates of one task in turn, `rounds` samples each: the comparison to decide by. A
  /// candidate that does not build, or with which the comparison crashes, has its failure; the
  /// others are compared.
  absl::StatusOr<std::vector<RankedCandidate>>
  rerank(const TaskSpec &spec, absl::Span<const CandidateSpec> candidates, int rounds = 11);

  /// The module `taskIr` after `schedule` under `knobs`, before the tail. Not stopped by
  /// `interrupted`. InvalidArgument if the configuration is not one of the schedule's, Internal if
  /// it does not apply.
  absl::StatusOr<std::string> schedule(const std::string &taskIr, const std::string &schedule,
                                       const KnobPairs &knobs);

  /// FMA peak of one core of the machine that runs the candidates, in f32 flops per second.
  double peakFlops() const;
  /// The machine that runs the candidates.
  const TargetInfo &runTarget() const;
  const PoolStatistics &statistics() const;

  struct Impl; // of this library's sources

private:
  MeasurePool();
  std::unique_ptr<Impl> impl;
};

} // namespace chameleon

#endif // CHAMELEON_MEASURE_POOL_H
