//===- GaussianProcess.cpp - Regression on few points ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "GaussianProcess.h"
#include "absl/strings/str_cat.h"
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
static constexpr int kSteps = 30;
static constexpr double kFirstStep = 0.3;
static constexpr double kLeastStep = 1e-3;

/// 1 at distance 0; with alpha = 2, (1 + r^2 / 4)^-2.
static double rationalQuadratic(double squared) {
  double base = 1 + 0.25 * squared;
  return 1 / (base * base);
}

/// Derivative by the squared distance.
static double rationalQuadraticSlope(double squared) {
  double base = 1 + 0.25 * squared;
  return -0.5 / (base * base * base);
}

/// In place, the lower triangle of a row-major matrix; false if it is not positive definite.
static bool choleskyFactorize(std::vector<double> &matrix, size_t n) {
  for (size_t j = 0; j < n; ++j) {
    for (size_t i = j; i < n; ++i) {
      const double *a = &matrix[i * n];
      const double *b = &matrix[j * n];
      double sum = a[j];
      for (size_t k = 0; k < j; ++k)
        sum -= a[k] * b[k];
      if (i == j && !(sum > 0))
        return false;
      matrix[i * n + j] = i == j ? std::sqrt(sum) : sum / matrix[j * n + j];
    }
  }
  return true;
}

/// Solves L x = b in place.
static void solveLower(const std::vector<double> &factor, size_t n, double *b) {
  for (size_t i = 0; i < n; ++i) {
    double sum = b[i];
    for (size_t k = 0; k < i; ++k)
      sum -= factor[i * n + k] * b[k];
    b[i] = sum / factor[i * n + i];
  }
}

/// Solves L^T x = b in place.
static void solveUpper(const std::vector<double> &factor, size_t n, double *b) {
  for (size_t i = n; i-- > 0;) {
    b[i] /= factor[i * n + i];
    for (size_t k = 0; k < i; ++k)
      b[k] -= factor[i * n + k] * b[i];
  }
}

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

std::vector<double> GaussianProcess::precisions() const {
  std::vector<double> result(columns);
  for (size_t column = 0; column < columns; ++column)
    result[column] = std::exp(-2 * kernel.logScales[column]);
  return result;
}

/// Squared distances of row `i` to those before it, and 0 to itself.
void GaussianProcess::squaredDistances(size_t i, const std::vector<double> &precision,
                                       std::vector<double> &out) const {
  std::fill(out.begin(), out.begin() + i + 1, 0.0);
  for (size_t column = 0; column < columns; ++column) {
    const double *x = &inputs[column * rows];
    for (size_t j = 0; j <= i; ++j)
      out[j] += (x[i] - x[j]) * (x[i] - x[j]) * precision[column];
  }
}

bool GaussianProcess::factorize() {
  factor.assign(rows * rows, 0);
  std::vector<double> precision = precisions();
  std::vector<double> squared(rows);
  for (size_t i = 0; i < rows; ++i) {
    squaredDistances(i, precision, squared);
    for (size_t j = 0; j <= i; ++j)
      factor[i * rows + j] = rationalQuadratic(squared[j]);
    factor[i * rows + i] += std::exp(kernel.logNoise);
  }
  if (!choleskyFactorize(factor, rows))
    return false;
  weights = standardTargets;
  solveLower(factor, rows, weights.data());
  double fit = 0;
  double determinant = 0;
  for (size_t i = 0; i < rows; ++i) {
    fit += weights[i] * weights[i];
    determinant += std::log(factor[i * rows + i]);
  }
  solveUpper(factor, rows, weights.data());
  auto n = static_cast<double>(rows);
  signal = std::max(fit / n, 1e-12);
  likelihood = -0.5 * std::log(signal) - determinant / n;
  return true;
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
  std::vector<double> inverse(rows * rows, 0);
  for (size_t i = 0; i < rows; ++i) {
    double *row = &inverse[i * rows];
    row[i] = 1;
    solveLower(factor, rows, row);
    solveUpper(factor, rows, row);
  }
  auto n = static_cast<double>(rows);
  std::vector<double> result(columns + 1, 0);
  double trace = 0;
  std::vector<double> precision = precisions();
  std::vector<double> slopes(rows);
  for (size_t i = 0; i < rows; ++i) {
    squaredDistances(i, precision, slopes);
    for (size_t j = 0; j < i; ++j) {
      // d objective / d K[i][j], both halves, times dK / d squared distance
      double weight = weights[i] * weights[j] / signal - inverse[i * rows + j];
      slopes[j] = weight * rationalQuadraticSlope(slopes[j]) / n;
    }
    for (size_t column = 0; column < columns; ++column) {
      const double *x = &inputs[column * rows];
      double sum = 0;
      for (size_t j = 0; j < i; ++j)
        sum += slopes[j] * (x[i] - x[j]) * (x[i] - x[j]);
      result[column] += sum * -2 * precision[column];
    }
    trace += weights[i] * weights[i] / signal - inverse[i * rows + i];
  }
  result[columns] = 0.5 * trace * std::exp(kernel.logNoise) / n;
  for (size_t column = 0; column < columns; ++column)
    result[column] -= (kernel.logScales[column] - kScaleCentre) / (kScaleSpread * kScaleSpread) / n;
  result[columns] -= (kernel.logNoise - kNoiseCentre) / (kNoiseSpread * kNoiseSpread) / n;
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
void GaussianProcess::improve() {
  std::vector<double> steps(columns + 1, kFirstStep);
  std::vector<double> before(columns + 1, 0);
  KernelParameters best = kernel;
  double bestObjective = factorize() ? objective() : -std::numeric_limits<double>::infinity();
  for (int step = 0; step < kSteps && std::isfinite(bestObjective); ++step) {
    std::vector<double> slope = gradient();
    for (size_t i = 0; i <= columns; ++i) {
      double agreement = slope[i] * before[i];
      steps[i] = std::clamp(steps[i] * (agreement > 0   ? 1.2
                                        : agreement < 0 ? 0.5
                                                        : 1),
                            kLeastStep, 1.0);
      double move = slope[i] > 0 ? steps[i] : slope[i] < 0 ? -steps[i] : 0;
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
  result.kernel = start;
  if (start.logScales.size() != columns)
    result.kernel = {std::vector<double>(columns, kScaleCentre), kNoiseCentre};
  result.keepInBounds();
  result.improve();
  return result;
}

void GaussianProcess::kernelColumn(const double *point, const std::vector<double> &precision,
                                   std::vector<double> &out) const {
  std::fill(out.begin(), out.end(), 0.0);
  for (size_t column = 0; column < columns; ++column) {
    double x = (point[column] - shift[column]) * scale[column];
    const double *other = &inputs[column * rows];
    for (size_t i = 0; i < rows; ++i)
      out[i] += (x - other[i]) * (x - other[i]) * precision[column];
  }
  for (double &value : out)
    value = rationalQuadratic(value);
}

void GaussianProcess::predict(absl::Span<const double> points, absl::Span<double> means,
                              absl::Span<double> deviations) const {
  std::vector<double> precision = precisions();
  std::vector<double> similar(rows);
  for (size_t i = 0; i < means.size(); ++i) {
    kernelColumn(&points[i * columns], precision, similar);
    double sum = 0;
    for (size_t j = 0; j < rows; ++j)
      sum += similar[j] * weights[j];
    means[i] = targetShift + targetScale * sum;
    if (deviations.empty())
      continue;
    solveLower(factor, rows, similar.data());
    double explained = 0;
    for (double value : similar)
      explained += value * value;
    deviations[i] = targetScale * std::sqrt(signal * std::max(1 - explained, 0.0));
  }
}

} // namespace chameleon
