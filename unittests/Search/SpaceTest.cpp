//===- SpaceTest.cpp - Spaces, printing and parsing -----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestSpaces.h"
#include "chameleon/Search/Measurer.h"
#include "chameleon/Search/ValidSampling.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace chameleon;
using namespace chameleon::test;
using testing::HasSubstr;

namespace {

TEST(SpaceTest, ParseOfPrintedPairsGivesTheConfigurationBack) {
  Space space = matmulSpace();
  ValidSampler sampler(space);
  Rng rng(3);
  for (int i = 0; i < 200; ++i) {
    Configuration c = *sampler.sample(rng);
    ASSERT_EQ(*space.parse(space.toPairs(c)), c);
  }
  EXPECT_EQ(space.print(space.defaultConfiguration()),
            "mc=64 nc=128 kc=128 mr=2 nr=16 kr=1 order=mnk pack=none");
  EXPECT_EQ(space.size(), 6.0 * 6 * 6 * 5 * 4 * 3 * 3 * 2);
}

TEST(SpaceTest, ParseSaysWhatWasExpected) {
  Space space = tinySpace();
  EXPECT_THAT(space.parse({{"a", "3"}, {"b", "2"}}).status().message(),
              HasSubstr("expected knob 'a' to be one of 2, 4, but got '3'"));
  EXPECT_THAT(space.parse({{"c", "3"}}).status().message(),
              HasSubstr("expected a knob of schedule 'tiny' (a, b), but got 'c'"));
  EXPECT_THAT(space.parse({{"a", "2"}}).status().message(), HasSubstr("value for knob 'b'"));
  EXPECT_THAT(space.parse({{"a", "2"}, {"a", "4"}, {"b", "2"}}).status().message(),
              HasSubstr("expected one value for knob 'a', but got two"));
}

absl::string_view messageOf(const absl::StatusOr<Space> &space) { return space.status().message(); }

TEST(SpaceTest, CreateRejectsWhatIsMalformed) {
  Knob good = orderedKnob("a", KnobKind::Tile, "m", {1, 2});
  EXPECT_THAT(messageOf(Space::create("s", {orderedKnob("a", KnobKind::Tile, "m", {})}, {})),
              HasSubstr("to have a value"));
  EXPECT_THAT(messageOf(Space::create("s", {good, good}, {})), HasSubstr("got 'a' twice"));
  EXPECT_THAT(messageOf(Space::create("s", {orderedKnob("a", KnobKind::Tile, "m", {2, 1})}, {})),
              HasSubstr("2 is followed by 1"));
  EXPECT_THAT(messageOf(Space::create("s", {{"c", KnobKind::Choice, "", {0, 1}, {"x"}}}, {})),
              HasSubstr("to have 2 labels, but got 1"));
  EXPECT_THAT(messageOf(Space::create("s", {{"c", KnobKind::Choice, "", {0, 1}, {"x", "x"}}}, {})),
              HasSubstr("to differ"));
  EXPECT_THAT(messageOf(Space::create("s", {good}, {divides(0, 1)})), HasSubstr("but got 1"));
  EXPECT_THAT(messageOf(Space::create("s", {good}, {}, {{0, 0}})),
              HasSubstr("of 1 indices, but got 2"));
  EXPECT_THAT(messageOf(Space::create("s", {good}, {}, {{2}})), HasSubstr("index below 2"));
}

TEST(SpaceTest, DefaultIsRepairedWhenItBreaksARule) {
  Space space = *Space::create("s",
                               {orderedKnob("a", KnobKind::Tile, "m", {2, 4, 8}),
                                orderedKnob("b", KnobKind::Tile, "m", {2, 4, 8})},
                               {divides(0, 1)}, {{0, 2}});
  EXPECT_TRUE(space.hasDefault());
  EXPECT_FALSE(starvedSpace().hasDefault());
  EXPECT_TRUE(Space::create("none", {}, {})->hasDefault());
}

TEST(FailureClassTest, NamesGoBothWays) {
  for (size_t i = 0; i < kNumFailureClasses; ++i) {
    auto failure = static_cast<FailureClass>(i);
    EXPECT_EQ(*parseFailureClass(failureClassName(failure)), failure);
  }
  EXPECT_EQ(failureClassName(FailureClass::ImpossibleRate), "impossible-rate");
  EXPECT_THAT(parseFailureClass("slow").status().message(),
              HasSubstr("expected one of ok, invalid-config"));
}

} // namespace
