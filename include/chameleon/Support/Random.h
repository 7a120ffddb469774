//===- Random.h - One seeded random generator for everything --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every draw of a session comes from an `Rng` passed by reference, so that one seed gives one
// sequence on every platform and standard library (std::*_distribution does not promise that). The
// generator is xoshiro256++ (Blackman, Vigna 2019), its state filled by splitmix64.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SUPPORT_RANDOM_H
#define CHAMELEON_SUPPORT_RANDOM_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace chameleon {

class Rng {
public:
  explicit Rng(uint64_t seed = 0);

  /// 64 uniform bits.
  uint64_t next();
  /// Uniform in [0, n), without modulo bias; 0 if `n` is 0.
  uint64_t below(uint64_t n);
  /// Uniform in [0, 1) with 53 bits.
  double uniform();
  /// Standard normal (polar method).
  double normal();
  /// True with the given probability.
  bool chance(double probability) { return uniform() < probability; }
  /// A generator of its own sequence, seeded by this one: give each part of a program its own, so
  /// that a draw more in one part does not change the others.
  Rng fork() { return Rng(next()); }

  /// Fisher-Yates on anything with size() and operator[].
  template <typename Container> void shuffle(Container &items) {
    for (size_t i = items.size(); i > 1; --i) {
      using std::swap;
      swap(items[i - 1], items[below(i)]);
    }
  }

private:
  std::array<uint64_t, 4> state;
};

} // namespace chameleon

#endif // CHAMELEON_SUPPORT_RANDOM_H
