//===- ArenaLayoutTest.cpp - Offsets by liveness: properties -----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/ArenaLayout.h"
#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace chameleon;

namespace {

bool sharesBytes(const ArenaBuffer &a, const ArenaBuffer &b) {
  return a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

std::vector<ArenaBuffer> randomBuffers() {
  std::vector<ArenaBuffer> buffers(*rc::gen::inRange(0, 24));
  for (ArenaBuffer &buffer : buffers) {
    buffer.bytes = *rc::gen::inRange(0, 1000);
    buffer.begin = *rc::gen::inRange(0, 30);
    buffer.end = buffer.begin + *rc::gen::inRange(0, 10);
  }
  return buffers;
}

int64_t peakLiveBytes(const std::vector<ArenaBuffer> &buffers) {
  int64_t peak = 0;
  for (int64_t time = 0; time < 50; ++time) {
    int64_t live = 0;
    for (const ArenaBuffer &buffer : buffers)
      if (buffer.begin <= time && time <= buffer.end)
        live += buffer.bytes;
    peak = std::max(peak, live);
  }
  return peak;
}

RC_GTEST_PROP(ArenaLayout, BuffersThatLiveTogetherAreApart, ()) {
  std::vector<ArenaBuffer> buffers = randomBuffers();
  int64_t total = layOutArena(buffers), sum = 0;
  for (size_t i = 0; i < buffers.size(); ++i) {
    sum += (buffers[i].bytes + kArenaAlignment - 1) / kArenaAlignment * kArenaAlignment;
    RC_ASSERT(buffers[i].offset % kArenaAlignment == 0);
    RC_ASSERT(buffers[i].offset + buffers[i].bytes <= total);
    for (size_t j = 0; j < i; ++j)
      RC_ASSERT(buffers[i].end < buffers[j].begin || buffers[j].end < buffers[i].begin ||
                !sharesBytes(buffers[i], buffers[j]));
  }
  RC_ASSERT(total <= sum);
  RC_ASSERT(total >= peakLiveBytes(buffers));
}

TEST(ArenaLayout, ChainOfLayersNeedsTwoBuffers) {
  std::vector<ArenaBuffer> chain;
  for (int64_t i = 0; i < 10; ++i)
    chain.push_back({1024, i, i + 1, 0});
  EXPECT_EQ(layOutArena(chain), 2048);
}

} // namespace
