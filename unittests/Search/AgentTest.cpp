//===- AgentTest.cpp - Walks, advantages, acceptance ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestSpaces.h"
#include "chameleon/Search/Advantage.h"
#include "chameleon/Search/Annealing.h"
#include "chameleon/Search/ValidSampling.h"
#include "chameleon/Search/WalkEnvironment.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace chameleon;
using namespace chameleon::test;

namespace {

/// The sum of the definition, term by term, for one walk.
double advantageByDefinition(const Trajectories &t, size_t walk, size_t step, double discount,
                             double lambda) {
  double sum = 0;
  double factor = 1;
  for (size_t s = step; s < t.steps; ++s) {
    size_t i = s * t.walks + walk;
    if (!t.active[i])
      break;
    double next = s + 1 < t.steps ? t.values[i + t.walks] : t.lastValues[walk];
    sum += factor * (t.rewards[i] + (t.ended[i] ? 0 : discount * next) - t.values[i]);
    if (t.ended[i])
      break;
    factor *= discount * lambda;
  }
  return sum;
}

TEST(AdvantageTest, AgreesWithTheDefinition) {
  Rng rng(1);
  Trajectories t;
  t.steps = 12;
  t.walks = 9;
  std::vector<size_t> length;
  for (size_t walk = 0; walk < t.walks; ++walk) {
    length.push_back(walk == 0 ? 1 : 1 + rng.below(16)); // beyond 12: cut
    t.lastValues.push_back(rng.normal());
  }
  for (size_t step = 0; step < t.steps; ++step)
    for (size_t walk = 0; walk < t.walks; ++walk) {
      t.rewards.push_back(rng.normal());
      t.values.push_back(rng.normal());
      t.active.push_back(step < length[walk]);
      t.ended.push_back(step + 1 >= length[walk]);
    }
  Advantages result = estimateAdvantages(t, 0.9, 0.99);
  for (size_t step = 0; step < t.steps; ++step)
    for (size_t walk = 0; walk < t.walks; ++walk) {
      size_t i = step * t.walks + walk;
      double expected = step < length[walk] ? advantageByDefinition(t, walk, step, 0.9, 0.99) : 0;
      ASSERT_NEAR(result.advantages[i], expected, 1e-9) << step << " " << walk;
      if (t.active[i]) {
        ASSERT_NEAR(result.returns[i], expected + t.values[i], 1e-9);
      }
    }
}

TEST(AdvantageTest, ACutWalkIsBootstrappedAndAnEndedOneIsNot) {
  Trajectories t;
  t.steps = 1;
  t.walks = 2;
  t.rewards = {1, 1};
  t.values = {0, 0};
  t.active = {1, 1};
  t.ended = {0, 1};
  t.lastValues = {10, 10};
  Advantages result = estimateAdvantages(t, 0.9, 0.99);
  EXPECT_DOUBLE_EQ(result.advantages[0], 10);
  EXPECT_DOUBLE_EQ(result.advantages[1], 1);
}

TEST(AdvantageTest, NormalizeIsFiniteAndIgnoresInactiveSteps) {
  std::vector<double> one = {5, 100};
  normalize(absl::MakeSpan(one), {1, 0});
  EXPECT_EQ(one, (std::vector<double>{0, 0}));
  std::vector<double> three = {1, 7, 3};
  normalize(absl::MakeSpan(three), {1, 0, 1});
  EXPECT_NEAR(three[0], -1, 1e-6);
  EXPECT_NEAR(three[2], 1, 1e-6);
  std::vector<double> none = {1};
  normalize(absl::MakeSpan(none), {0});
  EXPECT_TRUE(std::isfinite(none[0]));
}

TEST(AnnealingTest, AcceptanceFollowsMetropolis) {
  Rng rng(1);
  EXPECT_TRUE(acceptMove(1, 2, 0, rng));
  EXPECT_TRUE(acceptMove(1, 1, 0, rng));
  for (double temperature : {0.0, -1.0})
    EXPECT_FALSE(acceptMove(2, 1, temperature, rng));
  for (double temperature : {0.2, 1.0}) {
    int accepted = 0;
    for (int i = 0; i < 20000; ++i)
      accepted += acceptMove(1.0, 0.5, temperature, rng);
    EXPECT_NEAR(accepted / 20000.0, std::exp(-0.5 / temperature), 0.015);
  }
}

class WalkTest : public testing::Test {
protected:
  Space space = *Space::create("s",
                               {orderedKnob("a", KnobKind::Tile, "m", {1, 2, 4, 8}),
                                orderedKnob("b", KnobKind::Tile, "m", {1, 2, 4, 8}),
                                orderedKnob("c", KnobKind::Tile, "n", {1, 2}),
                                choiceKnob("d", {"x", "y", "z"})},
                               {divides(0, 1)});
  Rng rng{1};
};

TEST_F(WalkTest, StatesActionsClampAndGain) {
  WalkEnvironment walks(space, {});
  walks.reset({{{1, 0, 0, 0}}}, {2.0});
  std::vector<float> state(4);
  walks.observe(absl::MakeSpan(state));
  EXPECT_EQ(state, (std::vector<float>{0.25F, 0, 0, 0}));
  walks.move({2, 1, 2, 0}, rng); // up, stay, up, pushed against the end
  EXPECT_EQ(walks.configurations()[0], (Configuration{{2, 0, 1, 0}}));
  EXPECT_FALSE(walks.ended(0)); // 2 of 4 are idle
  double reward = 0;
  walks.reward({3.5}, absl::MakeSpan(&reward, 1));
  EXPECT_EQ(reward, 1.5);
  walks.move({1, 1, 2, 2}, rng); // three of four idle: the end, after the move
  EXPECT_EQ(walks.configurations()[0], (Configuration{{2, 0, 1, 1}}));
  EXPECT_TRUE(walks.ended(0));
  walks.reward({3.0}, absl::MakeSpan(&reward, 1));
  EXPECT_EQ(reward, -0.5);
  walks.move({0, 0, 0, 0}, rng); // an ended walk stays where it is and earns nothing
  EXPECT_EQ(walks.configurations()[0], (Configuration{{2, 0, 1, 1}}));
  walks.reward({9.0}, absl::MakeSpan(&reward, 1));
  EXPECT_EQ(reward, 0);
  EXPECT_TRUE(walks.allEnded());
}

TEST_F(WalkTest, AbsoluteRewardIsTheScore) {
  WalkOptions options;
  options.reward = WalkReward::Absolute;
  WalkEnvironment walks(space, options);
  walks.reset({{{1, 0, 0, 0}}}, {2.0});
  walks.move({2, 1, 2, 1}, rng);
  double reward = 0;
  walks.reward({3.5}, absl::MakeSpan(&reward, 1));
  EXPECT_EQ(reward, 3.5);
}

TEST_F(WalkTest, KeepsRulesOnlyWhenAsked) {
  WalkEnvironment ours(space, {});
  ours.reset({{{1, 1, 0, 0}}}, {0.0}); // a = b = 2
  ours.move({0, 2, 2, 2}, rng);        // a = 1, b = 4 would break "b divides a"
  EXPECT_TRUE(space.isValid(ours.configurations()[0]));
  EXPECT_EQ(ours.configurations()[0].indices[2], 1); // the rest of the step is taken
  EXPECT_EQ(ours.configurations()[0].indices[3], 1);
  WalkOptions options;
  options.keepRules = false;
  WalkEnvironment paper(space, options);
  paper.reset({{{1, 1, 0, 0}}}, {0.0});
  paper.move({0, 2, 2, 2}, rng);
  EXPECT_EQ(paper.configurations()[0], (Configuration{{0, 2, 1, 1}}));
}

TEST_F(WalkTest, RandomWalksStayValidFromValidStarts) {
  Space huge = hugeSpace();
  ValidSampler sampler(huge);
  WalkEnvironment walks(huge, {});
  std::vector<Configuration> starts;
  for (int i = 0; i < 16; ++i)
    starts.push_back(*sampler.sample(rng));
  walks.reset(starts, std::vector<double>(16, 0));
  for (int step = 0; step < 50; ++step) {
    std::vector<int32_t> actions;
    for (size_t i = 0; i < 16 * huge.knobs().size(); ++i)
      actions.push_back(static_cast<int32_t>(rng.below(3)));
    walks.move(actions, rng);
    for (const Configuration &configuration : walks.configurations())
      ASSERT_TRUE(huge.isValid(configuration));
  }
}

TEST_F(WalkTest, ASpaceWithoutKnobsEndsAtOnce) {
  Space empty = *Space::create("none", {}, {});
  WalkEnvironment walks(empty, {});
  walks.reset({{}}, {0.0});
  EXPECT_TRUE(walks.allEnded());
}

} // namespace
