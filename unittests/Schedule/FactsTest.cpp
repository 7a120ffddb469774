//===- FactsTest.cpp - Facts of tasks and targets -------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Facts.h"
#include "llvm/ADT/StringRef.h"
#include "gtest/gtest.h"

namespace chameleon {
namespace {

TaskInfo taskOf(int64_t inputBits, bool floatingPoint) {
  TaskInfo task;
  task.floatingPoint = floatingPoint;
  task.accesses.resize(3);
  task.accesses[0].elementBits = task.accesses[1].elementBits = inputBits;
  return task;
}

TargetInfo x86(int64_t vectorBytes, const char *features) {
  TargetInfo target;
  target.triple = "x86_64-unknown-linux-gnu";
  target.vectorBytes = vectorBytes;
  target.features = features;
  return target;
}

int64_t pairs(const TaskInfo &task, const TargetInfo &target) {
  return *evaluateFact("pairs", task, target);
}

TEST(PairsFactTest, OfBytesNeedTheInstructionForTheWidth) {
  TaskInfo bytes = taskOf(8, /*floatingPoint=*/false);
  EXPECT_EQ(pairs(bytes, x86(16, "+sse2")), 1);
  EXPECT_EQ(pairs(bytes, x86(32, "+avx")), 0);
  EXPECT_EQ(pairs(bytes, x86(32, "+avx,+avx2")), 1);
  EXPECT_EQ(pairs(bytes, x86(64, "+avx2,+avx512f")), 0);
  EXPECT_EQ(pairs(bytes, x86(64, "+avx512f,+avx512bw,+avx512vl")), 1);
  TargetInfo arm = x86(16, "+neon");
  arm.triple = "aarch64-unknown-linux-gnu";
  EXPECT_EQ(pairs(bytes, arm), 0);
  EXPECT_EQ(pairs(taskOf(32, /*floatingPoint=*/false), x86(32, "+avx2")), 0);
}

TEST(PairsFactTest, OfHalvesMayNotBeStrict) {
  TaskInfo halves = taskOf(16, /*floatingPoint=*/true);
  EXPECT_EQ(pairs(halves, x86(64, "+avx512bf16")), 1);
  EXPECT_EQ(pairs(halves, x86(64, "+avx512bw")), 0);
  EXPECT_EQ(pairs(halves, x86(32, "+avx512bf16")), 0);
  EXPECT_EQ(pairs(halves, x86(32, "+avx512bf16,+avx512vl")), 1);
  halves.numerics = 0;
  EXPECT_EQ(pairs(halves, x86(64, "+avx512bf16")), 0);
  EXPECT_EQ(pairs(taskOf(32, /*floatingPoint=*/true), x86(64, "+avx512bf16")), 0);
}

} // namespace
} // namespace chameleon
