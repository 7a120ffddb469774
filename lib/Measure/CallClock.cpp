//===- CallClock.cpp -----------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/CallClock.h"
#include <algorithm>
#include <ctime>
#include <sys/resource.h>

namespace chameleon {
namespace {

/// How often this thread had to leave its core, though it could have gone on.
int64_t involuntarySwitches() {
  rusage usage = {};
  return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nivcsw : 0;
}

double threadCpuNs() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

} // namespace

CallClock::CallClock(int threads)
    : threads(threads), preemptions(involuntarySwitches()), cpuNs(threadCpuNs()),
      start(std::chrono::steady_clock::now()) {}

double CallClock::nanoseconds() const {
  const auto stop = std::chrono::steady_clock::now();
  const double wallNs = std::chrono::duration<double, std::nano>(stop - start).count();
  if (threads > 1 || involuntarySwitches() == preemptions)
    return wallNs;
  return std::min(wallNs, threadCpuNs() - cpuNs);
}

} // namespace chameleon
