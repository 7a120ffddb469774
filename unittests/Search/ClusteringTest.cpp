//===- ClusteringTest.cpp - k-means and knees against oracles -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/FirstPicks.h"
#include "chameleon/Search/KMeans.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

using namespace chameleon;

namespace {

double squared(const double *a, const double *b, size_t dimensions) {
  double sum = 0;
  for (size_t d = 0; d < dimensions; ++d)
    sum += (a[d] - b[d]) * (a[d] - b[d]);
  return sum;
}

/// The loss of the best partition into two, by trying all of them.
double bestLossOfTwo(const std::vector<double> &points, size_t dimensions) {
  size_t n = points.size() / dimensions;
  double best = std::numeric_limits<double>::infinity();
  for (size_t mask = 1; mask + 1 < (size_t{1} << n); ++mask) {
    double loss = 0;
    for (size_t side = 0; side < 2; ++side) {
      std::vector<double> centre(dimensions, 0);
      double members = 0;
      for (size_t i = 0; i < n; ++i)
        if (((mask >> i) & 1) == side) {
          members += 1;
          for (size_t d = 0; d < dimensions; ++d)
            centre[d] += points[i * dimensions + d];
        }
      for (double &value : centre)
        value /= members;
      for (size_t i = 0; i < n; ++i)
        if (((mask >> i) & 1) == side)
          loss += squared(&points[i * dimensions], centre.data(), dimensions);
    }
    best = std::min(best, loss);
  }
  return best;
}

TEST(KMeansTest, FindsTheBestPartitionOfSmallSets) {
  Rng rng(1);
  for (int round = 0; round < 40; ++round) {
    size_t dimensions = 1 + rng.below(3);
    std::vector<double> points;
    for (size_t i = 0; i < 10 * dimensions; ++i)
      points.push_back(rng.normal() + (i / dimensions % 2 ? 3 : 0));
    double best = bestLossOfTwo(points, dimensions);
    double found = std::numeric_limits<double>::infinity();
    for (int start = 0; start < 10; ++start)
      found = std::min(found, kMeans(points, dimensions, 2, rng).loss);
    ASSERT_NEAR(found, best, 1e-9);
  }
}

TEST(KMeansTest, ResultIsAFixedPoint) {
  Rng rng(2);
  std::vector<double> points;
  for (int i = 0; i < 300; ++i)
    points.push_back(rng.uniform());
  Clustering result = kMeans(points, 3, 7, rng);
  ASSERT_EQ(result.clusters(), 7u);
  double loss = 0;
  std::vector<double> sums(21, 0);
  std::vector<double> members(7, 0);
  for (size_t i = 0; i < 100; ++i) {
    size_t own = result.assignment[i];
    double distance = squared(&points[i * 3], &result.centroids[own * 3], 3);
    for (size_t other = 0; other < 7; ++other)
      ASSERT_LE(distance, squared(&points[i * 3], &result.centroids[other * 3], 3));
    loss += distance;
    members[own] += 1;
    for (size_t d = 0; d < 3; ++d)
      sums[own * 3 + d] += points[i * 3 + d];
  }
  EXPECT_NEAR(result.loss, loss, 1e-9);
  for (size_t i = 0; i < 21; ++i)
    EXPECT_NEAR(result.centroids[i], sums[i] / members[i / 3], 1e-9);
}

TEST(KMeansTest, EqualPointsAndFewPoints) {
  Rng rng(3);
  std::vector<double> equal(20, 4.0);
  EXPECT_EQ(kMeans(equal, 2, 5, rng).clusters(), 1u);
  EXPECT_EQ(kMeans(equal, 2, 5, rng).loss, 0);
  EXPECT_EQ(kMeans({1, 2, 3}, 1, 8, rng).loss, 0);
  EXPECT_EQ(kMeans({}, 2, 3, rng).clusters(), 0u);
  EXPECT_EQ(kMeans({5}, 1, 0, rng).clusters(), 1u);
}

TEST(KMeansTest, NoClusterStaysEmptyWhereThereAreDistinctPoints) {
  Rng rng(4);
  // Uniform starts on points with many copies begin with equal centroids.
  std::vector<double> points = {0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3};
  for (int round = 0; round < 50; ++round) {
    Clustering result = kMeans(points, 1, 4, rng, ClusterStart::Uniform);
    std::set<size_t> used(result.assignment.begin(), result.assignment.end());
    ASSERT_EQ(used.size(), 4u);
    ASSERT_EQ(result.loss, 0);
  }
}

TEST(KneeTest, PublishedRuleStopsBeforeTheFirstLossThatBarelyFalls) {
  EXPECT_EQ(publishedKnee({100, 30, 10, 8, 1}), 2u); // 2.5 * 8 >= 10
  EXPECT_EQ(publishedKnee({100, 90}), 0u);
  EXPECT_EQ(publishedKnee({100, 10}), 1u);
  EXPECT_EQ(publishedKnee({5}), 0u);
}

TEST(KneeTest, ChordFindsTheBend) {
  EXPECT_EQ(chordKnee({4, 6, 8, 10, 12}, {100, 60, 20, 15, 10}), 2u);
  EXPECT_EQ(chordKnee({4, 6, 8}, {9, 6, 3}), 0u); // a straight line has none
  EXPECT_EQ(chordKnee({4}, {9}), 0u);
  EXPECT_EQ(chordKnee({4, 6}, {0, 0}), 0u);
}

TEST(FirstPicksTest, BestFirstThenFarAndGood) {
  std::vector<double> points = {0, 0.01, 0.02, 1, 5};
  std::vector<double> scores = {5, 4.9, 4.8, 4, 1};
  std::vector<size_t> picks = spreadByScore(points, 1, scores, 3);
  EXPECT_EQ(picks[0], 0u);
  EXPECT_EQ(std::set<size_t>(picks.begin() + 1, picks.end()), (std::set<size_t>{3, 4}));
  EXPECT_EQ(spreadByScore({1, 1, 1}, 1, {1, 2, 3}, 3), (std::vector<size_t>{2}));
  EXPECT_TRUE(spreadByScore({}, 1, {}, 3).empty());
}

} // namespace
