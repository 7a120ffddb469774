//===- GaussianProcess.h - Regression on few points -----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, chapters 2 and 5: a
// rational quadratic kernel (equation 4.19, alpha = 2: no exponential, so that it vectorizes) with
// a length scale per column, found by gradient ascent on the log marginal likelihood (equations 5.8
// and 5.9) under log-normal priors; the variance of the signal is profiled out.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SEARCH_COSTMODEL_GAUSSIANPROCESS_H
#define CHAMELEON_LIB_SEARCH_COSTMODEL_GAUSSIANPROCESS_H

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include <vector>

namespace chameleon {

/// Logarithms of what is fitted; kept from fit to fit as the place to start from.
struct KernelParameters {
  std::vector<double> logScales; // of the length scales, one per column, in its standard deviations
  double logNoise = 0;           // of the noise's variance over the signal's
};

class GaussianProcess {
public:
  /// `points`: rows of `columns` numbers; `targets`: one per row. Columns that do not vary are left
  /// out. `start` may come from an earlier fit with as many columns: few steps improve it, where
  /// a fit from scratch takes many. Fails if the sizes do not fit, there is no row, or a number is
  /// not finite.
  static absl::StatusOr<GaussianProcess> fit(absl::Span<const double> points, size_t columns,
                                             absl::Span<const double> targets,
                                             const KernelParameters &start = {});

  /// Means, one per row of `points`, and their standard deviations without the noise. `points`:
  /// rows of as many columns as in the fit; `deviations`: empty, or as long as `means`.
  void predict(absl::Span<const double> points, absl::Span<double> means,
               absl::Span<double> deviations = {}) const;

  const KernelParameters &parameters() const { return kernel; }
  /// Per row of the fit, with the parameters found; without constants, and with the best variance
  /// of the signal.
  double logLikelihood() const { return likelihood; }

private:
  GaussianProcess() = default;
  void standardize(absl::Span<const double> points, absl::Span<const double> targets);
  /// Factorizes the kernel matrix under `kernel`; false if it is not positive definite.
  bool factorize();
  std::vector<double> gradient() const;
  double objective() const;
  void keepInBounds();
  void improve(int steps);

  size_t columns = 0;
  size_t rows = 0;
  std::vector<double> shift, scale; // of each column; scale 0: it does not vary
  double targetShift = 0;
  double targetScale = 1;
  KernelParameters kernel;
  std::vector<double> inputs; // standardized, rows x columns, column after column
  std::vector<double> standardTargets;
  std::vector<double> factor;  // lower Cholesky factor of the kernel matrix, column after column
  std::vector<double> weights; // inverse of the kernel matrix times the targets
  double signal = 1;           // variance
  double likelihood = 0;
};

} // namespace chameleon

#endif // CHAMELEON_LIB_SEARCH_COSTMODEL_GAUSSIANPROCESS_H
