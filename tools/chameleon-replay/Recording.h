//===- Recording.h - Searching a recorded space ---------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TOOLS_CHAMELEON_REPLAY_RECORDING_H
#define CHAMELEON_TOOLS_CHAMELEON_REPLAY_RECORDING_H

#include "chameleon/Database/RecordedSpace.h"
#include "chameleon/Search/SurrogateMeasurer.h"
#include "chameleon/Search/Tuner.h"
#include <limits>

namespace chameleon {

/// What a search measured, in order. The vectors are parallel.
struct SearchTrace {
  std::vector<double> ns; // NaN where it failed
  std::vector<FailureClass> outcomes;
  std::vector<double> virtualSeconds; // passed when the measurement ended
  double searchSeconds = 0;           // real ones, of the tuner
  TunerStats stats;
};

/// A recorded space, or one with a surrogate where the recording is not complete.
class Recording {
public:
  /// Fails if the file is not as expected, or a surrogate cannot be fitted.
  static absl::StatusOr<std::unique_ptr<Recording>> open(const std::string &path);
  Recording(const Recording &) = delete;
  Recording &operator=(const Recording &) = delete;

  const RecordedSpace &contents() const { return recorded; }
  bool isSurrogate() const { return surrogate != nullptr; }
  /// Time of the fastest known configuration, in nanoseconds: of a surrogate, by its predictions
  /// of up to a million configurations.
  double bestNs() const { return best; }
  /// Valid configurations, counted up to a million.
  size_t configurations() const { return valid; }

  /// Searches with `options` until `measurements` were made or the search is finished. The virtual
  /// clock advances by the recorded seconds of each measurement and `secondsPerScore` for each
  /// configuration that the cost model was asked about. Fails if the search does.
  absl::StatusOr<SearchTrace> search(const TunerOptions &options, size_t measurements,
                                     double secondsPerScore);

private:
  Recording() = default;
  absl::Status fitSurrogate();
  void summarizeRecords();

  RecordedSpace recorded;
  VirtualClock clock;
  std::unique_ptr<SurrogateMeasurer> surrogate; // null: the recording is complete
  double best = std::numeric_limits<double>::infinity();
  size_t valid = 0;
};

} // namespace chameleon

#endif // CHAMELEON_TOOLS_CHAMELEON_REPLAY_RECORDING_H
