//===- Strategy.cpp - The strategies by name ------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Strategy.h"
#include "Strategies.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace chameleon {

using Factory = std::unique_ptr<Strategy> (*)(const StrategyOptions &options);

static constexpr std::pair<absl::string_view, Factory> kStrategies[] = {
    {"ppo", createPpoStrategy},
    {"ppo-paper", createPaperPpoStrategy},
    {"sa", createAnnealingStrategy},
    {"evolution", createEvolutionStrategy},
    {"random", createRandomStrategy},
    {"grid", createGridStrategy},
    {"local", createLocalStrategy},
    {"scan", createScanStrategy},
    {"portfolio", createPortfolioStrategy},
};

std::vector<std::string> strategyNames() {
  std::vector<std::string> result;
  for (const auto &[name, factory] : kStrategies)
    result.emplace_back(name);
  return result;
}

absl::StatusOr<std::unique_ptr<Strategy>> createStrategy(absl::string_view name,
                                                         const StrategyOptions &options) {
  for (const auto &[known, factory] : kStrategies)
    if (known == name)
      return factory(options);
  return absl::InvalidArgumentError(absl::StrCat(
      "expected a strategy (", absl::StrJoin(strategyNames(), ", "), "), but got '", name, "'"));
}

} // namespace chameleon
