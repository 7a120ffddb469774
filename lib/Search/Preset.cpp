//===- Preset.cpp - Named sets of options ---------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "chameleon/Search/Tuner.h"

namespace chameleon {

/// What TunerOptions begins with.
static TunerOptions defaultOptions() { return {}; }

/// Ahn et al. 2020: 64 random measurements, then 128 walks of 500 steps, k-means of 64 candidates.
static TunerOptions chameleonPaperOptions() {
  TunerOptions options;
  options.strategy = "ppo-paper";
  options.sampler = "adaptive-paper";
  options.costModel = "gbt-paper";
  options.effort.walks = 128;
  options.effort.steps = 500;
  options.effort.horizon = 128;
  options.firstBatch = 64;
  options.guidedStart = false;
  options.batchSize = 64;
  options.localShare = 0;
  options.wholeSmallSpaces = false;
  options.shareExperience = false;
  return options;
}

/// Chen et al. 2018: 64 random measurements, then the best 64 of 128 chains of 500 rounds, 3 of
/// them random.
static TunerOptions autotvmOptions() {
  TunerOptions options = chameleonPaperOptions();
  options.strategy = "sa";
  options.sampler = "top-k";
  options.costModel = "gbt-rank";
  options.effort.patience = 50;
  return options;
}

static TunerOptions autotvmSmallPlanOptions() {
  TunerOptions options = autotvmOptions();
  options.planSize = 24;
  options.batchSize = 24;
  return options;
}

static constexpr std::pair<absl::string_view, TunerOptions (*)()> kPresets[] = {
    {"chameleon", defaultOptions},
    {"chameleon-paper", chameleonPaperOptions},
    {"autotvm", autotvmOptions},
    {"autotvm-small-plan", autotvmSmallPlanOptions},
};

std::vector<std::string> presetNames() {
  std::vector<std::string> result;
  for (const auto &[name, create] : kPresets)
    result.emplace_back(name);
  return result;
}

absl::StatusOr<TunerOptions> presetOptions(absl::string_view name) {
  for (const auto &[known, create] : kPresets)
    if (known == name)
      return create();
  return absl::InvalidArgumentError(absl::StrCat(
      "expected a preset (", absl::StrJoin(presetNames(), ", "), "), but got '", name, "'"));
}

absl::Status checkOptions(const TunerOptions &options) {
  if (auto model = createCostModel(options.costModel, FeatureLayout(), 0); !model.ok())
    return model.status();
  auto strategy = createStrategy(options.strategy, options.effort);
  if (!strategy.ok())
    return strategy.status();
  if (absl::Status status = (*strategy)->checkReady(); !status.ok())
    return status;
  if (auto sampler = createSampler(options.sampler); !sampler.ok())
    return sampler.status();
  if (options.batchSize == 0 || options.planSize == 0)
    return absl::InvalidArgumentError(
        absl::StrCat("expected a positive batch and plan size, but got ", options.batchSize,
                     " and ", options.planSize));
  if (options.effort.walks < 1 || options.effort.steps < 0 || options.effort.horizon < 1)
    return absl::InvalidArgumentError(absl::StrCat(
        "expected walks >= 1, steps >= 0 and horizon >= 1, but got ", options.effort.walks, ", ",
        options.effort.steps, " and ", options.effort.horizon));
  double shares = options.localShare + options.randomShare;
  if (options.localShare < 0 || options.randomShare < 0 || shares > 1)
    return absl::InvalidArgumentError(absl::StrCat(
        "expected local and random shares of at least 0 that sum up to at most 1, but got ",
        options.localShare, " and ", options.randomShare));
  return absl::OkStatus();
}

} // namespace chameleon
