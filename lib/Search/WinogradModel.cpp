//===- WinogradModel.cpp - Winograd's algorithm in closed form ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/WinogradModel.h"
#include "chameleon/Support/EvenBlock.h"
#include <algorithm>
#include <cmath>
#include <utility>

namespace chameleon {

/// Of a filter.
static constexpr double kTaps = 9;

/// Of a multiply-add of the transformations, with what it loads and stores.
static constexpr double kCyclesPerTransformFma = 1;

/// Of a vector of transformed weights at one point, with the sums for it and its way to the cache.
static constexpr double kCyclesPerWeightsVector = 1.25;

WinogradModel::WinogradModel(const TaskInfo &task, const CoreModel &core)
    : core(core), elementBytes(static_cast<double>(std::max<int64_t>(task.elementBits, 8)) / 8) {
  const std::pair<const char *, double *> extents[] = {{"batch", &images},
                                                       {"oh", &imageRows},
                                                       {"ow", &imageColumns},
                                                       {"ic", &inChannels},
                                                       {"oc", &outChannels}};
  for (const LoopInfo &loop : task.loops)
    for (auto [name, extent] : extents)
      if (loop.name == name)
        *extent = static_cast<double>(std::max<int64_t>(loop.extent, 1));
}

/// Tiles of a block of rows of the image.
double WinogradModel::tilesOfBlock(const WinogradTiling &tiling) const {
  return std::ceil(tiling.blockRows / tiling.outputs) * std::ceil(imageColumns / tiling.outputs);
}

RegisterBlock WinogradModel::block(const WinogradTiling &tiling) const {
  int64_t rows = evenBlock(std::llround(tilesOfBlock(tiling)), std::llround(tiling.rows));
  return {static_cast<double>(rows), std::ceil(tiling.columns / core.lanes)};
}

double WinogradModel::chunks(const WinogradTiling &tiling) const {
  return tiling.chunk > 0 ? std::ceil(inChannels / tiling.chunk) : 1;
}

double WinogradModel::panelCycles(const WinogradTiling &tiling, double rows) const {
  RegisterBlock part = block(tiling);
  part.rows = rows;
  double ofChunk = inChannels / chunks(tiling);
  return chunks(tiling) * core.panelCycles(part, ofChunk, core.stepCycles(part), tiling.steps);
}

/// Of the transformation of all weights in a block.
double WinogradModel::weightsCycles(const WinogradTiling &tiling) const {
  double points = (tiling.outputs + 2) * (tiling.outputs + 2);
  return points * inChannels * std::ceil(outChannels / core.lanes) * kCyclesPerWeightsVector;
}

WinogradCost WinogradModel::cost(const WinogradTiling &tiling) const {
  double side = tiling.outputs + 2;
  double points = side * side;
  double tiles = tilesOfBlock(tiling);
  double rows = block(tiling).rows;
  WinogradCost cost;
  cost.blocks = images * std::ceil(imageRows / tiling.blockRows);
  cost.wasteRatio =
      cost.blocks * tiles * tiling.outputs * tiling.outputs / (images * imageRows * imageColumns);
  double strips = cost.blocks * points * std::ceil(outChannels / tiling.columns);
  cost.panels = strips * std::ceil(tiles / rows);
  double rest = std::fmod(tiles, rows);
  cost.productCycles = strips * (std::floor(tiles / rows) * panelCycles(tiling, rows) +
                                 (rest > 0 ? panelCycles(tiling, rest) : 0));

  // Where a block transforms the weights, it finishes one panel of products before the next.
  double channels = inChannels + (tiling.chunk > 0 ? tiling.columns : outChannels);
  double operands = cost.panels * inChannels * (rows + tiling.columns) * elementBytes;
  double weights = (tiling.chunk > 0 ? kTaps : points) * inChannels * outChannels * elementBytes;
  double transformed = points * tiles * channels * elementBytes; // of a block
  // What stays in the second cache comes from memory once, or never.
  bool weightsStay = weights + transformed <= core.l2Bytes;
  bool tilesStay = transformed <= core.l2Bytes;
  double fromMemory =
      weights * (weightsStay ? 1 : cost.blocks) + (tilesStay ? 0 : transformed * cost.blocks);
  double fromL2 = operands + (tilesStay ? transformed * cost.blocks : 0);
  cost.memoryCycles = core.cyclesFromL2(fromL2) + core.cyclesFromMemory(fromMemory);
  // B^T d B, and A^T M A to fewer outputs than points.
  double perTile = tiling.channelBlocks * inChannels * 2 * points * side +
                   outChannels * tiling.outputs * side * (side + tiling.outputs);
  double transformFmas = cost.blocks * tiles * perTile;
  if (tiling.chunk > 0)
    cost.productCycles += cost.blocks * weightsCycles(tiling);
  cost.cycles = CoreModel::overlapped(cost.productCycles, cost.memoryCycles) +
                transformFmas / core.lanes * kCyclesPerTransformFma;
  return cost;
}

} // namespace chameleon
