//===- Expectation.h - What a task's outputs should be -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The f64 reference is computed once per task; every candidate is held against it. Outputs of more
// than `maxElements` are compared at a seeded sample, half of it on borders, where tiling goes
// wrong.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_EXPECTATION_H
#define CHAMELEON_MEASURE_EXPECTATION_H

#include "absl/types/span.h"
#include "chameleon/Measure/Buffers.h"
#include <cstdint>
#include <string>
#include <vector>

namespace chameleon {

/// How a result differs from what was expected.
struct Difference {
  /// max |result - expected| / max |expected|; infinite if a NaN or an infinity stands where none
  /// should, or all expected values are 0 and the result is not.
  double relativeError = 0;
  int64_t unequal = 0;       // elements that differ from the expected value rounded to their type
  int64_t firstUnequal = -1; // its position in the output
  double expected = 0, got = 0; // there

  /// For people: "3 of 100 elements, the first at 17: expected 2, but got 5".
  std::string describe(int64_t compared) const;
};

/// The expected contents of one output.
class Expectation {
public:
  static constexpr size_t maxElements = size_t{4} << 20;

  /// Takes the values of `reference`, an output of shape `shape`.
  static Expectation capture(const Buffer &reference, absl::Span<const int64_t> shape,
                             uint64_t seed, size_t maxElements = Expectation::maxElements);

  /// The expectation that `contents()` of another process's `capture` describes.
  static Expectation restore(std::vector<double> values, absl::Span<const int64_t> shape,
                             uint64_t seed, size_t maxElements = Expectation::maxElements);

  /// Compares an output of as many elements with it.
  Difference compare(const Buffer &result) const;

  /// Largest finite magnitude.
  double scale() const { return largest; }
  /// Whether a NaN or an infinity is expected anywhere.
  bool hasNonFinite() const { return nonFinite; }
  /// The values that outputs are compared with, at all positions or at those of the sample.
  absl::Span<const double> contents() const { return values; }
  int64_t compared() const { return static_cast<int64_t>(values.size()); }

private:
  void summarize();

  std::vector<double> values;
  std::vector<size_t> positions; // of `values`; empty: all, in order
  double largest = 0;
  bool nonFinite = false;
};

/// `count` positions in a row-major array of `shape`, ascending, without repetition (so there may
/// be fewer): the corners' neighbourhood of the array is as likely as its inside.
std::vector<size_t> samplePositions(absl::Span<const int64_t> shape, size_t count, uint64_t seed);

} // namespace chameleon

#endif // CHAMELEON_MEASURE_EXPECTATION_H
