//===- GbtModel.cpp - Cost models of boosted trees ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "GbtModel.h"
#include "XGBoost/BoostedTrees.h"
#include "absl/types/optional.h"
#include <algorithm>
#include <cmath>
#include <limits>

namespace chameleon {

/// A candidate that surely fails is not worse than one that is 2^10 times slower.
static constexpr double kLowestValidity = 0x1p-10;
static constexpr int kValidityRounds = 20;
/// How many records it takes to believe in a slope of the closed form other than 1.
static constexpr double kSlopePrior = 8;

namespace {

/// A line through (closed form, measured log2 throughput), pulled to slope 1 where there is little
/// data.
struct Line {
  double slope = 1;
  double offset = 0;
};

Line fitLine(absl::Span<const double> x, absl::Span<const double> y) {
  auto n = static_cast<double>(x.size());
  double meanX = 0;
  double meanY = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    meanX += x[i] / n;
    meanY += y[i] / n;
  }
  double covariance = kSlopePrior;
  double variance = kSlopePrior;
  for (size_t i = 0; i < x.size(); ++i) {
    covariance += (x[i] - meanX) * (y[i] - meanY);
    variance += (x[i] - meanX) * (x[i] - meanX);
  }
  double slope = std::clamp(covariance / variance, 0.0, 1.5);
  return {slope, meanY - slope * meanX};
}

class GbtModel final : public CostModel {
public:
  GbtModel(GbtKind kind, size_t analyticColumn, uint64_t seed)
      : kind(kind), analyticColumn(analyticColumn), seed(seed) {}

  absl::Status fit(const FeatureMatrix &features, absl::Span<const Outcome> outcomes) override;
  absl::Status predict(const FeatureMatrix &features, absl::Span<double> scores) const override;
  bool calibrated() const override {
    return value && (kind == GbtKind::Regression || kind == GbtKind::AnalyticCorrection);
  }
  bool informative() const override {
    return value || validity || kind == GbtKind::AnalyticCorrection;
  }

private:
  bool usesAnalytic() const { return kind == GbtKind::AnalyticCorrection; }
  /// Only the correcting model may look at the closed form: the others are compared with it.
  FeatureMatrix visible(const FeatureMatrix &features) const;
  absl::Status fitValue(const FeatureMatrix &features, absl::Span<const Outcome> outcomes);
  absl::Status fitValidity(const FeatureMatrix &features, absl::Span<const Outcome> outcomes);
  std::vector<float> labels(const FeatureMatrix &features, absl::Span<const Outcome> outcomes);
  TreeOptions treeOptions() const;

  GbtKind kind;
  size_t analyticColumn;
  uint64_t seed;
  Line line;
  absl::optional<BoostedTrees> value;
  absl::optional<BoostedTrees> validity;
};

FeatureMatrix GbtModel::visible(const FeatureMatrix &features) const {
  FeatureMatrix result = features;
  if (!usesAnalytic())
    for (size_t row = 0; row < features.rows(); ++row)
      result.data[row * features.columns + analyticColumn] = 0;
  return result;
}

TreeOptions GbtModel::treeOptions() const {
  TreeOptions options;
  options.seed = seed;
  if (kind == GbtKind::Rank)
    options.objective = TreeObjective::PairwiseRank;
  if (kind == GbtKind::Paper || kind == GbtKind::Rank) {
    options.maxDepth = 3;
    options.learningRate = 0.3;
  }
  return options;
}

/// Labels of the rows that `fitValue` kept: the successes, and for Paper all.
std::vector<float> GbtModel::labels(const FeatureMatrix &features,
                                    absl::Span<const Outcome> outcomes) {
  std::vector<double> measured;
  std::vector<double> analytic;
  double best = -std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < outcomes.size(); ++i) {
    measured.push_back(outcomes[i].logThroughput);
    analytic.push_back(features.row(i)[analyticColumn]);
    if (outcomes[i].ok)
      best = std::max(best, outcomes[i].logThroughput);
  }
  if (usesAnalytic())
    line = fitLine(analytic, measured);
  std::vector<float> result;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    double label = measured[i];
    if (kind == GbtKind::Paper)
      label = outcomes[i].ok ? std::exp2(measured[i] - best) : 0;
    if (kind == GbtKind::Rank) // relevance has to be positive
      label = std::max(0.0, 32 + measured[i] - best);
    if (usesAnalytic())
      label -= line.slope * analytic[i] + line.offset;
    result.push_back(static_cast<float>(label));
  }
  return result;
}

absl::Status GbtModel::fitValue(const FeatureMatrix &features, absl::Span<const Outcome> outcomes) {
  FeatureMatrix kept;
  kept.columns = features.columns;
  std::vector<Outcome> keptOutcomes;
  bool anyOk = false;
  for (size_t i = 0; i < outcomes.size(); ++i) {
    anyOk = anyOk || outcomes[i].ok;
    if (!outcomes[i].ok && kind != GbtKind::Paper)
      continue;
    kept.append(features.row(i));
    keptOutcomes.push_back(outcomes[i]);
  }
  if (!anyOk)
    return absl::OkStatus();
  absl::StatusOr<BoostedTrees> trees =
      BoostedTrees::fit(visible(kept), labels(kept, keptOutcomes), treeOptions());
  if (!trees.ok())
    return trees.status();
  value.emplace(std::move(*trees));
  return absl::OkStatus();
}

absl::Status GbtModel::fitValidity(const FeatureMatrix &features,
                                   absl::Span<const Outcome> outcomes) {
  std::vector<float> succeeded;
  for (const Outcome &outcome : outcomes)
    succeeded.push_back(outcome.ok ? 1.0F : 0.0F);
  auto failures = std::count(succeeded.begin(), succeeded.end(), 0.0F);
  if (failures == 0 || failures == static_cast<int64_t>(succeeded.size()))
    return absl::OkStatus();
  TreeOptions options;
  options.objective = TreeObjective::Logistic;
  options.rounds = kValidityRounds;
  options.maxDepth = 3;
  options.learningRate = 0.3;
  options.minChildWeight = 0.3; // few failures have to be enough for a split
  options.seed = seed;
  absl::StatusOr<BoostedTrees> trees = BoostedTrees::fit(visible(features), succeeded, options);
  if (!trees.ok())
    return trees.status();
  validity.emplace(std::move(*trees));
  return absl::OkStatus();
}

absl::Status GbtModel::fit(const FeatureMatrix &features, absl::Span<const Outcome> outcomes) {
  value.reset();
  validity.reset();
  line = Line();
  if (outcomes.empty())
    return absl::OkStatus();
  if (absl::Status status = fitValue(features, outcomes); !status.ok())
    return status;
  return kind == GbtKind::Paper ? absl::OkStatus() : fitValidity(features, outcomes);
}

absl::Status GbtModel::predict(const FeatureMatrix &features, absl::Span<double> scores) const {
  std::fill(scores.begin(), scores.end(), 0.0);
  FeatureMatrix shown = visible(features);
  if (value)
    if (absl::Status status = value->predict(shown, scores); !status.ok())
      return status;
  if (usesAnalytic())
    for (size_t i = 0; i < scores.size(); ++i)
      scores[i] += line.slope * features.row(i)[analyticColumn] + line.offset;
  if (!validity)
    return absl::OkStatus();
  std::vector<double> probabilities(scores.size());
  if (absl::Status status = validity->predict(shown, absl::MakeSpan(probabilities)); !status.ok())
    return status;
  for (size_t i = 0; i < scores.size(); ++i)
    scores[i] += std::log2(std::clamp(probabilities[i], kLowestValidity, 1.0));
  return absl::OkStatus();
}

} // namespace

std::unique_ptr<CostModel> createGbtModel(GbtKind kind, size_t analyticColumn, uint64_t seed) {
  return std::make_unique<GbtModel>(kind, analyticColumn, seed);
}

} // namespace chameleon
