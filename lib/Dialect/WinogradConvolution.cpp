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
//   V[p*p][t][C]          transformed input,   a chunk of channels at a time by way of
//   X[rows][columns][chunk]  the padded image with channels innermost, transposed from NCHW
//   M[p*p][t][F]          products: for each of the p*p points, V times U
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
  if (std::string reason = whyNotLanes(options.lanes); !reason.empty()) {
    return reason;
  }
  if (options.rows < 1 || options.columns < 1 || options.steps < 1 ||
      options.columns % options.lanes != 0) {
    return "expected rows, columns and steps of at least 1, and columns a multiple of the lanes";
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
    Value transformedWeights = transformWeights();
    Value destination = start();
    firstWeightsPanel = firstPanel(options.columns);
    Value transformedInput = transformInput();
    Value products = multiply(transformedInput, transformedWeights);
    finish(transformOutput(products, destination));
  }

private:
  Value tapFactors();
  Value transformWeights();
  Value transformInput();
  Value multiply(Value input, Value weights);
  Value transformOutput(Value products, Value destination);

  Value clearBorder(Value padded, Value firstRow, Value endRow);
  Value gatherRow(Value padded, Value row, Value imageRow, Value channel);
  Value gatherColumns(Value padded, Value row, Value imageRow, Value channel, Value column,
                      int64_t count);
  Value transformTile(Value padded, Value transformed, Value tileRow, Value tileColumn,
                      Value channel);
  Value multiplyBlock(Value input, Value weights, Value products, Value point, Value panel,
                      Value tile, int64_t rows);
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
  Value firstWeightsPanel; // of the convolution, in U
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

Value WinogradRewrite::multiply(Value input, Value weights) {
  Value products = emit.empty({points * points, tiles * outChannels + kGapElements});
  int64_t rows = evenBlock(tiles, options.rows); // a last block of a tile or two would be slow
  int64_t whole = tiles / rows * rows;
  auto panelBody = [&](Value point, Value panel, Value carried) {
    carried =
        emit.loop(whole, rows, carried, [&](Value tile, ValueRange blocks) -> SmallVector<Value> {
          return {multiplyBlock(input, weights, blocks[0], point, panel, tile, rows)};
        })[0];
    return whole == tiles ? carried
                          : multiplyBlock(input, weights, carried, point, panel, emit.index(whole),
                                          tiles - whole);
  };
  return emit.loop(points * points, 1, products, [&](Value point, ValueRange outer) {
    return emit.loop(outChannels / options.columns, 1, outer,
                     [&](Value panel, ValueRange inner) -> SmallVector<Value> {
                       return {panelBody(point, panel, inner[0])};
                     });
  })[0];
}

/// M of `rows` tiles from `tile` on and one panel of output channels; sums stay in registers.
Value WinogradRewrite::multiplyBlock(Value input, Value weights, Value products, Value point,
                                     Value panel, Value tile, int64_t rows) {
  int64_t vectors = options.columns / emit.lanes();
  Value firstInput = emit.mul(tile, inChannels);
  Value weightsPanel = emit.add(firstWeightsPanel, panel);
  RegisterBlock block{rows, vectors, options.steps};
  auto weightsVector = [&](Value k, int64_t j) {
    return emit.read(weights, {point, weightsPanel, k, emit.index(j * emit.lanes())});
  };
  auto tileNumber = [&](Value k, int64_t i) {
    Value at = emit.add(emit.add(firstInput, k), i * inChannels);
    return emit.broadcast(input, {point, at});
  };
  SmallVector<Value> sums(rows * vectors, emit.zero());
  sums = block.addProducts(emit, sums, inChannels, weightsVector, tileNumber);
  Value firstOutput = emit.add(emit.mul(tile, outChannels), emit.mul(panel, options.columns));
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < vectors; ++j) {
      Value at = emit.add(firstOutput, i * outChannels + j * emit.lanes());
      products = emit.write(sums[i * vectors + j], products, {point, at});
    }
  }
  return products;
}

//===----------------------------------------------------------------------===//
// Output
//===----------------------------------------------------------------------===//

Value WinogradRewrite::transformOutput(Value products, Value destination) {
  int64_t width = std::max(tileColumns * matrices.outputs, emit.lanes());
  Value outputs = emit.empty({matrices.outputs, width, emit.lanes()});
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
    Value stored = emit.loop(
        emit.index(0), rows, 1, carried[1], [&](Value row, ValueRange inner) -> SmallVector<Value> {
          SumsRow sums{finished, {row}, emit.index(0)};
          return {storeRow(sums, inner[0], emit.add(firstRow, row), channel, emit.lanes())};
        })[0];
    return {finished, stored};
  };
  return emit.loop(tileRows, 1, {outputs, destination}, [&](Value tileRow, ValueRange outer) {
    return emit.loop(outChannels, emit.lanes(), outer, [&](Value channel, ValueRange inner) {
      return rowOfTiles(tileRow, channel, inner);
    });
  })[1];
}

/// Y of one tile: A^T m A.
Value WinogradRewrite::finishTile(Value products, Value outputs, Value tileRow, Value tileColumn,
                                  Value channel) {
  Value at = emit.add(emit.mul(tileIndex(tileRow, tileColumn), outChannels), channel);
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
