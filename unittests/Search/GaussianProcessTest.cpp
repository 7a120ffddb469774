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
#include <numeric>

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

/// What equations 2.25, 2.26 and 5.8 of Rasmussen and Williams say, by Gauss-Jordan elimination and
/// without any library.
class Oracle {
public:
  Oracle(Data data, KernelParameters kernel) : kernel(std::move(kernel)) {
    size_t n = data.targets.size();
    std::vector<double> targets = standardized(data.targets, 0, 1);
    for (size_t column = 0; column < 3; ++column)
      columns.push_back(standardized(data.points, column, 3));
    // [K | 1 | y] becomes [1 | inverse of K | weights]
    rows.assign(n, std::vector<double>(2 * n + 1, 0));
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; j < n; ++j)
        rows[i][j] = covariance(at(i), at(j));
      rows[i][i] += std::exp(this->kernel.logNoise);
      rows[i][n + i] = 1;
      rows[i][2 * n] = targets[i];
    }
    double logDeterminant = eliminate();
    double fit = 0;
    for (size_t i = 0; i < n; ++i)
      fit += targets[i] * rows[i][2 * n];
    signal = fit / static_cast<double>(n);
    likelihood = -0.5 * std::log(signal) - 0.5 * logDeterminant / static_cast<double>(n);
  }

  double mean(const std::vector<double> &point) const {
    double sum = 0;
    for (size_t i = 0; i < rows.size(); ++i)
      sum += covariance(inUnits(point), at(i)) * rows[i].back();
    return shifts[0] + scales[0] * sum;
  }
  double deviation(const std::vector<double> &point) const {
    double explained = 0;
    size_t n = rows.size();
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < n; ++j)
        explained +=
            covariance(inUnits(point), at(i)) * rows[i][n + j] * covariance(inUnits(point), at(j));
    return scales[0] * std::sqrt(signal * (1 - explained));
  }

  double signal = 0;
  double likelihood = 0; // per row

private:
  std::vector<double> standardized(const std::vector<double> &values, size_t first, size_t step) {
    std::vector<double> column;
    for (size_t i = first; i < values.size(); i += step)
      column.push_back(values[i]);
    auto n = static_cast<double>(column.size());
    double mean = std::accumulate(column.begin(), column.end(), 0.0) / n;
    double variance = 0;
    for (double value : column)
      variance += (value - mean) * (value - mean) / n;
    shifts.push_back(mean);
    scales.push_back(variance > 1e-12 ? std::sqrt(variance) : 0);
    for (double &value : column)
      value = scales.back() > 0 ? (value - mean) / scales.back() : 0;
    return column;
  }
  std::vector<double> inUnits(const std::vector<double> &point) const {
    std::vector<double> result;
    for (size_t c = 0; c < 3; ++c)
      result.push_back(scales[c + 1] > 0 ? (point[c] - shifts[c + 1]) / scales[c + 1] : 0);
    return result;
  }
  std::vector<double> at(size_t row) const {
    return {columns[0][row], columns[1][row], columns[2][row]};
  }
  double covariance(const std::vector<double> &a, const std::vector<double> &b) const {
    double squared = 0;
    for (size_t c = 0; c < 3; ++c)
      squared += std::pow((a[c] - b[c]) / std::exp(kernel.logScales[c]), 2);
    return std::pow(1 + squared / 4, -2);
  }
  /// Gives the logarithm of the determinant.
  double eliminate() {
    double logDeterminant = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      double pivot = rows[i][i];
      logDeterminant += std::log(pivot);
      for (double &value : rows[i])
        value /= pivot;
      for (size_t j = 0; j < rows.size(); ++j)
        for (double factor = j == i ? 0 : rows[j][i], *to = rows[j].data(); double from : rows[i])
          *to++ -= factor * from;
    }
    return logDeterminant;
  }

  KernelParameters kernel;
  std::vector<double> shifts, scales; // of the targets, then of each column
  std::vector<std::vector<double>> columns;
  std::vector<std::vector<double>> rows;
};

TEST(GaussianProcess, PredictsWhatTheTextbookSays) {
  Data data = drawData(12, 6, /*noise=*/0.5);
  GaussianProcess process = fitOrDie(data);
  Oracle oracle(data, process.parameters());
  EXPECT_NEAR(process.logLikelihood(), oracle.likelihood, 1e-9);
  Data asked = drawData(150, 7); // several blocks of predictions
  std::vector<double> means(150);
  std::vector<double> deviations(150);
  process.predict(asked.points, absl::MakeSpan(means), absl::MakeSpan(deviations));
  for (size_t i = 0; i < 150; ++i) {
    std::vector<double> point(asked.points.begin() + 3 * i, asked.points.begin() + 3 * (i + 1));
    EXPECT_NEAR(means[i], oracle.mean(point), 1e-9);
    EXPECT_NEAR(deviations[i], oracle.deviation(point), 1e-6);
  }
}

/// Log likelihood and log-normal priors of the parameters, per row.
double objectiveOf(const Data &data, const KernelParameters &kernel) {
  double prior = -0.5 * std::pow((kernel.logNoise + 4) / 1.5, 2);
  for (double logScale : kernel.logScales)
    prior -= 0.5 * std::pow(logScale - 0.5, 2);
  return Oracle(data, kernel).likelihood + prior / static_cast<double>(data.targets.size());
}

TEST(GaussianProcess, EndsAtTheTopOfTheObjective) {
  Data data = drawData(40, 8, /*noise=*/0.2);
  KernelParameters found = fitOrDie(data).parameters();
  double top = objectiveOf(data, found);
  for (double step : {-0.5, -0.2, 0.2, 0.5}) {
    for (size_t column = 0; column < 3; ++column) {
      KernelParameters moved = found;
      moved.logScales[column] += step;
      EXPECT_LT(objectiveOf(data, moved), top) << column << " by " << step;
    }
    KernelParameters moved = found;
    moved.logNoise += step;
    EXPECT_LT(objectiveOf(data, moved), top) << "noise by " << step;
  }
}

TEST(GaussianProcess, FewStepsGoOnWhereAFitEnded) {
  Data all = drawData(60, 9, /*noise=*/0.2);
  Data half = {{all.points.begin(), all.points.begin() + 90},
               {all.targets.begin(), all.targets.begin() + 30}};
  KernelParameters before = fitOrDie(half).parameters();
  auto after = GaussianProcess::fit(all.points, 3, all.targets, before);
  ASSERT_TRUE(after.ok());
  double fromScratch = objectiveOf(all, fitOrDie(all).parameters());
  EXPECT_GT(objectiveOf(all, after->parameters()), objectiveOf(all, before));
  EXPECT_NEAR(objectiveOf(all, after->parameters()), fromScratch, 0.02);
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
