//===- Acceptance.h - When a result counts as right ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_ACCEPTANCE_H
#define CHAMELEON_MEASURE_ACCEPTANCE_H

#include "chameleon/Measure/ElementType.h"
#include "chameleon/Measure/Protocol.h"

namespace chameleon {

/// What decides how large an error may be.
struct ErrorRules {
  Numerics numerics = Numerics::Accurate;
  double errorBudget = 2e-5;     // of Numerics::Fast
  double naiveError = 0;         // of the plain loop nest
  bool taskIsExact = false;      // the plain task is exact on small integers
  bool candidateIsExact = false; // so is the candidate: it does the task's own arithmetic
};

/// Largest admissible relative error of an output of elements of `type`.
///
/// Code that does the task's own arithmetic in another order may exceed the plain loop nest's error
/// by chance: it gets four times that. Code that does other arithmetic (Winograd's) gets what the
/// plain loop nest has. A result rounded to its type is never wrong: two units of rounding are
/// free. `fast` allows its budget where that is more.
double errorLimit(const ErrorRules &rules, ElementType type);

/// Whether `numerics=strict` excludes the candidate whatever its error: it does other arithmetic
/// than a task that is a plain sum of products.
bool excludedByStrict(const ErrorRules &rules);

/// Whether doing `flops` floating-point operations in `nanoseconds` is more than `threads` cores of
/// `peakFlops` (f32) can do on elements of `type`, with a tenth of tolerance for the clock.
bool isImpossibleRate(double flops, double nanoseconds, double peakFlops, int threads,
                      ElementType type);

} // namespace chameleon

#endif // CHAMELEON_MEASURE_ACCEPTANCE_H
