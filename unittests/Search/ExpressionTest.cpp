//===- ExpressionTest.cpp - Postfix arithmetic against a wide oracle ------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Space.h"
#include "chameleon/Support/Random.h"
#include "gtest/gtest.h"
#include <limits>

using namespace chameleon;
using Op = Expression::Op;

namespace {

/// The slow, obvious way: 128-bit integers, a value only if it fits 64 bits.
absl::optional<int64_t> oracle(Op op, int64_t a, int64_t b) {
  __int128 x = a;
  __int128 y = b;
  __int128 result = 0;
  if ((op == Op::FloorDiv || op == Op::CeilDiv || op == Op::Mod) && b <= 0)
    return absl::nullopt;
  auto floorDiv = [](__int128 n, __int128 d) { return n / d - (n % d < 0 ? 1 : 0); };
  switch (op) {
  case Op::Add:
    result = x + y;
    break;
  case Op::Sub:
    result = x - y;
    break;
  case Op::Mul:
    result = x * y;
    break;
  case Op::FloorDiv:
    result = floorDiv(x, y);
    break;
  case Op::CeilDiv:
    result = -floorDiv(-x, y);
    break;
  case Op::Mod:
    result = x - floorDiv(x, y) * y;
    break;
  default:
    return absl::nullopt;
  }
  if (result < std::numeric_limits<int64_t>::min() || result > std::numeric_limits<int64_t>::max())
    return absl::nullopt;
  return static_cast<int64_t>(result);
}

int64_t drawOperand(Rng &rng) {
  const int64_t corners[] = {0,
                             1,
                             -1,
                             2,
                             -2,
                             7,
                             -7,
                             std::numeric_limits<int64_t>::max(),
                             std::numeric_limits<int64_t>::min(),
                             int64_t{1} << 32};
  if (rng.chance(0.4))
    return corners[rng.below(std::size(corners))];
  return static_cast<int64_t>(rng.next()) >> rng.below(64);
}

TEST(ExpressionTest, AgreesWithWideArithmetic) {
  Rng rng(1);
  for (int round = 0; round < 100000; ++round) {
    int64_t a = drawOperand(rng);
    int64_t b = drawOperand(rng);
    Op op = static_cast<Op>(2 + rng.below(6));
    Expression expression({{Op::Knob, 1}, {Op::Constant, b}, {op}});
    ASSERT_EQ(expression.evaluate({0, a}), oracle(op, a, b))
        << a << " op" << static_cast<int>(op) << " " << b;
  }
}

TEST(ExpressionTest, NestedProgramUsesOperandsInOrder) {
  // (k0 - 3) * (k1 mod 5)
  Expression expression({{Op::Knob, 0},
                         {Op::Constant, 3},
                         {Op::Sub},
                         {Op::Knob, 1},
                         {Op::Constant, 5},
                         {Op::Mod},
                         {Op::Mul}});
  EXPECT_EQ(expression.evaluate({10, 13}), 21);
}

TEST(ExpressionTest, MalformedProgramsHaveNoValue) {
  EXPECT_EQ(Expression().evaluate({1}), absl::nullopt);
  EXPECT_EQ(Expression({{Op::Add}}).evaluate({1}), absl::nullopt);
  EXPECT_EQ(Expression({{Op::Constant, 1}, {Op::Add}}).evaluate({1}), absl::nullopt);
  EXPECT_EQ(Expression({{Op::Constant, 1}, {Op::Constant, 2}}).evaluate({1}), absl::nullopt);
  EXPECT_EQ(Expression({{Op::Knob, 1}}).evaluate({1}), absl::nullopt);
  EXPECT_EQ(Expression({{Op::Knob, -1}}).evaluate({1}), absl::nullopt);
}

TEST(ConstraintTest, NoValueIsAViolation) {
  Expression byZero({{Op::Constant, 4}, {Op::Knob, 0}, {Op::Mod}});
  EXPECT_TRUE((Constraint{byZero, true, ""}.holds({2})));
  EXPECT_FALSE((Constraint{byZero, true, ""}.holds({3})));
  EXPECT_TRUE((Constraint{byZero, false, ""}.holds({3})));
  EXPECT_FALSE((Constraint{byZero, true, ""}.holds({0})));
  EXPECT_FALSE((Constraint{byZero, false, ""}.holds({0})));
}

} // namespace
