//===- Landscape.h - A machine that is a formula --------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_UNITTESTS_SEARCH_LANDSCAPE_H
#define CHAMELEON_UNITTESTS_SEARCH_LANDSCAPE_H

#include "chameleon/Search/Measurer.h"
#include <cmath>
#include <functional>

namespace chameleon::test {

/// Times over test::matmulSpace(): the best block is mr = 8, nr = 32 with a packed B, cache tiles
/// matter less, there are interactions, a rugged part of 5 %, and candidates with a large body fail
/// to compile. The default of the space takes about 3 times as long as the best.
inline Measurement timeOnLandscape(const Space &space, const Configuration &c, double scale = 1) {
  std::vector<int64_t> v = space.values(c);
  auto log = [&](size_t i) { return std::log2(static_cast<double>(v[i])); };
  double slowdown = 0.5 * std::abs(log(3) - 3) + 0.45 * std::abs(log(4) - 5) +
                    0.12 * std::abs(log(0) + log(2) - 14) + 0.1 * std::abs(log(1) - 7) +
                    0.08 * std::abs(log(5) - 1) + (v[6] == 1 ? 0 : 0.15) +
                    (v[7] == 1 ? 0 : 0.05 * log(1));
  uint64_t mixed = 0x9e3779b97f4a7c15u;
  for (int32_t index : c.indices)
    mixed = (mixed ^ static_cast<uint64_t>(index + 1)) * 0xff51afd7ed558ccdu;
  slowdown += 0.05 * static_cast<double>(mixed >> 40) / static_cast<double>(1 << 24);
  Measurement measurement;
  measurement.buildSeconds = 0.1;
  if (v[3] * v[4] * v[5] >= 1024) {
    measurement.failure = FailureClass::CompileTimeout;
    measurement.buildSeconds = 1;
    return measurement;
  }
  measurement.medianNs = scale * 1e6 * std::exp2(slowdown);
  measurement.madNs = measurement.medianNs * 0.005;
  measurement.samples = 5;
  measurement.runSeconds = 0.05;
  return measurement;
}

/// Measures by calling a function, and moves a clock if there is one.
class FunctionMeasurer final : public Measurer {
public:
  using Function = std::function<Measurement(const Configuration &)>;
  explicit FunctionMeasurer(Function function, double *clock = nullptr)
      : function(std::move(function)), clock(clock) {}

  absl::StatusOr<std::vector<Measurement>> measure(absl::Span<const Configuration> configurations,
                                                   double, Callback done) override {
    std::vector<Measurement> result;
    for (size_t i = 0; i < configurations.size(); ++i) {
      result.push_back(function(configurations[i]));
      if (clock)
        *clock += result.back().buildSeconds + result.back().runSeconds;
      done(i, result.back());
    }
    calls += configurations.size();
    return result;
  }

  size_t calls = 0;

private:
  Function function;
  double *clock;
};

} // namespace chameleon::test

#endif // CHAMELEON_UNITTESTS_SEARCH_LANDSCAPE_H
