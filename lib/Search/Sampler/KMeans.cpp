//===- KMeans.cpp - Clustering of candidates ------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/KMeans.h"
#include <algorithm>
#include <limits>
#include <numeric>

namespace chameleon {

namespace {

class Lloyd {
public:
  Lloyd(absl::Span<const double> points, size_t dimensions)
      : points(points), dimensions(dimensions),
        count(dimensions == 0 ? 0 : points.size() / dimensions), nearest(count, 0),
        assignment(count, 0) {}

  size_t size() const { return count; }
  void startUniform(size_t clusters, Rng &rng);
  void startPlusPlus(size_t clusters, Rng &rng);
  /// Assigns every point; returns whether an assignment changed.
  bool assign();
  void moveCentroids();
  Clustering result() const;

private:
  absl::Span<const double> point(size_t i) const {
    return points.subspan(i * dimensions, dimensions);
  }
  double distance(size_t i, size_t cluster) const {
    double sum = 0;
    for (size_t d = 0; d < dimensions; ++d) {
      double difference = points[i * dimensions + d] - centroids[cluster * dimensions + d];
      sum += difference * difference;
    }
    return sum;
  }
  size_t clusters() const { return dimensions == 0 ? 0 : centroids.size() / dimensions; }
  void addCentroid(size_t i) {
    centroids.insert(centroids.end(), point(i).begin(), point(i).end());
  }
  size_t farthestPoint() const {
    return std::max_element(nearest.begin(), nearest.end()) - nearest.begin();
  }

  absl::Span<const double> points;
  size_t dimensions;
  size_t count;
  std::vector<double> centroids;
  std::vector<double> nearest; // squared distance to the own centroid
  std::vector<size_t> assignment;
};

void Lloyd::startUniform(size_t clusters, Rng &rng) {
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  rng.shuffle(order);
  for (size_t i = 0; i < std::min(clusters, count); ++i)
    addCentroid(order[i]);
}

/// Each further centroid is drawn with probability in proportion to its squared distance. Stops
/// when every point is a centroid.
void Lloyd::startPlusPlus(size_t clusters, Rng &rng) {
  std::fill(nearest.begin(), nearest.end(), std::numeric_limits<double>::infinity());
  size_t next = rng.below(count);
  while (this->clusters() < clusters) {
    addCentroid(next);
    double sum = 0;
    for (size_t i = 0; i < count; ++i) {
      nearest[i] = std::min(nearest[i], distance(i, this->clusters() - 1));
      sum += nearest[i];
    }
    if (sum <= 0)
      return;
    double target = rng.uniform() * sum;
    next = farthestPoint(); // where rounding leaves the target beyond the sum
    for (size_t i = 0; i < count; ++i) {
      target -= nearest[i];
      if (nearest[i] > 0 && target < 0) {
        next = i;
        break;
      }
    }
  }
}

bool Lloyd::assign() {
  bool changed = false;
  for (size_t i = 0; i < count; ++i) {
    size_t best = 0;
    double bestDistance = std::numeric_limits<double>::infinity();
    for (size_t cluster = 0; cluster < clusters(); ++cluster)
      if (double d = distance(i, cluster); d < bestDistance) {
        bestDistance = d;
        best = cluster;
      }
    changed = changed || assignment[i] != best;
    assignment[i] = best;
    nearest[i] = bestDistance;
  }
  return changed;
}

void Lloyd::moveCentroids() {
  std::vector<double> sums(centroids.size(), 0);
  std::vector<size_t> members(clusters(), 0);
  for (size_t i = 0; i < count; ++i) {
    ++members[assignment[i]];
    for (size_t d = 0; d < dimensions; ++d)
      sums[assignment[i] * dimensions + d] += point(i)[d];
  }
  for (size_t cluster = 0; cluster < clusters(); ++cluster) {
    if (members[cluster] == 0) {
      size_t far = farthestPoint();
      std::copy(point(far).begin(), point(far).end(), centroids.begin() + cluster * dimensions);
      nearest[far] = 0;
      continue;
    }
    for (size_t d = 0; d < dimensions; ++d)
      centroids[cluster * dimensions + d] =
          sums[cluster * dimensions + d] / static_cast<double>(members[cluster]);
  }
}

Clustering Lloyd::result() const {
  Clustering clustering;
  clustering.centroids = centroids;
  clustering.assignment = assignment;
  clustering.loss = std::accumulate(nearest.begin(), nearest.end(), 0.0);
  clustering.clusterCount = clusters();
  return clustering;
}

} // namespace

Clustering kMeans(absl::Span<const double> points, size_t dimensions, size_t clusters, Rng &rng,
                  ClusterStart start, int maxRounds) {
  Lloyd lloyd(points, dimensions);
  if (lloyd.size() == 0)
    return {};
  clusters = std::max<size_t>(clusters, 1);
  if (start == ClusterStart::PlusPlus)
    lloyd.startPlusPlus(clusters, rng);
  else
    lloyd.startUniform(clusters, rng);
  lloyd.assign();
  for (int round = 0; round < maxRounds; ++round) {
    lloyd.moveCentroids();
    if (!lloyd.assign())
      break;
  }
  return lloyd.result();
}

size_t publishedKnee(absl::Span<const double> losses, double factor) {
  size_t i = 1;
  while (i < losses.size() && factor * losses[i] < losses[i - 1])
    ++i;
  return i - 1;
}

size_t chordKnee(absl::Span<const double> counts, absl::Span<const double> losses) {
  size_t last = losses.size() - 1;
  double width = counts[last] - counts[0];
  double height = losses[0] - losses[last];
  size_t best = 0;
  double deepest = 0;
  for (size_t i = 1; i < last && width > 0 && height > 0; ++i) {
    double fallen = (losses[0] - losses[i]) / height;
    double gone = (counts[i] - counts[0]) / width;
    if (fallen - gone > deepest) {
      deepest = fallen - gone;
      best = i;
    }
  }
  return best;
}

} // namespace chameleon
