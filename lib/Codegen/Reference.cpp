//===- Reference.cpp - The f64 reference -------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The conversion changes types in place: every value in the body that held a float holds an f64
// after it, so that ops need no case of their own unless they carry a float in an attribute or
// convert floats.
//
//===----------------------------------------------------------------------===//
#include "LoopHints.h"
#include "ReferenceLoops.h"
#include "chameleon/Codegen/Baselines.h"
#include "chameleon/Dialect/Names.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;

namespace chameleon {

namespace {

Type toF64(Type type) {
  auto f64 = Float64Type::get(type.getContext());
  if (isa<FloatType>(type))
    return f64;
  if (auto tensor = dyn_cast<RankedTensorType>(type);
      tensor && isa<FloatType>(tensor.getElementType()))
    return tensor.clone(f64);
  return type;
}

bool isNarrowFloat(Type type) { return toF64(type) != type; }

/// Ops that mean the same in f64 once their types are changed, or that the conversion treats
/// itself.
bool isConvertible(Operation *op) {
  if (isa<arith::BitcastOp, tensor::BitcastOp>(op))
    return false;
  return isa<arith::ArithDialect, math::MathDialect, linalg::LinalgDialect, tensor::TensorDialect,
             affine::AffineDialect, scf::SCFDialect>(op->getDialect()) ||
         isa<func::ReturnOp>(op);
}

/// `value` element by element in f64.
Value extend(OpBuilder &builder, Location loc, Value value) {
  Type type = toF64(value.getType());
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return arith::ExtFOp::create(builder, loc, type, value);
  Value empty = tensor::EmptyOp::create(builder, loc, tensor.getShape(), tensor.getElementType());
  AffineMap identity = builder.getMultiDimIdentityMap(tensor.getRank());
  SmallVector<utils::IteratorType> iterators(tensor.getRank(), utils::IteratorType::parallel);
  auto body = [&](OpBuilder &b, Location loc, ValueRange arguments) {
    Value wide = arith::ExtFOp::create(b, loc, b.getF64Type(), arguments.front());
    linalg::YieldOp::create(b, loc, wide);
  };
  return linalg::GenericOp::create(builder, loc, type, value, empty, ArrayRef{identity, identity},
                                   iterators, body)
      .getResult(0);
}

class Converter {
public:
  explicit Converter(func::FuncOp function) : function(function), rewriter(function.getContext()) {}

  LogicalResult run() {
    if (function.isExternal() || !function.getBody().hasOneBlock())
      return function.emitOpError("expected a body of one block");
    if (failed(generalize()))
      return failure();
    SmallVector<Operation *> body;
    WalkResult checked = function.getBody().walk([&](Operation *op) {
      if (!isConvertible(op)) {
        op->emitOpError("expected an op that can be computed in f64");
        return WalkResult::interrupt();
      }
      body.push_back(op);
      return WalkResult::advance();
    });
    if (checked.wasInterrupted())
      return failure();
    convertSignature();
    for (Operation *op : body)
      if (failed(convert(op)))
        return failure();
    extendSources();
    for (Operation *cast : casts)
      rewriter.replaceOp(cast, cast->getOperand(0));
    return success();
  }

private:
  /// Structured ops of every kind as linalg.generic, whose bodies are in the open.
  LogicalResult generalize() {
    SmallVector<Operation *> ops;
    function.walk([&](Operation *op) {
      if (isa<linalg::LinalgOp, linalg::SoftmaxOp>(op) && !isa<linalg::GenericOp>(op))
        ops.push_back(op);
    });
    for (Operation *op : ops) {
      rewriter.setInsertionPoint(op);
      if (auto softmax = dyn_cast<linalg::SoftmaxOp>(op)) {
        auto parts = softmax.decomposeOperation(rewriter);
        if (failed(parts))
          return op->emitOpError("expected to be decomposable into reductions and exp");
        rewriter.replaceOp(op, *parts);
      } else if (failed(linalg::generalizeNamedOp(rewriter, cast<linalg::LinalgOp>(op)))) {
        return op->emitOpError("expected a structured op that has a loop nest");
      }
    }
    // Softmax decomposes into named ops again.
    bool left = false;
    function.walk([&](linalg::LinalgOp op) { left |= !isa<linalg::GenericOp>(op); });
    return left ? generalize() : success();
  }

  void convertSignature() {
    unsigned firstDestination = function.getNumArguments();
    if (function->hasAttr(kTaskAttr) && function.getNumResults() <= firstDestination)
      firstDestination -= function.getNumResults();
    for (BlockArgument argument : function.getArguments()) {
      if (!isNarrowFloat(argument.getType()))
        continue;
      if (argument.getArgNumber() >= firstDestination)
        argument.setType(toF64(argument.getType()));
      else
        sources.push_back(argument);
    }
    SmallVector<Type> results = llvm::map_to_vector(function.getResultTypes(), toF64);
    auto arguments = llvm::to_vector(function.getBody().getArgumentTypes());
    function.setType(FunctionType::get(function.getContext(), arguments, results));
  }

  LogicalResult convert(Operation *op) {
    if (auto constant = dyn_cast<arith::ConstantOp>(op))
      return convertConstant(constant);
    if (isa<arith::ExtFOp, arith::TruncFOp>(op))
      casts.push_back(op);
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (BlockArgument argument : block.getArguments())
          argument.setType(toF64(argument.getType()));
    for (OpResult result : op->getResults())
      result.setType(toF64(result.getType()));
    return success();
  }

  LogicalResult convertConstant(arith::ConstantOp constant) {
    Type type = constant.getType();
    if (!isNarrowFloat(type))
      return success();
    auto widen = [](APFloat value) {
      bool exact;
      value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &exact);
      return value;
    };
    auto f64 = Float64Type::get(type.getContext());
    if (auto value = dyn_cast<FloatAttr>(constant.getValue())) {
      constant.setValueAttr(FloatAttr::get(f64, widen(value.getValue())));
    } else if (auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
               dense && dense.isSplat()) {
      constant.setValueAttr(DenseElementsAttr::get(cast<ShapedType>(toF64(type)),
                                                   widen(dense.getSplatValue<APFloat>())));
    } else if (isa<RankedTensorType>(type)) {
      sources.push_back(constant.getResult()); // stays as small as it is
      return success();
    } else {
      return constant.emitOpError("expected a float or a tensor of floats");
    }
    constant.getResult().setType(toF64(type));
    return success();
  }

  /// Puts extensions after arguments and large constants, whose own types stay.
  void extendSources() {
    for (Value source : sources) {
      rewriter.setInsertionPointAfterValue(source);
      Value wide = extend(rewriter, source.getLoc(), source);
      Operation *extension = wide.getDefiningOp();
      source.replaceUsesWithIf(wide, [&](OpOperand &use) { return use.getOwner() != extension; });
    }
  }

  func::FuncOp function;
  IRRewriter rewriter;
  SmallVector<Value> sources;
  SmallVector<Operation *> casts;
};

} // namespace

LogicalResult makeReference(func::FuncOp function) {
  if (failed(Converter(function).run()))
    return failure();
  orderReferenceLoops(function);
  // Vectorized they are fast enough; LLVM may take seconds for what it unrolled.
  function->setAttr("passthrough",
                    Builder(function.getContext()).getStrArrayAttr({kKeepLoopsAttr}));
  return success();
}

} // namespace chameleon
