//===- Timing.cpp --------------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/Timing.h"
#include "chameleon/Support/Statistics.h"
#include <algorithm>
#include <cmath>
#include <vector>

namespace chameleon {
namespace {

constexpr int64_t kMaxCalls = int64_t{1} << 24;
/// A first estimate from short runs is off by the clock's own cost: aim a little higher.
constexpr double kHeadroom = 1.1;

} // namespace

int64_t callsPerSample(double minSampleSeconds, TimedCalls time, double &fastestNs) {
  const double targetNs = minSampleSeconds * 1e9;
  int64_t calls = 1;
  fastestNs = time(calls);
  double meanNs = fastestNs;
  while (meanNs * static_cast<double>(calls) < targetNs && calls < kMaxCalls) {
    const double needed = std::ceil(kHeadroom * targetNs / std::max(meanNs, 1.0));
    calls = std::min({kMaxCalls, static_cast<int64_t>(needed), calls * 32});
    meanNs = time(calls);
    fastestNs = std::min(fastestNs, meanNs);
    if (meanNs * static_cast<double>(calls) >= targetNs / kHeadroom)
      break;
  }
  return calls;
}

Timing takeSamples(const SamplingPolicy &policy, double incumbentNs, TimedCalls time) {
  double fastestNs = 0;
  const int64_t calls = callsPerSample(policy.minSampleSeconds, time, fastestNs);
  auto slowerThan = [&](double ratio) {
    return incumbentNs > 0 && ratio > 0 && fastestNs > ratio * incumbentNs;
  };
  Timing timing;
  std::vector<double> samplesNs;
  double spentNs = 0;
  bool enough = false;
  while (!enough && timing.samples < std::max(policy.maxSamples, policy.minSamples)) {
    const double sampleNs = time(calls);
    samplesNs.push_back(sampleNs);
    ++timing.samples;
    fastestNs = std::min(fastestNs, sampleNs);
    spentNs += sampleNs * static_cast<double>(calls);
    timing.dropped = slowerThan(policy.dropRatio);
    enough = timing.dropped ||
             (timing.samples >= policy.minSamples &&
              (spentNs > policy.budgetSeconds * 1e9 || slowerThan(policy.precisionRatio)));
  }
  timing.medianNs = median(samplesNs);
  timing.madNs = medianAbsoluteDeviation(samplesNs);
  return timing;
}

} // namespace chameleon
