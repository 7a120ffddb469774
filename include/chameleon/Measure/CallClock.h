//===- CallClock.h - Time that belongs to the code under test ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_CALLCLOCK_H
#define CHAMELEON_MEASURE_CALLCLOCK_H

#include <chrono>
#include <cstdint>

namespace chameleon {

/// Starts when it is made. Wall time, unless the kernel took the core away for another process
/// meanwhile: then the CPU time of this thread, as the rest was not the code's. With several
/// threads the CPU time of one says nothing, and it is always wall time.
class CallClock {
public:
  explicit CallClock(int threads);

  /// Nanoseconds since the start.
  double nanoseconds() const;

private:
  int threads;
  int64_t preemptions;
  double cpuNs;
  std::chrono::steady_clock::time_point start; // read last
};

} // namespace chameleon

#endif // CHAMELEON_MEASURE_CALLCLOCK_H
