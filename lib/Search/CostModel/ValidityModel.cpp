//===- ValidityModel.cpp - Which candidates fail --------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ValidityModel.h"
#include <algorithm>
#include <cmath>

namespace chameleon {

/// A candidate that surely fails is not worse than one that is 2^10 times slower.
static constexpr double kLowestValidity = 0x1p-10;
static constexpr int kRounds = 20;

absl::Status ValidityModel::fit(const FeatureMatrix &features, absl::Span<const Outcome> outcomes,
                                uint64_t seed) {
  trees.reset();
  std::vector<float> succeeded;
  for (const Outcome &outcome : outcomes)
    succeeded.push_back(outcome.ok ? 1.0F : 0.0F);
  auto failures = std::count(succeeded.begin(), succeeded.end(), 0.0F);
  if (failures == 0 || failures == static_cast<int64_t>(succeeded.size()))
    return absl::OkStatus();
  TreeOptions options;
  options.objective = TreeObjective::Logistic;
  options.rounds = kRounds;
  options.maxDepth = 3;
  options.learningRate = 0.3;
  options.minChildWeight = 0.3; // few failures have to be enough for a split
  options.seed = seed;
  absl::StatusOr<BoostedTrees> fitted = BoostedTrees::fit(features, succeeded, options);
  if (!fitted.ok())
    return fitted.status();
  trees.emplace(*std::move(fitted));
  return absl::OkStatus();
}

absl::Status ValidityModel::addTo(const FeatureMatrix &features, absl::Span<double> scores) const {
  if (!trees)
    return absl::OkStatus();
  std::vector<double> probabilities(scores.size());
  if (absl::Status status = trees->predict(features, absl::MakeSpan(probabilities)); !status.ok())
    return status;
  for (size_t i = 0; i < scores.size(); ++i)
    scores[i] += std::log2(std::clamp(probabilities[i], kLowestValidity, 1.0));
  return absl::OkStatus();
}

} // namespace chameleon
