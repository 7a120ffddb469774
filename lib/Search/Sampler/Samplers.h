//===- Samplers.h - Factories of the samplers -----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SEARCH_SAMPLER_SAMPLERS_H
#define CHAMELEON_LIB_SEARCH_SAMPLER_SAMPLERS_H

#include "chameleon/Search/Sampler.h"

namespace chameleon {

std::unique_ptr<Sampler> createAdaptiveSampler();
std::unique_ptr<Sampler> createPaperSampler();
std::unique_ptr<Sampler> createPaperCodeSampler();
std::unique_ptr<Sampler> createTopSampler();
std::unique_ptr<Sampler> createAllSampler();
std::unique_ptr<Sampler> createDiverseSampler();

std::vector<Configuration> configurationsOf(absl::Span<const Candidate> plan);

/// Collects distinct picks that are valid and not taken.
class Picks {
public:
  Picks(const SearchContext &context, size_t most) : context(context), most(most) {}

  bool full() const { return picked.size() >= most; }
  /// Returns whether the configuration was added.
  bool add(const Configuration &configuration);
  std::vector<Configuration> take() { return std::move(picked); }

private:
  const SearchContext &context;
  size_t most;
  std::vector<Configuration> picked;
  absl::flat_hash_set<Configuration> seen;
};

} // namespace chameleon

#endif // CHAMELEON_LIB_SEARCH_SAMPLER_SAMPLERS_H
