//===- CoreModel.cpp - What one core does in a cycle ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/CoreModel.h"
#include <algorithm>

namespace chameleon {

static constexpr double kFmaPerCycle = 2;
/// Two in theory; bodies of one vector per row, which need a load for each multiply-add, reach 60
/// to 70 % of the speed of those of two.
static constexpr double kLoadsPerCycle = 1.5;
static constexpr double kFmaLatencyCycles = 4;
static constexpr double kL2BytesPerCycle = 48;
static constexpr double kMemoryBytesPerCycle = 8;
/// Loads that a register too few costs per step, and once for the first.
static constexpr double kSpillLoads = 4;
static constexpr double kPanelOverheadCycles = 20;
static constexpr double kLoopOverheadCycles = 1;

CoreModel::CoreModel(const TaskInfo &task, const TargetInfo &target)
    : lanes(static_cast<double>(target.lanes(std::max<int64_t>(task.elementBits, 1)))),
      registers(target.vectorRegisters), l1Bytes(static_cast<double>(target.l1Bytes)),
      l2Bytes(static_cast<double>(target.l2Bytes)),
      lineBytes(static_cast<double>(std::max<int64_t>(target.cacheLineBytes, 1))) {}

double CoreModel::stepCycles(const RegisterBlock &block) const {
  double spilled = std::max(0.0, block.registers() - registers);
  double spills = spilled > 0 ? kSpillLoads * (1 + spilled) : 0;
  return std::max({block.accumulators() / kFmaPerCycle, (block.loads() + spills) / kLoadsPerCycle,
                   kFmaLatencyCycles});
}

double CoreModel::panelCycles(const RegisterBlock &block, double steps, double step,
                              double unrolled) const {
  double loop = kLoopOverheadCycles / std::max(unrolled, 1.0);
  return steps * (step + loop) + 2 * block.accumulators() + kPanelOverheadCycles;
}

double CoreModel::cyclesFromL2(double bytes) const { return bytes / kL2BytesPerCycle; }

double CoreModel::cyclesFromMemory(double bytes) const { return bytes / kMemoryBytesPerCycle; }

double CoreModel::overlapped(double computeCycles, double memoryCycles) {
  return std::max(computeCycles, memoryCycles) + 0.3 * std::min(computeCycles, memoryCycles);
}

} // namespace chameleon
