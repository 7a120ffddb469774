//===- RegisterBlock.h - Sums of products in registers --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DIALECT_REGISTERBLOCK_H
#define CHAMELEON_LIB_DIALECT_REGISTERBLOCK_H

#include "DotProduct.h"

namespace chameleon {

/// The inner loop of a matrix product: sums of `rows` x `vectors` vectors, row by row, to each of
/// which a step adds the product of a number, the same for a row, and a vector, the same for a
/// column of vectors.
struct RegisterBlock {
  int64_t rows;
  int64_t vectors;
  int64_t steps; // unrolled

  /// Adds one product to each of `sums`. `vectorAt(j)` is vector j, `numberAt(i)` the number of row
  /// i in every lane.
  template <typename VectorAt, typename NumberAt>
  void addProduct(const DotProduct &dot, llvm::MutableArrayRef<mlir::Value> sums, VectorAt vectorAt,
                  NumberAt numberAt) const {
    llvm::SmallVector<mlir::Value> columns;
    for (int64_t j = 0; j < vectors; ++j) {
      columns.push_back(vectorAt(j));
    }
    for (int64_t i = 0; i < rows; ++i) {
      mlir::Value number = numberAt(i);
      for (int64_t j = 0; j < vectors; ++j) {
        sums[i * vectors + j] = dot.add(number, columns[j], sums[i * vectors + j]);
      }
    }
  }

  /// `sums` after `step(sums, k)` for each k below `length`.
  template <typename Step>
  llvm::SmallVector<mlir::Value> overSteps(VectorEmitter &emit, mlir::ValueRange sums,
                                           int64_t length, Step step) const {
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

  /// `sums` and the products of `length` steps more: as `addProduct`, with `vectorAt(k, j)` and
  /// `numberAt(k, i)` of step k, before which `beforeStep(k)` may ask for what is needed later.
  template <typename VectorAt, typename NumberAt, typename BeforeStep>
  llvm::SmallVector<mlir::Value> addProducts(const DotProduct &dot, mlir::ValueRange sums,
                                             int64_t length, VectorAt vectorAt, NumberAt numberAt,
                                             BeforeStep beforeStep) const {
    if (!dot.hasOffset()) {
      return addNumbers(dot, sums, length, vectorAt, numberAt, beforeStep);
    }
    llvm::SmallVector<mlir::Value> all(sums); // and a row for what the others have too much
    all.append(vectors, dot.emitter().zero());
    all = RegisterBlock{rows + 1, vectors, steps}.addNumbers(
        dot, all, length, vectorAt,
        [&](mlir::Value k, int64_t i) { return i < rows ? numberAt(k, i) : dot.zeros(); },
        beforeStep);
    for (int64_t i = 0; i < rows * vectors; ++i) {
      all[i] = dot.emitter().sub(all[i], all[rows * vectors + i % vectors]);
    }
    all.truncate(rows * vectors);
    return all;
  }

  /// As `addProducts`, but leaves in the sums what they have too much, because of what numbers have
  /// added. Where many blocks have the same vectors, `addExcess` says once how much that is.
  template <typename VectorAt, typename NumberAt, typename BeforeStep>
  llvm::SmallVector<mlir::Value> addNumbers(const DotProduct &dot, mlir::ValueRange sums,
                                            int64_t length, VectorAt vectorAt, NumberAt numberAt,
                                            BeforeStep beforeStep) const {
    return overSteps(dot.emitter(), sums, length,
                     [&](llvm::SmallVector<mlir::Value> &next, mlir::Value k) {
                       beforeStep(k);
                       addProduct(
                           dot, next, [&](int64_t j) { return vectorAt(k, j); },
                           [&](int64_t i) { return numberAt(k, i); });
                     });
  }

  /// `sums`, one row of them, and what each row has too much after `length` steps of `addNumbers`.
  template <typename VectorAt>
  llvm::SmallVector<mlir::Value> addExcess(const DotProduct &dot, mlir::ValueRange sums,
                                           int64_t length, VectorAt vectorAt) const {
    return RegisterBlock{1, vectors, steps}.addNumbers(
        dot, sums, length, vectorAt, [&](mlir::Value, int64_t) { return dot.zeros(); },
        [](mlir::Value) {});
  }
};

} // namespace chameleon

#endif // CHAMELEON_LIB_DIALECT_REGISTERBLOCK_H
