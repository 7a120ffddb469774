//===- Expectation.cpp ---------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/Expectation.h"
#include "absl/strings/str_cat.h"
#include <algorithm>
#include <cmath>
#include <limits>

namespace chameleon {
namespace {

constexpr size_t kChunk = 4096; // elements converted at a time

bool sameNumber(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// Folds one element into `difference`; `largestError` is not yet relative.
void accumulate(ElementType type, double expected, double got, size_t position,
                Difference &difference, double &largestError) {
  if (sameNumber(expected, got))
    return;
  const double rounded = roundTo(type, expected);
  const double error = std::fabs(got - expected);
  // Where the reference itself leaves the range of the type, an infinity is right.
  if (!sameNumber(rounded, got)) {
    if (difference.unequal++ == 0) {
      difference.firstUnequal = static_cast<int64_t>(position);
      difference.expected = rounded;
      difference.got = got;
    }
    largestError = std::isfinite(error) ? std::max(largestError, error)
                                        : std::numeric_limits<double>::infinity();
  } else if (std::isfinite(error)) {
    largestError = std::max(largestError, error);
  }
}

} // namespace

std::string Difference::describe(int64_t compared) const {
  return absl::StrCat(unequal, " of ", compared, " elements, the first at ", firstUnequal,
                      ": expected ", expected, ", but got ", got);
}

std::vector<size_t> samplePositions(absl::Span<const int64_t> shape, size_t count, uint64_t seed) {
  Rng rng(seed);
  std::vector<size_t> positions;
  positions.reserve(count);
  while (positions.size() < count) {
    const bool onBorder = positions.size() % 2 == 0;
    const uint64_t pushed = onBorder ? rng.below(shape.size()) : shape.size();
    size_t position = 0;
    for (size_t dim = 0; dim < shape.size(); ++dim) {
      const auto extent = static_cast<uint64_t>(shape[dim]);
      const uint64_t index = dim != pushed ? rng.below(extent) : rng.chance(0.5) ? extent - 1 : 0;
      position = position * extent + index;
    }
    positions.push_back(position);
  }
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  return positions;
}

Expectation Expectation::capture(const Buffer &reference, absl::Span<const int64_t> shape,
                                 uint64_t seed, size_t maxElements) {
  Expectation expectation;
  if (reference.elements() > maxElements) {
    expectation.positions = samplePositions(shape, maxElements, seed);
    for (size_t position : expectation.positions)
      loadElements(reference.type(), reference.data(), position, 1,
                   &expectation.values.emplace_back());
  } else {
    expectation.values.resize(reference.elements());
    loadElements(reference.type(), reference.data(), 0, reference.elements(),
                 expectation.values.data());
  }
  expectation.summarize();
  return expectation;
}

Expectation Expectation::restore(std::vector<double> values, absl::Span<const int64_t> shape,
                                 uint64_t seed, size_t maxElements) {
  Expectation expectation;
  size_t elements = 1;
  for (int64_t extent : shape)
    elements *= static_cast<size_t>(extent);
  if (elements > maxElements)
    expectation.positions = samplePositions(shape, maxElements, seed);
  expectation.values = std::move(values);
  expectation.summarize();
  return expectation;
}

void Expectation::summarize() {
  for (double value : values) {
    if (std::isfinite(value))
      largest = std::max(largest, std::fabs(value));
    else
      nonFinite = true;
  }
}

Difference Expectation::compare(const Buffer &result) const {
  Difference difference;
  double largestError = 0;
  if (positions.empty()) {
    std::vector<double> got(kChunk);
    for (size_t begin = 0; begin < values.size(); begin += kChunk) {
      const size_t count = std::min(kChunk, values.size() - begin);
      loadElements(result.type(), result.data(), begin, count, got.data());
      for (size_t i = 0; i < count; ++i)
        accumulate(result.type(), values[begin + i], got[i], begin + i, difference, largestError);
    }
  } else {
    for (size_t i = 0; i < positions.size(); ++i) {
      double got = 0;
      loadElements(result.type(), result.data(), positions[i], 1, &got);
      accumulate(result.type(), values[i], got, positions[i], difference, largestError);
    }
  }
  if (largestError > 0)
    difference.relativeError =
        largest > 0 ? largestError / largest : std::numeric_limits<double>::infinity();
  return difference;
}

} // namespace chameleon
