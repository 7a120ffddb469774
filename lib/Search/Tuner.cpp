//===- Tuner.cpp - The search of one task ---------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Tuner.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Search/FirstPicks.h"
#include "chameleon/Support/Statistics.h"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace chameleon {

static constexpr size_t kFirstDraws = 512;
/// Records of other tasks from which on the model chooses the first batch.
static constexpr size_t kExperiencedRows = 24;
/// Draws or enumerated configurations looked at before a tuner calls itself exhausted.
static constexpr size_t kLastResortDraws = 256;
static constexpr size_t kLastResortEnumeration = 1024;
/// Rows of other tasks that a fit takes in, the latest.
static constexpr size_t kMostSharedRows = 256;
/// Spaces with at most so many valid configurations are kept as a list.
static constexpr size_t kSmallSpace = 1024;
static constexpr double kGainThatCounts = 0.01;

/// FNV-1a: tasks of one session search differently, and the same in every session.
static uint64_t hashText(const std::string &text) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

absl::Span<const SharedExperience::Row> SharedExperience::of(const std::string &signature) const {
  auto found = rows.find(signature);
  return found == rows.end() ? absl::Span<const Row>() : found->second;
}

/// Adds the seconds of its life to a sum.
class SecondsOf {
public:
  explicit SecondsOf(double &sum) : sum(sum) {}
  ~SecondsOf() {
    sum += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  SecondsOf(const SecondsOf &) = delete;
  SecondsOf &operator=(const SecondsOf &) = delete;

private:
  double &sum;
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
};

/// The batch in the making: only new, valid, distinct configurations enter.
class TaskTuner::Batch {
public:
  Batch(TaskTuner &tuner, size_t most) : tuner(tuner), most(most) {}

  size_t size() const { return items.size(); }
  size_t room() const { return most - items.size(); }
  bool add(const Configuration &configuration) {
    if (room() == 0 || !tuner.context().isNew(configuration))
      return false;
    tuner.taken.insert(configuration);
    items.push_back(configuration);
    return true;
  }
  std::vector<Configuration> take() { return std::move(items); }
  absl::Span<const Configuration> view() const { return items; }

private:
  TaskTuner &tuner;
  size_t most;
  std::vector<Configuration> items;
};

TaskTuner::TaskTuner(Space space, TaskInfo task, const TargetInfo &target, TunerOptions options,
                     std::shared_ptr<SharedExperience> shared)
    : ownSpace(std::move(space)), ownTask(std::move(task)), options(std::move(options)),
      shared(std::move(shared)), features(ownSpace, ownTask, target), sampler(ownSpace),
      rng(this->options.seed ^ hashText(ownTask.key)) {
  rows.columns = features.columns();
  if (this->options.wholeSmallSpaces)
    if (Enumeration all = enumerateValid(ownSpace, kSmallSpace); all.complete)
      smallSpace = std::move(all.configurations);
  ownStats.rankCorrelation = std::numeric_limits<double>::quiet_NaN();
}

static absl::Status starvedError(const Space &space, Rng &rng) {
  auto rule = starvingConstraint(space, rng);
  std::string why =
      rule ? absl::StrCat("the rule '", space.constraints()[*rule].message, "' rejects every one")
           : "none was found";
  return absl::FailedPreconditionError(
      absl::StrCat("expected schedule '", space.schedule(), "' to have a valid configuration, but ",
                   why, "; widen the values of its knobs or use another schedule"));
}

absl::StatusOr<std::unique_ptr<TaskTuner>>
TaskTuner::create(Space space, TaskInfo task, const TargetInfo &target, TunerOptions options,
                  std::shared_ptr<SharedExperience> shared) {
  if (absl::Status status = checkOptions(options); !status.ok())
    return status;
  Rng rng(options.seed);
  if (!space.hasDefault())
    return starvedError(space, rng);
  if (!options.shareExperience)
    shared = nullptr;
  std::unique_ptr<TaskTuner> tuner(new TaskTuner(std::move(space), std::move(task), target,
                                                 std::move(options), std::move(shared)));
  if (absl::Status status = tuner->createParts(); !status.ok())
    return status;
  return tuner;
}

absl::Status TaskTuner::createParts() {
  options.effort.seed = rng.next();
  auto newModel = createCostModel(options.costModel, features.layout(), rng.next());
  if (!newModel.ok())
    return newModel.status();
  auto newStrategy = createStrategy(options.strategy, options.effort);
  if (!newStrategy.ok())
    return newStrategy.status();
  auto newLocal = createStrategy("local", options.effort);
  if (!newLocal.ok())
    return newLocal.status();
  auto newSampler = createSampler(options.sampler);
  if (!newSampler.ok())
    return newSampler.status();
  model = std::move(*newModel);
  strategy = std::move(*newStrategy);
  localStrategy = std::move(*newLocal);
  thinner = std::move(*newSampler);
  return absl::OkStatus();
}

SearchContext TaskTuner::context() {
  return {ownSpace, sampler, features, *model, measured, taken, rng, available, &ownStats.scored};
}

bool TaskTuner::defaultIsNext() const {
  const Configuration &first = ownSpace.defaultConfiguration();
  return !finished() && !taken.contains(first) && (!available || available->contains(first));
}

absl::StatusOr<std::vector<Configuration>> TaskTuner::nextBatch(size_t atMost) {
  Batch batch(*this, atMost);
  if (finished() || atMost == 0)
    return batch.take();
  batch.add(ownSpace.defaultConfiguration());
  if (ownSpace.knobs().empty()) { // there is nothing else
    exhausted = batch.size() == 0;
    return batch.take();
  }
  for (const Configuration &other : ownSpace.otherDefaults())
    batch.add(other);
  for (const Configuration &suggested : suggestions)
    batch.add(suggested);
  if (absl::Status status = addFirstPicks(batch); !status.ok())
    return status;
  if (batch.size() == 0)
    if (absl::Status status = addModelPicks(batch); !status.ok())
      return status;
  if (batch.size() == 0)
    addAnyLeft(batch);
  exhausted = batch.size() == 0;
  if (absl::Status status = rememberPredictions(batch.view()); !status.ok())
    return status;
  return batch.take();
}

/// Whether other tasks have shown enough for the model to choose the first batch.
bool TaskTuner::experienced() const {
  absl::Span<const SharedExperience::Row> others =
      shared ? shared->of(features.signature()) : absl::Span<const SharedExperience::Row>();
  size_t foreign = 0;
  for (const SharedExperience::Row &row : others)
    foreign += row.taskKey != ownTask.key;
  return foreign >= kExperiencedRows;
}

std::vector<Configuration> TaskTuner::drawNew(size_t draws) {
  std::vector<Configuration> drawn;
  SearchContext now = context();
  for (size_t i = 0; i < draws; ++i)
    if (auto configuration = sampler.sample(rng); configuration && now.isNew(*configuration))
      drawn.push_back(std::move(*configuration));
  return drawn;
}

/// By the closed form, or by the model if it has learnt from other tasks. Where the closed form
/// does not know every algorithm, it ranks candidates of one, not one algorithm against another.
absl::StatusOr<std::vector<double>> TaskTuner::firstScores(absl::Span<const Configuration> drawn) {
  if (experienced()) {
    if (absl::Status status = fitModel(); !status.ok())
      return status;
    if (model->informative())
      return scoreAll(context(), drawn);
  }
  std::vector<double> scores;
  for (const Configuration &configuration : drawn)
    scores.push_back(features.analyticScore(configuration));
  if (!features.knowsEveryAlgorithm())
    return sharesBeaten(scores, algorithmGroups(ownSpace, drawn));
  return scores;
}

absl::Status TaskTuner::addFirstPicks(Batch &batch) {
  size_t wanted = options.firstBatch - std::min(options.firstBatch, taken.size());
  size_t count = std::min(batch.room(), wanted);
  if (count == 0)
    return absl::OkStatus();
  if (!options.guidedStart) {
    addRandomPicks(batch, count);
    return absl::OkStatus();
  }
  std::vector<Configuration> drawn = drawNew(kFirstDraws);
  absl::StatusOr<std::vector<double>> scores = firstScores(drawn);
  if (!scores.ok())
    return scores.status();
  KnobEmbedding embedding(ownSpace);
  for (size_t i : spreadByScore(embedding.embed(drawn), embedding.dimensions(), *scores, count))
    batch.add(drawn[i]);
  return absl::OkStatus();
}

void TaskTuner::addRandomPicks(Batch &batch, size_t count) {
  size_t wanted = batch.size() + std::min(count, batch.room());
  for (size_t draw = 0; draw < 8 * count && batch.size() < wanted; ++draw)
    if (auto configuration = sampler.sample(rng))
      batch.add(*configuration);
}

/// Configurations that the other ways did not find, so that a small space is measured to its end.
void TaskTuner::addAnyLeft(Batch &batch) {
  for (size_t draw = 0; draw < kLastResortDraws && batch.room() > 0; ++draw)
    if (auto configuration = sampler.sample(rng))
      batch.add(*configuration);
  if (batch.size() > 0)
    return;
  if (available) {
    std::vector<Configuration> left(available->begin(), available->end());
    std::sort(left.begin(), left.end(),
              [](const auto &a, const auto &b) { return a.indices < b.indices; });
    for (const Configuration &configuration : left)
      batch.add(configuration);
    return;
  }
  Enumeration all = enumerateValid(ownSpace, taken.size() + kLastResortEnumeration);
  for (const Configuration &configuration : all.configurations)
    batch.add(configuration);
}

absl::Status TaskTuner::fitModel() {
  if (fittedRows == measured.size() + sharedRows())
    return absl::OkStatus();
  fittedRows = measured.size() + sharedRows();
  FeatureMatrix all = rows;
  std::vector<Outcome> outcomes;
  outcomes.reserve(measured.size() + kMostSharedRows);
  for (const MeasuredCandidate &candidate : measured)
    outcomes.push_back(candidate.outcome);
  if (shared) {
    absl::Span<const SharedExperience::Row> others = shared->of(features.signature());
    size_t added = 0;
    for (size_t i = others.size(); i-- > 0 && added < kMostSharedRows;) {
      if (others[i].taskKey == ownTask.key)
        continue;
      all.append(others[i].features);
      outcomes.push_back(others[i].outcome);
      outcomes.back().own = false;
      ++added;
    }
  }
  ++ownStats.fits;
  SecondsOf timer(ownStats.fitSeconds);
  return model->fit(all, outcomes);
}

/// A whole number whose mean is `expected`.
static size_t roundRandomly(double expected, Rng &rng) {
  double whole = std::floor(expected);
  return static_cast<size_t>(whole) + (rng.chance(expected - whole) ? 1 : 0);
}

absl::StatusOr<std::vector<Candidate>> TaskTuner::explore(const SearchContext &context) {
  SecondsOf timer(ownStats.exploreSeconds);
  return makePlan(context);
}

/// The strategy's proposals, or all that is left of a small space: nothing has to be explored
/// there.
absl::StatusOr<std::vector<Candidate>> TaskTuner::makePlan(const SearchContext &context) {
  std::vector<Configuration> left;
  for (const Configuration &configuration : smallSpace)
    if (context.isNew(configuration))
      left.push_back(configuration);
  if (left.empty() || left.size() > options.planSize || !strategy->usesModel())
    return strategy->propose(context, options.planSize);
  absl::StatusOr<std::vector<double>> scores = scoreAll(context, left);
  if (!scores.ok())
    return scores.status();
  Plan plan(context, options.planSize);
  plan.offerAll(left, *scores);
  return plan.take();
}

absl::Status TaskTuner::addModelPicks(Batch &batch) {
  if (absl::Status status = fitModel(); !status.ok())
    return status;
  size_t most = batch.room();
  auto usual = static_cast<double>(std::min(options.batchSize, most));
  size_t randomCount = roundRandomly(usual * options.randomShare, rng);
  size_t localCount = roundRandomly(usual * options.localShare, rng);
  size_t rest = std::min(randomCount + localCount, most);

  SearchContext searched = context();
  absl::StatusOr<std::vector<Candidate>> plan = explore(searched);
  if (!plan.ok())
    return plan.status();
  SecondsOf timer(ownStats.sampleSeconds);
  promisedLogThroughput = 0;
  if (!plan->empty() && model->calibrated()) {
    auto promised = predictAll(searched, {plan->front().configuration});
    if (!promised.ok())
      return promised.status();
    promisedLogThroughput = promised->front();
  }
  SampleCount count = {static_cast<size_t>(usual) - std::min(rest, static_cast<size_t>(usual)),
                       most - rest};
  absl::StatusOr<std::vector<Configuration>> picked = thinner->pick(searched, *plan, count);
  if (!picked.ok())
    return picked.status();
  for (const Configuration &configuration : *picked)
    batch.add(configuration);
  if (absl::Status status = addLocalPicks(batch, localCount); !status.ok())
    return status;
  addRandomPicks(batch, randomCount);
  return absl::OkStatus();
}

absl::Status TaskTuner::addLocalPicks(Batch &batch, size_t count) {
  if (count == 0)
    return absl::OkStatus();
  absl::StatusOr<std::vector<Candidate>> near = localStrategy->propose(context(), count);
  if (!near.ok())
    return near.status();
  for (const Candidate &candidate : *near)
    batch.add(candidate.configuration);
  return absl::OkStatus();
}

absl::Status TaskTuner::rememberPredictions(absl::Span<const Configuration> batch) {
  if (ownStats.fits == 0 || !model->informative())
    return absl::OkStatus();
  absl::StatusOr<std::vector<double>> scores = predictAll(context(), batch);
  if (!scores.ok())
    return scores.status();
  for (size_t i = 0; i < batch.size(); ++i)
    predictions[batch[i]] = (*scores)[i];
  return absl::OkStatus();
}

static absl::Status checkReport(size_t configurations, absl::Span<const Measurement> measurements) {
  if (configurations != measurements.size())
    return absl::InvalidArgumentError(absl::StrCat("expected a measurement for each of ",
                                                   configurations, " configurations, but got ",
                                                   measurements.size()));
  for (const Measurement &measurement : measurements)
    if (measurement.ok() && measurement.samples > 0 &&
        !(measurement.medianNs > 0 && std::isfinite(measurement.medianNs)))
      return absl::InvalidArgumentError(
          absl::StrCat("expected a positive time of a success, but got ", measurement.medianNs));
  return absl::OkStatus();
}

absl::Status TaskTuner::report(absl::Span<const Configuration> configurations,
                               absl::Span<const Measurement> measurements) {
  if (absl::Status status = checkReport(configurations.size(), measurements); !status.ok())
    return status;
  noteCorrelation(configurations, measurements);
  for (size_t i = 0; i < configurations.size(); ++i) {
    predictions.erase(configurations[i]);
    bool reached = !measurements[i].ok() || measurements[i].samples > 0;
    if (reached) {
      learn(configurations[i], measurements[i]);
    } else if (!recorded.contains(configurations[i])) {
      taken.erase(configurations[i]);
      exhausted = false;
    }
  }
  return absl::OkStatus();
}

void TaskTuner::learn(const Configuration &configuration, const Measurement &measurement) {
  if (!ownSpace.isValid(configuration))
    return;
  if (configuration == ownSpace.defaultConfiguration())
    defaultResult = measurement;
  taken.insert(configuration);
  if (!recorded.insert(configuration).second)
    return;
  Outcome outcome;
  outcome.ok = measurement.ok();
  if (outcome.ok)
    outcome.logThroughput = features.logThroughput(measurement.medianNs);
  std::vector<float> row(features.columns());
  features.extract(configuration, absl::MakeSpan(row));
  rows.append(row);
  measured.push_back({configuration, outcome});
  results.push_back(measurement);
  if (shared)
    shared->add(features.signature(), {ownTask.key, std::move(row), outcome});
  ++ownStats.tried;
  ++ownStats.outcomes[static_cast<size_t>(measurement.failure)];
  ownStats.buildSeconds += measurement.buildSeconds;
  ownStats.runSeconds += measurement.runSeconds;
  noteGain(measurement.ok() ? measurement.medianNs : 0);
}

void TaskTuner::noteGain(double medianNs) {
  double before = bestAfter.empty() ? 0 : bestAfter.back();
  bool better = medianNs > 0 && (before == 0 || medianNs < before);
  bestAfter.push_back(better ? medianNs : before);
  ++ownStats.sinceGain;
  if (medianNs > 0 &&
      (gainReferenceNs == 0 || medianNs < gainReferenceNs * (1 - kGainThatCounts))) {
    gainReferenceNs = medianNs;
    ownStats.sinceGain = 0;
  }
}

void TaskTuner::noteCorrelation(absl::Span<const Configuration> configurations,
                                absl::Span<const Measurement> measurements) {
  std::vector<double> predicted;
  std::vector<double> seen;
  for (size_t i = 0; i < configurations.size(); ++i) {
    auto found = predictions.find(configurations[i]);
    if (found == predictions.end() || !measurements[i].ok() || measurements[i].samples == 0)
      continue;
    predicted.push_back(found->second);
    seen.push_back(-measurements[i].medianNs);
  }
  double correlation = predicted.size() < 4 ? NAN : rankCorrelation(predicted, seen);
  if (std::isnan(correlation))
    return;
  correlationSum += correlation;
  ++correlations;
  ownStats.rankCorrelation = correlationSum / static_cast<double>(correlations);
}

} // namespace chameleon
