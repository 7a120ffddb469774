//===- LowerCopies.cpp - Self copies and strided copies ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Utils/MemRefUtils.h"

namespace chameleon {
#define GEN_PASS_DEF_LOWERCOPIES
#include "chameleon/Codegen/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

/// Whether the conversion to LLVM makes a memcpy of a copy of this type.
bool isContiguous(BaseMemRefType type) {
  auto ranked = dyn_cast<MemRefType>(type);
  if (!ranked)
    return false;
  return ranked.getLayout().isIdentity() || memref::isStaticShapeAndContiguousRowMajor(ranked);
}

void replaceByLoops(memref::CopyOp copy) {
  OpBuilder builder(copy);
  int64_t rank = cast<MemRefType>(copy.getSource().getType()).getRank();
  AffineMap identity = builder.getMultiDimIdentityMap(rank);
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  linalg::GenericOp::create(builder, copy.getLoc(), ValueRange{copy.getSource()},
                            ValueRange{copy.getTarget()}, ArrayRef{identity, identity}, iterators,
                            [](OpBuilder &b, Location loc, ValueRange arguments) {
                              linalg::YieldOp::create(b, loc, arguments.front());
                            });
  copy.erase();
}

struct LowerCopiesPass : chameleon::impl::LowerCopiesBase<LowerCopiesPass> {
  void runOnOperation() override {
    getOperation().walk([&](Operation *op) {
      if (auto copy = dyn_cast<linalg::CopyOp>(op); copy && copy->getNumResults() == 0) {
        if (copy.getInputs().front() == copy.getOutputs().front())
          erase(copy);
        return;
      }
      auto copy = dyn_cast<memref::CopyOp>(op);
      if (!copy)
        return;
      if (copy.getSource() == copy.getTarget())
        return erase(copy);
      bool ranked = isa<MemRefType>(copy.getSource().getType()) &&
                    isa<MemRefType>(copy.getTarget().getType());
      if (!ranked ||
          (isContiguous(copy.getSource().getType()) && isContiguous(copy.getTarget().getType())))
        return;
      replaceByLoops(copy);
      ++numLoops;
    });
  }

  void erase(Operation *op) {
    op->erase();
    ++numErased;
  }
};

} // namespace
