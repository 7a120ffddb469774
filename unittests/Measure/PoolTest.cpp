//===- PoolTest.cpp - Measuring with real workers ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/Pool.h"
#include "Tasks.h"
#include "absl/time/clock.h"
#include "chameleon/Measure/LiveMeasurer.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace chameleon;

namespace {

MeasurePoolOptions optionsFor(std::vector<std::string> schedules = {}) {
  MeasurePoolOptions options;
  options.target = *hostTargetInfo();
  options.schedulePaths = std::move(schedules);
  return options;
}

std::unique_ptr<MeasurePool> startPool(MeasurePoolOptions options) {
  auto pool = MeasurePool::create(std::move(options));
  EXPECT_TRUE(pool.ok()) << pool.status();
  return pool.ok() ? *std::move(pool) : nullptr;
}

TaskSpec spec(const std::string &ir, const std::string &key = "task") {
  TaskSpec spec;
  spec.key = key;
  spec.ir = ir;
  return spec;
}

std::vector<Measurement> measureAll(MeasurePool &pool, const TaskSpec &task,
                                    const std::vector<CandidateSpec> &candidates) {
  auto measured = pool.measure(task, candidates, 0, [](size_t, const Measurement &) {});
  EXPECT_TRUE(measured.ok()) << measured.status();
  return measured.ok() ? *measured : std::vector<Measurement>();
}

// A candidate without a schedule goes to the tail as it is.
const CandidateSpec kPlain;

TEST(Pool, MeasuresAPlainConvolution) {
  auto pool = startPool(optionsFor());
  ASSERT_TRUE(pool);
  const TaskSpec task = spec(tasks::convolutionTask(16, 14));
  auto baseline = pool->prepare(task);
  ASSERT_TRUE(baseline.ok()) << baseline.status();
  EXPECT_GT(baseline->naiveNs, 1000);
  EXPECT_GT(baseline->naiveError, 0);
  EXPECT_LT(baseline->naiveError, 1e-5);
  const auto measured = measureAll(*pool, task, {kPlain});
  ASSERT_EQ(measured.size(), 1u);
  EXPECT_TRUE(measured[0].ok()) << measured[0].message;
  EXPECT_GE(measured[0].samples, 3);
  EXPECT_GT(measured[0].medianNs, 1000);
  EXPECT_GT(measured[0].buildSeconds, 0);
  EXPECT_GT(measured[0].runSeconds, 0);
  EXPECT_GT(pool->peakFlops(), 1e9);
}

} // namespace
