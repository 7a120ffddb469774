//===- ChannelTest.cpp - Tests of Channel.h ------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/Channel.h"

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include <csignal>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <thread>
#include <unistd.h>

namespace chameleon {
namespace {

using nlohmann::json;

absl::Time soon() { return absl::Now() + absl::Seconds(10); }
absl::Time inMs(int ms) { return absl::Now() + absl::Milliseconds(ms); }

/// Two connected channels, and the raw descriptor of the second.
struct Pair {
  explicit Pair(int64_t maxBytes = Channel::defaultMaxBytes) {
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    a = std::make_unique<Channel>(ends[0], ends[0], maxBytes);
    b = std::make_unique<Channel>(ends[1], ends[1], maxBytes);
  }
  void writeRaw(absl::string_view data) {
    EXPECT_EQ(write(ends[1], data.data(), data.size()), static_cast<ssize_t>(data.size()));
  }
  int ends[2];
  std::unique_ptr<Channel> a, b;
};

TEST(ChannelTest, MessagesArriveInOrder) {
  Pair pair;
  ASSERT_TRUE(pair.a->send({{"id", 1}}, soon()).ok());
  ASSERT_TRUE(pair.a
                  ->send({{"id", 2}, {"text", "ö\n"}}, soon(),
                         "\x7f"
                         "ELF")
                  .ok());
  std::string bytes = "left over";
  EXPECT_EQ((*pair.b->receive(soon(), &bytes))["id"], 1);
  EXPECT_EQ(bytes, "");
  absl::StatusOr<json> second = pair.b->receive(soon(), &bytes);
  EXPECT_EQ((*second)["text"], "ö\n");
  EXPECT_EQ(bytes, "\x7f"
                   "ELF");
}

RC_GTEST_PROP(ChannelTest, AnyTextAndBytesComeBack,
              (std::vector<std::string> texts, std::string bytes)) {
  Pair pair;
  // Text that is not UTF-8 is replaced, so only its valid form must come back.
  const json sent =
      json::parse(json(texts).dump(-1, ' ', false, json::error_handler_t::replace), nullptr, false);
  RC_ASSERT(pair.a->send(sent, soon(), bytes).ok());
  std::string received;
  absl::StatusOr<json> message = pair.b->receive(soon(), &received);
  RC_ASSERT(message.ok());
  RC_ASSERT(*message == sent);
  RC_ASSERT(received == bytes);
}

TEST(ChannelTest, MessagesLargerThanTheSocketBuffer) {
  Pair pair;
  const std::string large(8 << 20, 'x');
  std::thread sender([&] { EXPECT_TRUE(pair.a->send({{"n", 3}}, soon(), large).ok()); });
  std::string bytes;
  EXPECT_TRUE(pair.b->receive(soon(), &bytes).ok());
  sender.join();
  EXPECT_EQ(bytes, large);
}

TEST(ChannelTest, InvalidTextIsReplacedNotFatal) {
  Pair pair;
  ASSERT_TRUE(pair.a->send({{"text", "\xff\xfe"}}, soon()).ok());
  EXPECT_TRUE(pair.b->receive(soon()).ok());
}

TEST(ChannelTest, DeadlinePassesWhileNothingComes) {
  Pair pair;
  EXPECT_EQ(pair.a->receive(inMs(20)).status().code(), absl::StatusCode::kDeadlineExceeded);
  // Nothing was consumed: the next message is read whole.
  ASSERT_TRUE(pair.b->send({{"id", 7}}, soon()).ok());
  EXPECT_EQ((*pair.a->receive(soon()))["id"], 7);
}

TEST(ChannelTest, DeadlineHoldsAgainstAPeerThatTrickles) {
  Pair pair;
  std::atomic<bool> stop = false;
  pair.writeRaw(absl::string_view("\xff\xff\0\0\0\0\0\0", 8));
  std::thread trickle([&] {
    while (!stop) {
      pair.writeRaw("x");
      absl::SleepFor(absl::Milliseconds(1));
    }
  });
  EXPECT_EQ(pair.a->receive(inMs(50)).status().code(), absl::StatusCode::kDeadlineExceeded);
  stop = true;
  trickle.join();
}

TEST(ChannelTest, DeadlinePassesWhileThePeerDoesNotRead) {
  Pair pair;
  const std::string large(8 << 20, 'x');
  EXPECT_EQ(pair.a->send({}, inMs(50), large).code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(ChannelTest, PeerClosesBetweenAndWithinMessages) {
  Pair between;
  between.b->close();
  EXPECT_EQ(between.a->receive(soon()).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(between.a->send({{"id", 1}}, soon()).code(), absl::StatusCode::kUnavailable);

  Pair within;
  within.writeRaw(absl::string_view("\x09\0\0\0\0\0\0\0{\"id", 12));
  within.b->close();
  EXPECT_EQ(within.a->receive(soon()).status().code(), absl::StatusCode::kDataLoss);
}

TEST(ChannelTest, TooLargeIsRefusedOnBothSides) {
  Pair pair(100);
  EXPECT_EQ(pair.a->send({}, soon(), std::string(101, 'x')).code(),
            absl::StatusCode::kResourceExhausted);
  pair.writeRaw(absl::string_view("\xff\xff\xff\xff\xff\xff\xff\xff", 8));
  EXPECT_EQ(pair.a->receive(soon()).status().code(), absl::StatusCode::kResourceExhausted);
}

TEST(ChannelTest, WhatIsNoJsonIsAnError) {
  Pair pair;
  pair.writeRaw(absl::string_view("\x03\0\0\0\0\0\0\0{x}", 11));
  absl::Status status = pair.a->receive(soon()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("{x}"), absl::string_view::npos);
}

TEST(ChannelTest, SignalsDoNotInterrupt) {
  struct sigaction action = {}, before = {};
  action.sa_handler = [](int) {};
  sigaction(SIGALRM, &action, &before); // no SA_RESTART: system calls return EINTR
  itimerval everyMs = {{0, 1000}, {0, 1000}}, off = {};
  setitimer(ITIMER_REAL, &everyMs, nullptr);
  Pair pair;
  const std::string large(4 << 20, 'x');
  std::thread sender([&] {
    absl::SleepFor(absl::Milliseconds(30));
    EXPECT_TRUE(pair.a->send({}, soon(), large).ok());
  });
  std::string bytes;
  EXPECT_TRUE(pair.b->receive(soon(), &bytes).ok());
  sender.join();
  setitimer(ITIMER_REAL, &off, nullptr);
  sigaction(SIGALRM, &before, nullptr);
  EXPECT_EQ(bytes.size(), large.size());
}

TEST(ChannelTest, WorksOverPipes) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  Channel channel(ends[0], ends[1]);
  ASSERT_TRUE(channel.send({{"id", 5}}, soon()).ok());
  EXPECT_EQ((*channel.receive(soon()))["id"], 5);
}

} // namespace
} // namespace chameleon
