//===- Expression.cpp - Postfix arithmetic over knob values ---------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "absl/container/inlined_vector.h"
#include "chameleon/Search/Space.h"
#include <algorithm>

namespace chameleon {

/// Quotient rounded towards minus infinity; `divisor` > 0, hence no overflow.
static int64_t floorDivide(int64_t value, int64_t divisor) {
  int64_t quotient = value / divisor;
  return value % divisor < 0 ? quotient - 1 : quotient;
}

static absl::optional<int64_t> apply(Expression::Op op, int64_t a, int64_t b) {
  using Op = Expression::Op;
  int64_t result = 0;
  switch (op) {
  case Op::Add:
    return __builtin_add_overflow(a, b, &result) ? absl::nullopt : absl::make_optional(result);
  case Op::Sub:
    return __builtin_sub_overflow(a, b, &result) ? absl::nullopt : absl::make_optional(result);
  case Op::Mul:
    return __builtin_mul_overflow(a, b, &result) ? absl::nullopt : absl::make_optional(result);
  case Op::FloorDiv:
    return b <= 0 ? absl::nullopt : absl::make_optional(floorDivide(a, b));
  case Op::CeilDiv:
    return b <= 0 ? absl::nullopt : absl::make_optional(floorDivide(a, b) + (a % b != 0));
  case Op::Mod:
    return b <= 0 ? absl::nullopt : absl::make_optional(a % b < 0 ? a % b + b : a % b);
  case Op::Constant:
  case Op::Knob:
    break;
  }
  return absl::nullopt;
}

absl::optional<int64_t> Expression::evaluate(absl::Span<const int64_t> knobValues) const {
  absl::InlinedVector<int64_t, 16> stack;
  for (const Instruction &instruction : code) {
    if (instruction.op == Op::Constant) {
      stack.push_back(instruction.operand);
      continue;
    }
    if (instruction.op == Op::Knob) {
      if (instruction.operand < 0 || static_cast<size_t>(instruction.operand) >= knobValues.size())
        return absl::nullopt;
      stack.push_back(knobValues[instruction.operand]);
      continue;
    }
    if (stack.size() < 2)
      return absl::nullopt;
    int64_t b = stack.back();
    stack.pop_back();
    absl::optional<int64_t> result = apply(instruction.op, stack.back(), b);
    if (!result)
      return absl::nullopt;
    stack.back() = *result;
  }
  return stack.size() == 1 ? absl::make_optional(stack.back()) : absl::nullopt;
}

bool allHold(absl::Span<const Condition> conditions, absl::Span<const int64_t> knobValues) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const Condition &condition) {
    return knobValues[condition.knob] == condition.value;
  });
}

bool Constraint::holds(absl::Span<const int64_t> knobValues) const {
  if (!allHold(condition, knobValues))
    return true;
  absl::optional<int64_t> value = expression.evaluate(knobValues);
  return value && (equality ? *value == 0 : *value >= 0);
}

} // namespace chameleon
