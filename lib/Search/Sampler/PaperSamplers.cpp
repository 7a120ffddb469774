//===- PaperSamplers.cpp - Adaptive sampling as published -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Ahn et al. 2020, section 3.3, and what the public code does instead, for comparison: see
// Sampler.h.
//
//===----------------------------------------------------------------------===//
#include "Samplers.h"
#include "chameleon/Search/KMeans.h"
#include <algorithm>
#include <numeric>

namespace chameleon {

static constexpr size_t kClusterStep = 8;
static constexpr size_t kMostClusters = 64;
static constexpr int kRounds = 100;

namespace {

class PaperSampler final : public Sampler {
public:
  explicit PaperSampler(bool asCode) : asCode(asCode) {}

  absl::StatusOr<std::vector<Configuration>>
  pick(const SearchContext &context, absl::Span<const Candidate> plan, SampleCount count) override;

private:
  std::vector<size_t> clusteredKnobs(const Space &space) const;
  Clustering cluster(absl::Span<const double> points, size_t dimensions, Rng &rng) const;

  bool asCode;
};

/// All knobs; in the public code the two with most options.
std::vector<size_t> PaperSampler::clusteredKnobs(const Space &space) const {
  std::vector<size_t> knobs(space.knobs().size());
  std::iota(knobs.begin(), knobs.end(), size_t{0});
  if (!asCode)
    return knobs;
  auto key = [&](size_t knob) {
    return std::make_pair(-static_cast<int64_t>(space.knobs()[knob].values.size()), knob);
  };
  std::sort(knobs.begin(), knobs.end(), [&](size_t a, size_t b) { return key(a) < key(b); });
  knobs.resize(std::min<size_t>(knobs.size(), 2));
  return knobs;
}

Clustering PaperSampler::cluster(absl::Span<const double> points, size_t dimensions,
                                 Rng &rng) const {
  std::vector<Clustering> tried;
  std::vector<double> losses;
  size_t most = std::min(kMostClusters, points.size() / dimensions);
  for (size_t k = std::min(kClusterStep, most); k <= most; k += kClusterStep) {
    tried.push_back(kMeans(points, dimensions, k, rng, ClusterStart::Uniform, kRounds));
    losses.push_back(tried.back().loss);
  }
  size_t knee = publishedKnee(losses);
  return tried[asCode ? std::min(knee + 1, tried.size() - 1) : knee];
}

/// The member of the plan nearest to the centroid, by the clustered knobs.
size_t nearestMember(absl::Span<const double> points, absl::Span<const double> centroid) {
  size_t best = 0;
  double bestDistance = -1;
  for (size_t i = 0; i < points.size() / centroid.size(); ++i) {
    double sum = 0;
    for (size_t d = 0; d < centroid.size(); ++d) {
      double difference = points[i * centroid.size() + d] - centroid[d];
      sum += difference * difference;
    }
    if (bestDistance < 0 || sum < bestDistance) {
      bestDistance = sum;
      best = i;
    }
  }
  return best;
}

absl::StatusOr<std::vector<Configuration>> PaperSampler::pick(const SearchContext &context,
                                                              absl::Span<const Candidate> plan,
                                                              SampleCount count) {
  Picks picks(context, count.most);
  std::vector<size_t> knobs = clusteredKnobs(context.space);
  if (plan.empty() || count.most == 0)
    return picks.take();
  std::vector<Configuration> all = configurationsOf(plan);
  if (knobs.empty()) {
    picks.add(all.front());
    return picks.take();
  }
  std::vector<double> points;
  for (const Configuration &configuration : all)
    for (size_t knob : knobs)
      points.push_back(configuration.indices[knob]);
  Clustering clustering = cluster(points, knobs.size(), context.rng);
  Configuration mode = context.space.canonical(modeOf(all));
  for (size_t i = 0; i < clustering.clusters(); ++i) {
    auto centroid =
        absl::MakeConstSpan(clustering.centroids).subspan(i * knobs.size(), knobs.size());
    size_t nearest = nearestMember(points, centroid);
    Configuration truncated = all[nearest];
    for (size_t d = 0; d < knobs.size(); ++d)
      truncated.indices[knobs[d]] = static_cast<int32_t>(centroid[d]);
    truncated = context.space.canonical(std::move(truncated));
    bool visited = context.taken.contains(truncated);
    if (!picks.add(visited ? mode : truncated))
      picks.add(all[nearest]);
  }
  return picks.take();
}

} // namespace

std::unique_ptr<Sampler> createPaperSampler() {
  return std::make_unique<PaperSampler>(/*asCode=*/false);
}

std::unique_ptr<Sampler> createPaperCodeSampler() {
  return std::make_unique<PaperSampler>(/*asCode=*/true);
}

} // namespace chameleon
