//===- VectorEmitter.cpp - Short hand for loops of vector code on tensors -===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "VectorEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace chameleon {

VectorEmitter::VectorEmitter(ImplicitLocOpBuilder &builder, Type element, int64_t lanes)
    : builder(builder), element(element), numLanes(lanes) {}

VectorType VectorEmitter::vectorType(Type type) const { return VectorType::get({numLanes}, type); }

//===----------------------------------------------------------------------===//
// Indices and loops
//===----------------------------------------------------------------------===//

Value VectorEmitter::index(int64_t value) { return arith::ConstantIndexOp::create(builder, value); }

Value VectorEmitter::add(Value a, Value b) { return builder.createOrFold<arith::AddIOp>(a, b); }

Value VectorEmitter::sub(Value a, Value b) { return builder.createOrFold<arith::SubIOp>(a, b); }

Value VectorEmitter::mul(Value a, int64_t b) {
  return b == 1 ? a : builder.createOrFold<arith::MulIOp>(a, index(b));
}

Value VectorEmitter::ceilDiv(Value a, int64_t b) {
  return b == 1 ? a : builder.createOrFold<arith::CeilDivUIOp>(a, index(b));
}

Value VectorEmitter::floorDiv(Value a, int64_t b) {
  return b == 1 ? a : builder.createOrFold<arith::DivUIOp>(a, index(b));
}

Value VectorEmitter::min(Value a, Value b) { return builder.createOrFold<arith::MinSIOp>(a, b); }

Value VectorEmitter::max(Value a, Value b) { return builder.createOrFold<arith::MaxSIOp>(a, b); }

Value VectorEmitter::empty(ArrayRef<int64_t> shape) {
  return tensor::EmptyOp::create(builder, shape, element);
}

SmallVector<Value> VectorEmitter::loop(Value from, Value to, int64_t step, ValueRange carried,
                                       Body body) {
  std::optional<int64_t> first = getConstantIntValue(from);
  std::optional<int64_t> last = getConstantIntValue(to);
  if (first && last && *first >= *last) {
    return SmallVector<Value>(carried);
  }
  if (first && last && *first + step >= *last) {
    return body(from, carried);
  }
  auto loop = scf::ForOp::create(builder, from, to, index(step), carried,
                                 [&](OpBuilder &nested, Location, Value iv, ValueRange iterArgs) {
                                   OpBuilder::InsertionGuard guard(builder);
                                   builder.setInsertionPoint(nested.getInsertionBlock(),
                                                             nested.getInsertionPoint());
                                   SmallVector<Value> results = body(iv, iterArgs);
                                   scf::YieldOp::create(builder, results);
                                 });
  return SmallVector<Value>(loop.getResults());
}

//===----------------------------------------------------------------------===//
// Vectors
//===----------------------------------------------------------------------===//

static TypedAttr numberAttr(Type type, double value) {
  return isa<FloatType>(type) ? TypedAttr(FloatAttr::get(type, value))
                              : TypedAttr(IntegerAttr::get(type, static_cast<int64_t>(value)));
}

Value VectorEmitter::splat(Type type, double value) {
  Attribute scalar = numberAttr(type, value);
  return arith::ConstantOp::create(builder, SplatElementsAttr::get(vectorType(type), scalar));
}

Value VectorEmitter::zero() { return splat(0); }

Value VectorEmitter::broadcast(Value tensor, ValueRange indices) {
  Value scalar = tensor::ExtractOp::create(builder, tensor, indices);
  return vector::BroadcastOp::create(builder, vectorType(scalar.getType()), scalar);
}

Value VectorEmitter::extend(Value value, Type type) {
  VectorType extended = cast<VectorType>(value.getType()).clone(type);
  if (value.getType() == extended) {
    return value;
  }
  return isa<FloatType>(type) ? arith::ExtFOp::create(builder, extended, value).getResult()
                              : arith::ExtSIOp::create(builder, extended, value).getResult();
}

Value VectorEmitter::read(Value tensor, ValueRange indices, bool inBounds) {
  Type type = getElementTypeOrSelf(tensor.getType());
  Value padding = arith::ConstantOp::create(builder, builder.getZeroAttr(type));
  return vector::TransferReadOp::create(builder, vectorType(type), tensor, indices, padding,
                                        ArrayRef<bool>{inBounds});
}

Value VectorEmitter::write(Value vector, Value tensor, ValueRange indices) {
  return vector::TransferWriteOp::create(builder, vector, tensor, indices, ArrayRef<bool>{true})
      .getResult();
}

Value VectorEmitter::bufferToPrefetch(Value weights, int64_t next) {
  // Measured with a second cache of 1 MB: 74 kB gained 20 % where they came from memory, 300 kB
  // gained 2 % there and lost 2 % where they came from the third cache, 600 kB lost 6 %.
  constexpr int64_t kMostNextBytes = int64_t(128) << 10;
  constexpr int64_t kLeastBytes = int64_t(512) << 10;
  auto type = cast<RankedTensorType>(weights.getType());
  int64_t bits = type.getElementTypeBitWidth();
  if (next * bits > 8 * kMostNextBytes || type.getNumElements() * bits < 8 * kLeastBytes) {
    return {};
  }
  // Of any layout: one that bufferization has to keep would cost a copy.
  SmallVector<int64_t> strides(type.getRank(), ShapedType::kDynamic);
  auto layout = StridedLayoutAttr::get(builder.getContext(), ShapedType::kDynamic, strides);
  auto buffer = MemRefType::get(type.getShape(), type.getElementType(), layout);
  return bufferization::ToBufferOp::create(builder, buffer, weights, /*read_only=*/true);
}

void VectorEmitter::prefetchPart(Value buffer, ValueRange row, Value part, int64_t parts) {
  constexpr int64_t kLineBits = 512;   // of most; where lines are longer, some are asked for twice
  constexpr unsigned kSecondCache = 2; // 3 is the first one, 0 none
  auto type = cast<MemRefType>(buffer.getType());
  int64_t line = std::max<int64_t>(kLineBits / type.getElementTypeBitWidth(), 1);
  int64_t lines = llvm::divideCeil(type.getShape().back(), line);
  int64_t share = llvm::divideCeil(lines, parts);
  Value first =
      share > 1 ? min(mul(part, share), index(lines - share)) : floorDiv(mul(part, lines), parts);
  for (int64_t i = 0; i < share; ++i) {
    SmallVector<Value> at(row);
    at.push_back(mul(add(first, i), line));
    memref::PrefetchOp::create(builder, buffer, at, /*isWrite=*/false, kSecondCache,
                               /*isDataCache=*/true);
  }
}

Value VectorEmitter::insert(double value, Value tensor, ValueRange indices) {
  Type type = getElementTypeOrSelf(tensor.getType());
  Value scalar = arith::ConstantOp::create(builder, numberAttr(type, value));
  return tensor::InsertOp::create(builder, scalar, tensor, indices);
}

VectorType VectorEmitter::boxType(const Box &box, int64_t width, Type type) {
  SmallVector<int64_t> shape = box.counts;
  shape.push_back(width);
  return VectorType::get(shape, type);
}

AffineMap VectorEmitter::boxMap(const Box &box, int64_t rank) const {
  SmallVector<unsigned> dims = box.dims;
  dims.push_back(static_cast<unsigned>(rank - 1));
  return AffineMap::getMultiDimMapWithTargets(static_cast<unsigned>(rank), dims,
                                              builder.getContext());
}

/// Calls `visit` with the position of each vector of a box of `counts`, in order.
static void forEachVector(ArrayRef<int64_t> counts, function_ref<void(ArrayRef<int64_t>)> visit) {
  SmallVector<int64_t> strides = computeStrides(counts);
  for (int64_t i = 0, end = computeProduct(counts); i < end; ++i) {
    visit(delinearize(i, strides));
  }
}

SmallVector<Value> VectorEmitter::readBox(Value tensor, ValueRange indices, const Box &box,
                                          bool inBounds) {
  auto type = cast<RankedTensorType>(tensor.getType());
  Value padding = arith::ConstantOp::create(builder, builder.getZeroAttr(type.getElementType()));
  SmallVector<bool> bounds(box.counts.size(), true);
  bounds.push_back(inBounds);
  Value all = vector::TransferReadOp::create(builder, boxType(box, numLanes, type.getElementType()),
                                             tensor, indices, padding, boxMap(box, type.getRank()),
                                             ArrayRef<bool>(bounds));
  SmallVector<Value> vectors;
  forEachVector(box.counts, [&](ArrayRef<int64_t> position) {
    vectors.push_back(vector::ExtractOp::create(builder, all, position));
  });
  return vectors;
}

Value VectorEmitter::writeFirst(Value vector, int64_t count, Value tensor, ValueRange indices) {
  return writeBox(vector, tensor, indices, {}, count);
}

/// Elements [from, from + count) of `vector`.
static Value sliceOf(ImplicitLocOpBuilder &builder, Value vector, int64_t from, int64_t count) {
  if (cast<VectorType>(vector.getType()).getNumElements() == count) {
    return vector;
  }
  return vector::ExtractStridedSliceOp::create(builder, vector, ArrayRef<int64_t>{from},
                                               ArrayRef<int64_t>{count}, ArrayRef<int64_t>{1});
}

Value VectorEmitter::writeBox(ArrayRef<Value> vectors, Value tensor, ValueRange indices,
                              const Box &box, std::optional<int64_t> count) {
  auto type = cast<RankedTensorType>(tensor.getType());
  AffineMap map = boxMap(box, type.getRank());
  SmallVector<bool> bounds(box.counts.size() + 1, true);
  SmallVector<Value> at(indices);
  int64_t end = count.value_or(numLanes);
  // Pieces of a power of two, for which machines have stores.
  for (int64_t from = 0, width = numLanes; from < end; from += width) {
    while (width > end - from) {
      width /= 2;
    }
    VectorType boxed = boxType(box, width, type.getElementType());
    Value all = arith::ConstantOp::create(builder, builder.getZeroAttr(boxed));
    const Value *next = vectors.begin();
    forEachVector(box.counts, [&](ArrayRef<int64_t> position) {
      // Chains of vector.insert would be canonicalized to one op on all the scalars.
      SmallVector<int64_t> offsets(position);
      offsets.push_back(0);
      all = vector::InsertStridedSliceOp::create(builder, sliceOf(builder, *next++, from, width),
                                                 all, offsets, /*strides=*/ArrayRef<int64_t>{1});
    });
    at.back() = add(indices.back(), from);
    tensor = vector::TransferWriteOp::create(builder, all, tensor, at, map, ArrayRef<bool>(bounds))
                 .getResult();
  }
  return tensor;
}

Value VectorEmitter::fma(Value a, Value b, Value c) {
  if (isa<FloatType>(element)) {
    return vector::FMAOp::create(builder, a, b, c);
  }
  Value product = arith::MulIOp::create(builder, a, b);
  return arith::AddIOp::create(builder, product, c);
}

Value VectorEmitter::combine(ArrayRef<double> factors, ArrayRef<Value> values) {
  SmallVector<unsigned> order;
  for (unsigned i = 0; i < factors.size(); ++i) {
    if (factors[i] != 0) {
      order.push_back(i);
    }
  }
  // A plain term first: it starts the sum for nothing.
  auto *plain = llvm::find_if(order, [&](unsigned i) { return factors[i] == 1; });
  if (plain != order.end()) {
    std::rotate(order.begin(), plain, plain + 1);
  }
  Value sum;
  for (unsigned i : order) {
    if (!sum) {
      sum = factors[i] == 1
                ? values[i]
                : arith::MulFOp::create(builder, splat(factors[i]), values[i]).getResult();
    } else if (factors[i] == 1) {
      sum = arith::AddFOp::create(builder, sum, values[i]);
    } else if (factors[i] == -1) {
      sum = arith::SubFOp::create(builder, sum, values[i]);
    } else {
      sum = fma(splat(factors[i]), values[i], sum);
    }
  }
  return sum;
}

Value VectorEmitter::addOrTake(Value a, Value b) {
  if (!a || !b) {
    return a ? a : b;
  }
  return arith::AddFOp::create(builder, a, b);
}

Value VectorEmitter::subtractOrNegate(Value a, Value b) {
  if (!b) {
    return a;
  }
  return a ? arith::SubFOp::create(builder, a, b).getResult()
           : arith::NegFOp::create(builder, b).getResult();
}

/// Whether `b` is `a` but for the signs of some terms.
static bool differOnlyInSigns(ArrayRef<double> a, ArrayRef<double> b) {
  for (auto [x, y] : llvm::zip_equal(a, b)) {
    if (x != y && x != -y) {
      return false;
    }
  }
  return true;
}

SmallVector<Value> VectorEmitter::multiplyRows(const std::vector<std::vector<double>> &matrix,
                                               ArrayRef<Value> values) {
  SmallVector<Value> results;
  for (size_t row = 0; row < matrix.size(); ++row) {
    if (row + 1 == matrix.size() || !differOnlyInSigns(matrix[row], matrix[row + 1])) {
      results.push_back(combine(matrix[row], values));
      continue;
    }
    std::vector<double> equal = matrix[row];
    std::vector<double> opposite = matrix[row];
    for (size_t i = 0; i < equal.size(); ++i) {
      bool same = matrix[row][i] == matrix[row + 1][i];
      (same ? opposite : equal)[i] = 0;
    }
    Value even = combine(equal, values);
    Value odd = combine(opposite, values);
    results.push_back(addOrTake(even, odd));
    results.push_back(subtractOrNegate(even, odd));
    ++row;
  }
  return results;
}

/// Column `column` of `matrix`.
static SmallVector<double> columnOf(const std::vector<std::vector<double>> &matrix, size_t column) {
  return llvm::map_to_vector(matrix, [&](const std::vector<double> &row) { return row[column]; });
}

SmallVector<Value> VectorEmitter::multiplyColumns(const std::vector<std::vector<double>> &matrix,
                                                  ArrayRef<Value> values) {
  // x * a + x * b = x * (a + b), x * a - x * b = x * (a - b)
  std::vector<std::vector<double>> factors = matrix;
  SmallVector<Value> terms(values);
  for (size_t column = 0; column + 1 < values.size(); ++column) {
    if (!differOnlyInSigns(columnOf(matrix, column), columnOf(matrix, column + 1))) {
      continue;
    }
    terms[column] = arith::AddFOp::create(builder, values[column], values[column + 1]);
    terms[column + 1] = arith::SubFOp::create(builder, values[column], values[column + 1]);
    for (size_t i = 0; i < factors.size(); ++i) {
      bool same = matrix[i][column] == matrix[i][column + 1];
      factors[i][column] = same ? matrix[i][column] : 0;
      factors[i][column + 1] = same ? 0 : matrix[i][column];
    }
    ++column;
  }
  return llvm::map_to_vector(factors,
                             [&](const std::vector<double> &row) { return combine(row, terms); });
}

/// Of four rows: each four elements of them as a square, transposed. By interleaving, for which
/// machines have instructions.
static void transposeFours(ImplicitLocOpBuilder &builder, MutableArrayRef<Value> rows,
                           int64_t lanes) {
  SmallVector<int64_t> masks[4]; // low and high single elements, low and high pairs
  for (int64_t four = 0; four < lanes; four += 4) {
    for (int64_t half : {0, 1}) {
      int64_t a = four + 2 * half;
      int64_t b = lanes + a;
      masks[half].append({a, b, a + 1, b + 1});
      masks[2 + half].append({a, a + 1, b, b + 1});
    }
  }
  auto shuffle = [&](Value a, Value b, ArrayRef<int64_t> mask) -> Value {
    return vector::ShuffleOp::create(builder, a, b, mask);
  };
  Value pairs[4];
  for (int64_t i : {0, 2}) {
    pairs[i] = shuffle(rows[i], rows[i + 1], masks[0]);
    pairs[i + 1] = shuffle(rows[i], rows[i + 1], masks[1]);
  }
  for (int64_t i : {0, 1}) {
    rows[2 * i] = shuffle(pairs[i], pairs[i + 2], masks[2]);
    rows[2 * i + 1] = shuffle(pairs[i], pairs[i + 2], masks[3]);
  }
}

void VectorEmitter::transpose(MutableArrayRef<Value> rows) {
  assert(static_cast<int64_t>(rows.size()) == numLanes && llvm::isPowerOf2_64(rows.size()) &&
         "expected a square");
  int64_t done = 1; // squares of so many elements are transposed
  if (numLanes >= 4) {
    for (int64_t i = 0; i < numLanes; i += 4) {
      transposeFours(builder, rows.slice(i, 4), numLanes);
    }
    done = 4;
  }
  // Blocks of `width` elements change places between rows `width` apart, for each power of two.
  for (int64_t width = done; width < numLanes; width *= 2) {
    SmallVector<int64_t> upper;
    SmallVector<int64_t> lower;
    for (int64_t lane = 0; lane < numLanes; ++lane) {
      bool odd = (lane / width) % 2 == 1;
      upper.push_back(odd ? numLanes + lane - width : lane);
      lower.push_back(odd ? numLanes + lane : lane + width);
    }
    for (int64_t row = 0; row < numLanes; ++row) {
      if ((row / width) % 2 == 1) {
        continue;
      }
      Value a = rows[row];
      Value b = rows[row + width];
      rows[row] = vector::ShuffleOp::create(builder, a, b, upper);
      rows[row + width] = vector::ShuffleOp::create(builder, a, b, lower);
    }
  }
}

SmallVector<Value> VectorEmitter::deinterleave(ArrayRef<Value> vectors) {
  assert(llvm::isPowerOf2_64(vectors.size()) && "expected a power of two of vectors");
  if (vectors.size() == 1) {
    return {vectors.front()};
  }
  SmallVector<SmallVector<Value>, 2> parts; // even elements, odd elements: half as many vectors
  for (int64_t parity : {0, 1}) {
    SmallVector<int64_t> mask;
    for (int64_t element = parity; element < 2 * numLanes; element += 2) {
      mask.push_back(element);
    }
    SmallVector<Value> half;
    for (size_t i = 0; i < vectors.size(); i += 2) {
      half.push_back(vector::ShuffleOp::create(builder, vectors[i], vectors[i + 1], mask));
    }
    parts.push_back(deinterleave(half));
  }
  SmallVector<Value> result;
  for (auto [even, odd] : llvm::zip_equal(parts[0], parts[1])) {
    result.append({even, odd});
  }
  return result;
}

SmallVector<Value> VectorEmitter::concatenate(ArrayRef<Value> vectors, int64_t count) {
  SmallVector<Value> wholes;
  int64_t total = static_cast<int64_t>(vectors.size()) * count;
  for (int64_t first = 0; first < total; first += numLanes) {
    Value whole = vectors[first / count];
    int64_t end = std::min(first + numLanes, total);
    for (int64_t i = first / count; i * count < end; ++i) {
      // The lanes that vector i fills; the others stay.
      SmallVector<int64_t> lanes;
      for (int64_t lane = 0; lane < numLanes; ++lane) {
        int64_t element = first + lane;
        bool ofThis = element < end && element / count == i;
        lanes.push_back(ofThis ? numLanes + element % count : lane);
      }
      whole = vector::ShuffleOp::create(builder, whole, vectors[i], lanes);
    }
    wholes.push_back(whole);
  }
  return wholes;
}

} // namespace chameleon
