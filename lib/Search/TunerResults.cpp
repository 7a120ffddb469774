//===- TunerResults.cpp - What a tuner found, and what it may still find --===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Tuner.h"
#include <algorithm>
#include <cmath>

namespace chameleon {

/// Measurements over which the gain of late is taken.
static constexpr size_t kGainWindow = 24;
/// A task is expected to gain this much in its first measurements, falling as 1 / (number +
/// offset).
static constexpr double kOptimism = 0.5;
static constexpr double kOptimismOffset = 8;
/// No promise of the model above this is believed.
static constexpr double kLargestPromise = 0.5;
static constexpr double kSecondsBeforeTheFirst = 0.25;

double TaskTuner::incumbentNs() const { return bestAfter.empty() ? 0 : bestAfter.back(); }

std::vector<TunedCandidate> TaskTuner::fastest(size_t count) const {
  std::vector<size_t> order;
  for (size_t i = 0; i < results.size(); ++i)
    if (results[i].ok())
      order.push_back(i);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return results[a].medianNs != results[b].medianNs ? results[a].medianNs < results[b].medianNs
                                                      : a < b;
  });
  std::vector<TunedCandidate> result;
  for (size_t i = 0; i < std::min(count, order.size()); ++i)
    result.push_back({measured[order[i]].configuration, results[order[i]]});
  return result;
}

absl::optional<TunedCandidate> TaskTuner::best() const {
  std::vector<TunedCandidate> one = fastest(1);
  return one.empty() ? absl::optional<TunedCandidate>() : one.front();
}

double TaskTuner::secondsPerMeasurement() const {
  double seconds = ownStats.buildSeconds + ownStats.runSeconds;
  return ownStats.tried == 0 || seconds <= 0 ? kSecondsBeforeTheFirst
                                             : seconds / static_cast<double>(ownStats.tried);
}

double TaskTuner::bestRate() const {
  return incumbentNs() > 0 ? std::exp2(features.logThroughput(incumbentNs())) : 0;
}

double TaskTuner::expectedGainPerSecond(double headroom) const {
  double bestNs = incumbentNs();
  auto tried = static_cast<double>(ownStats.tried);
  double optimism = (0.25 + 0.75 * headroom) * kOptimism / (tried + kOptimismOffset);
  if (bestNs == 0) // nothing runs yet: as urgent as a task of the default guess of its length
    return ownTask.weight * std::max(ownTask.flops, 1.0) * optimism / secondsPerMeasurement();

  size_t window = std::min(kGainWindow, bestAfter.size() - 1);
  double before = bestAfter[bestAfter.size() - 1 - window];
  double recent =
      window > 0 && before > 0 ? std::log(before / bestNs) / static_cast<double>(window) : 0;
  double promised = 0;
  if (promisedLogThroughput != 0) {
    double gain = 1 - std::exp2(features.logThroughput(bestNs) - promisedLogThroughput);
    double trust =
        std::isnan(ownStats.rankCorrelation) ? 0.25 : std::max(ownStats.rankCorrelation, 0.0);
    promised =
        trust * std::clamp(gain, 0.0, kLargestPromise) / static_cast<double>(options.batchSize);
  }
  double gainPerMeasurement = 0.4 * recent + 0.4 * optimism + 0.2 * promised;
  return ownTask.weight * bestNs * gainPerMeasurement / secondsPerMeasurement();
}

} // namespace chameleon
