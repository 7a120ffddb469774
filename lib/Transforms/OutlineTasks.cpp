//===- OutlineTasks.cpp - Each computation as a task function -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConstantArguments.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Dialect/Classify.h"
#include "chameleon/Transforms/Passes.h"
#include "chameleon/Transforms/TaskKey.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"

namespace chameleon {
#define GEN_PASS_DEF_OUTLINETASKSPASS
#include "chameleon/Transforms/Passes.h.inc"
} // namespace chameleon

using namespace mlir;
using namespace chameleon;

namespace {

/// One computation in the model: the ops that become a task, in order.
struct Group {
  linalg::LinalgOp root;
  linalg::LinalgOp last;            // the root, or the elementwise op after it
  SetVector<Operation *> producers; // pads, fills, empties and constants, cloned into the task
  SetVector<Value> inputs;          // what the task reads, in order of first use
};

/// Whether a vector lies in memory as a tensor of its elements does: one of i1 is packed into bits.
bool fillsBytes(Type type) {
  auto integer = dyn_cast<IntegerType>(getElementTypeOrSelf(type));
  return !integer || integer.getWidth() % 8 == 0;
}

/// The first op in the body of `op` that is not of a dialect whose ops a task may have; null if all
/// are.
Operation *findForeign(linalg::LinalgOp op) {
  Operation *foreign = nullptr;
  op->walk([&](Operation *inner) {
    Dialect *dialect = inner->getDialect(); // null for unregistered ops
    bool known = dialect &&
                 (isa<linalg::LinalgDialect, arith::ArithDialect, tensor::TensorDialect>(dialect) ||
                  dialect->getNamespace() == "math");
    foreign = known ? nullptr : inner;
    return known ? WalkResult::advance() : WalkResult::interrupt();
  });
  return foreign;
}

/// Why `op` cannot be a root; empty if it can.
std::string whyNotRoot(linalg::LinalgOp op) {
  if (!op.hasPureTensorSemantics()) {
    return "it does not work on tensors";
  }
  bool encoded = llvm::any_of(op->getOperandTypes(), [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.getEncoding();
  });
  if (encoded) {
    return "its tensors have an encoding";
  }
  if (op.hasDynamicShape()) {
    return "its shapes are dynamic";
  }
  for (Type type : op->getOperandTypes()) {
    if (isa<TensorType>(type) && !fillsBytes(type)) {
      return "it has tensors of elements that do not fill bytes";
    }
  }
  for (OpOperand &init : op.getDpsInitsMutable()) {
    if (!op.getMatchingIndexingMap(&init).isProjectedPermutation()) {
      return "its result is not indexed by plain loops";
    }
  }
  if (llvm::is_contained(op.getStaticLoopRanges(), 0)) {
    return "it has a loop without iterations";
  }
  if (Operation *foreign = findForeign(op)) {
    return ("its body has " + foreign->getName().getStringRef() + ", which a task may not have")
        .str();
  }
  return "";
}

/// Constants of so many elements are part of the code.
constexpr int64_t kFewElements = 16;

/// Whether `op` is cloned into each task that reads it.
bool isClonedProducer(Operation *op) {
  if (auto pad = dyn_cast<tensor::PadOp>(op)) {
    return pad.getType().hasStaticShape() && pad.getSourceType().hasStaticShape() &&
           pad.getConstantPaddingValue();
  }
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    auto elements = dyn_cast<ElementsAttr>(constant.getValue());
    return !elements || elements.isSplat() || elements.getNumElements() <= kFewElements;
  }
  return isa<linalg::FillOp, tensor::EmptyOp>(op);
}

/// The elementwise op that joins `root`: the only reader of its result, in the same shape, element
/// by element.
linalg::LinalgOp findEpilogue(linalg::LinalgOp root) {
  if (root->getNumResults() != 1 || !root->hasOneUse()) {
    return nullptr;
  }
  OpOperand &use = *root->getUses().begin();
  auto consumer = dyn_cast<linalg::GenericOp>(use.getOwner());
  if (!consumer || consumer->getBlock() != root->getBlock() ||
      !chameleon::isElementwise(consumer) || !consumer.isDpsInput(&use) ||
      !consumer.getMatchingIndexingMap(&use).isIdentity() || !whyNotRoot(consumer).empty() ||
      consumer->getNumResults() != 1 || !consumer.getIndexingMapsArray().back().isIdentity()) {
    return nullptr;
  }
  return consumer;
}

/// Makes the operand that is `value` the first input of the elementwise op `op`: schedules look for
/// it there.
void putFirst(linalg::GenericOp op, Value value) {
  unsigned position = 0;
  while (op.getDpsInputOperand(position)->get() != value) {
    ++position;
  }
  if (position == 0) {
    return;
  }
  Value first = op.getDpsInputOperand(0)->get();
  op.getDpsInputOperand(0)->set(value);
  op.getDpsInputOperand(position)->set(first);
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  std::swap(maps[0], maps[position]);
  op.setIndexingMapsAttr(Builder(op.getContext()).getAffineMapArrayAttr(maps));
  Block *body = op.getBody();
  BlockArgument a = body->getArgument(0);
  BlockArgument b = body->getArgument(position);
  SmallVector<OpOperand *> usesOfB;
  for (OpOperand &use : b.getUses()) {
    usesOfB.push_back(&use);
  }
  a.replaceAllUsesWith(b);
  for (OpOperand *use : usesOfB) {
    use->set(a);
  }
}

/// Whether `value` is a splat that is the weights of `op`: schedules pack weights, and take nothing
/// for weights that the task makes itself.
bool isSplatWeights(Value value, Operation *op) {
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  auto elements = constant ? dyn_cast<ElementsAttr>(constant.getValue()) : ElementsAttr();
  return elements && elements.isSplat() && elements.getNumElements() > kFewElements &&
         llvm::any_of(op->getOpOperands(),
                      [&](OpOperand &use) { return use.get() == value && isWeightUse(use); });
}

/// Adds what `op` reads to the group: producers that are cloned, everything else as an input.
void addOperands(Group &group, Operation *op) {
  SetVector<Value> operands;
  operands.insert(op->operand_begin(), op->operand_end());
  getUsedValuesDefinedAbove(op->getRegions(), operands);
  for (Value operand : operands) {
    Operation *producer = operand.getDefiningOp();
    if (producer && (producer == group.root || group.producers.contains(producer))) {
      continue;
    }
    if (producer && isClonedProducer(producer) && !isSplatWeights(operand, op)) {
      addOperands(group, producer);
      group.producers.insert(producer); // after what it reads
    } else {
      group.inputs.insert(operand);
    }
  }
}

Group makeGroup(linalg::LinalgOp root, linalg::LinalgOp epilogue) {
  Group group{root, epilogue ? epilogue : root, {}, {}};
  addOperands(group, root);
  if (epilogue) {
    putFirst(cast<linalg::GenericOp>(epilogue.getOperation()), root->getResult(0));
    addOperands(group, epilogue);
  }
  return group;
}

/// Builds the task function of a group.
class TaskBuilder {
public:
  TaskBuilder(Group &group, StringRef name) : group(group), builder(group.root.getContext()) {
    SmallVector<Type> types;
    for (Value input : group.inputs) {
      types.push_back(input.getType());
    }
    auto results = group.last->getResultTypes();
    types.append(results.begin(), results.end());
    function =
        func::FuncOp::create(group.root.getLoc(), name, builder.getFunctionType(types, results));
    function.setPrivate();
  }

  func::FuncOp build() {
    Block *body = function.addEntryBlock();
    builder.setInsertionPointToStart(body);
    for (auto [i, input] : llvm::enumerate(group.inputs)) {
      mapping.map(input, body->getArgument(i));
      if (isConstantValue(input)) {
        function.setArgAttr(i, kConstantAttr, builder.getUnitAttr());
      }
    }
    for (Operation *producer : group.producers) {
      builder.clone(*producer, mapping);
    }
    Operation *root = builder.clone(*group.root, mapping);
    root->setAttr(kRootAttr, builder.getUnitAttr());
    Operation *last = group.last == group.root ? root : builder.clone(*group.last, mapping);
    for (auto [i, init] : llvm::enumerate(cast<linalg::LinalgOp>(last).getDpsInitsMutable())) {
      writeToDestination(cast<linalg::LinalgOp>(last), init,
                         body->getArgument(group.inputs.size() + i));
    }
    func::ReturnOp::create(builder, group.root.getLoc(), last->getResults());
    eraseDead(body);
    inlineResources(function); // a task travels as text, without the resources of its file
    return function;
  }

private:
  /// Makes `op` write its result into `destination`: in place of an empty tensor, of what is
  /// filled, or of contents nobody reads; contents that are read are copied first.
  void writeToDestination(linalg::LinalgOp op, OpOperand &init, Value destination) {
    if (init.get().getDefiningOp<tensor::EmptyOp>() || chameleon::overwritesInit(op, init)) {
      init.set(destination);
      return;
    }
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(op);
    if (auto fill = init.get().getDefiningOp<linalg::FillOp>()) {
      init.set(
          linalg::FillOp::create(builder, op.getLoc(), fill.getInputs(), destination).getResult(0));
      return;
    }
    init.set(linalg::CopyOp::create(builder, op.getLoc(), init.get(), destination).getResult(0));
  }

  void eraseDead(Block *body) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*body))) {
      if (isOpTriviallyDead(&op)) {
        op.erase();
      }
    }
  }

  Group &group;
  OpBuilder builder;
  func::FuncOp function;
  IRMapping mapping;
};

struct OutlineTasksPass : chameleon::impl::OutlineTasksPassBase<OutlineTasksPass> {
  using OutlineTasksPassBase::OutlineTasksPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    llvm::StringMap<func::FuncOp> taskOfKey;
    collectExisting(module, taskOfKey);
    for (auto nested : module.getOps<ModuleOp>()) {
      if (!nested.getOps<func::FuncOp>().empty()) {
        emitRemark(nested.getLoc()) << "left untuned: a module inside the module";
      }
    }
    for (func::FuncOp function : llvm::to_vector(module.getOps<func::FuncOp>())) {
      if (function.isExternal() || function->hasAttr(kTaskAttr)) {
        continue;
      }
      if (function.isPublic() && failed(markConstantArguments(function, constantArgs))) {
        return signalPassFailure();
      }
      if (function.isPublic() && llvm::hasSingleElement(function.getBody())) {
        markConstantTransposes(function); // @chameleon_init does them
      }
      for (auto [root, epilogue] : findRoots(function)) {
        Group group = makeGroup(root, epilogue);
        outline(group, symbols, taskOfKey);
      }
      eraseDead(function);
    }
  }

private:
  void collectExisting(ModuleOp module, llvm::StringMap<func::FuncOp> &taskOfKey) {
    for (func::FuncOp function : module.getOps<func::FuncOp>()) {
      if (function->hasAttr(kTaskAttr)) {
        taskOfKey[computeTaskKey(function)] = function;
      }
    }
  }

  using RootAndEpilogue = std::pair<linalg::LinalgOp, linalg::LinalgOp>; // the epilogue may be null

  SmallVector<RootAndEpilogue> findRoots(func::FuncOp function) {
    llvm::MapVector<Operation *, Operation *> epilogueOf; // root -> epilogue, in order
    llvm::DenseMap<Operation *, Operation *> rootOf;      // epilogue -> root
    function.walk([&](linalg::LinalgOp op) {
      if (isClonedProducer(op) || op->hasAttr(kConstantPackAttr) ||
          op->getParentOfType<linalg::LinalgOp>()) {
        return;
      }
      if (std::string reason = whyNotRoot(op); !reason.empty()) {
        emitRemark(op.getLoc()) << "left untuned: " << reason;
        return;
      }
      epilogueOf[op] = nullptr;
      if (linalg::LinalgOp epilogue = findEpilogue(op)) {
        // Of two producers the later one takes the epilogue: the earlier one's result is an input
        // then.
        if (Operation *&root = rootOf[epilogue]; !root || root->isBeforeInBlock(op)) {
          root = op;
        }
      }
    });
    for (auto [epilogue, root] : rootOf) {
      // An elementwise op that has joined a root takes no further op, and is no root itself.
      if (!rootOf.contains(root)) {
        epilogueOf[root] = epilogue;
      }
    }
    return withoutJoined(epilogueOf);
  }

  /// The roots in order, without the ops that became the epilogue of one.
  static SmallVector<RootAndEpilogue>
  withoutJoined(const llvm::MapVector<Operation *, Operation *> &epilogueOf) {
    llvm::DenseSet<Operation *> joined;
    for (auto [root, epilogue] : epilogueOf) {
      joined.insert(epilogue);
    }
    SmallVector<RootAndEpilogue> roots;
    for (auto [root, epilogue] : epilogueOf) {
      if (!joined.contains(root)) {
        roots.emplace_back(cast<linalg::LinalgOp>(root),
                           dyn_cast_or_null<linalg::LinalgOp>(epilogue));
      }
    }
    return roots;
  }

  void outline(Group &group, SymbolTable &symbols, llvm::StringMap<func::FuncOp> &taskOfKey) {
    func::FuncOp task = TaskBuilder(group, "chameleon_task").build();
    std::string key = computeTaskKey(task);
    func::FuncOp &known = taskOfKey[key];
    if (known) {
      task.erase();
    } else {
      task.setSymName(("chameleon_task_" + Twine(taskOfKey.size() - 1)).str());
      task->setAttr(kTaskAttr, StringAttr::get(&getContext(), key));
      symbols.insert(task);
      known = task;
      ++numTasks;
    }
    replaceByCall(group, known);
    ++numUses;
  }

  void replaceByCall(Group &group, func::FuncOp task) {
    OpBuilder builder(group.last);
    SmallVector<Value> arguments(group.inputs.begin(), group.inputs.end());
    for (Type type : group.last->getResultTypes()) {
      auto tensor = cast<RankedTensorType>(type);
      arguments.push_back(tensor::EmptyOp::create(builder, group.root.getLoc(), tensor.getShape(),
                                                  tensor.getElementType()));
    }
    auto call = func::CallOp::create(builder, group.root.getLoc(), task, arguments);
    group.last->replaceAllUsesWith(call.getResults());
    group.last->erase();
    if (group.last != group.root) {
      group.root->erase();
    }
  }

  void eraseDead(func::FuncOp function) {
    IRRewriter rewriter(&getContext());
    (void)runRegionDCE(rewriter, function->getRegions());
  }
};

} // namespace
