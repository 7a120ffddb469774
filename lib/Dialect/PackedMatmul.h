//===- PackedMatmul.h - A matrix product from packed panels ---------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DIALECT_PACKEDMATMUL_H
#define CHAMELEON_LIB_DIALECT_PACKEDMATMUL_H

#include "mlir/IR/PatternMatch.h"
#include <string>

namespace mlir::linalg {
class LinalgOp;
} // namespace mlir::linalg

namespace chameleon {

struct MatmulOptions {
  int64_t lanes = 8;      // elements of a vector register
  int64_t rows = 6;       // of the register block, at most
  int64_t columns = 16;   // of it, a multiple of `lanes`
  int64_t steps = 4;      // products per step of the inner loop and sum
  int64_t chunk = 0;      // products that are summed up before the next ones; 0: all of them
  int64_t panels = 1;     // of `columns`, side by side in a register block
  bool rowsInside = true; // a panel of columns meets all rows before the next panel does
  bool pack = true;       // whether a B that is not constant is packed first
  int64_t dot = 1;        // products that are added to a sum at once, where an instruction does it
};

/// Why `op` cannot be computed so; empty if it can.
std::string whyNotMatmul(mlir::linalg::LinalgOp op, const MatmulOptions &options);

void rewriteAsPackedMatmul(mlir::RewriterBase &rewriter, mlir::linalg::LinalgOp op,
                           const MatmulOptions &options);

} // namespace chameleon

#endif // CHAMELEON_LIB_DIALECT_PACKEDMATMUL_H
