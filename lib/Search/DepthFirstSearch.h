//===- DepthFirstSearch.h - Backtracking over knobs under constraints -----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sets the knobs one after the other and checks each constraint as soon as all its knobs are set.
// Knobs that share constraints come one after the other, free knobs last.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SEARCH_DEPTHFIRSTSEARCH_H
#define CHAMELEON_LIB_SEARCH_DEPTHFIRSTSEARCH_H

#include "absl/functional/function_ref.h"
#include "chameleon/Search/ValidSampling.h"

namespace chameleon {

/// Reorders the value indices of a knob: the first one is tried first.
using ValueOrder = absl::FunctionRef<void(size_t knob, std::vector<int32_t> &indices)>;

/// The first configuration found, or nothing after `maxNodes` settings of a knob.
absl::optional<Configuration> findDepthFirst(const Space &space, const ConstraintGraph &graph,
                                             size_t maxNodes, ValueOrder order);

/// At most `limit` configurations.
Enumeration enumerateDepthFirst(const Space &space, const ConstraintGraph &graph, size_t maxNodes,
                                size_t limit);

} // namespace chameleon

#endif // CHAMELEON_LIB_SEARCH_DEPTHFIRSTSEARCH_H
