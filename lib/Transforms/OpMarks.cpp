//===- OpMarks.cpp --------------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OpMarks.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Dialect/Names.h"

using namespace mlir;

namespace chameleon {

bool hasEncoding(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getEncoding();
}

bool isStaticOnTensors(linalg::LinalgOp op) {
  return op.hasPureTensorSemantics() && !op.hasDynamicShape() &&
         llvm::none_of(op->getOperandTypes(), hasEncoding);
}

bool isDecided(Operation *op) { return op->hasAttr(kConfigAttr) || op->hasAttr(kSpaceAttr); }

void handOnMarks(Operation *from, Operation *to) {
  for (NamedAttribute attribute : from->getDiscardableAttrs()) {
    if (isa_and_nonnull<ChameleonDialect>(attribute.getNameDialect()) &&
        attribute.getName() != kMeasuredAttr) {
      to->setAttr(attribute.getName(), attribute.getValue());
    }
  }
}

} // namespace chameleon
