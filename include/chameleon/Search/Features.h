//===- Features.h - Configurations as rows of numbers ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the cost models see of a candidate: its knobs (log2 where ordered, one-hot where
// categorical) and what the tile model derives from them and from the task (footprints per level,
// reuse, vector fill, accumulators, ...). Knobs that are not active have a value of their own (-2
// where ordered, all zeros where categorical). Nothing is lowered: 1e5 rows per second and more.
//
// Tasks with the same loops and operands under the same schedule have columns of the same meaning
// (equal `signature()`), so that records of one teach the model of another.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_FEATURES_H
#define CHAMELEON_SEARCH_FEATURES_H

#include "absl/types/span.h"
#include "chameleon/Search/TileModel.h"
#include <string>
#include <vector>

namespace chameleon {

/// Rows of `columns` floats, one after the other.
struct FeatureMatrix {
  size_t columns = 0;
  std::vector<float> data;

  size_t rows() const { return columns == 0 ? 0 : data.size() / columns; }
  absl::Span<const float> row(size_t i) const {
    return absl::MakeConstSpan(data).subspan(i * columns, columns);
  }
  /// Precondition: `row` has `columns` entries; an empty matrix takes its width.
  void append(absl::Span<const float> row);
};

/// What models need to know of the columns.
struct FeatureLayout {
  size_t plainColumns = 0;   // the first ones: knobs and extents, nothing derived
  size_t analyticColumn = 0; // the closed form's score
};

class FeatureExtractor {
public:
  /// Keeps a reference to `space`.
  FeatureExtractor(const Space &space, const TaskInfo &task, const TargetInfo &target);

  size_t columns() const { return columnNames.size(); }
  /// "knob.mc", "order=nmk", "footprint.cache.0", ...
  const std::vector<std::string> &names() const { return columnNames; }
  /// Equal for extractors whose columns mean the same.
  const std::string &signature() const { return signatureText; }
  /// Column of the analytic model's log2(work / cycles), the last one.
  size_t analyticColumn() const { return columns() - 1; }
  FeatureLayout layout() const { return {numPlainColumns, analyticColumn()}; }

  /// Precondition: `row` has `columns()` entries.
  void extract(const Configuration &configuration, absl::Span<float> row) const;
  FeatureMatrix extract(absl::Span<const Configuration> configurations) const;

  /// Whether `analyticScore` can be compared between all algorithms that the space offers.
  bool knowsEveryAlgorithm() const { return model.knowsEveryAlgorithm(); }

  /// log2(work / modelled cycles): higher is better. What `extract` puts into the last column.
  double analyticScore(const Configuration &configuration) const;

  /// log2 of work (flops, or iterations without flops) per second of a run of `medianNs`.
  double logThroughput(double medianNs) const;

private:
  void nameColumns(const Space &space, const TaskInfo &task);
  float *appendKnobs(const Configuration &configuration, float *out) const;
  float *appendLevels(const TileFacts &facts, float *out) const;
  float *appendBody(const TileFacts &facts, float *out) const;
  double analyticScore(const TileFacts &facts) const;

  const Space &space;
  TileModel model;
  std::vector<std::string> columnNames;
  size_t numPlainColumns = 0;
  std::string signatureText;
  std::vector<float> loopExtents; // log2
  double work = 1;                // flops, or iterations where there are none
  double l1Bytes = 1;
  double l2Bytes = 1;
  double registers = 16;
};

/// Where a configuration lies among others, for clustering and distances: per ordered knob the log2
/// of its value scaled to [0, 1] over the knob's range, per option of a categorical knob 0 or
/// sqrt(1/2), so that two different options are at distance 1. Each times the square root of the
/// knob's weight.
class KnobEmbedding {
public:
  /// `knobWeights`: one per knob, or empty for all 1.
  explicit KnobEmbedding(const Space &space, absl::Span<const double> knobWeights = {});

  size_t dimensions() const { return numDimensions; }
  void embed(const Configuration &configuration, absl::Span<double> point) const;
  /// Row-major, one row per configuration.
  std::vector<double> embed(absl::Span<const Configuration> configurations) const;

private:
  const Space &space;
  std::vector<std::vector<double>> positions; // per ordered knob: position of each value
  std::vector<double> roots;                  // square root of the weight per knob
  size_t numDimensions = 0;
};

} // namespace chameleon

#endif // CHAMELEON_SEARCH_FEATURES_H
