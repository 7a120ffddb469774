//===- GbtModel.cpp - Cost models of boosted trees ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "GbtModel.h"
#include "AnalyticLine.h"
#include "ValidityModel.h"
#include "absl/types/optional.h"
#include <algorithm>
#include <cmath>
#include <limits>

namespace chameleon {

namespace {

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
    return value || validity.informative() || kind == GbtKind::AnalyticCorrection;
  }

private:
  bool usesAnalytic() const { return kind == GbtKind::AnalyticCorrection; }
  /// Only the correcting model may look at the closed form: the others are compared with it.
  FeatureMatrix visible(const FeatureMatrix &features) const;
  absl::Status fitValue(const FeatureMatrix &features, absl::Span<const Outcome> outcomes);
  std::vector<float> labels(const FeatureMatrix &features, absl::Span<const Outcome> outcomes);
  TreeOptions treeOptions() const;

  GbtKind kind;
  size_t analyticColumn;
  uint64_t seed;
  Line line;
  absl::optional<BoostedTrees> value;
  ValidityModel validity;
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
      label -= line.at(analytic[i]);
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

absl::Status GbtModel::fit(const FeatureMatrix &features, absl::Span<const Outcome> outcomes) {
  value.reset();
  validity = ValidityModel();
  line = Line();
  if (outcomes.empty())
    return absl::OkStatus();
  if (absl::Status status = fitValue(features, outcomes); !status.ok())
    return status;
  return kind == GbtKind::Paper ? absl::OkStatus()
                                : validity.fit(visible(features), outcomes, seed);
}

absl::Status GbtModel::predict(const FeatureMatrix &features, absl::Span<double> scores) const {
  std::fill(scores.begin(), scores.end(), 0.0);
  FeatureMatrix shown = visible(features);
  if (value)
    if (absl::Status status = value->predict(shown, scores); !status.ok())
      return status;
  if (usesAnalytic())
    for (size_t i = 0; i < scores.size(); ++i)
      scores[i] += line.at(features.row(i)[analyticColumn]);
  return validity.addTo(shown, scores);
}

} // namespace

std::unique_ptr<CostModel> createGbtModel(GbtKind kind, size_t analyticColumn, uint64_t seed) {
  return std::make_unique<GbtModel>(kind, analyticColumn, seed);
}

} // namespace chameleon
