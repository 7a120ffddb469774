//===- Acceptance.cpp ----------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/Acceptance.h"
#include "chameleon/Measure/FmaPeak.h"
#include <algorithm>

namespace chameleon {
namespace {

constexpr double kReorderingSlack = 4;
constexpr double kClockTolerance = 1.1;

} // namespace

double errorLimit(const ErrorRules &rules, ElementType type) {
  const bool sameArithmetic = rules.candidateIsExact || !rules.taskIsExact;
  const double slack = sameArithmetic ? kReorderingSlack : 1;
  double limit = std::max(slack * rules.naiveError, 2 * machineEpsilon(type));
  if (rules.numerics == Numerics::Fast)
    limit = std::max(limit, rules.errorBudget);
  return limit;
}

bool excludedByStrict(const ErrorRules &rules) {
  return rules.numerics == Numerics::Strict && rules.taskIsExact && !rules.candidateIsExact;
}

bool isImpossibleRate(double flops, double nanoseconds, double peakFlops, int threads,
                      ElementType type) {
  if (flops <= 0 || peakFlops <= 0)
    return false;
  const double possible = peakFlops * threads * peakFactor(type) * kClockTolerance;
  return flops > possible * nanoseconds * 1e-9;
}

} // namespace chameleon
