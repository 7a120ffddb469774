//===- DirectConvolution.h - A convolution as sums of products ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DIALECT_DIRECTCONVOLUTION_H
#define CHAMELEON_LIB_DIALECT_DIRECTCONVOLUTION_H

#include "mlir/IR/PatternMatch.h"
#include <string>

namespace mlir::linalg {
class LinalgOp;
} // namespace mlir::linalg

namespace chameleon {

struct DirectOptions {
  int64_t lanes = 8;     // elements of a vector register
  int64_t pixels = 6;    // of a row, in the register block, at most
  int64_t channels = 16; // output channels in it, a multiple of `lanes`
  int64_t steps = 4;     // products per step of the inner loop and sum
  int64_t chunk = 0;     // input channels that are summed up before the next ones; 0: all of them
  int64_t dot = 1;       // products that are added to a sum at once, where an instruction does it
};

/// Why `op` cannot be computed so; empty if it can.
std::string whyNotDirect(mlir::linalg::LinalgOp op, const DirectOptions &options);

void rewriteAsDirect(mlir::RewriterBase &rewriter, mlir::linalg::LinalgOp op,
                     const DirectOptions &options);

} // namespace chameleon

#endif // CHAMELEON_LIB_DIALECT_DIRECTCONVOLUTION_H
