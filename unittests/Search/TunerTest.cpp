//===- TunerTest.cpp - The search of one task on a simulated machine ------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Tuner.h"
#include "Landscape.h"
#include "TestSpaces.h"
#include "chameleon/Search/PolicyLibrary.h"
#include "chameleon/Support/Statistics.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <chrono>
#include <cstdio>

using namespace chameleon;
using namespace chameleon::test;
using testing::HasSubstr;

namespace {

bool policyIsThere() { return loadPolicyLibrary("").ok(); }
bool needsPolicy(const std::string &strategy) { return strategy.rfind("ppo", 0) == 0; }

Measurement success(double medianNs) {
  Measurement measurement;
  measurement.medianNs = medianNs;
  measurement.madNs = 1;
  measurement.samples = 3;
  return measurement;
}

TunerOptions smallOptions() {
  TunerOptions options = *presetOptions("chameleon");
  if (!policyIsThere())
    options.strategy = "sa";
  options.effort.walks = 16;
  options.effort.steps = 12;
  options.effort.horizon = 8;
  options.firstBatch = 6;
  options.planSize = 24;
  options.batchSize = 8;
  options.wholeSmallSpaces = false;
  return options;
}

std::unique_ptr<TaskTuner> makeTuner(const TunerOptions &options, Space space = matmulSpace()) {
  auto tuner = TaskTuner::create(std::move(space), matmulTask(), avx512Target(), options);
  EXPECT_TRUE(tuner.ok()) << tuner.status();
  return std::move(*tuner);
}

/// Measures `count` candidates, checks what the tuner promises, and returns them in order.
std::vector<Configuration> drive(TaskTuner &tuner, size_t count, size_t atMost = 8) {
  absl::flat_hash_set<Configuration> seen;
  std::vector<Configuration> order;
  while (order.size() < count && !tuner.finished()) {
    auto batch = tuner.nextBatch(std::min(atMost, count - order.size()));
    EXPECT_TRUE(batch.ok()) << batch.status();
    if (!batch.ok())
      break;
    EXPECT_LE(batch->size(), atMost);
    EXPECT_TRUE(!batch->empty() || tuner.finished());
    std::vector<Measurement> measurements;
    for (const Configuration &c : *batch) {
      EXPECT_TRUE(tuner.space().isValid(c));
      EXPECT_TRUE(seen.insert(c).second) << "handed out twice: " << tuner.space().print(c);
      measurements.push_back(tuner.space().knobs().size() == 8 ? timeOnLandscape(tuner.space(), c)
                                                               : success(100.0 + c.indices[0]));
      order.push_back(c);
    }
    EXPECT_TRUE(tuner.report(*batch, measurements).ok());
  }
  return order;
}

using Combination = std::tuple<std::string, std::string, std::string>;
class CombinationTest : public testing::TestWithParam<Combination> {
protected:
  TunerOptions options() {
    TunerOptions result = smallOptions();
    std::tie(result.strategy, result.sampler, result.costModel) = GetParam();
    return result;
  }
};

TEST_P(CombinationTest, ProposesOnlyNewValidCandidatesAndEnds) {
  if (needsPolicy(std::get<0>(GetParam())) && !policyIsThere())
    GTEST_SKIP() << "built without LibTorch";
  auto large = makeTuner(options());
  EXPECT_EQ(drive(*large, 22).size(), 22u);
  auto tiny = makeTuner(options(), tinySpace());
  EXPECT_EQ(drive(*tiny, 10).size(), 3u);
  EXPECT_TRUE(tiny->finished());
  auto single = makeTuner(options(), *Space::create("none", {}, {}));
  EXPECT_EQ(single->nextBatch(4)->size(), 1u);
  EXPECT_TRUE(single->nextBatch(4)->empty());
  EXPECT_TRUE(single->finished());
}

std::string combinationName(const testing::TestParamInfo<Combination> &info) {
  std::string name =
      std::get<0>(info.param) + "_" + std::get<1>(info.param) + "_" + std::get<2>(info.param);
  for (char &c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)))
      c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, CombinationTest,
                         testing::Combine(testing::ValuesIn(strategyNames()),
                                          testing::ValuesIn(samplerNames()),
                                          testing::ValuesIn(costModelNames())),
                         combinationName);

TEST(TunerTest, SameSeedSameSequence) {
  for (const std::string &strategy : strategyNames())
    for (const std::string &sampler : samplerNames()) {
      if (needsPolicy(strategy) && !policyIsThere())
        continue;
      TunerOptions options = smallOptions();
      options.strategy = strategy;
      options.sampler = sampler;
      auto a = makeTuner(options);
      auto b = makeTuner(options);
      ASSERT_EQ(drive(*a, 20), drive(*b, 20)) << strategy << " " << sampler;
    }
}

TEST(TunerTest, TheFirstCandidateIsTheDefault) {
  auto tuner = makeTuner(smallOptions());
  auto batch = tuner->nextBatch(1);
  ASSERT_EQ(batch->size(), 1u);
  EXPECT_EQ(batch->front(), tuner->space().defaultConfiguration());
  EXPECT_FALSE(tuner->defaultMeasured());
  Measurement measurement = timeOnLandscape(tuner->space(), batch->front());
  ASSERT_TRUE(tuner->report(*batch, {measurement}).ok());
  EXPECT_TRUE(tuner->defaultMeasured());
  EXPECT_EQ(tuner->incumbentNs(), measurement.medianNs);
}

TEST(TunerTest, DifferentSeedsDifferentSequences) {
  TunerOptions options = smallOptions();
  auto a = makeTuner(options);
  options.seed = 1;
  auto b = makeTuner(options);
  EXPECT_NE(drive(*a, 20), drive(*b, 20));
}

TEST(TunerTest, UnsatisfiableSpaceNamesTheRule) {
  auto tuner = TaskTuner::create(starvedSpace(), matmulTask(), avx512Target(), smallOptions());
  EXPECT_THAT(
      std::string(tuner.status().message()),
      HasSubstr("expected schedule 'starved' to have a valid configuration, but the rule 'a >= "
                "20' rejects every one"));
}

TEST(TunerTest, UnknownNamesAreErrors) {
  for (auto member : {&TunerOptions::strategy, &TunerOptions::sampler, &TunerOptions::costModel}) {
    TunerOptions options;
    options.*member = "guess";
    EXPECT_THAT(std::string(checkOptions(options).message()), HasSubstr("but got 'guess'"));
  }
  EXPECT_THAT(
      std::string(presetOptions("guess").status().message()),
      HasSubstr("(chameleon, chameleon-paper, autotvm, autotvm-small-plan), but got 'guess'"));
  for (const std::string &name : presetNames())
    if (policyIsThere() || name != "chameleon-paper") {
      EXPECT_TRUE(checkOptions(*presetOptions(name)).ok()) << name;
    }
  TunerOptions shares;
  shares.localShare = 0.8;
  shares.randomShare = 0.4;
  EXPECT_FALSE(checkOptions(shares).ok());
}

TEST(TunerTest, MissingPolicyLibraryIsAClearError) {
  TunerOptions options = smallOptions();
  options.strategy = "ppo";
  options.effort.policyLibrary = "/nowhere/libChameleonTorchPolicy.so";
  auto tuner = TaskTuner::create(matmulSpace(), matmulTask(), avx512Target(), options);
  EXPECT_THAT(std::string(tuner.status().message()),
              HasSubstr("expected the policy library at '/nowhere/libChameleonTorchPolicy.so'"));
}

TEST(TunerTest, WhatIsLeftOfASmallSpaceIsThePlan) {
  // 27 valid configurations, none the neighbour of another: `local` finds nothing.
  Constraint scattered{
      Expression({{Op::Knob, 0}, {Op::Knob, 1}, {Op::Add}, {Op::Constant, 3}, {Op::Mod}}), true,
      "scattered"};
  std::vector<int64_t> values = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  Space space = *Space::create("s",
                               {orderedKnob("a", KnobKind::Tile, "m", values),
                                orderedKnob("b", KnobKind::Tile, "n", values)},
                               {scattered});
  TunerOptions options = smallOptions();
  options.strategy = "local";
  options.sampler = "all";
  options.firstBatch = 1;
  options.planSize = 64;
  options.wholeSmallSpaces = true;
  auto tuner = makeTuner(options, space);
  auto first = tuner->nextBatch(64);
  ASSERT_EQ(first->size(), 1u);
  ASSERT_TRUE(tuner->report(*first, {success(10)}).ok());
  EXPECT_EQ(tuner->nextBatch(64)->size(), 26u);
}

TEST(TunerTest, ResumesFromEarlierRecords) {
  TunerOptions options = smallOptions();
  auto first = makeTuner(options);
  std::vector<Configuration> done = drive(*first, 20);
  auto second = makeTuner(options);
  std::vector<Measurement> measurements;
  for (const Configuration &c : done)
    measurements.push_back(timeOnLandscape(second->space(), c));
  ASSERT_TRUE(second->report(done, measurements).ok());
  EXPECT_EQ(second->incumbentNs(), first->incumbentNs());
  EXPECT_TRUE(second->defaultMeasured());
  EXPECT_EQ(second->stats().tried, 20u);
  for (const Configuration &c : drive(*second, 20))
    EXPECT_EQ(std::count(done.begin(), done.end(), c), 0);
}

TEST(TunerTest, CandidatesThatWereNotReachedComeAgain) {
  auto tuner = makeTuner(smallOptions(), tinySpace());
  auto batch = tuner->nextBatch(3);
  ASSERT_EQ(batch->size(), 3u);
  EXPECT_TRUE(tuner->nextBatch(3)->empty()); // all three are being measured
  std::vector<Measurement> none(3);
  ASSERT_TRUE(tuner->report(*batch, none).ok());
  EXPECT_EQ(tuner->stats().tried, 0u);
  EXPECT_EQ(tuner->nextBatch(3)->size(), 3u);
}

TEST(TunerTest, CountsFailuresByClassAndRejectsNonsense) {
  auto tuner = makeTuner(smallOptions(), tinySpace());
  auto batch = tuner->nextBatch(3);
  std::vector<Measurement> measurements(3);
  measurements[0].failure = FailureClass::WrongResult;
  measurements[1].failure = FailureClass::RunTimeout;
  measurements[2] = success(50);
  ASSERT_TRUE(tuner->report(*batch, measurements).ok());
  EXPECT_EQ(tuner->stats().failed(), 2u);
  EXPECT_EQ(tuner->stats().outcomes[static_cast<size_t>(FailureClass::WrongResult)], 1u);
  EXPECT_EQ(tuner->best()->configuration, (*batch)[2]);
  EXPECT_FALSE(tuner->report(*batch, absl::MakeConstSpan(measurements).first(2)).ok());
  measurements[2].medianNs = -1;
  EXPECT_FALSE(tuner->report(*batch, measurements).ok());
}

TEST(TunerTest, PatienceEndsTheSearch) {
  TunerOptions options = smallOptions();
  options.patience = 10;
  auto tuner = makeTuner(options);
  while (!tuner->finished()) {
    auto batch = tuner->nextBatch(5);
    std::vector<Measurement> same(batch->size(), success(100));
    ASSERT_TRUE(tuner->report(*batch, same).ok());
    ASSERT_LE(tuner->stats().tried, 20u);
  }
  EXPECT_GE(tuner->stats().sinceGain, 10u);
}

TEST(TunerTest, ExpectedGainFallsWithFruitlessMeasurementsAndGrowsWithWeight) {
  auto tuner = makeTuner(smallOptions());
  drive(*tuner, 8);
  double early = tuner->expectedGainPerSecond();
  for (int i = 0; i < 10; ++i) {
    auto batch = tuner->nextBatch(8);
    Measurement slow = success(1e9);
    slow.runSeconds = 0.15;
    ASSERT_TRUE(tuner->report(*batch, std::vector<Measurement>(batch->size(), slow)).ok());
  }
  EXPECT_LT(tuner->expectedGainPerSecond(), early / 2);
  TaskInfo heavy = matmulTask();
  heavy.weight = 7;
  auto other = *TaskTuner::create(matmulSpace(), heavy, avx512Target(), smallOptions());
  auto one = makeTuner(smallOptions());
  EXPECT_NEAR(other->expectedGainPerSecond(), 7 * one->expectedGainPerSecond(), 1e-6);
}

/// The best time of all valid configurations.
double bestOnLandscape(const Space &space) {
  double best = 1e30;
  for (const Configuration &c : enumerateValid(space, 1000000).configurations)
    if (Measurement m = timeOnLandscape(space, c); m.ok())
      best = std::min(best, m.medianNs);
  return best;
}

TEST(TunerTest, FindsFastCandidatesWithinASmallBudget) {
  Space space = matmulSpace();
  double best = bestOnLandscape(space);
  double start = timeOnLandscape(space, space.defaultConfiguration()).medianNs;
  ASSERT_GT(start, 2 * best);
  for (std::string strategy : {"ppo", "sa", "evolution"}) {
    if (needsPolicy(strategy) && !policyIsThere())
      continue;
    std::vector<double> ratios;
    for (uint64_t seed = 0; seed < 3; ++seed) {
      TunerOptions options = *presetOptions("chameleon");
      options.strategy = strategy;
      options.seed = seed;
      auto tuner = makeTuner(options);
      drive(*tuner, 80, 16);
      ratios.push_back(tuner->incumbentNs() / best);
    }
    std::printf("[ FOUND    ] %s: median %.3f, worst %.3f times the best, after 80 of %.0f\n",
                strategy.c_str(), median(ratios), quantile(ratios, 1), space.size());
    EXPECT_LT(median(ratios), 1.15) << strategy;
    EXPECT_LT(quantile(ratios, 1), 1.4) << strategy;
  }
}

TEST(TunerTest, ExperienceOfAnotherTaskHelps) {
  double alone = 0;
  double helped = 0;
  for (uint64_t seed = 0; seed < 4; ++seed)
    for (bool share : {false, true}) {
      TunerOptions options = *presetOptions("chameleon");
      options.strategy = "evolution";
      options.effort.walks = 16;
      options.seed = seed;
      options.shareExperience = share;
      auto shared = std::make_shared<SharedExperience>();
      auto first = *TaskTuner::create(matmulSpace(), matmulTask(256, 512, 512), avx512Target(),
                                      options, shared);
      drive(*first, 60, 16);
      auto second =
          *TaskTuner::create(matmulSpace(), matmulTask(), avx512Target(), options, shared);
      drive(*second, 16, 16);
      (share ? helped : alone) += std::log(second->incumbentNs());
    }
  EXPECT_LT(helped, alone);
}

/// The limit is ten times the aim of half a second: cores are busy at times.
TEST(TunerTest, PrintsStepSpeed) {
  for (std::string preset : {"chameleon", "chameleon-paper", "autotvm"}) {
    TunerOptions options = *presetOptions(preset);
    if (needsPolicy(options.strategy) && !policyIsThere())
      continue;
    for (size_t records : {100, 1000}) {
      auto tuner = makeTuner(options);
      ValidSampler sampler(tuner->space());
      Rng rng(1);
      std::vector<Configuration> done;
      std::vector<Measurement> measurements;
      while (done.size() < records) {
        done.push_back(*sampler.sample(rng));
        measurements.push_back(timeOnLandscape(tuner->space(), done.back()));
      }
      ASSERT_TRUE(tuner->report(done, measurements).ok());
      ASSERT_TRUE(tuner->nextBatch(16).ok()); // the default alone
      auto start = std::chrono::steady_clock::now();
      ASSERT_TRUE(tuner->nextBatch(16).ok());
      std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      const TunerStats &stats = tuner->stats();
      std::printf("[ SPEED    ] %s: one step after %zu records %.3f s (fit %.3f, explore %.3f, "
                  "sample %.3f)\n",
                  preset.c_str(), records, seconds.count(), stats.fitSeconds, stats.exploreSeconds,
                  stats.sampleSeconds);
      EXPECT_LT(seconds.count(), 5);
    }
  }
}

TEST(Tuner, MeasuresSuggestionsRightAfterTheDefault) {
  auto tuner = makeTuner(smallOptions());
  Configuration suggested = {{1, 1, 1, 0, 0, 2, 1, 1}};
  Configuration invalid = {{0, 0, 0, 4, 3, 0, 0, 0}}; // mr does not divide mc
  tuner->suggest({invalid, tuner->space().defaultConfiguration(), suggested});
  auto batch = tuner->nextBatch(8);
  ASSERT_TRUE(batch.ok());
  EXPECT_EQ((*batch)[0], tuner->space().defaultConfiguration());
  EXPECT_EQ((*batch)[1], suggested);
  EXPECT_EQ(std::count(batch->begin(), batch->end(), invalid), 0);
}

} // namespace
