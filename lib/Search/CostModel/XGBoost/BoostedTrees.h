//===- BoostedTrees.h - Gradient boosted trees by XGBoost -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// XGBoost's C API behind one class: one thread, silent, the same trees for the same data and seed.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SEARCH_COSTMODEL_XGBOOST_BOOSTEDTREES_H
#define CHAMELEON_LIB_SEARCH_COSTMODEL_XGBOOST_BOOSTEDTREES_H

#include "absl/status/statusor.h"
#include "chameleon/Search/Features.h"

namespace chameleon {

enum class TreeObjective { Regression, PairwiseRank, Logistic };

struct TreeOptions {
  TreeObjective objective = TreeObjective::Regression;
  int rounds = 60;
  int maxDepth = 4;
  double learningRate = 0.2;
  double minChildWeight = 1;
  uint64_t seed = 0;
};

class BoostedTrees {
public:
  /// One label per row; for Logistic 0 or 1, and predictions are probabilities of 1. For
  /// PairwiseRank all rows are one group. Columns that are constant in `features` are left out.
  /// Fails if there are no rows, a label is not finite, or XGBoost reports an error.
  static absl::StatusOr<BoostedTrees>
  fit(const FeatureMatrix &features, absl::Span<const float> labels, const TreeOptions &options);

  BoostedTrees(BoostedTrees &&other) noexcept;
  BoostedTrees &operator=(BoostedTrees &&other) noexcept;
  ~BoostedTrees();

  /// One prediction per row. Precondition: as many columns as `fit` had.
  absl::Status predict(const FeatureMatrix &features, absl::Span<double> predictions) const;

private:
  BoostedTrees() = default;

  void *booster = nullptr;     // null if every column was constant: then `constant` is the answer
  std::vector<size_t> columns; // those that were not constant
  double constant = 0;
};

} // namespace chameleon

#endif // CHAMELEON_LIB_SEARCH_COSTMODEL_XGBOOST_BOOSTEDTREES_H
