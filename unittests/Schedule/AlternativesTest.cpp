//===- AlternativesTest.cpp - Knobs and rules inside of alternatives ------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestTasks.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Schedule/Apply.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace chameleon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string tile(const std::string &name, const std::string &dim) {
  return absl::StrCat("  %", name, " = transform.tune.knob<\"", name,
                      "\"> options = #chameleon.tile<dim = \"", dim, "\"> -> !i64\n");
}

std::string choice(const std::string &name, const std::string &labels) {
  return absl::StrCat("  %", name, " = transform.tune.knob<\"", name,
                      "\"> options = #chameleon.choice<[", labels, "]> -> !i64\n");
}

/// Demands that the fact is `value`.
std::string demand(const std::string &fact, int value, const std::string &message,
                   const std::string &name = "fact") {
  return absl::StrCat("  %", name, " = transform.tune.knob<\"", name,
                      "\"> options = #chameleon.fact<\"", fact, "\"> -> !i64\n",
                      "  transform.chameleon.require %", name, " {set = affine_set<()[a] : (a - ",
                      value, " == 0)>, message = \"", message, "\"}\n");
}

std::string alternatives(const std::string &name, const std::vector<std::string> &regions) {
  std::string text = absl::StrCat("  transform.tune.alternatives<\"", name, "\"> ");
  for (size_t i = 0; i < regions.size(); ++i)
    absl::StrAppend(&text, i == 0 ? "{\n" : ", {\n", regions[i], "  }");
  return text + "\n";
}

std::string conditionText(const Space &space, const Knob &knob) {
  std::string text;
  for (const Condition &condition : knob.condition)
    absl::StrAppend(&text, space.knobs()[condition.knob].name, "=", condition.value, " ");
  return text;
}

class AlternativesTest : public testing::Test {
protected:
  absl::StatusOr<Space> spaceOf(const std::string &body, const Task &task) {
    absl::StatusOr<ScheduleLibrary> library = libraryOf(*context, body);
    if (!library.ok())
      return library.status();
    return library->space("s", task.function, wideTarget());
  }
  absl::StatusOr<Space> matmulSpace(const std::string &body,
                                    const std::string &attributes = "chameleon.root") {
    return spaceOf(body, matmulTask(*context, 8, 16, 4, attributes));
  }

  std::unique_ptr<mlir::MLIRContext> context = makeContext();
};

TEST_F(AlternativesTest, RegionsGiveConditions) {
  std::string rule = "  transform.chameleon.require %b {set = affine_set<()[b] : (b - 2 >= 0)>, "
                     "message = \"two columns\"}\n";
  absl::StatusOr<Space> space = matmulSpace(absl::StrCat(
      choice("algorithm", "\"direct\", \"packed\", \"deep\""), tile("k", "k"),
      alternatives("algorithm",
                   {tile("a", "m"), tile("b", "n") + rule,
                    choice("how", "\"x\", \"y\"") + alternatives("how", {"", tile("c", "m")})})));
  ASSERT_TRUE(space.ok()) << space.status();
  std::vector<std::string> conditions;
  for (const Knob &knob : space->knobs())
    conditions.push_back(absl::StrCat(knob.name, ": ", conditionText(*space, knob)));
  EXPECT_THAT(conditions, ElementsAre("algorithm: ", "k: ", "a: algorithm=0 ", "b: algorithm=1 ",
                                      "how: algorithm=2 ", "c: algorithm=2 how=1 "));
  ASSERT_EQ(space->constraints().size(), 1u);
  EXPECT_EQ(space->constraints()[0].condition, (std::vector<Condition>{{0, 1}}));
  EXPECT_EQ(space->size(), 3.0 * (4 + 5 + (1 + 4)));
  EXPECT_EQ(space->print(space->defaultConfiguration()), "algorithm=direct k=1 a=1");
  // b starts where its rule allows it.
  EXPECT_EQ(space->print(space->otherDefaults()[0]), "algorithm=packed k=1 b=2");
}

TEST_F(AlternativesTest, BakedSchedulesHaveTheKnobsOfTheirRegion) {
  std::string body = absl::StrCat(choice("algorithm", "\"direct\", \"packed\""),
                                  alternatives("algorithm", {tile("a", "m"), tile("b", "n")}));
  absl::StatusOr<ScheduleLibrary> library = libraryOf(*context, body);
  ASSERT_TRUE(library.ok()) << library.status();
  Task task = matmulTask(*context, 8, 16, 4);
  auto baked = bakeSchedule(task.function, *library, "s", {{"algorithm", "packed"}, {"b", "16"}},
                            wideTarget());
  ASSERT_TRUE(baked.ok()) << baked.status();
  std::string text;
  llvm::raw_string_ostream stream(text);
  (**baked).print(stream);
  EXPECT_THAT(text, HasSubstr("transform.param.constant 16"));
  EXPECT_THAT(text, Not(HasSubstr("tune.")));
  auto useless = bakeSchedule(task.function, *library, "s",
                              {{"algorithm", "packed"}, {"a", "4"}, {"b", "16"}}, wideTarget());
  EXPECT_EQ(useless.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(useless.status().message()), HasSubstr("only where algorithm=direct"));
}

TEST_F(AlternativesTest, BindingsSeeNestedKnobsInOrderOfDeclaration) {
  std::string bound = "  %root = transform.structured.match attributes {chameleon.root} in %f : "
                      "(!any) -> !any\n  %t, %l = transform.structured.tile_using_for %root "
                      "tile_sizes [1] {chameleon.bind = {static_sizes = affine_map<()[algorithm, "
                      "a, b, k] -> (b * 100 + a * 10 + k)>}} : (!any) -> (!any, !any)";
  std::string body = absl::StrCat(choice("algorithm", "\"direct\", \"packed\""),
                                  alternatives("algorithm", {tile("a", "m"), tile("b", "n")}),
                                  tile("k", "k"), bound);
  absl::StatusOr<ScheduleLibrary> library = libraryOf(*context, body);
  ASSERT_TRUE(library.ok()) << library.status();
  Task task = matmulTask(*context, 8, 16, 4);
  auto baked = bakeSchedule(task.function, *library, "s",
                            {{"algorithm", "packed"}, {"b", "16"}, {"k", "4"}}, wideTarget());
  ASSERT_TRUE(baked.ok()) << baked.status();
  std::string text;
  llvm::raw_string_ostream stream(text);
  (**baked).print(stream);
  EXPECT_THAT(text, HasSubstr("tile_sizes [1614]")); // a rests at 1
}

TEST_F(AlternativesTest, RulesOverFactsDropLabels) {
  absl::StatusOr<Space> space = matmulSpace(absl::StrCat(
      choice("algorithm", "\"odd\", \"even\", \"deep\""),
      alternatives("algorithm", {demand("extent(m)", 7, "seven rows only", "m1") + tile("a", "m"),
                                 demand("extent(m)", 8, "eight rows only", "m2") + tile("b", "n"),
                                 tile("c", "m")})));
  ASSERT_TRUE(space.ok()) << space.status();
  const Knob &algorithm = space->knobs()[0];
  EXPECT_THAT(algorithm.labels, ElementsAre("even", "deep"));
  EXPECT_THAT(algorithm.values, ElementsAre(1, 2)); // regions keep their numbers
  ASSERT_EQ(algorithm.pruned.size(), 1u);
  EXPECT_EQ(algorithm.pruned[0].label, "odd");
  EXPECT_EQ(algorithm.pruned[0].reason, "seven rows only");
  ASSERT_EQ(space->knobs().size(), 3u); // without a
  EXPECT_TRUE(space->constraints().empty());
  EXPECT_EQ(space->print(space->defaultConfiguration()), "algorithm=even b=1");
}

TEST_F(AlternativesTest, DomainsWithoutAValueDropLabels) {
  std::string wide = "  %w = transform.tune.knob<\"w\"> options = #chameleon.tile<dim = \"n\", "
                     "multiple_of = 32> -> !i64\n";
  absl::StatusOr<Space> space =
      matmulSpace(absl::StrCat(choice("algorithm", "\"wide\", \"image\", \"plain\""),
                               alternatives("algorithm", {wide, tile("o", "ow"), tile("a", "m")})));
  ASSERT_TRUE(space.ok()) << space.status();
  EXPECT_THAT(space->knobs()[0].labels, ElementsAre("plain"));
  ASSERT_EQ(space->knobs()[0].pruned.size(), 2u);
  EXPECT_THAT(space->knobs()[0].pruned[0].reason, HasSubstr("'w' has no value that fits"));
  EXPECT_THAT(space->knobs()[0].pruned[1].reason, HasSubstr("expected a loop 'ow'"));
  EXPECT_EQ(space->print(space->defaultConfiguration()), "algorithm=plain a=1");
}

TEST_F(AlternativesTest, ARuleThatLeavesOneValueDropsTheOthers) {
  std::string rule = "  transform.chameleon.require %a {set = affine_set<()[a] : (a - 8 == 0)>, "
                     "message = \"the whole of it\"}\n";
  std::string open = "  transform.chameleon.require %b {set = affine_set<()[b] : (b - 4 >= 0)>, "
                     "message = \"not few\"}\n";
  absl::StatusOr<Space> space = matmulSpace(tile("a", "m") + rule + tile("b", "n") + open);
  ASSERT_TRUE(space.ok()) << space.status();
  const Knob &fixed = space->knobs()[0];
  EXPECT_THAT(fixed.values, ElementsAre(8));
  ASSERT_EQ(fixed.pruned.size(), 3u);
  EXPECT_EQ(fixed.pruned[0].label, "1");
  EXPECT_EQ(fixed.pruned[0].reason, "the whole of it");
  EXPECT_THAT(space->knobs()[1].values, ElementsAre(1, 2, 4, 8, 16)); // a rule leaves several
  EXPECT_EQ(space->print(space->defaultConfiguration()), "a=8 b=4");
}

TEST_F(AlternativesTest, ARuleInsideOfAnAlternativeLeavesKnobsOutsideOfItOpen) {
  std::string rule = "  transform.chameleon.require %a {set = affine_set<()[a] : (a - 8 == 0)>, "
                     "message = \"the whole of it\"}\n";
  absl::StatusOr<Space> space =
      matmulSpace(absl::StrCat(tile("a", "m"), choice("algorithm", "\"x\", \"y\""),
                               alternatives("algorithm", {rule, tile("b", "n")})));
  ASSERT_TRUE(space.ok()) << space.status();
  EXPECT_THAT(space->knobs()[0].values, ElementsAre(1, 2, 4, 8));
}

TEST_F(AlternativesTest, KnobsOfLoopsThatRunInParallelAreMarked) {
  absl::StatusOr<ScheduleLibrary> library = ownLibrary(*context);
  ASSERT_TRUE(library.ok()) << library.status();
  auto parallelKnobs = [&](const char *schedule, const Task &task) {
    std::vector<std::string> names;
    absl::StatusOr<Space> space = library->space(schedule, task.function, wideTarget());
    for (const Knob &knob : space.ok() ? space->knobs() : absl::Span<const Knob>())
      if (knob.parallel)
        names.push_back(knob.name);
    return names;
  };
  EXPECT_THAT(parallelKnobs("cpu_conv_nchw", convolutionTask(*context, 64, 64, 14, 14)),
              ElementsAre("ob", "rows", "block")); // in a sequence that it includes
  EXPECT_THAT(parallelKnobs("cpu_matmul", matmulTask(*context, 64, 1024, 64)), ElementsAre("nb"));
}

TEST_F(AlternativesTest, WithoutAnyLabelTheReasonsAreNamed) {
  absl::StatusOr<Space> space = matmulSpace(absl::StrCat(
      choice("algorithm", "\"x\", \"y\""),
      alternatives("algorithm", {demand("extent(m)", 7, "seven rows", "m1"), tile("o", "ow")})));
  EXPECT_EQ(space.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(space.status().message()),
              HasSubstr("nothing is left to choose for 'algorithm' (x: seven rows; y: expected"));
}

TEST_F(AlternativesTest, AnInnerChoiceWithoutLabelsDropsTheOuterOne) {
  absl::StatusOr<Space> space = matmulSpace(absl::StrCat(
      choice("algorithm", "\"deep\", \"plain\""),
      alternatives("algorithm",
                   {choice("how", "\"x\"") + alternatives("how", {tile("o", "ow")}), ""})));
  ASSERT_TRUE(space.ok()) << space.status();
  EXPECT_THAT(space->knobs()[0].labels, ElementsAre("plain"));
  EXPECT_THAT(space->knobs()[0].pruned[0].reason, HasSubstr("nothing is left to choose for 'how'"));
  ASSERT_EQ(space->knobs().size(), 1u);
}

TEST_F(AlternativesTest, LabelsThatOnlyExcludeEachOtherStay) {
  // "how" is open under both algorithms; only algorithm 0 with how 1 has no use.
  absl::StatusOr<Space> space = matmulSpace(absl::StrCat(
      choice("algorithm", "\"p\", \"q\""), choice("how", "\"x\", \"y\""),
      alternatives("algorithm", {alternatives("how", {"", tile("o", "ow")}), tile("a", "m")})));
  ASSERT_TRUE(space.ok()) << space.status();
  EXPECT_TRUE(space->knobs()[0].pruned.empty() && space->knobs()[1].pruned.empty());
  EXPECT_TRUE(space->isValid(*space->parse({{"algorithm", "p"}, {"how", "x"}})));
  EXPECT_FALSE(space->isValid(*space->parse({{"algorithm", "p"}, {"how", "y"}})));
  EXPECT_TRUE(space->isValid(*space->parse({{"algorithm", "q"}, {"how", "y"}, {"a", "2"}})));
}

TEST_F(AlternativesTest, FactsPickRegions) {
  std::string fact = "  %t = transform.tune.knob<\"t\"> options = #chameleon.fact<\"constant(1)\"> "
                     "-> !i64\n";
  absl::StatusOr<Space> space =
      matmulSpace(fact + alternatives("t", {tile("a", "ow"), tile("b", "n")}));
  ASSERT_TRUE(space.ok()) << space.status();
  ASSERT_EQ(space->knobs().size(), 1u);
  EXPECT_EQ(space->knobs()[0].name, "b");
  EXPECT_TRUE(space->knobs()[0].condition.empty());
}

TEST_F(AlternativesTest, TheKnobThatPicksComesFirst) {
  absl::StatusOr<Space> space = matmulSpace(
      absl::StrCat(alternatives("algorithm", {tile("a", "m")}), choice("algorithm", "\"x\"")));
  EXPECT_EQ(space.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(space.status().message()),
              HasSubstr("expected the knob 'algorithm' before the alternatives of its name"));
}

TEST_F(AlternativesTest, ANarrowedChoiceLeavesKnobsOut) {
  absl::StatusOr<Space> space =
      matmulSpace(absl::StrCat(choice("algorithm", "\"direct\", \"packed\""),
                               alternatives("algorithm", {tile("a", "m"), tile("b", "n")})),
                  "chameleon.root, chameleon.space = #chameleon.space<@s, knobs = "
                  "[#chameleon.choice<\"algorithm\", [\"packed\"]>]>");
  ASSERT_TRUE(space.ok()) << space.status();
  EXPECT_EQ(space->print(space->defaultConfiguration()), "algorithm=packed b=1");
  EXPECT_EQ(space->knobs().size(), 2u);
}

/// The only value of a plain knob that is the fact.
class FactsTest : public AlternativesTest {
protected:
  absl::StatusOr<int64_t> valueOf(const std::string &fact, const Task &task) {
    absl::StatusOr<Space> space = spaceOf(
        absl::StrCat("  %k = transform.tune.knob<\"k\"> options = [0, 1, 2, 3, 4] -> !i64\n",
                     "  %fact = transform.tune.knob<\"fact\"> options = #chameleon.fact<\"", fact,
                     "\"> -> !i64\n  transform.chameleon.require %k, %fact {set = "
                     "affine_set<()[a, b] : (a - b == 0)>, message = \"m\"}"),
        task);
    if (!space.ok())
      return space.status();
    return space->hasDefault() ? space->values(space->defaultConfiguration())[0] : -1;
  }
};

TEST_F(FactsTest, StridesAndDilationsOfConvolutions) {
  Task task = stridedConvolutionTask(*context, {2, 1}, {1, 3});
  ASSERT_TRUE(task.function);
  EXPECT_EQ(*valueOf("stride(oh)", task), 2);
  EXPECT_EQ(*valueOf("stride(ow)", task), 1);
  EXPECT_EQ(*valueOf("dilation(kh)", task), 1);
  EXPECT_EQ(*valueOf("dilation(kw)", task), 3);
  EXPECT_EQ(*valueOf("extent(kw)", task), 3);
  for (const char *fact : {"stride(kh)", "stride(oc)", "dilation(ow)", "dilation(ic)"})
    EXPECT_EQ(valueOf(fact, task).status().code(), absl::StatusCode::kFailedPrecondition) << fact;
  Task matmul = matmulTask(*context, 8, 16, 4);
  EXPECT_THAT(std::string(valueOf("dilation(k)", matmul).status().message()),
              HasSubstr("expected a loop of the window of a convolution, but got 'k'"));
}

TEST_F(FactsTest, NumericsOfTheRoot) {
  EXPECT_EQ(*valueOf("numerics", matmulTask(*context, 8, 16, 4)), 2);
  for (auto [name, value] :
       std::vector<std::pair<std::string, int>>{{"strict", 0}, {"accurate", 1}, {"fast", 2}})
    EXPECT_EQ(
        *valueOf("numerics",
                 matmulTask(*context, 8, 16, 4,
                            absl::StrCat("chameleon.root, chameleon.numerics = \"", name, "\""))),
        value);
}

} // namespace
} // namespace chameleon
