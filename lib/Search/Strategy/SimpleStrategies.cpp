//===- SimpleStrategies.cpp - Random, grid and local search ---------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Strategies.h"
#include "chameleon/Search/Moves.h"

namespace chameleon {

/// Draws per candidate before a random plan is left incomplete.
static constexpr size_t kDrawsPerCandidate = 4;
/// Measured candidates whose neighbours are looked at.
static constexpr size_t kLocalCentres = 4;

namespace {

class RandomStrategy final : public Strategy {
public:
  absl::StatusOr<std::vector<Candidate>> propose(const SearchContext &context,
                                                 size_t planSize) override {
    absl::flat_hash_set<Configuration> seen;
    std::vector<Configuration> drawn;
    for (size_t draw = 0; draw < kDrawsPerCandidate * planSize && drawn.size() < planSize; ++draw) {
      auto configuration = context.sampler.sample(context.rng);
      if (!configuration)
        break;
      if (context.isNew(*configuration) && seen.insert(*configuration).second)
        drawn.push_back(*std::move(configuration));
    }
    // Scored all the same: samplers and portfolios compare plans by their scores.
    absl::StatusOr<std::vector<double>> scores = scoreAll(context, drawn);
    if (!scores.ok())
      return scores.status();
    Plan plan(context, planSize);
    plan.offerAll(drawn, *scores);
    return plan.take();
  }
  bool usesModel() const override { return false; }
};

class GridStrategy final : public Strategy {
public:
  absl::StatusOr<std::vector<Candidate>> propose(const SearchContext &context,
                                                 size_t planSize) override {
    Plan plan(context, planSize);
    Enumeration all = enumerateValid(context.space, context.taken.size() + planSize);
    for (size_t i = 0; i < all.configurations.size() && !plan.full(); ++i)
      plan.offer(all.configurations[i], 0);
    return plan.take();
  }
  bool usesModel() const override { return false; }
};

class LocalStrategy final : public Strategy {
public:
  absl::StatusOr<std::vector<Candidate>> propose(const SearchContext &context,
                                                 size_t planSize) override {
    Plan plan(context, planSize);
    std::vector<MeasuredCandidate> centres = fastestFirst(context.measured);
    if (centres.size() > kLocalCentres)
      centres.resize(kLocalCentres);
    for (const MeasuredCandidate &centre : centres) {
      std::vector<Configuration> near = neighbours(context.space, centre.configuration);
      absl::StatusOr<std::vector<double>> scores = scoreAll(context, near);
      if (!scores.ok())
        return scores.status();
      plan.offerAll(near, *scores);
    }
    return plan.take();
  }
};

} // namespace

std::unique_ptr<Strategy> createRandomStrategy(const StrategyOptions &) {
  return std::make_unique<RandomStrategy>();
}

std::unique_ptr<Strategy> createGridStrategy(const StrategyOptions &) {
  return std::make_unique<GridStrategy>();
}

std::unique_ptr<Strategy> createLocalStrategy(const StrategyOptions &) {
  return std::make_unique<LocalStrategy>();
}

} // namespace chameleon
