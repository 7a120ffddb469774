//===- ConvolutionOperands.cpp - What a convolution works on --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConvolutionOperands.h"
#include "ProductOperands.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace chameleon {

std::optional<ConvolutionLayout> layoutOf(Operation *op) {
  if (isa<linalg::Conv2DNchwFchwOp>(op)) {
    return ConvolutionLayout{2, 3, 1, 0, 1, 2, 3};
  }
  if (isa<linalg::Conv2DNhwcHwcfOp>(op)) {
    return ConvolutionLayout{1, 2, 3, 3, 2, 0, 1};
  }
  if (isa<linalg::Conv2DNhwcFhwcOp>(op)) {
    return ConvolutionLayout{1, 2, 3, 0, 3, 1, 2};
  }
  return std::nullopt;
}

/// The two values of an attribute such as strides = dense<[1, 2]>, 1 where it is not there.
static std::pair<int64_t, int64_t> pairOf(Operation *op, StringRef name) {
  auto values = op->getAttrOfType<DenseIntElementsAttr>(name);
  if (!values) {
    return {1, 1};
  }
  auto range = values.getValues<int64_t>();
  return {*range.begin(), *std::next(range.begin(), values.isSplat() ? 0 : 1)};
}

ConvolutionWindow windowOf(linalg::LinalgOp op) {
  ConvolutionLayout layout = *layoutOf(op);
  return windowOf(op, layout);
}

ConvolutionWindow windowOf(linalg::LinalgOp op, const ConvolutionLayout &layout) {
  auto weights = cast<RankedTensorType>(op->getOperand(1).getType());
  ConvolutionWindow window;
  window.rows = weights.getDimSize(layout.kernelRow);
  window.columns = weights.getDimSize(layout.kernelColumn);
  std::tie(window.rowStride, window.columnStride) = pairOf(op, "strides");
  std::tie(window.rowDilation, window.columnDilation) = pairOf(op, "dilations");
  return window;
}

static bool isFullDimension(tensor::ExtractSliceOp slice, unsigned dim) {
  return isConstantIntValue(slice.getMixedOffsets()[dim], 0) &&
         isConstantIntValue(slice.getMixedSizes()[dim], slice.getSourceType().getDimSize(dim));
}

bool ConstantWeights::isWhole(linalg::LinalgOp op, const ConvolutionLayout &layout) const {
  auto weights = cast<RankedTensorType>(op.getDpsInputOperand(1)->get().getType());
  return weights.getDimSize(layout.outChannel) == channels;
}

std::optional<ConstantWeights> findWeights(linalg::LinalgOp op, const ConvolutionLayout &layout) {
  Value value = op.getDpsInputOperand(1)->get();
  OpFoldResult first = Builder(op.getContext()).getIndexAttr(0);
  auto slice = value.getDefiningOp<tensor::ExtractSliceOp>();
  if (slice && slice.hasUnitStride() && slice.getSourceType().getRank() == 4 &&
      slice.getType().getRank() == 4) {
    bool ofChannels = llvm::all_of(llvm::seq(0U, 4U), [&](unsigned dim) {
      return dim == layout.outChannel || isFullDimension(slice, dim);
    });
    if (ofChannels) {
      first = slice.getMixedOffsets()[layout.outChannel];
      value = slice.getSource();
    }
  }
  BlockArgument argument = argumentOf(value);
  if (!argument || !isConstantArgument(argument)) {
    return std::nullopt;
  }
  int64_t channels = cast<RankedTensorType>(argument.getType()).getDimSize(layout.outChannel);
  return ConstantWeights{argument, first, channels};
}

/// Whether `number` is known to be a multiple of `factor`, such as an `affine.apply` of a loop's
/// counter times it.
static bool isMultipleOf(OpFoldResult number, int64_t factor) {
  if (std::optional<int64_t> constant = getConstantIntValue(number)) {
    return *constant % factor == 0;
  }
  auto value = cast<Value>(number);
  AffineMap map = AffineMap::getMultiDimIdentityMap(1, value.getContext());
  SmallVector<Value> operands{value};
  affine::fullyComposeAffineMapAndOperands(&map, &operands);
  return map.getResult(0).isMultipleOf(factor);
}

std::string whyNotPanels(linalg::LinalgOp op, int64_t panel) {
  ConvolutionLayout layout = *layoutOf(op);
  ConstantWeights weights = *findWeights(op, layout);
  if (weights.isWhole(op, layout)) {
    return "";
  }
  if (isMultipleOf(weights.firstChannel, panel)) {
    return "";
  }
  std::optional<int64_t> first = getConstantIntValue(weights.firstChannel);
  return "expected output channels from a multiple of " + std::to_string(panel) + " on, but got " +
         (first ? "channels from " + std::to_string(*first) + " on" : "a number that may be none");
}

/// The slice that `value` is if it picks one batch and a range of rows of an image, else null. A
/// stride may leave the last columns out.
static tensor::ExtractSliceOp rowsOfImage(Value value, const ConvolutionLayout &layout) {
  auto slice = value.getDefiningOp<tensor::ExtractSliceOp>();
  bool picksRows = slice && slice.hasUnitStride() && slice.getSourceType().getRank() == 4 &&
                   slice.getType().getRank() == 4 &&
                   isConstantIntValue(slice.getMixedOffsets()[layout.column], 0) &&
                   isFullDimension(slice, layout.channel);
  return picksRows ? slice : nullptr;
}

/// The pad of rows and columns with zeros that `value` is, else null.
static tensor::PadOp zeroPadOf(Value value, const ConvolutionLayout &layout) {
  auto pad = value.getDefiningOp<tensor::PadOp>();
  if (!pad || !pad.getSourceType().hasStaticShape() || !pad.getType().hasStaticShape()) {
    return nullptr;
  }
  Value padding = pad.getConstantPaddingValue();
  ArrayRef<int64_t> low = pad.getStaticLow();
  ArrayRef<int64_t> high = pad.getStaticHigh();
  bool onlyImage = true; // and nothing is cut off
  for (int64_t dim = 0; dim < pad.getType().getRank(); ++dim) {
    bool ofImage = dim == layout.row || dim == layout.column;
    onlyImage &= ofImage ? low[dim] >= 0 && high[dim] >= 0 : low[dim] == 0 && high[dim] == 0;
  }
  return padding && isZero(padding) && onlyImage ? pad : nullptr;
}

ImageSource findImage(Value input, const ConvolutionLayout &layout) {
  Builder builder(input.getContext());
  ImageSource source{input, builder.getIndexAttr(0), builder.getIndexAttr(0)};
  if (tensor::ExtractSliceOp slice = rowsOfImage(input, layout)) {
    source.image = slice.getSource();
    source.firstBatch = slice.getMixedOffsets()[0];
    source.firstRow = slice.getMixedOffsets()[layout.row];
  }
  if (tensor::PadOp pad = zeroPadOf(source.image, layout)) {
    source.image = pad.getSource();
    source.top = pad.getStaticLow()[layout.row];
    source.left = pad.getStaticLow()[layout.column];
    source.padded = true;
  }
  return source;
}

} // namespace chameleon
