//===- ProtocolTest.cpp --------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/Protocol.h"
#include "absl/time/clock.h"
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>

using namespace chameleon;
using ::testing::HasSubstr;

namespace {

absl::Time soon() { return absl::Now() + absl::Seconds(5); }

/// Two ends of a connection, and what arrived last.
struct Wire {
  Wire() {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    left = std::make_unique<Channel>(ends[0], ends[0]);
    right = std::make_unique<Channel>(ends[1], ends[1]);
  }

  void receive() {
    auto received = right->receive(soon(), &bytes);
    ASSERT_TRUE(received.ok()) << received.status();
    json = *std::move(received);
  }
  template <typename Message> Message transfer(const Message &message) {
    EXPECT_TRUE(send(*left, 7, message, soon()).ok());
    receive();
    Message copy;
    const absl::Status decoded = decode(json, bytes, copy);
    EXPECT_TRUE(decoded.ok()) << decoded;
    return copy;
  }

  std::unique_ptr<Channel> left, right;
  nlohmann::json json;
  std::string bytes;
};

TaskAbi someAbi() {
  TaskAbi abi;
  abi.function = "entry";
  abi.arguments = {{ArgumentRole::Input, {1, 2}, "f32"},
                   {ArgumentRole::Packed, {3}, "bf16"},
                   {ArgumentRole::Output, {}, "i8"}};
  abi.init = "init";
  abi.packed = {1};
  return abi;
}

TEST(Protocol, CarriesABuildReplyWithItsObject) {
  Wire wire;
  BuildReply reply;
  reply.failure = FailureClass::CompileOom;
  reply.message = "words";
  reply.object = std::string("\x7f\0ELF\xff", 6);
  reply.abi = someAbi();
  reply.exactMagnitude = 8;
  reply.workShare = 0.25;
  reply.codegenSeconds = 0.25;
  const BuildReply copy = wire.transfer(reply);
  EXPECT_EQ(copy.failure, reply.failure);
  EXPECT_EQ(copy.message, reply.message);
  EXPECT_EQ(copy.object, reply.object);
  ASSERT_EQ(copy.abi.arguments.size(), 3u);
  EXPECT_EQ(copy.abi.arguments[1].role, ArgumentRole::Packed);
  EXPECT_EQ(copy.abi.arguments[0].shape, reply.abi.arguments[0].shape);
  EXPECT_EQ(copy.abi.arguments[2].elementType, "i8");
  EXPECT_EQ(copy.abi.packed, reply.abi.packed);
  EXPECT_EQ(copy.exactMagnitude, 8);
  EXPECT_EQ(copy.workShare, 0.25);
  EXPECT_EQ(copy.codegenSeconds, 0.25);
}

TEST(Protocol, KeepsSeveralObjectsApart) {
  Wire wire;
  InterleaveRequest request;
  request.entries = {{"first object", someAbi()}, {"", someAbi()}, {"third", TaskAbi()}};
  const InterleaveRequest copy = wire.transfer(request);
  ASSERT_EQ(copy.entries.size(), 3u);
  EXPECT_EQ(copy.entries[0].object, "first object");
  EXPECT_EQ(copy.entries[1].object, "");
  EXPECT_EQ(copy.entries[2].object, "third");
}

TEST(Protocol, CarriesNumbersThatJsonDoesNotHave) {
  Wire wire;
  MeasureReply reply;
  reply.measurement.medianNs = std::nan("");
  reply.measurement.relativeError = INFINITY;
  reply.measurement.failure = FailureClass::ImpossibleRate;
  const MeasureReply copy = wire.transfer(reply);
  EXPECT_TRUE(std::isnan(copy.measurement.medianNs));
  EXPECT_EQ(copy.measurement.relativeError, INFINITY);
  EXPECT_EQ(copy.measurement.failure, FailureClass::ImpossibleRate);
}

TEST(Protocol, CarriesEveryOtherMessage) {
  Wire wire;
  HelloRequest hello;
  hello.schedulePaths = {"a", "b"};
  hello.target.cpu = "znver4";
  EXPECT_EQ(wire.transfer(hello).schedulePaths, hello.schedulePaths);
  EXPECT_EQ(wire.transfer(hello).target.cpu, "znver4");
  HelloReply facts;
  facts.peakFlops = 1e11;
  EXPECT_EQ(wire.transfer(facts).peakFlops, 1e11);
  ScheduleRequest schedule;
  schedule.knobs = {{"mc", "64"}, {"order", "mnk"}};
  EXPECT_EQ(wire.transfer(schedule).knobs, schedule.knobs);
  ScheduleReply scheduled;
  scheduled.ir = "module {}";
  EXPECT_EQ(wire.transfer(scheduled).ir, "module {}");
  BuildRequest build;
  build.kind = BuildKind::Reference;
  build.limits.memoryBytes = int64_t(1) << 40;
  EXPECT_EQ(wire.transfer(build).kind, BuildKind::Reference);
  EXPECT_EQ(wire.transfer(build).limits.memoryBytes, int64_t(1) << 40);
  PrepareRequest prepare;
  prepare.seed = ~uint64_t(0);
  prepare.reference = "r";
  prepare.naive = "nn";
  EXPECT_EQ(wire.transfer(prepare).seed, ~uint64_t(0));
  EXPECT_EQ(wire.transfer(prepare).naive, "nn");
  EXPECT_EQ(wire.transfer(PrepareReply()).failure, FailureClass::None);
  MeasureRequest measure;
  measure.numerics = Numerics::Fast;
  measure.mode = MeasureMode::Cold;
  measure.workShare = 0.44;
  EXPECT_EQ(wire.transfer(measure).numerics, Numerics::Fast);
  EXPECT_EQ(wire.transfer(measure).mode, MeasureMode::Cold);
  EXPECT_EQ(wire.transfer(measure).workShare, 0.44);
  InterleaveReply interleaved;
  interleaved.samplesNs = {{1, 2}, {3, 4}};
  EXPECT_EQ(wire.transfer(interleaved).samplesNs, interleaved.samplesNs);
}

TEST(Protocol, TellsAnErrorMessageFromAReply) {
  Wire wire;
  ASSERT_TRUE(sendError(*wire.left, 3, "no such schedule", soon()).ok());
  wire.receive();
  EXPECT_EQ(decodeEnvelope(wire.json)->id, 3);
  BuildReply reply;
  const absl::Status status = decode(wire.json, wire.bytes, reply);
  EXPECT_TRUE(absl::IsInternal(status));
  EXPECT_EQ(status.message(), "no such schedule");
}

class BrokenMessage : public ::testing::Test {
protected:
  BrokenMessage() {
    BuildReply reply;
    reply.object = "object";
    wire.transfer(reply);
  }
  std::string errorOf(const nlohmann::json &json, absl::string_view bytes) {
    BuildReply reply;
    return std::string(decode(json, bytes, reply).message());
  }
  Wire wire;
};

TEST_F(BrokenMessage, NamesTheMissingKey) {
  wire.json.erase("message");
  EXPECT_THAT(errorOf(wire.json, wire.bytes), HasSubstr("\"message\", but that key is missing"));
}

TEST_F(BrokenMessage, NamesTheKeyOfAnotherType) {
  wire.json["abi"]["arguments"] = 3;
  EXPECT_THAT(errorOf(wire.json, wire.bytes), HasSubstr("\"arguments\", but that key has a value"));
}

TEST_F(BrokenMessage, RefusesEnumeratorsOutOfRange) {
  wire.json["failure"] = 10;
  EXPECT_THAT(errorOf(wire.json, wire.bytes), HasSubstr("\"failure\""));
  wire.json["failure"] = -1;
  EXPECT_THAT(errorOf(wire.json, wire.bytes), HasSubstr("\"failure\""));
}

TEST_F(BrokenMessage, RefusesBytesThatDidNotCome) {
  EXPECT_THAT(errorOf(wire.json, "obj"), HasSubstr("\"object\""));
}

TEST_F(BrokenMessage, RefusesAnotherVersion) {
  wire.json["version"] = 99;
  EXPECT_THAT(errorOf(wire.json, wire.bytes), HasSubstr("expected protocol version 3"));
}

TEST_F(BrokenMessage, RefusesAnotherKind) {
  wire.json["kind"] = "measure";
  EXPECT_THAT(errorOf(wire.json, wire.bytes), HasSubstr("\"build\", but got \"measure\""));
}

TEST_F(BrokenMessage, RefusesWhatIsNoObject) {
  EXPECT_THAT(errorOf(nlohmann::json::array(), ""), HasSubstr("JSON object"));
}

TEST(Protocol, ParsesItsNames) {
  for (Numerics numerics : {Numerics::Strict, Numerics::Accurate, Numerics::Fast})
    EXPECT_EQ(*parseNumerics(numericsName(numerics)), numerics);
  for (MeasureMode mode : {MeasureMode::Warm, MeasureMode::Cold})
    EXPECT_EQ(*parseMeasureMode(measureModeName(mode)), mode);
  EXPECT_THAT(std::string(parseNumerics("exact").status().message()),
              HasSubstr("strict, accurate or fast for numerics, but got \"exact\""));
  EXPECT_FALSE(parseMeasureMode("hot").ok());
}

} // namespace
