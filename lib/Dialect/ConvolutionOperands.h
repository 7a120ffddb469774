//===- ConvolutionOperands.h - What a convolution works on ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DIALECT_CONVOLUTIONOPERANDS_H
#define CHAMELEON_LIB_DIALECT_CONVOLUTIONOPERANDS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include <optional>
#include <string>

namespace chameleon {

/// Where the dimensions of a convolution's operands are. The batch comes first.
struct ConvolutionLayout {
  unsigned row, column, channel;                           // of image and result
  unsigned outChannel, inChannel, kernelRow, kernelColumn; // of the weights
};

/// That of a dense 2-D convolution, NCHW/FCHW, NHWC/HWCF or NHWC/FHWC; nothing for other ops.
std::optional<ConvolutionLayout> layoutOf(mlir::Operation *op);

/// That of a depthwise 2-D convolution, NHWC/HWC: its channels are those of the image.
inline constexpr ConvolutionLayout kDepthwiseLayout{1, 2, 3, 2, 2, 0, 1};

/// How a convolution's window lies over its image.
struct ConvolutionWindow {
  int64_t rows, columns;
  int64_t rowStride, columnStride;     // pixels from one result to the next
  int64_t rowDilation, columnDilation; // pixels from one weight to the next
};

/// That of a convolution with this layout, or with one of `layoutOf`.
ConvolutionWindow windowOf(mlir::linalg::LinalgOp op, const ConvolutionLayout &layout);
ConvolutionWindow windowOf(mlir::linalg::LinalgOp op);

/// The constant argument of the task that holds a convolution's weights, and which of its output
/// channels is the first of the convolution.
struct ConstantWeights {
  mlir::BlockArgument argument;
  mlir::OpFoldResult firstChannel;
  int64_t channels = 0; // that the argument has

  /// Whether the convolution has them all.
  bool isWhole(mlir::linalg::LinalgOp op, const ConvolutionLayout &layout) const;
};

/// Those of `op`: an argument, or output channels of one. Nothing if they are not constant.
std::optional<ConstantWeights> findWeights(mlir::linalg::LinalgOp op,
                                           const ConvolutionLayout &layout);

/// Why packed panels of `panel` output channels do not fit the channels of `op`: the first one must
/// start a panel. Empty if they do.
std::string whyNotPanels(mlir::linalg::LinalgOp op, int64_t panel);

/// Where the input of a convolution really is: row r, column c of it are row r + `firstRow` - `top`
/// and column c - `left` of `image`, and 0 where that has no such row or column.
struct ImageSource {
  mlir::Value image;             // four dimensions, as in the layout
  mlir::OpFoldResult firstBatch; // of `image`
  mlir::OpFoldResult firstRow;
  int64_t top = 0; // at least 0
  int64_t left = 0;
  bool padded = false; // else it has all of these rows and columns
};

/// Looks through a slice of rows and a pad with zeros.
ImageSource findImage(mlir::Value input, const ConvolutionLayout &layout);

} // namespace chameleon

#endif // CHAMELEON_LIB_DIALECT_CONVOLUTIONOPERANDS_H
