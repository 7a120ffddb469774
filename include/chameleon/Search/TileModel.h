//===- TileModel.h - What a configuration does to a loop nest -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the tile, vector and unroll knobs of a configuration as levels of a tiled loop nest,
// without any code: which block of the iteration space is held in registers, which in the caches,
// how much data each touches, and how many cycles that may take. The cycle count is a closed form
// in the manner of Goto and van de Geijn (2008) and of roofline models: good enough to rank a first
// batch, and a feature for the learnt models.
//
// Only active knobs count as tiles. Of algorithms other than direct loop nests the closed form
// knows Winograd's (Space::winograd): the products of its transformed tiles are a loop nest of
// their own. Of others it says little, but stays finite; the learnt models see which algorithm a
// candidate takes.
//
// Levels: Register is one unrolled body, Panel the same block over the whole reduction, Cache the
// largest tile of every loop, Whole the task.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_TILEMODEL_H
#define CHAMELEON_SEARCH_TILEMODEL_H

#include "absl/container/inlined_vector.h"
#include "chameleon/Search/Space.h"
#include "chameleon/Search/WinogradModel.h"
#include <limits>

namespace chameleon {

enum class TileLevel { Register, Panel, Cache, Whole };
inline constexpr size_t kNumTileLevels = 4;

/// What the tile model says of one configuration.
struct TileFacts {
  using Sizes = absl::InlinedVector<double, 8>;
  Sizes tiles[kNumTileLevels];          // block extent per loop
  Sizes footprintBytes[kNumTileLevels]; // data touched per operand, in whole cache lines

  double vectorTile = 1;    // elements along the vectorised loop in one body
  double vectorFill = 1;    // share of lanes that do work
  double accumulators = 1;  // vector registers that hold results
  double registersUsed = 1; // accumulators and operands
  double loadsPerFma = 1;   // loads of one body over its multiply-adds
  double bodySize = 1;      // unrolled multiply-adds
  double wasteRatio = 1;    // work done, with partial tiles rounded up, over work asked for
  double panels = 1;        // number of register blocks run
  double cacheTiles = 1;    // number of cache blocks run
  double computeCycles = 0;
  double memoryCycles = 0;
  double cycles = 0; // of the whole task; on several threads, of the one that has most to do

  double totalFootprintBytes(TileLevel level) const;
};

/// One line for people: "16 accumulators, 19 of 32 vector registers, lanes 100 % full, 2 % extra
/// work, panel 90 KiB (L1 48 KiB), cache block 800 KiB (L2 1024 KiB)".
std::string describe(const TileFacts &facts, const TargetInfo &target);

/// Sizes without a knob: a loop that no knob tiles runs whole in the cache levels and one by one
/// inside. A tile of 0 stands for "not tiled" and counts as the whole loop.
class TileModel {
public:
  TileModel(const Space &space, const TaskInfo &task, const TargetInfo &target);

  TileFacts analyze(absl::Span<const int64_t> knobValues) const;

  /// Of the tiles that run in parallel, the share that falls to the thread with most of them; 1 if
  /// nobody knows how many threads there are. Tiles of a fixed size, such as the images of a batch,
  /// are not seen.
  double largestShare(absl::Span<const int64_t> knobValues) const;

  /// Whether cycles of all algorithms that the space offers can be compared.
  bool knowsEveryAlgorithm() const { return allKnown; }
  size_t numLoops() const { return loops.size(); }
  size_t numAccesses() const { return accesses.size(); }

private:
  struct Loop {
    double extent = 1;
    bool reduction = false;
    absl::InlinedVector<size_t, 4> knobs; // those that tile it
  };
  struct Access {
    absl::InlinedVector<std::pair<int64_t, size_t>, 8> strides; // (stride, loop), strides ascending
    double elementBytes = 4;
    bool packable = false; // a constant, which schedules pack: no cache line holds anything else
  };

  void addLoops(const Space &space, const TaskInfo &task);
  void addAccesses(const TaskInfo &task);
  void findVectorLoops(const Space &space, const TaskInfo &task);
  bool isActive(size_t knob, absl::Span<const int64_t> knobValues) const {
    return allHold(conditions[knob], knobValues);
  }
  size_t vectorLoopOf(absl::Span<const int64_t> knobValues) const;
  void setTiles(absl::Span<const int64_t> knobValues, TileFacts &facts) const;
  double footprint(const Access &access, const TileFacts::Sizes &tiles) const;
  void setBlock(const RegisterBlock &block, double vectorTile, TileFacts &facts) const;
  RegisterBlock setBody(size_t vectorLoop, TileFacts &facts) const;
  void setCycles(const RegisterBlock &block, TileFacts &facts) const;
  void setWinograd(absl::Span<const int64_t> knobValues, TileFacts &facts) const;
  double memoryCycles(const TileFacts &facts) const;

  std::vector<Loop> loops;
  std::vector<Access> accesses;
  std::vector<std::vector<Condition>> conditions;       // per knob
  std::vector<std::pair<size_t, size_t>> vectorKnobs;   // (knob, loop) of vector knobs, in order
  std::vector<std::pair<size_t, size_t>> parallelKnobs; // (knob, loop) of tiles run in parallel
  size_t contiguousLoop = 0; // of the result; loops.size() if there is none
  double threads = 1;
  CoreModel core;
  WinogradModel winograd;
  absl::optional<WinogradKnobs> winogradKnobs;
  /// Over rows of the image, which Winograd's algorithm takes block by block: its tile is the
  /// block.
  size_t blockLoop = std::numeric_limits<size_t>::max();
  size_t channelLoop = std::numeric_limits<size_t>::max(); // over output channels, likewise
  size_t inChannelLoop = std::numeric_limits<size_t>::max();
  bool allKnown = true;
};

} // namespace chameleon

#endif // CHAMELEON_SEARCH_TILEMODEL_H
