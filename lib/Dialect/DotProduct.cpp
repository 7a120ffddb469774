//===- DotProduct.cpp - How products are added to sums --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DotProduct.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace chameleon {

/// Bits of a sum, whatever the instruction.
static constexpr int64_t kLaneBits = 32;

std::string whyNotDotProduct(int64_t products) {
  return products == 1 || products == 2 || products == 4
             ? ""
             : "expected 'dot' to be 1, 2 or 4, but got " + std::to_string(products);
}

DotProduct::DotProduct(VectorEmitter &emit, Type type, int64_t products, ArrayRef<int64_t> lengths)
    : emit(emit), given(type), products(mostProducts(products, lengths)) {
  Type widened = type.isInteger(8) ? emit.getBuilder().getI16Type() : type;
  numbersAs = perLane() == 1 ? emit.elementType() : perLane() == 2 ? widened : type;
}

int64_t DotProduct::mostProducts(int64_t wanted, ArrayRef<int64_t> lengths) const {
  auto divides = [&](int64_t length) { return length % wanted == 0; };
  while (wanted > 1 && !(hasInstruction(wanted) && llvm::all_of(lengths, divides))) {
    wanted /= 2;
  }
  return wanted;
}

bool DotProduct::hasInstruction(int64_t count) const {
  int64_t bits = emit.lanes() * kLaneBits;
  if (bits != 128 && bits != 256 && bits != 512) {
    return false;
  }
  bool bytes = given.isInteger(8) && emit.elementType().isInteger(kLaneBits);
  return count == 2 ? bytes || (given.isBF16() && emit.elementType().isF32()) : count == 4 && bytes;
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

Value DotProduct::toNumbers(Value vector) const {
  if (!hasOffset()) {
    return emit.extend(vector, numbersAs);
  }
  // To add 128 in eight bits is to flip the highest one.
  Value offset = emit.splat(numbersAs, kOffset);
  return arith::XOrIOp::create(emit.getBuilder(), vector, offset);
}

Value DotProduct::readNumbers(Value tensor, ValueRange indices) const {
  if (products == 1) {
    return emit.broadcast(tensor, indices);
  }
  ImplicitLocOpBuilder &builder = emit.getBuilder();
  Type word = builder.getIntegerType(kLaneBits);
  Value padding = arith::ConstantOp::create(builder, builder.getZeroAttr(numbersAs));
  Value few = vector::TransferReadOp::create(builder, VectorType::get({products}, numbersAs),
                                             tensor, indices, padding, ArrayRef<bool>{true});
  Value asWord = vector::BitCastOp::create(builder, VectorType::get({1}, word), few);
  Value scalar = vector::ExtractOp::create(builder, asWord, ArrayRef<int64_t>{0});
  Value words = vector::BroadcastOp::create(builder, emit.vectorType(word), scalar);
  return vector::BitCastOp::create(builder, VectorType::get({products * emit.lanes()}, numbersAs),
                                   words);
}

Value DotProduct::zeros() const {
  ImplicitLocOpBuilder &builder = emit.getBuilder();
  auto all = VectorType::get({products * emit.lanes()}, numbersAs);
  TypedAttr zero = builder.getIntegerAttr(numbersAs, zeroAsNumber());
  return arith::ConstantOp::create(builder, SplatElementsAttr::get(all, Attribute(zero)));
}

//===----------------------------------------------------------------------===//
// Vectors
//===----------------------------------------------------------------------===//

Value DotProduct::interleave(ArrayRef<Value> vectors) const {
  // Those of even numbers with each other before, and those of odd ones.
  SmallVector<Value> left(vectors);
  for (size_t half = left.size() / 2; half > 0; half /= 2) {
    for (size_t i = 0; i < half; ++i) {
      left[i] = vector::InterleaveOp::create(emit.getBuilder(), left[i], left[i + half]);
    }
  }
  return left[0];
}

AffineExpr DotProduct::productOf(AffineExpr step, AffineExpr lane) const {
  return step * products + lane % products;
}

AffineExpr DotProduct::laneOf(AffineExpr lane) const { return lane.floorDiv(products); }

Value DotProduct::readVector(Value tensor, ValueRange indices) const {
  ImplicitLocOpBuilder &builder = emit.getBuilder();
  Type stored = getElementTypeOrSelf(tensor.getType());
  Value padding = arith::ConstantOp::create(builder, builder.getZeroAttr(stored));
  auto all = VectorType::get({products * emit.lanes()}, stored);
  Value vector =
      vector::TransferReadOp::create(builder, all, tensor, indices, padding, ArrayRef<bool>{true});
  return emit.extend(vector, numbersAs);
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

Value DotProduct::call(const std::string &intrinsic, ValueRange operands, Type result) const {
  ImplicitLocOpBuilder &builder = emit.getBuilder();
  return LLVM::CallIntrinsicOp::create(builder, result, builder.getStringAttr(intrinsic), operands)
      .getResults();
}

Value DotProduct::add(Value numbers, Value vector, Value sums) const {
  if (products == 1) {
    return emit.fma(numbers, vector, sums);
  }
  int64_t bits = emit.lanes() * kLaneBits;
  if (products == 4) {
    return call("llvm.x86.avx512.vpdpbusd." + std::to_string(bits), {sums, numbers, vector},
                sums.getType());
  }
  if (given.isBF16()) {
    return call("llvm.x86.avx512bf16.dpbf16ps." + std::to_string(bits), {sums, numbers, vector},
                sums.getType());
  }
  const char *name = bits == 512   ? "llvm.x86.avx512.pmaddw.d.512"
                     : bits == 256 ? "llvm.x86.avx2.pmadd.wd"
                                   : "llvm.x86.sse2.pmadd.wd";
  return arith::AddIOp::create(emit.getBuilder(), sums,
                               call(name, {numbers, vector}, sums.getType()));
}

} // namespace chameleon
