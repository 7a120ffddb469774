//===- Measurer.cpp - Names of failure classes ----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Measurer.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <iterator>

namespace chameleon {

/// In the order of the enumerators.
static constexpr absl::string_view kNames[] = {
    "ok",          "invalid-config", "transform-failed", "compile-failed", "compile-timeout",
    "compile-oom", "run-crashed",    "run-timeout",      "wrong-result",   "impossible-rate"};
static_assert(std::size(kNames) == kNumFailureClasses);

absl::string_view failureClassName(FailureClass failure) {
  return kNames[static_cast<size_t>(failure)];
}

absl::StatusOr<FailureClass> parseFailureClass(absl::string_view name) {
  for (size_t i = 0; i < std::size(kNames); ++i)
    if (kNames[i] == name)
      return static_cast<FailureClass>(i);
  return absl::InvalidArgumentError(
      absl::StrCat("expected one of ", absl::StrJoin(kNames, ", "), ", but got '", name, "'"));
}

bool supersedes(const Measurement &later, const Measurement &earlier) {
  return later.ok() && (!earlier.ok() || later.medianNs < earlier.medianNs);
}

absl::StatusOr<std::vector<Measurement>>
Measurer::compare(absl::Span<const Configuration> configurations, Callback done) {
  return measure(configurations, /*incumbentNs=*/0, done);
}

} // namespace chameleon
