//===- RandomTest.cpp - Tests of Random.h --------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/Random.h"

#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

namespace chameleon {
namespace {

// Values of an independent implementation in Python, written from the paper.
TEST(RandomTest, ReferenceSequences) {
  Rng zero(0);
  EXPECT_EQ(zero.next(), 0x53175d61490b23dfu);
  EXPECT_EQ(zero.next(), 0x61da6f3dc380d507u);
  EXPECT_EQ(zero.next(), 0x5c0fdf91ec9a7bfcu);
  Rng fortyTwo(42);
  EXPECT_EQ(fortyTwo.next(), 0xd0764d4f4476689fu);
  EXPECT_EQ(fortyTwo.next(), 0x519e4174576f3791u);
}

TEST(RandomTest, BelowIsUniform) {
  Rng rng(1);
  EXPECT_EQ(rng.below(0), 0u);
  EXPECT_EQ(rng.below(1), 0u);
  constexpr int draws = 60000;
  std::map<uint64_t, int> counts;
  for (int i = 0; i < draws; ++i) {
    ++counts[rng.below(6)];
  }
  double chiSquare = 0;
  for (const auto &[value, count] : counts) {
    ASSERT_LT(value, 6u);
    chiSquare += std::pow(count - draws / 6.0, 2) / (draws / 6.0);
  }
  EXPECT_EQ(counts.size(), 6u);
  EXPECT_LT(chiSquare, 20.5); // 5 degrees of freedom, p = 0.001
}

// 3 * 2^62: without the rejection, the lower half would come twice as often as the upper one.
TEST(RandomTest, BelowHasNoModuloBias) {
  Rng rng(2);
  const uint64_t n = uint64_t{3} << 62;
  int low = 0;
  for (int i = 0; i < 10000; ++i) {
    low += rng.below(n) < n / 2;
  }
  EXPECT_NEAR(low, 5000, 250);
}

TEST(RandomTest, UniformAndNormalHaveTheirMoments) {
  Rng rng(3);
  constexpr int draws = 100000;
  double uniformSum = 0, normalSum = 0, normalSquares = 0;
  for (int i = 0; i < draws; ++i) {
    const double u = rng.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    uniformSum += u;
    const double x = rng.normal();
    normalSum += x;
    normalSquares += x * x;
  }
  EXPECT_NEAR(uniformSum / draws, 0.5, 0.005);
  EXPECT_NEAR(normalSum / draws, 0, 0.02);
  EXPECT_NEAR(normalSquares / draws, 1, 0.03);
}

TEST(RandomTest, ForksAreIndependentOfLaterDraws) {
  Rng a(4), b(4);
  Rng forkOfA = a.fork(), forkOfB = b.fork();
  (void)a.next();
  EXPECT_EQ(forkOfA.next(), forkOfB.next());
  EXPECT_NE(forkOfA.next(), a.next());
}

TEST(RandomTest, ShufflesReachEveryOrder) {
  Rng rng(5);
  std::map<std::vector<int>, int> orders;
  for (int i = 0; i < 6000; ++i) {
    std::vector<int> items = {1, 2, 3};
    rng.shuffle(items);
    ++orders[items];
  }
  EXPECT_EQ(orders.size(), 6u);
  for (const auto &[order, count] : orders) {
    EXPECT_NEAR(count, 1000, 150);
  }
}

} // namespace
} // namespace chameleon
