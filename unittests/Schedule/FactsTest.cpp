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

int64_t dot(const TaskInfo &task, const TargetInfo &target) {
  return *evaluateFact("dot", task, target);
}

TEST(DotFactTest, OfBytesNeedTheInstructionForTheWidth) {
  TaskInfo bytes = taskOf(8, /*floatingPoint=*/false);
  EXPECT_EQ(dot(bytes, x86(16, "+sse2")), 2);
  EXPECT_EQ(dot(bytes, x86(32, "+avx")), 1);
  EXPECT_EQ(dot(bytes, x86(32, "+avx,+avx2")), 2);
  EXPECT_EQ(dot(bytes, x86(64, "+avx2,+avx512f")), 1);
  EXPECT_EQ(dot(bytes, x86(64, "+avx512f,+avx512bw,+avx512vl")), 2);
  EXPECT_EQ(dot(bytes, x86(64, "+avx512bw,+avx512vnni")), 4);
  EXPECT_EQ(dot(bytes, x86(64, "+avx512vnni")), 1);
  EXPECT_EQ(dot(bytes, x86(32, "+avx2,+avx512vnni")), 2);
  EXPECT_EQ(dot(bytes, x86(32, "+avx2,+avx512vnni,+avx512vl")), 4);
  EXPECT_EQ(dot(bytes, x86(32, "+avx2,+avxvnni")), 4);
  EXPECT_EQ(dot(bytes, x86(64, "+avx512bw,+avxvnni")), 2);
  TargetInfo arm = x86(16, "+neon");
  arm.triple = "aarch64-unknown-linux-gnu";
  EXPECT_EQ(dot(bytes, arm), 1);
  EXPECT_EQ(dot(taskOf(32, /*floatingPoint=*/false), x86(32, "+avx2")), 1);
}

TEST(DotFactTest, OfHalvesMayNotBeStrict) {
  TaskInfo halves = taskOf(16, /*floatingPoint=*/true);
  EXPECT_EQ(dot(halves, x86(64, "+avx512bf16")), 2);
  EXPECT_EQ(dot(halves, x86(64, "+avx512bw")), 1);
  EXPECT_EQ(dot(halves, x86(32, "+avx512bf16")), 1);
  EXPECT_EQ(dot(halves, x86(32, "+avx512bf16,+avx512vl")), 2);
  halves.numerics = 0;
  EXPECT_EQ(dot(halves, x86(64, "+avx512bf16")), 1);
  EXPECT_EQ(dot(taskOf(32, /*floatingPoint=*/true), x86(64, "+avx512bf16")), 1);
}

} // namespace
} // namespace chameleon
