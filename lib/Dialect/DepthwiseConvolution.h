//===- DepthwiseConvolution.h - A depthwise convolution in registers ------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DIALECT_DEPTHWISECONVOLUTION_H
#define CHAMELEON_LIB_DIALECT_DEPTHWISECONVOLUTION_H

#include "mlir/IR/PatternMatch.h"
#include <string>

namespace mlir::linalg {
class LinalgOp;
} // namespace mlir::linalg

namespace chameleon {

struct DepthwiseOptions {
  int64_t lanes = 8;    // elements of a vector register
  int64_t pixels = 4;   // of a row, in the register block, at most
  int64_t channels = 8; // in it, at most; a multiple of `lanes`
};

/// Why `op` cannot be computed so; empty if it can.
std::string whyNotDepthwise(mlir::linalg::LinalgOp op, const DepthwiseOptions &options);

/// Replaces `op`, and the elementwise op that is the only reader of its result if its body can be
/// computed on vectors, by loops of vector code. Precondition: `whyNotDepthwise` has nothing to
/// say.
void rewriteAsDepthwise(mlir::RewriterBase &rewriter, mlir::linalg::LinalgOp op,
                        const DepthwiseOptions &options);

} // namespace chameleon

#endif // CHAMELEON_LIB_DIALECT_DEPTHWISECONVOLUTION_H
