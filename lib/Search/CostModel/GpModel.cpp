//===- GpModel.cpp - A cost model for few records -------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "GpModel.h"
#include "AnalyticLine.h"
#include "GaussianProcess.h"
#include "ValidityModel.h"
#include <algorithm>

namespace chameleon {

/// A fit takes the cube of this; of more own records it sees the fastest and an even share of the
/// rest.
static constexpr size_t kMostRows = 192;
/// Of them other tasks get at most so many, or what the task's own do not fill.
static constexpr size_t kForeignRows = 64;

namespace {

class GpModel final : public CostModel {
public:
  GpModel(const FeatureLayout &layout, uint64_t seed, double optimism)
      : layout(layout), seed(seed), optimism(optimism) {}

  absl::Status fit(const FeatureMatrix &features, absl::Span<const Outcome> outcomes) override;
  absl::Status predict(const FeatureMatrix &features, absl::Span<double> scores) const override {
    return score(features, 0, scores);
  }
  absl::Status acquire(const FeatureMatrix &features, absl::Span<double> scores) const override {
    return score(features, optimism, scores);
  }
  bool calibrated() const override { return value.has_value(); }
  bool informative() const override { return true; }

private:
  /// The mean and `deviations` standard deviations.
  absl::Status score(const FeatureMatrix &features, double deviations,
                     absl::Span<double> scores) const;
  size_t inputs() const { return layout.plainColumns + 1; }
  std::vector<double> points(const FeatureMatrix &features) const;

  FeatureLayout layout;
  uint64_t seed;
  double optimism;
  Line line;
  absl::optional<GaussianProcess> value;
  KernelParameters kernel; // of the last fit, where the next one starts
  ValidityModel validity;
};

/// `count` positions, or all if there are fewer, evenly spread. Rates of different tasks are not
/// ranked: the fastest were those of the task that is most efficient.
std::vector<size_t> evenShare(const std::vector<size_t> &positions, size_t count) {
  count = std::min(count, positions.size());
  std::vector<size_t> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back(positions[i * positions.size() / count]);
  return result;
}

/// At most `count` of the successes at `positions`: the fastest half, and an even share of the
/// rest.
std::vector<size_t> fastestHalf(absl::Span<const Outcome> outcomes, std::vector<size_t> positions,
                                size_t count) {
  if (positions.size() <= count)
    return positions;
  std::sort(positions.begin(), positions.end(), [&](size_t a, size_t b) {
    return outcomes[a].logThroughput != outcomes[b].logThroughput
               ? outcomes[a].logThroughput > outcomes[b].logThroughput
               : a < b;
  });
  size_t fastest = count / 2;
  std::vector<size_t> others(positions.begin() + static_cast<std::ptrdiff_t>(fastest),
                             positions.end());
  positions.resize(fastest);
  others = evenShare(others, count - fastest);
  positions.insert(positions.end(), others.begin(), others.end());
  return positions;
}

/// Positions of the successes that a fit takes, in order.
std::vector<size_t> chooseRows(absl::Span<const Outcome> outcomes) {
  std::vector<size_t> own;
  std::vector<size_t> foreign;
  for (size_t i = 0; i < outcomes.size(); ++i)
    if (outcomes[i].ok)
      (outcomes[i].own ? own : foreign).push_back(i);
  size_t kept = std::min(foreign.size(), kForeignRows);
  std::vector<size_t> result = fastestHalf(outcomes, std::move(own), kMostRows - kept);
  foreign = evenShare(foreign, kMostRows - result.size());
  result.insert(result.end(), foreign.begin(), foreign.end());
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<double> GpModel::points(const FeatureMatrix &features) const {
  std::vector<double> result;
  result.reserve(features.rows() * inputs());
  for (size_t i = 0; i < features.rows(); ++i) {
    absl::Span<const float> row = features.row(i);
    result.insert(result.end(), row.begin(), row.begin() + layout.plainColumns);
    result.push_back(row[layout.analyticColumn]);
  }
  return result;
}

absl::Status GpModel::fit(const FeatureMatrix &features, absl::Span<const Outcome> outcomes) {
  value.reset();
  line = Line();
  std::vector<size_t> chosen = chooseRows(outcomes);
  if (chosen.empty())
    return validity.fit(features, outcomes, seed);
  FeatureMatrix kept;
  kept.columns = features.columns;
  std::vector<double> analytic;
  std::vector<double> residuals;
  for (size_t i : chosen) {
    kept.append(features.row(i));
    analytic.push_back(features.row(i)[layout.analyticColumn]);
    residuals.push_back(outcomes[i].logThroughput);
  }
  line = fitLine(analytic, residuals);
  for (size_t i = 0; i < residuals.size(); ++i)
    residuals[i] -= line.at(analytic[i]);
  absl::StatusOr<GaussianProcess> fitted =
      GaussianProcess::fit(points(kept), inputs(), residuals, kernel);
  if (!fitted.ok())
    return fitted.status();
  value.emplace(*std::move(fitted));
  kernel = value->parameters();
  return validity.fit(features, outcomes, seed);
}

absl::Status GpModel::score(const FeatureMatrix &features, double deviations,
                            absl::Span<double> scores) const {
  std::fill(scores.begin(), scores.end(), 0.0);
  if (value) {
    std::vector<double> deviation(deviations != 0 ? scores.size() : 0);
    value->predict(points(features), scores, absl::MakeSpan(deviation));
    for (size_t i = 0; i < deviation.size(); ++i)
      scores[i] += deviations * deviation[i];
  }
  for (size_t i = 0; i < scores.size(); ++i)
    scores[i] += line.at(features.row(i)[layout.analyticColumn]);
  return validity.addTo(features, scores);
}

} // namespace

std::unique_ptr<CostModel> createGpModel(const FeatureLayout &layout, uint64_t seed,
                                         double optimism) {
  return std::make_unique<GpModel>(layout, seed, optimism);
}

} // namespace chameleon
