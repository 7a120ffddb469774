//===- PackConstants.cpp - Packing of constants, out of the timed call ----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PackConstants.h"
#include "ConstantArguments.h"
#include "chameleon/Dialect/Names.h"
#include "chameleon/Schedule/Apply.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace chameleon;

//===----------------------------------------------------------------------===//
// Calls of one task
//===----------------------------------------------------------------------===//

static Value createEmpty(OpBuilder &builder, Location loc, Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return tensor::EmptyOp::create(builder, loc, tensor.getShape(), tensor.getElementType());
}

void chameleon::packConstantsOfCalls(func::FuncOp task) {
  std::vector<unsigned> positions = hoistConstantPacks(task);
  if (positions.empty()) {
    return;
  }
  auto module = task->getParentOfType<ModuleOp>();
  auto init = module.lookupSymbol<func::FuncOp>((task.getSymName() + "_init").str());
  module.walk([&](func::CallOp call) {
    if (call.getCallee() != task.getSymName()) {
      return;
    }
    OpBuilder builder(call);
    SmallVector<Value> arguments;
    for (unsigned position : positions) {
      arguments.push_back(call.getOperand(position));
    }
    for (Type type : init.getResultTypes()) {
      arguments.push_back(createEmpty(builder, call.getLoc(), type));
    }
    auto packed = func::CallOp::create(builder, call.getLoc(), init, arguments);
    for (auto [position, value] : llvm::zip(positions, packed.getResults())) {
      call.setOperand(position, value);
    }
  });
}

//===----------------------------------------------------------------------===//
// Init and main of one entry
//===----------------------------------------------------------------------===//

/// On init and main: the positions of the entry's arguments that init takes.
static constexpr char kConstantsAttr[] = "chameleon.constants";

namespace {

class EntrySplitter {
public:
  explicit EntrySplitter(func::FuncOp entry)
      : entry(entry), module(entry->getParentOfType<ModuleOp>()), builder(entry) {}

  void run() {
    collect();
    if (packed.empty()) {
      return;
    }
    builder.setInsertionPointAfter(entry);
    func::FuncOp init = createInit();
    func::FuncOp main = createMain();
    replaceEntry(init, main);
  }

private:
  /// Finds what init computes: results of init calls on constants, transposed weights that are not
  /// packed, and the arguments they need.
  void collect() {
    entry.walk([&](func::CallOp call) {
      auto callee = module.lookupSymbol<func::FuncOp>(call.getCallee());
      // One in a loop or a branch stays there: main may call it any number of times.
      bool isInit = callee && callee->hasAttr(kPackFunctionAttr) &&
                    call->getBlock() == &entry.getBody().front();
      if (!isInit) {
        return;
      }
      unsigned inputs = call.getNumOperands() - call.getNumResults();
      if (llvm::all_of(call.getOperands().take_front(inputs), isConstantValue)) {
        packed.append(call.getResults().begin(), call.getResults().end());
        addSlice(call);
      }
    });
    // From the last one on: one that only another one reads stays in init.
    for (Operation &op : llvm::reverse(entry.getBody().front())) {
      bool transposes = op.hasAttr(kConstantPackAttr) && op.getNumResults() == 1 &&
                        isConstantValue(op.getResult(0));
      if (transposes &&
          llvm::any_of(op.getUsers(), [&](Operation *user) { return isReadByMain(user); })) {
        packed.push_back(op.getResult(0));
        addSlice(&op);
      }
    }
    for (BlockArgument argument : entry.getArguments()) {
      if (initArguments.contains(argument)) {
        positions.push_back(argument.getArgNumber());
        // Main still reads the plain constant: init hands it on.
        if (llvm::any_of(argument.getUsers(), [&](Operation *op) { return isReadByMain(op); })) {
          handedOn.push_back(argument);
        }
      }
    }
  }

  /// Adds `op` and what it is computed from.
  void addSlice(Operation *op) {
    for (Value operand : op->getOperands()) {
      if (Operation *producer = operand.getDefiningOp()) {
        addSlice(producer);
      } else {
        initArguments.insert(operand);
      }
    }
    slice.insert(op);
  }

  bool isReadByMain(Operation *op) const {
    if (!slice.contains(op)) {
      return true;
    }
    // A view of a constant may have readers on both sides.
    return isViewOp(op) &&
           llvm::any_of(op->getUsers(), [&](Operation *user) { return isReadByMain(user); });
  }

  std::string uniqueName(StringRef base) {
    std::string name = base.str();
    for (int i = 0; module.lookupSymbol(name); ++i) {
      name = (base + "_" + entry.getSymName() + (i > 0 ? "_" + std::to_string(i) : "")).str();
    }
    return name;
  }

  func::FuncOp createFunction(StringRef name, TypeRange inputs, TypeRange results) {
    auto function = func::FuncOp::create(builder, entry.getLoc(), uniqueName(name),
                                         builder.getFunctionType(inputs, results));
    SmallVector<int64_t> list(positions.begin(), positions.end());
    function->setAttr(kConstantsAttr, builder.getDenseI64ArrayAttr(list));
    function.addEntryBlock();
    return function;
  }

  func::FuncOp createInit() {
    OpBuilder::InsertionGuard guard(builder);
    SmallVector<Type> inputs;
    for (unsigned position : positions) {
      inputs.push_back(entry.getArgumentTypes()[position]);
    }
    SmallVector<Type> results(ValueRange(packed).getTypes());
    llvm::append_range(results, ValueRange(handedOn).getTypes());
    func::FuncOp init = createFunction(kInitFunction, inputs, results);
    IRMapping mapping;
    for (auto [i, position] : llvm::enumerate(positions)) {
      mapping.map(entry.getArgument(position), init.getArgument(i));
    }
    builder.setInsertionPointToStart(&init.getBody().front());
    for (Operation &op : entry.getBody().front()) {
      if (slice.contains(&op)) {
        builder.clone(op, mapping);
      }
    }
    SmallVector<Value> returned;
    for (Value value : packed) {
      returned.push_back(mapping.lookup(value));
    }
    for (Value value : handedOn) {
      Value empty = createEmpty(builder, entry.getLoc(), value.getType());
      returned.push_back(
          linalg::CopyOp::create(builder, entry.getLoc(), mapping.lookup(value), empty)
              .getResult(0));
    }
    func::ReturnOp::create(builder, entry.getLoc(), returned);
    return init;
  }

  func::FuncOp createMain() {
    OpBuilder::InsertionGuard guard(builder);
    SmallVector<Value> inputs = mainInputs();
    func::FuncOp main =
        createFunction(kMainFunction, ValueRange(inputs).getTypes(), entry.getResultTypes());
    IRMapping mapping;
    mapping.map(inputs, main.getArguments());
    builder.setInsertionPointToStart(&main.getBody().front());
    for (Operation &op : entry.getBody().front()) {
      bool onlyForInit = slice.contains(&op) && llvm::none_of(op.getUsers(), [&](Operation *user) {
                           return isReadByMain(user);
                         });
      bool isPack =
          llvm::any_of(op.getResults(), [&](Value v) { return llvm::is_contained(packed, v); });
      if (!onlyForInit && !isPack) {
        builder.clone(op, mapping);
      }
    }
    return main;
  }

  /// The values that main takes, in terms of the entry: its other arguments, the packed ones, what
  /// is handed on.
  SmallVector<Value> mainInputs() {
    SmallVector<Value> inputs;
    for (BlockArgument argument : entry.getArguments()) {
      if (!llvm::is_contained(positions, argument.getArgNumber())) {
        inputs.push_back(argument);
      }
    }
    inputs.append(packed);
    inputs.append(handedOn);
    return inputs;
  }

  void replaceEntry(func::FuncOp init, func::FuncOp main) {
    SmallVector<Value> plain;
    SmallVector<Value> arguments;
    for (BlockArgument argument : entry.getArguments()) {
      bool constant = llvm::is_contained(positions, argument.getArgNumber());
      (constant ? plain : arguments).push_back(argument);
    }
    Block &body = entry.getBody().front();
    body.dropAllReferences();
    body.getOperations().clear();
    builder.setInsertionPointToStart(&body);
    auto initCall = func::CallOp::create(builder, entry.getLoc(), init, plain);
    llvm::append_range(arguments, initCall.getResults());
    auto mainCall = func::CallOp::create(builder, entry.getLoc(), main, arguments);
    func::ReturnOp::create(builder, entry.getLoc(), mainCall.getResults());
  }

  func::FuncOp entry;
  ModuleOp module;
  OpBuilder builder;
  SmallVector<Value> packed;       // results of calls of @<task>_init, and transposed weights
  SetVector<Operation *> slice;    // these ops and what they are computed from
  SetVector<Value> initArguments;  // entry arguments that the slice reads
  SmallVector<unsigned> positions; // theirs, ascending
  SmallVector<Value> handedOn;     // those that main reads plain as well
};

} // namespace

/// The function of the model itself that has one of the names we give, if there is one.
static func::FuncOp findNamesake(ModuleOp module) {
  for (const char *name : {kInitFunction, kMainFunction}) {
    auto function = module.lookupSymbol<func::FuncOp>(name);
    if (function && !function->hasAttr(kConstantsAttr)) {
      return function;
    }
  }
  return {};
}

void chameleon::splitInitFromMain(func::FuncOp entry) {
  if (func::FuncOp namesake = findNamesake(entry->getParentOfType<ModuleOp>())) {
    if (entry == namesake) {
      emitRemark(entry.getLoc()) << "constants stay where they are used: the model has a function @"
                                 << namesake.getSymName() << " of its own";
    }
    return;
  }
  if (llvm::hasSingleElement(entry.getBody())) {
    EntrySplitter(entry).run();
  }
}
