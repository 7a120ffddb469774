//===- FeaturesTest.cpp - Tile facts and feature rows ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Features.h"
#include "TestSpaces.h"
#include "chameleon/Search/ValidSampling.h"
#include "chameleon/Support/EvenBlock.h"
#include "gtest/gtest.h"
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <set>

using namespace chameleon;
using namespace chameleon::test;

namespace {

/// Cache lines that a block of the given extents touches, counted one element after the other.
size_t countLines(const AccessInfo &access, const std::vector<int64_t> &tiles, int64_t lineBytes) {
  std::set<int64_t> lines;
  std::vector<int64_t> position(tiles.size(), 0);
  for (;;) {
    int64_t element = 0;
    for (size_t i = 0; i < tiles.size(); ++i)
      element += position[i] * access.strides[i];
    lines.insert(element * (access.elementBits / 8) / lineBytes);
    size_t loop = 0;
    for (; loop < tiles.size() && ++position[loop] == tiles[loop]; ++loop)
      position[loop] = 0;
    if (loop == tiles.size())
      return lines.size();
  }
}

/// One knob per loop, so that the Register level has exactly the tiles asked for.
TileFacts factsOf(const TaskInfo &task, const std::vector<int64_t> &tiles) {
  std::vector<Knob> knobs;
  for (size_t i = 0; i < tiles.size(); ++i)
    knobs.push_back(
        orderedKnob(absl::StrCat("t", i), KnobKind::Tile, task.loops[i].name, {tiles[i]}));
  Space space = *Space::create("s", knobs, {});
  return TileModel(space, task, avx512Target()).analyze(tiles);
}

TEST(TileModelTest, FootprintsOfAConvolutionAgreeWithCounting) {
  // Input of a 3x3 convolution with stride 2 over 16 channels of 34 x 48.
  TaskInfo task;
  task.loops = {
      {"oh", 16, false}, {"ow", 16, false}, {"ic", 16, true}, {"kh", 3, true}, {"kw", 3, true}};
  task.accesses = {{{2 * 48, 2, 34 * 48, 48, 1}, 32, 16 * 34 * 48, false, false}};
  for (std::vector<int64_t> tiles : std::vector<std::vector<int64_t>>{
           {1, 16, 1, 3, 3}, {4, 8, 2, 3, 3}, {16, 16, 16, 3, 3}, {1, 1, 4, 1, 3}}) {
    double counted = 64.0 * static_cast<double>(countLines(task.accesses[0], tiles, 64));
    double modelled = factsOf(task, tiles).footprintBytes[0][0];
    // Lines are counted from an aligned start and rounded up per run: within a factor of two.
    EXPECT_LE(counted / modelled, 1.5);
    EXPECT_GE(counted / modelled, 0.5);
  }
}

TEST(TileModelTest, FootprintsOfDenseRowsAreExact) {
  TaskInfo task = matmulTask();
  TileFacts facts = factsOf(task, {4, 32, 64});
  EXPECT_EQ(facts.footprintBytes[0][0], 4.0 * 64 * 4);  // A: 4 rows of 64
  EXPECT_EQ(facts.footprintBytes[0][1], 64.0 * 32 * 4); // B: 64 rows of 32
  EXPECT_EQ(facts.footprintBytes[0][2], 4.0 * 32 * 4);  // C
}

TEST(TileModelTest, RegisterBlockOfAMatrixProduct) {
  Space space = matmulSpace();
  TileModel model(space, matmulTask(), avx512Target());
  TileFacts facts = model.analyze({64, 128, 256, 8, 32, 2, 0, 0});
  EXPECT_EQ(facts.vectorTile, 32);
  EXPECT_EQ(facts.vectorFill, 1);
  EXPECT_EQ(facts.accumulators, 16);
  EXPECT_EQ(facts.registersUsed, 19);
  EXPECT_EQ(facts.loadsPerFma, 10.0 / 16);
  EXPECT_EQ(facts.bodySize, 32);
  EXPECT_EQ(facts.wasteRatio, 1);
  EXPECT_EQ(facts.panels, 64.0 * 16);
  EXPECT_EQ(facts.cacheTiles, 8.0 * 4 * 2);
  EXPECT_EQ(model.analyze({64, 128, 256, 8, 8, 1, 0, 0}).vectorFill, 0.5);
}

TEST(TileModelTest, DescribesABlock) {
  Space space = matmulSpace();
  TargetInfo target = avx512Target();
  TileModel model(space, matmulTask(), target);
  EXPECT_EQ(
      describe(model.analyze({64, 128, 256, 8, 32, 2, 0, 0}), target),
      "16 accumulators, 19 of 32 vector registers, lanes 100 % full, 0 % extra work, panel 41 KiB "
      "(L1 32 KiB), cache block 224 KiB (L2 1024 KiB)");
}

TEST(TileModelTest, RanksKnownGoodBlocksFirst) {
  Space space = matmulSpace();
  TileModel model(space, matmulTask(), avx512Target());
  double good = model.analyze({64, 128, 256, 8, 32, 2, 0, 0}).cycles;
  EXPECT_LT(good, model.analyze({64, 128, 256, 1, 16, 1, 0, 0}).cycles);  // latency-bound
  EXPECT_LT(good, model.analyze({64, 128, 256, 8, 8, 1, 0, 0}).cycles);   // half-filled vectors
  EXPECT_LT(good, model.analyze({64, 128, 256, 16, 64, 1, 0, 0}).cycles); // spills
}

/// A 3x3 convolution of 256 by 256 channels and 14x14 pixels, directly or by Winograd's algorithm.
Space winogradSpace(bool known) {
  Condition direct{0, 0};
  Condition winograd{0, 1};
  std::vector<Knob> knobs = {
      choiceKnob("algorithm", {"direct", "winograd"}),
      orderedKnob("fo", KnobKind::Vector, "oc", {8, 16, 32}),
      orderedKnob("owt", KnobKind::Tile, "ow", {1, 7, 14}),
      orderedKnob("block", KnobKind::Tile, "oh", {2, 14}),
      orderedKnob("mr", KnobKind::Tile, "", {1, 2, 4, 5, 6, 7, 8, 16}),
      orderedKnob("nr", KnobKind::Vector, "oc", {8, 16, 32, 64}),
      orderedKnob("steps", KnobKind::Tile, "", {1, 4}),
      orderedKnob("outputs", KnobKind::Tile, "", {2, 4, 6}),
  };
  for (size_t i = 1; i < knobs.size(); ++i)
    knobs[i].condition = {i < 3 ? direct : winograd};
  Space space = *Space::create("conv", knobs, {});
  if (known) {
    EXPECT_TRUE(space.setWinograd({.outputs = 7, .rows = 4, .columns = 5, .steps = 6}).ok());
  }
  return space;
}

TaskInfo convolutionTask() {
  TaskInfo task;
  task.kind = "convolution";
  task.loops = {{"oc", 256, false}, {"oh", 14, false}, {"ow", 14, false},
                {"ic", 256, true},  {"kh", 3, true},   {"kw", 3, true}};
  task.accesses = {{{0, 16, 1, 256, 16, 1}, 32, 65536, false, false},
                   {{2304, 0, 0, 9, 3, 1}, 32, 589824, false, true},
                   {{196, 14, 1, 0, 0, 0}, 32, 50176, true, false}};
  task.flops = 2.0 * 256 * 256 * 9 * 196;
  return task;
}

TargetInfo avx2Target() {
  TargetInfo target = avx512Target();
  target.vectorBytes = 32;
  target.vectorRegisters = 16;
  target.l2Bytes = 512 * 1024;
  return target;
}

TEST(TileModelTest, WinogradsProductsAreALoopNestOfTheirOwn) {
  Space space = winogradSpace(/*known=*/true);
  TileModel model(space, convolutionTask(), avx2Target());
  EXPECT_TRUE(model.knowsEveryAlgorithm());
  //                              alg fo owt block mr nr steps outputs
  TileFacts facts = model.analyze({1, 8, 1, 14, 6, 16, 4, 4});
  EXPECT_EQ(facts.accumulators, 12);
  EXPECT_EQ(facts.registersUsed, 15);
  EXPECT_EQ(facts.loadsPerFma, 8.0 / 12);
  EXPECT_EQ(facts.bodySize, 48);
  EXPECT_EQ(facts.panels, 36.0 * 16 * 3);             // points, strips of channels, 16 tiles by 6
  EXPECT_EQ(facts.wasteRatio, 16.0 * 16 / (14 * 14)); // tiles of 4 x 4 over 14 x 14
  // 1.9e6 multiply-adds of vectors at the points, two per cycle, and not much more than that twice.
  double products = 36.0 * 16 * 256 * 256 / 8 / 2;
  EXPECT_GT(facts.cycles, products);
  EXPECT_LT(facts.cycles, 3 * products);
}

TEST(TileModelTest, WinogradsBlocksOfTilesAreEven) {
  Space space = winogradSpace(/*known=*/true);
  TileModel model(space, convolutionTask(), avx2Target());
  // 16 tiles in blocks of at most 14, 15 and 8 are two of 8: the same program.
  double cycles = model.analyze({1, 8, 1, 14, 8, 8, 4, 4}).cycles;
  EXPECT_EQ(model.analyze({1, 8, 1, 14, 14, 8, 4, 4}).cycles, cycles);
  EXPECT_EQ(model.analyze({1, 8, 1, 14, 14, 8, 4, 4}).accumulators, 8);
  EXPECT_NE(model.analyze({1, 8, 1, 14, 16, 8, 4, 4}).cycles, cycles);
}

TEST(EvenBlockTest, IsTheSmallestThatNeedsNoMoreBlocks) {
  for (int64_t extent = 1; extent <= 60; ++extent)
    for (int64_t most = 1; most <= 20; ++most) {
      auto blocks = [&](int64_t block) { return (extent + block - 1) / block; };
      int64_t block = evenBlock(extent, most);
      EXPECT_LE(block, most);
      EXPECT_EQ(blocks(block), blocks(most));
      if (block > 1) {
        EXPECT_GT(blocks(block - 1), blocks(most)) << extent << " in blocks of " << most;
      }
    }
  EXPECT_EQ(evenBlock(16, 14), 8);
  EXPECT_EQ(evenBlock(9, std::numeric_limits<int64_t>::max()), 9);
}

TEST(TileModelTest, RanksWinogradsBlocksAsTheyWereMeasured) {
  Space space = winogradSpace(/*known=*/true);
  TileModel model(space, convolutionTask(), avx2Target());
  auto cycles = [&](std::vector<int64_t> v) { return model.analyze(v).cycles; };
  // Fastest of benchmarks/spaces/resnet18_c07.jsonl: 0.92 ms; the others 1.1 to 6 times that.
  double best = cycles({1, 8, 1, 14, 6, 16, 4, 4});
  EXPECT_LT(best, cycles({1, 8, 1, 14, 1, 16, 4, 4}));  // latency-bound
  EXPECT_LT(best, cycles({1, 8, 1, 14, 16, 16, 4, 4})); // spills
  EXPECT_LT(best, cycles({1, 8, 1, 14, 2, 64, 4, 4}));  // spills
  EXPECT_LT(best, cycles({1, 8, 1, 14, 6, 16, 4, 2}));  // more multiplications
  // Weights are read anew for each block of rows.
  EXPECT_LT(cycles({1, 8, 1, 14, 6, 16, 4, 2}), cycles({1, 8, 1, 2, 6, 16, 4, 2}));
  EXPECT_EQ(model.analyze({1, 8, 1, 2, 6, 16, 4, 2}).cacheTiles, 7);
  EXPECT_LT(best, cycles({0, 16, 7, 2, 1, 8, 1, 2})); // the direct sum
}

TEST(TileModelTest, OnSeveralThreadsTheLargestShareOfTheTilesCounts) {
  std::vector<Knob> knobs = {orderedKnob("mb", KnobKind::Tile, "m", {64, 128, 256, 512}),
                             orderedKnob("nb", KnobKind::Tile, "n", {256, 512}),
                             orderedKnob("nr", KnobKind::Vector, "n", {16})};
  knobs[0].parallel = knobs[1].parallel = true;
  Space space = *Space::create("matmul", knobs, {});
  TaskInfo task = matmulTask();
  auto cyclesOn = [&](int64_t threads, std::vector<int64_t> values) {
    task.threads = threads;
    return TileModel(space, task, avx2Target()).analyze(values).cycles;
  };
  auto share = [&](int64_t threads, const std::vector<int64_t> &values) {
    return cyclesOn(threads, values) / cyclesOn(1, values);
  };
  EXPECT_DOUBLE_EQ(share(2, {512, 512, 16}), 1); // one tile
  EXPECT_DOUBLE_EQ(share(2, {512, 256, 16}), 1.0 / 2);
  EXPECT_DOUBLE_EQ(share(2, {64, 256, 16}), 1.0 / 2);
  EXPECT_DOUBLE_EQ(share(3, {256, 256, 16}), 2.0 / 4);     // four tiles: one thread has two
  EXPECT_DOUBLE_EQ(share(kManyThreads, {64, 256, 16}), 1); // nobody knows how many
}

TEST(TileModelTest, EachBlockOfOutputChannelsTransformsTheImage) {
  Space known = winogradSpace(/*known=*/true);
  std::vector<Knob> knobs(known.knobs().begin(), known.knobs().end());
  knobs.push_back(orderedKnob("ob", KnobKind::Tile, "oc", {64, 256}));
  Space space = *Space::create("conv", knobs, {});
  ASSERT_TRUE(space.setWinograd({.outputs = 7, .rows = 4, .columns = 5, .steps = 6}).ok());
  TileModel model(space, convolutionTask(), avx2Target());
  double whole = model.analyze({1, 8, 1, 14, 6, 16, 4, 4, 256}).cycles;
  EXPECT_EQ(
      whole,
      TileModel(known, convolutionTask(), avx2Target()).analyze({1, 8, 1, 14, 6, 16, 4, 4}).cycles);
  EXPECT_GT(model.analyze({1, 8, 1, 14, 6, 16, 4, 4, 64}).cycles, 1.05 * whole);
}

TEST(TileModelTest, WeightsThatABlockTransformsComeFromMemoryUntransformed) {
  Space known = winogradSpace(/*known=*/true);
  std::vector<Knob> knobs(known.knobs().begin(), known.knobs().end());
  knobs.push_back(orderedKnob("weights_chunk", KnobKind::Tile, "ic", {16, 64, 256}));
  Space space = *Space::create("conv", knobs, {});
  ASSERT_TRUE(space.setWinograd({7, 4, 5, 6, 8}).ok());
  TileModel model(space, convolutionTask(), avx512Target());
  auto analyze = [&](int64_t blockRows, int64_t chunk) {
    return model.analyze({1, 8, 1, blockRows, 8, 32, 4, 4, chunk});
  };
  EXPECT_EQ(analyze(14, 256).cycles, TileModel(known, convolutionTask(), avx512Target())
                                         .analyze({1, 8, 1, 14, 8, 32, 4, 4})
                                         .cycles);
  EXPECT_LT(analyze(14, 64).memoryCycles, 0.7 * analyze(14, 256).memoryCycles);
  EXPECT_GT(analyze(14, 64).computeCycles, 1.1 * analyze(14, 256).computeCycles);
  EXPECT_GT(analyze(14, 16).cycles, analyze(14, 64).cycles); // sums go to memory more often
}

TEST(TileModelTest, SaysWhetherAlgorithmsCanBeCompared) {
  EXPECT_FALSE(
      TileModel(winogradSpace(false), convolutionTask(), avx2Target()).knowsEveryAlgorithm());
  EXPECT_TRUE(TileModel(matmulSpace(), matmulTask(), avx2Target()).knowsEveryAlgorithm());
}

TEST(FeaturesTest, RowsAreFiniteNamedAndOneHot) {
  Space space = matmulSpace();
  FeatureExtractor features(space, matmulTask(), avx512Target());
  ValidSampler sampler(space);
  Rng rng(1);
  EXPECT_EQ(features.names().back(), "analytic");
  EXPECT_EQ(features.names().front(), "knob.mc");
  for (int i = 0; i < 100; ++i) {
    Configuration c = *sampler.sample(rng);
    std::vector<float> row(features.columns(), NAN);
    features.extract(c, absl::MakeSpan(row));
    for (size_t column = 0; column < row.size(); ++column)
      ASSERT_TRUE(std::isfinite(row[column])) << features.names()[column];
    EXPECT_EQ(row[6] + row[7] + row[8], 1); // order=mnk|nmk|kmn
    EXPECT_EQ(row[0], std::log2(static_cast<float>(space.values(c)[0])));
    EXPECT_EQ(row[features.analyticColumn()], static_cast<float>(features.analyticScore(c)));
  }
}

TEST(FeaturesTest, SurvivesTasksItKnowsNothingOf) {
  Space space = tinySpace();
  TaskInfo nothing;
  FeatureExtractor features(space, nothing, TargetInfo());
  std::vector<float> row(features.columns());
  features.extract({{0, 0}}, absl::MakeSpan(row));
  for (float value : row)
    EXPECT_TRUE(std::isfinite(value));
}

TEST(FeaturesTest, SignatureSaysWhetherColumnsMeanTheSame) {
  Space space = matmulSpace();
  Space other = tinySpace();
  FeatureExtractor a(space, matmulTask(512, 512, 512), avx512Target());
  FeatureExtractor b(space, matmulTask(64, 64, 64), avx512Target());
  FeatureExtractor c(other, matmulTask(64, 64, 64), avx512Target());
  EXPECT_EQ(a.signature(), b.signature());
  EXPECT_NE(b.signature(), c.signature());
}

TEST(FeaturesTest, PrintsExtractionSpeed) {
  Space space = matmulSpace();
  FeatureExtractor features(space, matmulTask(), avx512Target());
  ValidSampler sampler(space);
  Rng rng(1);
  std::vector<Configuration> configurations;
  for (int i = 0; i < 20000; ++i)
    configurations.push_back(*sampler.sample(rng));
  auto start = std::chrono::steady_clock::now();
  FeatureMatrix matrix = features.extract(configurations);
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("[ SPEED    ] %.0f feature rows per second, %zu columns\n",
              static_cast<double>(matrix.rows()) / seconds.count(), matrix.columns);
  EXPECT_EQ(matrix.rows(), configurations.size());
}

TEST(KnobEmbeddingTest, DistancesAndWeights) {
  Space space = *Space::create(
      "s",
      {orderedKnob("a", KnobKind::Tile, "m", {1, 2, 4, 8, 16}), choiceKnob("b", {"x", "y", "z"})},
      {});
  KnobEmbedding embedding(space);
  ASSERT_EQ(embedding.dimensions(), 4u);
  std::vector<double> points = embedding.embed({{{0, 0}}, {{2, 0}}, {{0, 2}}});
  EXPECT_EQ(points[0], 0);
  EXPECT_EQ(points[4], 0.5); // log2 scale: 4 lies half way between 1 and 16
  double options = 0;
  for (size_t i = 0; i < 4; ++i)
    options += std::pow(points[i] - points[8 + i], 2);
  EXPECT_NEAR(options, 1, 1e-12);
  EXPECT_EQ(KnobEmbedding(space, {4, 0}).embed({{{4, 1}}}), (std::vector<double>{2, 0, 0, 0}));
}

} // namespace
