//===- ForkedCallTest.cpp ------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/ForkedCall.h"
#include "absl/time/clock.h"
#include "chameleon/Measure/SharedNumber.h"
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace chameleon;
using ::testing::HasSubstr;
using Outcome = ForkedResult::Outcome;

namespace {

class ForkedCall : public ::testing::Test {
protected:
  ForkedCall() {
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    supervisor = std::make_unique<Channel>(ends[0], ends[0]);
    limits.wallSeconds = 5;
    limits.cpuSeconds = 5;
  }
  ~ForkedCall() override { close(ends[1]); }

  ForkedResult call(absl::FunctionRef<void(Channel &)> work) {
    return callForked(limits, *supervisor, work);
  }

  int ends[2];
  std::unique_ptr<Channel> supervisor;
  RequestLimits limits;
};

void answer(Channel &channel) {
  exitUnlessSent(channel.send({{"answer", 42}}, absl::InfiniteFuture(), "bytes"));
}

TEST_F(ForkedCall, BringsBackTheReply) {
  const ForkedResult result = call(answer);
  ASSERT_TRUE(result.replied()) << result.detail;
  EXPECT_EQ((*result.json)["answer"], 42);
  EXPECT_EQ(result.bytes, "bytes");
}

TEST_F(ForkedCall, SurvivesACrashAndQuotesWhatWasPrinted) {
  const ForkedResult result = call([](Channel &) {
    std::fputs("about to fail\n", stderr);
    std::fflush(stderr);
    signal(SIGABRT, SIG_DFL);
    abort();
  });
  EXPECT_EQ(result.outcome, Outcome::Crashed);
  EXPECT_THAT(result.detail, HasSubstr("SIGABRT"));
  EXPECT_THAT(result.detail, HasSubstr("about to fail"));
}

TEST_F(ForkedCall, AnExitIsACrash) {
  EXPECT_EQ(call([](Channel &) { _exit(3); }).outcome, Outcome::Crashed);
  EXPECT_EQ(call([](Channel &) {}).outcome, Outcome::Crashed); // no reply
}

TEST_F(ForkedCall, StopsASleeper) {
  limits.wallSeconds = 0.2;
  const ForkedResult result = call([](Channel &) { absl::SleepFor(absl::Seconds(60)); });
  EXPECT_EQ(result.outcome, Outcome::TimedOut);
  EXPECT_LT(result.seconds, 2);
}

TEST_F(ForkedCall, StopsABusyLoop) {
  limits.cpuSeconds = 1;
  limits.wallSeconds = 60;
  const ForkedResult result = call([](Channel &) {
    volatile int turns = 0;
    while (turns == 0) {
    }
  });
  EXPECT_EQ(result.outcome, Outcome::TimedOut) << result.detail;
}

TEST_F(ForkedCall, StopsOneThatBlocksTheAlarm) {
  limits.wallSeconds = 0.2;
  const ForkedResult result = call([](Channel &) {
    signal(SIGALRM, SIG_IGN);
    absl::SleepFor(absl::Seconds(60));
  });
  EXPECT_EQ(result.outcome, Outcome::TimedOut);
  EXPECT_LT(result.seconds, 2);
}

#ifndef CHAMELEON_SANITIZERS
TEST_F(ForkedCall, NoticesExhaustedMemory) {
  limits.memoryBytes = 64 << 20;
  const ForkedResult result = call([](Channel &channel) {
    std::vector<std::vector<char>> blocks;
    for (int i = 0; i < 1000; ++i)
      blocks.emplace_back(1 << 20, 'x');
    answer(channel);
  });
  EXPECT_EQ(result.outcome, Outcome::OutOfMemory) << result.detail;
}
#endif

TEST_F(ForkedCall, RefusesAReplyThatIsTooLarge) {
  limits.resultBytes = 1000;
  const ForkedResult result = call([](Channel &channel) {
    exitUnlessSent(channel.send({{"x", 1}}, absl::InfiniteFuture(), std::string(2000, 'x')));
  });
  EXPECT_EQ(result.outcome, Outcome::TooLarge) << result.detail;
}

TEST_F(ForkedCall, AFloodOfOutputDoesNotBlock) {
  const ForkedResult result = call([](Channel &channel) {
    for (int i = 0; i < 100000; ++i)
      std::fputs("a line that nobody reads\n", stdout);
    answer(channel);
  });
  EXPECT_TRUE(result.replied()) << result.detail;
}

TEST_F(ForkedCall, ChildrenHaveNoOtherDescriptors) {
  const int open = dup(2);
  const ForkedResult result = call([](Channel &channel) {
    int count = 0;
    for (int descriptor = 0; descriptor < 1024; ++descriptor)
      count += fcntl(descriptor, F_GETFD) >= 0;
    exitUnlessSent(channel.send({{"count", count}}, absl::InfiniteFuture()));
  });
  close(open);
  ASSERT_TRUE(result.replied());
  EXPECT_EQ((*result.json)["count"], 4); // three standard streams and the reply
}

TEST_F(ForkedCall, ChildrenHaveNoNetworkAndStartNoPrograms) {
  const ForkedResult result = call([](Channel &channel) {
    const bool network = socket(AF_INET, SOCK_STREAM, 0) >= 0;
    execl("/bin/true", "true", nullptr);
    exitUnlessSent(channel.send({{"network", network}}, absl::InfiniteFuture()));
  });
  ASSERT_TRUE(result.replied()) << result.detail;
  EXPECT_EQ((*result.json)["network"], false);
}

TEST_F(ForkedCall, GrandchildrenDieToo) {
  SharedNumber grandchild(0);
  const ForkedResult result = call([&](Channel &channel) {
    const pid_t pid = fork();
    if (pid == 0)
      absl::SleepFor(absl::Seconds(60));
    grandchild.value() = pid;
    answer(channel);
  });
  ASSERT_TRUE(result.replied());
  const auto pid = static_cast<pid_t>(grandchild.value());
  ASSERT_GT(pid, 0);
  // A zombie of init's, or gone.
  for (int i = 0; i < 100 && kill(pid, 0) == 0; ++i) {
    char state = 'Z';
    if (FILE *file = std::fopen(("/proc/" + std::to_string(pid) + "/stat").c_str(), "r")) {
      EXPECT_EQ(std::fscanf(file, "%*d %*s %c", &state), 1);
      std::fclose(file);
    }
    if (state == 'Z')
      return;
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_NE(kill(pid, 0), 0);
}

TEST_F(ForkedCall, EndsWithItsSupervisor) {
  // A worker in a process of its own, whose supervisor closes the channel while a request is
  // served.
  const pid_t worker = fork();
  if (worker == 0) {
    close(ends[1]);
    limits.wallSeconds = 60;
    call([](Channel &) { absl::SleepFor(absl::Seconds(60)); });
    _exit(1); // not reached
  }
  supervisor->close();
  absl::SleepFor(absl::Milliseconds(100));
  shutdown(ends[1], SHUT_RDWR);
  int status = 0;
  for (int i = 0; i < 300 && waitpid(worker, &status, WNOHANG) == 0; ++i)
    absl::SleepFor(absl::Milliseconds(10));
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  kill(worker, SIGKILL);
}

} // namespace
