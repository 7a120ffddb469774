//===- ValidityModel.h - Which candidates fail ----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SEARCH_COSTMODEL_VALIDITYMODEL_H
#define CHAMELEON_LIB_SEARCH_COSTMODEL_VALIDITYMODEL_H

#include "XGBoost/BoostedTrees.h"
#include "absl/types/optional.h"
#include "chameleon/Search/CostModel.h"

namespace chameleon {

/// Learns which candidates fail; knows nothing before it has seen both failures and successes.
class ValidityModel {
public:
  absl::Status fit(const FeatureMatrix &features, absl::Span<const Outcome> outcomes,
                   uint64_t seed);
  bool informative() const { return trees.has_value(); }
  /// Adds log2 of the probability of success to scores in log2 throughput.
  absl::Status addTo(const FeatureMatrix &features, absl::Span<double> scores) const;

private:
  absl::optional<BoostedTrees> trees;
};

} // namespace chameleon

#endif // CHAMELEON_LIB_SEARCH_COSTMODEL_VALIDITYMODEL_H
