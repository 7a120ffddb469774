//===- GreedySamplers.cpp - Picking by score, with or without variety -----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Samplers.h"
#include <algorithm>
#include <limits>

namespace chameleon {

namespace {

class TopSampler final : public Sampler {
public:
  explicit TopSampler(bool wholePlan) : wholePlan(wholePlan) {}

  absl::StatusOr<std::vector<Configuration>>
  pick(const SearchContext &context, absl::Span<const Candidate> plan, SampleCount count) override {
    Picks picks(context, wholePlan ? count.most : std::min(count.usual, count.most));
    for (const Candidate &candidate : plan)
      picks.add(candidate.configuration);
    return picks.take();
  }

private:
  bool wholePlan;
};

/// Each pick has the largest sum of its score, scaled to [0, 1] over the plan, and of the share of
/// its knob values that no earlier pick has.
class DiverseSampler final : public Sampler {
public:
  absl::StatusOr<std::vector<Configuration>>
  pick(const SearchContext &context, absl::Span<const Candidate> plan, SampleCount count) override {
    Picks picks(context, std::min(count.usual, count.most));
    absl::flat_hash_set<std::pair<size_t, int32_t>> covered;
    std::vector<bool> used(plan.size(), false);
    for (size_t round = 0; round < plan.size() && !picks.full(); ++round) {
      size_t best = bestOf(plan, used, covered);
      used[best] = true;
      if (!picks.add(plan[best].configuration))
        continue;
      for (size_t knob = 0; knob < plan[best].configuration.indices.size(); ++knob)
        covered.insert({knob, plan[best].configuration.indices[knob]});
    }
    return picks.take();
  }

private:
  static size_t bestOf(absl::Span<const Candidate> plan, const std::vector<bool> &used,
                       const absl::flat_hash_set<std::pair<size_t, int32_t>> &covered) {
    double low = plan.back().score; // plans are sorted by score
    double range = plan.front().score - low;
    size_t best = 0;
    double bestGain = -std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < plan.size(); ++i) {
      if (used[i])
        continue;
      const std::vector<int32_t> &indices = plan[i].configuration.indices;
      double fresh = 0;
      for (size_t knob = 0; knob < indices.size(); ++knob)
        fresh += covered.contains({knob, indices[knob]}) ? 0 : 1;
      double gain = (range > 0 ? (plan[i].score - low) / range : 0) +
                    fresh / static_cast<double>(std::max<size_t>(indices.size(), 1));
      if (gain > bestGain) {
        bestGain = gain;
        best = i;
      }
    }
    return best;
  }
};

} // namespace

std::unique_ptr<Sampler> createTopSampler() {
  return std::make_unique<TopSampler>(/*wholePlan=*/false);
}

std::unique_ptr<Sampler> createAllSampler() {
  return std::make_unique<TopSampler>(/*wholePlan=*/true);
}

std::unique_ptr<Sampler> createDiverseSampler() { return std::make_unique<DiverseSampler>(); }

} // namespace chameleon
