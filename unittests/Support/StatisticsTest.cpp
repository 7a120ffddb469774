//===- StatisticsTest.cpp - Tests of Statistics.h ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/Statistics.h"

#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>
#include <rapidcheck/gtest.h>

namespace chameleon {
namespace {

TEST(StatisticsTest, EmptyInputsGiveNan) {
  EXPECT_TRUE(std::isnan(mean({})));
  EXPECT_TRUE(std::isnan(median({})));
  EXPECT_TRUE(std::isnan(medianAbsoluteDeviation({})));
  EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
  EXPECT_TRUE(std::isnan(geometricMean({})));
  Rng rng(0);
  EXPECT_TRUE(std::isnan(pairedBootstrapRatio({}, {}, rng).low));
}

TEST(StatisticsTest, KnownValues) {
  const std::vector<double> samples = {3, 1, 100, 2, 4};
  EXPECT_EQ(mean(samples), 22);
  EXPECT_EQ(median(samples), 3);
  EXPECT_EQ(median({1, 2, 4, 8}), 3);
  EXPECT_EQ(medianAbsoluteDeviation(samples), 1);
  EXPECT_EQ(quantile(samples, 0), 1);
  EXPECT_EQ(quantile(samples, 0.25), 2);
  EXPECT_EQ(quantile(samples, 0.375), 2.5);
  EXPECT_EQ(quantile(samples, 1), 100);
  EXPECT_DOUBLE_EQ(geometricMean({1, 4, 16}), 4);
}

TEST(StatisticsTest, RanksShareTies) {
  EXPECT_EQ(ranks({10, 30, 20, 20}), (std::vector<double>{1, 4, 2.5, 2.5}));
  EXPECT_DOUBLE_EQ(rankCorrelation({1, 2, 3, 4}, {1, 8, 27, 64}), 1);
  EXPECT_DOUBLE_EQ(rankCorrelation({1, 2, 3, 4}, {4, 3, 2, 1}), -1);
  // 1 - 6 * sum(d^2) / (n (n^2 - 1)) with d = 0, 1, -1, 1, -1
  EXPECT_DOUBLE_EQ(rankCorrelation({1, 2, 3, 4, 5}, {1, 3, 2, 5, 4}), 0.8);
  EXPECT_TRUE(std::isnan(rankCorrelation({1, 2}, {1})));
  EXPECT_TRUE(std::isnan(rankCorrelation({1}, {1})));
  EXPECT_TRUE(std::isnan(rankCorrelation({1, 2, 3}, {5, 5, 5})));
}

// The oracle: half of the samples are not above, half not below.
RC_GTEST_PROP(StatisticsProperty, MedianSplitsTheSamples, (std::vector<int> integers)) {
  RC_PRE(!integers.empty());
  const std::vector<double> samples(integers.begin(), integers.end());
  const double middle = median(samples);
  const auto half = static_cast<std::ptrdiff_t>(samples.size() / 2);
  RC_ASSERT(std::count_if(samples.begin(), samples.end(), [&](double x) { return x < middle; }) <=
            half);
  RC_ASSERT(std::count_if(samples.begin(), samples.end(), [&](double x) { return x > middle; }) <=
            half);
  RC_ASSERT(quantile(samples, 0.5) == middle);
}

TEST(StatisticsTest, BootstrapCoversTheTruthAndSeesDifferences) {
  Rng rng(7);
  int covered = 0;
  for (int repetition = 0; repetition < 100; ++repetition) {
    std::vector<double> a, b;
    for (int round = 0; round < 25; ++round) {
      const double drift = 1 + 0.5 * rng.uniform(); // hits both of a pair
      a.push_back(drift * (1.10 + 0.02 * rng.normal()));
      b.push_back(drift * (1.00 + 0.02 * rng.normal()));
    }
    const Interval interval = pairedBootstrapRatio(a, b, rng, 0.95, 200);
    covered += interval.low <= 1.10 && 1.10 <= interval.high;
    EXPECT_LE(interval.low, interval.high);
  }
  EXPECT_GE(covered, 85);
}

TEST(StatisticsTest, BootstrapOfEqualsIsOne) {
  Rng rng(8);
  const std::vector<double> a = {1, 2, 3, 4};
  const Interval interval = pairedBootstrapRatio(a, a, rng);
  EXPECT_EQ(interval.low, 1);
  EXPECT_EQ(interval.high, 1);
  EXPECT_TRUE(std::isnan(pairedBootstrapRatio(a, {1, 2}, rng).low));
}

} // namespace
} // namespace chameleon
