//===- CostModel.cpp - The cost models by name ----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/CostModel.h"
#include "GbtModel.h"
#include "GpModel.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <algorithm>

namespace chameleon {

/// Standard deviations by which the score of `analytic+gp` is above its mean.
static constexpr double kOptimism = 0.5;

namespace {

class NoModel final : public CostModel {
public:
  absl::Status fit(const FeatureMatrix &, absl::Span<const Outcome>) override {
    return absl::OkStatus();
  }
  absl::Status predict(const FeatureMatrix &, absl::Span<double> scores) const override {
    std::fill(scores.begin(), scores.end(), 0.0);
    return absl::OkStatus();
  }
  bool calibrated() const override { return false; }
  bool informative() const override { return false; }
};

class AnalyticModel final : public CostModel {
public:
  explicit AnalyticModel(size_t column) : column(column) {}

  absl::Status fit(const FeatureMatrix &, absl::Span<const Outcome>) override {
    return absl::OkStatus();
  }
  absl::Status predict(const FeatureMatrix &features, absl::Span<double> scores) const override {
    for (size_t i = 0; i < features.rows(); ++i)
      scores[i] = features.row(i)[column];
    return absl::OkStatus();
  }
  bool calibrated() const override { return false; }
  bool informative() const override { return true; }

private:
  size_t column;
};

using Factory = std::unique_ptr<CostModel> (*)(const FeatureLayout &layout, uint64_t seed);

template <GbtKind kind>
std::unique_ptr<CostModel> createGbt(const FeatureLayout &layout, uint64_t seed) {
  return createGbtModel(kind, layout.analyticColumn, seed);
}

std::unique_ptr<CostModel> createGp(const FeatureLayout &layout, uint64_t seed) {
  return createGpModel(layout, seed, kOptimism);
}

constexpr std::pair<absl::string_view, Factory> kModels[] = {
    {"analytic+gbt", createGbt<GbtKind::AnalyticCorrection>},
    {"analytic+gp", createGp},
    {"gbt-reg", createGbt<GbtKind::Regression>},
    {"gbt-rank", createGbt<GbtKind::Rank>},
    {"gbt-paper", createGbt<GbtKind::Paper>},
    {"analytic",
     [](const FeatureLayout &layout, uint64_t) -> std::unique_ptr<CostModel> {
       return std::make_unique<AnalyticModel>(layout.analyticColumn);
     }},
    {"none",
     [](const FeatureLayout &, uint64_t) -> std::unique_ptr<CostModel> {
       return std::make_unique<NoModel>();
     }},
};

} // namespace

std::vector<std::string> costModelNames() {
  std::vector<std::string> result;
  for (const auto &[name, factory] : kModels)
    result.emplace_back(name);
  return result;
}

absl::StatusOr<std::unique_ptr<CostModel>>
createCostModel(absl::string_view name, const FeatureLayout &layout, uint64_t seed) {
  for (const auto &[known, factory] : kModels)
    if (known == name)
      return factory(layout, seed);
  return absl::InvalidArgumentError(absl::StrCat(
      "expected a cost model (", absl::StrJoin(costModelNames(), ", "), "), but got '", name, "'"));
}

} // namespace chameleon
