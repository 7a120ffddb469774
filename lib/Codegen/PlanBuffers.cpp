//===- PlanBuffers.cpp - Static scratch memory planned by liveness -----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "BufferLives.h"
#include "chameleon/Codegen/ArenaLayout.h"
#include "chameleon/Codegen/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/SymbolTable.h"

namespace chameleon {
#define GEN_PASS_DEF_PLANBUFFERS
#include "chameleon/Codegen/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

constexpr char kScratchBytesAttr[] = "chameleon.scratch_bytes";
constexpr char kThreadNumber[] = "omp_get_thread_num";
/// Stack that the buffers of one function may take together.
constexpr int64_t kMaxStackBytes = 128 << 10;

/// Functions, callees first; those on a cycle of calls, or used other than by calls, are marked.
class CallOrder {
public:
  explicit CallOrder(ModuleOp module) : symbols(module) {
    for (auto function : module.getOps<func::FuncOp>())
      visit(function);
    for (auto function : order)
      if (auto uses = SymbolTable::getSymbolUses(function, module))
        for (SymbolTable::SymbolUse use : *uses)
          if (!isa<func::CallOp>(use.getUser()))
            unusual.insert(function);
  }
  ArrayRef<func::FuncOp> functions() const { return order; }
  bool isUnusual(func::FuncOp function) const { return unusual.contains(function); }

private:
  void visit(func::FuncOp function) {
    auto [it, isNew] = finished.try_emplace(function, false);
    if (!isNew) {
      if (!it->second)
        unusual.insert(function); // on a cycle
      return;
    }
    function.walk([&](func::CallOp call) {
      if (auto callee = symbols.lookup<func::FuncOp>(call.getCallee()))
        visit(callee);
    });
    finished[function] = true;
    order.push_back(function);
  }

  SymbolTable symbols;
  SmallVector<func::FuncOp> order;
  DenseMap<Operation *, bool> finished;
  DenseSet<Operation *> unusual;
};

struct PlanBuffersPass : chameleon::impl::PlanBuffersBase<PlanBuffersPass> {
  using PlanBuffersBase::PlanBuffersBase;

  void runOnOperation() override {
    CallOrder order(getOperation());
    scratchBytes.clear();
    for (func::FuncOp function : order.functions())
      if (!function.isExternal())
        plan(function, order.isUnusual(function));
  }

private:
  /// One buffer of a function: an allocation, or the scratch of a callee.
  struct Request {
    Operation *op;
    bool perThread;
  };

  void plan(func::FuncOp function, bool unusual) {
    BufferLives lives(function);
    SmallVector<memref::AllocOp> stack;
    std::vector<ArenaBuffer> buffers;
    SmallVector<Request> requests;
    int64_t stackUsed = 0;
    function.walk([&](Operation *op) {
      std::optional<BufferLife> life;
      if (auto call = dyn_cast<func::CallOp>(op))
        life = lives.ofCall(call, scratchBytes.lookup(call.getCallee()));
      else if (auto alloc = dyn_cast<memref::AllocOp>(op))
        life = lives.ofAllocation(alloc);
      if (!life)
        return;
      auto alloc = dyn_cast<memref::AllocOp>(op);
      bool perThread = threads > 1 && life->parallelLoop;
      if (alloc && life->inLoop && !perThread && life->bytes <= stackBytes &&
          stackUsed + life->bytes <= kMaxStackBytes) {
        stackUsed += life->bytes;
        return stack.push_back(alloc);
      }
      buffers.push_back(arenaBuffer(*life, perThread));
      requests.push_back({op, perThread});
    });
    for (memref::AllocOp alloc : stack)
      moveToStack(alloc);
    if (requests.empty())
      return;
    int64_t bytes = layOutArena(buffers);
    Value scratch = makeScratch(function, bytes, unusual);
    for (auto [request, buffer] : llvm::zip_equal(requests, buffers))
      place(request, buffer, scratch);
  }

  ArenaBuffer arenaBuffer(const BufferLife &life, bool perThread) const {
    ArenaBuffer buffer{life.bytes, life.begin, life.end, 0};
    if (perThread) { // threads are at different points of the loop's body at the same time
      buffer.bytes = bytesPerThread(life.bytes) * threads;
      buffer.begin = life.parallelBegin;
      buffer.end = life.parallelEnd;
    }
    return buffer;
  }

  static int64_t bytesPerThread(int64_t bytes) {
    return llvm::divideCeil(bytes, kArenaAlignment) * kArenaAlignment;
  }

  void moveToStack(memref::AllocOp alloc) {
    Block &entry = alloc->getParentOfType<func::FuncOp>().getBody().front();
    auto builder = OpBuilder::atBlockBegin(&entry);
    auto stack = memref::AllocaOp::create(builder, alloc.getLoc(), alloc.getType(),
                                          builder.getI64IntegerAttr(kArenaAlignment));
    replace(alloc, stack);
    ++numStack;
  }

  /// The block of memory from which `function` takes its buffers.
  Value makeScratch(func::FuncOp function, int64_t bytes, bool unusual) {
    OpBuilder builder(&getContext());
    auto type = MemRefType::get({bytes}, builder.getI8Type());
    function->setAttr(kScratchBytesAttr, builder.getI64IntegerAttr(bytes));
    if (function.isPrivate() && !unusual) {
      unsigned index = function.getNumArguments();
      auto noalias = builder.getDictionaryAttr(
          builder.getNamedAttr(LLVM::LLVMDialect::getNoAliasAttrName(), builder.getUnitAttr()));
      (void)function.insertArgument(index, type, noalias, function.getLoc());
      scratchBytes[function.getSymName()] = bytes;
      return function.getArgument(index);
    }
    builder.setInsertionPoint(function);
    std::string name = ("chameleon_scratch_" + function.getSymName()).str();
    memref::GlobalOp::create(builder, function.getLoc(), name, builder.getStringAttr("private"),
                             type, builder.getUnitAttr(), /*constant=*/false,
                             builder.getI64IntegerAttr(kArenaAlignment));
    builder.setInsertionPointToStart(&function.getBody().front());
    return memref::GetGlobalOp::create(builder, function.getLoc(), type, name);
  }

  void place(const Request &request, const ArenaBuffer &buffer, Value scratch) {
    OpBuilder builder(request.op);
    Location loc = request.op->getLoc();
    Value offset = arith::ConstantIndexOp::create(builder, loc, buffer.offset);
    if (request.perThread)
      offset = arith::AddIOp::create(builder, loc, offset,
                                     threadOffset(builder, loc, buffer.bytes / threads));
    if (auto call = dyn_cast<func::CallOp>(request.op)) {
      auto type = MemRefType::get({scratchBytes.lookup(call.getCallee())}, builder.getI8Type());
      Value view = memref::ViewOp::create(builder, loc, type, scratch, offset, ValueRange());
      call.getOperandsMutable().append(view);
      return;
    }
    auto alloc = cast<memref::AllocOp>(request.op);
    replace(alloc,
            memref::ViewOp::create(builder, loc, alloc.getType(), scratch, offset, ValueRange()));
    ++numPlanned;
  }

  Value threadOffset(OpBuilder &builder, Location loc, int64_t bytes) {
    if (!getOperation().lookupSymbol(kThreadNumber)) {
      auto moduleBuilder = OpBuilder::atBlockBegin(getOperation().getBody());
      auto type = builder.getFunctionType({}, {builder.getI32Type()});
      func::FuncOp::create(moduleBuilder, loc, kThreadNumber, type).setPrivate();
    }
    auto call = func::CallOp::create(builder, loc, kThreadNumber, builder.getI32Type());
    Value thread =
        arith::IndexCastOp::create(builder, loc, builder.getIndexType(), call.getResult(0));
    return arith::MulIOp::create(builder, loc, thread,
                                 arith::ConstantIndexOp::create(builder, loc, bytes));
  }

  static void replace(memref::AllocOp alloc, Value buffer) {
    for (Operation *user : llvm::make_early_inc_range(alloc->getUsers()))
      if (isa<memref::DeallocOp>(user))
        user->erase();
    alloc.replaceAllUsesWith(buffer);
    alloc.erase();
  }

  llvm::StringMap<int64_t> scratchBytes; // of private functions that are done
};

} // namespace
