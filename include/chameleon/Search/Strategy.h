//===- Strategy.h - Looking for candidates worth measuring ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A strategy explores the space under the cost model and proposes a plan: the best candidates it
// met that were not measured yet. A Sampler then thins the plan. Variants, by name:
//   ppo        Chameleon's agent: walks by a policy network, trained by proximal policy
//              optimisation (needs LibTorch)
//   ppo-paper  the same with the published reward (the absolute score) and start points
//   sa         simulated annealing with persistent chains, as AutoTVM
//   evolution  mutation and crossover with factor moves
//   scan       every valid configuration where there are at most 8192; else as evolution
//   portfolio  scan, sa and random, each with the share of the plan that it earned
//   random     uniform draws from the valid region
//   grid       the valid region in a fixed order
//   local      the neighbours of the best measured candidates (coordinate descent)
//
// Extension: derive from Strategy, add a line to the table in lib/Search/Strategy/Strategy.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_STRATEGY_H
#define CHAMELEON_SEARCH_STRATEGY_H

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "chameleon/Search/CostModel.h"
#include "chameleon/Search/ValidSampling.h"
#include <memory>

namespace chameleon {

struct MeasuredCandidate {
  Configuration configuration;
  Outcome outcome;
};

/// What a strategy and a sampler may look at.
struct SearchContext {
  const Space &space;
  const ValidSampler &sampler;
  const FeatureExtractor &features;
  const CostModel &model;
  absl::Span<const MeasuredCandidate> measured;    // in order of measuring
  const absl::flat_hash_set<Configuration> &taken; // measured, or being measured
  Rng &rng;
  /// If not null, only these can be measured (a replay has no others).
  const absl::flat_hash_set<Configuration> *available = nullptr;
  size_t *scored = nullptr; // if not null, counts what the model is asked about

  /// Whether `configuration` can be proposed: valid, not taken, and available.
  bool isNew(const Configuration &configuration) const {
    return !taken.contains(configuration) && (!available || available->contains(configuration)) &&
           space.isValid(configuration);
  }
};

/// What the model ranks `configurations` by, which need not be valid; all 0 if it tells nothing
/// apart.
absl::StatusOr<std::vector<double>> scoreAll(const SearchContext &context,
                                             absl::Span<const Configuration> configurations);
/// What the model expects of them, in its own unit; all 0 likewise.
absl::StatusOr<std::vector<double>> predictAll(const SearchContext &context,
                                               absl::Span<const Configuration> configurations);

/// The measured successes, fastest first.
std::vector<MeasuredCandidate> fastestFirst(absl::Span<const MeasuredCandidate> measured);

struct Candidate {
  Configuration configuration;
  double score = 0;
};

/// Keeps the best distinct candidates offered to it that are valid and not taken.
class Plan {
public:
  Plan(const SearchContext &context, size_t capacity) : context(context), capacity(capacity) {}

  /// Returns whether the candidate entered the plan.
  bool offer(const Configuration &configuration, double score);
  /// Offers each with its score.
  void offerAll(absl::Span<const Configuration> configurations, absl::Span<const double> scores);
  bool full() const { return heap.size() >= capacity; }
  /// Best first; equal scores in the order of their offers.
  std::vector<Candidate> take();

private:
  struct Entry {
    Candidate candidate;
    size_t arrival;
  };
  static bool better(const Entry &a, const Entry &b);

  const SearchContext &context;
  size_t capacity;
  size_t arrivals = 0;
  std::vector<Entry> heap; // worst on top
  absl::flat_hash_set<Configuration> members;
};

class Strategy {
public:
  virtual ~Strategy() = default;

  /// At most `planSize` candidates, best first: valid, distinct and not taken. Empty if none was
  /// found. May keep state from call to call. Always ends. Fails if the model does, or a library it
  /// needs.
  virtual absl::StatusOr<std::vector<Candidate>> propose(const SearchContext &context,
                                                         size_t planSize) = 0;

  /// Whether proposals depend on the model's scores.
  virtual bool usesModel() const { return true; }

  /// Fails if a library that the strategy needs is not installed. Opens none.
  virtual absl::Status checkReady() const { return absl::OkStatus(); }

  /// Named numbers about the last call, for the log ("policy_entropy", ...).
  virtual std::vector<std::pair<std::string, double>> diagnostics() const { return {}; }
};

struct StrategyOptions {
  int walks = 64;    // chains of `sa`, walks of `ppo`, a quarter of the population of `evolution`
  int steps = 64;    // rounds of `sa`, steps of a walk
  int horizon = 32;  // steps between two updates of the policy
  int patience = 24; // `sa` ends after so many rounds that left the plan as it was
  double policyTemperature = 1; // of the softmax; 0.1 as published
  std::string
      policyLibrary; // path of libChameleonTorchPolicy.so; empty: looked for (PolicyLibrary.h)
  uint64_t seed = 0;
};

/// The strategy with that name. Fails with the list of names if there is none.
absl::StatusOr<std::unique_ptr<Strategy>> createStrategy(absl::string_view name,
                                                         const StrategyOptions &options);
std::vector<std::string> strategyNames();

} // namespace chameleon

#endif // CHAMELEON_SEARCH_STRATEGY_H
