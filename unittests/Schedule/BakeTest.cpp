//===- BakeTest.cpp - Configurations into schedules -----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestTasks.h"
#include "chameleon/Schedule/Apply.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace chameleon {
namespace {

using testing::HasSubstr;
using testing::Not;

class BakeTest : public testing::Test {
protected:
  absl::StatusOr<std::string> bake(const std::string &body, const KnobValues &values) {
    absl::StatusOr<ScheduleLibrary> library = libraryOf(*context, body);
    if (!library.ok())
      return library.status();
    Task task = matmulTask(*context, 16, 32, 8);
    auto baked = bakeSchedule(task.function, *library, "s", values, wideTarget());
    if (!baked.ok())
      return baked.status();
    std::string text;
    llvm::raw_string_ostream stream(text);
    (**baked).print(stream);
    return text;
  }

  std::unique_ptr<mlir::MLIRContext> context = makeContext();
};

static const char kKnobs[] =
    R"(  %mr = transform.tune.knob<"mr"> options = #chameleon.tile<dim = "m"> -> !i64
  %nr = transform.tune.knob<"nr"> options = #chameleon.tile<dim = "n"> -> !i64
  %order = transform.tune.knob<"order"> options = #chameleon.choice<["nm", "mn"]> -> !i64
  transform.chameleon.require %mr, %nr {set = affine_set<()[a, b] : (64 - a * b >= 0)>, message = "too large"}
  %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
)";

TEST_F(BakeTest, KnobsBecomeConstantsAndRulesGo) {
  auto text = bake(std::string(kKnobs) + R"(
  %t, %l:2 = transform.structured.tile_using_for %root tile_sizes [%mr, %nr] : (!any, !i64, !i64) -> (!any, !any, !any))",
                   {{"mr", "4"}, {"nr", "16"}, {"order", "mn"}});
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_THAT(*text, HasSubstr("transform.param.constant 4"));
  EXPECT_THAT(*text, HasSubstr("transform.param.constant 16"));
  EXPECT_THAT(*text, Not(HasSubstr("tune.knob")));
  EXPECT_THAT(*text, Not(HasSubstr("chameleon.require")));
}

TEST_F(BakeTest, BindingsFillSlotsByTheFirstKnobs) {
  auto text = bake(std::string(kKnobs) + R"(
  %t, %l:2 = transform.structured.tile_using_for %root tile_sizes [1, 1] interchange = [0, 1] {chameleon.bind = {
         static_sizes = affine_map<()[mr, nr] -> (mr, nr floordiv 2)>,
         interchange = {knob = "order", nm = array<i64: 1, 0>, mn = array<i64: 0, 1>}}} : (!any) -> (!any, !any, !any))",
                   {{"mr", "4"}, {"nr", "16"}, {"order", "nm"}});
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_THAT(*text, HasSubstr("tile_sizes [4, 8] interchange = [1, 0]"));
  EXPECT_THAT(*text, Not(HasSubstr("chameleon.bind")));
}

TEST_F(BakeTest, AlternativesAreInlined) {
  std::string body = std::string(kKnobs) + R"(
  transform.tune.alternatives<"order"> {
    transform.annotate %root "first" : !any
  }, {
    transform.annotate %root "second" : !any
  })";
  auto text = bake(body, {{"mr", "4"}, {"nr", "16"}, {"order", "mn"}});
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_THAT(*text, HasSubstr("\"second\""));
  EXPECT_THAT(*text, Not(HasSubstr("\"first\"")));
  EXPECT_THAT(*text, Not(HasSubstr("alternatives")));
}

TEST_F(BakeTest, BadConfigurationsAreInvalidArguments) {
  auto broken = bake(kKnobs, {{"mr", "16"}, {"nr", "32"}, {"order", "mn"}});
  EXPECT_EQ(broken.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(broken.status().message()), HasSubstr("violates: too large"));
  auto value = bake(kKnobs, {{"mr", "3"}, {"nr", "32"}, {"order", "mn"}});
  EXPECT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument);
  auto knob = bake(kKnobs, {{"mr", "2"}, {"nr", "32"}, {"sort", "mn"}});
  EXPECT_EQ(knob.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(BakeTest, BindingsThatDivideByZeroFail) {
  auto text = bake(std::string(kKnobs) + R"(
  %t, %l = transform.structured.tile_using_for %root tile_sizes [1] {chameleon.bind = {
         static_sizes = affine_map<()[mr, nr] -> (nr floordiv (mr - 4))>}} : (!any) -> (!any, !any))",
                   {{"mr", "4"}, {"nr", "16"}, {"order", "mn"}});
  EXPECT_EQ(text.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(BakeTest, SequencesThatAreIncludedSeeTheKnobs) {
  // In generic.mlir the tiles of a reduction are bound in @sum_lanes, which the schedule includes.
  absl::StatusOr<ScheduleLibrary> library = ownLibrary(*context);
  ASSERT_TRUE(library.ok()) << library.status();
  Task task = matmulTask(*context, 4, 8, 64);
  task.function.removeArgAttr(1, "chameleon.constant");
  auto baked = bakeSchedule(task.function, *library, "cpu_gemv",
                            {{"rows", "4"}, {"cols", "16"}, {"steps", "8"}}, wideTarget());
  ASSERT_TRUE(baked.ok()) << baked.status();
  std::string text;
  llvm::raw_string_ostream stream(text);
  (**baked).print(stream);
  EXPECT_THAT(text, HasSubstr("inner_sizes = [4, 16]"));
  EXPECT_THAT(text, HasSubstr("inner_sizes = [8]"));
}

} // namespace
} // namespace chameleon
