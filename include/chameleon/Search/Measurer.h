//===- Measurer.h - Where the search gets its numbers from ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The search hands configurations to a Measurer and gets measurements back. It sees no process,
// clock or device: the live measurer (Measure/) builds and runs candidates in child processes, the
// replaying one (ReplayMeasurer.h) gives back what was recorded.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_MEASURER_H
#define CHAMELEON_SEARCH_MEASURER_H

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "chameleon/Search/Space.h"
#include <string>
#include <vector>

namespace chameleon {

/// What can become of a candidate other than a time. Data, never an error of the session.
enum class FailureClass {
  None,
  InvalidConfig,   // violates a constraint, or a binding cannot be filled
  TransformFailed, // the schedule did not apply
  CompileFailed,   // lowering or code generation reported an error or crashed
  CompileTimeout,
  CompileOom,
  RunCrashed,
  RunTimeout,
  WrongResult,
  ImpossibleRate, // faster than the machine's peak allows
};
/// Enumerators of FailureClass, None among them.
inline constexpr size_t kNumFailureClasses = 10;

/// "invalid-config", "transform-failed", ...; "ok" for None.
absl::string_view failureClassName(FailureClass failure);
/// The class with that name; fails with the list of names otherwise.
absl::StatusOr<FailureClass> parseFailureClass(absl::string_view name);

/// What became of one candidate. Times are null (NaN) unless `failure` is None.
struct Measurement {
  FailureClass failure = FailureClass::None;
  double medianNs = 0;      // of one call
  double madNs = 0;         // median absolute deviation
  int samples = 0;          // timed samples behind the median
  double relativeError = 0; // max |result - f64 reference| / max |f64 reference|
  double buildSeconds = 0;  // wall time of scheduling, lowering and code generation
  double runSeconds = 0;    // wall time of checking and timing
  std::string message;      // for people, why it failed; empty if it did not

  bool ok() const { return failure == FailureClass::None; }
};

/// Whether `later` tells more of a configuration than `earlier`: a success that is faster, or that
/// follows a failure.
bool supersedes(const Measurement &later, const Measurement &earlier);

class Measurer {
public:
  virtual ~Measurer() = default;

  using Callback = absl::FunctionRef<void(size_t index, const Measurement &)>;

  /// Measures `configurations` of one task; the result has one measurement per configuration, in
  /// order. `done` is called as each one ends, in any order, on the calling thread. `incumbentNs`
  /// is the best time so far (0 if none): a candidate that is clearly slower may be given fewer
  /// samples. May return fewer measurements (a prefix is not guaranteed: those not reached have
  /// samples == 0 and failure None) only if it was interrupted. Fails if measuring as such is
  /// impossible (no worker).
  virtual absl::StatusOr<std::vector<Measurement>>
  measure(absl::Span<const Configuration> configurations, double incumbentNs, Callback done) = 0;

  /// If not null, the only configurations that `measure` knows about. Fixed while a session runs.
  virtual const absl::flat_hash_set<Configuration> *available() const { return nullptr; }

  /// Measures the finalists of one task against each other: a measurer that can interleaves their
  /// samples, so that drift of the machine hits all alike, and drops none early. The default calls
  /// `measure`.
  virtual absl::StatusOr<std::vector<Measurement>>
  compare(absl::Span<const Configuration> configurations, Callback done);
};

} // namespace chameleon

#endif // CHAMELEON_SEARCH_MEASURER_H
