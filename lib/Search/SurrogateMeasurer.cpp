//===- SurrogateMeasurer.cpp - A fitted stand-in for a large space --------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/SurrogateMeasurer.h"
#include "CostModel/XGBoost/BoostedTrees.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Support/Statistics.h"
#include <algorithm>
#include <cmath>

namespace chameleon {

static constexpr size_t kLeastSuccesses = 100;
static constexpr size_t kFolds = 5;

static FeatureMatrix knobRows(const Space &space, absl::Span<const Configuration> configurations) {
  KnobEmbedding embedding(space);
  std::vector<double> points = embedding.embed(configurations);
  FeatureMatrix result;
  result.columns = embedding.dimensions();
  result.data.assign(points.begin(), points.end());
  return result;
}

static TreeOptions deepTrees(TreeObjective objective) {
  TreeOptions options;
  options.objective = objective;
  options.rounds = 300;
  options.maxDepth = 8;
  options.learningRate = 0.1;
  return options;
}

static float logSeconds(double seconds) {
  return static_cast<float>(std::log2(std::max(seconds, 1e-6)));
}

/// One ensemble per number that a measurement has.
class SurrogateMeasurer::Trees {
public:
  static absl::StatusOr<std::unique_ptr<Trees>> fit(const Space &space,
                                                    absl::Span<const Configuration> configurations,
                                                    absl::Span<const Measurement> measurements);

  absl::StatusOr<std::vector<Measurement>>
  predict(const Space &space, absl::Span<const Configuration> configurations) const;

private:
  Trees(BoostedTrees time, BoostedTrees success, BoostedTrees build, BoostedTrees run)
      : time(std::move(time)), success(std::move(success)), build(std::move(build)),
        run(std::move(run)) {}

  BoostedTrees time;    // log2 of nanoseconds, of successes
  BoostedTrees success; // probability
  BoostedTrees build;   // log2 of seconds
  BoostedTrees run;     // log2 of seconds
};

absl::StatusOr<std::unique_ptr<SurrogateMeasurer::Trees>>
SurrogateMeasurer::Trees::fit(const Space &space, absl::Span<const Configuration> configurations,
                              absl::Span<const Measurement> measurements) {
  std::vector<Configuration> succeeded;
  std::vector<float> times;
  std::vector<float> outcomes;
  std::vector<float> builds;
  std::vector<float> runs;
  for (size_t i = 0; i < configurations.size(); ++i) {
    const Measurement &measurement = measurements[i];
    outcomes.push_back(measurement.ok() ? 1.0F : 0.0F);
    builds.push_back(logSeconds(measurement.buildSeconds));
    runs.push_back(logSeconds(measurement.runSeconds));
    if (!measurement.ok())
      continue;
    succeeded.push_back(configurations[i]);
    times.push_back(static_cast<float>(std::log2(measurement.medianNs)));
  }
  if (succeeded.size() < kLeastSuccesses)
    return absl::FailedPreconditionError(
        absl::StrCat("expected at least ", kLeastSuccesses,
                     " successful measurements to fit a surrogate on, but got ", succeeded.size()));
  FeatureMatrix all = knobRows(space, configurations);
  auto time =
      BoostedTrees::fit(knobRows(space, succeeded), times, deepTrees(TreeObjective::Regression));
  auto success = BoostedTrees::fit(all, outcomes, deepTrees(TreeObjective::Logistic));
  auto build = BoostedTrees::fit(all, builds, deepTrees(TreeObjective::Regression));
  auto run = BoostedTrees::fit(all, runs, deepTrees(TreeObjective::Regression));
  for (const absl::Status &status : {time.status(), success.status(), build.status(), run.status()})
    if (!status.ok())
      return status;
  return std::unique_ptr<Trees>(
      new Trees(*std::move(time), *std::move(success), *std::move(build), *std::move(run)));
}

absl::StatusOr<std::vector<Measurement>>
SurrogateMeasurer::Trees::predict(const Space &space,
                                  absl::Span<const Configuration> configurations) const {
  FeatureMatrix rows = knobRows(space, configurations);
  std::vector<double> columns[4];
  const BoostedTrees *ensembles[4] = {&time, &success, &build, &run};
  for (size_t i = 0; i < 4; ++i) {
    columns[i].resize(configurations.size());
    absl::Status status = ensembles[i]->predict(rows, absl::MakeSpan(columns[i]));
    if (!status.ok())
      return status;
  }
  std::vector<Measurement> result(configurations.size());
  for (size_t i = 0; i < result.size(); ++i) {
    Measurement &measurement = result[i];
    measurement.buildSeconds = std::exp2(columns[2][i]);
    measurement.runSeconds = std::exp2(columns[3][i]);
    if (columns[1][i] < 0.5) {
      measurement.failure = FailureClass::RunTimeout;
      measurement.message = "the surrogate foretells a failure";
      continue;
    }
    measurement.medianNs = std::exp2(columns[0][i]);
    measurement.samples = 1;
  }
  return result;
}

SurrogateMeasurer::SurrogateMeasurer(const Space &space, VirtualClock &clock,
                                     std::unique_ptr<Trees> trees)
    : space(space), clock(clock), trees(std::move(trees)) {}

SurrogateMeasurer::~SurrogateMeasurer() = default;

absl::StatusOr<std::unique_ptr<SurrogateMeasurer>>
SurrogateMeasurer::create(const Space &space, absl::Span<const Configuration> configurations,
                          absl::Span<const Measurement> measurements, VirtualClock &clock) {
  auto trees = Trees::fit(space, configurations, measurements);
  if (!trees.ok())
    return trees.status();
  return std::unique_ptr<SurrogateMeasurer>(new SurrogateMeasurer(space, clock, *std::move(trees)));
}

absl::StatusOr<std::vector<Measurement>>
SurrogateMeasurer::predict(absl::Span<const Configuration> configurations) const {
  return trees->predict(space, configurations);
}

absl::StatusOr<std::vector<Measurement>>
SurrogateMeasurer::measure(absl::Span<const Configuration> configurations, double /*incumbentNs*/,
                           Callback done) {
  absl::StatusOr<std::vector<Measurement>> result = predict(configurations);
  if (!result.ok())
    return result;
  for (size_t i = 0; i < result->size(); ++i) {
    clock.advance((*result)[i].buildSeconds + (*result)[i].runSeconds);
    done(i, (*result)[i]);
  }
  return result;
}

absl::StatusOr<SurrogateQuality>
crossValidateSurrogate(const Space &space, absl::Span<const Configuration> configurations,
                       absl::Span<const Measurement> measurements) {
  std::vector<double> predicted;
  std::vector<double> measured;
  std::vector<double> errors;
  size_t foretold = 0;
  for (size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<Configuration> kept;
    std::vector<Measurement> keptMeasurements;
    std::vector<Configuration> held;
    std::vector<Measurement> heldMeasurements;
    for (size_t i = 0; i < configurations.size(); ++i) {
      bool out = i % kFolds == fold;
      (out ? held : kept).push_back(configurations[i]);
      (out ? heldMeasurements : keptMeasurements).push_back(measurements[i]);
    }
    VirtualClock clock;
    auto surrogate = SurrogateMeasurer::create(space, kept, keptMeasurements, clock);
    if (!surrogate.ok())
      return surrogate.status();
    auto guesses = (*surrogate)->predict(held);
    if (!guesses.ok())
      return guesses.status();
    for (size_t i = 0; i < held.size(); ++i) {
      foretold += (*guesses)[i].ok() == heldMeasurements[i].ok();
      if (!(*guesses)[i].ok() || !heldMeasurements[i].ok())
        continue;
      predicted.push_back((*guesses)[i].medianNs);
      measured.push_back(heldMeasurements[i].medianNs);
      errors.push_back(std::abs(predicted.back() / measured.back() - 1));
    }
  }
  SurrogateQuality quality;
  quality.medianError = errors.empty() ? NAN : median(errors);
  quality.rankCorrelation = rankCorrelation(predicted, measured);
  quality.outcomeAccuracy =
      static_cast<double>(foretold) / static_cast<double>(configurations.size());
  return quality;
}

} // namespace chameleon
