//===- ProductOperands.cpp - What a sum of products works on --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ProductOperands.h"
#include "chameleon/Dialect/Names.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;

namespace chameleon {

/// Whether `value` is argument `number` of its block, as it is or extended as a signed number.
static bool isInput(Value value, unsigned number) {
  if (Operation *extension = value.getDefiningOp();
      isa_and_nonnull<arith::ExtFOp, arith::ExtSIOp>(extension)) {
    value = extension->getOperand(0);
  }
  auto argument = dyn_cast<BlockArgument>(value);
  return argument && argument.getArgNumber() == number;
}

/// Whether the body of `op` yields its third argument plus the product of the others.
static bool addsProducts(linalg::LinalgOp op) {
  Block *body = op.getBlock();
  if (body->getNumArguments() != 3) {
    return false;
  }
  Operation *sum = body->getTerminator()->getOperand(0).getDefiningOp();
  if (!isa_and_nonnull<arith::AddFOp, arith::AddIOp>(sum)) {
    return false;
  }
  Value total = body->getArgument(2);
  Value other = sum->getOperand(0) == total ? sum->getOperand(1) : sum->getOperand(0);
  Operation *product = other.getDefiningOp();
  if (!llvm::is_contained(sum->getOperands(), total) ||
      !isa_and_nonnull<arith::MulFOp, arith::MulIOp>(product)) {
    return false;
  }
  Value a = product->getOperand(0);
  Value b = product->getOperand(1);
  return (isInput(a, 0) && isInput(b, 1)) || (isInput(a, 1) && isInput(b, 0));
}

std::string whyNotProducts(linalg::LinalgOp op) {
  constexpr const char *kNoSum = "expected a sum of products of two inputs, signed where they are "
                                 "integers";
  if (op->getNumOperands() != 3 || op->getNumResults() != 1) {
    return kNoSum;
  }
  for (Type type : op->getOperandTypes()) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.hasStaticShape() || tensor.getNumElements() == 0) {
      return "expected tensors of static shape, none of them empty";
    }
  }
  Type a = getElementTypeOrSelf(op->getOperand(0).getType());
  Type b = getElementTypeOrSelf(op->getOperand(1).getType());
  Type sum = getElementTypeOrSelf(op->getResult(0).getType());
  bool widens = a == sum || (a.isIntOrFloat() && sum.isIntOrFloat() &&
                             a.getIntOrFloatBitWidth() < sum.getIntOrFloatBitWidth());
  if (a != b || !widens || !sum.isIntOrFloat() || sum.isInteger(1)) {
    return "expected inputs of one type of numbers, and sums of that type or a wider one";
  }
  return addsProducts(op) ? "" : kNoSum;
}

/// More than any register block has, and few enough to multiply without a thought of overflow.
static constexpr int64_t kMostElements = 4096;

/// Why `lanes` is no number of elements of a vector register; empty if it is one.
static std::string whyNotLanes(int64_t lanes) {
  return lanes >= 1 && lanes <= kMostElements && llvm::isPowerOf2_64(lanes)
             ? ""
             : "expected a power of two as lanes, at most " + std::to_string(kMostElements) +
                   ", but got " + std::to_string(lanes);
}

std::string whyNotColumns(int64_t columns, int64_t lanes) {
  if (std::string reason = whyNotLanes(lanes); !reason.empty()) {
    return reason;
  }
  return columns >= 1 && columns <= kMostElements && columns % lanes == 0
             ? ""
             : "expected a multiple of the " + std::to_string(lanes) + " lanes, at most " +
                   std::to_string(kMostElements) + ", as the width of a register block, but got " +
                   std::to_string(columns);
}

std::string whyNotChunk(int64_t chunk, int64_t length) {
  return chunk == 0 || (chunk > 0 && length % chunk == 0)
             ? ""
             : "expected a chunk that divides the " + std::to_string(length) +
                   " input channels, or 0, but got " + std::to_string(chunk);
}

std::string whyNotOneImage(linalg::LinalgOp op) {
  if (cast<RankedTensorType>(op->getOperand(0).getType()).getDimSize(0) != 1) {
    return "expected one image; tile the batch by 1 before";
  }
  return zeroFillOf(op.getDpsInits()[0]) ? "" : "expected a sum that starts from zeros";
}

BlockArgument argumentOf(Value value) {
  while (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>()) {
    if (slice.getType() != slice.getSourceType()) {
      return nullptr;
    }
    value = slice.getSource();
  }
  auto argument = dyn_cast<BlockArgument>(value);
  bool ofFunction = argument && argument.getOwner()->isEntryBlock() &&
                    isa<FunctionOpInterface>(argument.getOwner()->getParentOp());
  return ofFunction ? argument : nullptr;
}

bool isConstantArgument(BlockArgument argument) {
  auto function = cast<FunctionOpInterface>(argument.getOwner()->getParentOp());
  return function.getArgAttr(argument.getArgNumber(), kConstantAttr) != nullptr;
}

bool isZero(Value value) {
  return matchPattern(value, m_AnyZeroFloat()) || matchPattern(value, m_Zero());
}

linalg::FillOp zeroFillOf(Value value) {
  auto fill = value.getDefiningOp<linalg::FillOp>();
  return fill && isZero(fill.getInputs().front()) ? fill : nullptr;
}

Value createConstantPack(OpBuilder &builder, BlockArgument argument, ArrayRef<int64_t> shape,
                         ArrayRef<AffineExpr> from) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(argument.getOwner());
  Location loc = argument.getLoc();
  Type type = getElementTypeOrSelf(argument.getType());
  auto rank = static_cast<unsigned>(shape.size());
  Value empty = tensor::EmptyOp::create(builder, loc, shape, type);
  SmallVector<AffineMap> maps{AffineMap::get(rank, 0, from, builder.getContext()),
                              builder.getMultiDimIdentityMap(rank)};
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  auto generic =
      linalg::GenericOp::create(builder, loc, empty.getType(), argument, empty, maps, iterators,
                                [](OpBuilder &nested, Location at, ValueRange args) {
                                  linalg::YieldOp::create(nested, at, args[0]);
                                });
  generic->setAttr(kConstantPackAttr, builder.getUnitAttr());
  return generic.getResult(0);
}

} // namespace chameleon
