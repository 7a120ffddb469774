//===- ReplayMeasurer.cpp - Measurements from a recording -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/ReplayMeasurer.h"

namespace chameleon {

void ReplayMeasurer::record(const Configuration &configuration, const Measurement &measurement) {
  recorded.insert(configuration);
  auto [place, fresh] = recording.try_emplace(configuration, measurement);
  if (!fresh && supersedes(measurement, place->second))
    place->second = measurement;
}

absl::StatusOr<std::vector<Measurement>>
ReplayMeasurer::measure(absl::Span<const Configuration> configurations, double /*incumbentNs*/,
                        Callback done) {
  std::vector<Measurement> result;
  for (size_t i = 0; i < configurations.size(); ++i) {
    auto found = recording.find(configurations[i]);
    if (found != recording.end()) {
      result.push_back(found->second);
    } else {
      result.emplace_back();
      result.back().failure = FailureClass::InvalidConfig;
      result.back().message = "the recording has no measurement of this configuration";
    }
    clock.advance(result.back().buildSeconds + result.back().runSeconds);
    done(i, result.back());
  }
  return result;
}

} // namespace chameleon
