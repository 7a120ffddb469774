//===- SamplerTest.cpp - What is picked of a plan -------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Sampler.h"
#include "TestSpaces.h"
#include "chameleon/Search/Moves.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace chameleon;
using namespace chameleon::test;

namespace {

class SamplerTest : public testing::Test {
protected:
  SamplerTest() { model = *createCostModel("analytic", features.layout(), 0); }

  SearchContext context() { return {space, valid, features, *model, measured, taken, rng}; }

  std::vector<Candidate> plan(size_t count) {
    SearchContext now = context();
    Plan plan(now, count);
    while (!plan.full()) {
      Configuration c = *valid.sample(rng);
      plan.offer(c, features.analyticScore(c));
    }
    return plan.take();
  }

  std::vector<Configuration> pick(const std::string &name, absl::Span<const Candidate> plan,
                                  SampleCount count) {
    return *(*createSampler(name))->pick(context(), plan, count);
  }

  Space space = matmulSpace();
  ValidSampler valid{space};
  FeatureExtractor features{space, matmulTask(), avx512Target()};
  std::unique_ptr<CostModel> model;
  std::vector<MeasuredCandidate> measured;
  absl::flat_hash_set<Configuration> taken;
  Rng rng{1};
};

TEST_F(SamplerTest, ModeTakesTheMostFrequentValuePerKnob) {
  EXPECT_EQ(modeOf({{{0, 2, 1}}, {{1, 2, 0}}, {{1, 0, 0}}}), (Configuration{{1, 2, 0}}));
  EXPECT_EQ(modeOf({{{3, 1}}, {{2, 1}}}), (Configuration{{2, 1}})); // the lower of equals
}

TEST_F(SamplerTest, PlanKeepsTheBestDistinctNewValidOnes) {
  Configuration a = space.defaultConfiguration();
  Configuration b = a;
  b.indices[5] = 1;
  Configuration c = a;
  c.indices[5] = 2;
  Configuration invalid = a;
  invalid.indices = {0, 0, 0, 4, 3, 0, 0, 0};
  Configuration old = a;
  old.indices[6] = 1;
  taken.insert(old);
  SearchContext now = context();
  Plan plan(now, 2);
  EXPECT_FALSE(plan.offer(invalid, 100));
  EXPECT_FALSE(plan.offer(old, 100));
  EXPECT_TRUE(plan.offer(a, 1));
  EXPECT_FALSE(plan.offer(a, 5));
  EXPECT_TRUE(plan.offer(b, 3));
  EXPECT_FALSE(plan.offer(c, 1)); // not better than the worst
  EXPECT_TRUE(plan.offer(c, 2));  // a leaves
  std::vector<Candidate> best = plan.take();
  ASSERT_EQ(best.size(), 2u);
  EXPECT_EQ(best[0].configuration, b);
  EXPECT_EQ(best[1].configuration, c);
}

TEST_F(SamplerTest, EverySamplerKeepsItsPromises) {
  std::vector<Candidate> full = plan(64);
  for (const std::string &name : samplerNames())
    for (size_t size : {1, 3, 64})
      for (SampleCount count :
           {SampleCount{0, 1}, SampleCount{16, 16}, SampleCount{8, 40}, SampleCount{1, 1}}) {
        auto some = absl::MakeConstSpan(full).first(size);
        std::vector<Configuration> picks = pick(name, some, count);
        EXPECT_LE(picks.size(), count.most);
        if (count.usual > 0) {
          EXPECT_FALSE(picks.empty()) << name;
        }
        absl::flat_hash_set<Configuration> seen;
        for (const Configuration &c : picks) {
          EXPECT_TRUE(space.isValid(c)) << name;
          EXPECT_TRUE(seen.insert(c).second) << name;
        }
      }
  for (const std::string &name : samplerNames())
    EXPECT_TRUE(pick(name, {}, {16, 16}).empty());
}

TEST_F(SamplerTest, TopAndAll) {
  std::vector<Candidate> full = plan(20);
  std::vector<Configuration> top = pick("top-k", full, {5, 10});
  ASSERT_EQ(top.size(), 5u);
  for (size_t i = 0; i < 5; ++i)
    EXPECT_EQ(top[i], full[i].configuration);
  EXPECT_EQ(pick("all", full, {5, 64}).size(), 20u);
  EXPECT_EQ(pick("all", full, {5, 7}).size(), 7u);
}

TEST_F(SamplerTest, AdaptiveAndDiversePicksReachBeyondTheTopGroup) {
  // Three groups of neighbours, the best scores all in the first one.
  model = *createCostModel("none", {}, 0);
  std::vector<Candidate> groups;
  std::vector<absl::flat_hash_set<Configuration>> members;
  for (Configuration centre :
       {Configuration{{0, 0, 0, 0, 0, 0, 0, 0}}, Configuration{{5, 5, 0, 3, 3, 0, 1, 1}},
        Configuration{{5, 0, 5, 0, 0, 2, 2, 0}}}) {
    ASSERT_TRUE(space.isValid(centre));
    std::vector<Configuration> near = neighbours(space, centre);
    near.resize(8);
    members.emplace_back(near.begin(), near.end());
    for (const Configuration &c : near)
      groups.push_back({c, -static_cast<double>(groups.size())});
  }
  auto groupsReached = [&](const std::string &name) {
    std::vector<Configuration> picks = pick(name, groups, {6, 6});
    size_t reached = 0;
    for (const auto &group : members)
      reached += std::any_of(picks.begin(), picks.end(),
                             [&](const Configuration &c) { return group.contains(c); });
    return reached;
  };
  EXPECT_EQ(groupsReached("top-k"), 1u);
  EXPECT_EQ(groupsReached("adaptive"), 3u);
  EXPECT_GE(groupsReached("diverse"), 2u);
}

TEST_F(SamplerTest, AdaptivePicksOneOfEachKind) {
  // Four kinds of candidates, far apart in knobs that matter, with small differences inside.
  std::vector<Candidate> kinds;
  for (std::vector<int32_t> centre : {std::vector<int32_t>{1, 1, 0, 0, 0, 0, 0, 0},
                                      {5, 1, 5, 0, 3, 0, 0, 0},
                                      {2, 5, 0, 3, 0, 2, 1, 1},
                                      {5, 5, 5, 3, 3, 2, 2, 1}})
    for (int32_t shift : {0, 1, 2}) {
      kinds.push_back({{centre}, 1});
      kinds.back().configuration.indices[1] =
          std::abs(centre[1] - shift) + (centre[1] == 1 && shift == 2);
    }
  std::erase_if(kinds, [&](const Candidate &c) { return !space.isValid(c.configuration); });
  ASSERT_GE(kinds.size(), 8u);
  model = *createCostModel("none", {}, 0); // all knobs weigh the same
  std::vector<Configuration> picks = pick("adaptive", kinds, {4, 4});
  absl::flat_hash_set<int32_t> found; // (mr, nr, kc) tell the kinds apart
  for (const Configuration &c : picks)
    found.insert(c.indices[3] * 100 + c.indices[4] * 10 + c.indices[2]);
  EXPECT_EQ(found.size(), picks.size());
}

TEST_F(SamplerTest, ImportanceFindsTheKnobThatMatters) {
  std::vector<Candidate> full = plan(48);
  std::vector<double> weights = *knobImportance(context(), full);
  double sum = 0;
  for (double weight : weights)
    sum += weight;
  EXPECT_NEAR(sum, 8, 1e-9);
  EXPECT_GT(weights[3], weights[6]); // mr matters to the closed form, the loop order does not
  EXPECT_LT(weights[6], 1e-3);
}

TEST_F(SamplerTest, VisitedCentroidsAreReplacedByTheMode) {
  // The plan's centroid truncates to the default, which is taken: the mode of the plan stands in.
  Configuration centre = space.defaultConfiguration();
  taken.insert(centre);
  std::vector<Candidate> around;
  for (int32_t shift : {-1, 1, 1}) {
    Candidate candidate{centre, 1};
    candidate.configuration.indices[2] += shift;
    candidate.configuration.indices[6] = static_cast<int32_t>(around.size());
    around.push_back(candidate);
  }
  around[0].configuration.indices[6] = 0;
  around[1].configuration.indices[6] = 0;
  around[2].configuration.indices[6] = 1;
  std::vector<Configuration> picks = pick("adaptive-paper", absl::MakeConstSpan(around), {1, 1});
  ASSERT_EQ(picks.size(), 1u);
  EXPECT_TRUE(space.isValid(picks[0]));
  EXPECT_FALSE(picks[0] == centre);
}

TEST_F(SamplerTest, UnknownNameListsTheNames) {
  EXPECT_THAT(
      std::string(createSampler("best").status().message()),
      testing::HasSubstr("(adaptive, adaptive-paper, adaptive-paper-code, top-k, diverse, all), "
                         "but got 'best'"));
  EXPECT_THAT(
      std::string(createStrategy("best", {}).status().message()),
      testing::HasSubstr(
          "(ppo, ppo-paper, sa, evolution, random, grid, local, scan, portfolio), but got 'best'"));
}

} // namespace
