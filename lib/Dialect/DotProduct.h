//===- DotProduct.h - How products are added to sums ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DIALECT_DOTPRODUCT_H
#define CHAMELEON_LIB_DIALECT_DOTPRODUCT_H

#include "VectorEmitter.h"
#include <string>

namespace chameleon {

/// Why `products` is not how many products an instruction adds to a sum: 1, 2 or 4. Empty if it is.
std::string whyNotDotProduct(int64_t products);

/// Adds products of a number, the same for all lanes, and a vector to a vector of sums: one product
/// for each lane, or several that are neighbours in the sum, by an instruction of x86.
///
///   numbers      sums  products
///   bf16         f32   2         VDPBF16PS
///   i8           i32   2         VPMADDWD and VPADDD, or VPDPWSSD, of i16
///   i8           i32   4         VPDPBUSD, of a number without a sign and a vector with one:
///                                numbers have 128 added, and sums 128 times the vector too much
///   other combinations 1         of numbers of the type of the sums
///
/// Sums are exact in integers: what overflows in between wraps around.
class DotProduct {
public:
  /// Of numbers of `type` with sums of the type and lanes of `emit`: `products` at once, or as many
  /// of them as there is an instruction for and each of `lengths` is a multiple of.
  DotProduct(VectorEmitter &emit, mlir::Type type, int64_t products = 1,
             llvm::ArrayRef<int64_t> lengths = {});

  /// Products of a lane.
  int64_t perLane() const { return products; }

  /// What numbers are in memory.
  mlir::Type numberType() const { return numbersAs; }
  /// Whether numbers are what is given, without a conversion.
  bool takesAsIs() const { return given == numbersAs && !hasOffset(); }
  /// A vector of what is given as numbers.
  mlir::Value toNumbers(mlir::Value vector) const;
  /// What zero is as a number.
  int64_t zeroAsNumber() const { return hasOffset() ? kOffset : 0; }
  /// The numbers of the products that begin with that at `indices` of a tensor of numbers, the same
  /// in every lane.
  mlir::Value readNumbers(mlir::Value tensor, mlir::ValueRange indices) const;

  /// A vector for each product of a lane, all together as they lie in memory: lane by lane.
  mlir::Value interleave(llvm::ArrayRef<mlir::Value> vectors) const;
  /// Where W[step][lane] has its elements from, in a matrix of products by vectors.
  mlir::AffineExpr productOf(mlir::AffineExpr step, mlir::AffineExpr lane) const;
  mlir::AffineExpr laneOf(mlir::AffineExpr lane) const;
  /// W from `indices` on, along the last dimension, for all lanes.
  mlir::Value readVector(mlir::Value tensor, mlir::ValueRange indices) const;

  /// `sums` + numbers * vector.
  mlir::Value add(mlir::Value numbers, mlir::Value vector, mlir::Value sums) const;

  /// Whether numbers have something added: sums have too much then, which is what zeros give.
  bool hasOffset() const { return products == 4; }
  /// The numbers of zeros, in every lane.
  mlir::Value zeros() const;

  VectorEmitter &emitter() const { return emit; }

private:
  static constexpr int64_t kOffset = -128; // + 128, as an i8

  int64_t mostProducts(int64_t wanted, llvm::ArrayRef<int64_t> lengths) const;
  bool hasInstruction(int64_t count) const;
  mlir::Value call(const std::string &intrinsic, mlir::ValueRange operands,
                   mlir::Type result) const;

  VectorEmitter &emit;
  mlir::Type given;
  int64_t products;
  mlir::Type numbersAs;
};

} // namespace chameleon

#endif // CHAMELEON_LIB_DIALECT_DOTPRODUCT_H
