//===- InterruptTest.cpp - Tests of Interrupt.h --------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/Interrupt.h"

#include "absl/time/clock.h"
#include "chameleon/Support/WorkerProcess.h"
#include "gtest/gtest.h"
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace chameleon {
namespace {

TEST(InterruptTest, FirstSignalOnlySetsTheFlag) {
  InterruptHandler handler;
  EXPECT_FALSE(interruptRequested());
  raise(SIGINT);
  EXPECT_TRUE(interruptRequested());
}

TEST(InterruptTest, StartsClearAndCanBeRequested) {
  InterruptHandler handler;
  EXPECT_FALSE(interruptRequested());
  requestInterrupt();
  EXPECT_TRUE(interruptRequested());
}

TEST(InterruptTest, PutsBackWhatWasThere) {
  auto before = signal(SIGTERM, SIG_IGN);
  {
    InterruptHandler handler;
  }
  EXPECT_EQ(signal(SIGTERM, before), SIG_IGN);
}

TEST(InterruptTest, SecondSignalKillsChildrenAndExits) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    InterruptHandler handler;
    WorkerOptions options;
    // The group's second process does not die with its parent by itself.
    options.command = {"sh", "-c", "sleep 1000 & wait"};
    auto worker = WorkerProcess::spawn(options);
    const pid_t pid = (*worker)->pid();
    if (write(ends[1], &pid, sizeof(pid)) != sizeof(pid)) {
      _exit(1);
    }
    absl::SleepFor(absl::Milliseconds(50));
    raise(SIGINT);
    raise(SIGTERM);
    _exit(0);
  }
  close(ends[1]);
  pid_t worker = 0;
  ASSERT_EQ(read(ends[0], &worker, sizeof(worker)), static_cast<ssize_t>(sizeof(worker)));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), interruptedExitCode);
  // The group is empty but for processes that init has not reaped yet.
  for (int i = 0; i < 500 && kill(-worker, 0) == 0; ++i) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_NE(kill(-worker, 0), 0);
}

} // namespace
} // namespace chameleon
