//===- ArenaLayout.cpp - Offsets for buffers that live for a while -----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/ArenaLayout.h"
#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace chameleon {

namespace {

int64_t alignUp(int64_t bytes) {
  return (bytes + kArenaAlignment - 1) / kArenaAlignment * kArenaAlignment;
}

bool livesOverlap(const ArenaBuffer &a, const ArenaBuffer &b) {
  return a.begin <= b.end && b.begin <= a.end;
}

/// The lowest offset at which `buffer` overlaps none of `placed`, which is sorted by offset.
int64_t firstFit(const ArenaBuffer &buffer, const std::vector<const ArenaBuffer *> &placed) {
  int64_t offset = 0;
  for (const ArenaBuffer *other : placed) {
    if (!livesOverlap(buffer, *other))
      continue;
    if (offset + buffer.bytes <= other->offset)
      break;
    offset = std::max(offset, alignUp(other->offset + other->bytes));
  }
  return offset;
}

} // namespace

int64_t layOutArena(std::vector<ArenaBuffer> &buffers) {
  std::vector<size_t> order(buffers.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return std::pair(-buffers[a].bytes, a) < std::pair(-buffers[b].bytes, b);
  });
  std::vector<const ArenaBuffer *> placed;
  int64_t total = 0;
  for (size_t index : order) {
    ArenaBuffer &buffer = buffers[index];
    buffer.offset = firstFit(buffer, placed);
    total = std::max(total, alignUp(buffer.offset + buffer.bytes));
    auto byOffset = [](const ArenaBuffer *a, const ArenaBuffer *b) {
      return a->offset < b->offset;
    };
    placed.insert(std::upper_bound(placed.begin(), placed.end(), &buffer, byOffset), &buffer);
  }
  return total;
}

} // namespace chameleon
