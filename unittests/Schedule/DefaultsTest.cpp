//===- DefaultsTest.cpp - First choices of our schedules ------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestTasks.h"
#include "chameleon/Dialect/Names.h"
#include "chameleon/Schedule/Apply.h"
#include "chameleon/Search/ValidSampling.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "gtest/gtest.h"
#include <map>

namespace chameleon {
namespace {

/// The space of the first schedule that has a configuration for `task`.
static Space firstSpace(const ScheduleLibrary &library, const Task &task,
                        const TargetInfo &target) {
  for (const std::string &schedule : library.matches(task.function)) {
    absl::StatusOr<Space> space = library.space(schedule, task.function, target);
    if (space.ok() && space->hasDefault())
      return *space;
  }
  ADD_FAILURE() << "no schedule fits";
  return *Space::create("none", {}, {});
}

class DefaultsTest : public testing::Test {
protected:
  void SetUp() override { ASSERT_TRUE(library.ok()) << library.status(); }

  /// The default values of the first schedule that fits, by knob.
  std::map<std::string, std::string> defaultsOf(const Task &task, const TargetInfo &target) {
    Space space = firstSpace(*library, task, target);
    auto pairs = space.toPairs(space.defaultConfiguration());
    return {pairs.begin(), pairs.end()};
  }

  std::unique_ptr<mlir::MLIRContext> context = makeContext();
  absl::StatusOr<ScheduleLibrary> library = ownLibrary(*context);
};

/// A 3x3 convolution of stride 1 that may only be summed up directly.
static Task directConvolutionTask(mlir::MLIRContext &context, int channels, int filters, int rows,
                                  int columns) {
  Task task = convolutionTask(context, channels, filters, rows, columns);
  task.function.walk([&](mlir::linalg::LinalgOp op) {
    if (op->hasAttr(kRootAttr))
      op->setAttr(kNumericsAttr, mlir::StringAttr::get(&context, "strict"));
  });
  return task;
}

TEST_F(DefaultsTest, ConvolutionsStartWhereTheyWereMeasuredBest) {
  auto resnet = defaultsOf(directConvolutionTask(*context, 64, 64, 56, 56), wideTarget());
  EXPECT_EQ(resnet["algorithm"], "direct");
  EXPECT_EQ(resnet["fo"], "32");
  EXPECT_EQ(resnet["owt"], "8");
  EXPECT_EQ(resnet["rows"], "14");
  EXPECT_EQ(resnet["unroll"], "4");
  auto late = defaultsOf(directConvolutionTask(*context, 512, 512, 7, 7), wideTarget());
  EXPECT_EQ(late["fo"], "32");
  EXPECT_EQ(late["owt"], "7");
}

TEST_F(DefaultsTest, NarrowMachinesGetTilesThatFit) {
  auto values = defaultsOf(directConvolutionTask(*context, 64, 64, 56, 56), narrowTarget());
  int fo = std::stoi(values["fo"]);
  int pixels = std::stoi(values["owt"]);
  EXPECT_LE((pixels + 1) * fo / 8 + 1, 16);
  EXPECT_GE(pixels * fo / 8, 8);
}

TEST_F(DefaultsTest, WinogradStartsWithTheMostExactForm) {
  for (const TargetInfo &target : {wideTarget(), narrowTarget()}) {
    auto values = defaultsOf(convolutionTask(*context, 64, 64, 56, 56), target);
    EXPECT_EQ(values["algorithm"], "winograd");
    EXPECT_EQ(values["outputs"], "2");
    int sums = std::stoi(values["mr"]) * std::stoi(values["nr"]) / target.lanes(32);
    EXPECT_GE(sums, 7);
    EXPECT_LT(sums, target.vectorRegisters);
  }
  // Three channels do not fill a vector.
  auto stem = defaultsOf(convolutionTask(*context, 3, 64, 7, 7), wideTarget());
  EXPECT_EQ(stem["algorithm"], "direct");
}

TEST_F(DefaultsTest, FewChannelsHaveVectorsAlongTheColumns) {
  for (auto [target, registers] : {std::pair(wideTarget(), 4), std::pair(narrowTarget(), 2)}) {
    auto stem = defaultsOf(convolutionTask(*context, 3, 64, 64, 64), target);
    EXPECT_EQ(stem.count("algorithm"), 0U);
    EXPECT_EQ(stem["mr"], "6");
    EXPECT_EQ(stem["owt"], std::to_string(registers * target.lanes(32)));
  }
}

TEST_F(DefaultsTest, SpacesSayWhichKnobsAreWinograds) {
  Space space = firstSpace(*library, convolutionTask(*context, 64, 64, 56, 56), wideTarget());
  ASSERT_TRUE(space.winograd());
  EXPECT_EQ(space.knobs()[space.winograd()->outputs].name, "outputs");
  EXPECT_EQ(space.knobs()[space.winograd()->rows].name, "mr");
  EXPECT_EQ(space.knobs()[space.winograd()->columns].name, "nr");
  EXPECT_EQ(space.knobs()[space.winograd()->steps].name, "steps");
  ASSERT_TRUE(space.winograd()->chunk);
  EXPECT_EQ(space.knobs()[*space.winograd()->chunk].name, "weights_chunk");
}

TEST_F(DefaultsTest, MatmulsStartWithEightRowsOfTwoRegisters) {
  auto values = defaultsOf(matmulTask(*context, 512, 512, 512), wideTarget());
  EXPECT_EQ(values["mr"], "8");
  EXPECT_EQ(values["nr"], "32");
  EXPECT_EQ(values["unroll"], "4");
}

/// Applies the default and a few random configurations of the first schedule that fits.
static void expectsToApply(const ScheduleLibrary &library, const Task &task) {
  Space space = firstSpace(library, task, wideTarget());
  ValidSampler sampler(space);
  Rng rng(7);
  for (int i = 0; i < 6; ++i) {
    absl::optional<Configuration> drawn =
        i == 0 ? space.defaultConfiguration() : sampler.sample(rng);
    ASSERT_TRUE(drawn);
    mlir::OwningOpRef<mlir::ModuleOp> module = task.module.get().clone();
    auto function = *module->getOps<mlir::func::FuncOp>().begin();
    absl::Status status =
        applySchedule(function, library, space.schedule(), space.toPairs(*drawn), wideTarget());
    EXPECT_TRUE(status.ok()) << space.print(*drawn) << ": " << status;
    // What is left as a linalg op is the pack of the weights, which moves out.
    EXPECT_EQ(hoistConstantPacks(function).size(), 1u) << space.print(*drawn);
    function.walk([&](mlir::linalg::LinalgOp op) {
      ADD_FAILURE() << space.print(*drawn) << " leaves " << op->getName().getStringRef().str();
    });
  }
}

TEST_F(DefaultsTest, AnyShapeAppliesUnderRandomConfigurations) {
  for (auto [c, f, oh, ow] : std::vector<std::array<int, 4>>{{1, 1, 1, 1},
                                                             {3, 19, 4, 13},
                                                             {5, 100, 3, 17},
                                                             {2, 24, 7, 7},
                                                             {4, 33, 2, 31},
                                                             {32, 64, 6, 9},
                                                             {64, 48, 1, 2}})
    for (bool epilogue : {false, true})
      expectsToApply(*library, convolutionTask(*context, c, f, oh, ow, epilogue));
  for (auto [m, n, k] : std::vector<std::array<int, 3>>{
           {1, 1, 1}, {1, 100, 3}, {13, 29, 31}, {64, 64, 8}, {127, 5, 2}})
    expectsToApply(*library, matmulTask(*context, m, n, k));
}

} // namespace
} // namespace chameleon
