//===- ChameleonDialect.cpp - The chameleon dialect -----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Dialect/ChameleonTransformOps.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace chameleon;

#include "chameleon/Dialect/ChameleonDialect.cpp.inc"

/// Demands that `attribute`, named `name`, has type `AttrT`.
template <typename AttrT>
static LogicalResult expectKind(Operation *op, NamedAttribute attribute, StringRef expected) {
  if (isa<AttrT>(attribute.getValue())) {
    return success();
  }
  return op->emitOpError() << "expected '" << attribute.getName().getValue() << "' to be "
                           << expected << ", but got " << attribute.getValue();
}

static LogicalResult expectNumerics(Operation *op, NamedAttribute attribute) {
  auto text = dyn_cast<StringAttr>(attribute.getValue());
  if (text && llvm::is_contained(kNumericsNames, text.getValue())) {
    return success();
  }
  return op->emitOpError() << "expected '" << attribute.getName().getValue()
                           << "' to be \"strict\", \"accurate\" or \"fast\", but got "
                           << attribute.getValue();
}

static LogicalResult expectThreads(Operation *op, NamedAttribute attribute) {
  auto threads = dyn_cast<IntegerAttr>(attribute.getValue());
  if (threads && threads.getType().isInteger(64) && threads.getInt() >= 1) {
    return success();
  }
  return op->emitOpError() << "expected '" << attribute.getName().getValue()
                           << "' to be an i64 of at least 1, but got " << attribute.getValue();
}

static LogicalResult verifyWorkShare(Operation *op, NamedAttribute attribute) {
  auto share = dyn_cast<FloatAttr>(attribute.getValue());
  if (!isa<FunctionOpInterface>(op)) {
    return op->emitOpError() << "expected '" << kWorkShareAttr << "' on a function";
  }
  if (!share || !share.getType().isF64() || !(share.getValueAsDouble() > 0) ||
      !(share.getValueAsDouble() <= 1)) {
    return op->emitOpError() << "expected '" << kWorkShareAttr
                             << "' to be an f64 in (0, 1], but got " << attribute.getValue();
  }
  return success();
}

LogicalResult ChameleonDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  StringRef name = attribute.getName().getValue();
  if (name == kTaskAttr) {
    if (!isa<FunctionOpInterface>(op)) {
      return op->emitOpError() << "expected '" << name << "' on a function";
    }
    return expectKind<StringAttr>(op, attribute, "a string (the task's key)");
  }
  if (name == kWorkShareAttr) {
    return verifyWorkShare(op, attribute);
  }
  if (name == kRootAttr || name == kConstantAttr || name == kConstantPackAttr) {
    return expectKind<UnitAttr>(op, attribute, "a unit attribute");
  }
  if (name == kBindAttr) {
    return expectKind<DictionaryAttr>(op, attribute, "a dictionary of affine maps and selections");
  }
  if (name != kConfigAttr && name != kSpaceAttr && name != kMeasuredAttr && name != kNumericsAttr &&
      name != kThreadsAttr) {
    return success(); // Facts that passes leave for each other or for people.
  }
  if (!isa<linalg::LinalgOp>(op)) {
    return op->emitOpError() << "expected '" << name << "' on a linalg op with loops";
  }
  if (name == kConfigAttr) {
    return expectKind<ConfigAttr>(op, attribute, "#chameleon.config");
  }
  if (name == kNumericsAttr) {
    return expectNumerics(op, attribute);
  }
  if (name == kThreadsAttr) {
    return expectThreads(op, attribute);
  }
  if (name == kSpaceAttr) {
    return expectKind<SpaceAttr>(op, attribute, "#chameleon.space");
  }
  return expectKind<MeasuredAttr>(op, attribute, "#chameleon.measured");
}

LogicalResult ChameleonDialect::verifyRegionArgAttribute(Operation *op, unsigned regionIndex,
                                                         unsigned argIndex,
                                                         NamedAttribute attribute) {
  if (attribute.getName() == kConstantAttr) {
    return expectKind<UnitAttr>(op, attribute, "a unit attribute");
  }
  return op->emitOpError() << "argument " << argIndex << " has the attribute '"
                           << attribute.getName().getValue() << "', expected '" << kConstantAttr
                           << "'";
}

namespace {
class ChameleonTransformExtension
    : public transform::TransformDialectExtension<ChameleonTransformExtension> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ChameleonTransformExtension)

  // The base class calls it.
  void init() { // NOLINT(bugprone-derived-method-shadowing-base-method)
    declareGeneratedDialect<affine::AffineDialect>();
    declareGeneratedDialect<arith::ArithDialect>();
    declareGeneratedDialect<bufferization::BufferizationDialect>();
    declareGeneratedDialect<linalg::LinalgDialect>();
    declareGeneratedDialect<LLVM::LLVMDialect>();
    declareGeneratedDialect<memref::MemRefDialect>();
    declareGeneratedDialect<scf::SCFDialect>();
    declareGeneratedDialect<tensor::TensorDialect>();
    declareGeneratedDialect<vector::VectorDialect>();
    registerTransformOps<
#define GET_OP_LIST
#include "chameleon/Dialect/ChameleonTransformOps.cpp.inc"
        >();
  }
};
} // namespace

void chameleon::registerChameleonDialect(DialectRegistry &registry) {
  registry.insert<ChameleonDialect>();
  registry.addExtensions<ChameleonTransformExtension>();
}
