//===- FmaPeak.cpp -------------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/FmaPeak.h"
#include <algorithm>
#include <chrono>
#include <cstdint>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace chameleon {
namespace {

// Enough independent chains to hide a latency of four cycles on two ports, and few enough for 16
// registers.
constexpr int kChains = 12;
constexpr int64_t kRounds = 100000;
constexpr int kRepeats = 20;

double secondsOf(float (*run)()) {
  const auto start = std::chrono::steady_clock::now();
  volatile float sink = run();
  (void)sink;
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double bestRate(float (*run)(), int lanes) {
  double best = secondsOf(run);
  for (int i = 1; i < kRepeats; ++i)
    best = std::min(best, secondsOf(run));
  return 2.0 * lanes * kChains * static_cast<double>(kRounds) / best;
}

// Each runs `kChains` chains of `kRounds` multiply-adds and returns something that depends on all
// of them. The factors are opaque to the optimizer, so that nothing is computed at compile time.
#if defined(__x86_64__)
__attribute__((target("avx512f"))) float runAvx512() {
  __m512 chains[kChains], factor = _mm512_set1_ps(0.999f), addend = _mm512_set1_ps(0.001f);
  asm volatile("" : "+v"(factor), "+v"(addend));
  for (__m512 &chain : chains)
    chain = addend;
  for (int64_t round = 0; round < kRounds; ++round)
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i)
      chains[i] = _mm512_fmadd_ps(chains[i], factor, addend);
  for (int i = 1; i < kChains; ++i)
    chains[0] = _mm512_add_ps(chains[0], chains[i]);
  return _mm512_cvtss_f32(chains[0]);
}

__attribute__((target("avx2,fma"))) float runAvx2() {
  __m256 chains[kChains], factor = _mm256_set1_ps(0.999f), addend = _mm256_set1_ps(0.001f);
  asm volatile("" : "+x"(factor), "+x"(addend));
  for (__m256 &chain : chains)
    chain = addend;
  for (int64_t round = 0; round < kRounds; ++round)
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i)
      chains[i] = _mm256_fmadd_ps(chains[i], factor, addend);
  for (int i = 1; i < kChains; ++i)
    chains[0] = _mm256_add_ps(chains[0], chains[i]);
  return _mm256_cvtss_f32(chains[0]);
}
#endif

constexpr int kPortableLanes = 4;
float runPortable() {
  typedef float Vector __attribute__((vector_size(kPortableLanes * sizeof(float))));
  Vector chains[kChains] = {}, factor = {0.999f, 0.999f, 0.999f, 0.999f};
  asm volatile("" : "+m"(factor));
  const Vector addend = factor * 0.001f;
  for (int64_t round = 0; round < kRounds; ++round)
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i)
      chains[i] = chains[i] * factor + addend;
  for (int i = 1; i < kChains; ++i)
    chains[0] += chains[i];
  return chains[0][0];
}

} // namespace

double measureFmaPeak() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f"))
    return std::max(bestRate(runAvx512, 16), bestRate(runAvx2, 8));
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return bestRate(runAvx2, 8);
#endif
  return bestRate(runPortable, kPortableLanes);
}

double peakFactor(ElementType type) {
  switch (type) {
  case ElementType::F64:
    return 0.5;
  case ElementType::F16:
  case ElementType::BF16:
  case ElementType::I16:
    return 2;
  case ElementType::I8:
  case ElementType::I1:
    return 4;
  default:
    return 1;
  }
}

} // namespace chameleon
