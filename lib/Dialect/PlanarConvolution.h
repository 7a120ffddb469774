//===- PlanarConvolution.h - A convolution of planes ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DIALECT_PLANARCONVOLUTION_H
#define CHAMELEON_LIB_DIALECT_PLANARCONVOLUTION_H

#include "mlir/IR/PatternMatch.h"
#include <string>

namespace mlir::linalg {
class LinalgOp;
} // namespace mlir::linalg

namespace chameleon {

struct PlanarOptions {
  int64_t lanes = 8;    // elements of a vector register
  int64_t pixels = 16;  // of a row, in the register block, at most; a multiple of `lanes`
  int64_t channels = 6; // output channels in it, at most
  int64_t steps = 1;    // input channels per step of the inner loop
};

/// Why `op` cannot be computed so; empty if it can.
std::string whyNotPlanar(mlir::linalg::LinalgOp op, const PlanarOptions &options);

void rewriteAsPlanar(mlir::RewriterBase &rewriter, mlir::linalg::LinalgOp op,
                     const PlanarOptions &options);

} // namespace chameleon

#endif // CHAMELEON_LIB_DIALECT_PLANARCONVOLUTION_H
