//===- Sampler.h - Thinning a plan to what is measured --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Many candidates of a plan are nearly the same; measuring one of each kind is enough. Variants, by
// name:
//   adaptive             k-means++ over all knobs (log2 or one-hot, weighted by what the model says
//   they
//                        matter), as many clusters as the knee says, each by a member of the plan
//   adaptive-paper       as Chameleon is described: k = 8, 16, ... 64, raw indices, centroids
//   truncated,
//                        one that was visited replaced by the per-knob mode of the plan
//   adaptive-paper-code  as its public code: the two knobs with most options only, the k after the
//   knee top-k                the best by score diverse              score plus knob values not
//   picked yet, greedily (AutoTVM's submodular filter) all                  the whole plan
// The paper variants fall back to the nearest member of the plan where the published rule would
// give an invalid or measured configuration.
//
// Extension: derive from Sampler, add a line to the table in lib/Search/Sampler/Sampler.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_SAMPLER_H
#define CHAMELEON_SEARCH_SAMPLER_H

#include "chameleon/Search/Strategy.h"

namespace chameleon {

/// How many may be picked: `usual` by those that take a fixed number, never more than `most`.
struct SampleCount {
  size_t usual = 16;
  size_t most = 64;
};

class Sampler {
public:
  virtual ~Sampler() = default;

  /// Configurations to measure: valid, distinct, not taken, at most `count.most`, and at least one
  /// if the plan is not empty and `count.most` is not 0. `plan` is what Strategy::propose gave.
  virtual absl::StatusOr<std::vector<Configuration>>
  pick(const SearchContext &context, absl::Span<const Candidate> plan, SampleCount count) = 0;
};

/// The sampler with that name. Fails with the list of names if there is none.
absl::StatusOr<std::unique_ptr<Sampler>> createSampler(absl::string_view name);
std::vector<std::string> samplerNames();

/// The most frequent value index of every knob among `configurations` (the lower one of equals);
/// canonical only where all knobs are active. Precondition: not empty.
Configuration modeOf(absl::Span<const Configuration> configurations);

/// How much the model's score depends on each knob around the members of the plan: the mean change
/// of score when the knob's value is taken from another member. Scaled so that the weights sum up
/// to the number of knobs; all 1 if the model tells nothing apart.
absl::StatusOr<std::vector<double>> knobImportance(const SearchContext &context,
                                                   absl::Span<const Candidate> plan);

} // namespace chameleon

#endif // CHAMELEON_SEARCH_SAMPLER_H
