//===- VectorEmitter.h - Short hand for loops of vector code on tensors ---===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a rewrite needs that writes vector code itself: index arithmetic, loops that carry tensors,
// reads and writes of one vector, sums with constant factors, and the transposition of a square of
// vectors. All vectors have the same length; contents are tensors, so that what is built bufferizes
// in place like any other task.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DIALECT_VECTOREMITTER_H
#define CHAMELEON_LIB_DIALECT_VECTOREMITTER_H

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include <optional>

namespace chameleon {

class VectorEmitter {
public:
  using Body = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value index,
                                                                 mlir::ValueRange carried)>;

  /// Emits with `builder` vectors of `lanes` elements, computing in the type `element`.
  VectorEmitter(mlir::ImplicitLocOpBuilder &builder, mlir::Type element, int64_t lanes);

  mlir::Value index(int64_t value);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value add(mlir::Value a, int64_t b) { return b == 0 ? a : add(a, index(b)); }
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, int64_t b);
  /// a / b rounded up, and rounded down; a at least 0, b at least 1.
  mlir::Value ceilDiv(mlir::Value a, int64_t b);
  mlir::Value floorDiv(mlir::Value a, int64_t b);
  mlir::Value min(mlir::Value a, mlir::Value b);
  mlir::Value max(mlir::Value a, mlir::Value b);

  /// An uninitialized tensor.
  mlir::Value empty(llvm::ArrayRef<int64_t> shape);

  /// for index in [from, to) by `step`: carried = body(index, carried). Returns what is carried
  /// out. No loop where nothing or one iteration is known to be left.
  llvm::SmallVector<mlir::Value> loop(mlir::Value from, mlir::Value to, int64_t step,
                                      mlir::ValueRange carried, Body body);
  llvm::SmallVector<mlir::Value> loop(int64_t to, int64_t step, mlir::ValueRange carried,
                                      Body body) {
    return loop(index(0), index(to), step, carried, body);
  }

  mlir::Value zero();
  mlir::Value splat(double value) { return splat(element, value); }
  mlir::Value splat(mlir::Type type, double value);
  /// The element at `indices` in every lane.
  mlir::Value broadcast(mlir::Value tensor, mlir::ValueRange indices);
  /// `value`, a vector of the same kind of numbers and no wider ones, in the type computed in, or
  /// in `type`.
  mlir::Value extend(mlir::Value value) { return extend(value, element); }
  mlir::Value extend(mlir::Value value, mlir::Type type);
  /// Elements along the last dimension. Beyond the end, which only a read that is not `inBounds`
  /// may reach, lanes are 0.
  mlir::Value read(mlir::Value tensor, mlir::ValueRange indices, bool inBounds = true);
  /// `tensor` with `vector` in it, along the last dimension.
  mlir::Value write(mlir::Value vector, mlir::Value tensor, mlir::ValueRange indices);
  /// As `write`, of the first `count` elements, at least one: in pieces of a power of two. A masked
  /// store takes dozens of micro-operations before AVX-512.
  mlir::Value writeFirst(mlir::Value vector, int64_t count, mlir::Value tensor,
                         mlir::ValueRange indices);

  /// `weights`, which nobody writes to, as a memref to prefetch from, if it pays to ask for `next`
  /// elements of them before they are needed: they must fit a second cache beside what is worked
  /// on, and all of them together must not. Else null.
  mlir::Value bufferToPrefetch(mlir::Value weights, int64_t next);
  /// Asks for part `part` of `parts` of the cache lines along the last dimension of `buffer`, a
  /// memref, to be brought to the second cache; `row` are the other indices. If there are fewer
  /// lines than parts, for the same line several times.
  ///
  /// A core can wait for some twenty lines at once, which sustains 20 to 30 GB/s: an inner
  /// loop that asks for little in each step hides all of it.
  void prefetchPart(mlir::Value buffer, mlir::ValueRange row, mlir::Value part, int64_t parts);

  /// `tensor` with `value` at `indices`.
  mlir::Value insert(double value, mlir::Value tensor, mlir::ValueRange indices);

  /// Vectors side by side in a tensor: `counts[i]` of them along dimension `dims[i]`, the last of
  /// these innermost. Read and written by one op, whatever their number: bufferization looks at all
  /// pairs of accesses.
  struct Box {
    llvm::SmallVector<unsigned> dims;
    llvm::SmallVector<int64_t> counts;
  };
  /// As `read`, for the vectors of `box` from `indices` on. Only the last dimension may end early.
  llvm::SmallVector<mlir::Value> readBox(mlir::Value tensor, mlir::ValueRange indices,
                                         const Box &box, bool inBounds = true);
  /// As `writeFirst`, all of the elements if there is no `count`.
  mlir::Value writeBox(llvm::ArrayRef<mlir::Value> vectors, mlir::Value tensor,
                       mlir::ValueRange indices, const Box &box,
                       std::optional<int64_t> count = std::nullopt);
  /// a * b + c, fused where that is a thing of the type.
  mlir::Value fma(mlir::Value a, mlir::Value b, mlir::Value c);

  /// matrix * values, for the matrices of Winograd's algorithm (small, sparse, most factors 1).
  /// Rows, or columns, that differ only in the sign of every other term are summed up once.
  llvm::SmallVector<mlir::Value> multiplyRows(const std::vector<std::vector<double>> &matrix,
                                              llvm::ArrayRef<mlir::Value> values);
  llvm::SmallVector<mlir::Value> multiplyColumns(const std::vector<std::vector<double>> &matrix,
                                                 llvm::ArrayRef<mlir::Value> values);

  /// Element j of vector i becomes element i of vector j. `rows` has as many vectors as they have
  /// lanes, a power of two.
  void transpose(llvm::MutableArrayRef<mlir::Value> rows);

  /// Every n-th element of `vectors`, one after the other, in vector 0; those behind them in vector
  /// 1; and so on. n is the number of vectors, a power of two.
  llvm::SmallVector<mlir::Value> deinterleave(llvm::ArrayRef<mlir::Value> vectors);

  /// The first `count` elements of each vector, one vector after the other, in whole vectors; what
  /// lies behind the last element is undefined.
  llvm::SmallVector<mlir::Value> concatenate(llvm::ArrayRef<mlir::Value> vectors, int64_t count);

  int64_t lanes() const { return numLanes; }
  mlir::Type elementType() const { return element; }
  mlir::VectorType vectorType(mlir::Type type) const;
  mlir::ImplicitLocOpBuilder &getBuilder() { return builder; }

private:
  static mlir::VectorType boxType(const Box &box, int64_t width, mlir::Type type);
  /// Where the vectors of `box` lie in a tensor of `rank` dimensions.
  mlir::AffineMap boxMap(const Box &box, int64_t rank) const;

  /// Sum of factor * value over the terms with a factor; null if there is none.
  mlir::Value combine(llvm::ArrayRef<double> factors, llvm::ArrayRef<mlir::Value> values);
  mlir::Value addOrTake(mlir::Value a, mlir::Value b);
  mlir::Value subtractOrNegate(mlir::Value a, mlir::Value b);

  mlir::ImplicitLocOpBuilder &builder;
  mlir::Type element;
  int64_t numLanes;
};

} // namespace chameleon

#endif // CHAMELEON_LIB_DIALECT_VECTOREMITTER_H
