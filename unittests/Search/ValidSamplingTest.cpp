//===- ValidSamplingTest.cpp - Drawing valid configurations ---------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/ValidSampling.h"
#include "TestSpaces.h"
#include "absl/container/flat_hash_set.h"
#include "chameleon/Search/Moves.h"
#include "gtest/gtest.h"

using namespace chameleon;
using namespace chameleon::test;

namespace {

/// A space of random knobs under random rules of two knobs each.
Space randomSpace(Rng &rng) {
  std::vector<Knob> knobs;
  int64_t count = 1 + static_cast<int64_t>(rng.below(5));
  for (int64_t i = 0; i < count; ++i) {
    std::vector<int64_t> values;
    for (int64_t value = 1 + static_cast<int64_t>(rng.below(3)); values.size() < 1 + rng.below(6);
         value += 1 + static_cast<int64_t>(rng.below(4)))
      values.push_back(value);
    knobs.push_back(orderedKnob(absl::StrCat("k", i), KnobKind::Tile, i % 2 ? "m" : "n", values));
  }
  std::vector<Constraint> constraints;
  for (uint64_t i = rng.below(5); i > 0; --i) {
    auto a = static_cast<int64_t>(rng.below(count));
    auto b = static_cast<int64_t>(rng.below(count));
    constraints.push_back(
        rng.chance(0.5) ? divides(a, b) : productAtMost(a, b, static_cast<int64_t>(rng.below(40))));
  }
  return *Space::create("random", knobs, constraints);
}

/// Every valid configuration, by counting through the whole space.
absl::flat_hash_set<Configuration> validByBruteForce(const Space &space) {
  absl::flat_hash_set<Configuration> result;
  forEachSetting(space, [&](const Configuration &c) {
    if (space.isValid(c))
      result.insert(c);
  });
  return result;
}

TEST(ValidSamplingTest, AgreesWithBruteForceOnRandomSpaces) {
  Rng rng(7);
  int starved = 0;
  for (int round = 0; round < 500; ++round) {
    Space space = randomSpace(rng);
    absl::flat_hash_set<Configuration> valid = validByBruteForce(space);
    Enumeration all = enumerateValid(space, 100000);
    ASSERT_TRUE(all.complete);
    ASSERT_EQ(all.configurations.size(), valid.size());
    for (const Configuration &c : all.configurations)
      ASSERT_TRUE(valid.contains(c));
    auto drawn = ValidSampler(space).sample(rng);
    ASSERT_EQ(drawn.has_value(), !valid.empty());
    ASSERT_EQ(space.hasDefault(), !valid.empty());
    ASSERT_EQ(starvingConstraint(space, rng).has_value(), valid.empty());
    if (drawn) {
      ASSERT_TRUE(valid.contains(*drawn));
    }
    starved += valid.empty();
  }
  EXPECT_GT(starved, 5);
  EXPECT_LT(starved, 250);
}

TEST(ValidSamplingTest, FindsTheNearestByRatiosOfSizes) {
  Space space = *Space::create("near",
                               {orderedKnob("vector", KnobKind::Vector, "n", {8, 16, 32}),
                                orderedKnob("rows", KnobKind::Tile, "m", {4, 5, 6, 7, 8})},
                               {productAtMost(0, 1, 96)});
  auto found = nearestValid(space, {{1, 4}}, {});
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, (Configuration{{1, 2}})); // 16 x 6 by two short steps, not 8 x 8 by a long one
  EXPECT_FALSE(nearestValid(space, {{2, 4}}, {0})); // 32 x 4 is too much already
}

// Half of one in one step is as near as half of the other in many.
TEST(ValidSamplingTest, OfEquallyNearTakesTheOneFoundFirst) {
  for (const std::vector<int64_t> &rows :
       {std::vector<int64_t>{6, 7, 8, 9, 10, 11, 12}, std::vector<int64_t>{6, 7, 8, 10, 12}}) {
    Space space = *Space::create("tie",
                                 {orderedKnob("vector", KnobKind::Vector, "n", {8, 16}),
                                  orderedKnob("rows", KnobKind::Tile, "m", rows)},
                                 {productAtMost(0, 1, 96)});
    auto found = nearestValid(space, {{1, static_cast<int32_t>(rows.size() - 1)}}, {});
    ASSERT_TRUE(found);
    EXPECT_EQ(space.values(*found), (std::vector<int64_t>{8, 12}));
  }
}

TEST(ValidSamplingTest, ReachesEveryConfigurationOfATightSpace) {
  Space space = tinySpace();
  ValidSampler sampler(space);
  Rng rng(1);
  absl::flat_hash_set<Configuration> seen;
  for (int i = 0; i < 200; ++i)
    seen.insert(*sampler.sample(rng));
  EXPECT_EQ(seen.size(), 3u);
}

TEST(ValidSamplingTest, DrawsFromAHugeSpaceWithRareValidConfigurations) {
  Space space = hugeSpace();
  EXPECT_EQ(space.size(), 1e12);
  ValidSampler sampler(space);
  Rng rng(2);
  absl::flat_hash_set<Configuration> seen;
  for (int i = 0; i < 500; ++i) {
    auto c = sampler.sample(rng);
    ASSERT_TRUE(c.has_value());
    ASSERT_TRUE(space.isValid(*c));
    seen.insert(*c);
  }
  EXPECT_GT(seen.size(), 490u);
  EXPECT_FALSE(enumerateValid(space, 1000).complete);
}

TEST(ValidSamplingTest, NearKeepsAValidStartAndStaysClose) {
  Space space = matmulSpace();
  ValidSampler sampler(space);
  Rng rng(5);
  Configuration start = space.defaultConfiguration();
  EXPECT_EQ(*sampler.near(start, rng), start);
  Configuration broken = start;
  broken.indices[3] = 4; // mr = 16 divides mc = 64, and 16 * 16 <= 512
  broken.indices[4] = 3; // nr = 64: 16 * 64 is too much
  ASSERT_FALSE(space.isValid(broken));
  Configuration repaired = *sampler.near(broken, rng);
  EXPECT_TRUE(space.isValid(repaired));
  int changed = 0;
  for (size_t i = 0; i < repaired.indices.size(); ++i)
    changed += repaired.indices[i] != broken.indices[i];
  EXPECT_EQ(changed, 1);
}

TEST(ValidSamplingTest, NamesTheStarvingRule) {
  Rng rng(1);
  EXPECT_EQ(starvingConstraint(starvedSpace(), rng), 1u); // the second, given the first
  Constraint never{Expression({{Op::Constant, -1}}), false, "never"};
  Space alone = *Space::create("s", {orderedKnob("a", KnobKind::Tile, "m", {1, 2})},
                               {productAtMost(0, 0, 100), never});
  EXPECT_EQ(starvingConstraint(alone, rng), 1u);
  EXPECT_EQ(starvingConstraint(matmulSpace(), rng), absl::nullopt);
}

TEST(ValidSamplingTest, PruningSharesOfAKnownSpace) {
  Rng rng(1);
  Pruning pruning = estimatePruning(tinySpace(), rng, 20000);
  EXPECT_NEAR(pruning.validShare, 0.75, 0.02);
  EXPECT_NEAR(pruning.rejectedShare[0], 0.25, 0.02);
}

TEST(MovesTest, PrimeFactors) {
  EXPECT_EQ(primeFactors(360), (std::vector<int64_t>{2, 2, 2, 3, 3, 5}));
  EXPECT_EQ(primeFactors(97), (std::vector<int64_t>{97}));
  EXPECT_TRUE(primeFactors(1).empty());
  EXPECT_TRUE(primeFactors(0).empty());
}

TEST(MovesTest, NeighboursAreValidDistinctAndMutual) {
  Space space = matmulSpace();
  ValidSampler sampler(space);
  Rng rng(9);
  for (int round = 0; round < 50; ++round) {
    Configuration c = *sampler.sample(rng);
    absl::flat_hash_set<Configuration> seen;
    for (const Configuration &near : neighbours(space, c)) {
      ASSERT_TRUE(space.isValid(near));
      ASSERT_FALSE(near == c);
      ASSERT_TRUE(seen.insert(near).second);
      std::vector<Configuration> back = neighbours(space, near);
      ASSERT_NE(std::find(back.begin(), back.end(), c), back.end());
    }
  }
}

TEST(MovesTest, FactorMovesKeepTheProduct) {
  // Only 4*4, 8*2 and 2*8 are valid: no single step leads from one to another.
  Constraint product{
      Expression({{Op::Knob, 0}, {Op::Knob, 1}, {Op::Mul}, {Op::Constant, 16}, {Op::Sub}}), true,
      "product is 16"};
  Space space = *Space::create("s",
                               {orderedKnob("a", KnobKind::Tile, "m", {2, 4, 8}),
                                orderedKnob("b", KnobKind::Tile, "m", {2, 4, 8})},
                               {product}, {{1, 1}});
  EXPECT_EQ(neighbours(space, {{1, 1}}).size(), 2u);
}

TEST(MovesTest, MutateAndCrossoverGiveValidConfigurations) {
  Space space = hugeSpace();
  ValidSampler sampler(space);
  Rng rng(4);
  Configuration a = *sampler.sample(rng);
  Configuration b = *sampler.sample(rng);
  for (int i = 0; i < 300; ++i) {
    auto mutant = mutate(sampler, space, a, rng);
    ASSERT_TRUE(mutant && space.isValid(*mutant) && !(*mutant == a));
    auto child = crossover(sampler, a, b, rng);
    ASSERT_TRUE(child && space.isValid(*child));
  }
  Space single = *Space::create("one", {orderedKnob("a", KnobKind::Tile, "m", {4})}, {});
  EXPECT_FALSE(mutate(ValidSampler(single), single, {{0}}, rng));
}

TEST(MovesTest, CarryOverTakesTheNearestValuesByName) {
  Rng rng(1);
  Space source = *Space::create("source",
                                {orderedKnob("b", KnobKind::Tile, "m", {3, 48}),
                                 orderedKnob("gone", KnobKind::Tile, "m", {7}),
                                 choiceKnob("order", {"nm", "mn", "odd"})},
                                {});
  Space target = *Space::create("target",
                                {choiceKnob("order", {"mn", "nm"}),
                                 orderedKnob("a", KnobKind::Tile, "m", {1, 2}),
                                 orderedKnob("b", KnobKind::Tile, "m", {1, 4, 16, 64})},
                                {});
  EXPECT_EQ(carryOver(source, {{1, 0, 1}}, target, rng)->indices, (std::vector<int32_t>{0, 0, 3}));
  EXPECT_EQ(carryOver(source, {{0, 0, 0}}, target, rng)->indices, (std::vector<int32_t>{1, 0, 1}));
  // A label that the target does not have: as in its default.
  EXPECT_EQ(carryOver(source, {{0, 0, 2}}, target, rng)->indices, (std::vector<int32_t>{0, 0, 1}));
  EXPECT_FALSE(carryOver(source, {{0, 0, 0}}, starvedSpace(), rng));
}

} // namespace
