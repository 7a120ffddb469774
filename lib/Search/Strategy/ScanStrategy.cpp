//===- ScanStrategy.cpp - All of a small space ----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Strategies.h"
#include "absl/types/optional.h"

namespace chameleon {

/// Spaces with at most so many valid configurations are scored whole, in a tenth of a second.
static constexpr size_t kMostScanned = 8192;

namespace {

class ScanStrategy final : public Strategy {
public:
  explicit ScanStrategy(const StrategyOptions &options)
      : otherwise(createEvolutionStrategy(options)) {}

  absl::StatusOr<std::vector<Candidate>> propose(const SearchContext &context,
                                                 size_t planSize) override {
    if (!space)
      space = enumerateValid(context.space, kMostScanned);
    if (!space->complete)
      return otherwise->propose(context, planSize);
    std::vector<Configuration> left;
    for (const Configuration &configuration : space->configurations)
      if (context.isNew(configuration))
        left.push_back(configuration);
    if (!context.model.informative()) // a plan keeps the first of equals
      context.rng.shuffle(left);
    absl::StatusOr<std::vector<double>> scores = scoreAll(context, left);
    if (!scores.ok())
      return scores.status();
    Plan plan(context, planSize);
    plan.offerAll(left, *scores);
    return plan.take();
  }

private:
  absl::optional<Enumeration> space; // of the one space that this strategy is for
  std::unique_ptr<Strategy> otherwise;
};

} // namespace

std::unique_ptr<Strategy> createScanStrategy(const StrategyOptions &options) {
  return std::make_unique<ScanStrategy>(options);
}

} // namespace chameleon
