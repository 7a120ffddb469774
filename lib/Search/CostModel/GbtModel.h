//===- GbtModel.h - Cost models of boosted trees --------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SEARCH_COSTMODEL_GBTMODEL_H
#define CHAMELEON_LIB_SEARCH_COSTMODEL_GBTMODEL_H

#include "chameleon/Search/CostModel.h"

namespace chameleon {

enum class GbtKind {
  Regression,         // log2 throughput
  Rank,               // pairwise order of throughputs
  Paper,              // throughput over the best one, failures as 0
  AnalyticCorrection, // what the closed form misses
};

std::unique_ptr<CostModel> createGbtModel(GbtKind kind, size_t analyticColumn, uint64_t seed);

} // namespace chameleon

#endif // CHAMELEON_LIB_SEARCH_COSTMODEL_GBTMODEL_H
