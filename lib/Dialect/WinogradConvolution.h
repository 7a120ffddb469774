//===- WinogradConvolution.h - A convolution by Winograd's algorithm ------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DIALECT_WINOGRADCONVOLUTION_H
#define CHAMELEON_LIB_DIALECT_WINOGRADCONVOLUTION_H

#include "mlir/IR/PatternMatch.h"
#include <string>

namespace mlir::linalg {
class LinalgOp;
} // namespace mlir::linalg

namespace chameleon {

struct WinogradOptions {
  int64_t outputs = 4;  // m of F(m x m, 3 x 3)
  int64_t lanes = 8;    // elements of a vector register
  int64_t rows = 4;     // tiles in the register block of the matrix products, at most
  int64_t columns = 16; // output channels in it, a multiple of `lanes`
  int64_t steps = 1;    // input channels per step of their inner loop
  int64_t chunk = 0;    // input channels whose weights the task transforms at a time; 0, or all of
                        // them: weights are transformed once, outside of the task
};

/// Why `op` cannot be computed this way with `options`; empty if it can.
std::string whyNotWinograd(mlir::linalg::LinalgOp op, const WinogradOptions &options);

/// Replaces `op`, and the elementwise op that is the only reader of its result if its body can be
/// computed on vectors, by loops of vector code. Precondition: `whyNotWinograd` has nothing to say.
void rewriteAsWinograd(mlir::RewriterBase &rewriter, mlir::linalg::LinalgOp op,
                       const WinogradOptions &options);

} // namespace chameleon

#endif // CHAMELEON_LIB_DIALECT_WINOGRADCONVOLUTION_H
