//===- Exactness.cpp -----------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Exactness.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"
#include <algorithm>
#include <cmath>
#include <optional>

using namespace mlir;

namespace chameleon {
namespace {

using Bound = std::optional<double>; // of a magnitude; none: not exact

constexpr int64_t kIntegerMagnitude = 100;
constexpr int kSpareBits = 6; // f32 only: narrower formats have none to spare
constexpr double kConstantUnit = 1.0 / 16;

/// Magnitudes up to which `type` holds every integer, less the bits to spare.
double largestExact(Type type) {
  auto floating = dyn_cast<FloatType>(getElementTypeOrSelf(type));
  if (!floating)
    return INFINITY; // integers wrap around, which is the same in whatever order
  const unsigned bits = floating.getFPMantissaWidth();
  return std::ldexp(1.0, static_cast<int>(bits) - (bits >= 24 ? kSpareBits : 0));
}

bool isFloat(Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); }

/// Infinities only ever lose comparisons.
Bound boundOfFloat(const llvm::APFloat &value) {
  if (value.isInfinity())
    return 0.0;
  const double magnitude = std::fabs(value.convertToDouble());
  const double units = magnitude / kConstantUnit;
  if (!(units == std::floor(units)))
    return std::nullopt;
  return magnitude == std::floor(magnitude) ? magnitude : magnitude / kConstantUnit;
}

Bound boundOfConstant(Attribute value) {
  if (auto number = dyn_cast<FloatAttr>(value))
    return boundOfFloat(number.getValue());
  if (auto number = dyn_cast<IntegerAttr>(value))
    return std::fabs(number.getValue().signedRoundToDouble());
  auto elements = dyn_cast<DenseElementsAttr>(value);
  if (!elements)
    return std::nullopt;
  if (!isa<FloatType>(elements.getElementType()))
    return static_cast<double>(kIntegerMagnitude);
  double largest = 0;
  if (elements.isSplat())
    return boundOfFloat(elements.getSplatValue<llvm::APFloat>());
  for (const llvm::APFloat &element : elements.getValues<llvm::APFloat>()) {
    const Bound bound = boundOfFloat(element);
    if (!bound)
      return std::nullopt;
    largest = std::max(largest, *bound);
  }
  return largest;
}

/// Bounds of all values of a function, from those of its inputs.
class MagnitudeAnalysis {
public:
  explicit MagnitudeAnalysis(double input) : input(input) {}

  bool run(func::FuncOp task) {
    for (BlockArgument argument : task.getArguments())
      bounds[argument] = input;
    for (Operation &op : task.getBody().front().without_terminator())
      if (!visit(&op))
        return false;
    return true;
  }

private:
  double of(Value value) const {
    auto found = bounds.find(value);
    return found == bounds.end() ? input : found->second; // index values and the like
  }
  double largestOperand(Operation *op) const {
    double largest = 0;
    for (Value operand : op->getOperands())
      if (!operand.getType().isIndex())
        largest = std::max(largest, of(operand));
    return largest;
  }
  bool set(Value value, Bound bound) {
    if (!bound || *bound > largestExact(value.getType()))
      return false;
    bounds[value] = *bound;
    return true;
  }

  bool visit(Operation *op) {
    if (auto structured = dyn_cast<linalg::LinalgOp>(op))
      return visitStructured(structured);
    if (auto pad = dyn_cast<tensor::PadOp>(op))
      return visitPad(pad);
    if (isa<tensor::EmptyOp>(op))
      return set(op->getResult(0), 0.0);
    if (isa<tensor::TensorDialect>(op->getDialect()) || isa<linalg::PackOp, linalg::UnPackOp>(op)) {
      const double bound = largestOperand(op);
      return llvm::all_of(op->getResults(), [&](Value result) { return set(result, bound); });
    }
    return op->getNumResults() == 1 && set(op->getResult(0), boundOfScalar(op));
  }

  bool visitPad(tensor::PadOp pad) {
    for (Operation &op : pad.getRegion().front().without_terminator())
      if (!visit(&op))
        return false;
    return set(pad.getResult(), std::max(of(pad.getSource()), of(pad.getConstantPaddingValue())));
  }

  bool visitStructured(linalg::LinalgOp op) {
    double trips = 1;
    for (auto [range, iterator] : llvm::zip(op.getStaticLoopRanges(), op.getIteratorTypesArray()))
      if (iterator == utils::IteratorType::reduction)
        trips *= static_cast<double>(range);
    const bool reduces = op.getNumReductionLoops() > 0;
    for (OpOperand &operand : op->getOpOperands()) {
      const bool accumulator = reduces && op.isDpsInit(&operand);
      bounds[op.getMatchingBlockArgument(&operand)] = accumulator ? 0 : of(operand.get());
    }
    for (Operation &nested : op.getBlock()->without_terminator())
      if (!visit(&nested))
        return false;
    // One step adds at most what the body yields for an empty accumulator.
    Operation *yield = op.getBlock()->getTerminator();
    for (auto [result, yielded, destination] :
         llvm::zip(op->getResults(), yield->getOperands(), op.getDpsInits()))
      if (!set(result, reduces ? of(destination) + trips * of(yielded) : of(yielded)))
        return false;
    return true;
  }

  Bound boundOfScalar(Operation *op) const {
    auto operand = [&](unsigned i) { return of(op->getOperand(i)); };
    return llvm::TypeSwitch<Operation *, Bound>(op)
        .Case<arith::ConstantOp>([](auto constant) { return boundOfConstant(constant.getValue()); })
        .Case<arith::AddFOp, arith::SubFOp, arith::AddIOp, arith::SubIOp>(
            [&](auto) { return operand(0) + operand(1); })
        .Case<arith::MulFOp, arith::MulIOp>([&](auto) { return operand(0) * operand(1); })
        .Case<math::FmaOp>([&](auto) { return operand(0) * operand(1) + operand(2); })
        .Case<arith::SelectOp>([&](auto) { return std::max(operand(1), operand(2)); })
        .Case<arith::CmpFOp, arith::CmpIOp>([](auto) { return 1.0; })
        .Case<arith::MaximumFOp, arith::MinimumFOp, arith::MaxNumFOp, arith::MinNumFOp,
              arith::MaxSIOp, arith::MinSIOp, arith::NegFOp, math::AbsFOp, arith::ExtFOp,
              arith::TruncFOp, arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp, arith::SIToFPOp,
              arith::FPToSIOp>([&](Operation *) { return largestOperand(op); })
        .Case<linalg::IndexOp, arith::IndexCastOp>([](auto) { return 1.0e9; })
        .Default([](Operation *) { return std::nullopt; });
  }

  const double input;
  llvm::DenseMap<Value, double> bounds;
};

bool computesInFloat(Operation *root) {
  return root
      ->walk([](Operation *op) {
        const bool any = llvm::any_of(op->getResultTypes(), isFloat) ||
                         llvm::any_of(op->getOperandTypes(), isFloat);
        return any ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

bool isExactOp(Operation *op) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return !isFloat(constant.getType()) || boundOfConstant(constant.getValue()).has_value();
  if (!llvm::any_of(op->getResultTypes(), isFloat))
    return true;
  if (isa<math::MathDialect>(op->getDialect()))
    return isa<math::FmaOp, math::AbsFOp, math::FloorOp, math::CeilOp, math::CopySignOp>(op);
  if (isa<linalg::WinogradFilterTransformOp, linalg::WinogradInputTransformOp,
          linalg::WinogradOutputTransformOp>(op))
    return false;
  return !isa<arith::DivFOp, arith::RemFOp, linalg::SoftmaxOp>(op);
}

} // namespace

int64_t exactMagnitude(func::FuncOp task) {
  if (!computesInFloat(task))
    return kIntegerMagnitude;
  for (const int64_t magnitude : {8, 4, 2, 1})
    if (MagnitudeAnalysis(static_cast<double>(magnitude)).run(task))
      return magnitude;
  return 0;
}

bool hasOnlyExactArithmetic(ModuleOp module) {
  return !module
              .walk([](Operation *op) {
                return isExactOp(op) ? WalkResult::advance() : WalkResult::interrupt();
              })
              .wasInterrupted();
}

} // namespace chameleon
