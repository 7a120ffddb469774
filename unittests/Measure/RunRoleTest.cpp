//===- RunRoleTest.cpp - What the run worker makes of all kinds of objects ---===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HandMadeObjects.h"
#include "absl/time/clock.h"
#include "chameleon/Support/WorkerProcess.h"
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace chameleon;
using tasks::Behaviour;
using ::testing::HasSubstr;

namespace {

/// One run worker for all tests: that it serves on after each failure is part of what is tested.
class RunRole : public ::testing::Test {
protected:
  static void SetUpTestSuite() {
    WorkerOptions options;
    options.command = {CHAMELEON_WORKER, "--role=run"};
    auto spawned = WorkerProcess::spawn(options);
    ASSERT_TRUE(spawned.ok()) << spawned.status();
    worker = spawned->release();
    HelloReply hello;
    ASSERT_TRUE(ask(HelloRequest(), hello).ok());
    EXPECT_EQ(hello.role, "run");
    EXPECT_GT(hello.peakFlops, 1e9);
    PrepareReply prepared;
    ASSERT_TRUE(ask(prepareRequest(), prepared).ok());
    ASSERT_EQ(prepared.failure, FailureClass::None) << prepared.message;
    EXPECT_GT(prepared.naiveNs, 0);
    EXPECT_GT(prepared.naiveError, 0);
    EXPECT_LT(prepared.naiveError, 1e-7);
  }
  static void TearDownTestSuite() {
    delete worker;
    worker = nullptr;
  }

  static PrepareRequest prepareRequest() {
    PrepareRequest request;
    request.taskId = "sum";
    request.abi = tasks::sumAbi();
    request.exactMagnitude = 8;
    request.reference = tasks::makeReferenceObject();
    request.naive = tasks::makeObject();
    return request;
  }

  template <typename Request, typename Reply>
  static absl::Status ask(const Request &request, Reply &reply) {
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    if (absl::Status sent = send(worker->channel(), 1, request, deadline); !sent.ok())
      return sent;
    std::string bytes;
    auto json = worker->channel().receive(deadline, &bytes);
    return json.ok() ? decode(*json, bytes, reply) : json.status();
  }

  static MeasureRequest requestFor(const Behaviour &behaviour) {
    MeasureRequest request;
    request.taskId = "sum";
    request.object = tasks::makeObject(behaviour);
    request.abi = tasks::sumAbi();
    request.exactMagnitude = 8;
    request.limits.wallSeconds = 20; // of a slow and busy machine
    request.limits.cpuSeconds = 20;
    request.limits.memoryBytes = 256 << 20;
    return request;
  }
  static MeasureReply measure(const MeasureRequest &request) {
    MeasureReply reply;
    const absl::Status asked = ask(request, reply);
    EXPECT_TRUE(asked.ok()) << asked;
    return reply;
  }
  static Measurement measurementOf(const Behaviour &behaviour) {
    return measure(requestFor(behaviour)).measurement;
  }

  static WorkerProcess *worker;
};

WorkerProcess *RunRole::worker = nullptr;

TEST_F(RunRole, TimesARightObject) {
  const Measurement measurement = measurementOf({});
  EXPECT_TRUE(measurement.ok()) << measurement.message;
  EXPECT_GT(measurement.medianNs, 0.5);
  EXPECT_LT(measurement.medianNs, 1e6);
  EXPECT_GE(measurement.samples, 3);
  EXPECT_GE(measurement.madNs, 0);
  EXPECT_GT(measurement.relativeError, 0);
  EXPECT_LT(measurement.relativeError, 1e-7);
}

TEST_F(RunRole, TimesCold) {
  MeasureRequest request = requestFor({});
  request.mode = MeasureMode::Cold;
  const Measurement cold = measure(request).measurement;
  EXPECT_TRUE(cold.ok()) << cold.message;
}

TEST_F(RunRole, PacksConstantsBeforeTheCall) {
  MeasureRequest request = requestFor({});
  request.object = tasks::makePackedObject();
  request.abi.arguments[1].role = ArgumentRole::Packed;
  request.abi.init = "init";
  request.abi.packed = {1};
  const MeasureReply reply = measure(request);
  EXPECT_TRUE(reply.measurement.ok()) << reply.measurement.message;
  EXPECT_GT(reply.initNs, 0);
}

TEST_F(RunRole, FindsAWrongResult) {
  Behaviour wrong;
  wrong.body = "%r = llvm.fsub %a, %b : f32";
  const Measurement measurement = measurementOf(wrong);
  EXPECT_EQ(measurement.failure, FailureClass::WrongResult);
  EXPECT_THAT(measurement.message, HasSubstr("expected"));
  EXPECT_TRUE(std::isnan(measurement.medianNs));
  EXPECT_EQ(measurement.samples, 0);
}

TEST_F(RunRole, FindsTheLeastErrorOnIntegers) {
  // An error of one unit in the last place of large numbers only: 1e-7 would pass as rounding.
  Behaviour almost;
  almost.body = R"mlir(
    %s = llvm.fadd %a, %b : f32
    %f = llvm.mlir.constant(1.0000001 : f32) : f32
    %r = llvm.fmul %s, %f : f32)mlir";
  EXPECT_EQ(measurementOf(almost).failure, FailureClass::WrongResult);
  // A candidate that says that it rounds is held against the error alone.
  MeasureRequest rounding = requestFor(almost);
  rounding.exactMagnitude = 0;
  rounding.numerics = Numerics::Fast;
  EXPECT_TRUE(measure(rounding).measurement.ok());
  rounding.numerics = Numerics::Strict;
  EXPECT_EQ(measure(rounding).measurement.failure, FailureClass::WrongResult);
}

TEST_F(RunRole, FindsElementsThatWereNotWritten) {
  Behaviour lazy;
  lazy.body = R"mlir(
    %five = llvm.mlir.constant(5 : i64) : i64
    %skip = llvm.icmp "eq" %i, %five : i64
    %old = llvm.load %po : !llvm.ptr -> f32
    %s = llvm.fadd %a, %b : f32
    %r = llvm.select %skip, %old, %s : i1, f32)mlir";
  EXPECT_EQ(measurementOf(lazy).failure, FailureClass::WrongResult);
}

TEST_F(RunRole, FindsWritesBesideTheOutput) {
  Behaviour wide;
  wide.tail = R"mlir(
      %p = llvm.getelementptr %out[%n] : (!llvm.ptr, i64) -> !llvm.ptr, f32
      %f = llvm.mlir.constant(0.0 : f32) : f32
      llvm.store %f, %p : f32, !llvm.ptr
      llvm.return)mlir";
  const Measurement measurement = measurementOf(wide);
  EXPECT_EQ(measurement.failure, FailureClass::WrongResult);
  EXPECT_THAT(measurement.message, HasSubstr("outside of its outputs"));
}

TEST_F(RunRole, FindsChangedInputs) {
  Behaviour rude;
  rude.tail = R"mlir(
      %f = llvm.mlir.constant(77.0 : f32) : f32
      llvm.store %f, %x : f32, !llvm.ptr
      llvm.return)mlir";
  EXPECT_THAT(measurementOf(rude).message, HasSubstr("changed an input"));
  EXPECT_TRUE(measurementOf({}).ok()); // the worker's own copy is whole
}

TEST_F(RunRole, FindsCodeThatIsRightAtFirstOnly) {
  Behaviour moody;
  moody.declarations = "llvm.mlir.global internal @count(0 : i64) : i64";
  moody.tail = R"mlir(
      %p = llvm.mlir.addressof @count : !llvm.ptr
      %old = llvm.load %p : !llvm.ptr -> i64
      %new = llvm.add %old, %one : i64
      llvm.store %new, %p : i64, !llvm.ptr
      %five = llvm.mlir.constant(5 : i64) : i64
      %late = llvm.icmp "sgt" %new, %five : i64
      llvm.cond_br %late, ^spoil, ^done
    ^spoil:
      %f = llvm.mlir.constant(77.0 : f32) : f32
      llvm.store %f, %out : f32, !llvm.ptr
      llvm.br ^done
    ^done:
      llvm.return)mlir";
  const Measurement measurement = measurementOf(moody);
  EXPECT_EQ(measurement.failure, FailureClass::WrongResult);
  EXPECT_THAT(measurement.message, HasSubstr("a later call"));
}

TEST_F(RunRole, SurvivesACrash) {
  Behaviour crash;
  crash.tail = "\"llvm.intr.trap\"() : () -> ()\n llvm.return";
  const Measurement measurement = measurementOf(crash);
  EXPECT_EQ(measurement.failure, FailureClass::RunCrashed);
  EXPECT_THAT(measurement.message, HasSubstr("SIGILL"));
  EXPECT_TRUE(measurementOf({}).ok());
}

TEST_F(RunRole, SurvivesAHang) {
  Behaviour hang;
  hang.tail = "llvm.br ^spin\n ^spin:\n llvm.br ^spin";
  MeasureRequest request = requestFor(hang);
  request.limits.wallSeconds = 1;
  EXPECT_EQ(measure(request).measurement.failure, FailureClass::RunTimeout);
  EXPECT_TRUE(measurementOf({}).ok());
}

#ifndef CHAMELEON_SANITIZERS
TEST_F(RunRole, SurvivesAllocationWithoutEnd) {
  Behaviour greedy;
  greedy.declarations = "llvm.func @malloc(i64) -> !llvm.ptr";
  greedy.tail = R"mlir(
      %size = llvm.mlir.constant(1048576 : i64) : i64
      llvm.br ^more
    ^more:
      %p = llvm.call @malloc(%size) : (i64) -> !llvm.ptr
      llvm.store volatile %size, %p : i64, !llvm.ptr
      llvm.br ^more)mlir";
  EXPECT_EQ(measurementOf(greedy).failure, FailureClass::RunCrashed);
  EXPECT_TRUE(measurementOf({}).ok());
}
#endif

TEST_F(RunRole, RefusesForeignSymbols) {
  Behaviour shell;
  shell.declarations = "llvm.func @system(!llvm.ptr) -> i32";
  shell.tail = "%s = llvm.call @system(%x) : (!llvm.ptr) -> i32\n llvm.return";
  const Measurement measurement = measurementOf(shell);
  EXPECT_EQ(measurement.failure, FailureClass::CompileFailed);
  EXPECT_THAT(measurement.message, HasSubstr("system"));
}

TEST_F(RunRole, RefusesOperandsThatDoNotFit) {
  const int64_t many = int64_t{1} << 40;
  for (const std::vector<int64_t> &shape : {std::vector<int64_t>{many}, {many, many, many}}) {
    PrepareRequest request = prepareRequest();
    request.taskId = "large";
    request.abi.arguments[0].shape = shape;
    PrepareReply reply;
    const absl::Status status = ask(request, reply);
    EXPECT_THAT(std::string(status.message()), HasSubstr("expected operands of at most"));
  }
  EXPECT_TRUE(measurementOf({}).ok()) << "the worker goes on";
}

TEST_F(RunRole, RejectsImpossibleRates) {
  MeasureRequest request = requestFor({});
  request.minimumFlops = 1e9; // in less than a microsecond
  const Measurement measurement = measure(request).measurement;
  EXPECT_EQ(measurement.failure, FailureClass::ImpossibleRate);
  EXPECT_THAT(measurement.message, HasSubstr("GFLOP/s"));
}

TEST_F(RunRole, CountsOnlyTheShareOfTheWorkThatIsDone) {
  MeasureRequest request = requestFor({});
  request.minimumFlops = 1e9;
  request.workShare = 1e-9; // one operation is left
  EXPECT_TRUE(measure(request).measurement.ok());
}

TEST_F(RunRole, RefusesSharesOfTheWorkThatCannotBe) {
  MeasureRequest request = requestFor({});
  for (const double share : {0.0, -0.5, 1.5, std::nan("")}) {
    request.workShare = share;
    const Measurement measurement = measure(request).measurement;
    EXPECT_EQ(measurement.failure, FailureClass::CompileFailed) << share;
    EXPECT_THAT(measurement.message, HasSubstr("share of the work in (0, 1]"));
  }
}

TEST_F(RunRole, GivesASlowCandidateOneSample) {
  MeasureRequest request = requestFor({});
  request.incumbentNs = 0.1;
  const Measurement measurement = measure(request).measurement;
  EXPECT_TRUE(measurement.ok());
  EXPECT_EQ(measurement.samples, 1);
}

TEST_F(RunRole, AsksForATaskThatItDoesNotKnow) {
  MeasureRequest request = requestFor({});
  request.taskId = "another";
  EXPECT_TRUE(measure(request).unknownTask);
}

TEST_F(RunRole, RefusesAnotherInterface) {
  MeasureRequest request = requestFor({});
  request.abi.arguments[0].shape = {tasks::kElements + 1};
  EXPECT_EQ(measure(request).measurement.failure, FailureClass::CompileFailed);
}

TEST_F(RunRole, AnswersNonsenseWithAnError) {
  MeasureReply reply;
  EXPECT_TRUE(absl::IsInternal(ask(BuildRequest(), reply)));
  EXPECT_TRUE(measurementOf({}).ok());
}

TEST_F(RunRole, ComparesObjectsInTurn) {
  Behaviour slow;
  slow.body = R"mlir(
    %q = llvm.fdiv %a, %b : f32
    llvm.store volatile %q, %po : f32, !llvm.ptr
    %q2 = llvm.fdiv %b, %a : f32
    llvm.store volatile %q2, %po : f32, !llvm.ptr
    %r = llvm.fadd %a, %b : f32)mlir";
  InterleaveRequest request;
  request.taskId = "sum";
  request.entries = {{tasks::makeObject(), tasks::sumAbi()},
                     {tasks::makeObject(slow), tasks::sumAbi()}};
  request.rounds = 5;
  InterleaveReply reply;
  ASSERT_TRUE(ask(request, reply).ok());
  ASSERT_EQ(reply.failure, FailureClass::None) << reply.message;
  ASSERT_EQ(reply.samplesNs.size(), 2u);
  ASSERT_EQ(reply.samplesNs[0].size(), 5u);
  EXPECT_LT(*std::min_element(reply.samplesNs[0].begin(), reply.samplesNs[0].end()),
            *std::min_element(reply.samplesNs[1].begin(), reply.samplesNs[1].end()));
}

TEST_F(RunRole, NamesTheObjectThatBreaksAComparison) {
  Behaviour crash;
  crash.tail = "\"llvm.intr.trap\"() : () -> ()\n llvm.return";
  InterleaveRequest request;
  request.taskId = "sum";
  request.entries = {{tasks::makeObject(), tasks::sumAbi()},
                     {tasks::makeObject(crash), tasks::sumAbi()}};
  InterleaveReply reply;
  ASSERT_TRUE(ask(request, reply).ok());
  EXPECT_EQ(reply.failure, FailureClass::RunCrashed);
  EXPECT_EQ(reply.culprit, 1);
}

TEST_F(RunRole, ReportsATaskWhoseReferenceCrashes) {
  PrepareRequest request = prepareRequest();
  request.taskId = "broken";
  Behaviour crash;
  crash.tail = "\"llvm.intr.trap\"() : () -> ()\n llvm.return";
  request.reference = tasks::makeObject(crash);
  PrepareReply reply;
  ASSERT_TRUE(ask(request, reply).ok());
  EXPECT_EQ(reply.failure, FailureClass::RunCrashed);
}

TEST_F(RunRole, TakesPositiveInputsWhereOthersLeadToNan) {
  PrepareRequest request = prepareRequest();
  request.taskId = "root";
  Behaviour root, wideRoot;
  root.body = "%r = llvm.intr.sqrt(%a) : (f32) -> f32";
  wideRoot.body = "%wa = llvm.fpext %a : f32 to f64\n %r = llvm.intr.sqrt(%wa) : (f64) -> f64";
  wideRoot.outputType = "f64";
  request.reference = tasks::makeObject(wideRoot);
  request.naive = tasks::makeObject(root);
  request.exactMagnitude = 0;
  PrepareReply reply;
  ASSERT_TRUE(ask(request, reply).ok());
  EXPECT_EQ(reply.failure, FailureClass::None) << reply.message;
  EXPECT_GT(reply.scale, 1);
  MeasureRequest candidate = requestFor(root);
  candidate.taskId = "root";
  candidate.exactMagnitude = 0;
  EXPECT_TRUE(measure(candidate).measurement.ok());
}

} // namespace
