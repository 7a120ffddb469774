//===- BuffersTest.cpp ---------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/Buffers.h"
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <set>

using namespace chameleon;

namespace {

Buffer make(std::vector<int64_t> shape, const std::string &type = "f32", int color = 0) {
  auto buffer = Buffer::create({ArgumentRole::Input, std::move(shape), type}, color);
  EXPECT_TRUE(buffer.ok()) << buffer.status();
  return *std::move(buffer);
}

std::vector<double> contents(const Buffer &buffer) {
  std::vector<double> values(buffer.elements());
  loadElements(buffer.type(), buffer.data(), 0, values.size(), values.data());
  return values;
}

TEST(Buffers, AreAlignedAndKeepApart) {
  std::set<uintptr_t> offsets;
  for (int color = 0; color < 10; ++color) {
    const Buffer buffer = make({1000}, "f32", color);
    const auto address = reinterpret_cast<uintptr_t>(buffer.data());
    EXPECT_EQ(address % 64, 0u);
    offsets.insert(address % 4096);
  }
  EXPECT_EQ(offsets.size(), 10u);
}

TEST(Buffers, NoticeWritesBesideThem) {
  Buffer buffer = make({3, 5}, "i8");
  buffer.poisonAll();
  EXPECT_TRUE(buffer.guardsIntact());
  auto *bytes = static_cast<char *>(buffer.data());
  std::memset(bytes, 0, 15);
  EXPECT_TRUE(buffer.guardsIntact());
  bytes[15] = 0;
  EXPECT_FALSE(buffer.guardsIntact());
  buffer.poisonAll();
  bytes[-1] = 0;
  EXPECT_FALSE(buffer.guardsIntact());
}

TEST(Buffers, ChecksumSeesEveryByte) {
  Buffer buffer = make({67}, "i8");
  std::memset(buffer.data(), 1, 67);
  const uint64_t before = buffer.checksum();
  for (int i = 0; i < 67; ++i) {
    static_cast<char *>(buffer.data())[i] ^= 4;
    EXPECT_NE(buffer.checksum(), before) << i;
    static_cast<char *>(buffer.data())[i] ^= 4;
  }
  EXPECT_EQ(buffer.checksum(), before);
}

TEST(Buffers, IntegersCoverTheirRangeAndNoMore) {
  Buffer buffer = make({1000});
  Rng rng(3);
  fillIntegers(buffer, 2, rng);
  const std::vector<double> values = contents(buffer);
  const std::set<double> distinct(values.begin(), values.end());
  EXPECT_EQ(distinct, (std::set<double>{-2, -1, 0, 1, 2}));
}

TEST(Buffers, BooleansAndIndicesAreZeroOrOne) {
  for (const char *type : {"i1", "index"}) {
    Buffer buffer = make({100}, type);
    Rng rng(3);
    fillIntegers(buffer, 50, rng);
    const std::vector<double> values = contents(buffer);
    EXPECT_EQ(std::set<double>(values.begin(), values.end()), (std::set<double>{0, 1}));
  }
}

TEST(Buffers, NormalNumbersHaveMeanZeroAndVarianceOne) {
  Buffer buffer = make({100000}, "f64");
  Rng rng(3);
  fillNormal(buffer, false, rng);
  double sum = 0, squares = 0;
  for (double value : contents(buffer)) {
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / 1e5, 0, 0.02);
  EXPECT_NEAR(squares / 1e5, 1, 0.02);
  fillNormal(buffer, true, rng);
  for (double value : contents(buffer))
    ASSERT_GE(value, 0.5);
}

TEST(Buffers, TheSameSeedGivesTheSameBytes) {
  Buffer a = make({1000}, "bf16"), b = make({1000}, "bf16", 7);
  Rng first(5), second(5);
  fillNormal(a, false, first);
  fillNormal(b, false, second);
  EXPECT_EQ(a.checksum(), b.checksum());
}

TEST(Buffers, RefuseTypesThatCannotBeCompared) {
  EXPECT_FALSE(Buffer::create({ArgumentRole::Input, {4}, "complex<f32>"}, 0).ok());
}

TEST(Buffers, FlushLeavesTheContents) {
  Buffer buffer = make({1000});
  Rng rng(1);
  fillNormal(buffer, false, rng);
  const uint64_t before = buffer.checksum();
  flushFromCaches(buffer);
  EXPECT_EQ(buffer.checksum(), before);
}

} // namespace
