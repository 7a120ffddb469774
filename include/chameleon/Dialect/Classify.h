//===- Classify.h - What kind of computation a linalg op is ---------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names for computations and their loops, as linalg's contraction and convolution interfaces see
// them. Schedules and knobs refer to loops by these names.
//
//   kind          loops
//   contraction   batch m n k
//   convolution   batch oc oh ow ic kh kw       (dense, any layout)
//   depthwise     batch c oh ow kh kw
//   pooling       batch c oh ow kh kw
//   elementwise   p0 p1 ...                      (parallel loops only, counted from the innermost)
//   reduction     p0 p1 ... r0 r1 ...            (the rest, both counted from the innermost)
//
// A second loop of one role is numbered: "m1", "k1".
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_DIALECT_CLASSIFY_H
#define CHAMELEON_DIALECT_CLASSIFY_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <string>
#include <vector>

namespace mlir {
class OpOperand;
class Operation;
} // namespace mlir
namespace mlir::linalg {
class LinalgOp;
} // namespace mlir::linalg

namespace chameleon {

struct Classification {
  std::string kind;               // as in the table above
  std::vector<std::string> loops; // one name per loop of the op, distinct
};

Classification classify(mlir::linalg::LinalgOp op);

/// Whether every loop is parallel and every operand is read by a projected permutation of the loops
/// (constant 0 results allowed): the op can be fused into the producer of an operand of its own
/// shape.
bool isElementwise(mlir::linalg::LinalgOp op);

/// Whether `op` overwrites all of `init` without looking at it. Where it does not (a result map
/// such as `(i) -> (2 * i)` leaves gaps), the old contents show in the result.
bool overwritesInit(mlir::linalg::LinalgOp op, mlir::OpOperand &init);

/// The permutation of a `linalg.transpose`, or of a `linalg.generic` that stands for one: dimension
/// i of the result is dimension permutation[i] of the input. Nothing for other ops, for buffers,
/// and for null.
std::optional<llvm::SmallVector<int64_t>> permutationOf(mlir::Operation *op);

/// Arithmetic of one execution: loop trip count times the arithmetic ops of the body (a
/// contraction's multiply and add are two).
double countFlops(mlir::linalg::LinalgOp op);

} // namespace chameleon

#endif // CHAMELEON_DIALECT_CLASSIFY_H
