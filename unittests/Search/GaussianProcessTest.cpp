//===- GaussianProcessTest.cpp - Regression on few points -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../../lib/Search/CostModel/GaussianProcess.h"
#include "chameleon/Support/Random.h"
#include <cmath>
#include <gmock/gmock.h>

using namespace chameleon;

namespace {

struct Data {
  std::vector<double> points;
  std::vector<double> targets;
};

/// Of three columns the second one does not matter and the third is constant.
Data drawData(size_t rows, uint64_t seed, double noise = 0) {
  Rng rng(seed);
  Data data;
  for (size_t i = 0; i < rows; ++i) {
    double x = 8 * rng.uniform();
    data.points.insert(data.points.end(), {x, rng.uniform(), 5});
    data.targets.push_back(10 + std::sin(x) + 0.3 * x + noise * (rng.uniform() - 0.5));
  }
  return data;
}

GaussianProcess fitOrDie(const Data &data) {
  absl::StatusOr<GaussianProcess> fitted = GaussianProcess::fit(data.points, 3, data.targets);
  EXPECT_TRUE(fitted.ok()) << fitted.status();
  return *std::move(fitted);
}

TEST(GaussianProcess, InterpolatesASmoothFunction) {
  GaussianProcess process = fitOrDie(drawData(40, 1));
  Data held = drawData(100, 2);
  std::vector<double> means(100);
  process.predict(held.points, absl::MakeSpan(means));
  double worst = 0;
  for (size_t i = 0; i < 100; ++i)
    worst = std::max(worst, std::abs(means[i] - held.targets[i]));
  EXPECT_LT(worst, 0.15); // the targets spread over 3
}

TEST(GaussianProcess, FindsTheColumnThatMatters) {
  GaussianProcess process = fitOrDie(drawData(60, 3));
  EXPECT_LT(process.parameters().logScales[0], process.parameters().logScales[1] - 1);
}

TEST(GaussianProcess, IsSureOfWhatItSawAndUnsureFarAway) {
  Data data = drawData(40, 4);
  GaussianProcess process = fitOrDie(data);
  std::vector<double> points = {data.points[0], data.points[1], 5, 30, 0.5, 5};
  std::vector<double> means(2);
  std::vector<double> deviations(2);
  process.predict(points, absl::MakeSpan(means), absl::MakeSpan(deviations));
  EXPECT_LT(deviations[0], 0.1);
  EXPECT_GT(deviations[1], 5 * deviations[0]);
}

TEST(GaussianProcess, TellsNoiseFromSignal) {
  double quiet = fitOrDie(drawData(80, 5)).parameters().logNoise;
  double noisy = fitOrDie(drawData(80, 5, /*noise=*/1.0)).parameters().logNoise;
  EXPECT_GT(noisy, quiet + 1);
}

TEST(GaussianProcess, ImprovesTheLikelihoodAndKeepsIt) {
  Data data = drawData(50, 6);
  GaussianProcess first = fitOrDie(data);
  absl::StatusOr<GaussianProcess> second =
      GaussianProcess::fit(data.points, 3, data.targets, first.parameters());
  ASSERT_TRUE(second.ok());
  EXPECT_GE(second->logLikelihood(), first.logLikelihood() - 0.05);
}

TEST(GaussianProcess, OnePointAndEqualTargetsAreNoTrouble) {
  Data one = {{1, 2, 3}, {7}};
  Data equal = {{1, 2, 3, 2, 3, 3, 3, 4, 3}, {7, 7, 7}};
  for (const Data &data : {one, equal}) {
    GaussianProcess process = fitOrDie(data);
    std::vector<double> mean(1);
    std::vector<double> deviation(1);
    process.predict({9, 9, 9}, absl::MakeSpan(mean), absl::MakeSpan(deviation));
    EXPECT_NEAR(mean[0], 7, 1e-6);
    EXPECT_TRUE(std::isfinite(deviation[0]));
  }
}

TEST(GaussianProcess, RefusesWhatIsNotAsExpected) {
  EXPECT_THAT(GaussianProcess::fit({1, 2}, 3, {1}).status().message(),
              testing::HasSubstr("expected 1 rows of 3 numbers, but got 2"));
  EXPECT_FALSE(GaussianProcess::fit({}, 3, {}).ok());
  EXPECT_THAT(GaussianProcess::fit({1, 2, NAN}, 3, {1}).status().message(),
              testing::HasSubstr("expected finite numbers"));
}

} // namespace
