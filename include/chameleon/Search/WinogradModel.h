//===- WinogradModel.h - Winograd's algorithm in closed form --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016: with m outputs and
// p = m + 2 points per side of a tile, a 3x3 convolution is, at each of the p * p points, a matrix
// product of tiles by output channels over input channels, between a transformation there and one
// back. transform.chameleon.winograd does so block of rows by block of rows.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_WINOGRADMODEL_H
#define CHAMELEON_SEARCH_WINOGRADMODEL_H

#include "chameleon/Search/CoreModel.h"

namespace chameleon {

struct WinogradTiling {
  double outputs = 2;       // per side of a tile
  double blockRows = 1;     // of the image
  double rows = 1;          // tiles in a register block, at most: blocks are made even
  double columns = 1;       // output channels in a register block
  double steps = 1;         // input channels that are unrolled
  double channelBlocks = 1; // of output channels, each of which transforms the image for itself
  double chunk = 0; // input channels whose weights a block transforms at a time; 0: before it runs
};

struct WinogradCost {
  double wasteRatio = 1; // outputs computed, with partial tiles rounded up, over those asked for
  double blocks = 1;     // of rows
  double panels = 1;     // register blocks run
  double productCycles = 0;
  double memoryCycles = 0;
  double cycles = 0; // of the whole convolution, transformations included
};

class WinogradModel {
public:
  /// Of a convolution with loops batch, oc, oh, ow and ic; one that is not there counts as 1.
  WinogradModel(const TaskInfo &task, const CoreModel &core);

  /// The products' block in registers: that of `evenBlock`.
  RegisterBlock block(const WinogradTiling &tiling) const;
  WinogradCost cost(const WinogradTiling &tiling) const;

private:
  double tilesOfBlock(const WinogradTiling &tiling) const;
  double weightsCycles(const WinogradTiling &tiling) const;
  double chunks(const WinogradTiling &tiling) const;
  double panelCycles(const WinogradTiling &tiling, double rows) const;

  CoreModel core;
  double images = 1;
  double imageRows = 1;
  double imageColumns = 1;
  double inChannels = 1;
  double outChannels = 1;
  double elementBytes = 4;
};

} // namespace chameleon

#endif // CHAMELEON_SEARCH_WINOGRADMODEL_H
