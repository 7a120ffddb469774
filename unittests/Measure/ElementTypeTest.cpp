//===- ElementTypeTest.cpp -----------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/ElementType.h"
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <vector>

using namespace chameleon;

namespace {

constexpr ElementType kSmallFloats[] = {ElementType::F16, ElementType::BF16};

double fromBits(ElementType type, uint16_t bits) {
  double value = 0;
  loadElements(type, &bits, 0, 1, &value);
  return value;
}

uint16_t toBits(ElementType type, double value) {
  uint16_t bits = 0;
  storeElements(type, &bits, 0, 1, &value);
  return bits;
}

TEST(ElementType, EveryShortFloatSurvivesARoundTrip) {
  for (ElementType type : kSmallFloats)
    for (uint32_t bits = 0; bits < 65536; ++bits) {
      const double value = fromBits(type, static_cast<uint16_t>(bits));
      if (std::isnan(value))
        EXPECT_TRUE(std::isnan(roundTo(type, value)));
      else
        ASSERT_EQ(toBits(type, value), bits) << "of type " << static_cast<int>(type);
    }
}

// The oracle: the nearest of all values of the format, the even one of two.
TEST(ElementType, ShortFloatsRoundToTheNearestEven) {
  for (ElementType type : kSmallFloats) {
    const uint16_t infinity = type == ElementType::F16 ? 0x7c00 : 0x7f80;
    for (uint16_t bits = 0; bits + 1 < infinity; ++bits) {
      const double low = fromBits(type, bits), high = fromBits(type, bits + 1);
      const double middle = low + (high - low) / 2;
      ASSERT_EQ(toBits(type, middle), bits % 2 ? bits + 1 : bits);
      ASSERT_EQ(toBits(type, std::nextafter(middle, 0)), bits);
      ASSERT_EQ(toBits(type, std::nextafter(middle, INFINITY)), bits + 1);
      ASSERT_EQ(toBits(type, -std::nextafter(middle, 0)), bits | 0x8000);
    }
  }
}

TEST(ElementType, TooLargeBecomesInfinity) {
  EXPECT_EQ(roundTo(ElementType::F16, 65519), 65504);
  EXPECT_EQ(roundTo(ElementType::F16, 65520), INFINITY);
  EXPECT_EQ(roundTo(ElementType::F16, -1e30), -INFINITY);
  EXPECT_EQ(roundTo(ElementType::BF16, 3.4e38), INFINITY);
}

TEST(ElementType, IntegersWrap) {
  EXPECT_EQ(roundTo(ElementType::I8, 130), -126);
  EXPECT_EQ(roundTo(ElementType::I1, 3), 1);
  EXPECT_EQ(roundTo(ElementType::I32, -5), -5);
}

TEST(ElementType, ParsesMlirNames) {
  EXPECT_EQ(*parseElementType("bf16"), ElementType::BF16);
  EXPECT_EQ(*parseElementType("ui8"), ElementType::I8);
  EXPECT_EQ(*parseElementType("index"), ElementType::I64);
  EXPECT_FALSE(parseElementType("i4").ok());
  EXPECT_FALSE(parseElementType("complex<f32>").ok());
}

TEST(ElementType, PoisonIsWrongInEveryType) {
  for (ElementType type :
       {ElementType::F64, ElementType::F32, ElementType::F16, ElementType::BF16}) {
    double memory[2], value = 0;
    poison(type, memory, sizeof(memory));
    loadElements(type, memory, 1, 1, &value);
    EXPECT_TRUE(std::isnan(value));
  }
}

RC_GTEST_PROP(ElementType, FloatsAreLoadedAsTheyAre, (const std::vector<float> &values)) {
  std::vector<double> loaded(values.size());
  loadElements(ElementType::F32, values.data(), 0, values.size(), loaded.data());
  for (size_t i = 0; i < values.size(); ++i)
    RC_ASSERT(loaded[i] == static_cast<double>(values[i]));
}

} // namespace
