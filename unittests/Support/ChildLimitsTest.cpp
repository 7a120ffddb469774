//===- ChildLimitsTest.cpp - Tests of ChildLimits.h ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/ChildLimits.h"

#include "chameleon/Support/ExitStatus.h"
#include "gtest/gtest.h"
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace chameleon {
namespace {

/// Forks, sets `limits`, exits with what `body` returns.
template <typename Body> ExitStatus runLimited(const ChildLimits &limits, Body body) {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) {
    if (applyLimitsInChild(limits, parent) != 0) {
      _exit(99);
    }
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return ExitStatus::fromWait(status);
}

int spin() {
  while (true) {
    getppid(); // a call the compiler must keep
  }
}

TEST(ChildLimitsTest, NoLimitsChangeNothing) {
  EXPECT_EQ(runLimited({}, [] { return 5; }).exitCode, 5);
}

#ifndef CHAMELEON_SANITIZERS
TEST(ChildLimitsTest, AddressSpace) {
  auto allocates = [](size_t bytes) {
    void *volatile block = malloc(bytes); // volatile: or the compiler drops the allocation
    return block ? 1 : 0;
  };
  ChildLimits limits;
  limits.addressSpaceBytes = mappedBytes() + (64 << 20);
  EXPECT_EQ(runLimited(limits, [&] { return allocates(256 << 20); }).exitCode, 0);
  EXPECT_EQ(runLimited(limits, [&] { return allocates(8 << 20); }).exitCode, 1);
}

TEST(ChildLimitsTest, StricterLimitsStay) {
  ChildLimits limits;
  limits.addressSpaceBytes = int64_t{64} << 30;
  limits.cpuSeconds = 600;
  auto isStricter = [] {
    rlimit space = {}, time = {};
    getrlimit(RLIMIT_AS, &space);
    getrlimit(RLIMIT_CPU, &time);
    return space.rlim_max == (rlim_t{8} << 30) && time.rlim_max == 100 ? 1 : 0;
  };
  const pid_t child = fork();
  if (child == 0) { // a shell with ulimit
    rlimit space = {rlim_t{8} << 30, rlim_t{8} << 30}, time = {100, 100};
    setrlimit(RLIMIT_AS, &space);
    setrlimit(RLIMIT_CPU, &time);
    _exit(runLimited(limits, isStricter).exitCode);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(ExitStatus::fromWait(status).exitCode, 1);
}
#endif

TEST(ChildLimitsTest, WallSeconds) {
  ChildLimits limits;
  limits.wallSeconds = 0.05;
  const ExitStatus status = runLimited(limits, [] { return pause(); });
  EXPECT_EQ(status.signal, SIGALRM);
  EXPECT_TRUE(status.outOfTime());
}

TEST(ChildLimitsTest, CpuSeconds) {
  ChildLimits limits;
  limits.cpuSeconds = 0.5; // rounded up to 1
  const ExitStatus status = runLimited(limits, spin);
  EXPECT_TRUE(status.outOfTime()) << status.describe();
}

TEST(ChildLimitsTest, FileBytes) {
  ChildLimits limits;
  limits.fileBytes = 1000;
  char path[] = "/tmp/chameleon-limits-XXXXXX";
  const int file = mkstemp(path);
  unlink(path);
  const std::string text(2000, 'x');
  EXPECT_EQ(
      runLimited(limits,
                 [&] { return write(file, text.data(), 2000) == 1000 && write(file, "x", 1) == 1; })
          .signal,
      SIGXFSZ);
  close(file);
}

TEST(ChildLimitsTest, NetworkIsRefusedUnlessAllowed) {
  auto refused = [](int domain) {
    const int descriptor = socket(domain, SOCK_STREAM, 0);
    return descriptor < 0 && errno == EACCES ? 1 : 0;
  };
  ChildLimits limits;
  EXPECT_EQ(runLimited(limits, [&] { return refused(AF_INET); }).exitCode, 1);
  EXPECT_EQ(runLimited(limits, [&] { return refused(AF_INET6); }).exitCode, 1);
  EXPECT_EQ(runLimited(limits, [&] { return refused(AF_UNIX); }).exitCode, 0);
  limits.allowNetwork = true;
  EXPECT_EQ(runLimited(limits, [&] { return refused(AF_INET); }).exitCode, 0);
}

TEST(ChildLimitsTest, ExecIsRefusedIfForbidden) {
  auto shell = [] {
    execl("/bin/sh", "sh", "-c", "exit 3", nullptr);
    return errno == EACCES ? 1 : 2;
  };
  ChildLimits limits;
  EXPECT_EQ(runLimited(limits, shell).exitCode, 3);
  limits.allowExec = false;
  EXPECT_EQ(runLimited(limits, shell).exitCode, 1);
  // A model that calls system() forks first: the filter goes to children.
  EXPECT_NE(runLimited(limits, [] { return WEXITSTATUS(system("exit 0")); }).exitCode, 0);
}

TEST(ChildLimitsTest, FailsIfTheParentIsAlreadyGone) {
  const pid_t child = fork();
  if (child == 0) {
    _exit(applyLimitsInChild({}, getpid()) == ESRCH ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(ExitStatus::fromWait(status).success());
}

TEST(ChildLimitsTest, ClosesDescriptors) {
  const int file = open("/dev/null", O_RDONLY);
  EXPECT_EQ(runLimited({},
                       [&] {
                         closeDescriptorsFrom(3);
                         return fcntl(file, F_GETFD) < 0 && fcntl(2, F_GETFD) >= 0 ? 0 : 1;
                       })
                .exitCode,
            0);
  close(file);
}

} // namespace
} // namespace chameleon
