//===- SurrogateTest.cpp - A fitted stand-in for a large space ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Landscape.h"
#include "TestSpaces.h"
#include "absl/container/flat_hash_set.h"
#include "chameleon/Search/SurrogateMeasurer.h"
#include "chameleon/Search/ValidSampling.h"
#include <gmock/gmock.h>

using namespace chameleon;

namespace {

struct Sample {
  std::vector<Configuration> configurations;
  std::vector<Measurement> measurements;
};

Sample drawSample(const Space &space, size_t count) {
  ValidSampler sampler(space);
  Rng rng(7);
  absl::flat_hash_set<Configuration> seen;
  Sample sample;
  while (sample.configurations.size() < count) {
    Configuration c = *sampler.sample(rng);
    if (!seen.insert(c).second)
      continue;
    sample.measurements.push_back(test::timeOnLandscape(space, c));
    sample.configurations.push_back(std::move(c));
  }
  return sample;
}

TEST(Surrogate, LearnsTimesAndFailures) {
  Space space = test::matmulSpace();
  Sample sample = drawSample(space, 2000);
  absl::StatusOr<SurrogateQuality> quality =
      crossValidateSurrogate(space, sample.configurations, sample.measurements);
  ASSERT_TRUE(quality.ok()) << quality.status();
  EXPECT_LT(quality->medianError, 0.08);
  EXPECT_GT(quality->rankCorrelation, 0.95);
  EXPECT_GT(quality->outcomeAccuracy, 0.97);
}

TEST(Surrogate, AdvancesTheClockByWhatMeasuringWouldTake) {
  Space space = test::matmulSpace();
  Sample sample = drawSample(space, 1000);
  VirtualClock clock;
  auto surrogate =
      SurrogateMeasurer::create(space, sample.configurations, sample.measurements, clock);
  ASSERT_TRUE(surrogate.ok()) << surrogate.status();
  EXPECT_EQ((*surrogate)->available(), nullptr);
  auto measured =
      (*surrogate)->measure({space.defaultConfiguration()}, 0, [](size_t, const Measurement &) {});
  ASSERT_TRUE(measured.ok());
  EXPECT_TRUE(measured->front().ok());
  EXPECT_NEAR(clock.now(), 0.15, 0.02); // timeOnLandscape: 0.1 s to build, 0.05 s to run
}

TEST(Surrogate, NeedsEnoughSuccesses) {
  Space space = test::matmulSpace();
  Sample sample = drawSample(space, 60);
  VirtualClock clock;
  auto surrogate =
      SurrogateMeasurer::create(space, sample.configurations, sample.measurements, clock);
  EXPECT_THAT(surrogate.status().message(),
              testing::HasSubstr("expected at least 100 successful measurements"));
}

} // namespace
