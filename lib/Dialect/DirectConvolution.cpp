//===- DirectConvolution.cpp - A convolution as sums of products ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   W[F/nr][KH][KW*C][nr]   packed weights, computed once, outside of the task
//   X[rows][columns*C]      the image with channels innermost, and zeros on its left and right.
//                           What a stride makes no output read is left out where that is easy. Not
//                           made where the image is like this already. Where a window is one pixel
//                           and rows are short, they are joined to one: blocks of pixels need not
//                           end with each.
//                           Where several products are added at once (DotProduct.h), W has the
//                           elements of each output channel for them side by side, and X is what
//                           the instruction takes. If sums have too much then,
//   E[F/nr][KH+1][nr]       says how much before each row of the window, and after the last one
//   Y[nr/lanes][1 or rows][columns][lanes]
//                           sums of one row, which are transposed into an NCHW result; or of all
//                           rows, where chunks of input channels are added one after the other,
//                           or rows are joined
//
// A block of pixels by nr output channels stays in registers while the window and the input
// channels pass: each element of X is multiplied with nr weights. What a row of the window takes of
// a pixel and its neighbours is one contiguous run in X and in W. Rows of the window that lie
// beside the image are skipped.
//
//===----------------------------------------------------------------------===//

#include "DirectConvolution.h"
#include "ConvolutionRewrite.h"
#include "ProductOperands.h"
#include "RegisterBlock.h"
#include "chameleon/Support/EvenBlock.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace chameleon {

std::string whyNotDirect(linalg::LinalgOp op, const DirectOptions &options) {
  std::string reason = whyNotConvolution(op);
  if (reason.empty()) {
    reason = whyNotColumns(options.channels, options.lanes);
  }
  if (!reason.empty()) {
    return reason;
  }
  int64_t inChannels =
      cast<RankedTensorType>(op->getOperand(1).getType()).getDimSize(layoutOf(op)->inChannel);
  if (std::string dot = whyNotDotProduct(options.dot); !dot.empty()) {
    return dot;
  }
  if (std::string chunk = whyNotChunk(options.chunk, inChannels); !chunk.empty()) {
    return chunk;
  }
  if (options.pixels < 1 || options.steps < 1) {
    return "expected pixels and steps of at least 1";
  }
  return whyNotPanels(op, options.channels);
}

namespace {

class DirectRewrite : ConvolutionRewrite {
public:
  DirectRewrite(RewriterBase &rewriter, linalg::LinalgOp op, const DirectOptions &options)
      : ConvolutionRewrite(rewriter, op, options.lanes), options(options),
        dot(emit, getElementTypeOrSelf(source.image.getType()), options.dot,
            {inChannels, chunk()}) {}

  void run() {
    Value packed = packWeights();
    Value destination = start();
    Pixels pixels = canReadInPlace() ? imageItself() : copyImage();
    int64_t ofChunk = window.rows * window.columns * chunk() * options.channels;
    Weights weights{packed, emit.bufferToPrefetch(packed, ofChunk), firstPanel(options.channels)};
    bool severalBlocks = outRows * outColumns > options.pixels;
    if (dot.hasOffset() && chunk() == inChannels && severalBlocks) {
      weights.excess = sumExcess(weights);
    }
    finish(multiply(pixels, weights, destination));
  }

private:
  /// W, and which of its panels is the first of the convolution.
  struct Weights {
    Value tensor;
    Value buffer; // to prefetch from, or null
    Value firstPanel;
    Value excess = {}; // E, or null where blocks find it themselves
  };
  /// Where windows find their pixels.
  struct Pixels {
    Value tensor;          // rows x (columns * channels), or rows x columns x channels
    Value offset;          // the row where the first window starts
    RowRange range;        // of a padded image: its rows, from `offset` on
    int64_t rowStride;     // rows of `tensor` from one row of the result to the next
    int64_t columnStride;  // columns of it, likewise
    bool joined;           // rows of the result, to one
    int64_t rows, columns; // of sums

    bool merged() const { return cast<RankedTensorType>(tensor.getType()).getRank() == 2; }
  };

  Value packWeights();
  bool canReadInPlace() const;
  Pixels imageItself();
  Pixels copyImage();
  /// A row of pixels in X.
  struct CopyRow {
    Value row;
    Value first; // element
  };
  Value copyRow(Value copy, const CopyRow &to, Value imageRow, int64_t columns, int64_t step);
  Value copyPixels(Value copy, const CopyRow &to, Value imageRow, Value column, Value copyColumn,
                   int64_t count, int64_t step);
  Value clearColumns(Value copy, const CopyRow &to, int64_t from, int64_t end);
  Value interleaveRow(Value copy, const CopyRow &to, Value imageRow, int64_t columns);
  Value interleavePixels(Value copy, const CopyRow &to, Value imageRow, Value column,
                         int64_t count);

  Value weightsOf(const Weights &weights, Value panel, Value row, Value step, int64_t vector);
  Value sumExcess(const Weights &weights);
  Value multiply(const Pixels &pixels, const Weights &weights, Value destination);
  SmallVector<Value> multiplyByRow(const Pixels &pixels, const Weights &weights, ValueRange carried,
                                   Value panel, int64_t channels);
  SmallVector<Value> multiplyThenStore(const Pixels &pixels, const Weights &weights,
                                       ValueRange carried, Value panel, int64_t channels);
  Value multiplyRows(const Pixels &pixels, const Weights &weights, Value sums, Value panel);
  Value clear(Value sums);
  /// What a block of sums is of.
  struct Place {
    Value panel;
    Value row;        // of the result
    Value sumsRow;    // of Y
    Value channel;    // where the chunk of input channels starts
    int64_t channels; // that the panel has
  };
  /// Whether blocks of sums go to the result as they are: Y is for transpositions and chunks.
  bool storesBlocks() const { return channelsLast() && chunk() == inChannels; }
  Value storeBlock(ArrayRef<Value> sums, Value destination, const Place &at, Value column);
  /// Which of all blocks of pixels one is: part `number` of the time for which a panel is read.
  struct Part {
    Value number;
    int64_t count;
  };
  Value multiplyRow(const Pixels &pixels, const Weights &weights, Value into, const Place &at);
  Value multiplyBlock(const Pixels &pixels, const Weights &weights, Value into, const Place &at,
                      Value column, int64_t count, const Part &part);
  SmallVector<Value> addProducts(const Pixels &pixels, const Weights &weights, ValueRange sums,
                                 ValueRange pixelAt, ValueRange weightsAt, int64_t length,
                                 const Part &part);
  SmallVector<Value> nextChunk(const Weights &weights, ValueRange at);
  Value storePanel(const SumsRow &sums, Value destination, Value panel, Value row,
                   int64_t channels);

  /// Input channels that are summed up before the next ones.
  int64_t chunk() const { return options.chunk == 0 ? inChannels : options.chunk; }
  /// A matrix with rows of `columns` vectors, column by column.
  static SmallVector<Value> transposed(ArrayRef<Value> vectors, int64_t columns) {
    SmallVector<Value> result;
    for (int64_t j = 0; j < columns; ++j) {
      for (size_t i = j; i < vectors.size(); i += columns) {
        result.push_back(vectors[i]);
      }
    }
    return result;
  }

  const DirectOptions &options;
  DotProduct dot;
};

/// W. Lanes of the last panel beyond the channels hold those of others; what they give is not
/// stored.
Value DirectRewrite::packWeights() {
  int64_t panels = llvm::divideCeil(weights.channels, options.channels);
  AffineExpr panel, row, step, lane;
  bindDims(builder.getContext(), panel, row, step, lane);
  AffineExpr element = dot.productOf(step, lane);
  SmallVector<AffineExpr> from(4);
  from[layout.outChannel] = (panel * options.channels + dot.laneOf(lane)) % weights.channels;
  from[layout.kernelRow] = row;
  from[layout.kernelColumn] = element.floorDiv(inChannels);
  from[layout.inChannel] = element % inChannels;
  return createConstantPack(builder, weights.argument,
                            {panels, window.rows, window.columns * inChannels / dot.perLane(),
                             options.channels * dot.perLane()},
                            from);
}

//===----------------------------------------------------------------------===//
// Input
//===----------------------------------------------------------------------===//

bool DirectRewrite::canReadInPlace() const {
  return channelsLast() && !source.padded && dot.takesAsIs();
}

DirectRewrite::Pixels DirectRewrite::imageItself() {
  auto type = cast<RankedTensorType>(source.image.getType());
  SmallVector<OpFoldResult> offsets(4, builder.getIndexAttr(0));
  SmallVector<OpFoldResult> sizes = getAsIndexOpFoldResult(builder.getContext(), type.getShape());
  SmallVector<OpFoldResult> strides(4, builder.getIndexAttr(1));
  offsets[0] = source.firstBatch;
  sizes[0] = builder.getIndexAttr(1);
  auto one = RankedTensorType::get(type.getShape().drop_front(), type.getElementType());
  Pixels pixels;
  pixels.tensor =
      tensor::ExtractSliceOp::create(builder, one, source.image, offsets, sizes, strides);
  pixels.offset = constantIndex(source.firstRow);
  pixels.rowStride = window.rowStride;
  pixels.columnStride = window.columnStride;
  pixels.joined = false;
  pixels.rows = outRows;
  pixels.columns = outColumns;
  return pixels;
}

DirectRewrite::Pixels DirectRewrite::copyImage() {
  bool narrow = inChannels < emit.lanes();
  // A window of one row reads every `rowStride`th row; of one column likewise.
  int64_t rowStep = window.rows == 1 ? window.rowStride : 1;
  bool skips = window.columns == 1 && !narrow && emit.lanes() % window.columnStride == 0;
  int64_t columnStep = skips ? window.columnStride : 1;
  Pixels pixels;
  pixels.offset = emit.index(0);
  pixels.rowStride = window.rowStride / rowStep;
  pixels.columnStride = window.columnStride / columnStep;
  int64_t rows = (outRows - 1) * pixels.rowStride + (window.rows - 1) * window.rowDilation + 1;
  int64_t columns =
      (outColumns - 1) * pixels.columnStride + (window.columns - 1) * window.columnDilation + 1;
  RowRange range = findRows(rows, rowStep);
  pixels.range = range;
  // A row of one or two blocks of pixels leaves registers empty; longer ones gain nothing.
  pixels.joined = window.rows == 1 && window.columns == 1 && pixels.columnStride == 1 &&
                  !source.padded && !channelsLast() && outColumns / 2 < options.pixels;
  pixels.rows = pixels.joined ? 1 : outRows;
  pixels.columns = pixels.joined ? outRows * outColumns : outColumns;
  // Where channels are few, vectors of several pixels are written, beyond the last column too.
  int64_t slack = narrow ? emit.lanes() : 0;
  int64_t elements = columns * inChannels;
  SmallVector<int64_t> shape{rows, elements + slack * inChannels};
  if (pixels.joined) {
    shape = {1, (rows * columns + slack) * inChannels};
  }
  Value copy = tensor::EmptyOp::create(builder, shape, dot.numberType());
  copy = emit.loop(range.first, range.end, 1, copy,
                   [&](Value row, ValueRange carried) -> SmallVector<Value> {
                     Value imageRow = emit.add(emit.mul(row, rowStep), range.shift);
                     CopyRow to{row, emit.index(0)};
                     if (pixels.joined) {
                       to = {emit.index(0), emit.mul(row, elements)};
                     }
                     return {narrow ? interleaveRow(carried[0], to, imageRow, columns)
                                    : copyRow(carried[0], to, imageRow, columns, columnStep)};
                   })[0];
  pixels.tensor = copy;
  return pixels;
}

/// A row of X: `columns` columns, every `step`th of the padded image.
Value DirectRewrite::copyRow(Value copy, const CopyRow &to, Value imageRow, int64_t columns,
                             int64_t step) {
  // Columns of the image from 0 to `needed` are read.
  int64_t needed = std::min(imageSize(layout.column), (columns - 1) * step + 1 - source.left);
  int64_t left = llvm::divideCeil(source.left, step);
  int64_t right = needed <= 0 ? left : (source.left + needed - 1) / step + 1;
  copy = clearColumns(copy, to, 0, std::min(left, columns));
  copy = clearColumns(copy, to, right, columns);
  if (needed <= 0) {
    return copy;
  }
  if (step == 1) {
    return forColumns(needed, copy, [&](Value column, int64_t count, Value carried) {
      return copyPixels(carried, to, imageRow, column, column, count, step);
    });
  }
  int64_t whole = needed / emit.lanes();
  copy = emit.loop(whole, 1, copy, [&](Value chunk, ValueRange carried) -> SmallVector<Value> {
    return {copyPixels(carried[0], to, imageRow, emit.mul(chunk, emit.lanes()),
                       emit.mul(chunk, emit.lanes() / step), emit.lanes(), step)};
  })[0];
  int64_t count = needed - whole * emit.lanes();
  if (count == 0) {
    return copy;
  }
  return copyPixels(copy, to, imageRow, emit.index(whole * emit.lanes()),
                    emit.index(whole * emit.lanes() / step), count, step);
}

/// `count` pixels of the image from `column` on, a multiple of `step`: those of them that X has go
/// to `copyColumn`, which is `column` / `step`, or beside it because of what X has on the left.
Value DirectRewrite::copyPixels(Value copy, const CopyRow &to, Value imageRow, Value column,
                                Value copyColumn, int64_t count, int64_t step) {
  int64_t skipped = (step - source.left % step) % step;
  if (skipped >= count) {
    return copy;
  }
  copyColumn = emit.add(copyColumn, (source.left + skipped) / step);
  Value first = emit.add(to.first, emit.mul(copyColumn, inChannels));
  auto chunk = [&](Value into, Value channel) {
    SmallVector<Value> pixels = gatherPixels(imageRow, column, count, channel, emit.lanes());
    Value at = emit.add(first, channel);
    for (int64_t i = skipped; i < count; i += step) {
      into = emit.write(dot.toNumbers(pixels[i]), into, {to.row, at});
      at = emit.add(at, inChannels);
    }
    return into;
  };
  int64_t whole = inChannels / emit.lanes() * emit.lanes();
  copy = emit.loop(whole, emit.lanes(), copy,
                   [&](Value channel, ValueRange carried) -> SmallVector<Value> {
                     return {chunk(carried[0], channel)};
                   })[0];
  // The last channels once more with those before them.
  return whole == inChannels ? copy : chunk(copy, emit.index(inChannels - emit.lanes()));
}

/// What zero is as a number in the columns [from, end) of a row of X.
Value DirectRewrite::clearColumns(Value copy, const CopyRow &to, int64_t from, int64_t end) {
  int64_t first = from * inChannels;
  int64_t last = end * inChannels;
  int64_t whole = first + (last - first) / emit.lanes() * emit.lanes();
  Value zeros = emit.splat(dot.numberType(), static_cast<double>(dot.zeroAsNumber()));
  copy = emit.loop(emit.index(first), emit.index(whole), emit.lanes(), copy,
                   [&](Value at, ValueRange carried) -> SmallVector<Value> {
                     return {emit.write(zeros, carried[0], {to.row, emit.add(to.first, at)})};
                   })[0];
  for (int64_t at = whole; at < last; ++at) {
    copy = emit.insert(static_cast<double>(dot.zeroAsNumber()), copy,
                       {to.row, emit.add(to.first, at)});
  }
  return copy;
}

/// As `copyRow`, for fewer channels than lanes.
Value DirectRewrite::interleaveRow(Value copy, const CopyRow &to, Value imageRow, int64_t columns) {
  int64_t needed = std::max<int64_t>(std::min(imageSize(layout.column), columns - source.left), 0);
  int64_t whole = needed / emit.lanes() * emit.lanes();
  copy = emit.loop(whole, emit.lanes(), copy,
                   [&](Value column, ValueRange carried) -> SmallVector<Value> {
                     return {interleavePixels(carried[0], to, imageRow, column, emit.lanes())};
                   })[0];
  if (whole != needed) {
    copy = interleavePixels(copy, to, imageRow, emit.index(whole), needed - whole);
  }
  // After them, for they write beyond their end.
  copy = clearColumns(copy, to, source.left + needed, columns);
  return clearColumns(copy, to, 0, std::min(source.left, columns));
}

Value DirectRewrite::interleavePixels(Value copy, const CopyRow &to, Value imageRow, Value column,
                                      int64_t count) {
  Value at = emit.add(to.first, emit.mul(emit.add(column, source.left), inChannels));
  SmallVector<Value> pixels = gatherPixels(imageRow, column, count, emit.index(0), inChannels);
  SmallVector<Value> numbers =
      llvm::map_to_vector(pixels, [&](Value v) { return dot.toNumbers(v); });
  for (Value whole : emit.concatenate(numbers, inChannels)) {
    copy = emit.write(whole, copy, {to.row, at});
    at = emit.add(at, emit.lanes());
  }
  return copy;
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// Vector `vector` of a panel of W, for a step of a row of the window.
Value DirectRewrite::weightsOf(const Weights &weights, Value panel, Value row, Value step,
                               int64_t vector) {
  Value lane = emit.index(vector * emit.lanes() * dot.perLane());
  return dot.readVector(weights.tensor, {panel, row, step, lane});
}

/// E: what sums have too much after the rows of the window before each, and after all of them. Rows
/// beside the image are skipped, with what they would give.
Value DirectRewrite::sumExcess(const Weights &weights) {
  int64_t panels = llvm::divideCeil(outChannels, options.channels);
  int64_t steps = window.columns * inChannels / dot.perLane();
  RegisterBlock registers{1, options.channels / emit.lanes(), options.steps};
  auto store = [&](ValueRange sums, Value into, Value panel, Value row) {
    for (auto [j, sum] : llvm::enumerate(sums)) {
      Value lane = emit.index(static_cast<int64_t>(j) * emit.lanes());
      into = emit.write(sum, into, {panel, row, lane});
    }
    return into;
  };
  Value excess = emit.empty({panels, window.rows + 1, options.channels});
  return emit.loop(panels, 1, excess, [&](Value panel, ValueRange outer) -> SmallVector<Value> {
    SmallVector<Value> carried(registers.vectors, emit.zero());
    carried.push_back(store(carried, outer[0], panel, emit.index(0)));
    return {emit.loop(window.rows, 1, carried,
                      [&](Value row, ValueRange inner) {
                        Value ofW = emit.add(weights.firstPanel, panel);
                        SmallVector<Value> next = registers.addExcess(
                            dot, inner.drop_back(), steps,
                            [&](Value k, int64_t j) { return weightsOf(weights, ofW, row, k, j); });
                        next.push_back(store(next, inner.back(), panel, emit.add(row, 1)));
                        return next;
                      })
                .back()};
  })[0];
}

Value DirectRewrite::multiply(const Pixels &pixels, const Weights &weights, Value destination) {
  Value zero = emit.index(0);
  if (storesBlocks()) {
    return forPanels(options.channels, destination,
                     [&](Value panel, int64_t channels, ValueRange outer) {
                       return emit.loop(outRows, 1, outer,
                                        [&](Value row, ValueRange carried) -> SmallVector<Value> {
                                          return {multiplyRow(pixels, weights, carried[0],
                                                              {panel, row, zero, zero, channels})};
                                        });
                     })[0];
  }
  bool allRows = pixels.joined || chunk() != inChannels;
  // A row is read in whole vectors of pixels.
  int64_t columns = pixels.columns - outColumns + std::max(outColumns, emit.lanes());
  Value sums = emit.empty(
      {options.channels / emit.lanes(), allRows ? pixels.rows : 1, columns, emit.lanes()});
  return forPanels(options.channels, {sums, destination},
                   [&](Value panel, int64_t channels, ValueRange carried) {
                     return allRows ? multiplyThenStore(pixels, weights, carried, panel, channels)
                                    : multiplyByRow(pixels, weights, carried, panel, channels);
                   })[1];
}

/// Y and the result with a panel of channels: Y is of one row.
SmallVector<Value> DirectRewrite::multiplyByRow(const Pixels &pixels, const Weights &weights,
                                                ValueRange carried, Value panel, int64_t channels) {
  Value zero = emit.index(0);
  return emit.loop(outRows, 1, carried, [&](Value row, ValueRange inner) -> SmallVector<Value> {
    Value sums = multiplyRow(pixels, weights, inner[0], {panel, row, zero, zero, channels});
    return {sums, storePanel({sums, {zero}, zero}, inner[1], panel, row, channels)};
  });
}

/// Y and the result with a panel of channels: Y is of all rows.
SmallVector<Value> DirectRewrite::multiplyThenStore(const Pixels &pixels, const Weights &weights,
                                                    ValueRange carried, Value panel,
                                                    int64_t channels) {
  Value zero = emit.index(0);
  Value sums = multiplyRows(pixels, weights, carried[0], panel);
  Value result =
      emit.loop(outRows, 1, carried[1], [&](Value row, ValueRange inner) -> SmallVector<Value> {
        SumsRow ofRow{sums, {row}, zero};
        if (pixels.joined) {
          ofRow = {sums, {zero}, emit.mul(row, outColumns)};
        }
        return {storePanel(ofRow, inner[0], panel, row, channels)};
      })[0];
  return {sums, result};
}

/// Y of all rows: chunk by chunk of input channels, if there are several.
Value DirectRewrite::multiplyRows(const Pixels &pixels, const Weights &weights, Value sums,
                                  Value panel) {
  if (chunk() != inChannels) {
    sums = clear(sums);
  }
  return emit.loop(inChannels, chunk(), sums, [&](Value channel, ValueRange outer) {
    return emit.loop(pixels.rows, 1, outer,
                     [&](Value row, ValueRange carried) -> SmallVector<Value> {
                       return {multiplyRow(pixels, weights, carried[0],
                                           {panel, row, row, channel, options.channels})};
                     });
  })[0];
}

/// Zeros throughout.
Value DirectRewrite::clear(Value sums) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(sums.getType()).getShape();
  return emit.loop(shape[0], 1, sums, [&](Value vector, ValueRange outer) {
    return emit.loop(shape[1], 1, outer, [&](Value row, ValueRange inner) {
      return emit.loop(
          shape[2], 1, inner, [&](Value column, ValueRange carried) -> SmallVector<Value> {
            return {emit.write(emit.zero(), carried[0], {vector, row, column, emit.index(0)})};
          });
    });
  })[0];
}

/// `into`, which is Y or the result, with a row of pixels, in blocks that differ by one at most.
Value DirectRewrite::multiplyRow(const Pixels &pixels, const Weights &weights, Value into,
                                 const Place &at) {
  int64_t block = evenBlock(pixels.columns, options.pixels);
  int64_t blocks = llvm::divideCeil(pixels.columns, block);
  int64_t large = (pixels.columns - blocks * (block - 1)) * block; // pixels in larger blocks
  auto blocksOf = [&](int64_t from, int64_t to, int64_t count) {
    into = emit.loop(emit.index(from), emit.index(to), count, into,
                     [&](Value column, ValueRange carried) -> SmallVector<Value> {
                       Value number = emit.floorDiv(emit.sub(column, emit.index(from)), count);
                       number = emit.add(emit.add(emit.mul(at.row, blocks), number), from / block);
                       Part part{number, pixels.rows * blocks};
                       return {multiplyBlock(pixels, weights, carried[0], at, column, count, part)};
                     })[0];
  };
  blocksOf(0, large, block);
  if (large != pixels.columns) {
    blocksOf(large, pixels.columns, block - 1);
  }
  return into;
}

/// `into` with `count` pixels from `column` on; sums stay in registers.
Value DirectRewrite::multiplyBlock(const Pixels &pixels, const Weights &weights, Value into,
                                   const Place &at, Value column, int64_t count, const Part &part) {
  int64_t vectors = options.channels / emit.lanes();
  Value top = emit.mul(at.row, pixels.rowStride); // of the window, from the offset on
  auto [from, to] = rowsOfWindow(top, pixels.range);
  Value panel = emit.add(weights.firstPanel, at.panel);
  Value left = emit.mul(column, pixels.columnStride);
  bool contiguous = chunk() == inChannels && pixels.merged() &&
                    (window.columnDilation == 1 || window.columns == 1);
  SmallVector<Value> ofY{emit.index(0), at.sumsRow, column, emit.index(0)};
  VectorEmitter::Box box{{0, 2}, {vectors, count}};
  SmallVector<Value> block(count * vectors, emit.zero());
  if (chunk() != inChannels) {
    block = transposed(emit.readBox(into, ofY, box), count);
  } else if (weights.excess) {
    for (int64_t j = 0; j < vectors; ++j) {
      Value lane = emit.index(j * emit.lanes());
      Value before = emit.read(weights.excess, {at.panel, from, lane});
      Value after = emit.read(weights.excess, {at.panel, to, lane});
      Value start = emit.sub(before, after);
      for (int64_t i = 0; i < count; ++i) {
        block[i * vectors + j] = start;
      }
    }
  }
  block = emit.loop(from, to, 1, block, [&](Value kernelRow, ValueRange outer) {
    Value pixelRow =
        emit.add(pixels.offset, emit.add(top, emit.mul(kernelRow, window.rowDilation)));
    if (contiguous) {
      return addProducts(pixels, weights, outer, {pixelRow, left, emit.index(0)},
                         {panel, kernelRow, emit.index(0)}, window.columns * inChannels, part);
    }
    return emit.loop(window.columns, 1, outer, [&](Value kernelColumn, ValueRange inner) {
      Value pixelColumn = emit.add(left, emit.mul(kernelColumn, window.columnDilation));
      Value element = emit.add(emit.mul(kernelColumn, inChannels), at.channel);
      return addProducts(pixels, weights, inner, {pixelRow, pixelColumn, at.channel},
                         {panel, kernelRow, element}, chunk(), part);
    });
  });
  return storesBlocks() ? storeBlock(block, into, at, column)
                        : emit.writeBox(transposed(block, vectors), into, ofY, box);
}

/// The result of a block of pixels from `column` on, where channels are innermost.
Value DirectRewrite::storeBlock(ArrayRef<Value> sums, Value destination, const Place &at,
                                Value column) {
  int64_t vectors = options.channels / emit.lanes();
  Value firstChannel = emit.mul(at.panel, options.channels);
  for (auto [position, sum] : llvm::enumerate(sums)) {
    int64_t pixel = static_cast<int64_t>(position) / vectors;
    int64_t vector = static_cast<int64_t>(position) % vectors;
    int64_t left = at.channels - vector * emit.lanes();
    if (left <= 0) {
      continue;
    }
    SmallVector<Value> to = indices(emit.index(0), at.row, emit.add(column, pixel),
                                    emit.add(firstChannel, vector * emit.lanes()));
    int64_t count = std::min(left, emit.lanes());
    Value result = finishVector(sum, to, /*inBounds=*/count == emit.lanes());
    destination = emit.writeFirst(result, count, destination, to);
  }
  return destination;
}

/// Where W has the chunk of input channels that is read after the one at panel, row of the window
/// and element `at`, for the same row and column of the window; after the last chunk of the last
/// panel, its first one.
SmallVector<Value> DirectRewrite::nextChunk(const Weights &weights, ValueRange at) {
  int64_t panels = cast<RankedTensorType>(weights.tensor.getType()).getDimSize(0);
  Value element = emit.add(at[2], chunk());
  Value wraps = emit.index(1); // to the next panel
  if (chunk() != inChannels) {
    // At the last chunk of a column of the window, which are those that end where it ends.
    Value column = emit.floorDiv(at[2], inChannels);
    wraps = emit.sub(emit.floorDiv(element, inChannels), column);
  }
  element = emit.sub(element, emit.mul(wraps, inChannels));
  Value panel = emit.min(emit.add(at[0], wraps), emit.index(panels - 1));
  return {panel, at[1], emit.floorDiv(element, dot.perLane())};
}

/// `sums`, and products added to them: of `length` elements from each pixel of the block on, of the
/// first one from row, column and channel `pixelAt` on, with as many rows of weights from
/// `weightsAt` on.
SmallVector<Value> DirectRewrite::addProducts(const Pixels &pixels, const Weights &weights,
                                              ValueRange sums, ValueRange pixelAt,
                                              ValueRange weightsAt, int64_t length,
                                              const Part &part) {
  int64_t vectors = options.channels / emit.lanes();
  RegisterBlock block{static_cast<int64_t>(sums.size()) / vectors, vectors, options.steps};
  Value firstElement = emit.add(emit.mul(pixelAt[1], inChannels), pixelAt[2]);
  Value firstStep = emit.floorDiv(weightsAt[2], dot.perLane());
  auto weightsVector = [&](Value k, int64_t j) {
    return weightsOf(weights, weightsAt[0], weightsAt[1], emit.add(firstStep, k), j);
  };
  auto pixel = [&](Value k, int64_t i) {
    int64_t column = i * pixels.columnStride;
    Value channel = emit.mul(k, dot.perLane());
    SmallVector<Value> at{pixelAt[0]};
    if (pixels.merged()) {
      at.push_back(emit.add(emit.add(firstElement, channel), column * inChannels));
    } else {
      at.append({emit.add(pixelAt[1], column), emit.add(pixelAt[2], channel)});
    }
    return dot.readNumbers(pixels.tensor, at);
  };
  SmallVector<Value> next;
  if (weights.buffer) {
    next = nextChunk(weights, weightsAt);
  }
  auto prefetch = [&](Value k) {
    if (weights.buffer) {
      emit.prefetchPart(weights.buffer, {next[0], next[1], emit.add(next[2], k)}, part.number,
                        part.count);
    }
  };
  int64_t steps = length / dot.perLane();
  return weights.excess ? block.addNumbers(dot, sums, steps, weightsVector, pixel, prefetch)
                        : block.addProducts(dot, sums, steps, weightsVector, pixel, prefetch);
}

Value DirectRewrite::storePanel(const SumsRow &sums, Value destination, Value panel, Value row,
                                int64_t channels) {
  Value firstChannel = emit.mul(panel, options.channels);
  auto storeVector = [&](Value into, Value vector, int64_t count) {
    Value channel = emit.add(firstChannel, emit.mul(vector, emit.lanes()));
    SumsRow ofVector = sums;
    ofVector.at.insert(ofVector.at.begin(), vector);
    return storeRow(ofVector, into, row, channel, count);
  };
  int64_t whole = channels / emit.lanes();
  destination =
      emit.loop(whole, 1, destination, [&](Value vector, ValueRange carried) -> SmallVector<Value> {
        return {storeVector(carried[0], vector, emit.lanes())};
      })[0];
  int64_t rest = channels - whole * emit.lanes();
  return rest == 0 ? destination : storeVector(destination, emit.index(whole), rest);
}

} // namespace

void rewriteAsDirect(RewriterBase &rewriter, linalg::LinalgOp op, const DirectOptions &options) {
  DirectRewrite(rewriter, op, options).run();
}

} // namespace chameleon
