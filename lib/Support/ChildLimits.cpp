//===- ChildLimits.cpp - What a child process may use --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/ChildLimits.h"

#include "SystemCallFilter.h"
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

namespace chameleon {
namespace {

constexpr double kMostSeconds = 1e9; // what any clock can count

/// A hard limit that is lower already stays.
int setLimits(__rlimit_resource_t resource, rlim_t soft, rlim_t hard) {
  rlimit present = {};
  if (getrlimit(resource, &present) != 0) {
    return errno;
  }
  rlimit limit = {std::min(soft, present.rlim_max), std::min(hard, present.rlim_max)};
  return setrlimit(resource, &limit) == 0 ? 0 : errno;
}

int setLimit(__rlimit_resource_t resource, rlim_t value) {
  return setLimits(resource, value, value);
}

/// The hard limit is a second later: where both are equal, SIGKILL comes instead of SIGXCPU.
int limitCpuTime(double seconds) {
  const auto whole = static_cast<rlim_t>(std::ceil(std::min(seconds, kMostSeconds)));
  return setLimits(RLIMIT_CPU, whole, whole + 1);
}

int limitAddressSpace(int64_t bytes) {
#ifdef CHAMELEON_SANITIZERS
  return 0;
#else
  return setLimit(RLIMIT_AS, static_cast<rlim_t>(bytes));
#endif
}

int limitWallTime(double seconds) {
  itimerval timer = {};
  seconds = std::min(seconds, kMostSeconds);
  const double whole = std::floor(seconds);
  timer.it_value.tv_sec = static_cast<time_t>(whole);
  timer.it_value.tv_usec = static_cast<suseconds_t>((seconds - whole) * 1e6);
  if (timer.it_value.tv_sec == 0 && timer.it_value.tv_usec == 0) {
    timer.it_value.tv_usec = 1;
  }
  signal(SIGALRM, SIG_DFL);
  return setitimer(ITIMER_REAL, &timer, nullptr) == 0 ? 0 : errno;
}

int dieWithParent(pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
    return errno;
  }
  // The parent may have died before the call: then nobody will send the signal.
  return getppid() == parent ? 0 : ESRCH;
}

} // namespace

int applyLimitsInChild(const ChildLimits &limits, pid_t parent) {
  int error = setLimit(RLIMIT_CORE, 0);
  if (!error && parent != 0) {
    error = dieWithParent(parent);
  }
  if (!error && limits.addressSpaceBytes > 0) {
    error = limitAddressSpace(limits.addressSpaceBytes);
  }
  if (!error && limits.cpuSeconds > 0) {
    error = limitCpuTime(limits.cpuSeconds);
  }
  if (!error && limits.fileBytes > 0) {
    error = setLimit(RLIMIT_FSIZE, static_cast<rlim_t>(limits.fileBytes));
  }
  if (!error && limits.wallSeconds > 0) {
    error = limitWallTime(limits.wallSeconds);
  }
  return error ? error : installSystemCallFilter(limits.allowNetwork, limits.allowExec);
}

int64_t mappedBytes() {
  const int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return 0;
  }
  char text[64];
  const ssize_t length = read(file, text, sizeof(text));
  close(file);
  int64_t pages = 0;
  for (ssize_t i = 0; i < length && text[i] >= '0' && text[i] <= '9'; ++i) {
    pages = pages * 10 + (text[i] - '0');
  }
  return pages * sysconf(_SC_PAGESIZE);
}

void closeDescriptorsFrom(int first) {
  if (syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, 0U) == 0) {
    return;
  }
  rlimit limit = {};
  const bool known = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536;
  const int end = known ? static_cast<int>(limit.rlim_cur) : 65536;
  for (int descriptor = first; descriptor < end; ++descriptor) {
    close(descriptor);
  }
}

} // namespace chameleon
