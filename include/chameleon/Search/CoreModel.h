//===- CoreModel.h - What one core does in a cycle ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A generic out-of-order core of the last ten years with the registers and caches of the target:
// what the closed forms of all algorithms rest on. Only ratios matter for a ranking.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_COREMODEL_H
#define CHAMELEON_SEARCH_COREMODEL_H

#include "chameleon/Search/TaskInfo.h"
#include "chameleon/Support/TargetInfo.h"

namespace chameleon {

/// A block of results that is kept in vector registers while a reduction runs.
struct RegisterBlock {
  double rows = 1;
  double vectors = 1; // of a row

  double accumulators() const { return rows * vectors; }
  /// With the vectors of one operand and one broadcast element of the other.
  double registers() const { return accumulators() + vectors + 1; }
  double loads() const { return rows + vectors; } // per step of the reduction
};

struct CoreModel {
  double lanes = 1; // elements in a vector register
  double registers = 16;
  double l1Bytes = 0;
  double l2Bytes = 0;
  double lineBytes = 64;

  CoreModel(const TaskInfo &task, const TargetInfo &target);

  /// Cycles of one step of a block, which multiplies and adds into each accumulator once; the next
  /// step waits for it.
  double stepCycles(const RegisterBlock &block) const;
  /// Cycles of `steps` steps of `step` cycles, `unrolled` in one turn of the loop, with what comes
  /// before and after.
  double panelCycles(const RegisterBlock &block, double steps, double step, double unrolled) const;
  /// Cycles to bring `bytes` into the first cache.
  double cyclesFromL2(double bytes) const;
  double cyclesFromMemory(double bytes) const;
  /// The smaller of the two hides behind the larger one, but not all of it.
  static double overlapped(double computeCycles, double memoryCycles);
};

} // namespace chameleon

#endif // CHAMELEON_SEARCH_COREMODEL_H
