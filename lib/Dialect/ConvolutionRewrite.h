//===- ConvolutionRewrite.h - A convolution as vector code ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What ways to compute a 2-D convolution have in common, a depthwise one too. Two of them work on a
// copy of the image with channels innermost, and leave sums in rows with channels innermost, which
// are transposed into an NCHW result with the epilogue on the way.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DIALECT_CONVOLUTIONREWRITE_H
#define CHAMELEON_LIB_DIALECT_CONVOLUTIONREWRITE_H

#include "ConvolutionOperands.h"
#include "VectorEmitter.h"
#include "mlir/IR/PatternMatch.h"
#include <string>

namespace chameleon {

/// Why a convolution cannot be rewritten as vector code, whatever the algorithm: types, weights
/// that are not constant, a sum that does not start from zeros. Empty if it can.
std::string whyNotConvolution(mlir::linalg::LinalgOp op);

class ConvolutionRewrite {
protected:
  ConvolutionRewrite(mlir::RewriterBase &rewriter, mlir::linalg::LinalgOp op, int64_t lanes);
  /// The same for a convolution that `layoutOf` does not know.
  ConvolutionRewrite(mlir::RewriterBase &rewriter, mlir::linalg::LinalgOp op,
                     const ConvolutionLayout &layout, int64_t lanes);

  /// Sets the insertion point to where the result is computed, and returns what it is written to.
  mlir::Value start();
  /// The panel of `channels` packed output channels that holds the convolution's first one.
  mlir::Value firstPanel(int64_t channels);
  /// Puts `result` in place of the convolution and its epilogue.
  void finish(mlir::Value result);

  /// Which rows of a copy of the image lie in it, if row r of the copy is row r * `step` + `shift`
  /// of the image.
  struct RowRange {
    mlir::Value shift;
    mlir::Value first; // both of the copy
    mlir::Value end;   // at least `first`
  };
  RowRange findRows(int64_t rows, int64_t step);
  /// The rows of a window, [first, second), that lie in these rows of a copy of the image, if its
  /// top lies in row `top` of the copy; first is at most second.
  std::pair<mlir::Value, mlir::Value> rowsOfWindow(mlir::Value top, const RowRange &range);

  /// `count` pixels from `column` on in row `imageRow`, with `channels` channels from `channel` on:
  /// one vector per pixel, lanes beyond the channels 0. At most as many pixels and channels as
  /// there are lanes.
  llvm::SmallVector<mlir::Value> gatherPixels(mlir::Value imageRow, mlir::Value column,
                                              int64_t count, mlir::Value channel, int64_t channels);

  /// Calls `body` for vectors of columns that together are [0, `columns`), at least one: with the
  /// first column, and how many there are. The last vector starts early rather than to end beyond
  /// the columns, and has some of those before it once more.
  using ColumnsBody =
      llvm::function_ref<mlir::Value(mlir::Value column, int64_t count, mlir::Value carried)>;
  mlir::Value forColumns(int64_t columns, mlir::Value carried, ColumnsBody body);

  /// Output channels in panels of `channels`, then those that are left: `body` with how many there
  /// are in the panel.
  using PanelBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(
      mlir::Value panel, int64_t channels, mlir::ValueRange carried)>;
  llvm::SmallVector<mlir::Value> forPanels(int64_t channels, mlir::ValueRange carried,
                                           PanelBody body);

  /// Sums of a row, a vector of channels for each pixel.
  struct SumsRow {
    mlir::Value tensor;                // ... x columns x lanes
    llvm::SmallVector<mlir::Value> at; // all indices but the last two
    mlir::Value firstColumn; // of `tensor`, of the row; at least `lanes` follow from there
  };
  /// A row of the result, for `channels` channels from `channel` on, at most the lanes.
  mlir::Value storeRow(const SumsRow &sums, mlir::Value destination, mlir::Value row,
                       mlir::Value channel, int64_t channels);

  /// `value`, the result from `at` on along the last dimension, through the epilogue if there is
  /// one.
  mlir::Value finishVector(mlir::Value value, mlir::ValueRange at, bool inBounds);

  /// Whether vectors along the channels are contiguous in image and result.
  bool channelsLast() const { return layout.channel == 3; }
  int64_t imageSize(unsigned dim) const {
    return mlir::cast<mlir::RankedTensorType>(source.image.getType()).getDimSize(dim);
  }
  int64_t weightsSize(unsigned dim) {
    return mlir::cast<mlir::RankedTensorType>(op.getDpsInputOperand(1)->get().getType())
        .getDimSize(dim);
  }
  llvm::SmallVector<mlir::Value> indices(mlir::Value batch, mlir::Value row, mlir::Value column,
                                         mlir::Value channel) const;
  llvm::SmallVector<mlir::Value> imageIndex(mlir::Value row, mlir::Value column,
                                            mlir::Value channel);
  mlir::Value constantIndex(mlir::OpFoldResult value);

  mlir::RewriterBase &rewriter;
  mlir::linalg::LinalgOp op;
  ConvolutionLayout layout;
  ConvolutionWindow window;
  mlir::linalg::GenericOp epilogue; // may be null
  ImageSource source;
  ConstantWeights weights; // without an argument if they are not constant
  mlir::ImplicitLocOpBuilder builder;
  VectorEmitter emit;
  int64_t inChannels, outChannels, outRows, outColumns;

private:
  llvm::SmallVector<mlir::Value> sumsIndex(const SumsRow &sums, mlir::Value column,
                                           mlir::Value firstLane);
  mlir::Value storeColumns(const SumsRow &sums, mlir::Value destination, mlir::Value row,
                           mlir::Value channel, int64_t channels, mlir::Value column,
                           int64_t count);
};

} // namespace chameleon

#endif // CHAMELEON_LIB_DIALECT_CONVOLUTIONREWRITE_H
