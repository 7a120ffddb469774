//===- ExpectationTest.cpp -----------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/Expectation.h"
#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace chameleon;
using ::testing::HasSubstr;

namespace {

Buffer bufferOf(const std::vector<double> &values, const std::string &type) {
  const auto count = static_cast<int64_t>(values.size());
  auto buffer = Buffer::create({ArgumentRole::Output, {count}, type}, 0);
  EXPECT_TRUE(buffer.ok()) << buffer.status();
  storeElements(buffer->type(), buffer->data(), 0, values.size(), values.data());
  return *std::move(buffer);
}

Difference compare(const std::vector<double> &expected, const std::vector<double> &got,
                   const std::string &type = "f32") {
  const auto count = static_cast<int64_t>(expected.size());
  return Expectation::capture(bufferOf(expected, "f64"), {count}, 0).compare(bufferOf(got, type));
}

TEST(Expectation, EqualNumbersDoNotDiffer) {
  const Difference difference = compare({1, -2, 3}, {1, -2, 3});
  EXPECT_EQ(difference.relativeError, 0);
  EXPECT_EQ(difference.unequal, 0);
}

TEST(Expectation, ErrorIsRelativeToTheLargestExpected) {
  const Difference difference = compare({1, -8, 3}, {1, -8, 2});
  EXPECT_DOUBLE_EQ(difference.relativeError, 1.0 / 8);
  EXPECT_EQ(difference.unequal, 1);
  EXPECT_EQ(difference.firstUnequal, 2);
  EXPECT_THAT(difference.describe(3),
              HasSubstr("1 of 3 elements, the first at 2: expected 3, but got 2"));
}

TEST(Expectation, RoundingToTheTypeIsAnErrorButNotADifference) {
  const Difference difference = compare({1.0 / 3, 1}, {1.0 / 3, 1}, "bf16");
  EXPECT_EQ(difference.unequal, 0);
  EXPECT_GT(difference.relativeError, 1e-5);
  EXPECT_LT(difference.relativeError, 0x1p-8);
}

TEST(Expectation, PoisonIsInfinitelyWrong) {
  EXPECT_EQ(compare({1, 2}, {1, NAN}).relativeError, INFINITY);
  EXPECT_EQ(compare({1, 2}, {1, INFINITY}).relativeError, INFINITY);
  EXPECT_EQ(compare({0, 0}, {0, 1e-30}).relativeError, INFINITY);
}

TEST(Expectation, NanWhereNanBelongsIsRight) {
  EXPECT_EQ(compare({1, NAN, INFINITY}, {1, NAN, INFINITY}).unequal, 0);
  EXPECT_EQ(compare({1, NAN}, {1, 2}).relativeError, INFINITY);
  EXPECT_EQ(compare({1, 1e6}, {1, INFINITY}, "f16").relativeError, 0); // out of its range
}

TEST(Expectation, SamplesLargeOutputsReproducibly) {
  const std::vector<int64_t> shape = {100, 100};
  auto reference = Buffer::create({ArgumentRole::Output, shape, "f64"}, 0);
  std::vector<double> values(10000);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<double>(i);
  storeElements(ElementType::F64, reference->data(), 0, values.size(), values.data());
  const Expectation expectation = Expectation::capture(*reference, shape, 4, 500);
  EXPECT_LE(expectation.compared(), 500);
  EXPECT_GT(expectation.compared(), 400);
  EXPECT_EQ(expectation.compare(*reference).unequal, 0);
  const Expectation copy = Expectation::restore(
      {expectation.contents().begin(), expectation.contents().end()}, shape, 4, 500);
  EXPECT_EQ(copy.compare(*reference).unequal, 0);
  EXPECT_EQ(copy.scale(), expectation.scale());
  // Half of the sample is on the border, which is a wrong last column's chance to be seen.
  for (size_t row = 0; row < 100; ++row)
    values[row * 100 + 99] = -1;
  storeElements(ElementType::F64, reference->data(), 0, values.size(), values.data());
  EXPECT_GT(expectation.compare(*reference).unequal, 20);
}

RC_GTEST_PROP(SamplePositions, AreInRangeAndSorted, ()) {
  const auto shape =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<int64_t>>(rc::gen::inRange(1, 9)));
  int64_t elements = 1;
  for (int64_t extent : shape)
    elements = std::min<int64_t>(elements * extent, int64_t(1) << 40);
  const auto positions = samplePositions(shape, 50, *rc::gen::arbitrary<uint64_t>());
  RC_ASSERT(!positions.empty());
  RC_ASSERT(std::is_sorted(positions.begin(), positions.end()));
  if (elements < (int64_t(1) << 40))
    RC_ASSERT(static_cast<int64_t>(positions.back()) < elements);
}

} // namespace
