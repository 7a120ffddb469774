//===- GaussianProcess.cpp - Regression on few points ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "GaussianProcess.h"
#include "absl/strings/str_cat.h"
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

namespace chameleon {

/// Log-normal priors: centre and standard deviation of the logarithms.
static constexpr double kScaleCentre = 0.5;
static constexpr double kScaleSpread = 1.0;
static constexpr double kNoiseCentre = -4.0;
static constexpr double kNoiseSpread = 1.5;
static constexpr double kLeastLogNoise = -9;
static constexpr double kMostLogNoise = 3;
/// Below the first one each value of a column stands alone, above the second one it is ignored.
static constexpr double kLeastLogScale = -5;
static constexpr double kMostLogScale = 8;
static constexpr int kSteps = 30;    // from scratch
static constexpr int kMoreSteps = 6; // from the parameters of an earlier fit
/// Rows that are predicted together: their kernel columns stay in the second cache.
static constexpr size_t kBlock = 64;
static constexpr double kFirstStep = 0.3;
static constexpr double kLeastStep = 1e-3;

namespace {

using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using ConstMatrix = Eigen::Map<const MatrixXd>;
using ConstVector = Eigen::Map<const VectorXd>;

Index size(size_t n) { return static_cast<Index>(n); }

ConstMatrix matrix(const std::vector<double> &data, size_t rows, size_t columns) {
  return {data.data(), size(rows), size(columns)};
}

ConstVector vector(const std::vector<double> &data) { return {data.data(), size(data.size())}; }

/// 1 / length scale, per column.
VectorXd inverseScales(const KernelParameters &kernel) {
  return (-vector(kernel.logScales).array()).exp();
}

/// Squared distances of each row of `a` to each row of `b`.
ArrayXXd squaredDistances(const MatrixXd &a, const MatrixXd &b) {
  MatrixXd result = -2 * a * b.transpose();
  result.colwise() += a.rowwise().squaredNorm();
  result.rowwise() += b.rowwise().squaredNorm().transpose();
  return result.array().max(0.0);
}

/// 1 at distance 0; with alpha = 2, (1 + r^2 / 4)^-2.
ArrayXXd rationalQuadratic(const ArrayXXd &squared) {
  return (1 + 0.25 * squared).square().inverse();
}

/// Derivative by the squared distance.
ArrayXXd rationalQuadraticSlope(const ArrayXXd &squared) {
  return -0.5 * (1 + 0.25 * squared).cube().inverse();
}

} // namespace

void GaussianProcess::standardize(absl::Span<const double> points,
                                  absl::Span<const double> targets) {
  auto moments = [](size_t n, auto value) {
    double mean = 0;
    for (size_t i = 0; i < n; ++i)
      mean += value(i) / static_cast<double>(n);
    double variance = 0;
    for (size_t i = 0; i < n; ++i)
      variance += (value(i) - mean) * (value(i) - mean) / static_cast<double>(n);
    return std::make_pair(mean, std::sqrt(variance));
  };
  inputs.assign(rows * columns, 0);
  for (size_t column = 0; column < columns; ++column) {
    auto [mean, deviation] = moments(rows, [&](size_t i) { return points[i * columns + column]; });
    bool varies = deviation > 1e-9 * (1 + std::abs(mean));
    shift.push_back(mean);
    scale.push_back(varies ? 1 / deviation : 0);
    for (size_t i = 0; i < rows; ++i)
      inputs[column * rows + i] = (points[i * columns + column] - mean) * scale[column];
  }
  auto [mean, deviation] = moments(rows, [&](size_t i) { return targets[i]; });
  targetShift = mean;
  targetScale = deviation > 1e-9 * (1 + std::abs(mean)) ? deviation : 1;
  for (double target : targets)
    standardTargets.push_back((target - mean) / targetScale);
}

bool GaussianProcess::factorize() {
  MatrixXd scaled = matrix(inputs, rows, columns) * inverseScales(kernel).asDiagonal();
  MatrixXd covariance = rationalQuadratic(squaredDistances(scaled, scaled));
  covariance.diagonal().array() += std::exp(kernel.logNoise);
  Eigen::LLT<MatrixXd> solver(covariance);
  if (solver.info() != Eigen::Success)
    return false;
  factor.assign(solver.matrixLLT().data(), solver.matrixLLT().data() + rows * rows);
  VectorXd solved = solver.matrixL().solve(vector(standardTargets));
  auto n = static_cast<double>(rows);
  signal = std::max(solved.squaredNorm() / n, 1e-12);
  likelihood = -0.5 * std::log(signal) - solver.matrixLLT().diagonal().array().log().sum() / n;
  solver.matrixU().solveInPlace(solved);
  weights.assign(solved.begin(), solved.end());
  return std::isfinite(likelihood);
}

static double logPrior(double value, double centre, double spread) {
  return -0.5 * (value - centre) * (value - centre) / (spread * spread);
}

/// Log marginal likelihood with the signal's variance at its best, and priors, per row.
double GaussianProcess::objective() const {
  double prior = logPrior(kernel.logNoise, kNoiseCentre, kNoiseSpread);
  for (double logScale : kernel.logScales)
    prior += logPrior(logScale, kScaleCentre, kScaleSpread);
  return likelihood + prior / static_cast<double>(rows);
}

/// Of `objective` by the log scales, then the log noise.
std::vector<double> GaussianProcess::gradient() const {
  auto n = static_cast<double>(rows);
  VectorXd perScale = inverseScales(kernel);
  ConstMatrix points = matrix(inputs, rows, columns);
  MatrixXd scaled = points * perScale.asDiagonal();
  MatrixXd half = MatrixXd::Identity(size(rows), size(rows));
  matrix(factor, rows, rows).triangularView<Eigen::Lower>().solveInPlace(half);
  // d objective / d kernel matrix; of the inverse of the kernel matrix, half^T half
  MatrixXd slope = (vector(weights) * vector(weights).transpose()) / signal;
  slope.noalias() -= half.transpose() * half;
  double trace = slope.trace();
  // ... / d squared distance; the sum over pairs of slope_ij (x_i - x_j)^2, for each column x
  slope.array() *= rationalQuadraticSlope(squaredDistances(scaled, scaled)) / n;
  VectorXd total = slope.rowwise().sum();
  MatrixXd centered = total.asDiagonal() * scaled;
  centered.noalias() -= slope * scaled;
  VectorXd sums = scaled.cwiseProduct(centered).colwise().sum();
  std::vector<double> result(columns + 1);
  for (size_t column = 0; column < columns; ++column)
    result[column] = -2 * sums[size(column)] -
                     (kernel.logScales[column] - kScaleCentre) / (kScaleSpread * kScaleSpread) / n;
  result[columns] = 0.5 * trace * std::exp(kernel.logNoise) / n -
                    (kernel.logNoise - kNoiseCentre) / (kNoiseSpread * kNoiseSpread) / n;
  return result;
}

/// NaN counts as the lower bound.
void GaussianProcess::keepInBounds() {
  auto bounded = [](double value, double low, double high) {
    return value > low ? std::min(value, high) : low;
  };
  kernel.logNoise = bounded(kernel.logNoise, kLeastLogNoise, kMostLogNoise);
  for (double &logScale : kernel.logScales)
    logScale = bounded(logScale, kLeastLogScale, kMostLogScale);
}

/// Ascent by the signs of the gradient with a step per parameter, which is halved where the sign
/// changes (Riedmiller and Braun, "RPROP", 1993): scale-free. The best point met is kept.
void GaussianProcess::improve(int steps) {
  std::vector<double> lengths(columns + 1, kFirstStep);
  std::vector<double> before(columns + 1, 0);
  KernelParameters best = kernel;
  double bestObjective = factorize() ? objective() : -std::numeric_limits<double>::infinity();
  for (int step = 0; step < steps && std::isfinite(bestObjective); ++step) {
    std::vector<double> slope = gradient();
    for (size_t i = 0; i <= columns; ++i) {
      double agreement = slope[i] * before[i];
      double growth = agreement > 0 ? 1.2 : agreement < 0 ? 0.5 : 1;
      lengths[i] = std::clamp(lengths[i] * growth, kLeastStep, 1.0);
      double move = slope[i] > 0 ? lengths[i] : slope[i] < 0 ? -lengths[i] : 0;
      (i < columns ? kernel.logScales[i] : kernel.logNoise) += move;
    }
    keepInBounds();
    before = std::move(slope);
    if (!factorize())
      break;
    if (objective() > bestObjective) {
      bestObjective = objective();
      best = kernel;
    }
  }
  kernel = best;
  while (!factorize()) // more noise makes every kernel matrix positive definite
    kernel.logNoise += 1;
}

absl::StatusOr<GaussianProcess> GaussianProcess::fit(absl::Span<const double> points,
                                                     size_t columns,
                                                     absl::Span<const double> targets,
                                                     const KernelParameters &start) {
  if (targets.empty() || points.size() != columns * targets.size())
    return absl::InvalidArgumentError(absl::StrCat("expected ", targets.size(), " rows of ",
                                                   columns, " numbers, but got ", points.size(),
                                                   " numbers"));
  auto finite = [](double value) { return std::isfinite(value); };
  if (!std::all_of(points.begin(), points.end(), finite) ||
      !std::all_of(targets.begin(), targets.end(), finite))
    return absl::InvalidArgumentError("expected finite numbers, but got others");
  GaussianProcess result;
  result.columns = columns;
  result.rows = targets.size();
  result.standardize(points, targets);
  bool goesOn = start.logScales.size() == columns;
  result.kernel =
      goesOn ? start : KernelParameters{std::vector<double>(columns, kScaleCentre), kNoiseCentre};
  result.keepInBounds();
  result.improve(goesOn ? kMoreSteps : kSteps);
  return result;
}

void GaussianProcess::predict(absl::Span<const double> points, absl::Span<double> means,
                              absl::Span<double> deviations) const {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  VectorXd perScale = inverseScales(kernel);
  VectorXd perUnit = perScale.array() * vector(scale).array();
  MatrixXd known = matrix(inputs, rows, columns) * perScale.asDiagonal();
  for (size_t begin = 0; begin < means.size(); begin += kBlock) {
    Index count = size(std::min(kBlock, means.size() - begin));
    Eigen::Map<const RowMajor> block(&points[begin * columns], count, size(columns));
    MatrixXd asked = (block.rowwise() - vector(shift).transpose()) * perUnit.asDiagonal();
    MatrixXd similar = rationalQuadratic(squaredDistances(known, asked));
    Eigen::Map<VectorXd>(&means[begin], count) =
        (targetScale * (similar.transpose() * vector(weights))).array() + targetShift;
    if (deviations.empty())
      continue;
    matrix(factor, rows, rows).triangularView<Eigen::Lower>().solveInPlace(similar);
    Eigen::ArrayXd unexplained = 1 - similar.colwise().squaredNorm().transpose().array();
    Eigen::Map<VectorXd>(&deviations[begin], count) =
        targetScale * (signal * unexplained.max(0.0)).sqrt();
  }
}

} // namespace chameleon
