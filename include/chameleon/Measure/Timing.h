//===- Timing.h - How often to call, and when to stop --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_TIMING_H
#define CHAMELEON_MEASURE_TIMING_H

#include "absl/functional/function_ref.h"
#include "chameleon/Measure/Protocol.h"

namespace chameleon {

/// Calls the code under test `calls` times and returns the mean time of one call in nanoseconds.
using TimedCalls = absl::FunctionRef<double(int64_t calls)>;

struct Timing {
  double medianNs = 0;
  double madNs = 0;
  int samples = 0;
  bool dropped = false; // clearly slower than the incumbent: one sample only
};

/// The number of calls for which one sample takes at least `minSampleSeconds`, found by doubling
/// from one call; calls the code as warm-up. `fastestNs` is set to the fastest mean that was seen.
int64_t callsPerSample(double minSampleSeconds, TimedCalls time, double &fastestNs);

/// Takes samples as `policy` says. `incumbentNs` is the best time so far, 0 if none.
Timing takeSamples(const SamplingPolicy &policy, double incumbentNs, TimedCalls time);

} // namespace chameleon

#endif // CHAMELEON_MEASURE_TIMING_H
