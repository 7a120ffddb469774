//===- SurrogateMeasurer.h - A fitted stand-in for a large space ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A space of more than 1e5 configurations cannot be measured to its end. A surrogate is fitted on
// some thousand measurements of it and answers for every configuration, so that searches of such a
// space can be compared: with each other, not with a machine. It sees the knobs alone (deep trees
// on their values), none of the derived features. Cost models that are trees fit it more easily
// than others: it compares strategies and samplers, not models. What it says has no noise.
// Benchmarks on tabular and surrogate spaces: Zela et al., "Surrogate NAS Benchmarks", ICLR 2022.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_SURROGATEMEASURER_H
#define CHAMELEON_SEARCH_SURROGATEMEASURER_H

#include "chameleon/Search/ReplayMeasurer.h"
#include <memory>

namespace chameleon {

/// How well predictions of held-out measurements agree with them, over the folds of a
/// cross-validation.
struct SurrogateQuality {
  double medianError = 0;     // median of |predicted / measured time - 1|, of successes
  double rankCorrelation = 0; // Spearman, of successes
  double outcomeAccuracy = 0; // share whose success or failure was foretold
};

class SurrogateMeasurer final : public Measurer {
public:
  /// Keeps references to `space` and `clock`. Fails if there are fewer than 100 successes or
  /// XGBoost reports an error.
  static absl::StatusOr<std::unique_ptr<SurrogateMeasurer>>
  create(const Space &space, absl::Span<const Configuration> configurations,
         absl::Span<const Measurement> measurements, VirtualClock &clock);
  ~SurrogateMeasurer() override;

  /// Advances the clock by the predicted seconds of building and running.
  absl::StatusOr<std::vector<Measurement>> measure(absl::Span<const Configuration> configurations,
                                                   double incumbentNs, Callback done) override;

  /// As `measure` gives, in no time.
  absl::StatusOr<std::vector<Measurement>>
  predict(absl::Span<const Configuration> configurations) const;

private:
  class Trees;
  SurrogateMeasurer(const Space &space, VirtualClock &clock, std::unique_ptr<Trees> trees);

  const Space &space;
  VirtualClock &clock;
  std::unique_ptr<Trees> trees;
};

/// Of five folds, by position. Fails as SurrogateMeasurer::create does on four fifths of the data.
absl::StatusOr<SurrogateQuality>
crossValidateSurrogate(const Space &space, absl::Span<const Configuration> configurations,
                       absl::Span<const Measurement> measurements);

} // namespace chameleon

#endif // CHAMELEON_SEARCH_SURROGATEMEASURER_H
