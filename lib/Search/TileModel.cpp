//===- TileModel.cpp - What a configuration does to a loop nest -----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/TileModel.h"
#include "absl/strings/str_cat.h"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace chameleon {

/// Vectors that do not fill whole registers are put together lane by lane.
static constexpr double kPartialVectorFactor = 4;
/// Tiles of a reduction below this are steps inside a panel (of a pack, of an unrolled body) and no
/// cache blocks.
static constexpr double kSmallestReductionBlock = 32;
/// Unrolled multiply-adds that still fit the micro-op cache and compile fast.
static constexpr double kLargeBody = 512;

double TileFacts::totalFootprintBytes(TileLevel level) const {
  const Sizes &bytes = footprintBytes[static_cast<size_t>(level)];
  return std::accumulate(bytes.begin(), bytes.end(), 0.0);
}

std::string describe(const TileFacts &facts, const TargetInfo &target) {
  auto kib = [](double bytes) { return absl::StrCat(std::llround(bytes / 1024), " KiB"); };
  return absl::StrCat(std::llround(facts.accumulators), " accumulators, ",
                      std::llround(facts.registersUsed), " of ", target.vectorRegisters,
                      " vector registers, lanes ", std::llround(100 * facts.vectorFill),
                      " % full, ", std::llround(100 * (facts.wasteRatio - 1)),
                      " % extra work, panel ", kib(facts.totalFootprintBytes(TileLevel::Panel)),
                      " (L1 ", kib(static_cast<double>(target.l1Bytes)), "), cache block ",
                      kib(facts.totalFootprintBytes(TileLevel::Cache)), " (L2 ",
                      kib(static_cast<double>(target.l2Bytes)), ")");
}

/// Whether the one choice of algorithms is between Winograd's and another one.
static bool isWinogradOrDirect(const Space &space) {
  absl::Span<const Condition> condition = space.knobs()[space.winograd()->outputs].condition;
  return condition.size() == 1 && space.governors().size() == 1 &&
         condition.front().knob == space.governors().front() &&
         space.knobs()[condition.front().knob].values.size() <= 2;
}

TileModel::TileModel(const Space &space, const TaskInfo &task, const TargetInfo &target)
    : core(task, target), winograd(task, core), winogradKnobs(space.winograd()) {
  addLoops(space, task);
  addAccesses(task);
  findVectorLoops(space, task);
  if (std::max({blockLoop, channelLoop, inChannelLoop}) >= loops.size()) // no image
    winogradKnobs.reset();
  allKnown = !space.hasConditions() || (winogradKnobs && isWinogradOrDirect(space));
  for (const Knob &knob : space.knobs())
    conditions.push_back(knob.condition);
  if (task.threads != kManyThreads) // else nobody knows
    threads = static_cast<double>(task.threads);
}

void TileModel::addLoops(const Space &space, const TaskInfo &task) {
  for (const LoopInfo &info : task.loops) {
    Loop loop;
    loop.extent = static_cast<double>(std::max<int64_t>(info.extent, 1));
    loop.reduction = info.reduction;
    if (info.name == "oh")
      blockLoop = loops.size();
    if (info.name == "oc")
      channelLoop = loops.size();
    if (info.name == "ic")
      inChannelLoop = loops.size();
    for (size_t i = 0; i < space.knobs().size(); ++i) {
      if (!space.knobs()[i].ordered() || space.knobs()[i].dim != info.name)
        continue;
      loop.knobs.push_back(i);
      if (space.knobs()[i].parallel)
        parallelKnobs.emplace_back(i, loops.size());
    }
    loops.push_back(std::move(loop));
  }
}

void TileModel::addAccesses(const TaskInfo &task) {
  for (const AccessInfo &info : task.accesses) {
    Access access;
    access.elementBytes = static_cast<double>(info.elementBits) / 8;
    access.packable = info.constant;
    for (size_t i = 0; i < std::min(info.strides.size(), loops.size()); ++i)
      if (info.strides[i] != 0)
        access.strides.emplace_back(std::abs(info.strides[i]), i);
    std::sort(access.strides.begin(), access.strides.end());
    accesses.push_back(std::move(access));
  }
}

void TileModel::findVectorLoops(const Space &space, const TaskInfo &task) {
  for (size_t knob = 0; knob < space.knobs().size(); ++knob)
    for (size_t loop = 0; loop < task.loops.size(); ++loop)
      if (space.knobs()[knob].kind == KnobKind::Vector &&
          space.knobs()[knob].dim == task.loops[loop].name)
        vectorKnobs.emplace_back(knob, loop);
  contiguousLoop = loops.size();
  for (const AccessInfo &access : task.accesses)
    for (size_t i = 0; i < access.strides.size() && contiguousLoop == loops.size(); ++i)
      if (access.write && access.strides[i] == 1 && i < loops.size())
        contiguousLoop = i;
}

/// The loop of the first active vector knob, else the one along which the result is contiguous.
size_t TileModel::vectorLoopOf(absl::Span<const int64_t> knobValues) const {
  for (const auto &[knob, loop] : vectorKnobs)
    if (isActive(knob, knobValues))
      return loop;
  return contiguousLoop;
}

void TileModel::setTiles(absl::Span<const int64_t> knobValues, TileFacts &facts) const {
  for (TileFacts::Sizes &tiles : facts.tiles)
    tiles.resize(loops.size());
  for (size_t i = 0; i < loops.size(); ++i) {
    const Loop &loop = loops[i];
    auto active = std::count_if(loop.knobs.begin(), loop.knobs.end(),
                                [&](size_t knob) { return isActive(knob, knobValues); });
    double smallest = active == 0 ? 1 : loop.extent;
    double largest = active < 2 ? loop.extent : 1;
    for (size_t knob : loop.knobs) {
      if (!isActive(knob, knobValues))
        continue;
      double tile = knobValues[knob] <= 0 ? loop.extent : static_cast<double>(knobValues[knob]);
      smallest = std::min(smallest, tile);
      largest = std::max(largest, std::min(tile, loop.extent));
    }
    if (loop.reduction && largest < kSmallestReductionBlock)
      largest = loop.extent;
    auto tile = [&](TileLevel level) -> double & {
      return facts.tiles[static_cast<size_t>(level)][i];
    };
    tile(TileLevel::Register) = smallest;
    tile(TileLevel::Cache) = largest;
    tile(TileLevel::Panel) = loop.reduction ? largest : smallest;
    tile(TileLevel::Whole) = loop.extent;
  }
}

/// Bytes that a block of the given extents touches, in whole cache lines unless the operand is
/// packed. Loops whose steps overlap (rows of an image and of a filter window) are counted as one
/// range.
double TileModel::footprint(const Access &access, const TileFacts::Sizes &tiles) const {
  double elements = 1;
  double unit = 0;  // stride of the present range
  double range = 1; // positions in it
  double contiguous = 1;
  auto close = [&] {
    elements *= range;
    if (unit == 1)
      contiguous = range;
  };
  for (const auto &[stride, loop] : access.strides) {
    if (tiles[loop] <= 1)
      continue;
    auto step = static_cast<double>(stride);
    if (unit > 0 && step <= unit * range) {
      range += step / unit * (tiles[loop] - 1);
      continue;
    }
    close();
    unit = step;
    range = tiles[loop];
  }
  close();
  if (access.packable)
    return elements * access.elementBytes;
  double runBytes = contiguous * access.elementBytes;
  double lines = std::ceil(runBytes / core.lineBytes);
  return elements / contiguous * lines * core.lineBytes;
}

void TileModel::setBlock(const RegisterBlock &block, double vectorTile, TileFacts &facts) const {
  facts.vectorTile = vectorTile;
  facts.vectorFill = vectorTile / (block.vectors * core.lanes);
  facts.accumulators = block.accumulators();
  facts.registersUsed = block.registers();
  facts.loadsPerFma = block.loads() / block.accumulators();
}

RegisterBlock TileModel::setBody(size_t vectorLoop, TileFacts &facts) const {
  const TileFacts::Sizes &tiles = facts.tiles[static_cast<size_t>(TileLevel::Register)];
  double rows = 1;
  double steps = 1;
  facts.wasteRatio = 1;
  facts.panels = 1;
  facts.cacheTiles = 1;
  for (size_t i = 0; i < loops.size(); ++i) {
    const Loop &loop = loops[i];
    double blocks = std::ceil(loop.extent / tiles[i]);
    facts.wasteRatio *= blocks * tiles[i] / loop.extent;
    facts.cacheTiles *=
        std::ceil(loop.extent / facts.tiles[static_cast<size_t>(TileLevel::Cache)][i]);
    if (loop.reduction) {
      steps *= tiles[i];
      continue;
    }
    facts.panels *= blocks;
    if (i != vectorLoop)
      rows *= tiles[i];
  }
  double vectorTile = vectorLoop < loops.size() ? tiles[vectorLoop] : 1;
  RegisterBlock block{rows, std::ceil(vectorTile / core.lanes)};
  setBlock(block, vectorTile, facts);
  facts.bodySize = facts.accumulators * steps;
  return block;
}

/// Traffic into the first cache is one panel's data per panel, unless a cache block fits it;
/// traffic from memory one cache block's data per block, unless the whole task fits the second
/// cache.
double TileModel::memoryCycles(const TileFacts &facts) const {
  double whole = facts.totalFootprintBytes(TileLevel::Whole);
  double panel = facts.totalFootprintBytes(TileLevel::Panel);
  double block = facts.totalFootprintBytes(TileLevel::Cache);
  double fromL2 = block <= core.l1Bytes ? facts.cacheTiles * block : facts.panels * panel;
  double fromMemory = std::sqrt(whole * facts.panels * panel); // a panel fits the second cache
  if (whole <= core.l2Bytes)
    fromMemory = whole;
  else if (block <= core.l2Bytes)
    fromMemory = facts.cacheTiles * block;
  else if (panel > core.l2Bytes)
    fromMemory = facts.panels * panel;
  fromMemory = std::max(fromMemory, whole);
  return core.cyclesFromL2(fromL2) + core.cyclesFromMemory(fromMemory);
}

void TileModel::setWinograd(absl::Span<const int64_t> knobValues, TileFacts &facts) const {
  auto number = [&](size_t knob) {
    return static_cast<double>(std::max<int64_t>(knobValues[knob], 1));
  };
  WinogradTiling tiling{number(winogradKnobs->outputs),
                        facts.tiles[static_cast<size_t>(TileLevel::Register)][blockLoop],
                        number(winogradKnobs->rows), number(winogradKnobs->columns),
                        number(winogradKnobs->steps)};
  const TileFacts::Sizes &blocks = facts.tiles[static_cast<size_t>(TileLevel::Cache)];
  tiling.channelBlocks = std::ceil(loops[channelLoop].extent / blocks[channelLoop]);
  if (winogradKnobs->chunk && knobValues[*winogradKnobs->chunk] < loops[inChannelLoop].extent)
    tiling.chunk = static_cast<double>(knobValues[*winogradKnobs->chunk]);
  RegisterBlock block = winograd.block(tiling);
  setBlock(block, tiling.columns, facts);
  facts.bodySize = facts.accumulators * tiling.steps;
  WinogradCost cost = winograd.cost(tiling);
  facts.wasteRatio = cost.wasteRatio;
  facts.panels = cost.panels;
  facts.cacheTiles = cost.blocks;
  facts.computeCycles = cost.productCycles;
  facts.memoryCycles = cost.memoryCycles;
  facts.cycles = cost.cycles;
}

void TileModel::setCycles(const RegisterBlock &block, TileFacts &facts) const {
  double reductionSteps = 1;
  double bodySteps = 1;
  for (size_t i = 0; i < loops.size(); ++i)
    if (loops[i].reduction) {
      reductionSteps *= loops[i].extent;
      bodySteps *= facts.tiles[static_cast<size_t>(TileLevel::Register)][i];
    }
  double step = core.stepCycles(block);
  if (facts.vectorFill < 1)
    step *= kPartialVectorFactor;
  if (facts.bodySize > kLargeBody)
    step *= 1 + std::log2(facts.bodySize / kLargeBody);
  facts.computeCycles = facts.panels * core.panelCycles(block, reductionSteps, step, bodySteps);
  facts.memoryCycles = memoryCycles(facts);
  facts.cycles = CoreModel::overlapped(facts.computeCycles, facts.memoryCycles);
}

double TileModel::largestShare(absl::Span<const int64_t> knobValues) const {
  double tiles = 1;
  for (const auto &[knob, loop] : parallelKnobs)
    if (isActive(knob, knobValues) && knobValues[knob] > 0)
      tiles *= std::ceil(loops[loop].extent / static_cast<double>(knobValues[knob]));
  return std::ceil(tiles / threads) / tiles;
}

TileFacts TileModel::analyze(absl::Span<const int64_t> knobValues) const {
  TileFacts facts;
  setTiles(knobValues, facts);
  for (size_t level = 0; level < kNumTileLevels; ++level)
    for (const Access &access : accesses)
      facts.footprintBytes[level].push_back(footprint(access, facts.tiles[level]));
  if (winogradKnobs && isActive(winogradKnobs->outputs, knobValues)) {
    setWinograd(knobValues, facts);
  } else {
    setCycles(setBody(vectorLoopOf(knobValues), facts), facts);
  }
  if (threads > 1)
    facts.cycles *= largestShare(knobValues);
  return facts;
}

} // namespace chameleon
