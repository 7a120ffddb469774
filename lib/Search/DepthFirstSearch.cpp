//===- DepthFirstSearch.cpp - Backtracking over knobs under constraints ---===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "DepthFirstSearch.h"
#include <algorithm>
#include <functional>
#include <numeric>

namespace chameleon {

/// Knobs that `constraint` reads, each once, ascending.
static std::vector<size_t> knobsRead(const Constraint &constraint) {
  std::vector<size_t> result;
  for (const Expression::Instruction &instruction : constraint.expression.instructions())
    if (instruction.op == Expression::Op::Knob)
      result.push_back(static_cast<size_t>(instruction.operand));
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

static std::vector<size_t> knobsNamed(absl::Span<const Condition> conditions) {
  std::vector<size_t> result;
  for (const Condition &condition : conditions)
    result.push_back(condition.knob);
  return result;
}

static std::vector<size_t> unite(std::vector<size_t> a, const std::vector<size_t> &b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  a.erase(std::unique(a.begin(), a.end()), a.end());
  return a;
}

ConstraintGraph::ConstraintGraph(const Space &space, size_t numConstraints,
                                 absl::optional<size_t> only) {
  activeOf.resize(space.knobs().size());
  for (const Constraint &constraint : space.constraints()) {
    std::vector<size_t> read = knobsRead(constraint);
    std::vector<size_t> named = knobsNamed(constraint.condition);
    repairOf.push_back(read.empty() ? named : read);
    knobsOf.push_back(unite(std::move(read), named));
  }
  for (size_t i = 0; i < numConstraints; ++i)
    if (!only || *only == i)
      active.push_back(i);
  for (size_t position : active)
    for (size_t knob : knobsOf[position])
      activeOf[knob].push_back(position);
  orderKnobs(space);
}

/// Takes next the constraint with the fewest knobs that are not placed yet, and places them, each
/// after those that its condition names.
void ConstraintGraph::orderKnobs(const Space &space) {
  size_t numKnobs = space.knobs().size();
  std::vector<bool> placed(numKnobs, false);
  std::function<void(size_t)> place = [&](size_t knob) {
    if (placed[knob])
      return;
    placed[knob] = true;
    for (const Condition &condition : space.knobs()[knob].condition)
      place(condition.knob);
    order.push_back(knob);
  };
  checkedAfter.resize(numKnobs + 1);
  std::vector<size_t> waiting = active;
  auto missing = [&](size_t position) {
    const std::vector<size_t> &knobs = knobsOf[position];
    return std::count_if(knobs.begin(), knobs.end(), [&](size_t knob) { return !placed[knob]; });
  };
  while (!waiting.empty()) {
    auto next = std::min_element(waiting.begin(), waiting.end(),
                                 [&](size_t a, size_t b) { return missing(a) < missing(b); });
    for (size_t knob : knobsOf[*next])
      place(knob);
    checkedAfter[order.size()].push_back(*next);
    waiting.erase(next);
  }
  for (size_t knob = 0; knob < numKnobs; ++knob)
    place(knob);
}

namespace {
/// One walk over the tree of partial configurations.
class Walk {
public:
  Walk(const Space &space, const ConstraintGraph &graph, size_t maxNodes, ValueOrder order)
      : space(space), graph(graph), nodesLeft(maxNodes), order(order),
        values(space.knobs().size(), 0) {
    current.indices.assign(space.knobs().size(), 0);
  }

  /// Calls `found` with every valid configuration below the present node until it returns false.
  /// Returns false if the walk was ended by `found` or by the limit on nodes.
  bool descend(size_t depth, absl::FunctionRef<bool(const Configuration &)> found) {
    if (!rulesHold(depth))
      return true;
    if (depth == graph.order.size())
      return found(current);
    size_t knob = graph.order[depth];
    for (int32_t index : indicesOf(knob)) {
      if (nodesLeft == 0)
        return false;
      --nodesLeft;
      current.indices[knob] = index;
      values[knob] = space.knobs()[knob].values[index];
      if (!descend(depth + 1, found))
        return false;
    }
    return true;
  }

private:
  /// What the knob may be set to, given those before it.
  std::vector<int32_t> indicesOf(size_t knob) const {
    const Knob &open = space.knobs()[knob];
    if (!allHold(open.condition, values))
      return {open.start};
    std::vector<int32_t> indices(open.values.size());
    std::iota(indices.begin(), indices.end(), 0);
    order(knob, indices);
    return indices;
  }

  bool rulesHold(size_t depth) const {
    const std::vector<size_t> &due = graph.checkedAfter[depth];
    return std::all_of(due.begin(), due.end(), [&](size_t position) {
      return space.constraints()[position].holds(values);
    });
  }

  const Space &space;
  const ConstraintGraph &graph;
  size_t nodesLeft;
  ValueOrder order;
  Configuration current;
  std::vector<int64_t> values;
};
} // namespace

absl::optional<Configuration> findDepthFirst(const Space &space, const ConstraintGraph &graph,
                                             size_t maxNodes, ValueOrder order) {
  absl::optional<Configuration> result;
  Walk(space, graph, maxNodes, order).descend(0, [&](const Configuration &configuration) {
    result = configuration;
    return false;
  });
  return result;
}

Enumeration enumerateDepthFirst(const Space &space, const ConstraintGraph &graph, size_t maxNodes,
                                size_t limit) {
  Enumeration result;
  auto ascending = [](size_t, std::vector<int32_t> &) {};
  Walk walk(space, graph, maxNodes, ascending);
  result.complete = walk.descend(0, [&](const Configuration &configuration) {
    if (result.configurations.size() == limit)
      return false;
    result.configurations.push_back(configuration);
    return true;
  });
  return result;
}

} // namespace chameleon
