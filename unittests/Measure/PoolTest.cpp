//===- PoolTest.cpp - Measuring with real workers ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/Pool.h"
#include "Tasks.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "chameleon/Measure/LiveMeasurer.h"
#include <algorithm>
#include <cmath>
#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/wait.h>
#include <unistd.h>

using namespace chameleon;
using ::testing::HasSubstr;

namespace {

const std::string kMisbehaving = CHAMELEON_TEST_SCHEDULES "/misbehaving.mlir";

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

/// For tests that want nothing special; whatever a test does to it, the next one finds it in order.
MeasurePool *sharedPool() {
  static std::unique_ptr<MeasurePool> pool = startPool(optionsFor({kMisbehaving}));
  return pool.get();
}

TaskSpec spec(const std::string &ir) {
  TaskSpec spec;
  spec.key = ir; // whatever tells tasks apart
  spec.ir = ir;
  return spec;
}

std::vector<Measurement> measureAll(MeasurePool &pool, const TaskSpec &task,
                                    const std::vector<CandidateSpec> &candidates) {
  auto measured = pool.measure(task, candidates, 0, [](size_t, const Measurement &) {});
  EXPECT_TRUE(measured.ok()) << measured.status();
  return measured.ok() ? *measured : std::vector<Measurement>();
}

//===----------------------------------------------------------------------===//
// Processes
//===----------------------------------------------------------------------===//

std::vector<pid_t> childrenOf(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/task/", pid, "/children"));
  return {std::istream_iterator<pid_t>(file), std::istream_iterator<pid_t>()};
}

std::vector<pid_t> descendantsOf(pid_t pid) {
  std::vector<pid_t> found;
  for (pid_t child : childrenOf(pid)) {
    found.push_back(child);
    for (pid_t grandchild : descendantsOf(child))
      found.push_back(grandchild);
  }
  return found;
}

bool anyAlive(const std::vector<pid_t> &pids) {
  return std::any_of(pids.begin(), pids.end(), [](pid_t pid) {
    std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
    std::string number, name, state;
    return file >> number >> name >> state && state != "Z" && name == "(chameleon-worke)";
  });
}

// A candidate without a schedule goes to the tail as it is.
const CandidateSpec kPlain;

TEST(Pool, MeasuresAPlainConvolution) {
  MeasurePool *pool = sharedPool();
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

//===----------------------------------------------------------------------===//
// Candidates that go wrong
//===----------------------------------------------------------------------===//

CandidateSpec misbehaving(const std::string &how, const std::string &tile = "8") {
  return {"misbehaving_matmul", {{"how", how}, {"tile", tile}}};
}

const CandidateSpec kEndless = {"endless", {}};

TEST(Pool, BuildsTheFirstCandidatesWhileItPrepares) {
  MeasurePoolOptions options = optionsFor();
  options.builders = 2;
  auto pool = startPool(std::move(options));
  ASSERT_TRUE(pool);
  const TaskSpec task = spec(tasks::convolutionTask(16, 14));
  auto baseline = pool->prepare(task, {kPlain});
  ASSERT_TRUE(baseline.ok()) << baseline.status();
  EXPECT_GT(baseline->naiveNs, 1000);
  EXPECT_EQ(pool->statistics().built, 1);
  EXPECT_EQ(pool->statistics().measured, 0);
  const auto measured = measureAll(*pool, task, {kPlain});
  ASSERT_EQ(measured.size(), 1u);
  EXPECT_TRUE(measured[0].ok()) << measured[0].message;
  EXPECT_GT(measured[0].buildSeconds, 0); // it cost that, whenever it was built
  EXPECT_EQ(pool->statistics().built, 1);
  EXPECT_EQ(pool->statistics().cacheHits, 1);
  const auto again = measureAll(*pool, task, {kPlain});
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].buildSeconds, 0);
}

TEST(Pool, PreparesATaskWhoseFirstCandidateFails) {
  MeasurePoolOptions options = optionsFor({kMisbehaving});
  options.builders = 2;
  auto pool = startPool(std::move(options));
  ASSERT_TRUE(pool);
  const TaskSpec task = spec(tasks::convolutionTask(16, 14));
  const CandidateSpec unknown{"no_such_schedule", {}};
  auto baseline = pool->prepare(task, {unknown, kPlain});
  ASSERT_TRUE(baseline.ok()) << baseline.status();
  const auto measured = measureAll(*pool, task, {unknown, kPlain});
  ASSERT_EQ(measured.size(), 2u);
  EXPECT_FALSE(measured[0].ok());
  EXPECT_TRUE(measured[1].ok()) << measured[1].message;
  EXPECT_EQ(pool->statistics().built, 2); // neither of them twice
}

TEST(Pool, PreparesOnOneCore) {
  MeasurePoolOptions options = optionsFor();
  options.target.cores = 1;
  auto pool = startPool(std::move(options));
  ASSERT_TRUE(pool);
  const TaskSpec task = spec(tasks::convolutionTask(16, 14));
  auto baseline = pool->prepare(task, {kPlain});
  ASSERT_TRUE(baseline.ok()) << baseline.status();
  const auto measured = measureAll(*pool, task, {kPlain});
  ASSERT_EQ(measured.size(), 1u);
  EXPECT_TRUE(measured[0].ok()) << measured[0].message;
}

TEST(Pool, PreparesWithWorkersThatDiedMeanwhile) {
  auto pool = startPool(optionsFor());
  ASSERT_TRUE(pool);
  for (pid_t child : childrenOf(getpid()))
    kill(child, SIGKILL);
  auto baseline = pool->prepare(spec(tasks::convolutionTask(16, 14)), {kPlain});
  ASSERT_TRUE(baseline.ok()) << baseline.status();
  EXPECT_GE(pool->statistics().restarts, 1);
}

TEST(Pool, StopsPreparingWhenInterrupted) {
  MeasurePoolOptions options = optionsFor();
  bool stop = true;
  options.interrupted = [&] { return stop; };
  auto pool = startPool(std::move(options));
  ASSERT_TRUE(pool);
  const TaskSpec task = spec(tasks::convolutionTask(16, 14));
  EXPECT_TRUE(absl::IsCancelled(pool->prepare(task, {kPlain}).status()));
  stop = false;
  auto baseline = pool->prepare(task, {kPlain});
  EXPECT_TRUE(baseline.ok()) << baseline.status();
}

TEST(Pool, BelievesAScheduleThatSaysItDoesLess) {
  MeasurePool *pool = sharedPool();
  ASSERT_TRUE(pool);
  TaskSpec task = spec(tasks::matmulTask(64, 128, 32));
  task.key += "rate";
  task.minimumFlops = 1e13; // in less than a millisecond
  auto sharing = [](const char *share) {
    return CandidateSpec{"sharing_matmul", {{"share", share}}};
  };
  const auto measured =
      measureAll(*pool, task, {sharing("billionth"), sharing("twice"), sharing("all")});
  ASSERT_EQ(measured.size(), 3u);
  EXPECT_TRUE(measured[0].ok()) << measured[0].message;
  EXPECT_EQ(measured[1].failure, FailureClass::TransformFailed);
  EXPECT_THAT(measured[1].message, HasSubstr("chameleon.work_share"));
  EXPECT_EQ(measured[2].failure, FailureClass::ImpossibleRate);
}

TEST(Pool, DoesNotBelieveAModelThatSaysSo) {
  MeasurePool *pool = sharedPool();
  ASSERT_TRUE(pool);
  std::string ir = tasks::matmulTask(64, 128, 32);
  const std::string mark = "attributes {";
  ir.insert(ir.find(mark) + mark.size(), "chameleon.work_share = 1.0e-9 : f64, ");
  TaskSpec task = spec(ir);
  task.minimumFlops = 1e13;
  const auto measured = measureAll(*pool, task, {kPlain});
  ASSERT_EQ(measured.size(), 1u);
  EXPECT_EQ(measured[0].failure, FailureClass::ImpossibleRate);
}

TEST(Pool, StopsACandidateThatHangs) {
  MeasurePoolOptions options = optionsFor({kMisbehaving});
  options.runLimits.wallSeconds = 3;
  auto pool = startPool(options);
  ASSERT_TRUE(pool);
  const auto measured = measureAll(*pool, spec(tasks::loopingTask()), {kPlain, kEndless, kPlain});
  ASSERT_EQ(measured.size(), 3u);
  EXPECT_TRUE(measured[0].ok()) << measured[0].message;
  EXPECT_EQ(measured[1].failure, FailureClass::RunTimeout) << measured[1].message;
  EXPECT_TRUE(measured[2].ok()) << measured[2].message;
  EXPECT_EQ(pool->statistics().restarts, 0);
}

TEST(Pool, CountsEveryFailureAndGoesOn) {
  MeasurePoolOptions options = optionsFor({kMisbehaving});
  options.runLimits.wallSeconds = 3;
  auto pool = startPool(options);
  ASSERT_TRUE(pool);
  const TaskSpec task = spec(tasks::matmulTask(64, 128, 32));
  const std::vector<std::pair<CandidateSpec, FailureClass>> expected = {
      {misbehaving("right"), FailureClass::None},
      {misbehaving("wrong"), FailureClass::WrongResult},
      {misbehaving("crash"), FailureClass::RunCrashed},
      {misbehaving("fail"), FailureClass::TransformFailed},
      {misbehaving("right", "4"), FailureClass::InvalidConfig},
      {misbehaving("nonsense"), FailureClass::InvalidConfig},
      {{"no_such_schedule", {}}, FailureClass::InvalidConfig},
      {misbehaving("right"), FailureClass::None}};
  std::vector<CandidateSpec> candidates;
  for (const auto &[candidate, failure] : expected)
    candidates.push_back(candidate);
  const auto measured = measureAll(*pool, task, candidates);
  ASSERT_EQ(measured.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(failureClassName(measured[i].failure), failureClassName(expected[i].second))
        << i << ": " << measured[i].message;
    EXPECT_EQ(measured[i].message.empty(), measured[i].ok());
    EXPECT_EQ(std::isnan(measured[i].medianNs), !measured[i].ok());
  }
  EXPECT_EQ(pool->statistics().restarts, 0); // no worker was lost over it
}

/// Where all builders share cores with the run worker: it builds, then it times.
TEST(Pool, TakesTurnsWithBuildersOnAllCores) {
  MeasurePoolOptions options = optionsFor({kMisbehaving});
  options.target.cores = 1; // as the pool sees it: no core is left beside the run worker's
  options.builders = 2;
  auto pool = startPool(options);
  ASSERT_TRUE(pool);
  const TaskSpec task = spec(tasks::matmulTask(64, 128, 32));
  const std::vector<std::pair<CandidateSpec, FailureClass>> expected = {
      {misbehaving("right"), FailureClass::None},
      {misbehaving("crash"), FailureClass::RunCrashed},
      {misbehaving("fail"), FailureClass::TransformFailed},
      {misbehaving("wrong"), FailureClass::WrongResult},
      {{"parallel_matmul", {}}, FailureClass::None},
      {kPlain, FailureClass::None}};
  std::vector<CandidateSpec> candidates;
  for (int round = 0; round < 4; ++round) // more than may wait for the run worker
    for (const auto &[candidate, failure] : expected)
      candidates.push_back(candidate);
  const auto measured = measureAll(*pool, task, candidates);
  ASSERT_EQ(measured.size(), candidates.size());
  for (size_t i = 0; i < measured.size(); ++i)
    EXPECT_EQ(failureClassName(measured[i].failure),
              failureClassName(expected[i % expected.size()].second))
        << i << ": " << measured[i].message;
  EXPECT_GE(pool->statistics().cacheHits, 1);
  EXPECT_EQ(pool->statistics().restarts, 0);
}

TEST(Pool, StopsABuildThatTakesTooLong) {
  MeasurePoolOptions options = optionsFor({kMisbehaving});
  options.buildLimits.wallSeconds = 4;
  options.buildLimits.memoryBytes = 0;
  auto pool = startPool(options);
  ASSERT_TRUE(pool);
  const auto measured = measureAll(*pool, spec(tasks::matmulTask(256, 256, 256)),
                                   {{"exploding_matmul", {{"tile", "1"}}}, kPlain});
  ASSERT_EQ(measured.size(), 2u);
  EXPECT_EQ(measured[0].failure, FailureClass::CompileTimeout) << measured[0].message;
  EXPECT_TRUE(measured[1].ok()) << measured[1].message;
}

#ifndef CHAMELEON_SANITIZERS
TEST(Pool, StopsABuildThatTakesTooMuchMemory) {
  MeasurePoolOptions options = optionsFor({kMisbehaving});
  options.buildLimits.memoryBytes = 64 << 20;
  options.buildLimits.wallSeconds = 60;
  options.buildLimits.cpuSeconds = 60;
  auto pool = startPool(options);
  ASSERT_TRUE(pool);
  const auto measured = measureAll(*pool, spec(tasks::matmulTask(256, 256, 256)),
                                   {{"exploding_matmul", {{"tile", "1"}}}, kPlain});
  ASSERT_EQ(measured.size(), 2u);
  EXPECT_EQ(measured[0].failure, FailureClass::CompileOom) << measured[0].message;
  EXPECT_TRUE(measured[1].ok()) << measured[1].message;
}
#endif

TEST(Pool, RefusesATaskThatCallsForeignCode) {
  MeasurePool *pool = sharedPool();
  ASSERT_TRUE(pool);
  const auto prepared = pool->prepare(spec(R"mlir(
    llvm.func @system(!llvm.ptr) -> i32
    func.func private @task(%x: tensor<4xf32>, %d: tensor<4xf32>) -> tensor<4xf32> {
      %p = llvm.mlir.zero : !llvm.ptr
      %0 = llvm.call @system(%p) : (!llvm.ptr) -> i32
      return %x : tensor<4xf32>
    })mlir"));
  ASSERT_FALSE(prepared.ok());
  EXPECT_THAT(std::string(prepared.status().message()), HasSubstr("foreign code"));
}

//===----------------------------------------------------------------------===//
// Kinds of tasks
//===----------------------------------------------------------------------===//

struct NamedTask {
  std::string name;
  std::string ir;
};

void PrintTo(const NamedTask &task, std::ostream *stream) { *stream << task.name; }

class PlainTask : public ::testing::TestWithParam<NamedTask> {};

TEST_P(PlainTask, IsRightAsItStands) {
  MeasurePool *pool = sharedPool();
  ASSERT_TRUE(pool);
  const auto measured = measureAll(*pool, spec(GetParam().ir), {kPlain});
  ASSERT_EQ(measured.size(), 1u);
  EXPECT_TRUE(measured[0].ok()) << measured[0].message;
}

INSTANTIATE_TEST_SUITE_P(Kinds, PlainTask,
                         ::testing::Values(NamedTask{"OddSizes", tasks::matmulTask(17, 19, 23)},
                                           NamedTask{"F64", tasks::matmulTask(16, 16, 16, "f64")},
                                           NamedTask{"BF16", tasks::matmulTask(16, 16, 16, "bf16")},
                                           NamedTask{"F16", tasks::matmulTask(16, 16, 16, "f16")},
                                           NamedTask{"I32", tasks::matmulTask(16, 16, 16, "i32")},
                                           NamedTask{"Accumulating",
                                                     tasks::matmulTask(16, 16, 16, "f32", true)},
                                           NamedTask{"Rounding", tasks::roundingTask(1000)}),
                         [](const auto &info) { return info.param.name; });

//===----------------------------------------------------------------------===//
// The pool's own duties
//===----------------------------------------------------------------------===//

TEST(Pool, SchedulesForApply) {
  MeasurePool *pool = sharedPool();
  ASSERT_TRUE(pool);
  const std::string ir = tasks::matmulTask(64, 128, 32);
  const auto scheduled =
      pool->schedule(ir, "misbehaving_matmul", {{"how", "right"}, {"tile", "8"}});
  ASSERT_TRUE(scheduled.ok()) << scheduled.status();
  EXPECT_THAT(*scheduled, HasSubstr("scf.for"));
  EXPECT_TRUE(absl::IsInvalidArgument(pool->schedule(ir, "unknown", {}).status()));
  EXPECT_TRUE(absl::IsInternal(
      pool->schedule(ir, "misbehaving_matmul", {{"how", "fail"}, {"tile", "8"}}).status()));
}

TEST(Pool, ComparesSideBySideWithoutBuildingAgain) {
  MeasurePool *pool = sharedPool();
  ASSERT_TRUE(pool);
  const TaskSpec task = spec(tasks::matmulTask(64, 128, 32));
  measureAll(*pool, task, {misbehaving("right"), kPlain});
  const int64_t built = pool->statistics().built;
  const auto ranked = pool->rerank(task, {misbehaving("right"), misbehaving("fail"), kPlain}, 5);
  ASSERT_TRUE(ranked.ok()) << ranked.status();
  ASSERT_EQ(ranked->size(), 3u);
  for (size_t i : {0, 2}) {
    EXPECT_TRUE((*ranked)[i].measurement.ok()) << (*ranked)[i].measurement.message;
    EXPECT_EQ((*ranked)[i].samplesNs.size(), 5u);
    EXPECT_GT((*ranked)[i].measurement.medianNs, 0);
  }
  EXPECT_EQ((*ranked)[1].measurement.failure, FailureClass::TransformFailed);
  EXPECT_EQ(pool->statistics().built, built + 1); // the one that failed is not kept
}

TEST(Pool, AComparisonGoesOnWithoutACandidateThatCrashes) {
  MeasurePool *pool = sharedPool();
  ASSERT_TRUE(pool);
  const auto ranked = pool->rerank(spec(tasks::matmulTask(64, 128, 32)),
                                   {misbehaving("crash"), misbehaving("right")}, 3);
  ASSERT_TRUE(ranked.ok()) << ranked.status();
  EXPECT_EQ((*ranked)[0].measurement.failure, FailureClass::RunCrashed);
  EXPECT_TRUE((*ranked)[1].measurement.ok());
}

TEST(Pool, MeasuresConfigurationsOfASpace) {
  MeasurePool *pool = sharedPool();
  ASSERT_TRUE(pool);
  Knob how, tile;
  how.name = "how";
  how.kind = KnobKind::Choice;
  how.labels = {"right", "wrong"};
  how.values = {0, 1};
  tile.name = "tile";
  tile.values = {4, 8};
  using Op = Expression::Op;
  const Expression tileIsEight({{Op::Knob, 1}, {Op::Constant, 8}, {Op::Sub, 0}});
  const auto space = Space::create("misbehaving_matmul", {how, tile},
                                   {{tileIsEight, true, "the tile must be eight"}});
  ASSERT_TRUE(space.ok()) << space.status();
  auto measurer = pool->measurerFor(spec(tasks::matmulTask(64, 128, 32)), *space);
  std::vector<size_t> order;
  const auto measured =
      measurer->measure({{{0, 0}}, {{0, 1}}, {{1, 1}}}, 0,
                        [&](size_t index, const Measurement &) { order.push_back(index); });
  ASSERT_TRUE(measured.ok()) << measured.status();
  EXPECT_EQ((*measured)[0].failure, FailureClass::InvalidConfig);
  EXPECT_EQ((*measured)[0].message, "the tile must be eight");
  EXPECT_TRUE((*measured)[1].ok()) << (*measured)[1].message;
  EXPECT_EQ((*measured)[2].failure, FailureClass::WrongResult);
  EXPECT_THAT(order, ::testing::UnorderedElementsAre(0, 1, 2));

  order.clear();
  const auto compared = measurer->compare(
      {{{0, 1}}, {{0, 1}}}, [&](size_t index, const Measurement &) { order.push_back(index); });
  ASSERT_TRUE(compared.ok()) << compared.status();
  EXPECT_THAT(order, ::testing::ElementsAre(0, 1));
  for (const Measurement &measurement : *compared) {
    EXPECT_TRUE(measurement.ok()) << measurement.message;
    EXPECT_GE(measurement.samples, 10);
    EXPECT_EQ(measurement.relativeError, (*measured)[1].relativeError);
  }
}

TEST(Pool, ReplacesWorkersThatDied) {
  MeasurePool *pool = sharedPool();
  ASSERT_TRUE(pool);
  const TaskSpec task = spec(tasks::matmulTask(64, 128, 32));
  EXPECT_TRUE(measureAll(*pool, task, {kPlain})[0].ok());
  for (pid_t child : childrenOf(getpid()))
    kill(child, SIGKILL);
  const auto measured = measureAll(*pool, task, {kPlain, kPlain});
  ASSERT_EQ(measured.size(), 2u);
  EXPECT_TRUE(measured[0].ok()) << measured[0].message;
  EXPECT_TRUE(measured[1].ok()) << measured[1].message;
  EXPECT_GT(pool->statistics().restarts, 0);
}

TEST(Pool, StopsWhenInterruptedAndServesOn) {
  bool stop = false;
  MeasurePoolOptions options = optionsFor({kMisbehaving});
  options.interrupted = [&] { return stop; };
  auto pool = startPool(options);
  ASSERT_TRUE(pool);
  const TaskSpec task = spec(tasks::loopingTask());
  const std::vector<CandidateSpec> candidates = {kPlain, kEndless, kPlain};
  absl::Time stopped;
  const auto measured = pool->measure(task, candidates, 0, [&](size_t index, const Measurement &) {
    stop = true; // after the first
    stopped = absl::Now();
  });
  EXPECT_LT(absl::ToDoubleSeconds(absl::Now() - stopped), 1.5);
  ASSERT_TRUE(measured.ok()) << measured.status();
  EXPECT_TRUE((*measured)[0].ok());
  EXPECT_EQ((*measured)[1].samples, 0);
  EXPECT_EQ((*measured)[1].failure, FailureClass::None);
  // The best so far can still be written.
  EXPECT_TRUE(pool->schedule(task.ir, "endless", {}).ok());
}

TEST(Pool, TalksThroughStandardStreams) {
  MeasurePoolOptions options = optionsFor();
  options.workerCommand = "/usr/bin/env " CHAMELEON_WORKER; // as ssh would
  auto pool = startPool(options);
  ASSERT_TRUE(pool);
  EXPECT_TRUE(measureAll(*pool, spec(tasks::matmulTask(16, 16, 16)), {kPlain})[0].ok());
}

TEST(Pool, UsesSeveralThreads) {
  MeasurePoolOptions options = optionsFor({kMisbehaving});
  options.threads = 2;
  auto pool = startPool(options);
  ASSERT_TRUE(pool);
  const auto measured =
      measureAll(*pool, spec(tasks::matmulTask(64, 64, 64)), {{"parallel_matmul", {}}, kPlain});
  ASSERT_EQ(measured.size(), 2u);
  EXPECT_TRUE(measured[0].ok()) << measured[0].message;
  EXPECT_TRUE(measured[1].ok()) << measured[1].message;
}

TEST(Pool, SaysWhatIsWrongWithTheWorkerCommand) {
  MeasurePoolOptions options = optionsFor();
  options.workerCommand = "/no/such/chameleon-worker";
  EXPECT_THAT(std::string(MeasurePool::create(options).status().message()),
              HasSubstr("/no/such/chameleon-worker"));
  options.workerCommand = "/bin/true";
  EXPECT_THAT(std::string(MeasurePool::create(options).status().message()),
              HasSubstr("does not serve"));
}

TEST(Pool, SaysWhichScheduleDoesNotLoad) {
  const auto pool = MeasurePool::create(optionsFor({"/no/such/schedules"}));
  EXPECT_THAT(std::string(pool.status().message()), HasSubstr("/no/such/schedules"));
}

TEST(Pool, NoWorkerOutlivesAKilledParent) {
  const pid_t parent = fork();
  if (parent == 0) {
    auto pool = MeasurePool::create(optionsFor({kMisbehaving}));
    if (pool.ok()) // hangs in a candidate until the parent is killed
      (void)(*pool)->measure(spec(tasks::loopingTask()), {kEndless}, 0,
                             [](size_t, const Measurement &) {});
    _exit(1);
  }
  std::vector<pid_t> family;
  for (int i = 0; i < 500 && family.size() < 3; ++i) { // two workers and the candidate
    absl::SleepFor(absl::Milliseconds(20));
    family = descendantsOf(parent);
  }
  absl::SleepFor(absl::Milliseconds(100));
  for (pid_t pid : descendantsOf(parent))
    family.push_back(pid);
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  for (int i = 0; i < 250 && anyAlive(family); ++i)
    absl::SleepFor(absl::Milliseconds(20));
  EXPECT_GE(family.size(), 3u);
  EXPECT_FALSE(anyAlive(family));
}

} // namespace
