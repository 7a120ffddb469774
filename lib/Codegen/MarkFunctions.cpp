//===- MarkFunctions.cpp - What LLVM should know of functions ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Passes.h"
#include "chameleon/Dialect/Names.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace chameleon {
#define GEN_PASS_DEF_MARKFUNCTIONS
#include "chameleon/Codegen/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

bool isMarked(BlockArgument argument) {
  auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
  return function &&
         function.getArgAttr(argument.getArgNumber(), LLVM::LLVMDialect::getNoAliasAttrName());
}

/// What `buffer` is a view of, if that aliases no other root: an allocation, a global or a marked
/// argument. Null otherwise.
Operation *allocatingOp(Value buffer) {
  Operation *op = buffer.getDefiningOp();
  return op && isa<memref::AllocOp, memref::AllocaOp, memref::GetGlobalOp>(op) ? op : nullptr;
}

Value rootOf(Value buffer) {
  while (Operation *op = buffer.getDefiningOp()) {
    auto view = dyn_cast<ViewLikeOpInterface>(op);
    if (!view)
      break;
    buffer = view.getViewSource();
  }
  return buffer;
}

bool areDistinct(Value a, Value b) {
  a = rootOf(a);
  b = rootOf(b);
  auto globalA = a.getDefiningOp<memref::GetGlobalOp>();
  auto globalB = b.getDefiningOp<memref::GetGlobalOp>();
  if (globalA && globalB)
    return globalA.getName() != globalB.getName();
  auto isRoot = [](Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    return argument ? isMarked(argument) : allocatingOp(value) != nullptr;
  };
  return a != b && isRoot(a) && isRoot(b);
}

bool isDistinctAt(func::CallOp call, unsigned index) {
  for (auto [other, operand] : llvm::enumerate(call.getOperands()))
    if (other != index && isa<BaseMemRefType>(operand.getType()) &&
        !areDistinct(call.getOperand(index), operand))
      return false;
  return true;
}

/// Whether `function` lays out memory anew and computes nothing.
bool onlyMoves(func::FuncOp function) {
  return !function
              .walk([](Operation *op) {
                bool computes =
                    isa_and_nonnull<arith::ArithDialect, math::MathDialect>(op->getDialect()) &&
                    !isa<arith::ConstantOp>(op) &&
                    llvm::none_of(op->getResultTypes(), [](Type type) { return type.isIndex(); });
                return computes ? WalkResult::interrupt() : WalkResult::advance();
              })
              .wasInterrupted();
}

struct MarkFunctionsPass : chameleon::impl::MarkFunctionsBase<MarkFunctionsPass> {
  void runOnOperation() override {
    SymbolTableCollection symbols;
    SymbolUserMap users(symbols, getOperation());
    DenseSet<Operation *> done;
    for (auto function : getOperation().getOps<func::FuncOp>())
      mark(function, users, done);
  }

private:
  /// Callers first, as what they pass on depends on their own marks.
  void mark(func::FuncOp function, SymbolUserMap &users, DenseSet<Operation *> &done) {
    if (function.isExternal() || !done.insert(function).second)
      return;
    SmallVector<func::CallOp> calls;
    bool onlyCalls = true;
    for (Operation *user : users.getUsers(function)) {
      auto call = dyn_cast<func::CallOp>(user);
      onlyCalls &= bool(call);
      if (!call)
        continue;
      calls.push_back(call);
      if (auto caller = call->getParentOfType<func::FuncOp>())
        mark(caller, users, done);
    }
    for (unsigned i = 0; i < function.getNumArguments(); ++i) {
      bool distinct = onlyCalls &&
                      llvm::all_of(calls, [&](func::CallOp call) { return isDistinctAt(call, i); });
      if (isa<MemRefType>(function.getArgument(i).getType()) && distinct)
        function.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(),
                            UnitAttr::get(&getContext()));
    }
    if (function.isPrivate())
      function->setAttr("llvm.linkage",
                        LLVM::LinkageAttr::get(&getContext(), LLVM::Linkage::Internal));
    const bool packs = function->hasAttr(kPackFunctionAttr);
    if (function->hasAttr(kTaskAttr) || packs)
      passThrough(function, "noinline");
    // Unrolled and vectorized it would take longer to compile than a kernel, to be called once.
    if (packs && onlyMoves(function))
      passThrough(function, "optsize");
  }

  /// Gives the LLVM function the attribute `name`. The `no_inline` of func.func does not get there.
  static void passThrough(func::FuncOp function, StringRef name) {
    constexpr StringLiteral kPassthrough = "passthrough";
    SmallVector<Attribute> names;
    if (auto known = function->getAttrOfType<ArrayAttr>(kPassthrough))
      llvm::append_range(names, known);
    Builder builder(function.getContext());
    names.push_back(builder.getStringAttr(name));
    function->setAttr(kPassthrough, builder.getArrayAttr(names));
  }
};

} // namespace
