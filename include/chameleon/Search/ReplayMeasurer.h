//===- ReplayMeasurer.h - Measurements from a recording -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gives back what was recorded, on a virtual clock that advances by the seconds each measurement
// once took: whole sessions run in a moment and come out the same every time.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_REPLAYMEASURER_H
#define CHAMELEON_SEARCH_REPLAYMEASURER_H

#include "absl/container/flat_hash_map.h"
#include "chameleon/Search/Measurer.h"

namespace chameleon {

/// Seconds that a replay pretends have passed. Shared by the measurers of one session; its `now` is
/// the session's clock.
class VirtualClock {
public:
  double now() const { return seconds; }
  void advance(double by) { seconds += by; }

private:
  double seconds = 0;
};

class ReplayMeasurer final : public Measurer {
public:
  explicit ReplayMeasurer(VirtualClock &clock) : clock(clock) {}

  /// What `measure` gives for `configuration`; a later record of the same one replaces it if it is
  /// faster or the earlier one failed.
  void record(const Configuration &configuration, const Measurement &measurement);
  size_t size() const { return recording.size(); }
  const absl::flat_hash_set<Configuration> *available() const override { return &recorded; }

  /// A configuration without a record comes out as InvalidConfig and takes no time.
  absl::StatusOr<std::vector<Measurement>> measure(absl::Span<const Configuration> configurations,
                                                   double incumbentNs, Callback done) override;

private:
  VirtualClock &clock;
  absl::flat_hash_map<Configuration, Measurement> recording;
  absl::flat_hash_set<Configuration> recorded; // the keys of `recording`
};

} // namespace chameleon

#endif // CHAMELEON_SEARCH_REPLAYMEASURER_H
