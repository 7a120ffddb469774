//===- BoostedTrees.cpp - Gradient boosted trees by XGBoost ---------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "BoostedTrees.h"
#include "absl/strings/str_cat.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <xgboost/c_api.h>

namespace chameleon {

/// From here on histograms of column values are faster than exact splits.
static constexpr size_t kHistogramRows = 400;
static constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

static absl::Status toStatus(int code) {
  if (code == 0)
    return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("expected XGBoost to succeed, but got: ", XGBGetLastError()));
}

namespace {
/// An XGBoost matrix that is freed at the end of its scope.
class Matrix {
public:
  Matrix(absl::Span<const float> data, size_t rows, size_t columns)
      : status(toStatus(XGDMatrixCreateFromMat(data.data(), rows, columns, kMissing, &handle))) {}
  ~Matrix() {
    if (handle)
      XGDMatrixFree(handle);
  }
  Matrix(const Matrix &) = delete;
  Matrix &operator=(const Matrix &) = delete;

  DMatrixHandle handle = nullptr;
  absl::Status status;
};
} // namespace

static std::vector<size_t> varyingColumns(const FeatureMatrix &features) {
  std::vector<size_t> result;
  for (size_t column = 0; column < features.columns; ++column) {
    bool varies = false;
    for (size_t row = 1; row < features.rows() && !varies; ++row)
      varies = features.row(row)[column] != features.row(0)[column];
    if (varies)
      result.push_back(column);
  }
  return result;
}

static std::vector<float> selectColumns(const FeatureMatrix &features,
                                        absl::Span<const size_t> columns) {
  std::vector<float> result;
  result.reserve(features.rows() * columns.size());
  for (size_t row = 0; row < features.rows(); ++row)
    for (size_t column : columns)
      result.push_back(features.row(row)[column]);
  return result;
}

static const char *objectiveName(TreeObjective objective) {
  switch (objective) {
  case TreeObjective::Regression:
    return "reg:squarederror";
  case TreeObjective::PairwiseRank:
    return "rank:pairwise";
  case TreeObjective::Logistic:
    return "binary:logistic";
  }
  return "";
}

static absl::Status setParameters(BoosterHandle booster, const TreeOptions &options, size_t rows,
                                  double baseScore) {
  const std::pair<const char *, std::string> parameters[] = {
      {"nthread", "1"},
      {"verbosity", "0"},
      {"objective", objectiveName(options.objective)},
      {"max_depth", absl::StrCat(options.maxDepth)},
      {"eta", absl::StrCat(options.learningRate)},
      {"gamma", "0.0001"},
      {"min_child_weight", absl::StrCat(options.minChildWeight)},
      {"base_score", absl::StrCat(baseScore)},
      {"seed", absl::StrCat(options.seed & 0x7fffffff)},
      {"tree_method", rows < kHistogramRows ? "exact" : "hist"},
      {"max_bin", "64"},
  };
  for (const auto &[name, value] : parameters)
    if (absl::Status status = toStatus(XGBoosterSetParam(booster, name, value.c_str()));
        !status.ok())
      return status;
  return absl::OkStatus();
}

static absl::Status setLabels(const Matrix &matrix, absl::Span<const float> labels,
                              TreeObjective objective) {
  absl::Status status =
      toStatus(XGDMatrixSetFloatInfo(matrix.handle, "label", labels.data(), labels.size()));
  if (!status.ok() || objective != TreeObjective::PairwiseRank)
    return status;
  auto group = static_cast<unsigned>(labels.size());
  return toStatus(XGDMatrixSetUIntInfo(matrix.handle, "group", &group, 1));
}

static double mean(absl::Span<const float> labels) {
  return std::accumulate(labels.begin(), labels.end(), 0.0) / static_cast<double>(labels.size());
}

static absl::Status checkInput(const FeatureMatrix &features, absl::Span<const float> labels) {
  if (labels.empty() || labels.size() != features.rows())
    return absl::InvalidArgumentError(absl::StrCat(
        "expected one label for each of ", features.rows(), " rows, but got ", labels.size()));
  for (float label : labels)
    if (!std::isfinite(label))
      return absl::InvalidArgumentError(absl::StrCat("expected finite labels, but got ", label));
  return absl::OkStatus();
}

absl::StatusOr<BoostedTrees> BoostedTrees::fit(const FeatureMatrix &features,
                                               absl::Span<const float> labels,
                                               const TreeOptions &options) {
  if (absl::Status status = checkInput(features, labels); !status.ok())
    return status;
  BoostedTrees trees;
  trees.columns = varyingColumns(features);
  trees.constant = options.objective == TreeObjective::PairwiseRank ? 0 : mean(labels);
  if (trees.columns.empty())
    return trees;

  std::vector<float> data = selectColumns(features, trees.columns);
  Matrix matrix(data, features.rows(), trees.columns.size());
  if (!matrix.status.ok())
    return matrix.status;
  if (absl::Status status = setLabels(matrix, labels, options.objective); !status.ok())
    return status;
  if (absl::Status status = toStatus(XGBoosterCreate(&matrix.handle, 1, &trees.booster));
      !status.ok())
    return status;
  double baseScore = options.objective == TreeObjective::Regression ? trees.constant : 0.5;
  if (absl::Status status = setParameters(trees.booster, options, features.rows(), baseScore);
      !status.ok())
    return status;
  for (int round = 0; round < options.rounds; ++round)
    if (absl::Status status = toStatus(XGBoosterUpdateOneIter(trees.booster, round, matrix.handle));
        !status.ok())
      return status;
  return trees;
}

absl::Status BoostedTrees::predict(const FeatureMatrix &features,
                                   absl::Span<double> predictions) const {
  if (!booster || features.rows() == 0) {
    std::fill(predictions.begin(), predictions.end(), constant);
    return absl::OkStatus();
  }
  std::vector<float> data = selectColumns(features, columns);
  Matrix matrix(data, features.rows(), columns.size());
  if (!matrix.status.ok())
    return matrix.status;
  bst_ulong length = 0;
  const float *values = nullptr;
  absl::Status status =
      toStatus(XGBoosterPredict(booster, matrix.handle, /*option_mask=*/0, /*ntree_limit=*/0,
                                /*training=*/0, &length, &values));
  if (status.ok())
    std::copy(values, values + length, predictions.begin());
  return status;
}

BoostedTrees::BoostedTrees(BoostedTrees &&other) noexcept
    : booster(std::exchange(other.booster, nullptr)), columns(std::move(other.columns)),
      constant(other.constant) {}

BoostedTrees &BoostedTrees::operator=(BoostedTrees &&other) noexcept {
  std::swap(booster, other.booster);
  std::swap(columns, other.columns);
  std::swap(constant, other.constant);
  return *this;
}

BoostedTrees::~BoostedTrees() {
  if (booster)
    XGBoosterFree(booster);
}

} // namespace chameleon
