//===- TimingTest.cpp ----------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/Timing.h"
#include "chameleon/Measure/Acceptance.h"
#include "chameleon/Measure/CallClock.h"
#include "chameleon/Measure/FmaPeak.h"
#include <csignal>
#include <ctime>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace chameleon;

namespace {

/// Code that takes a fixed time, on a clock of its own.
struct SimulatedCode {
  double callNs;
  double spentNs = 0;
  std::vector<int64_t> requests = {}; // calls per sample

  double operator()(int64_t calls) {
    requests.push_back(calls);
    spentNs += callNs * static_cast<double>(calls);
    return callNs;
  }
};

Timing timeIt(SimulatedCode &code, double incumbentNs = 0, SamplingPolicy policy = {}) {
  return takeSamples(policy, incumbentNs, [&](int64_t calls) { return code(calls); });
}

TEST(Timing, RepeatsShortCalls) {
  SimulatedCode code{1000};
  const Timing timing = timeIt(code);
  EXPECT_EQ(timing.medianNs, 1000);
  EXPECT_EQ(timing.madNs, 0);
  EXPECT_EQ(timing.samples, SamplingPolicy().maxSamples);
  EXPECT_GE(static_cast<double>(code.requests.back()) * 1000, 2e6);
  EXPECT_LE(static_cast<double>(code.requests.back()) * 1000, 4e6);
}

TEST(Timing, CallsLongOnesOnce) {
  SimulatedCode code{50e6};
  const Timing timing = timeIt(code);
  EXPECT_EQ(code.requests.back(), 1);
  EXPECT_EQ(timing.samples, 3); // the budget is used up
}

TEST(Timing, DropsWhatIsClearlySlower) {
  SimulatedCode code{1.5e6};
  const Timing timing = timeIt(code, 1e6);
  EXPECT_TRUE(timing.dropped);
  EXPECT_EQ(timing.samples, 1);
  EXPECT_EQ(timing.medianNs, 1.5e6);
}

TEST(Timing, KeepsWhatMightBeFaster) {
  SimulatedCode slower{1.2e6}, faster{0.9e6};
  EXPECT_EQ(timeIt(slower, 1e6).samples, 3);
  EXPECT_FALSE(timeIt(slower, 1e6).dropped);
  EXPECT_EQ(timeIt(faster, 1e6).samples, 10);
}

TEST(Timing, OneSlowSampleIsNoReasonToDrop) {
  int calls = 0;
  const Timing timing = takeSamples({}, 1e6, [&](int64_t) { return ++calls == 2 ? 5e6 : 1e6; });
  EXPECT_FALSE(timing.dropped);
  EXPECT_EQ(timing.medianNs, 1e6);
}

TEST(Timing, SpendsNoMoreThanTheBudgetAllows) {
  SimulatedCode code{10e6};
  timeIt(code);
  EXPECT_LE(code.spentNs, 0.15e9);
}

/// Burns `seconds` of this thread's CPU time.
void work(double seconds) {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  const double end =
      static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec) + seconds;
  while (static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec) < end)
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
}

TEST(CallClock, CountsWaitingOfOnesOwn) {
  const CallClock clock(1);
  usleep(20000); // gives the core away by itself
  EXPECT_GE(clock.nanoseconds(), 20e6);
}

TEST(CallClock, DoesNotCountTimeThatOthersTook) {
  // A rival on the same core: wall time doubles.
  cpu_set_t before, one;
  sched_getaffinity(0, sizeof(before), &before);
  CPU_ZERO(&one);
  for (int core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &before)) {
      CPU_SET(core, &one);
      break;
    }
  sched_setaffinity(0, sizeof(one), &one);
  const pid_t rival = fork();
  if (rival == 0)
    for (;;)
      work(1);
  usleep(10000);
  const CallClock wall(2), clock(1);
  work(0.1);
  const double wallNs = wall.nanoseconds(), ownNs = clock.nanoseconds();
  kill(rival, SIGKILL);
  waitpid(rival, nullptr, 0);
  sched_setaffinity(0, sizeof(before), &before);
  EXPECT_GT(wallNs, 140e6);
  EXPECT_GE(ownNs, 99e6);
  EXPECT_LT(ownNs, 120e6);
}

TEST(Acceptance, LimitFollowsThePlainLoopNest) {
  ErrorRules rules;
  rules.naiveError = 1e-6;
  rules.taskIsExact = true;
  rules.candidateIsExact = true;
  EXPECT_DOUBLE_EQ(errorLimit(rules, ElementType::F32), 4e-6); // another order of summation
  rules.candidateIsExact = false;
  EXPECT_DOUBLE_EQ(errorLimit(rules, ElementType::F32), 1e-6); // another algorithm
  rules.numerics = Numerics::Fast;
  EXPECT_DOUBLE_EQ(errorLimit(rules, ElementType::F32), 2e-5);
}

TEST(Acceptance, RoundingOfTheResultIsFree) {
  ErrorRules rules;
  EXPECT_GE(errorLimit(rules, ElementType::F32), 0x1p-23);
  EXPECT_GE(errorLimit(rules, ElementType::BF16), 0x1p-8);
  EXPECT_EQ(errorLimit(rules, ElementType::I32), 0);
}

TEST(Acceptance, StrictExcludesOtherArithmetic) {
  ErrorRules rules;
  rules.numerics = Numerics::Strict;
  rules.taskIsExact = true;
  EXPECT_TRUE(excludedByStrict(rules));
  rules.candidateIsExact = true;
  EXPECT_FALSE(excludedByStrict(rules));
  rules.candidateIsExact = rules.taskIsExact = false; // the task itself rounds
  EXPECT_FALSE(excludedByStrict(rules));
}

TEST(Acceptance, ImpossibleRates) {
  // 1e9 flops in 1 ms are 1e12 per second.
  EXPECT_TRUE(isImpossibleRate(1e9, 1e6, 0.5e12, 1, ElementType::F32));
  EXPECT_FALSE(isImpossibleRate(1e9, 1e6, 0.95e12, 1, ElementType::F32));
  EXPECT_FALSE(isImpossibleRate(1e9, 1e6, 0.5e12, 2, ElementType::F32));
  EXPECT_FALSE(isImpossibleRate(1e9, 1e6, 0.5e12, 1, ElementType::BF16));
  EXPECT_TRUE(isImpossibleRate(1e9, 1e6, 1e12, 1, ElementType::F64));
  EXPECT_FALSE(isImpossibleRate(0, 1e6, 1e9, 1, ElementType::F32)); // not asked for
}

TEST(FmaPeak, IsThatOfAComputer) {
  const double peak = measureFmaPeak();
  EXPECT_GT(peak, 1e9);
  EXPECT_LT(peak, 1e12);
}

} // namespace
