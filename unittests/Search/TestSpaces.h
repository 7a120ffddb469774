//===- TestSpaces.h - Spaces, tasks and landscapes for the tests ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_UNITTESTS_SEARCH_TESTSPACES_H
#define CHAMELEON_UNITTESTS_SEARCH_TESTSPACES_H

#include "absl/strings/str_cat.h"
#include "chameleon/Search/Space.h"
#include "chameleon/Search/TaskInfo.h"
#include "chameleon/Support/Random.h"
#include "chameleon/Support/TargetInfo.h"
#include <functional>

namespace chameleon::test {

using Op = Expression::Op;

inline Knob orderedKnob(std::string name, KnobKind kind, std::string dim,
                        std::vector<int64_t> values) {
  return {std::move(name), kind, std::move(dim), std::move(values), {}};
}

inline Knob choiceKnob(std::string name, std::vector<std::string> labels) {
  Knob knob{std::move(name), KnobKind::Choice, "", {}, std::move(labels)};
  for (size_t i = 0; i < knob.labels.size(); ++i)
    knob.values.push_back(static_cast<int64_t>(i));
  return knob;
}

/// knob `a` mod knob `b` == 0
inline Constraint divides(int64_t a, int64_t b) {
  return {Expression({{Op::Knob, a}, {Op::Knob, b}, {Op::Mod}}), true,
          "inner tile must divide outer"};
}

/// product of knobs `a` and `b` <= limit
inline Constraint productAtMost(int64_t a, int64_t b, int64_t limit) {
  return {Expression({{Op::Constant, limit}, {Op::Knob, a}, {Op::Knob, b}, {Op::Mul}, {Op::Sub}}),
          false, "register tile must fit the register file"};
}

/// A matrix product of 512 x 512 x 512 with two levels of tiles: 8 knobs, some rules.
inline Space matmulSpace() {
  std::vector<Knob> knobs = {
      orderedKnob("mc", KnobKind::Tile, "m", {8, 16, 32, 64, 128, 256}),
      orderedKnob("nc", KnobKind::Tile, "n", {16, 32, 64, 128, 256, 512}),
      orderedKnob("kc", KnobKind::Tile, "k", {16, 32, 64, 128, 256, 512}),
      orderedKnob("mr", KnobKind::Tile, "m", {1, 2, 4, 8, 16}),
      orderedKnob("nr", KnobKind::Vector, "n", {8, 16, 32, 64}),
      orderedKnob("kr", KnobKind::Unroll, "k", {1, 2, 4}),
      choiceKnob("order", {"mnk", "nmk", "kmn"}),
      choiceKnob("pack", {"none", "b"}),
  };
  std::vector<Constraint> constraints = {divides(0, 3), divides(1, 4), productAtMost(3, 4, 512)};
  return *Space::create("cpu_contraction", knobs, constraints, {{3, 3, 3, 1, 1, 0, 0, 0}});
}

/// Two knobs, four configurations, three of them valid.
inline Space tinySpace() {
  return *Space::create("tiny",
                        {orderedKnob("a", KnobKind::Tile, "m", {2, 4}),
                         orderedKnob("b", KnobKind::Tile, "m", {2, 4})},
                        {divides(0, 1)});
}

/// No configuration is valid, though each rule alone allows some.
inline Space starvedSpace() {
  Constraint small{Expression({{Op::Constant, 10}, {Op::Knob, 0}, {Op::Sub}}), false, "a <= 10"};
  Constraint large{Expression({{Op::Knob, 0}, {Op::Constant, 20}, {Op::Sub}}), false, "a >= 20"};
  return *Space::create("starved",
                        {orderedKnob("a", KnobKind::Tile, "m", {1, 5, 10, 15, 20, 30}),
                         orderedKnob("b", KnobKind::Tile, "n", {1, 2, 3})},
                        {small, large});
}

/// 10^12 configurations, of which the rules allow few.
inline Space hugeSpace() {
  std::vector<Knob> knobs;
  std::vector<Constraint> constraints;
  std::vector<int64_t> values = {1, 2, 3, 4, 6, 8, 12, 16, 24, 48};
  for (int64_t i = 0; i < 12; ++i) {
    knobs.push_back(orderedKnob(absl::StrCat("t", i),
                                i % 3 == 2 ? KnobKind::Vector : KnobKind::Tile,
                                i < 4 ? "m" : (i < 8 ? "n" : "k"), values));
    if (i % 4 != 0)
      constraints.push_back(divides(i - 1, i));
  }
  return *Space::create("huge", knobs, constraints);
}

/// Two algorithms, each with knobs and a rule of its own, and a knob `kr` that both have; the
/// second one has a choice with a knob of its own in turn. By position: algorithm 0, kr 1, direct 2
/// to 4, packed 5 to 8.
inline Space algorithmSpace() {
  auto only = [](Knob knob, std::vector<Condition> condition, int32_t start) {
    knob.condition = std::move(condition);
    knob.start = start;
    return knob;
  };
  Condition direct{0, 0};
  Condition packed{0, 1};
  std::vector<Knob> knobs = {
      choiceKnob("algorithm", {"direct", "packed"}),
      orderedKnob("kr", KnobKind::Unroll, "k", {1, 2, 4}),
      only(orderedKnob("mr", KnobKind::Tile, "m", {1, 2, 4, 8, 16}), {direct}, 1),
      only(orderedKnob("nr", KnobKind::Vector, "n", {8, 16, 32, 64}), {direct}, 1),
      only(orderedKnob("kc", KnobKind::Tile, "k", {16, 32, 64, 128, 256, 512}), {direct}, 3),
      only(orderedKnob("mp", KnobKind::Tile, "m", {2, 4, 8, 16, 32}), {packed}, 4),
      only(orderedKnob("np", KnobKind::Vector, "n", {16, 32, 64}), {packed}, 2),
      only(choiceKnob("copy", {"whole", "blocks"}), {packed}, 0),
      only(orderedKnob("block", KnobKind::Tile, "k", {16, 64, 256}), {packed, {7, 1}}, 1),
  };
  Constraint directFits = productAtMost(2, 3, 512);
  directFits.condition = {direct};
  Constraint packedFits = productAtMost(5, 6, 512);
  packedFits.condition = {packed};
  return *Space::create("algorithms", knobs, {directFits, packedFits});
}

inline TaskInfo matmulTask(int64_t m = 512, int64_t n = 512, int64_t k = 512) {
  TaskInfo task;
  task.key = absl::StrCat("key-", m, "x", n, "x", k);
  task.kind = "contraction";
  task.name = "matmul";
  task.loops = {{"m", m, false}, {"n", n, false}, {"k", k, true}};
  task.accesses = {{{k, 0, 1}, 32, m * k, false, false},
                   {{0, 1, n}, 32, k * n, false, true},
                   {{n, 1, 0}, 32, m * n, true, false}};
  task.flops = 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  return task;
}

inline TargetInfo avx512Target() {
  TargetInfo target;
  target.triple = "x86_64-unknown-linux-gnu";
  target.cpu = "znver4";
  target.vectorBytes = 64;
  target.vectorRegisters = 32;
  return target;
}

/// Visits every setting of all knobs, valid or not.
inline void forEachSetting(const Space &space,
                           const std::function<void(const Configuration &)> &visit) {
  Configuration c;
  c.indices.assign(space.knobs().size(), 0);
  for (;;) {
    visit(c);
    size_t knob = 0;
    for (; knob < c.indices.size(); ++knob) {
      if (++c.indices[knob] < static_cast<int32_t>(space.knobs()[knob].values.size()))
        break;
      c.indices[knob] = 0;
    }
    if (knob == c.indices.size())
      return;
  }
}

} // namespace chameleon::test

#endif // CHAMELEON_UNITTESTS_SEARCH_TESTSPACES_H
