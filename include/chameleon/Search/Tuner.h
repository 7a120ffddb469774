//===- Tuner.h - The search of one task -----------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A TaskTuner hands out batches of configurations to measure and learns from what comes back:
//   1. the default of the space, then that of every other algorithm that it offers
//      (Space::otherDefaults), then candidates from the valid region that the closed form likes,
//      spread out (or uniform draws, as published);
//   2. from then on: fit the cost model, let the strategy make a plan, let the sampler thin it,
//      and add some neighbours of the best and some random candidates.
// It never hands out a configuration that is invalid, measured, or being measured. No clock
// decides: time enters only through the seconds that measurements carry. Same seed, same reports:
// same batches.
//
//   auto tuner = TaskTuner::create(space, task, target, *presetOptions("chameleon"));
//   while (!(*tuner)->finished()) {
//     auto batch = (*tuner)->nextBatch(16);
//     (*tuner)->report(*batch, measure(*batch));
//   }
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_TUNER_H
#define CHAMELEON_SEARCH_TUNER_H

#include "absl/container/flat_hash_map.h"
#include "chameleon/Search/Measurer.h"
#include "chameleon/Search/Sampler.h"
#include "chameleon/Search/Strategy.h"
#include <array>
#include <memory>

namespace chameleon {

struct TunerOptions {
  std::string strategy = "scan";
  std::string sampler = "adaptive";
  std::string costModel = "analytic+gp";
  StrategyOptions effort; // its seed is set from `seed`
  uint64_t seed = 0;
  size_t firstBatch = 4;     // measurements before the model takes over, the default among them
  bool guidedStart = true;   // the first ones by the closed form with spread; else uniform draws
  size_t planSize = 64;      // candidates that the strategy proposes
  size_t batchSize = 8;      // of them and the others below, measured before the next fit
  double localShare = 0.25;  // of a batch: best neighbours of the fastest
  double randomShare = 0.05; // of a batch: uniform draws
  size_t patience = 0;       // finished after so many measurements without a gain of 1 %; 0: never
  bool wholeSmallSpaces = true; // plan all that is left, without exploring, if that fits a plan
  bool shareExperience = true;  // learn from records of other tasks with the same columns
};

/// "chameleon" (default), "chameleon-paper" (as published; needs LibTorch), "autotvm",
/// "autotvm-small-plan" (the control that refits as often as Chameleon). Fails with the list of
/// names if there is none.
absl::StatusOr<TunerOptions> presetOptions(absl::string_view name);
std::vector<std::string> presetNames();
/// Fails if a name in `options` is unknown, a number makes no sense, or the policy library is
/// missing.
absl::Status checkOptions(const TunerOptions &options);

/// Records of all tasks of a session that tuners learn from beside their own.
class SharedExperience {
public:
  struct Row {
    std::string taskKey;
    std::vector<float> features;
    Outcome outcome;
  };
  void add(const std::string &signature, Row row) { rows[signature].push_back(std::move(row)); }
  /// In order of arrival.
  absl::Span<const Row> of(const std::string &signature) const;

private:
  absl::flat_hash_map<std::string, std::vector<Row>> rows;
};

struct TunerStats {
  size_t tried = 0;
  std::array<size_t, kNumFailureClasses> outcomes = {}; // per FailureClass; None counts successes
  size_t sinceGain = 0;    // measurements since the best improved by at least 1 %
  double buildSeconds = 0; // sums over measurements
  double runSeconds = 0;
  double rankCorrelation = 0; // of predictions and measurements, mean over batches; NaN if unknown
  size_t fits = 0;
  size_t scored = 0; // configurations that the model was asked about
  // Real seconds of the search itself; they decide nothing.
  double fitSeconds = 0;     // of the cost model
  double exploreSeconds = 0; // of the strategy, scoring included
  double sampleSeconds = 0;  // of the sampler and the picks beside it

  size_t failed() const { return tried - outcomes[0]; }
};

struct TunedCandidate {
  Configuration configuration;
  Measurement measurement;
};

class TaskTuner {
public:
  /// Fails if a name in `options` is unknown, or if the space has no valid configuration (saying
  /// which rule rejects every one). Tuners with the same `shared` learn from each other.
  static absl::StatusOr<std::unique_ptr<TaskTuner>>
  create(Space space, TaskInfo task, const TargetInfo &target, TunerOptions options,
         std::shared_ptr<SharedExperience> shared = nullptr);
  TaskTuner(const TaskTuner &) = delete;
  TaskTuner &operator=(const TaskTuner &) = delete;

  /// From now on only configurations of `available` are handed out (see Measurer::available); it
  /// must outlive the tuner. Null: any.
  void limitTo(const absl::flat_hash_set<Configuration> *available) { this->available = available; }

  /// Measures these right after the defaults: what was fastest for similar tasks, say. What cannot
  /// be measured is left out.
  void suggest(std::vector<Configuration> configurations) {
    suggestions = std::move(configurations);
  }

  /// At most `atMost` configurations to measure; the first one ever is the default, if it
  /// is available, and those of other algorithms come next. Empty only if the tuner is finished or
  /// `atMost` is 0. May be called again before the last batch is reported. Fails if the cost model
  /// or the policy library does.
  absl::StatusOr<std::vector<Configuration>> nextBatch(size_t atMost);

  /// What became of configurations, of a batch or of an earlier session (resume). Those that were
  /// not reached (no failure, no samples) may be handed out again; records that break a rule of the
  /// space are left out. Fails if a success has no positive time or the lengths differ.
  absl::Status report(absl::Span<const Configuration> configurations,
                      absl::Span<const Measurement> measurements);

  /// Nothing left to measure, or patience is over.
  bool finished() const { return exhausted || patienceIsOver(); }
  bool defaultMeasured() const { return defaultResult.has_value(); }
  /// Whether the next batch begins with the default.
  bool defaultIsNext() const;
  const absl::optional<Measurement> &defaultMeasurement() const { return defaultResult; }

  /// The fastest, if anything succeeded.
  absl::optional<TunedCandidate> best() const;
  /// The fastest `count`, in ascending order of time.
  std::vector<TunedCandidate> fastest(size_t count) const;
  /// Time of the fastest; 0 if there is none.
  double incumbentNs() const;

  /// What one more second of measuring may save of weight x time, in nanoseconds. From the gains of
  /// late, what the model promises, and an optimism that falls with the number of measurements.
  /// `headroom` in [0, 1] scales the optimism: 0 if the task is as efficient as the best of its
  /// kind.
  double expectedGainPerSecond(double headroom = 1) const;
  /// Mean seconds of a measurement so far, build and run; a guess before the first.
  double secondsPerMeasurement() const;

  /// Work (flops, or iterations without flops) per second of the fastest; 0 if there is none.
  double bestRate() const;

  const Space &space() const { return ownSpace; }
  const TaskInfo &task() const { return ownTask; }
  const TunerStats &stats() const { return ownStats; }
  /// Named numbers of the strategy's last call ("policy_entropy", ...).
  std::vector<std::pair<std::string, double>> diagnostics() const {
    return strategy->diagnostics();
  }

private:
  TaskTuner(Space space, TaskInfo task, const TargetInfo &target, TunerOptions options,
            std::shared_ptr<SharedExperience> shared);
  absl::Status createParts();

  class Batch;
  SearchContext context();
  absl::Status fitModel();
  absl::StatusOr<std::vector<Candidate>> makePlan(const SearchContext &context);
  absl::StatusOr<std::vector<Candidate>> explore(const SearchContext &context);
  absl::Status addModelPicks(Batch &batch);
  absl::Status addLocalPicks(Batch &batch, size_t count);
  absl::Status addFirstPicks(Batch &batch);
  std::vector<Configuration> drawNew(size_t draws);
  absl::StatusOr<std::vector<double>> firstScores(absl::Span<const Configuration> drawn);
  bool experienced() const;
  size_t sharedRows() const { return shared ? shared->of(features.signature()).size() : 0; }
  void addRandomPicks(Batch &batch, size_t count);
  void addAnyLeft(Batch &batch);
  absl::Status rememberPredictions(absl::Span<const Configuration> batch);
  void learn(const Configuration &configuration, const Measurement &measurement);
  void noteGain(double medianNs);
  void noteCorrelation(absl::Span<const Configuration> configurations,
                       absl::Span<const Measurement> measurements);
  bool patienceIsOver() const {
    return options.patience > 0 && ownStats.sinceGain >= options.patience && incumbentNs() > 0;
  }

  Space ownSpace;
  TaskInfo ownTask;
  TunerOptions options;
  std::shared_ptr<SharedExperience> shared;
  FeatureExtractor features;
  ValidSampler sampler;
  Rng rng;
  std::unique_ptr<CostModel> model;
  std::unique_ptr<Strategy> strategy;
  std::unique_ptr<Strategy> localStrategy;
  std::unique_ptr<Sampler> thinner;

  std::vector<Configuration> suggestions;
  std::vector<Configuration> smallSpace; // all valid configurations, if they are few
  absl::flat_hash_set<Configuration> taken;
  const absl::flat_hash_set<Configuration> *available = nullptr;
  absl::flat_hash_set<Configuration> recorded;
  std::vector<MeasuredCandidate> measured; // parallel to `results`
  std::vector<Measurement> results;
  FeatureMatrix rows; // parallel to `measured`
  absl::optional<Measurement> defaultResult;
  absl::flat_hash_map<Configuration, double> predictions; // of what is being measured
  std::vector<double> bestAfter;    // best time after each measurement, 0 if none
  double promisedLogThroughput = 0; // of the last plan's best; 0 if unknown
  double gainReferenceNs = 0;
  double correlationSum = 0;
  size_t correlations = 0;
  size_t fittedRows = 0;
  bool exhausted = false;
  TunerStats ownStats;
};

} // namespace chameleon

#endif // CHAMELEON_SEARCH_TUNER_H
