//===- SessionTest.cpp - Tuning several tasks on a simulated machine ------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Session.h"
#include "Landscape.h"
#include "TestSpaces.h"
#include "chameleon/Search/ReplayMeasurer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <deque>

using namespace chameleon;
using namespace chameleon::test;

namespace {

Measurement success(double medianNs, double madNs = 0) {
  Measurement measurement;
  measurement.medianNs = medianNs;
  measurement.madNs = madNs;
  measurement.samples = 9;
  return measurement;
}

struct CountingObserver final : SessionObserver {
  void batchStarted(size_t task, absl::Span<const Configuration> batch) override {
    order.push_back(task);
    sizes.push_back(batch.size());
  }
  void measured(size_t, const Configuration &, const Measurement &) override { ++measurements; }
  void compared(size_t, const Configuration &, const Measurement &) override { ++comparisons; }
  std::vector<size_t> order;
  std::vector<size_t> sizes;
  size_t measurements = 0;
  size_t comparisons = 0;
};

/// Tasks on one virtual clock, each a landscape of its own scale.
class SessionTest : public testing::Test {
protected:
  void addTask(double weight, double scale, FunctionMeasurer::Function function = nullptr) {
    TunerOptions options = *presetOptions("chameleon");
    options.strategy = "evolution";
    options.effort.walks = 8;
    options.effort.steps = 8;
    TaskInfo task = matmulTask(512, 512, 512);
    task.key += std::to_string(tasks.size());
    task.weight = weight;
    task.flops *= scale;
    tuners.push_back(*TaskTuner::create(matmulSpace(), task, avx512Target(), options, shared));
    const Space &space = tuners.back()->space();
    if (!function)
      function = [&space, scale](const Configuration &c) {
        return timeOnLandscape(space, c, scale);
      };
    measurers.emplace_back(function, &clock);
    tasks.push_back({tuners.back().get(), &measurers.back()});
  }

  SessionResult run() {
    SessionHooks hooks;
    hooks.nowSeconds = [this] { return clock; };
    hooks.stopRequested = [this] { return stopAfter > 0 && observer.measurements >= stopAfter; };
    hooks.observer = &observer;
    auto result = runSession(tasks, limits, hooks);
    EXPECT_TRUE(result.ok()) << result.status();
    return *result;
  }

  double clock = 100;
  size_t stopAfter = 0;
  std::shared_ptr<SharedExperience> shared = std::make_shared<SharedExperience>();
  std::vector<std::unique_ptr<TaskTuner>> tuners;
  std::deque<FunctionMeasurer> measurers;
  std::vector<SessionTask> tasks;
  SessionLimits limits;
  CountingObserver observer;
};

TEST_F(SessionTest, EveryDefaultFirstThenWhereTheGainIs) {
  addTask(1, 1);
  addTask(20, 1);
  addTask(1, 0.01);
  limits.measurements = 150;
  SessionResult result = run();
  EXPECT_EQ(result.stop, StopReason::BudgetMeasurements);
  EXPECT_EQ(result.measurements, 150u);
  EXPECT_EQ(observer.measurements, 150u);
  EXPECT_EQ(std::vector<size_t>(observer.order.begin(), observer.order.begin() + 3),
            (std::vector<size_t>{1, 0, 2}));
  EXPECT_GT(tuners[1]->stats().tried, tuners[0]->stats().tried);
  EXPECT_GT(tuners[0]->stats().tried, tuners[2]->stats().tried);
  for (const SessionTaskResult &task : result.tasks) {
    EXPECT_TRUE(task.reached);
    ASSERT_TRUE(task.chosen.has_value());
  }
  EXPECT_TRUE(result.tasks[1].compared);
  EXPECT_FALSE(result.tasks[1].choseDefault);
  EXPECT_LT(result.tasks[1].chosen->measurement.medianNs,
            0.5 * result.tasks[1].defaultCandidate->measurement.medianNs);
}

TEST_F(SessionTest, KeepsTheBudgetOfSecondsAndTheShareOfTheComparison) {
  addTask(3, 1);
  addTask(1, 1);
  limits.seconds = 30;
  SessionResult result = run();
  EXPECT_EQ(result.stop, StopReason::BudgetSeconds);
  EXPECT_LT(clock, 100 + 30 + 2);
  EXPECT_GT(clock, 100 + 25);
  EXPECT_GT(observer.comparisons, 0u);
  EXPECT_NEAR(result.measureSeconds + result.compareSeconds, clock - 100, 1e-9);
}

TEST_F(SessionTest, ComparesNoMoreFinalistsThanThereIsTimeFor) {
  size_t tried = 0;
  addTask(1, 1, [&](const Configuration &) {
    Measurement measurement = success(1e9);
    measurement.runSeconds = 2;
    if (tried++ % 2 == 1) { // failures are cheaper, but never finalists
      measurement = Measurement();
      measurement.failure = FailureClass::CompileFailed;
    }
    return measurement;
  });
  limits.seconds = 100;
  limits.finalShare = 0.1; // room for two at twice the seconds of a measurement
  SessionResult result = run();
  EXPECT_EQ(observer.comparisons, 2u); // the default and one more, not five
  EXPECT_LT(clock, 100 + 100 + 2);
  EXPECT_TRUE(result.tasks[0].compared);
}

TEST_F(SessionTest, ASmallBudgetReachesEveryTaskWithOneCandidate) {
  for (int i = 0; i < 10; ++i)
    addTask(1, 1);
  limits.measurements = 10;
  limits.finalists = 0;
  SessionResult result = run();
  EXPECT_EQ(observer.sizes, std::vector<size_t>(10, 1));
  for (const SessionTaskResult &task : result.tasks) {
    EXPECT_TRUE(task.reached);
    EXPECT_TRUE(task.choseDefault);
  }
}

TEST_F(SessionTest, TasksThatAreNeverReachedAreNamed) {
  for (int i = 0; i < 5; ++i)
    addTask(1, 5 - i);
  limits.measurements = 2;
  SessionResult result = run();
  EXPECT_TRUE(result.tasks[0].reached);
  EXPECT_TRUE(result.tasks[1].reached);
  EXPECT_FALSE(result.tasks[4].reached);
  EXPECT_FALSE(result.tasks[4].chosen.has_value());
}

TEST_F(SessionTest, InterruptKeepsTheBestSoFar) {
  addTask(1, 1);
  stopAfter = 30;
  SessionResult result = run();
  EXPECT_EQ(result.stop, StopReason::Interrupted);
  EXPECT_LT(result.measurements, 50u);
  EXPECT_EQ(observer.comparisons, 0u);
  ASSERT_TRUE(result.tasks[0].chosen.has_value());
  EXPECT_FALSE(result.tasks[0].compared);
  EXPECT_EQ(result.tasks[0].chosen->measurement.medianNs, tuners[0]->incumbentNs());
}

TEST_F(SessionTest, AMeasurerThatReachesNothingEndsTheSession) {
  addTask(1, 1, [](const Configuration &) { return Measurement(); });
  SessionResult result = run();
  EXPECT_EQ(result.stop, StopReason::Interrupted);
  EXPECT_FALSE(result.tasks[0].reached);
}

TEST_F(SessionTest, EndsWhenAllIsMeasuredOrTheTargetIsReached) {
  addTask(2, 1);
  limits.targetNs = 2 * 2e6;
  SessionResult result = run();
  EXPECT_EQ(result.stop, StopReason::Target);
  EXPECT_LE(tuners[0]->incumbentNs(), 2e6);
  EXPECT_EQ(stopReasonName(result.stop), "target");
}

TEST_F(SessionTest, EndsWhenNoGainIsExpected) {
  addTask(1, 1);
  limits.leastGainPerSecond = 0.01;
  SessionResult result = run();
  EXPECT_EQ(result.stop, StopReason::NoExpectedGain);
  EXPECT_EQ(stopReasonName(result.stop), "no-expected-gain");
  EXPECT_GT(result.measurements, 30u);
  EXPECT_LT(result.measurements, 2000u);
}

TEST_F(SessionTest, FailuresNeverEndTheSession) {
  size_t calls = 0;
  addTask(1, 1, [&calls](const Configuration &) {
    Measurement measurement;
    measurement.failure = static_cast<FailureClass>(1 + calls++ % (kNumFailureClasses - 1));
    measurement.buildSeconds = 0.1;
    return measurement;
  });
  limits.measurements = 60;
  SessionResult result = run();
  EXPECT_EQ(result.measurements, 60u);
  EXPECT_FALSE(result.tasks[0].chosen.has_value());
  EXPECT_EQ(tuners[0]->stats().failed(), 60u);
}

TEST_F(SessionTest, TheDefaultStaysWhenTheGainIsWithinTheNoise) {
  size_t calls = 0;
  addTask(1, 1, [&calls](const Configuration &) {
    return success(1000 + static_cast<double>(calls++ * 7 % 5), 20);
  });
  limits.measurements = 40;
  SessionResult result = run();
  EXPECT_TRUE(result.tasks[0].choseDefault);
}

TEST(ChooseTest, NoiseDecides) {
  Measurement reference = success(100, 3);
  EXPECT_FALSE(isClearlyFaster(success(98, 3), reference));
  EXPECT_TRUE(isClearlyFaster(success(90, 3), reference));
  EXPECT_TRUE(isClearlyFaster(success(98, 0.1), success(100, 0.1)));
  EXPECT_FALSE(isClearlyFaster(success(99.5, 0.1), success(100, 0.1)));
  EXPECT_EQ(chooseFaster(reference, {success(120), success(80), success(90)}), 1u);
  EXPECT_EQ(chooseFaster(reference, {success(99, 3)}), absl::nullopt);
  EXPECT_EQ(chooseFaster(reference, {}), absl::nullopt);
  Measurement failed;
  failed.failure = FailureClass::RunCrashed;
  EXPECT_EQ(chooseFaster(failed, {failed, success(500)}), 1u);
  EXPECT_EQ(chooseFaster(failed, {failed}), absl::nullopt);
}

TEST(ReplayTest, GivesBackTheRecordingOnAVirtualClock) {
  Space space = matmulSpace();
  VirtualClock clock;
  ReplayMeasurer replay(clock);
  Configuration c = space.defaultConfiguration();
  Measurement recorded = timeOnLandscape(space, c);
  replay.record(c, recorded);
  Measurement slower = recorded;
  slower.medianNs *= 2;
  replay.record(c, slower);
  Configuration unknown = c;
  unknown.indices[6] = 2;
  size_t called = 0;
  auto result = replay.measure({c, unknown}, 0, [&](size_t, const Measurement &) { ++called; });
  EXPECT_EQ(called, 2u);
  EXPECT_EQ((*result)[0].medianNs, recorded.medianNs);
  EXPECT_EQ((*result)[1].failure, FailureClass::InvalidConfig);
  EXPECT_DOUBLE_EQ(clock.now(), recorded.buildSeconds + recorded.runSeconds);
}

TEST(ReplayTest, ASparseRecordingIsSearchedToItsEnd) {
  for (std::string strategy : {"sa", "evolution", "random", "grid", "local"}) {
    Space space = matmulSpace();
    ValidSampler sampler(space);
    Rng rng(1);
    VirtualClock clock;
    ReplayMeasurer replay(clock);
    while (replay.size() < 40)
      if (Configuration c = *sampler.sample(rng); !(c == space.defaultConfiguration()))
        replay.record(c, timeOnLandscape(space, c));
    TunerOptions options = *presetOptions("chameleon");
    options.strategy = strategy;
    auto tuner = *TaskTuner::create(space, matmulTask(), avx512Target(), options);
    SessionHooks hooks;
    hooks.nowSeconds = [&clock] { return clock.now(); };
    SessionTask task = {tuner.get(), &replay};
    SessionResult result = *runSession({task}, SessionLimits(), hooks);
    EXPECT_EQ(result.stop, StopReason::Finished);
    EXPECT_EQ(result.measurements, 40u) << strategy;
    EXPECT_EQ(tuner->stats().outcomes[static_cast<size_t>(FailureClass::InvalidConfig)], 0u);
    EXPECT_TRUE(result.tasks[0].chosen.has_value());
  }
}

TEST(ReplayTest, TheSameSessionTwice) {
  auto runOnce = [] {
    Space space = matmulSpace();
    VirtualClock clock;
    ReplayMeasurer replay(clock);
    for (const Configuration &c : enumerateValid(space, 1000000).configurations)
      replay.record(c, timeOnLandscape(space, c));
    TunerOptions options = *presetOptions("chameleon");
    options.strategy = "sa";
    auto tuner = *TaskTuner::create(space, matmulTask(), avx512Target(), options);
    SessionLimits limits;
    limits.seconds = 10;
    SessionHooks hooks;
    hooks.nowSeconds = [&clock] { return clock.now(); };
    SessionTask task = {tuner.get(), &replay};
    SessionResult result = *runSession({task}, limits, hooks);
    return std::make_pair(tuner->space().print(result.tasks[0].chosen->configuration),
                          result.measurements);
  };
  auto first = runOnce();
  EXPECT_EQ(first, runOnce());
  EXPECT_GT(first.second, 20u);
}

} // namespace
