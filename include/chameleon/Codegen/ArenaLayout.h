//===- ArenaLayout.h - Offsets for buffers that live for a while -------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One block of memory for many buffers: two buffers share bytes if they do not live at the same
// time. Greedy by size, first fit, which on chains of layers is close to the peak of live bytes.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_CODEGEN_ARENALAYOUT_H
#define CHAMELEON_CODEGEN_ARENALAYOUT_H

#include <cstdint>
#include <vector>

namespace chameleon {

/// Every offset is a multiple of this, one cache line and one 512-bit register.
inline constexpr int64_t kArenaAlignment = 64;

struct ArenaBuffer {
  int64_t bytes = 0; // >= 0
  int64_t begin = 0; // first and last point in time at which it lives, inclusive
  int64_t end = 0;
  int64_t offset = 0; // result
};

/// Sets the offset of each buffer and returns the bytes of the whole block, a multiple of
/// `kArenaAlignment`. Deterministic: the order of equal sizes is that of `buffers`.
int64_t layOutArena(std::vector<ArenaBuffer> &buffers);

} // namespace chameleon

#endif // CHAMELEON_CODEGEN_ARENALAYOUT_H
