//===- KMeans.h - Clustering of candidates --------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_KMEANS_H
#define CHAMELEON_SEARCH_KMEANS_H

#include "absl/types/span.h"
#include "chameleon/Support/Random.h"
#include <vector>

namespace chameleon {

/// Points are rows of `dimensions` numbers, one after the other; so are centroids.
struct Clustering {
  std::vector<double> centroids;
  std::vector<size_t> assignment; // per point, the nearest centroid; the lower one of equals
  double loss = 0;                // sum of squared distances to it

  size_t clusters() const { return clusterCount; }
  size_t clusterCount = 0;
};

/// How the first centroids are chosen among the points.
enum class ClusterStart {
  PlusPlus, // far from each other, k-means++ (Arthur and Vassilvitskii 2007)
  Uniform,  // any, as published by Chameleon
};

/// Lloyd's algorithm until nothing changes or `maxRounds`. An empty cluster is moved to the point
/// farthest from its centroid. At most one cluster per distinct point, at least one if there is a
/// point.
Clustering kMeans(absl::Span<const double> points, size_t dimensions, size_t clusters, Rng &rng,
                  ClusterStart start = ClusterStart::PlusPlus, int maxRounds = 100);

/// The loss rule of Chameleon (section 3.3): position of the last count that was worth it, which is
/// the one before the first whose loss times `factor` is not below the loss before it. `losses`
/// belong to rising counts. Precondition: not empty.
size_t publishedKnee(absl::Span<const double> losses, double factor = 2.5);

/// Position of the loss that lies farthest below the straight line from the first to the last one
/// (Satopaa et al. 2011). Precondition: not empty, `counts` ascend.
size_t chordKnee(absl::Span<const double> counts, absl::Span<const double> losses);

} // namespace chameleon

#endif // CHAMELEON_SEARCH_KMEANS_H
