//===- DepthwiseConvolution.cpp - A depthwise convolution in registers ----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Channels are innermost in image, weights and result, so everything is read and written where it
// is, by vectors of channels. A block of pixels of a row by some vectors stays in registers while
// the window passes; each vector of the image is multiplied with as many weights as there are
// pixels of the block whose windows have it. Nothing is padded: rows of the window that lie beside
// the image are skipped, and so are, in the first and last blocks of a row, columns.
//
//===----------------------------------------------------------------------===//

#include "DepthwiseConvolution.h"
#include "ConvolutionRewrite.h"
#include "ProductOperands.h"
#include "chameleon/Support/EvenBlock.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;

namespace chameleon {

std::string whyNotDepthwise(linalg::LinalgOp op, const DepthwiseOptions &options) {
  if (!isa<linalg::DepthwiseConv2DNhwcHwcOp>(op)) {
    return "expected a depthwise convolution, NHWC/HWC";
  }
  std::string reason = whyNotProducts(op);
  if (reason.empty()) {
    reason = whyNotOneImage(op);
  }
  if (reason.empty()) {
    reason = whyNotColumns(options.channels, options.lanes);
  }
  if (!reason.empty()) {
    return reason;
  }
  if (options.pixels < 1) {
    return "expected at least one pixel, but got " + std::to_string(options.pixels);
  }
  auto image = cast<RankedTensorType>(op->getOperand(0).getType());
  int64_t channels = image.getDimSize(kDepthwiseLayout.channel);
  return channels >= options.lanes
             ? ""
             : "expected channels that fill a vector of " + std::to_string(options.lanes) +
                   ", but got " + std::to_string(channels);
}

namespace {

class DepthwiseRewrite : ConvolutionRewrite {
public:
  DepthwiseRewrite(RewriterBase &rewriter, linalg::LinalgOp op, const DepthwiseOptions &options)
      : ConvolutionRewrite(rewriter, op, kDepthwiseLayout, options.lanes), options(options),
        pixels(evenBlock(outColumns, options.pixels)) {}

  void run() {
    Value destination = start();
    int64_t rows = (outRows - 1) * window.rowStride + (window.rows - 1) * window.rowDilation + 1;
    range = findRows(rows, /*step=*/1);
    finish(emit.loop(outRows, 1, destination,
                     [&](Value row, ValueRange carried) -> SmallVector<Value> {
                       return {computeRow(carried[0], row)};
                     })[0]);
  }

private:
  /// A block of sums, pixel by pixel.
  struct Block {
    Value row;             // of the result
    Value column;          // where it starts
    int64_t count;         // of pixels
    int64_t firstTap;      // columns of the image, from its first pixel's window on, [first, end),
    int64_t endTap;        // that lie in the image
    ArrayRef<Value> lanes; // where its vectors of channels start
  };

  Value computeRow(Value destination, Value row);
  Value computeColumns(Value destination, Value row, Value column, int64_t first, int64_t count);
  Value computeBlock(Value destination, const Block &block);
  void addTaps(SmallVector<Value> &sums, const Block &block, Value kernelRow, Value imageRow);

  /// Columns of the image that the windows of `count` pixels span.
  int64_t span(int64_t count) const {
    return (count - 1) * window.columnStride + (window.columns - 1) * window.columnDilation + 1;
  }
  /// Column of the image where the window of pixel `column` starts; negative to its left.
  int64_t imageColumn(int64_t column) const { return column * window.columnStride - source.left; }
  bool isInside(int64_t column, int64_t count) const {
    return imageColumn(column) >= 0 &&
           imageColumn(column) + span(count) <= imageSize(layout.column);
  }

  const DepthwiseOptions &options;
  int64_t pixels; // of a block
  RowRange range;
};

/// A row of the result: blocks whose windows lie in the image in a loop, those at its ends alone.
Value DepthwiseRewrite::computeRow(Value destination, Value row) {
  int64_t column = 0;
  auto alone = [&](int64_t count) {
    destination = computeColumns(destination, row, emit.index(column), column, count);
    column += count;
  };
  while (column + pixels <= outColumns && !isInside(column, pixels)) {
    alone(pixels);
  }
  int64_t end = column;
  while (end + pixels <= outColumns && isInside(end, pixels)) {
    end += pixels;
  }
  destination = emit.loop(emit.index(column), emit.index(end), pixels, destination,
                          [&](Value at, ValueRange carried) -> SmallVector<Value> {
                            return {computeColumns(carried[0], row, at, column, pixels)};
                          })[0];
  column = end;
  while (column < outColumns) {
    alone(std::min(pixels, outColumns - column));
  }
  return destination;
}

/// All channels of `count` pixels from `column` on, of which `first` says where that is, or where
/// another block is that has as much of the image. The last vector starts early rather than to end
/// beyond the channels.
Value DepthwiseRewrite::computeColumns(Value destination, Value row, Value column, int64_t first,
                                       int64_t count) {
  int64_t width = imageSize(layout.column);
  int64_t start = imageColumn(first);
  Block block{
      row, column, count, std::max<int64_t>(-start, 0), std::min(span(count), width - start), {}};
  int64_t channels = std::min(options.channels, outChannels / emit.lanes() * emit.lanes());
  int64_t whole = outChannels / channels * channels;
  destination = emit.loop(whole, channels, destination,
                          [&](Value channel, ValueRange carried) -> SmallVector<Value> {
                            SmallVector<Value> lanes;
                            for (int64_t i = 0; i < channels; i += emit.lanes()) {
                              lanes.push_back(emit.add(channel, i));
                            }
                            block.lanes = lanes;
                            return {computeBlock(carried[0], block)};
                          })[0];
  SmallVector<Value> lanes;
  for (int64_t channel = whole; channel < outChannels; channel += emit.lanes()) {
    lanes.push_back(emit.index(std::min(channel, outChannels - emit.lanes())));
  }
  block.lanes = lanes;
  return lanes.empty() ? destination : computeBlock(destination, block);
}

/// `destination` with a block of sums, which stay in registers.
Value DepthwiseRewrite::computeBlock(Value destination, const Block &block) {
  Value top = emit.mul(block.row, window.rowStride);
  auto [from, to] = rowsOfWindow(top, range);
  SmallVector<Value> sums(block.count * block.lanes.size(), emit.zero());
  sums = emit.loop(from, to, 1, sums, [&](Value kernelRow, ValueRange carried) {
    SmallVector<Value> next(carried);
    Value row = emit.add(top, emit.mul(kernelRow, window.rowDilation));
    addTaps(next, block, kernelRow, emit.add(row, range.shift));
    return next;
  });
  const Value *sum = sums.begin();
  for (int64_t pixel = 0; pixel < block.count; ++pixel) {
    for (Value channel : block.lanes) {
      SmallVector<Value> at =
          indices(emit.index(0), block.row, emit.add(block.column, pixel), channel);
      destination = emit.write(finishVector(*sum++, at, /*inBounds=*/true), destination, at);
    }
  }
  return destination;
}

/// Adds the products of a row of the window.
void DepthwiseRewrite::addTaps(SmallVector<Value> &sums, const Block &block, Value kernelRow,
                               Value imageRow) {
  auto vectors = static_cast<int64_t>(block.lanes.size());
  SmallVector<Value> taps; // column by column
  for (int64_t k = 0; k < window.columns; ++k) {
    for (Value channel : block.lanes) {
      taps.push_back(
          emit.extend(emit.read(op->getOperand(1), {kernelRow, emit.index(k), channel})));
    }
  }
  // The first pixel's window starts `left` columns to the left of that column of the image.
  Value left = emit.mul(block.column, window.columnStride);
  for (int64_t tap = block.firstTap; tap < block.endTap; ++tap) {
    Value column = emit.add(left, tap - source.left);
    for (int64_t j = 0; j < vectors; ++j) {
      Value image;
      for (int64_t k = 0; k < window.columns; ++k) {
        int64_t offset = tap - k * window.columnDilation;
        int64_t pixel = offset / window.columnStride;
        if (offset < 0 || offset % window.columnStride != 0 || pixel >= block.count) {
          continue;
        }
        if (!image) {
          image =
              emit.extend(emit.read(source.image, imageIndex(imageRow, column, block.lanes[j])));
        }
        Value &sum = sums[pixel * vectors + j];
        sum = emit.fma(image, taps[k * vectors + j], sum);
      }
    }
  }
}

} // namespace

void rewriteAsDepthwise(RewriterBase &rewriter, linalg::LinalgOp op,
                        const DepthwiseOptions &options) {
  DepthwiseRewrite(rewriter, op, options).run();
}

} // namespace chameleon
