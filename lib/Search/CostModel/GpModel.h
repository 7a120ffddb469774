//===- GpModel.h - A cost model for few records ---------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SEARCH_COSTMODEL_GPMODEL_H
#define CHAMELEON_LIB_SEARCH_COSTMODEL_GPMODEL_H

#include "chameleon/Search/CostModel.h"

namespace chameleon {

/// The closed form plus a Gaussian process on knobs, extents and the closed form, with the validity
/// model of the boosted trees. It predicts the mean; its acquisition is `optimism` standard
/// deviations above.
std::unique_ptr<CostModel> createGpModel(const FeatureLayout &layout, uint64_t seed,
                                         double optimism);

} // namespace chameleon

#endif // CHAMELEON_LIB_SEARCH_COSTMODEL_GPMODEL_H
