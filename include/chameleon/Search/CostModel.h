//===- CostModel.h - Predicting how fast a candidate is -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A cost model learns from what was measured and scores what was not. Variants, by name:
//   analytic      the closed form of TileModel.h, nothing learnt
//   gbt-reg       boosted trees, regression on log2 throughput, and a validity model of failures
//   gbt-rank      boosted trees, pairwise ranking, and the same validity model
//   gbt-paper     as Chameleon and AutoTVM publish it: regression on throughput, a failure is 0
//   analytic+gbt  the closed form plus a learnt correction (draft then verify)
//   analytic+gp   the closed form plus a Gaussian process, for few records; candidates are ranked
//                 by an upper confidence bound (Srinivas et al., "Gaussian Process Optimization in
//                 the Bandit Setting", ICML 2010)
//   none          every candidate scores the same
//
// Extension: derive from CostModel, add a line to the table in lib/Search/CostModel/CostModel.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_COSTMODEL_H
#define CHAMELEON_SEARCH_COSTMODEL_H

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "chameleon/Search/Features.h"
#include <memory>

namespace chameleon {

/// What became of a measured candidate, as a model sees it.
struct Outcome {
  bool ok = true;
  double logThroughput = 0; // log2 of work per second; meaningless unless `ok`
  bool own = true;          // of the task that is searched; else of another one
};

class CostModel {
public:
  virtual ~CostModel() = default;

  /// Learns from all records so far, forgetting what it learnt before; where it looks for the best
  /// parameters it may start from the last ones. `features` has one row per outcome. Fails if the
  /// library behind it does.
  virtual absl::Status fit(const FeatureMatrix &features, absl::Span<const Outcome> outcomes) = 0;

  /// One score per row: higher is better. Scores of one call can be compared with those of another
  /// until the next `fit`.
  virtual absl::Status predict(const FeatureMatrix &features, absl::Span<double> scores) const = 0;

  /// What a search ranks candidates by: the predictions, raised by a model that knows how unsure it
  /// is where it is so (the acquisition function of Bayesian optimization).
  virtual absl::Status acquire(const FeatureMatrix &features, absl::Span<double> scores) const {
    return predict(features, scores);
  }

  /// Whether predictions are log2 throughput, in the unit of the outcomes, so that differences are
  /// gains.
  virtual bool calibrated() const = 0;
  /// Whether scores tell candidates apart at all at present.
  virtual bool informative() const = 0;
};

/// The model with that name. Fails with the list of names if there is none.
absl::StatusOr<std::unique_ptr<CostModel>>
createCostModel(absl::string_view name, const FeatureLayout &layout, uint64_t seed);
std::vector<std::string> costModelNames();

} // namespace chameleon

#endif // CHAMELEON_SEARCH_COSTMODEL_H
