//===- WinogradConvolution.cpp - A convolution by Winograd's algorithm ----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With tiles of m x m outputs from p x p inputs, p = m + 2, and t counting the tiles:
//
//   U[p*p][F/nr][C][nr]   transformed weights, computed once, outside of the task
//   W[F/nr][C][nr/lanes][9][lanes] instead of U: packed weights, likewise, and
//   U[p*p][chunk][nr]     some of them transformed, just before they are multiplied with. From
//                         memory come 9 numbers instead of p*p, which counts where several threads
//                         share it.
//   V[p*p][t][C]          transformed input,   a chunk of channels at a time by way of
//   X[rows][columns][chunk]  the padded image with channels innermost, transposed from NCHW
//   M[p*p][t][F]          products: for each of the p*p points, V times U; of a panel alone where
//                         panels are finished one after the other
//   Y[m][columns][chunk]  one row of tiles of outputs, transposed into an NCHW result
//
//===----------------------------------------------------------------------===//

#include "WinogradConvolution.h"
#include "ConvolutionRewrite.h"
#include "ProductOperands.h"
#include "RegisterBlock.h"
#include "WinogradCoefficients.h"
#include "chameleon/Dialect/Names.h"
#include "chameleon/Support/EvenBlock.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;

namespace chameleon {

/// Elements between the points of V and of M beside their data: equal powers of two apart they
/// would share the sets of a cache.
static constexpr int64_t kGapElements = 16;

//===----------------------------------------------------------------------===//
// Preconditions
//===----------------------------------------------------------------------===//

/// What is wrong with the types of a convolution's operands and with its window; empty if nothing
/// is.
static std::string whyNotTypes(linalg::LinalgOp op) {
  Type element = getElementTypeOrSelf(op->getOperand(0).getType());
  if (element != getElementTypeOrSelf(op->getResult(0).getType()) ||
      !isa<Float32Type, Float64Type>(element)) {
    return "expected f32 or f64 throughout";
  }
  ConvolutionWindow window = windowOf(op);
  bool fits = window.rows == kWinogradTaps && window.columns == kWinogradTaps &&
              window.rowStride == 1 && window.columnStride == 1 && window.rowDilation == 1 &&
              window.columnDilation == 1;
  return fits ? "" : "expected a 3x3 window of stride 1 and dilation 1";
}

/// What is wrong with `options` for so many channels; empty if nothing is.
static std::string whyNotOptions(const WinogradOptions &options, int64_t inChannels,
                                 int64_t outChannels) {
  if (!winogradCoefficients(options.outputs)) {
    return "expected 2, 4 or 6 outputs, but got " + std::to_string(options.outputs);
  }
  if (std::string reason = whyNotColumns(options.columns, options.lanes); !reason.empty()) {
    return reason;
  }
  if (options.rows < 1 || options.steps < 1) {
    return "expected rows and steps of at least 1";
  }
  if (std::string reason = whyNotChunk(options.chunk, inChannels); !reason.empty()) {
    return reason;
  }
  if (inChannels % options.lanes != 0 || inChannels % options.steps != 0 ||
      outChannels % options.columns != 0) {
    return "expected the lanes and steps to divide the input channels, and the columns the output "
           "channels";
  }
  return "";
}

std::string whyNotWinograd(linalg::LinalgOp op, const WinogradOptions &options) {
  std::string reason = whyNotConvolution(op);
  if (!reason.empty()) {
    return reason;
  }
  ConvolutionLayout layout = *layoutOf(op);
  reason = whyNotTypes(op);
  auto weights = cast<RankedTensorType>(op.getDpsInputOperand(1)->get().getType());
  if (reason.empty()) {
    reason = whyNotOptions(options, weights.getDimSize(layout.inChannel),
                           weights.getDimSize(layout.outChannel));
  }
  if (reason.empty() && findWeights(op, layout)->channels % options.columns != 0) {
    reason = "expected the columns to divide all output channels of the weights, but got " +
             std::to_string(findWeights(op, layout)->channels) + " channels";
  }
  return reason.empty() ? whyNotPanels(op, options.columns) : reason;
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

namespace {

class WinogradRewrite : ConvolutionRewrite {
public:
  WinogradRewrite(RewriterBase &rewriter, linalg::LinalgOp op, const WinogradOptions &options)
      : ConvolutionRewrite(rewriter, op, options.lanes), options(options),
        matrices(*winogradCoefficients(options.outputs)),
        tileRows(llvm::divideCeil(outRows, matrices.outputs)),
        tileColumns(llvm::divideCeil(outColumns, matrices.outputs)), tiles(tileRows * tileColumns),
        points(matrices.points()) {}

  void run() {
    Value constant = transformsInside() ? packWeights() : transformWeights();
    Value destination = start();
    firstWeightsPanel = firstPanel(options.columns);
    Value input = transformInput();
    finish(transformsInside() ? computeByPanel(input, constant, destination)
                              : computeByPoint(input, constant, destination));
  }

private:
  /// Vectors of transformed weights: of channel `k`, the panel's vector `j`.
  using WeightsVector = llvm::function_ref<Value(Value k, int64_t j)>;
  /// Called for each step `k` of the products of register block `part` of `parts`.
  using BeforeStep = llvm::function_ref<void(Value part, int64_t parts, Value k)>;
  /// Products at one point: all tiles by a panel of output channels, over some input channels.
  struct Block {
    Value point;
    Value firstOutput; // of the panel, in M
    Value firstChannel;
    int64_t channels;
    bool isFirst = true; // else products of other input channels have been added up before
  };

  bool transformsInside() const { return options.chunk > 0 && options.chunk < inChannels; }
  Value tapFactors();
  Value transformWeights();
  Value packWeights();
  Value transformInput();
  Value computeByPoint(Value input, Value transformed, Value destination);
  Value computeByPanel(Value input, Value packed, Value destination);
  /// Output channels that M has.
  int64_t productChannels() const { return transformsInside() ? options.columns : outChannels; }
  Value emptyProducts() {
    return emit.empty({points * points, tiles * productChannels() + kGapElements});
  }
  Value transformChunk(Value packed, Value transformed, Value panel, Value firstChannel);
  SmallVector<Value> nextPanel(Value point, Value panel, Value k);
  SmallVector<Value> placeOfChunk(Value channel);
  Value emptyOutputs();
  SmallVector<Value> transformOutput(Value products, ValueRange carried, Value firstChannel);

  Value clearBorder(Value padded, Value firstRow, Value endRow);
  Value gatherRow(Value padded, Value row, Value imageRow, Value channel);
  Value gatherColumns(Value padded, Value row, Value imageRow, Value channel, Value column,
                      int64_t count);
  Value transformTile(Value padded, Value transformed, Value tileRow, Value tileColumn,
                      Value channel);
  Value multiplyTiles(Value input, Value products, const Block &block, WeightsVector weightsVector,
                      BeforeStep beforeStep);
  Value multiplyBlock(Value input, Value products, const Block &block, WeightsVector weightsVector,
                      llvm::function_ref<void(Value k)> beforeStep, Value tile, int64_t rows);
  Value finishTile(Value products, Value outputs, Value tileRow, Value tileColumn, Value channel);

  using Grid = SmallVector<SmallVector<Value>>; // of vectors

  /// `vectors` as rows of `points` each.
  Grid gridOf(ArrayRef<Value> vectors) const {
    Grid grid;
    for (; !vectors.empty(); vectors = vectors.drop_front(points)) {
      grid.emplace_back(vectors.take_front(points));
    }
    return grid;
  }
  static SmallVector<Value> vectorsOf(const Grid &grid) {
    SmallVector<Value> vectors;
    for (const SmallVector<Value> &row : grid) {
      llvm::append_range(vectors, row);
    }
    return vectors;
  }

  /// matrix * grid * matrix^T, by the given way to multiply with a vector.
  template <typename Multiply> Grid transformBothWays(const Grid &grid, Multiply multiplyBy) {
    Grid half; // one per row of the matrix, columns as in the grid
    for (size_t column = 0; column < grid.size(); ++column) {
      SmallVector<Value> values =
          llvm::map_to_vector(grid, [&](const SmallVector<Value> &row) { return row[column]; });
      for (auto [i, value] : llvm::enumerate(multiplyBy(values))) {
        half.resize(std::max(half.size(), i + 1));
        half[i].push_back(value);
      }
    }
    return llvm::map_to_vector(half,
                               [&](const SmallVector<Value> &row) { return multiplyBy(row); });
  }

  int64_t paddedColumns() const { return tileColumns * matrices.outputs + kWinogradTaps - 1; }
  Value tileIndex(Value tileRow, Value tileColumn) {
    return emit.add(emit.mul(tileRow, tileColumns), tileColumn);
  }

  const WinogradOptions &options;
  WinogradCoefficients matrices;
  int64_t tileRows, tileColumns, tiles, points;
  Value firstWeightsPanel; // of the convolution, in U or W
};

/// What each tap of the filter counts at each point of U: [p*p][3][3].
Value WinogradRewrite::tapFactors() {
  SmallVector<Attribute> factors;
  for (const std::vector<double> &byRow : matrices.filter) {
    for (const std::vector<double> &byColumn : matrices.filter) {
      for (double row : byRow) {
        for (double column : byColumn) {
          factors.push_back(builder.getFloatAttr(emit.elementType(), row * column));
        }
      }
    }
  }
  auto type =
      RankedTensorType::get({points * points, kWinogradTaps, kWinogradTaps}, emit.elementType());
  return arith::ConstantOp::create(builder, DenseElementsAttr::get(type, factors));
}

/// U as a sum over the taps with constant factors, marked as something to compute once.
Value WinogradRewrite::transformWeights() {
  builder.setInsertionPointToStart(weights.argument.getOwner());
  Value factor = tapFactors();
  int64_t panels = weights.channels / options.columns;
  Value empty = emit.empty({points * points, panels, inChannels, options.columns});
  Value zero = arith::ConstantOp::create(builder, builder.getFloatAttr(emit.elementType(), 0));
  Value init = linalg::FillOp::create(builder, zero, empty).getResult(0);

  AffineExpr point, panel, channel, lane, row, column;
  bindDims(builder.getContext(), point, panel, channel, lane, row, column);
  auto mapOf = [&](ArrayRef<AffineExpr> results) {
    return AffineMap::get(6, 0, results, builder.getContext());
  };
  SmallVector<AffineExpr> taps(4);
  taps[layout.outChannel] = panel * options.columns + lane;
  taps[layout.inChannel] = channel;
  taps[layout.kernelRow] = row;
  taps[layout.kernelColumn] = column;
  using utils::IteratorType;
  SmallVector<IteratorType> iterators(4, IteratorType::parallel);
  iterators.append(2, IteratorType::reduction);
  auto generic =
      linalg::GenericOp::create(builder, init.getType(), ValueRange{weights.argument, factor}, init,
                                ArrayRef<AffineMap>{mapOf(taps), mapOf({point, row, column}),
                                                    mapOf({point, panel, channel, lane})},
                                iterators, [](OpBuilder &nested, Location loc, ValueRange args) {
                                  Value product =
                                      arith::MulFOp::create(nested, loc, args[0], args[1]);
                                  Value sum = arith::AddFOp::create(nested, loc, args[2], product);
                                  linalg::YieldOp::create(nested, loc, sum);
                                });
  generic->setAttr(kConstantPackAttr, builder.getUnitAttr());
  return generic.getResult(0);
}

/// W.
Value WinogradRewrite::packWeights() {
  AffineExpr panel, channel, element;
  bindDims(builder.getContext(), panel, channel, element);
  AffineExpr lane = element % emit.lanes();
  AffineExpr tap = element.floorDiv(emit.lanes()) % (kWinogradTaps * kWinogradTaps);
  AffineExpr vector = element.floorDiv(emit.lanes() * kWinogradTaps * kWinogradTaps);
  SmallVector<AffineExpr> from(4);
  from[layout.outChannel] = panel * options.columns + vector * emit.lanes() + lane;
  from[layout.inChannel] = channel;
  from[layout.kernelRow] = tap.floorDiv(kWinogradTaps);
  from[layout.kernelColumn] = tap % kWinogradTaps;
  return createConstantPack(builder, weights.argument,
                            {weights.channels / options.columns, inChannels,
                             kWinogradTaps * kWinogradTaps * options.columns},
                            from);
}

/// U of one panel, for the input channels of a chunk: G g G^T.
Value WinogradRewrite::transformChunk(Value packed, Value transformed, Value panel,
                                      Value firstChannel) {
  auto transformVector = [&](Value k, int64_t lane, Value carried) {
    Grid grid(kWinogradTaps);
    for (int64_t tap = 0; tap < kWinogradTaps * kWinogradTaps; ++tap) {
      Value at = emit.index(lane * kWinogradTaps * kWinogradTaps + tap * emit.lanes());
      grid[tap / kWinogradTaps].push_back(
          emit.read(packed, {panel, emit.add(firstChannel, k), at}));
    }
    Grid result = transformBothWays(
        grid, [&](ArrayRef<Value> values) { return emit.multiplyRows(matrices.filter, values); });
    return emit.writeBox(vectorsOf(result), carried,
                         {emit.index(0), emit.add(emit.mul(k, options.columns), lane)},
                         {{0}, {points * points}});
  };
  return emit.loop(options.chunk, 1, transformed, [&](Value k, ValueRange carried) {
    Value result = carried[0];
    for (int64_t lane = 0; lane < options.columns; lane += emit.lanes()) {
      result = transformVector(k, lane, result);
    }
    return SmallVector<Value>{result};
  })[0];
}

//===----------------------------------------------------------------------===//
// Input
//===----------------------------------------------------------------------===//

Value WinogradRewrite::transformInput() {
  int64_t paddedRows = tileRows * matrices.outputs + kWinogradTaps - 1;
  // Rows that the convolution does not read count as zeros too: those of the image may belong to
  // the next block.
  auto input = cast<RankedTensorType>(op.getDpsInputOperand(0)->get().getType());
  RowRange range = findRows(std::min(paddedRows, input.getDimSize(layout.row)), /*step=*/1);
  Value first = range.first;
  Value end = range.end;
  Value padded = clearBorder(emit.empty({paddedRows, paddedColumns(), emit.lanes()}), first, end);
  Value transformed = emit.empty({points * points, tiles * inChannels + kGapElements});
  auto chunk = [&](Value channel, ValueRange carried) -> SmallVector<Value> {
    Value image =
        emit.loop(first, end, 1, carried[0], [&](Value row, ValueRange rows) -> SmallVector<Value> {
          return {gatherRow(rows[0], row, emit.add(row, range.shift), channel)};
        })[0];
    auto tileBody = [&](Value tileRow, Value tileColumn, Value carriedTiles) -> SmallVector<Value> {
      return {transformTile(image, carriedTiles, tileRow, tileColumn, channel)};
    };
    Value tilesOfChunk = emit.loop(tileRows, 1, carried[1], [&](Value tileRow, ValueRange outer) {
      return emit.loop(tileColumns, 1, outer, [&](Value tileColumn, ValueRange inner) {
        return tileBody(tileRow, tileColumn, inner[0]);
      });
    })[0];
    return {image, tilesOfChunk};
  };
  return emit.loop(inChannels, emit.lanes(), {padded, transformed}, chunk)[1];
}

/// Zeros where X lies outside of the image: the same for every chunk of channels.
Value WinogradRewrite::clearBorder(Value padded, Value firstRow, Value endRow) {
  int64_t rows = cast<RankedTensorType>(padded.getType()).getDimSize(0);
  int64_t imageColumns = imageSize(layout.column);
  auto clear = [&](Value tensor, Value row, int64_t from, int64_t to) {
    return emit.loop(emit.index(from), emit.index(to), 1, tensor,
                     [&](Value column, ValueRange carried) -> SmallVector<Value> {
                       return {emit.write(emit.zero(), carried[0], {row, column, emit.index(0)})};
                     })[0];
  };
  auto clearRow = [&](Value row, ValueRange carried) -> SmallVector<Value> {
    return {clear(carried[0], row, 0, paddedColumns())};
  };
  auto clearSides = [&](Value row, ValueRange carried) -> SmallVector<Value> {
    Value left = clear(carried[0], row, 0, source.left);
    return {clear(left, row, source.left + imageColumns, paddedColumns())};
  };
  padded = emit.loop(emit.index(0), firstRow, 1, padded, clearRow)[0];
  padded = emit.loop(firstRow, endRow, 1, padded, clearSides)[0];
  return emit.loop(endRow, emit.index(rows), 1, padded, clearRow)[0];
}

/// Row `row` of X, for the channels from `channel` on.
Value WinogradRewrite::gatherRow(Value padded, Value row, Value imageRow, Value channel) {
  int64_t columns = std::min(imageSize(layout.column), paddedColumns() - source.left);
  return forColumns(columns, padded, [&](Value column, int64_t count, Value carried) {
    return gatherColumns(carried, row, imageRow, channel, column, count);
  });
}

Value WinogradRewrite::gatherColumns(Value padded, Value row, Value imageRow, Value channel,
                                     Value column, int64_t count) {
  SmallVector<Value> pixels = gatherPixels(imageRow, column, count, channel, emit.lanes());
  return emit.writeBox(pixels, padded, {row, emit.add(column, source.left), emit.index(0)},
                       {{1}, {count}});
}

/// V of one tile: B^T d B.
Value WinogradRewrite::transformTile(Value padded, Value transformed, Value tileRow,
                                     Value tileColumn, Value channel) {
  Value row = emit.mul(tileRow, matrices.outputs);
  Value column = emit.mul(tileColumn, matrices.outputs);
  Grid grid =
      gridOf(emit.readBox(padded, {row, column, emit.index(0)}, {{0, 1}, {points, points}}));
  Grid result = transformBothWays(
      grid, [&](ArrayRef<Value> values) { return emit.multiplyRows(matrices.input, values); });
  Value at = emit.add(emit.mul(tileIndex(tileRow, tileColumn), inChannels), channel);
  return emit.writeBox(vectorsOf(result), transformed, {emit.index(0), at},
                       {{0}, {points * points}});
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// The result point by point: what a point has of the tiles stays in a cache while all weights
/// pass.
Value WinogradRewrite::computeByPoint(Value input, Value transformed, Value destination) {
  Value buffer = emit.bufferToPrefetch(transformed, inChannels * options.columns);
  auto panelBody = [&](Value point, Value panel, ValueRange carried) {
    Value weightsPanel = emit.add(firstWeightsPanel, panel);
    auto weightsVector = [&](Value k, int64_t j) {
      Value lane = emit.index(j * emit.lanes());
      return emit.read(transformed, {point, weightsPanel, k, lane});
    };
    auto prefetch = [&](Value part, int64_t parts, Value k) {
      if (buffer) {
        emit.prefetchPart(buffer, nextPanel(point, panel, k), part, parts);
      }
    };
    return SmallVector<Value>{multiplyTiles(
        input, carried[0], {point, emit.mul(panel, options.columns), emit.index(0), inChannels},
        weightsVector, prefetch)};
  };
  Value products =
      emit.loop(points * points, 1, emptyProducts(), [&](Value point, ValueRange outer) {
        return emit.loop(
            outChannels / options.columns, 1, outer,
            [&](Value panel, ValueRange inner) { return panelBody(point, panel, inner); });
      })[0];
  return transformOutput(products, {emptyOutputs(), destination}, emit.index(0))[1];
}

/// Where U has vectors of `k` of the panel that follows panel `panel` of the convolution at
/// `point`. The last one, behind which there is none, follows itself.
SmallVector<Value> WinogradRewrite::nextPanel(Value point, Value panel, Value k) {
  int64_t panels = outChannels / options.columns;
  Value next = emit.add(emit.add(emit.mul(point, panels), panel), 1);
  next = emit.min(next, emit.index(points * points * panels - 1));
  point = emit.floorDiv(next, panels);
  panel = emit.sub(next, emit.mul(point, panels));
  return {point, emit.add(firstWeightsPanel, panel), k};
}

/// The result panel by panel of output channels, a chunk of input channels at a time: its weights
/// are transformed, and multiplied with at all points while they are in a cache. Meanwhile those of
/// the next chunk are on their way there.
Value WinogradRewrite::computeByPanel(Value input, Value packed, Value destination) {
  int64_t ofChunk = options.chunk * kWinogradTaps * kWinogradTaps * options.columns;
  Value buffer = emit.bufferToPrefetch(packed, ofChunk);
  auto chunk = [&](Value panel, Value firstChannel, ValueRange carried, bool isFirst) {
    Value weightsPanel = emit.add(firstWeightsPanel, panel);
    Value nextChannel =
        emit.add(emit.mul(weightsPanel, inChannels), emit.add(firstChannel, options.chunk));
    SmallVector<Value> next = placeOfChunk(nextChannel);
    Value weightsOfChunk = transformChunk(packed, carried[1], weightsPanel, firstChannel);
    Value products = emit.loop(points * points, 1, carried[0], [&](Value point, ValueRange inner) {
      Block block{point, emit.index(0), firstChannel, options.chunk, isFirst};
      auto weightsVector = [&](Value k, int64_t j) {
        Value at = emit.add(emit.mul(k, options.columns), j * emit.lanes());
        return emit.read(weightsOfChunk, {point, at});
      };
      auto prefetch = [&](Value part, int64_t parts, Value k) {
        if (buffer) {
          part = emit.add(emit.mul(point, parts), part);
          emit.prefetchPart(buffer, {next[0], emit.add(next[1], k)}, part, points * points * parts);
        }
      };
      return SmallVector<Value>{multiplyTiles(input, inner[0], block, weightsVector, prefetch)};
    })[0];
    return SmallVector<Value>{products, weightsOfChunk};
  };
  auto panelBody = [&](Value panel, ValueRange outer) {
    SmallVector<Value> done = chunk(panel, emit.index(0), outer.take_front(2), /*isFirst=*/true);
    done = emit.loop(emit.index(options.chunk), emit.index(inChannels), options.chunk, done,
                     [&](Value channel, ValueRange inner) {
                       return chunk(panel, channel, inner, /*isFirst=*/false);
                     });
    llvm::append_range(
        done, transformOutput(done[0], outer.drop_front(2), emit.mul(panel, options.columns)));
    return done;
  };
  Value transformed = emit.empty({points * points, options.chunk * options.columns + kGapElements});
  return emit.loop(outChannels / options.columns, 1,
                   {emptyProducts(), transformed, emptyOutputs(), destination}, panelBody)[3];
}

/// Where W has the chunk that starts at input channel `channel`, counted through all panels; the
/// last one, if that is beyond it.
SmallVector<Value> WinogradRewrite::placeOfChunk(Value channel) {
  int64_t channels = weights.channels / options.columns * inChannels;
  channel = emit.min(channel, emit.index(channels - options.chunk));
  Value panel = emit.floorDiv(channel, inChannels);
  return {panel, emit.sub(channel, emit.mul(panel, inChannels))};
}

/// All tiles of a block, by register blocks.
Value WinogradRewrite::multiplyTiles(Value input, Value products, const Block &block,
                                     WeightsVector weightsVector, BeforeStep beforeStep) {
  int64_t rows = evenBlock(tiles, options.rows); // a last block of a tile or two would be slow
  int64_t whole = tiles / rows;
  int64_t parts = llvm::divideCeil(tiles, rows);
  auto multiplyPart = [&](Value part, int64_t count, Value carried) {
    return multiplyBlock(
        input, carried, block, weightsVector, [&](Value k) { beforeStep(part, parts, k); },
        emit.mul(part, rows), count);
  };
  products = emit.loop(whole, 1, products, [&](Value part, ValueRange carried) {
    return SmallVector<Value>{multiplyPart(part, rows, carried[0])};
  })[0];
  return whole == parts ? products
                        : multiplyPart(emit.index(whole), tiles - whole * rows, products);
}

/// M of `rows` tiles from `tile` on; sums stay in registers.
Value WinogradRewrite::multiplyBlock(Value input, Value products, const Block &block,
                                     WeightsVector weightsVector,
                                     function_ref<void(Value k)> beforeStep, Value tile,
                                     int64_t rows) {
  int64_t vectors = options.columns / emit.lanes();
  Value firstInput = emit.add(emit.mul(tile, inChannels), block.firstChannel);
  auto tileNumber = [&](Value k, int64_t i) {
    Value at = emit.add(emit.add(firstInput, k), i * inChannels);
    return emit.broadcast(input, {block.point, at});
  };
  Value firstOutput = emit.add(emit.mul(tile, productChannels()), block.firstOutput);
  auto placeOf = [&](int64_t sum) {
    Value at =
        emit.add(firstOutput, sum / vectors * productChannels() + sum % vectors * emit.lanes());
    return SmallVector<Value>{block.point, at};
  };
  SmallVector<Value> sums;
  for (int64_t i = 0; i < rows * vectors; ++i) {
    sums.push_back(block.isFirst ? emit.zero() : emit.read(products, placeOf(i)));
  }
  sums = RegisterBlock{rows, vectors, options.steps}.addProducts(
      DotProduct(emit, emit.elementType()), sums, block.channels, weightsVector, tileNumber,
      beforeStep);
  for (int64_t i = 0; i < rows * vectors; ++i) {
    products = emit.write(sums[i], products, placeOf(i));
  }
  return products;
}

//===----------------------------------------------------------------------===//
// Output
//===----------------------------------------------------------------------===//

Value WinogradRewrite::emptyOutputs() {
  int64_t width = std::max(tileColumns * matrices.outputs, emit.lanes());
  return emit.empty({matrices.outputs, width, emit.lanes()});
}

/// Y and the result, with all channels of M, the first of which is `firstChannel` of the result.
SmallVector<Value> WinogradRewrite::transformOutput(Value products, ValueRange carried,
                                                    Value firstChannel) {
  auto rowOfTiles = [&](Value tileRow, Value channel, ValueRange carried) -> SmallVector<Value> {
    Value finished = emit.loop(
        tileColumns, 1, carried[0], [&](Value tileColumn, ValueRange inner) -> SmallVector<Value> {
          return {finishTile(products, inner[0], tileRow, tileColumn, channel)};
        })[0];
    Value firstRow = emit.mul(tileRow, matrices.outputs);
    Value rows = emit.min(emit.index(matrices.outputs), emit.sub(emit.index(outRows), firstRow));
    if (outRows % matrices.outputs == 0) {
      rows = emit.index(matrices.outputs);
    }
    Value to = emit.add(firstChannel, channel);
    Value stored = emit.loop(
        emit.index(0), rows, 1, carried[1], [&](Value row, ValueRange inner) -> SmallVector<Value> {
          SumsRow sums{finished, {row}, emit.index(0)};
          return {storeRow(sums, inner[0], emit.add(firstRow, row), to, emit.lanes())};
        })[0];
    return {finished, stored};
  };
  return emit.loop(tileRows, 1, carried, [&](Value tileRow, ValueRange outer) {
    return emit.loop(productChannels(), emit.lanes(), outer, [&](Value channel, ValueRange inner) {
      return rowOfTiles(tileRow, channel, inner);
    });
  });
}

/// Y of one tile: A^T m A.
Value WinogradRewrite::finishTile(Value products, Value outputs, Value tileRow, Value tileColumn,
                                  Value channel) {
  Value at = emit.add(emit.mul(tileIndex(tileRow, tileColumn), productChannels()), channel);
  Grid grid = gridOf(emit.readBox(products, {emit.index(0), at}, {{0}, {points * points}}));
  Grid result = transformBothWays(
      grid, [&](ArrayRef<Value> values) { return emit.multiplyColumns(matrices.output, values); });
  Value column = emit.mul(tileColumn, matrices.outputs);
  return emit.writeBox(vectorsOf(result), outputs, {emit.index(0), column, emit.index(0)},
                       {{0, 1}, {matrices.outputs, matrices.outputs}});
}

} // namespace

void rewriteAsWinograd(RewriterBase &rewriter, linalg::LinalgOp op,
                       const WinogradOptions &options) {
  OpBuilder::InsertionGuard guard(rewriter);
  auto function = op->getParentOfType<FunctionOpInterface>();
  auto points = static_cast<double>(options.outputs + kWinogradTaps - 1);
  double direct = kWinogradTaps * static_cast<double>(options.outputs);
  WinogradRewrite(rewriter, op, options).run();
  function->setAttr(kWorkShareAttr, rewriter.getF64FloatAttr(points * points / (direct * direct)));
}

} // namespace chameleon
