//===- BufferLives.cpp - From where to where a buffer lives ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "BufferLives.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

namespace chameleon {

namespace {

void numberOps(Operation *op, int64_t &next,
               function_ref<void(Operation *, int64_t, int64_t)> set) {
  int64_t begin = next++;
  for (Region &region : op->getRegions())
    for (Block &block : region)
      for (Operation &inner : block)
        numberOps(&inner, next, set);
  set(op, begin, next++);
}

bool isStatic(memref::AllocOp alloc) {
  MemRefType type = alloc.getType();
  return type.hasStaticShape() && type.getLayout().isIdentity() && !type.getMemorySpace() &&
         alloc.getSymbolOperands().empty() && !isa<BaseMemRefType>(type.getElementType());
}

/// Whether `user` may keep or hand out `buffer` in a way that aliases do not show.
bool mayCapture(Operation *user, Value buffer, const BufferViewFlowAnalysis::ValueSetT &aliases) {
  if (isa<func::ReturnOp, memref::ExtractAlignedPointerAsIndexOp, bufferization::CloneOp,
          bufferization::DeallocOp>(user))
    return true;
  if (auto store = dyn_cast<memref::StoreOp>(user); store && store.getValueToStore() == buffer)
    return true;
  if (isa<RegionBranchOpInterface>(user))
    return false; // results and region arguments are among the aliases
  return llvm::any_of(user->getResults(), [&](Value result) {
    return isa<BaseMemRefType>(result.getType()) && !aliases.contains(result);
  });
}

/// The innermost block that holds, directly or nested, `block` and all of `users`.
Block *commonBlock(Block *block, ArrayRef<Operation *> users) {
  for (Operation *user : users)
    while (block && !block->findAncestorOpInBlock(*user))
      block = block->getParentOp() ? block->getParentOp()->getBlock() : nullptr;
  return block;
}

bool hasLoopBetween(Operation *op, Block *outer) {
  for (; op->getBlock() != outer; op = op->getParentOp())
    if (isa<LoopLikeOpInterface>(op->getParentOp()))
      return true;
  return false;
}

Operation *outermostParallelLoop(Operation *op) {
  Operation *outermost = nullptr;
  for (Operation *parent = op->getParentOp(); parent; parent = parent->getParentOp())
    if (isa<scf::ForallOp, scf::ParallelOp>(parent))
      outermost = parent;
  return outermost;
}

} // namespace

BufferLives::BufferLives(func::FuncOp function)
    : aliases(function), layout(DataLayout::closest(function)) {
  int64_t next = 0;
  numberOps(function, next,
            [&](Operation *op, int64_t begin, int64_t end) { spans[op] = {begin, end}; });
}

std::optional<SmallVector<Operation *>> BufferLives::usersOf(Value buffer) {
  SmallVector<Operation *> users;
  BufferViewFlowAnalysis::ValueSetT views = aliases.resolve(buffer);
  for (Value view : views)
    for (Operation *user : view.getUsers()) {
      if (mayCapture(user, view, views))
        return std::nullopt;
      if (!isa<ViewLikeOpInterface>(user)) // a view touches nothing by itself
        users.push_back(user);
    }
  return users;
}

BufferLife BufferLives::lifeAround(Operation *op, Span span, int64_t bytes) {
  BufferLife life{bytes, span.begin, span.end};
  life.inLoop = op->getParentOfType<LoopLikeOpInterface>() != nullptr;
  if (Operation *loop = outermostParallelLoop(op)) {
    life.parallelLoop = true;
    life.parallelBegin = spans.lookup(loop).begin;
    life.parallelEnd = spans.lookup(loop).end;
  }
  return life;
}

std::optional<BufferLife> BufferLives::ofAllocation(memref::AllocOp alloc) {
  if (!isStatic(alloc))
    return std::nullopt;
  auto users = usersOf(alloc);
  if (!users)
    return std::nullopt;
  Block *block = commonBlock(alloc->getBlock(), *users);
  if (!block || hasLoopBetween(alloc, block))
    return std::nullopt;
  // Contents are undefined until the first use: the allocation itself may stand anywhere before.
  Span span =
      spans.lookup(block->findAncestorOpInBlock(*(users->empty() ? alloc : users->front())));
  for (Operation *user : *users) {
    Span use = spans.lookup(block->findAncestorOpInBlock(*user));
    span = {std::min(span.begin, use.begin), std::max(span.end, use.end)};
  }
  MemRefType type = alloc.getType();
  int64_t bytes = type.getNumElements() * layout.getTypeSize(type.getElementType()).getFixedValue();
  return lifeAround(alloc, span, bytes);
}

std::optional<BufferLife> BufferLives::ofCall(func::CallOp call, int64_t bytes) {
  if (bytes == 0)
    return std::nullopt;
  return lifeAround(call, spans.lookup(call), bytes);
}

} // namespace chameleon
