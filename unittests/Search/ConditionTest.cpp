//===- ConditionTest.cpp - Algorithms with knobs of their own -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Landscape.h"
#include "TestSpaces.h"
#include "absl/container/flat_hash_set.h"
#include "chameleon/Search/FirstPicks.h"
#include "chameleon/Search/Moves.h"
#include "chameleon/Search/PolicyLibrary.h"
#include "chameleon/Search/Tuner.h"
#include "chameleon/Search/ValidSampling.h"
#include "chameleon/Search/WalkEnvironment.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <chrono>
#include <cstdio>
#include <functional>

using namespace chameleon;
using namespace chameleon::test;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

bool policyIsThere() { return loadPolicyLibrary("").ok(); }
bool canRun(const std::string &strategy) {
  return strategy.rfind("ppo", 0) != 0 || policyIsThere();
}

/// Choices and tiles under conditions on earlier choices, and rules under conditions on any.
Space randomAlgorithmSpace(Rng &rng) {
  std::vector<Knob> knobs;
  auto randomCondition = [&](size_t below) {
    std::vector<Condition> condition;
    for (size_t knob = 0; knob < below; ++knob)
      if (knobs[knob].kind == KnobKind::Choice && rng.chance(0.5))
        condition.push_back({knob, static_cast<int64_t>(rng.below(3))}); // 2: never, at times
    return condition;
  };
  size_t count = 2 + rng.below(5);
  for (size_t i = 0; i < count; ++i) {
    Knob knob = rng.chance(0.4) ? choiceKnob(absl::StrCat("k", i), {"x", "y"})
                                : orderedKnob(absl::StrCat("k", i), KnobKind::Tile,
                                              i % 2 ? "m" : "n", {1, 2, 4, 6});
    knob.condition = randomCondition(i);
    knob.start = static_cast<int32_t>(rng.below(knob.values.size()));
    knobs.push_back(std::move(knob));
  }
  std::vector<Constraint> constraints;
  for (uint64_t i = rng.below(4); i > 0; --i) {
    auto a = static_cast<int64_t>(rng.below(count));
    auto b = static_cast<int64_t>(rng.below(count));
    constraints.push_back(productAtMost(a, b, static_cast<int64_t>(rng.below(16))));
    constraints.back().condition = randomCondition(count);
  }
  return *Space::create("random", knobs, constraints);
}

TEST(ConditionTest, RestingKnobsAreCanonicalAtTheirStart) {
  Space space = algorithmSpace();
  Configuration c = space.defaultConfiguration();
  EXPECT_EQ(space.activeKnobs(c), (std::vector<size_t>{0, 1, 2, 3, 4}));
  Configuration moved = c;
  moved.indices[5] = 0; // a knob of the other algorithm
  EXPECT_FALSE(space.isValid(moved));
  EXPECT_EQ(space.canonical(moved), c);
  moved.indices[0] = 1;
  EXPECT_TRUE(space.isValid(space.canonical(moved)));
  EXPECT_EQ(space.canonical(moved).indices[5], 0);
}

TEST(ConditionTest, StartsSettleWhereTheirAlgorithmIsValid) {
  // mp = 32, np = 64 break the rule of the packed algorithm; its other knobs and those of the
  // direct one stay.
  Space space = algorithmSpace();
  ASSERT_EQ(space.otherDefaults().size(), 2u);
  EXPECT_EQ(space.print(space.defaultConfiguration()), "algorithm=direct kr=1 mr=2 nr=16 kc=128");
  EXPECT_EQ(space.print(space.otherDefaults()[0]), "algorithm=packed kr=1 mp=8 np=64 copy=whole");
  EXPECT_EQ(space.print(space.otherDefaults()[1]),
            "algorithm=packed kr=1 mp=8 np=64 copy=blocks block=64");
  Configuration stepped = space.defaultConfiguration();
  stepped.indices[0] = 1;
  EXPECT_EQ(space.canonical(stepped), space.otherDefaults()[0]);
}

TEST(ConditionTest, SizeIsTheSumOverAlgorithms) {
  EXPECT_EQ(algorithmSpace().size(), 3.0 * (5 * 4 * 6 + 5 * 3 * (1 + 3)));
}

TEST(ConditionTest, TextLeavesOutWhatIsNotActive) {
  Space space = algorithmSpace();
  ValidSampler sampler(space);
  Rng rng(1);
  for (int i = 0; i < 100; ++i) {
    Configuration c = *sampler.sample(rng);
    ASSERT_EQ(*space.parse(space.toPairs(c)), c);
    ASSERT_EQ(space.toPairs(c).size(), space.activeKnobs(c).size());
  }
  EXPECT_THAT(std::string(space.parse({{"algorithm", "packed"}, {"kr", "1"}}).status().message()),
              HasSubstr("expected a value for knob 'mp'"));
  std::vector<std::pair<std::string, std::string>> useless =
      space.toPairs(space.defaultConfiguration());
  useless.emplace_back("block", "256");
  EXPECT_THAT(std::string(space.parse(useless).status().message()),
              HasSubstr("expected no value for knob 'block', which acts only where "
                        "algorithm=packed and copy=blocks, but got 256"));
  useless.back().second = "64"; // where it rests
  EXPECT_EQ(*space.parse(useless), space.defaultConfiguration());
}

TEST(ConditionTest, ConditionsNameEarlierKnobs) {
  Knob own = orderedKnob("a", KnobKind::Tile, "m", {1, 2});
  own.condition = {{0, 1}};
  EXPECT_THAT(std::string(Space::create("s", {own}, {}).status().message()),
              HasSubstr("expected the condition of 'a' to name one of the 0 knobs before it"));
  Constraint rule = productAtMost(0, 0, 1);
  rule.condition = {{1, 0}};
  own.condition = {};
  EXPECT_FALSE(Space::create("s", {own}, {rule}).ok());
  own.start = 2;
  EXPECT_THAT(std::string(Space::create("s", {own}, {}).status().message()),
              HasSubstr("expected a start below 2 for knob 'a', but got 2"));
}

TEST(ConditionTest, EverythingAgreesWithCountingOnRandomSpaces) {
  Rng rng(11);
  int conditional = 0;
  for (int round = 0; round < 400; ++round) {
    Space space = randomAlgorithmSpace(rng);
    conditional += space.hasConditions();
    double canonical = 0;
    absl::flat_hash_set<Configuration> valid;
    forEachSetting(space, [&](const Configuration &c) {
      canonical += space.isCanonical(c);
      if (space.isValid(c))
        valid.insert(c);
      ASSERT_EQ(space.isCanonical(c), space.canonical(c) == c);
    });
    ASSERT_EQ(space.size(), canonical);
    Enumeration all = enumerateValid(space, 100000);
    ASSERT_TRUE(all.complete);
    ASSERT_EQ(
        absl::flat_hash_set<Configuration>(all.configurations.begin(), all.configurations.end()),
        valid);
    ASSERT_EQ(all.configurations.size(), valid.size());
    ASSERT_EQ(space.hasDefault(), !valid.empty());
    ASSERT_EQ(starvingConstraint(space, rng).has_value(), valid.empty());
    for (const Configuration &other : space.otherDefaults())
      ASSERT_TRUE(valid.contains(other));
  }
  EXPECT_GT(conditional, 100);
}

TEST(ConditionTest, AnAlgorithmWithoutValidConfigurationsCostsLittle) {
  // Eight knobs of the second algorithm, none of whose settings its rules allow.
  std::vector<Knob> knobs = {choiceKnob("algorithm", {"direct", "starved"}),
                             orderedKnob("a", KnobKind::Tile, "m", {1, 2, 4})};
  for (int i = 0; i < 8; ++i) {
    knobs.push_back(orderedKnob(absl::StrCat("b", i), KnobKind::Tile, "n", {1, 2, 3, 4, 5, 6}));
    knobs.back().condition = {{0, 1}};
  }
  Constraint never = productAtMost(2, 9, 0);
  never.condition = {{0, 1}};
  auto start = std::chrono::steady_clock::now();
  Space space = *Space::create("s", knobs, {never});
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("[ SPEED    ] a space with a starved algorithm in %.3f s\n", seconds.count());
  EXPECT_LT(seconds.count(), 2);
  EXPECT_TRUE(space.hasDefault());
  EXPECT_TRUE(space.otherDefaults().empty());
  Rng rng(1);
  ValidSampler sampler(space);
  for (int i = 0; i < 50; ++i)
    ASSERT_EQ(sampler.sample(rng)->indices[0], 0);
}

/// Valid neighbours, mutants and children of valid configurations.
TEST(ConditionTest, MovesStayCanonicalOnRandomSpaces) {
  Rng rng(5);
  for (int round = 0; round < 200; ++round) {
    Space space = randomAlgorithmSpace(rng);
    ValidSampler sampler(space);
    auto a = sampler.sample(rng);
    auto b = sampler.sample(rng);
    if (!a || !b)
      continue;
    for (const Configuration &near : neighbours(space, *a)) {
      ASSERT_TRUE(space.isValid(near));
      ASSERT_FALSE(near == *a);
    }
    for (int i = 0; i < 20; ++i) {
      auto mutant = mutate(sampler, space, *a, rng);
      ASSERT_TRUE(!mutant || (space.isValid(*mutant) && !(*mutant == *a)));
      auto child = crossover(sampler, *a, *b, rng);
      ASSERT_TRUE(!child || space.isValid(*child));
    }
  }
}

TEST(ConditionTest, AStepToAnotherAlgorithmLandsInItsDefault) {
  Space space = algorithmSpace();
  std::vector<Configuration> near = neighbours(space, space.defaultConfiguration());
  EXPECT_EQ(std::count(near.begin(), near.end(), space.otherDefaults()[0]), 1);
  // One step of algorithm; kr up; mr and nr down and up; kc down and up; one factor from kc to kr.
  EXPECT_EQ(near.size(), 9u);
}

TEST(ConditionTest, WalksChangeTheAlgorithmAndStayCanonical) {
  Space space = algorithmSpace();
  WalkEnvironment walks(space, {});
  Rng rng(3);
  walks.reset({space.defaultConfiguration()}, {0});
  std::vector<int32_t> up(space.knobs().size(), 2); // knobs of the other algorithm too
  walks.move(up, rng);
  EXPECT_EQ(space.print(walks.configurations()[0]), "algorithm=packed kr=2 mp=8 np=64 copy=whole");
  // Three of four knobs that act stay: the walk ends, whatever the actions of the others.
  WalkEnvironment idle(space, {});
  idle.reset({space.defaultConfiguration()}, {0});
  idle.move({1, 1, 1, 1, 2, 2, 2, 2, 2}, rng);
  EXPECT_TRUE(idle.ended(0));
  std::vector<int32_t> actions(16 * space.knobs().size());
  walks.reset(std::vector<Configuration>(16, space.defaultConfiguration()),
              std::vector<double>(16, 0));
  for (int step = 0; step < 200; ++step) {
    for (int32_t &action : actions)
      action = static_cast<int32_t>(rng.below(3));
    walks.move(actions, rng);
    for (const Configuration &c : walks.configurations())
      ASSERT_TRUE(space.isValid(c));
  }
}

TEST(ConditionTest, FeaturesTellRestingKnobsApartAndTilesLeaveThemOut) {
  Space space = algorithmSpace();
  FeatureExtractor features(space, matmulTask(), avx512Target());
  std::vector<float> row(features.columns());
  features.extract(space.otherDefaults()[0], absl::MakeSpan(row));
  auto column = [&](const std::string &name) {
    auto found = std::find(features.names().begin(), features.names().end(), name);
    return row[found - features.names().begin()];
  };
  EXPECT_EQ(column("algorithm=packed"), 1);
  EXPECT_EQ(column("knob.mr"), -2);
  EXPECT_EQ(column("knob.block"), -2);
  EXPECT_EQ(column("knob.mp"), 3);
  EXPECT_EQ(column("vector.tile"), 6); // np = 64
  features.extract(space.defaultConfiguration(), absl::MakeSpan(row));
  EXPECT_EQ(column("vector.tile"), 4); // nr = 16
  EXPECT_EQ(column("copy=whole") + column("copy=blocks"), 0);
  TileModel model(space, matmulTask(), avx512Target());
  TileFacts facts = model.analyze(space.values(space.defaultConfiguration()));
  EXPECT_THAT(facts.tiles[0], ElementsAre(2, 16, 1)); // mr, nr, kr
  EXPECT_THAT(facts.tiles[2], ElementsAre(512, 512, 128));
}

TEST(FirstPicksTest, ScoresCountWithinTheirGroup) {
  EXPECT_THAT(sharesBeaten({10, 30, 20, 1, 2, 5}, {0, 0, 0, 1, 1, 2}),
              ElementsAre(0, 2.0 / 3, 1.0 / 3, 0, 0.5, 0));
  EXPECT_TRUE(sharesBeaten({}, {}).empty());
  Space space = algorithmSpace();
  EXPECT_THAT(algorithmGroups(space, {space.otherDefaults()[1], space.defaultConfiguration(),
                                      space.otherDefaults()[0], space.otherDefaults()[1]}),
              ElementsAre(0, 1, 2, 0));
}

//===----------------------------------------------------------------------===//
// The tuner
//===----------------------------------------------------------------------===//

/// Times over algorithmSpace(): both algorithms have a best block, some interactions, and a rugged
/// part of 5 %; the packed one takes `packedFactor` of the time of the direct one.
Measurement timeOfAlgorithm(const Space &space, const Configuration &c, double packedFactor) {
  std::vector<int64_t> v = space.values(c);
  auto log = [&](size_t i) { return std::log2(static_cast<double>(v[i])); };
  double slowdown = 0.1 * std::abs(log(1) - 1);
  if (v[0] == 0)
    slowdown +=
        0.3 * std::abs(log(2) - 3) + 0.3 * std::abs(log(3) - 5) + 0.1 * std::abs(log(4) - 8);
  else
    slowdown += 0.3 * std::abs(log(5) - 3) + 0.3 * std::abs(log(6) - 5) +
                (v[7] == 0 ? 0.2 : 0.1 * std::abs(log(8) - 6));
  uint64_t mixed = 0x9e3779b97f4a7c15u;
  for (int32_t index : c.indices)
    mixed = (mixed ^ static_cast<uint64_t>(index + 1)) * 0xff51afd7ed558ccdu;
  slowdown += 0.05 * static_cast<double>(mixed >> 40) / static_cast<double>(1 << 24);
  Measurement measurement;
  measurement.medianNs = 1e6 * std::exp2(slowdown) * (v[0] == 0 ? 1 : packedFactor);
  measurement.madNs = measurement.medianNs * 0.005;
  measurement.samples = 5;
  measurement.buildSeconds = 0.1;
  measurement.runSeconds = 0.05;
  return measurement;
}

/// Measures `count` candidates in batches of 16, and returns them in order.
std::vector<Configuration> drive(TaskTuner &tuner, size_t count, double packedFactor) {
  absl::flat_hash_set<Configuration> seen;
  std::vector<Configuration> order;
  while (order.size() < count && !tuner.finished()) {
    auto batch = tuner.nextBatch(std::min<size_t>(16, count - order.size()));
    EXPECT_TRUE(batch.ok()) << batch.status();
    if (!batch.ok())
      break;
    std::vector<Measurement> measurements;
    for (const Configuration &c : *batch) {
      EXPECT_TRUE(tuner.space().isValid(c)) << tuner.space().print(c);
      EXPECT_TRUE(seen.insert(c).second) << "handed out twice: " << tuner.space().print(c);
      measurements.push_back(timeOfAlgorithm(tuner.space(), c, packedFactor));
      order.push_back(c);
    }
    EXPECT_TRUE(tuner.report(*batch, measurements).ok());
  }
  return order;
}

std::unique_ptr<TaskTuner> makeTuner(const TunerOptions &options, Space space = algorithmSpace()) {
  auto tuner = TaskTuner::create(std::move(space), matmulTask(), avx512Target(), options);
  EXPECT_TRUE(tuner.ok()) << tuner.status();
  return std::move(*tuner);
}

TEST(ConditionTest, TheFirstVisitMeasuresEveryAlgorithm) {
  for (const std::string &preset : presetNames()) {
    TunerOptions options = *presetOptions(preset);
    if (!canRun(options.strategy))
      continue;
    auto tuner = makeTuner(options);
    auto batch = tuner->nextBatch(4);
    ASSERT_TRUE(batch.ok()) << batch.status();
    ASSERT_EQ(batch->size(), 4u);
    EXPECT_EQ((*batch)[0], tuner->space().defaultConfiguration());
    EXPECT_EQ((*batch)[1], tuner->space().otherDefaults()[0]);
    EXPECT_EQ((*batch)[2], tuner->space().otherDefaults()[1]);
  }
  auto narrow = makeTuner(*presetOptions("autotvm"));
  EXPECT_EQ(narrow->nextBatch(1)->front(), narrow->space().defaultConfiguration());
  EXPECT_EQ(narrow->nextBatch(1)->front(), narrow->space().otherDefaults()[0]);
}

TEST(ConditionTest, TheFirstBatchTakesFromEveryAlgorithm) {
  TunerOptions options = *presetOptions("chameleon");
  options.firstBatch = 12;
  auto tuner = makeTuner(options);
  auto batch = tuner->nextBatch(16);
  size_t packed = std::count_if(batch->begin(), batch->end(),
                                [](const Configuration &c) { return c.indices[0] == 1; });
  EXPECT_EQ(batch->size(), 12u);
  EXPECT_GE(packed, 4u);
  EXPECT_LE(packed, 8u);
}

/// Where the measurements after the first 16 go, and how near the best comes, for one machine.
void expectFocus(double packedFactor, int32_t better) {
  Space space = algorithmSpace();
  double best = 1e30;
  for (const Configuration &c : enumerateValid(space, 100000).configurations)
    best = std::min(best, timeOfAlgorithm(space, c, packedFactor).medianNs);
  for (std::string strategy : {"ppo", "sa", "evolution"}) {
    if (!canRun(strategy))
      continue;
    double worstShare = 1;
    double worstRatio = 1;
    for (uint64_t seed = 0; seed < 3; ++seed) {
      TunerOptions options = *presetOptions("chameleon");
      options.strategy = strategy;
      options.seed = seed;
      auto tuner = makeTuner(options);
      std::vector<Configuration> order = drive(*tuner, 80, packedFactor);
      ASSERT_EQ(order.size(), 80u);
      auto focused = static_cast<double>(
          std::count_if(order.begin() + 16, order.end(),
                        [&](const Configuration &c) { return c.indices[0] == better; }));
      worstShare = std::min(worstShare, focused / 64);
      worstRatio = std::max(worstRatio, tuner->incumbentNs() / best);
    }
    std::printf("[ FOCUS    ] %s, packed %.1fx: at least %.0f %% there, at worst %.3f times the "
                "best\n",
                strategy.c_str(), packedFactor, 100 * worstShare, worstRatio);
    EXPECT_GE(worstShare, 0.7) << strategy;
    EXPECT_LT(worstRatio, 1.1) << strategy;
  }
}

TEST(ConditionTest, MeasurementsGoToTheFasterAlgorithm) {
  expectFocus(0.5, 1);
  expectFocus(2, 0);
}

TEST(ConditionTest, EveryStrategyAndSamplerProposesCanonicalCandidates) {
  Rng rng(17);
  for (const std::string &strategy : strategyNames())
    for (const std::string &sampler : samplerNames()) {
      if (!canRun(strategy))
        continue;
      TunerOptions options = *presetOptions("autotvm");
      options.strategy = strategy;
      options.sampler = sampler;
      options.effort.walks = 16;
      options.effort.steps = 12;
      options.effort.horizon = 8;
      options.firstBatch = 6;
      options.planSize = 24;
      options.batchSize = 8;
      options.wholeSmallSpaces = false;
      SCOPED_TRACE(strategy + " " + sampler);
      auto tuner = makeTuner(options);
      std::vector<Configuration> order = drive(*tuner, 40, 0.5);
      EXPECT_EQ(order.size(), 40u);
      auto again = makeTuner(options);
      EXPECT_EQ(drive(*again, 40, 0.5), order);
    }
}

TEST(ConditionTest, SmallSpacesAreMeasuredToTheirEnd) {
  Rng rng(23);
  for (int round = 0; round < 20; ++round) {
    Space space = randomAlgorithmSpace(rng);
    if (!space.hasDefault())
      continue;
    size_t valid = enumerateValid(space, 100000).configurations.size();
    TunerOptions options = *presetOptions("chameleon");
    options.strategy = "evolution";
    auto tuner = makeTuner(options, space);
    size_t measured = 0;
    while (!tuner->finished() && measured <= valid) {
      auto batch = tuner->nextBatch(64);
      ASSERT_TRUE(batch.ok()) << batch.status();
      std::vector<Measurement> same(batch->size());
      for (Measurement &measurement : same) {
        measurement.medianNs = 100;
        measurement.samples = 3;
      }
      ASSERT_TRUE(tuner->report(*batch, same).ok());
      measured += batch->size();
    }
    EXPECT_EQ(measured, valid);
  }
}

} // namespace
