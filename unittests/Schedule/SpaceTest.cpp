//===- SpaceTest.cpp - Domains, facts, rules and narrowing ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestTasks.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace chameleon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Values = std::vector<int64_t>;

class SpaceTest : public testing::Test {
protected:
  absl::StatusOr<Space> spaceOf(const std::string &body, const Task &task,
                                const TargetInfo &target = wideTarget()) {
    absl::StatusOr<ScheduleLibrary> library = libraryOf(*context, body);
    if (!library.ok())
      return library.status();
    return library->space("s", task.function, target);
  }

  /// The values and the default of the knob with this domain, for a matmul of m x n x k.
  std::pair<Values, int64_t> knobOf(const std::string &domain, int m, int n, int k,
                                    const TargetInfo &target = wideTarget()) {
    absl::StatusOr<Space> space =
        spaceOf(absl::StrCat("  %k = transform.tune.knob<\"k\"> options = ", domain, " -> !i64"),
                matmulTask(*context, m, n, k), target);
    EXPECT_TRUE(space.ok()) << space.status();
    if (!space.ok())
      return {};
    return {space->knobs()[0].values, space->values(space->defaultConfiguration())[0]};
  }

  std::unique_ptr<mlir::MLIRContext> context = makeContext();
};

TEST_F(SpaceTest, TilesAreDivisorsInRange) {
  EXPECT_THAT(knobOf("#chameleon.tile<dim = \"m\">", 12, 16, 8).first,
              ElementsAre(1, 2, 3, 4, 6, 12));
  EXPECT_THAT(
      knobOf("#chameleon.tile<dim = \"m\", multiple_of = 2, min = 4, max = 8>", 24, 16, 8).first,
      ElementsAre(4, 6, 8));
}

TEST_F(SpaceTest, PartialTilesBalanceAnExtentOfFewDivisors) {
  EXPECT_THAT(knobOf("#chameleon.tile<dim = \"m\", partial>", 13, 16, 8).first,
              ElementsAre(1, 2, 3, 4, 5, 7, 13));
  // Divisors are enough where there are some.
  EXPECT_THAT(knobOf("#chameleon.tile<dim = \"m\", partial>", 12, 16, 8).first,
              ElementsAre(1, 2, 3, 4, 6, 12));
}

TEST_F(SpaceTest, ListedTilesAboveTheExtentStandForIt) {
  EXPECT_THAT(
      knobOf("#chameleon.tile<dim = \"m\", values = [4, 8, 16, 32], partial>", 10, 16, 8).first,
      ElementsAre(4, 8, 10));
}

TEST_F(SpaceTest, VectorsCountRegistersOfTheTarget) {
  std::string domain = "#chameleon.vector<dim = \"n\", values = [1, 2, 4], partial>";
  EXPECT_THAT(knobOf(domain, 8, 64, 8).first, ElementsAre(16, 32, 64));
  EXPECT_THAT(knobOf(domain, 8, 64, 8, narrowTarget()).first, ElementsAre(8, 16, 32));
  EXPECT_THAT(knobOf(domain, 8, 20, 8).first, ElementsAre(16, 32));
}

TEST_F(SpaceTest, UnrollFactorsEndAtSixteen) {
  EXPECT_THAT(knobOf("#chameleon.unroll<dim = \"k\">", 8, 16, 64).first,
              ElementsAre(1, 2, 4, 8, 16));
}

TEST_F(SpaceTest, DefaultsWeighPaddingAgainstDistance) {
  // Of schedules/cpu/convolution.mlir, as measured for the width of convolutions: a divisor near to
  // nine, else nearly equal parts.
  std::string tile =
      "#chameleon.tile<dim = \"m\", values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, "
      "14, 16, 20, 24, 28], prefer = 9, partial>";
  for (auto [extent, expected] : std::vector<std::pair<int, int>>{{7, 7},
                                                                  {13, 13},
                                                                  {14, 7},
                                                                  {17, 9},
                                                                  {27, 9},
                                                                  {28, 7},
                                                                  {31, 8},
                                                                  {33, 11},
                                                                  {55, 11},
                                                                  {56, 8},
                                                                  {112, 8},
                                                                  {224, 9}})
    EXPECT_EQ(knobOf(tile, extent, 16, 8).second, expected) << extent;
  std::string vector = "#chameleon.vector<dim = \"n\", values = [1, 2, 4], prefer = 2, partial>";
  for (auto [extent, expected] : std::vector<std::pair<int, int>>{{8, 16},
                                                                  {16, 16},
                                                                  {24, 32},
                                                                  {32, 32},
                                                                  {48, 16},
                                                                  {64, 32},
                                                                  {100, 16},
                                                                  {144, 16},
                                                                  {1000, 32}})
    EXPECT_EQ(knobOf(vector, 8, extent, 8).second, expected) << extent;
}

TEST_F(SpaceTest, LastNamesDimensionsOfTheResult) {
  EXPECT_THAT(knobOf("#chameleon.tile<dim = \"last\">", 6, 10, 15).first, ElementsAre(1, 2, 5, 10));
  EXPECT_THAT(knobOf("#chameleon.tile<dim = \"last1\">", 6, 10, 15).first, ElementsAre(1, 2, 3, 6));
}

TEST_F(SpaceTest, UnknownLoopsAreNamed) {
  absl::StatusOr<Space> space =
      spaceOf("  %k = transform.tune.knob<\"k\"> options = #chameleon.tile<dim = \"ow\"> -> !i64",
              matmulTask(*context, 4, 4, 4));
  EXPECT_EQ(space.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(space.status().message()), HasSubstr("but it has: m, n, k"));
}

TEST_F(SpaceTest, PlainListsOfUpstreamAreDomains) {
  EXPECT_THAT(knobOf("[8 : i64, 2 : i64, 4 : i64]", 8, 8, 8).first, ElementsAre(2, 4, 8));
}

/// A space of the one knob "size", whose only valid value is that of `fact`.
static std::string onlyTheFact(const std::string &fact, int64_t max) {
  return absl::StrCat(
      "  %size = transform.tune.knob<\"size\"> options = #chameleon.tile<dim = \"m\", max = ", max,
      "> -> !i64\n  %fact = transform.tune.knob<\"fact\"> options = #chameleon.fact<\"", fact,
      "\"> -> !i64\n  transform.chameleon.require %size, %fact {set = affine_set<()[a, b] : "
      "(a - b - 1 == 0)>, message = \"m\"}");
}

TEST_F(SpaceTest, FactsAreFixedNumbersInRules) {
  // A knob of the divisors of 48 may only be the fact plus one.
  for (auto [fact, value] :
       std::vector<std::pair<std::string, int64_t>>{{"extent(k)", 5},
                                                    {"constant(0)", 0},
                                                    {"constant(1)", 1},
                                                    {"unit_stride(1,n)", 1},
                                                    {"unit_stride(1,k)", 0},
                                                    {"contiguous_reduction", 0},
                                                    {"extent(last)", 7}}) {
    absl::StatusOr<Space> space = spaceOf(onlyTheFact(fact, 48), matmulTask(*context, 48, 7, 5));
    ASSERT_TRUE(space.ok()) << space.status();
    ASSERT_EQ(space->knobs().size(), 1u);
    ASSERT_TRUE(space->hasDefault()) << fact;
    EXPECT_EQ(space->values(space->defaultConfiguration())[0], value + 1) << fact;
  }
}

TEST_F(SpaceTest, FactsOfTheTarget) {
  TargetInfo target = narrowTarget();
  absl::StatusOr<Space> space =
      spaceOf(onlyTheFact("lanes", 48), matmulTask(*context, 9, 7, 5), target);
  ASSERT_TRUE(space.ok()) << space.status();
  EXPECT_EQ(space->values(space->defaultConfiguration())[0], target.lanes(32) + 1);
}

TEST_F(SpaceTest, RulesThatRejectAllLeaveNoDefault) {
  absl::StatusOr<Space> space =
      spaceOf("  %k = transform.tune.knob<\"k\"> options = #chameleon.tile<dim = \"m\"> -> !i64\n"
              "  transform.chameleon.require %k {set = affine_set<()[a] : (-a >= 0)>, message = "
              "\"none\"}",
              matmulTask(*context, 8, 8, 8));
  ASSERT_TRUE(space.ok()) << space.status();
  EXPECT_FALSE(space->hasDefault());
}

TEST_F(SpaceTest, ASpaceWrittenOnTheRootNarrows) {
  std::string body =
      "  %mr = transform.tune.knob<\"mr\"> options = #chameleon.tile<dim = \"m\", prefer = 4> -> "
      "!i64\n  %o = transform.tune.knob<\"order\"> options = #chameleon.choice<[\"nm\", \"mn\"]> "
      "-> !i64";
  auto narrowed = [&](const std::string &knobs) {
    return spaceOf(body, matmulTask(*context, 8, 8, 8,
                                    absl::StrCat("chameleon.root, chameleon.space = "
                                                 "#chameleon.space<@s, knobs = [",
                                                 knobs, "]>")));
  };
  absl::StatusOr<Space> space =
      narrowed("#chameleon.tile<\"mr\", values = [2, 4]>, #chameleon.choice<\"order\", [\"mn\"]>");
  ASSERT_TRUE(space.ok()) << space.status();
  EXPECT_THAT(space->knobs()[0].values, ElementsAre(2, 4));
  EXPECT_THAT(space->knobs()[1].labels, ElementsAre("mn"));
  EXPECT_EQ(space->print(space->defaultConfiguration()), "mr=4 order=mn");
  absl::StatusOr<Space> foreign = narrowed("#chameleon.tile<\"mr\", values = [3]>");
  EXPECT_EQ(foreign.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(foreign.status().message()), HasSubstr("mr"));
}

} // namespace
} // namespace chameleon
