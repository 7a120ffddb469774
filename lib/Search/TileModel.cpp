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

// A generic out-of-order core of the last ten years; only ratios matter for a ranking.
static constexpr double kFmaPerCycle = 2;
/// Two in theory; bodies of one vector per row, which need a load for each multiply-add, reach 60
/// to 70 % of the speed of those of two.
static constexpr double kLoadsPerCycle = 1.5;
static constexpr double kFmaLatencyCycles = 4;
static constexpr double kL2BytesPerCycle = 48;
static constexpr double kMemoryBytesPerCycle = 8;
/// Loads that a register too few costs per step, and once for the first.
static constexpr double kSpillLoads = 4;
static constexpr double kPanelOverheadCycles = 20;
static constexpr double kLoopOverheadCycles = 1;
/// Vectors that do not fill whole registers are put together lane by lane.
static constexpr double kPartialVectorFactor = 4;
/// Tiles of a reduction below this are steps inside a panel (of a pack, of an unrolled body) and no
/// cache blocks.
static constexpr double kSmallestReductionBlock = 32;
/// Of Winograd's transformations, with what they load and store.
static constexpr double kCyclesPerTransformFma = 1;
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

TileModel::TileModel(const Space &space, const TaskInfo &task, const TargetInfo &target)
    : lanes(static_cast<double>(target.lanes(std::max<int64_t>(task.elementBits, 1)))),
      registers(target.vectorRegisters), l1Bytes(static_cast<double>(target.l1Bytes)),
      l2Bytes(static_cast<double>(target.l2Bytes)),
      lineBytes(static_cast<double>(std::max<int64_t>(target.cacheLineBytes, 1))) {
  addLoops(space, task);
  addAccesses(task);
  findVectorLoops(space, task);
  findWinograd(space, task);
  for (const Knob &knob : space.knobs())
    conditions.push_back(knob.condition);
}

void TileModel::addLoops(const Space &space, const TaskInfo &task) {
  for (const LoopInfo &info : task.loops) {
    Loop loop;
    loop.extent = static_cast<double>(std::max<int64_t>(info.extent, 1));
    loop.reduction = info.reduction;
    for (size_t i = 0; i < space.knobs().size(); ++i)
      if (space.knobs()[i].ordered() && space.knobs()[i].dim == info.name)
        loop.knobs.push_back(i);
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

void TileModel::findWinograd(const Space &space, const TaskInfo &task) {
  winograd = space.winograd();
  bool two =
      space.governors().size() == 1 && space.knobs()[space.governors().front()].values.size() == 2;
  allKnown = !space.hasConditions() || (winograd && two);
  elementBytes = static_cast<double>(std::max<int64_t>(task.elementBits, 8)) / 8;
  for (size_t i = 0; i < task.loops.size(); ++i) {
    const std::string &name = task.loops[i].name;
    if (name == "oh")
      blockLoop = i;
    for (auto [loop, extent] : {std::pair<const char *, double *>{"batch", &images},
                                {"oh", &imageRows},
                                {"ow", &imageColumns},
                                {"ic", &inChannels},
                                {"oc", &outChannels}})
      if (name == loop)
        *extent = loops[i].extent;
  }
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
  double lines = std::ceil(runBytes / lineBytes);
  return elements / contiguous * lines * lineBytes;
}

void TileModel::setBody(size_t vectorLoop, TileFacts &facts) const {
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
  facts.vectorTile = vectorLoop < loops.size() ? tiles[vectorLoop] : 1;
  double vectors = std::ceil(facts.vectorTile / lanes);
  facts.vectorFill = facts.vectorTile / (vectors * lanes);
  facts.accumulators = rows * vectors;
  facts.registersUsed = facts.accumulators + vectors + 1;
  facts.loadsPerFma = (rows + vectors) / facts.accumulators;
  facts.bodySize = facts.accumulators * steps;
}

/// The smaller of the two hides behind the larger one, but not all of it.
static double overlapped(double computeCycles, double memoryCycles) {
  return std::max(computeCycles, memoryCycles) + 0.3 * std::min(computeCycles, memoryCycles);
}

/// Traffic into the first cache is one panel's data per panel, unless a cache block fits it;
/// traffic from memory one cache block's data per block, unless the whole task fits the second
/// cache.
double TileModel::memoryCycles(const TileFacts &facts) const {
  double whole = facts.totalFootprintBytes(TileLevel::Whole);
  double panel = facts.totalFootprintBytes(TileLevel::Panel);
  double block = facts.totalFootprintBytes(TileLevel::Cache);
  double fromL2 = block <= l1Bytes ? facts.cacheTiles * block : facts.panels * panel;
  double fromMemory = std::sqrt(whole * facts.panels * panel); // a panel fits the second cache
  if (whole <= l2Bytes)
    fromMemory = whole;
  else if (block <= l2Bytes)
    fromMemory = facts.cacheTiles * block;
  else if (panel > l2Bytes)
    fromMemory = facts.panels * panel;
  fromMemory = std::max(fromMemory, whole);
  return fromL2 / kL2BytesPerCycle + fromMemory / kMemoryBytesPerCycle;
}

/// Cycles of one step of a register block, which multiplies and adds into each accumulator once.
double TileModel::stepCycles(double accumulators, double loads, double registersUsed) const {
  double spilled = std::max(0.0, registersUsed - registers);
  double spills = spilled > 0 ? kSpillLoads * (1 + spilled) : 0;
  return std::max(accumulators / kFmaPerCycle, (loads + spills) / kLoadsPerCycle);
}

/// Lavin and Gray 2016: with m outputs and p = m + 2 points per side of a tile, the products at
/// each of the p * p points are a matrix product of tiles by output channels over input channels,
/// done block of rows by block of rows, between a transformation there and one back.
void TileModel::setWinograd(absl::Span<const int64_t> knobValues, TileFacts &facts) const {
  auto number = [&](size_t knob) {
    return static_cast<double>(std::max<int64_t>(knobValues[knob], 1));
  };
  double outputs = number(winograd->outputs);
  double rows = number(winograd->rows);
  double columns = number(winograd->columns);
  double block = facts.tiles[static_cast<size_t>(TileLevel::Cache)][blockLoop];
  double points = (outputs + 2) * (outputs + 2);
  double vectors = std::ceil(columns / lanes);
  double blocks = images * std::ceil(imageRows / block);
  double tiles = std::ceil(block / outputs) * std::ceil(imageColumns / outputs); // of a block
  double strips = blocks * points * std::ceil(outChannels / columns);

  facts.vectorTile = columns;
  facts.vectorFill = columns / (vectors * lanes);
  facts.accumulators = rows * vectors;
  facts.registersUsed = facts.accumulators + vectors + 1;
  facts.loadsPerFma = (rows + vectors) / facts.accumulators;
  facts.bodySize = facts.accumulators * number(winograd->steps);
  facts.wasteRatio = blocks * tiles * outputs * outputs / (images * imageRows * imageColumns);
  facts.panels = strips * std::ceil(tiles / rows);
  facts.cacheTiles = blocks;

  auto panelCycles = [&](double height) {
    double step =
        std::max(stepCycles(height * vectors, height + vectors, height * vectors + vectors + 1),
                 kFmaLatencyCycles);
    return inChannels * (step + kLoopOverheadCycles / number(winograd->steps)) +
           2 * height * vectors + kPanelOverheadCycles;
  };
  double rest = std::fmod(tiles, rows);
  double products =
      strips * (std::floor(tiles / rows) * panelCycles(rows) + (rest > 0 ? panelCycles(rest) : 0));
  double transformFmas = blocks * tiles * (inChannels + outChannels) * 2 * std::pow(outputs + 2, 3);
  double weights = points * inChannels * outChannels * elementBytes;
  double transformed = points * tiles * (inChannels + outChannels) * elementBytes;
  facts.computeCycles = products;
  facts.memoryCycles =
      facts.panels * inChannels * (rows + columns) * elementBytes / kL2BytesPerCycle +
      blocks * weights / kMemoryBytesPerCycle +
      blocks * transformed / (transformed <= l2Bytes ? kL2BytesPerCycle : kMemoryBytesPerCycle);
  facts.cycles = overlapped(facts.computeCycles, facts.memoryCycles) +
                 transformFmas / lanes * kCyclesPerTransformFma;
}

void TileModel::setCycles(TileFacts &facts) const {
  double reductionSteps = 1;
  double bodySteps = 1;
  for (size_t i = 0; i < loops.size(); ++i)
    if (loops[i].reduction) {
      reductionSteps *= loops[i].extent;
      bodySteps *= facts.tiles[static_cast<size_t>(TileLevel::Register)][i];
    }
  double step = std::max(
      stepCycles(facts.accumulators, facts.loadsPerFma * facts.accumulators, facts.registersUsed),
      kFmaLatencyCycles * std::min(1.0, reductionSteps));
  if (facts.vectorFill < 1)
    step *= kPartialVectorFactor;
  if (facts.bodySize > kLargeBody)
    step *= 1 + std::log2(facts.bodySize / kLargeBody);
  double loop = kLoopOverheadCycles / std::max(bodySteps, 1.0);
  double panel = reductionSteps * (step + loop) + 2 * facts.accumulators + kPanelOverheadCycles;
  facts.computeCycles = facts.panels * panel;
  facts.memoryCycles = memoryCycles(facts);
  facts.cycles = overlapped(facts.computeCycles, facts.memoryCycles);
}

TileFacts TileModel::analyze(absl::Span<const int64_t> knobValues) const {
  TileFacts facts;
  setTiles(knobValues, facts);
  for (size_t level = 0; level < kNumTileLevels; ++level)
    for (const Access &access : accesses)
      facts.footprintBytes[level].push_back(footprint(access, facts.tiles[level]));
  if (winograd && isActive(winograd->outputs, knobValues)) {
    setWinograd(knobValues, facts);
    return facts;
  }
  setBody(vectorLoopOf(knobValues), facts);
  setCycles(facts);
  return facts;
}

} // namespace chameleon
