//===- Random.cpp - One seeded random generator for everything ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Support/Random.h"
#include <bit>
#include <cmath>

namespace chameleon {

static uint64_t splitmix64(uint64_t &x) {
  x += 0x9e3779b97f4a7c15u;
  uint64_t z = x;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

Rng::Rng(uint64_t seed) {
  for (uint64_t &word : state)
    word = splitmix64(seed);
}

uint64_t Rng::next() {
  uint64_t result = std::rotl(state[0] + state[3], 23) + state[0];
  uint64_t t = state[1] << 17;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= t;
  state[3] = std::rotl(state[3], 45);
  return result;
}

uint64_t Rng::below(uint64_t n) {
  if (n == 0)
    return 0;
  uint64_t biased = (0 - n) % n; // 2^64 mod n draws at the bottom would favour small results
  uint64_t draw = next();
  while (draw < biased)
    draw = next();
  return draw % n;
}

double Rng::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

double Rng::normal() {
  double x = 0;
  double s = 0;
  do {
    x = 2 * uniform() - 1;
    double y = 2 * uniform() - 1;
    s = x * x + y * y;
  } while (s >= 1 || s == 0);
  return x * std::sqrt(-2 * std::log(s) / s);
}

} // namespace chameleon
