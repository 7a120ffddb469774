//===- LiveMeasurer.cpp --------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/LiveMeasurer.h"
#include <limits>

namespace chameleon {

static Measurement invalid(const std::string &message) {
  Measurement measurement;
  measurement.failure = FailureClass::InvalidConfig;
  measurement.message = message;
  measurement.medianNs = measurement.madNs = std::numeric_limits<double>::quiet_NaN();
  return measurement;
}

CandidateSpec candidateOf(const Space &space, const Configuration &configuration) {
  return {space.schedule(), space.toPairs(configuration)};
}

CandidateSpec LiveMeasurer::candidate(const Configuration &configuration) const {
  return candidateOf(space, configuration);
}

absl::StatusOr<std::vector<Measurement>>
LiveMeasurer::measure(absl::Span<const Configuration> configurations, double incumbentNs,
                      Callback done) {
  std::vector<Measurement> measurements(configurations.size());
  std::vector<CandidateSpec> candidates;
  std::vector<size_t> positions; // in `configurations`, of each candidate
  for (size_t i = 0; i < configurations.size(); ++i) {
    if (auto violated = space.firstViolation(configurations[i])) {
      measurements[i] = invalid(space.constraints()[*violated].message);
      done(i, measurements[i]);
      continue;
    }
    candidates.push_back(candidate(configurations[i]));
    positions.push_back(i);
  }
  auto measured = pool.measure(
      spec, candidates, incumbentNs,
      [&](size_t index, const Measurement &measurement) { done(positions[index], measurement); });
  if (!measured.ok())
    return measured.status();
  for (size_t i = 0; i < positions.size(); ++i) {
    const Measurement &measurement = measurements[positions[i]] = (*measured)[i];
    if (measurement.ok() && measurement.samples > 0)
      errors[configurations[positions[i]]] = measurement.relativeError;
  }
  return measurements;
}

absl::StatusOr<std::vector<Measurement>>
LiveMeasurer::compare(absl::Span<const Configuration> configurations, Callback done) {
  std::vector<CandidateSpec> candidates;
  candidates.reserve(configurations.size());
  for (const Configuration &configuration : configurations)
    candidates.push_back(candidate(configuration));
  absl::StatusOr<std::vector<RankedCandidate>> ranked = pool.rerank(spec, candidates);
  std::vector<Measurement> measurements(configurations.size());
  if (absl::IsCancelled(ranked.status()))
    return measurements;
  if (!ranked.ok())
    return ranked.status();
  for (size_t i = 0; i < configurations.size(); ++i) {
    measurements[i] = std::move((*ranked)[i].measurement);
    auto error = errors.find(configurations[i]);
    measurements[i].relativeError =
        error == errors.end() ? std::numeric_limits<double>::quiet_NaN() : error->second;
    done(i, measurements[i]);
  }
  return measurements;
}

} // namespace chameleon
