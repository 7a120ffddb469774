//===- Strategies.h - Factories of the strategies -------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SEARCH_STRATEGY_STRATEGIES_H
#define CHAMELEON_LIB_SEARCH_STRATEGY_STRATEGIES_H

#include "chameleon/Search/Strategy.h"

namespace chameleon {

std::unique_ptr<Strategy> createAnnealingStrategy(const StrategyOptions &options);
std::unique_ptr<Strategy> createEvolutionStrategy(const StrategyOptions &options);
std::unique_ptr<Strategy> createGridStrategy(const StrategyOptions &options);
std::unique_ptr<Strategy> createLocalStrategy(const StrategyOptions &options);
std::unique_ptr<Strategy> createPaperPpoStrategy(const StrategyOptions &options);
std::unique_ptr<Strategy> createPortfolioStrategy(const StrategyOptions &options);
std::unique_ptr<Strategy> createPpoStrategy(const StrategyOptions &options);
std::unique_ptr<Strategy> createRandomStrategy(const StrategyOptions &options);
std::unique_ptr<Strategy> createScanStrategy(const StrategyOptions &options);

} // namespace chameleon

#endif // CHAMELEON_LIB_SEARCH_STRATEGY_STRATEGIES_H
