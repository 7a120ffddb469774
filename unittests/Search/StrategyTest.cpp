//===- StrategyTest.cpp - Strategies that need no agent -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Strategy.h"
#include "TestSpaces.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <map>

using namespace chameleon;
using namespace chameleon::test;

namespace {

/// A matrix product with one level of tiles: 6 x 4 x 5 x 3 configurations, all valid.
Space smallSpace() {
  return *Space::create("small",
                        {orderedKnob("mr", KnobKind::Tile, "m", {1, 2, 4, 6, 8, 16}),
                         orderedKnob("nr", KnobKind::Vector, "n", {8, 16, 32, 64}),
                         orderedKnob("kc", KnobKind::Tile, "k", {16, 32, 64, 128, 512}),
                         choiceKnob("order", {"mnk", "nmk", "kmn"})},
                        {});
}

class StrategyTest : public testing::Test {
protected:
  SearchContext context() { return {space, valid, features, *model, measured, taken, rng}; }

  std::vector<Candidate> propose(Strategy &strategy, size_t count) {
    auto plan = strategy.propose(context(), count);
    EXPECT_TRUE(plan.ok()) << plan.status();
    return *std::move(plan);
  }

  void measure(const Configuration &configuration, double logThroughput) {
    taken.insert(configuration);
    measured.push_back({configuration, {true, logThroughput}});
  }

  Space space = smallSpace();
  ValidSampler valid{space};
  FeatureExtractor features{space, matmulTask(), avx512Target()};
  std::unique_ptr<CostModel> model = *createCostModel("analytic", features.layout(), 0);
  std::vector<MeasuredCandidate> measured;
  absl::flat_hash_set<Configuration> taken;
  Rng rng{1};
};

TEST_F(StrategyTest, ScanProposesTheBestOfAllThatIsLeft) {
  Enumeration all = enumerateValid(space, 1000);
  ASSERT_EQ(all.configurations.size(), 360u);
  std::sort(all.configurations.begin(), all.configurations.end(),
            [&](const Configuration &a, const Configuration &b) {
              return features.analyticScore(a) > features.analyticScore(b);
            });
  for (size_t i : {0, 3, 4})
    measure(all.configurations[i], 1);
  std::vector<double> expected;
  for (size_t i = 0; expected.size() < 20; ++i)
    if (!taken.contains(all.configurations[i]))
      expected.push_back(static_cast<float>(features.analyticScore(all.configurations[i])));
  auto scan = *createStrategy("scan", {});
  std::vector<double> scores;
  absl::flat_hash_set<Configuration> distinct;
  for (const Candidate &candidate : propose(*scan, 20)) {
    scores.push_back(candidate.score);
    distinct.insert(candidate.configuration);
    EXPECT_FALSE(taken.contains(candidate.configuration));
  }
  EXPECT_EQ(scores, expected);
  EXPECT_EQ(distinct.size(), 20u);
}

TEST_F(StrategyTest, ScanDrawsFromAllOfTheSpaceWhereNothingTellsCandidatesApart) {
  model = *createCostModel("none", features.layout(), 0);
  size_t sum = 0;
  Enumeration all = enumerateValid(space, 1000);
  for (const Candidate &candidate : propose(**createStrategy("scan", {}), 60))
    sum +=
        std::find(all.configurations.begin(), all.configurations.end(), candidate.configuration) -
        all.configurations.begin();
  EXPECT_NEAR(static_cast<double>(sum) / 60, 180, 50); // places 0 to 359; the first 60 have 29.5
}

TEST_F(StrategyTest, ScanEndsWhereNothingIsLeft) {
  for (const Configuration &configuration : enumerateValid(space, 1000).configurations)
    taken.insert(configuration);
  EXPECT_TRUE(propose(**createStrategy("scan", {}), 20).empty());
}

std::map<std::string, double> sharesOf(const Strategy &portfolio) {
  auto diagnostics = portfolio.diagnostics();
  return {diagnostics.begin(), diagnostics.end()};
}

TEST_F(StrategyTest, PortfolioGivesMoreToThoseWhoseProposalsAreFast) {
  auto portfolio = *createStrategy("portfolio", {});
  std::vector<Candidate> plan = propose(*portfolio, 48);
  std::map<std::string, double> before = sharesOf(*portfolio);
  ASSERT_EQ(before.size(), 3u);
  for (const auto &[name, share] : before)
    EXPECT_NEAR(share, 1.0 / 3, 1e-9) << name;
  // What the scan alone proposes gets better and better; what only others do is never fast.
  absl::flat_hash_set<Configuration> scanned;
  for (const Candidate &candidate : propose(**createStrategy("scan", {}), 48))
    scanned.insert(candidate.configuration);
  double next = 10;
  for (const Candidate &candidate : plan)
    if (scanned.contains(candidate.configuration))
      measure(candidate.configuration, next++);
  size_t others = 0;
  for (const Candidate &candidate : plan)
    if (!scanned.contains(candidate.configuration)) {
      measure(candidate.configuration, 1);
      ++others;
    }
  ASSERT_GE(others, 4u);
  propose(*portfolio, 48);
  std::map<std::string, double> after = sharesOf(*portfolio);
  EXPECT_GT(after["share_scan"], 0.4);
  EXPECT_LT(after["share_random"], after["share_scan"] / 2);
  EXPECT_GT(after["share_random"], 0); // it may still come back
  EXPECT_NEAR(after["share_scan"] + after["share_sa"] + after["share_random"], 1, 1e-9);
}

TEST_F(StrategyTest, PortfolioDoesNotCreditFailures) {
  auto portfolio = *createStrategy("portfolio", {});
  std::vector<Candidate> plan = propose(*portfolio, 48);
  absl::flat_hash_set<Configuration> scanned;
  for (const Candidate &candidate : propose(**createStrategy("scan", {}), 48))
    scanned.insert(candidate.configuration);
  // All that the scan proposed fails, the rest gets better and better.
  double next = 10;
  for (const Candidate &candidate : plan) {
    taken.insert(candidate.configuration);
    bool fails = scanned.contains(candidate.configuration);
    measured.push_back({candidate.configuration, {!fails, fails ? 0 : next++}});
  }
  ASSERT_GE(next, 14);
  propose(*portfolio, 48);
  std::map<std::string, double> shares = sharesOf(*portfolio);
  EXPECT_LT(shares["share_scan"], shares["share_random"] / 2);
  EXPECT_GT(shares["share_scan"], 0);
}

} // namespace
