//===- AdaptiveSampler.cpp - One candidate of each kind -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Clusters the plan and measures one member of each cluster. The centroid is rounded to a
// configuration; if that one was measured already, the mode of the cluster stands in where it is
// valid and new (sample synthesis), else the member nearest to the centroid.
//
//===----------------------------------------------------------------------===//
#include "Samplers.h"
#include "chameleon/Search/KMeans.h"
#include <algorithm>
#include <limits>

namespace chameleon {

static constexpr size_t kFewestClusters = 4;
static constexpr size_t kClusterStep = 2;

namespace {

class AdaptiveSampler final : public Sampler {
public:
  absl::StatusOr<std::vector<Configuration>>
  pick(const SearchContext &context, absl::Span<const Candidate> plan, SampleCount count) override;
};

/// Members of one cluster, positions in the plan.
using Members = std::vector<size_t>;

double distance(absl::Span<const double> a, absl::Span<const double> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

/// The clustering at the knee of the losses for 4, 6, 8, ... clusters, at least half of `most`.
Clustering clusterAtKnee(absl::Span<const double> points, size_t dimensions, size_t most,
                         Rng &rng) {
  std::vector<Clustering> tried;
  std::vector<double> counts;
  std::vector<double> losses;
  size_t first = std::min(most, std::max(kFewestClusters, most / 2));
  for (size_t k = first; k <= most; k += kClusterStep) {
    tried.push_back(kMeans(points, dimensions, k, rng));
    counts.push_back(static_cast<double>(k));
    losses.push_back(tried.back().loss);
    if (tried.back().loss <= 0)
      break;
  }
  return tried[chordKnee(counts, losses)];
}

std::vector<Members> membersOf(const Clustering &clustering) {
  std::vector<Members> result(clustering.clusters());
  for (size_t i = 0; i < clustering.assignment.size(); ++i)
    result[clustering.assignment[i]].push_back(i);
  return result;
}

/// The option with the largest weight per choice, the nearest value per ordered knob; canonical.
Configuration roundToConfiguration(const SearchContext &context, const KnobEmbedding &embedding,
                                   absl::Span<const double> centroid, Configuration start) {
  std::vector<double> point(embedding.dimensions());
  for (size_t knob = 0; knob < start.indices.size(); ++knob) {
    double nearest = std::numeric_limits<double>::infinity();
    int32_t best = start.indices[knob];
    for (size_t index = 0; index < context.space.knobs()[knob].values.size(); ++index) {
      start.indices[knob] = static_cast<int32_t>(index);
      embedding.embed(start, absl::MakeSpan(point));
      if (double d = distance(point, centroid); d < nearest) {
        nearest = d;
        best = static_cast<int32_t>(index);
      }
    }
    start.indices[knob] = best;
  }
  return context.space.canonical(std::move(start));
}

/// Adds one candidate for the cluster, unless all of its kind are picked already.
void pickFromCluster(const SearchContext &context, const KnobEmbedding &embedding,
                     absl::Span<const Configuration> all, absl::Span<const double> points,
                     absl::Span<const double> centroid, Members members, Picks &picks) {
  if (members.front() == 0) { // the model's best is measured in any case
    picks.add(all.front());
    return;
  }
  Configuration rounded = roundToConfiguration(context, embedding, centroid, all[members.front()]);
  if (context.taken.contains(rounded)) {
    std::vector<Configuration> own;
    for (size_t member : members)
      own.push_back(all[member]);
    if (picks.add(context.space.canonical(modeOf(own))))
      return;
  }
  size_t dimensions = embedding.dimensions();
  auto key = [&](size_t i) {
    return std::make_pair(distance(points.subspan(i * dimensions, dimensions), centroid), i);
  };
  std::sort(members.begin(), members.end(), [&](size_t a, size_t b) { return key(a) < key(b); });
  for (size_t member : members)
    if (picks.full() || picks.add(all[member]))
      return;
}

absl::StatusOr<std::vector<Configuration>> AdaptiveSampler::pick(const SearchContext &context,
                                                                 absl::Span<const Candidate> plan,
                                                                 SampleCount count) {
  size_t most = std::min(count.usual, count.most);
  Picks picks(context, most);
  if (plan.empty() || most == 0)
    return picks.take();
  absl::StatusOr<std::vector<double>> weights = knobImportance(context, plan);
  if (!weights.ok())
    return weights.status();
  KnobEmbedding embedding(context.space, *weights);
  size_t dimensions = embedding.dimensions();
  std::vector<Configuration> all = configurationsOf(plan);
  if (dimensions == 0) {
    picks.add(all.front());
    return picks.take();
  }
  std::vector<double> points = embedding.embed(all);
  Clustering clustering = clusterAtKnee(points, dimensions, most, context.rng);
  std::vector<Members> clusters = membersOf(clustering);
  auto centroids = absl::MakeConstSpan(clustering.centroids);
  for (size_t cluster = 0; cluster < clusters.size(); ++cluster)
    if (!clusters[cluster].empty())
      pickFromCluster(context, embedding, all, points,
                      centroids.subspan(cluster * dimensions, dimensions),
                      std::move(clusters[cluster]), picks);
  return picks.take();
}

} // namespace

std::unique_ptr<Sampler> createAdaptiveSampler() { return std::make_unique<AdaptiveSampler>(); }

} // namespace chameleon
