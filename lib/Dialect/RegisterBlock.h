//===- RegisterBlock.h - Sums of products in registers --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DIALECT_REGISTERBLOCK_H
#define CHAMELEON_LIB_DIALECT_REGISTERBLOCK_H

#include "VectorEmitter.h"

namespace chameleon {

/// The inner loop of a matrix product: sums of `rows` x `vectors` vectors, row by row, to each of
/// which a step adds the product of a number, the same for a row, and a vector, the same for a
/// column of vectors.
struct RegisterBlock {
  int64_t rows;
  int64_t vectors;
  int64_t steps; // unrolled

  /// `sums` and `length` products more. `vectorAt(k, j)` is vector j of step k, `numberAt(k, i)`
  /// the number of row i in every lane.
  template <typename VectorAt, typename NumberAt>
  llvm::SmallVector<mlir::Value> addProducts(VectorEmitter &emit, mlir::ValueRange sums,
                                             int64_t length, VectorAt vectorAt,
                                             NumberAt numberAt) const {
    auto step = [&](llvm::SmallVector<mlir::Value> &next, mlir::Value k) {
      llvm::SmallVector<mlir::Value> columns;
      for (int64_t j = 0; j < vectors; ++j) {
        columns.push_back(vectorAt(k, j));
      }
      for (int64_t i = 0; i < rows; ++i) {
        mlir::Value number = numberAt(k, i);
        for (int64_t j = 0; j < vectors; ++j) {
          next[i * vectors + j] = emit.fma(number, columns[j], next[i * vectors + j]);
        }
      }
    };
    int64_t whole = length / steps * steps;
    llvm::SmallVector<mlir::Value> done =
        emit.loop(whole, steps, sums, [&](mlir::Value first, mlir::ValueRange carried) {
          llvm::SmallVector<mlir::Value> next(carried);
          for (int64_t i = 0; i < steps; ++i) {
            step(next, emit.add(first, i));
          }
          return next;
        });
    for (int64_t k = whole; k < length; ++k) {
      step(done, emit.index(k));
    }
    return done;
  }
};

} // namespace chameleon

#endif // CHAMELEON_LIB_DIALECT_REGISTERBLOCK_H
