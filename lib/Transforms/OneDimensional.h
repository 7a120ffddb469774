//===- OneDimensional.h - Windows over lines as windows over images -------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_ONEDIMENSIONAL_H
#define CHAMELEON_LIB_TRANSFORMS_ONEDIMENSIONAL_H

namespace mlir {
class OpOperand;
class RewritePatternSet;
} // namespace mlir

namespace chameleon {

/// A convolution or pooling over lines -> the same over images of one row, between reshapes
/// (decision 15).
void populateLinesToImagesPatterns(mlir::RewritePatternSet &patterns);

/// Whether `operand` of an elementwise op is such a result without its row: the op may as well work
/// on images, as an epilogue does.
bool isImageOfOneRow(mlir::OpOperand *operand);

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_ONEDIMENSIONAL_H
