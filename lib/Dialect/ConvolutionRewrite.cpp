//===- ConvolutionRewrite.cpp - A convolution as vector code --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConvolutionRewrite.h"
#include "ProductOperands.h"
#include "VectorEpilogue.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;

namespace chameleon {

std::string whyNotConvolution(linalg::LinalgOp op) {
  std::optional<ConvolutionLayout> layout = layoutOf(op);
  if (!layout) {
    return "expected a dense 2-D convolution, NCHW/FCHW, NHWC/HWCF or NHWC/FHWC";
  }
  if (std::string reason = whyNotProducts(op); !reason.empty()) {
    return reason;
  }
  return findWeights(op, *layout) ? whyNotOneImage(op) : "expected constant weights";
}

ConvolutionRewrite::ConvolutionRewrite(RewriterBase &rewriter, linalg::LinalgOp op, int64_t lanes)
    : ConvolutionRewrite(rewriter, op, *layoutOf(op), lanes) {}

ConvolutionRewrite::ConvolutionRewrite(RewriterBase &rewriter, linalg::LinalgOp op,
                                       const ConvolutionLayout &layout, int64_t lanes)
    : rewriter(rewriter), op(op), layout(layout), window(windowOf(op, layout)),
      epilogue(findVectorEpilogue(op->getOpResult(0))),
      source(findImage(op.getDpsInputOperand(0)->get(), layout)),
      weights(findWeights(op, layout).value_or(ConstantWeights())), builder(op.getLoc(), rewriter),
      emit(builder, getElementTypeOrSelf(op->getResult(0).getType()), lanes) {
  auto result = cast<RankedTensorType>(op->getResult(0).getType());
  inChannels = weightsSize(layout.inChannel);
  outChannels = weightsSize(layout.outChannel);
  outRows = result.getDimSize(layout.row);
  outColumns = result.getDimSize(layout.column);
}

Value ConvolutionRewrite::start() {
  builder.setInsertionPoint(epilogue ? epilogue.getOperation() : op.getOperation());
  // Every element is written: nobody has to fill the destination before.
  return epilogue ? epilogue.getDpsInits()[0]
                  : zeroFillOf(op.getDpsInits()[0]).getOutputs().front();
}

Value ConvolutionRewrite::firstPanel(int64_t channels) {
  return emit.floorDiv(constantIndex(weights.firstChannel), channels);
}

void ConvolutionRewrite::finish(Value result) {
  rewriter.replaceOp(epilogue ? epilogue.getOperation() : op.getOperation(), result);
  if (epilogue) {
    rewriter.eraseOp(op);
  }
}

Value ConvolutionRewrite::constantIndex(OpFoldResult value) {
  return getValueOrCreateConstantIndexOp(builder, builder.getLoc(), value);
}

SmallVector<Value> ConvolutionRewrite::indices(Value batch, Value row, Value column,
                                               Value channel) const {
  SmallVector<Value> at(4, batch);
  at[layout.row] = row;
  at[layout.column] = column;
  at[layout.channel] = channel;
  return at;
}

SmallVector<Value> ConvolutionRewrite::imageIndex(Value row, Value column, Value channel) {
  return indices(constantIndex(source.firstBatch), row, column, channel);
}

//===----------------------------------------------------------------------===//
// Input
//===----------------------------------------------------------------------===//

ConvolutionRewrite::RowRange ConvolutionRewrite::findRows(int64_t rows, int64_t step) {
  RowRange range;
  range.shift = emit.add(constantIndex(source.firstRow), -source.top);
  Value all = emit.index(rows);
  if (!source.padded) {
    range.first = emit.index(0);
    range.end = all;
    return range;
  }
  Value zero = emit.index(0);
  Value above = emit.max(zero, emit.sub(zero, range.shift));
  Value below = emit.max(zero, emit.sub(emit.index(imageSize(layout.row)), range.shift));
  range.first = emit.min(all, emit.ceilDiv(above, step));
  range.end = emit.max(range.first, emit.min(all, emit.ceilDiv(below, step)));
  return range;
}

std::pair<Value, Value> ConvolutionRewrite::rowsOfWindow(Value top, const RowRange &range) {
  Value zero = emit.index(0);
  Value all = emit.index(window.rows);
  if (!source.padded) {
    return {zero, all};
  }
  auto rowsAbove = [&](Value row) {
    return emit.ceilDiv(emit.max(zero, emit.sub(row, top)), window.rowDilation);
  };
  Value from = rowsAbove(range.first);
  if (source.top > window.rows * window.rowDilation) { // else it is never more than all rows
    from = emit.min(from, all);
  }
  return {from, emit.min(all, rowsAbove(range.end))};
}

SmallVector<Value> ConvolutionRewrite::gatherPixels(Value imageRow, Value column, int64_t count,
                                                    Value channel, int64_t channels) {
  if (channelsLast()) {
    return emit.readBox(source.image, imageIndex(imageRow, column, channel),
                        {{layout.column}, {count}}, /*inBounds=*/channels == emit.lanes());
  }
  SmallVector<Value> vectors =
      emit.readBox(source.image, imageIndex(imageRow, column, channel),
                   {{layout.channel}, {channels}}, /*inBounds=*/count == emit.lanes());
  if (channels < emit.lanes()) {
    Value zero = emit.splat(getElementTypeOrSelf(source.image.getType()), 0);
    vectors.append(emit.lanes() - channels, zero);
  }
  emit.transpose(vectors);
  vectors.truncate(count);
  return vectors;
}

Value ConvolutionRewrite::forColumns(int64_t columns, Value carried, ColumnsBody body) {
  if (columns < emit.lanes()) {
    return body(emit.index(0), columns, carried);
  }
  return emit.loop(columns, emit.lanes(), carried,
                   [&](Value column, ValueRange inner) -> SmallVector<Value> {
                     if (columns % emit.lanes() != 0) {
                       column = emit.min(column, emit.index(columns - emit.lanes()));
                     }
                     return {body(column, emit.lanes(), inner[0])};
                   })[0];
}

//===----------------------------------------------------------------------===//
// Output
//===----------------------------------------------------------------------===//

SmallVector<Value> ConvolutionRewrite::forPanels(int64_t channels, ValueRange carried,
                                                 PanelBody body) {
  int64_t panels = outChannels / channels;
  int64_t rest = outChannels - panels * channels;
  SmallVector<Value> done = emit.loop(panels, 1, carried, [&](Value panel, ValueRange inner) {
    return body(panel, channels, inner);
  });
  return rest == 0 ? done : body(emit.index(panels), rest, done);
}

Value ConvolutionRewrite::storeRow(const SumsRow &sums, Value destination, Value row, Value channel,
                                   int64_t channels) {
  if (channelsLast()) {
    return emit.loop(outColumns, 1, destination,
                     [&](Value column, ValueRange carried) -> SmallVector<Value> {
                       SmallVector<Value> at = indices(emit.index(0), row, column, channel);
                       Value sum = emit.read(sums.tensor, sumsIndex(sums, column, emit.index(0)));
                       sum = finishVector(sum, at, /*inBounds=*/channels == emit.lanes());
                       return {emit.writeFirst(sum, channels, carried[0], at)};
                     })[0];
  }
  return forColumns(outColumns, destination, [&](Value column, int64_t count, Value carried) {
    return storeColumns(sums, carried, row, channel, channels, column, count);
  });
}

SmallVector<Value> ConvolutionRewrite::sumsIndex(const SumsRow &sums, Value column,
                                                 Value firstLane) {
  SmallVector<Value> at(sums.at);
  at.append({emit.add(sums.firstColumn, column), firstLane});
  return at;
}

Value ConvolutionRewrite::storeColumns(const SumsRow &sums, Value destination, Value row,
                                       Value channel, int64_t channels, Value column,
                                       int64_t count) {
  auto columnDim = static_cast<unsigned>(sums.at.size());
  SmallVector<Value> vectors = emit.readBox(sums.tensor, sumsIndex(sums, column, emit.index(0)),
                                            {{columnDim}, {emit.lanes()}});
  emit.transpose(vectors);
  vectors.truncate(channels);
  for (auto [lane, vector] : llvm::enumerate(vectors)) {
    auto offset = static_cast<int64_t>(lane);
    vector = finishVector(vector, indices(emit.index(0), row, column, emit.add(channel, offset)),
                          /*inBounds=*/count == emit.lanes());
  }
  return emit.writeBox(vectors, destination, indices(emit.index(0), row, column, channel),
                       {{layout.channel}, {channels}}, count);
}

Value ConvolutionRewrite::finishVector(Value value, ValueRange at, bool inBounds) {
  return epilogue ? emitEpilogue(emit, epilogue, op->getResult(0), value, at, inBounds) : value;
}

} // namespace chameleon
