//===- EvolutionStrategy.cpp - Mutation and crossover on the cost model ---===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A population of the best measured and of random valid configurations; each generation keeps the
// better half by the model and fills up with their mutants (Moves.h) and crossings.
//
//===----------------------------------------------------------------------===//
#include "Strategies.h"
#include "chameleon/Search/Moves.h"
#include <algorithm>
#include <numeric>

namespace chameleon {

static constexpr double kCrossoverShare = 0.2;
/// Of the first population, at most this share descends from what was measured.
static constexpr double kMeasuredShare = 0.5;
static constexpr int kStepsPerGeneration = 8;

namespace {

class EvolutionStrategy final : public Strategy {
public:
  explicit EvolutionStrategy(const StrategyOptions &options)
      : populationSize(static_cast<size_t>(std::max(4 * options.walks, 8))),
        generations(std::max(options.steps / kStepsPerGeneration, 1)) {}

  absl::StatusOr<std::vector<Candidate>> propose(const SearchContext &context,
                                                 size_t planSize) override;

private:
  std::vector<Configuration> firstPopulation(const SearchContext &context) const;
  void breed(const SearchContext &context, std::vector<Configuration> &population) const;

  size_t populationSize;
  int generations;
};

std::vector<Configuration> EvolutionStrategy::firstPopulation(const SearchContext &context) const {
  std::vector<Configuration> population;
  for (const MeasuredCandidate &parent : fastestFirst(context.measured)) {
    if (population.size() >= static_cast<size_t>(kMeasuredShare * populationSize))
      break;
    population.push_back(parent.configuration);
  }
  while (population.size() < populationSize) {
    auto drawn = context.sampler.sample(context.rng);
    if (!drawn)
      break;
    population.push_back(std::move(*drawn));
  }
  return population;
}

/// Fills the population up with children of its members.
void EvolutionStrategy::breed(const SearchContext &context,
                              std::vector<Configuration> &population) const {
  size_t parents = population.size();
  for (size_t i = parents; i < populationSize && parents > 0; ++i) {
    const Configuration &a = population[context.rng.below(parents)];
    const Configuration &b = population[context.rng.below(parents)];
    auto child = context.rng.chance(kCrossoverShare)
                     ? crossover(context.sampler, a, b, context.rng)
                     : mutate(context.sampler, context.space, a, context.rng);
    if (child)
      population.push_back(std::move(*child));
  }
}

/// The better half, each once.
static std::vector<Configuration> select(const std::vector<Configuration> &population,
                                         const std::vector<double> &scores) {
  std::vector<size_t> order(population.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  });
  absl::flat_hash_set<Configuration> seen;
  std::vector<Configuration> result;
  for (size_t i : order)
    if (result.size() < (population.size() + 1) / 2 && seen.insert(population[i]).second)
      result.push_back(population[i]);
  return result;
}

absl::StatusOr<std::vector<Candidate>> EvolutionStrategy::propose(const SearchContext &context,
                                                                  size_t planSize) {
  Plan plan(context, planSize);
  std::vector<Configuration> population = firstPopulation(context);
  for (int generation = 0; generation <= generations; ++generation) {
    absl::StatusOr<std::vector<double>> scores = scoreAll(context, population);
    if (!scores.ok())
      return scores.status();
    plan.offerAll(population, *scores);
    population = select(population, *scores);
    breed(context, population);
  }
  return plan.take();
}

} // namespace

std::unique_ptr<Strategy> createEvolutionStrategy(const StrategyOptions &options) {
  return std::make_unique<EvolutionStrategy>(options);
}

} // namespace chameleon
