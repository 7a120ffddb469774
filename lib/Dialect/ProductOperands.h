//===- ProductOperands.h - What a sum of products works on ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DIALECT_PRODUCTOPERANDS_H
#define CHAMELEON_LIB_DIALECT_PRODUCTOPERANDS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include <string>

namespace chameleon {

/// Why `op` does not add up products of its two inputs, tensors of static shape and of one type of
/// numbers, in the type of the result, which is at least as wide; empty if it does.
std::string whyNotProducts(mlir::linalg::LinalgOp op);

/// Why `lanes` is no number of elements of a vector register, or `columns` results side by side are
/// no register block of such vectors; empty if they are.
std::string whyNotColumns(int64_t columns, int64_t lanes);

/// Why a sum of `length` products is not made chunk by chunk; empty if it is, and for a `chunk` of
/// 0, which is all of them.
std::string whyNotChunk(int64_t chunk, int64_t length);

/// Why `op`, a convolution, is not computed image by image from zeros; empty if it is.
std::string whyNotOneImage(mlir::linalg::LinalgOp op);

/// The argument of the function that `value` is, or is all of; null if it is none.
mlir::BlockArgument argumentOf(mlir::Value value);

/// Whether a function's argument is marked as constant.
bool isConstantArgument(mlir::BlockArgument argument);

/// The fill with zeros that `value` is, else null.
mlir::linalg::FillOp zeroFillOf(mlir::Value value);

/// Whether `value` is a constant zero.
bool isZero(mlir::Value value);

/// Elements of `argument` in a new tensor of `shape`, element i from where `from` says, marked as
/// something to compute once. Inserted at the start of the function.
mlir::Value createConstantPack(mlir::OpBuilder &builder, mlir::BlockArgument argument,
                               llvm::ArrayRef<int64_t> shape,
                               llvm::ArrayRef<mlir::AffineExpr> from);

} // namespace chameleon

#endif // CHAMELEON_LIB_DIALECT_PRODUCTOPERANDS_H
