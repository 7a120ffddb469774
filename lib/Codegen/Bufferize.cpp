//===- Bufferize.cpp - One-shot bufferization of entries and tasks -----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Passes.h"
#include "chameleon/Dialect/Classify.h"
#include "chameleon/Dialect/Names.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace chameleon {
#define GEN_PASS_DEF_BUFFERIZE
#include "chameleon/Codegen/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

bool isTask(func::FuncOp function) { return function->hasAttr(kTaskAttr); }

/// Clones each `tensor.empty` for all its uses but one: two writers of one empty tensor would
/// conflict, and get a copy of undefined contents.
void unshareEmptyTensors(ModuleOp module) {
  SmallVector<tensor::EmptyOp> empties;
  module.walk([&](tensor::EmptyOp op) { empties.push_back(op); });
  for (tensor::EmptyOp empty : empties) {
    if (empty->use_empty()) {
      empty.erase();
      continue;
    }
    OpBuilder builder(empty);
    for (OpOperand &use : llvm::make_early_inc_range(llvm::drop_begin(empty->getUses())))
      use.set(builder.clone(*empty)->getResult(0));
  }
}

/// Copies each init that an op neither reads nor overwrites whole. Upstream's analysis takes it for
/// dead, and would give the op a buffer without its contents if it cannot have the init's own.
void copyPartlyOverwrittenInits(ModuleOp module) {
  SmallVector<OpOperand *> inits;
  module.walk([&](linalg::LinalgOp op) {
    for (OpOperand &init : op.getDpsInitsMutable()) {
      auto producer = init.get().getDefiningOp<linalg::LinalgOp>();
      bool isOwn =
          init.get().getDefiningOp<tensor::EmptyOp>() || (producer && init.get().hasOneUse());
      if (isa<RankedTensorType>(init.get().getType()) && !isOwn &&
          !op.payloadUsesValueFromOperand(&init) && !overwritesInit(op, init))
        inits.push_back(&init);
    }
  });
  for (OpOperand *init : inits) {
    OpBuilder builder(init->getOwner());
    init->set(bufferization::AllocTensorOp::create(
        builder, init->getOwner()->getLoc(), cast<RankedTensorType>(init->get().getType()),
        /*dynamicSizes=*/ValueRange(), /*copy=*/init->get()));
  }
}

/// The operand whose buffer `value` is written to, if `value` is the result of an op in
/// destination-passing style, a loop or an insertion; otherwise null.
Value tiedOperand(OpResult value) {
  Operation *op = value.getOwner();
  if (auto style = dyn_cast<DestinationStyleOpInterface>(op))
    return style.getTiedOpOperand(value)->get();
  if (auto loop = dyn_cast<LoopLikeOpInterface>(op))
    if (OpOperand *init = loop.getTiedLoopInit(value))
      return init->get();
  if (auto insert = dyn_cast<tensor::InsertOp>(op))
    return insert.getDest();
  return nullptr;
}

/// Whether `value` is `destination` with new contents, through ops in destination-passing style.
bool endsUpIn(Value value, Value destination) {
  while (value && value != destination) {
    auto result = dyn_cast<OpResult>(value);
    value = result ? tiedOperand(result) : Value();
  }
  return value == destination;
}

/// Copies each result of a task that is not computed in its destination to there. Returns whether
/// there was one.
bool writeResultsToDestinations(func::FuncOp task) {
  Operation *terminator = task.getBody().front().getTerminator();
  unsigned numResults = task.getNumResults();
  if (numResults > task.getNumArguments())
    return false;
  bool copied = false;
  OpBuilder builder(terminator);
  for (OpOperand &operand : terminator->getOpOperands()) {
    Value destination =
        task.getArgument(task.getNumArguments() - numResults + operand.getOperandNumber());
    if (!isa<TensorType>(operand.get().getType()) ||
        destination.getType() != operand.get().getType() || endsUpIn(operand.get(), destination))
      continue;
    auto copy = bufferization::MaterializeInDestinationOp::create(builder, terminator->getLoc(),
                                                                  operand.get(), destination);
    operand.set(copy.getResult());
    copied = true;
  }
  return copied;
}

/// Says which arguments may be written: those of a task's destinations, and no others.
void markWritableArguments(func::FuncOp function) {
  if (!function.isPublic() && !isTask(function))
    return;
  unsigned firstDestination = function.getNumArguments();
  if (isTask(function) && function.getNumResults() <= firstDestination)
    firstDestination -= function.getNumResults();
  Builder builder(function.getContext());
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (isa<TensorType>(function.getArgument(i).getType()))
      function.setArgAttr(i, bufferization::BufferizationDialect::kWritableAttrName,
                          builder.getBoolAttr(i >= firstDestination));
}

/// Bare pointers carry no sizes, and need something to point at.
LogicalResult checkShapes(func::FuncOp function) {
  auto check = [&](ArrayRef<Type> types, StringRef what) -> LogicalResult {
    for (auto [index, type] : llvm::enumerate(types)) {
      auto tensor = dyn_cast<TensorType>(type);
      if (tensor && !tensor.hasStaticShape())
        return function.emitOpError("expected static shapes, but ")
               << what << ' ' << index << " is " << type;
      if (tensor && llvm::is_contained(tensor.getShape(), 0))
        return function.emitOpError("expected tensors with elements, but ")
               << what << ' ' << index << " is " << type;
    }
    return success();
  };
  return success(succeeded(check(function.getArgumentTypes(), "argument")) &&
                 succeeded(check(function.getResultTypes(), "result")));
}

bufferization::OneShotBufferizationOptions bufferizationOptions() {
  bufferization::OneShotBufferizationOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.allowReturnAllocsFromLoops = true;
  options.setFunctionBoundaryTypeConversion(bufferization::LayoutMapOption::IdentityLayoutMap);
  options.unknownTypeConverterFn = [](TensorType type, Attribute memorySpace,
                                      const bufferization::BufferizationOptions &) {
    return bufferization::getMemRefTypeWithStaticIdentityLayout(type, memorySpace);
  };
  return options;
}

/// Removes buffers that loops hand from one iteration to the next unchanged.
LogicalResult simplifyLoops(ModuleOp module) {
  RewritePatternSet patterns(module.getContext());
  scf::ForOp::getCanonicalizationPatterns(patterns, module.getContext());
  scf::WhileOp::getCanonicalizationPatterns(patterns, module.getContext());
  return applyPatternsGreedily(module, std::move(patterns));
}

/// Makes each task return its destinations themselves, with a copy where bufferization chose
/// another buffer.
void returnDestinations(func::FuncOp task) {
  Operation *terminator = task.getBody().front().getTerminator();
  unsigned numResults = terminator->getNumOperands();
  if (numResults > task.getNumArguments())
    return;
  OpBuilder builder(terminator);
  for (OpOperand &operand : terminator->getOpOperands()) {
    Value destination =
        task.getArgument(task.getNumArguments() - numResults + operand.getOperandNumber());
    if (operand.get() == destination || operand.get().getType() != destination.getType() ||
        !isa<MemRefType>(destination.getType()))
      continue;
    memref::CopyOp::create(builder, terminator->getLoc(), operand.get(), destination);
    operand.set(destination);
  }
}

/// Results become trailing arguments, except those that are one of the arguments already.
LogicalResult moveResultsToArguments(ModuleOp module) {
  SmallVector<func::FuncOp> publicTasks; // upstream keeps the results of public functions
  for (auto function : module.getOps<func::FuncOp>()) {
    if (!isTask(function) || function.isExternal())
      continue;
    returnDestinations(function);
    if (function.isPublic())
      publicTasks.push_back(function);
  }
  for (func::FuncOp task : publicTasks)
    task.setPrivate();
  LogicalResult dropped = bufferization::dropEquivalentBufferResults(module);
  for (func::FuncOp task : publicTasks)
    task.setPublic();
  bufferization::BufferResultsToOutParamsOpts options;
  options.hoistStaticAllocs = true;
  options.modifyPublicFunctions = true;
  options.filterFn = [](func::FuncOp *function) { return !function->isExternal(); };
  return success(succeeded(dropped) &&
                 succeeded(bufferization::promoteBufferResultsToOutParams(module, options)));
}

/// Passes convert what is inside a nested module in part, and its functions have no place.
LogicalResult checkNoNestedFunctions(ModuleOp module) {
  for (auto nested : module.getOps<ModuleOp>()) {
    if (!nested.getOps<func::FuncOp>().empty())
      return nested.emitOpError("expected all functions in the outermost module");
  }
  return success();
}

/// A configuration that is lowered as it stands is lost: most likely `--chameleon-apply` was
/// forgotten.
void warnOfConfigurations(ModuleOp module) {
  module.walk([](Operation *op) {
    if (!op->hasAttr(kConfigAttr))
      return WalkResult::advance();
    emitWarning(op->getLoc()) << "has a '" << kConfigAttr
                              << "' that was not applied; run --chameleon-apply first";
    return WalkResult::interrupt();
  });
}

struct BufferizePass : chameleon::impl::BufferizeBase<BufferizePass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkNoNestedFunctions(module)))
      return signalPassFailure();
    warnOfConfigurations(module);
    unshareEmptyTensors(module);
    copyPartlyOverwrittenInits(module);
    bool copied = false;
    for (auto function : module.getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      if (failed(checkShapes(function)))
        return signalPassFailure();
      markWritableArguments(function);
      copied |= isTask(function) && writeResultsToDestinations(function);
    }
    // Most often a result can be computed in the destination instead.
    IRRewriter rewriter(&getContext());
    if (copied && failed(bufferization::eliminateEmptyTensors(rewriter, module)))
      return signalPassFailure();
    bufferization::BufferizationState state;
    if (failed(bufferization::runOneShotModuleBufferize(module, bufferizationOptions(), state)) ||
        failed(simplifyLoops(module)) || failed(moveResultsToArguments(module)))
      return signalPassFailure();
    bufferization::removeBufferizationAttributesInModule(module);
  }
};

} // namespace
