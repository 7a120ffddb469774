//===- AnnealingStrategy.cpp - Simulated annealing on the cost model ------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As in AutoTVM (Chen et al. 2018): chains start at random points and persist from call to call, a
// move sets one active knob to a random value, the temperature falls linearly from 1 to 0. A move
// that breaks a rule is repaired.
//
//===----------------------------------------------------------------------===//
#include "Strategies.h"
#include "chameleon/Search/Annealing.h"
#include <cmath>

namespace chameleon {

bool acceptMove(double presentScore, double proposedScore, double temperature, Rng &rng) {
  if (proposedScore >= presentScore)
    return true;
  if (temperature <= 0)
    return false;
  return rng.uniform() < std::exp((proposedScore - presentScore) / temperature);
}

namespace {

class AnnealingStrategy final : public Strategy {
public:
  explicit AnnealingStrategy(const StrategyOptions &options) : options(options) {}

  absl::StatusOr<std::vector<Candidate>> propose(const SearchContext &context,
                                                 size_t planSize) override;

private:
  void fillChains(const SearchContext &context);
  std::vector<Configuration> moveAll(const SearchContext &context) const;

  StrategyOptions options;
  std::vector<Configuration> chains;
};

void AnnealingStrategy::fillChains(const SearchContext &context) {
  while (chains.size() < static_cast<size_t>(options.walks)) {
    auto start = context.sampler.sample(context.rng);
    if (!start)
      return;
    chains.push_back(std::move(*start));
  }
}

/// Each chain with one knob set to a random value; one that cannot be made valid stays where it is.
std::vector<Configuration> AnnealingStrategy::moveAll(const SearchContext &context) const {
  std::vector<Configuration> moved = chains;
  for (Configuration &configuration : moved) {
    Configuration proposal = configuration;
    std::vector<size_t> active = context.space.activeKnobs(proposal);
    size_t knob = active[context.rng.below(active.size())];
    auto count = context.space.knobs()[knob].values.size();
    proposal.indices[knob] = static_cast<int32_t>(context.rng.below(count));
    if (auto valid = context.sampler.near(proposal, context.rng))
      configuration = std::move(*valid);
  }
  return moved;
}

absl::StatusOr<std::vector<Candidate>> AnnealingStrategy::propose(const SearchContext &context,
                                                                  size_t planSize) {
  Plan plan(context, planSize);
  fillChains(context);
  absl::StatusOr<std::vector<double>> scores = scoreAll(context, chains);
  if (!scores.ok())
    return scores.status();
  plan.offerAll(chains, *scores);
  int rounds = context.space.knobs().empty() ? 0 : options.steps;
  int unchanged = 0;
  for (int round = 0; round < rounds && unchanged < options.patience; ++round) {
    std::vector<Configuration> moved = moveAll(context);
    absl::StatusOr<std::vector<double>> movedScores = scoreAll(context, moved);
    if (!movedScores.ok())
      return movedScores.status();
    double temperature = 1.0 - static_cast<double>(round) / options.steps;
    bool entered = false;
    for (size_t i = 0; i < chains.size(); ++i) {
      entered = plan.offer(moved[i], (*movedScores)[i]) || entered;
      if (!acceptMove((*scores)[i], (*movedScores)[i], temperature, context.rng))
        continue;
      chains[i] = std::move(moved[i]);
      (*scores)[i] = (*movedScores)[i];
    }
    unchanged = entered ? 0 : unchanged + 1;
  }
  return plan.take();
}

} // namespace

std::unique_ptr<Strategy> createAnnealingStrategy(const StrategyOptions &options) {
  return std::make_unique<AnnealingStrategy>(options);
}

} // namespace chameleon
