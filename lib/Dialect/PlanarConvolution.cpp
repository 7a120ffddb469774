//===- PlanarConvolution.cpp - A convolution of planes --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   W[F/mr][KH][C][KW][mr]     packed weights, computed once, outside of the task
//   X[rows][C][phases][width]  the image with zeros on its left and right. A stride of s makes s
//                              phases of its columns, of which column j has every s-th from j on:
//                              what neighbouring results read lies side by side. Not made where
//                              the image is like this already.
//
// A block of mr output channels by some vectors of pixels stays in registers while the window and
// the input channels pass: each weight is multiplied with all vectors of the block. Sums go to an
// NCHW result as they are, without a transposition, which pays where few products make a result,
// and where the input channels do not fill a vector. Rows of the window that lie beside the image
// are skipped.
//
//===----------------------------------------------------------------------===//

#include "PlanarConvolution.h"
#include "ConvolutionRewrite.h"
#include "ProductOperands.h"
#include "RegisterBlock.h"
#include "chameleon/Support/EvenBlock.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;

namespace chameleon {

std::string whyNotPlanar(linalg::LinalgOp op, const PlanarOptions &options) {
  std::string reason = whyNotConvolution(op);
  if (reason.empty() && layoutOf(op)->column != 3) {
    reason = "expected an NCHW/FCHW convolution: columns must be innermost";
  }
  if (reason.empty() && !findWeights(op, *layoutOf(op))->isWhole(op, *layoutOf(op))) {
    reason = "expected all output channels of the weights";
  }
  if (reason.empty()) {
    reason = whyNotColumns(options.pixels, options.lanes);
  }
  if (!reason.empty()) {
    return reason;
  }
  int64_t stride = windowOf(op).columnStride;
  if (!llvm::isPowerOf2_64(stride) || stride > options.lanes) {
    return "expected a column stride that is a power of two and at most the lanes, but got " +
           std::to_string(stride);
  }
  return options.channels >= 1 && options.steps >= 1 ? ""
                                                     : "expected channels and steps of at least 1";
}

namespace {

class PlanarRewrite : ConvolutionRewrite {
public:
  PlanarRewrite(RewriterBase &rewriter, linalg::LinalgOp op, const PlanarOptions &options)
      : ConvolutionRewrite(rewriter, op, options.lanes), options(options),
        blockChannels(evenBlock(outChannels, options.channels)) {}

  void run() {
    Value packed = packWeights();
    Value destination = start();
    Planes planes = canReadInPlace() ? imageItself() : copyImage();
    finish(multiply(planes, packed, destination));
  }

private:
  /// What a column of the window reads, for a vector of pixels.
  struct Tap {
    int64_t phase;  // position in `phases`
    int64_t column; // of it, for the first pixel of a row
  };

  /// Where windows find their pixels: X, or the image.
  struct Planes {
    Value tensor;
    bool copied;
    Value offset;   // the row where the first window starts
    RowRange range; // of a padded image: its rows, from `offset` on
    int64_t rowStride;
    SmallVector<Tap> taps; // of each column of the window
  };

  /// A block of sums, channel by channel.
  struct Block {
    Value panel;          // of weights
    int64_t channels;     // that the panel has
    Value row;            // of the result
    ValueRange columns;   // where its vectors start
    bool inBounds = true; // or the row is shorter than a vector
  };

  Value packWeights();
  bool canReadInPlace() const;
  Planes imageItself();
  Planes copyImage();
  Value copyRow(Value copy, Value row, Value imageRow, int64_t end, int64_t width);
  Value copyColumns(Value copy, ValueRange at, Value imageRow, Value column, int64_t count);
  Value clearColumns(Value copy, ValueRange at, int64_t from, int64_t to);

  Value multiply(const Planes &planes, Value weights, Value destination);
  Value multiplyRow(const Planes &planes, Value weights, Value destination, Block block);
  Value multiplyBlock(const Planes &planes, Value weights, Value destination, const Block &block);
  Value readPixels(const Planes &planes, Value row, Value channel, Value column, const Tap &tap);
  Value storeBlock(ArrayRef<Value> sums, Value destination, const Block &block);

  /// Columns that lie to the left of the image, as columns of a phase.
  int64_t left() const { return llvm::divideCeil(source.left, window.columnStride); }
  /// Of the image, the column that the first pixel's window reads in its column `k`.
  int64_t imageColumn(int64_t k) const { return k * window.columnDilation - source.left; }

  const PlanarOptions &options;
  int64_t blockChannels;
  /// Those that X has: of phase p, columns p, p + stride, ... of the image.
  SmallVector<int64_t> phases;
};

/// W. The last panel has channels of others beyond its own; nothing is computed with them.
Value PlanarRewrite::packWeights() {
  AffineExpr panel, row, inChannel, column, outChannel;
  bindDims(builder.getContext(), panel, row, inChannel, column, outChannel);
  SmallVector<AffineExpr> from(4);
  from[layout.outChannel] = (panel * blockChannels + outChannel) % outChannels;
  from[layout.inChannel] = inChannel;
  from[layout.kernelRow] = row;
  from[layout.kernelColumn] = column;
  int64_t panels = llvm::divideCeil(outChannels, blockChannels);
  return createConstantPack(builder, weights.argument,
                            {panels, window.rows, inChannels, window.columns, blockChannels}, from);
}

//===----------------------------------------------------------------------===//
// Input
//===----------------------------------------------------------------------===//

bool PlanarRewrite::canReadInPlace() const {
  return !source.padded && window.columnStride == 1 && outColumns >= emit.lanes() &&
         getElementTypeOrSelf(source.image.getType()) == emit.elementType();
}

PlanarRewrite::Planes PlanarRewrite::imageItself() {
  Planes planes{source.image, /*copied=*/false, constantIndex(source.firstRow),
                {},           window.rowStride, {}};
  for (int64_t k = 0; k < window.columns; ++k) {
    planes.taps.push_back({0, imageColumn(k)});
  }
  return planes;
}

PlanarRewrite::Planes PlanarRewrite::copyImage() {
  int64_t stride = window.columnStride;
  // A window of one row reads every `rowStride`th row.
  int64_t rowStep = window.rows == 1 ? window.rowStride : 1;
  Planes planes{Value(), /*copied=*/true, emit.index(0), {}, window.rowStride / rowStep, {}};
  int64_t width = 0;
  for (int64_t k = 0; k < window.columns; ++k) {
    int64_t first = llvm::divideFloorSigned(imageColumn(k), stride);
    int64_t phase = imageColumn(k) - first * stride;
    auto *known = llvm::find(phases, phase);
    planes.taps.push_back({known - phases.begin(), first + left()});
    if (known == phases.end()) {
      phases.push_back(phase);
    }
    width = std::max(width, planes.taps.back().column + std::max(outColumns, emit.lanes()));
  }
  // Columns of the image from 0 to `needed` are read, and copied in whole vectors.
  int64_t needed = std::min(imageSize(layout.column),
                            (outColumns - 1) * stride + 1 + imageColumn(window.columns - 1));
  int64_t end = left();
  if (needed > 0) {
    end += llvm::divideCeil(needed, stride * emit.lanes()) * emit.lanes();
  }
  width = std::max(width, end);
  int64_t rows = (outRows - 1) * planes.rowStride + (window.rows - 1) * window.rowDilation + 1;
  planes.range = findRows(rows, rowStep);
  Value copy = emit.empty({rows, inChannels, static_cast<int64_t>(phases.size()), width});
  planes.tensor = emit.loop(planes.range.first, planes.range.end, 1, copy,
                            [&](Value row, ValueRange carried) -> SmallVector<Value> {
                              Value imageRow = emit.add(emit.mul(row, rowStep), planes.range.shift);
                              return {copyRow(carried[0], row, imageRow, end, width)};
                            })[0];
  return planes;
}

/// Row `row` of X: columns of the image in [left, `end`) of each phase, zeros in the others.
Value PlanarRewrite::copyRow(Value copy, Value row, Value imageRow, int64_t end, int64_t width) {
  int64_t atOnce = window.columnStride * emit.lanes();
  int64_t whole = imageSize(layout.column) / atOnce * atOnce; // without a vector that ends early
  int64_t copied = (end - left()) * window.columnStride;
  whole = std::min(whole, copied);
  return emit.loop(inChannels, 1, copy, [&](Value channel, ValueRange outer) -> SmallVector<Value> {
    SmallVector<Value> at{row, channel};
    // The left ones first: the last vector of them may end in the image.
    Value into = clearColumns(outer[0], at, 0, left());
    into =
        emit.loop(whole, atOnce, into, [&](Value column, ValueRange carried) -> SmallVector<Value> {
          return {copyColumns(carried[0], at, imageRow, column, atOnce)};
        })[0];
    if (whole != copied) {
      into = copyColumns(into, at, imageRow, emit.index(whole), imageSize(layout.column) - whole);
    }
    return {clearColumns(into, at, end, width)};
  })[0];
}

/// Columns of the image from `column` on, a vector for each phase of X; zeros where the image has
/// fewer than the stride times the lanes, which is `count`.
Value PlanarRewrite::copyColumns(Value copy, ValueRange at, Value imageRow, Value column,
                                 int64_t count) {
  SmallVector<Value> vectors;
  for (int64_t i = 0; i < window.columnStride; ++i) {
    int64_t first = i * emit.lanes();
    vectors.push_back(
        first >= count ? emit.zero()
                       : emit.extend(emit.read(source.image,
                                               imageIndex(imageRow, emit.add(column, first), at[1]),
                                               /*inBounds=*/first + emit.lanes() <= count)));
  }
  vectors = emit.deinterleave(vectors);
  Value to = emit.add(emit.floorDiv(column, window.columnStride), left());
  for (auto [position, phase] : llvm::enumerate(phases)) {
    copy = emit.write(vectors[phase], copy,
                      {at[0], at[1], emit.index(static_cast<int64_t>(position)), to});
  }
  return copy;
}

/// Zeros in the columns [from, to) of each phase, in whole vectors. The last may reach beyond `to`,
/// and ends with X.
Value PlanarRewrite::clearColumns(Value copy, ValueRange at, int64_t from, int64_t to) {
  int64_t width = cast<RankedTensorType>(copy.getType()).getShape().back();
  for (int64_t phase = 0, end = static_cast<int64_t>(phases.size()); phase < end; ++phase) {
    for (int64_t column = from; column < to; column += emit.lanes()) {
      copy = emit.writeFirst(emit.zero(), std::min(emit.lanes(), width - column), copy,
                             {at[0], at[1], emit.index(phase), emit.index(column)});
    }
  }
  return copy;
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

Value PlanarRewrite::multiply(const Planes &planes, Value weights, Value destination) {
  return forPanels(
      blockChannels, destination, [&](Value panel, int64_t channels, ValueRange outer) {
        return emit.loop(
            outRows, 1, outer, [&](Value row, ValueRange carried) -> SmallVector<Value> {
              return {multiplyRow(planes, weights, carried[0], {panel, channels, row, {}})};
            });
      })[0];
}

/// `destination` with a row of all pixels. The last vector starts early rather than to end beyond
/// the row, and has some of the pixels before it once more.
Value PlanarRewrite::multiplyRow(const Planes &planes, Value weights, Value destination,
                                 Block block) {
  int64_t vectors = llvm::divideCeil(outColumns, emit.lanes());
  int64_t atOnce = evenBlock(vectors, options.pixels / emit.lanes());
  int64_t whole = outColumns / (atOnce * emit.lanes()) * atOnce; // vectors in whole blocks
  destination = emit.loop(whole * emit.lanes(), atOnce * emit.lanes(), destination,
                          [&](Value column, ValueRange carried) -> SmallVector<Value> {
                            SmallVector<Value> columns;
                            for (int64_t i = 0; i < atOnce; ++i) {
                              columns.push_back(emit.add(column, i * emit.lanes()));
                            }
                            block.columns = columns;
                            return {multiplyBlock(planes, weights, carried[0], block)};
                          })[0];
  SmallVector<Value> columns;
  for (int64_t i = whole; i < vectors; ++i) {
    columns.push_back(
        emit.index(std::max<int64_t>(std::min(i * emit.lanes(), outColumns - emit.lanes()), 0)));
  }
  if (columns.empty()) {
    return destination;
  }
  block.columns = columns;
  block.inBounds = outColumns >= emit.lanes();
  return multiplyBlock(planes, weights, destination, block);
}

/// `destination` with a block of sums, which stay in registers.
Value PlanarRewrite::multiplyBlock(const Planes &planes, Value weights, Value destination,
                                   const Block &block) {
  auto vectors = static_cast<int64_t>(block.columns.size());
  RegisterBlock registers{block.channels, vectors, options.steps};
  Value top = emit.mul(block.row, planes.rowStride); // of the window, from the offset on
  auto [from, to] = rowsOfWindow(top, planes.range);
  SmallVector<Value> sums(block.channels * vectors, emit.zero());
  sums = emit.loop(from, to, 1, sums, [&](Value kernelRow, ValueRange outer) {
    Value row = emit.add(planes.offset, emit.add(top, emit.mul(kernelRow, window.rowDilation)));
    return registers.overSteps(
        emit, outer, inChannels, [&](SmallVector<Value> &next, Value channel) {
          for (auto [column, tap] : llvm::enumerate(planes.taps)) {
            Value kernelColumn = emit.index(static_cast<int64_t>(column));
            registers.addProduct(
                DotProduct(emit, emit.elementType()), next,
                [&, &tap = tap](int64_t j) {
                  return readPixels(planes, row, channel, block.columns[j], tap);
                },
                [&](int64_t i) {
                  return emit.extend(emit.broadcast(
                      weights, {block.panel, kernelRow, channel, kernelColumn, emit.index(i)}));
                });
          }
        });
  });
  return storeBlock(sums, destination, block);
}

Value PlanarRewrite::readPixels(const Planes &planes, Value row, Value channel, Value column,
                                const Tap &tap) {
  Value at = emit.add(column, tap.column);
  return planes.copied ? emit.read(planes.tensor, {row, channel, emit.index(tap.phase), at})
                       : emit.read(planes.tensor, imageIndex(row, at, channel));
}

Value PlanarRewrite::storeBlock(ArrayRef<Value> sums, Value destination, const Block &block) {
  Value firstChannel = emit.mul(block.panel, blockChannels);
  const Value *sum = sums.begin();
  for (int64_t i = 0; i < block.channels; ++i) {
    for (Value column : block.columns) {
      SmallVector<Value> to = indices(emit.index(0), block.row, column, emit.add(firstChannel, i));
      Value result = finishVector(*sum++, to, block.inBounds);
      destination = emit.writeFirst(result, std::min(emit.lanes(), outColumns), destination, to);
    }
  }
  return destination;
}

} // namespace

void rewriteAsPlanar(RewriterBase &rewriter, linalg::LinalgOp op, const PlanarOptions &options) {
  PlanarRewrite(rewriter, op, options).run();
}

} // namespace chameleon
