//===- TargetInfo.h - What is known of the machine code runs on -----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A target is what decides which code is fast: instruction set, vector registers, caches, cores.
// `hostTargetInfo` reads it from cpuid and hwloc. Its `key()` names the target in records, so that
// a result is only looked up on a machine of the kind it was measured on.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SUPPORT_TARGETINFO_H
#define CHAMELEON_SUPPORT_TARGETINFO_H

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <cstdint>
#include <string>

namespace chameleon {

struct TargetInfo {
  std::string triple; // "x86_64-unknown-linux-gnu"
  std::string cpu;    // LLVM's name, "znver4"; a level such as "x86-64-v3" for unknown models
  /// LLVM's feature string, sorted by name, as "+avx512f,-avx512fp16,+fma,...": also what `cpu`
  /// would have but this machine (a virtual one, say) has not. May be empty.
  std::string features;
  int cores = 1;              // cores this process may use (its affinity mask), threads not counted
  int64_t vectorBytes = 16;   // width of one vector register
  int vectorRegisters = 16;   // architectural vector registers
  int64_t l1Bytes = 32 << 10; // data cache of one core
  int64_t l2Bytes = 1 << 20;  // per core
  int64_t l3Bytes = 0;        // shared; 0 if there is none
  int64_t cacheLineBytes = 64;

  /// Lanes of `elementBits` wide elements in one vector register, at least 1.
  int64_t lanes(int64_t elementBits) const {
    int64_t n = vectorBytes * 8 / elementBits;
    return n > 1 ? n : 1;
  }
  /// Stable name of this kind of machine in records: SHA-256-free, readable, for example
  /// "znver4/avx512/l1=32768/l2=1048576/l3=33554432". Equal keys mean comparable times.
  std::string key() const;
};

/// The machine this process runs on. Fails if hwloc cannot read the topology.
absl::StatusOr<TargetInfo> hostTargetInfo();

/// Pins the calling process (all its threads) to the first hardware thread of each of `count` cores
/// from number `first` on (0-based among the cores allowed when it is called). Fails if there are
/// no such cores.
absl::Status pinToCores(int first, int count);

/// Lets each thread of an OpenMP team that this process starts later stay on a core of its own, by
/// what LLVM's library reads from the environment, unless the environment says something already.
/// Else two threads may share a core for as long as a measurement takes: a call of some
/// microseconds was seen to take 60 more.
void spreadOpenMpThreads();

} // namespace chameleon

#endif // CHAMELEON_SUPPORT_TARGETINFO_H
