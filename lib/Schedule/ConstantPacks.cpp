//===- ConstantPacks.cpp - Packing of constants, out of the task ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Dialect/Names.h"
#include "chameleon/Schedule/Apply.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace chameleon;

/// The tensor.empty that `pack` writes to, filled with a number before or not; null if it writes to
/// something else.
static tensor::EmptyOp emptyDestination(DestinationStyleOpInterface pack) {
  Value destination = pack.getDpsInitOperand(0)->get();
  if (auto fill = destination.getDefiningOp<linalg::FillOp>()) {
    destination = fill.getOutputs().front();
  }
  return destination.getDefiningOp<tensor::EmptyOp>();
}

/// Whether `a` and `b` are computed alike, from the same values on.
static bool isEquivalent(Value a, Value b) {
  Operation *x = a.getDefiningOp();
  Operation *y = b.getDefiningOp();
  if (a == b || !x || !y) {
    return a == b;
  }
  constexpr auto flags = OperationEquivalence::IgnoreLocations;
  bool alike = OperationEquivalence::isEquivalentTo(
      x, y, OperationEquivalence::ignoreValueEquivalence, nullptr, flags);
  for (auto [region, other] : llvm::zip_first(x->getRegions(), y->getRegions())) {
    alike = alike && OperationEquivalence::isRegionEquivalentTo(&region, &other, flags);
  }
  return alike && llvm::all_of_zip(x->getOperands(), y->getOperands(), isEquivalent);
}

/// Whether nothing but `argument`, constants and empty tensors goes into `value`.
static bool isComputedFrom(Value value, BlockArgument argument) {
  Operation *producer = value.getDefiningOp();
  if (!producer) {
    return value == argument;
  }
  SetVector<Value> captured;
  getUsedValuesDefinedAbove(producer->getRegions(), captured);
  return captured.empty() && isa<arith::ConstantOp, tensor::EmptyOp, linalg::FillOp>(producer) &&
         llvm::all_of(producer->getOperands(),
                      [&](Value operand) { return isComputedFrom(operand, argument); });
}

/// Whether `op` lays `argument` out anew, or transforms it once (`kConstantPackAttr`), at the top
/// of the function and from constants alone.
static bool isConstantPack(Operation *op, BlockArgument argument) {
  auto pack = dyn_cast<linalg::PackOp>(op);
  bool packs = pack && pack.getSource() == argument && pack.getInnerTiles().empty();
  if ((!packs && !op->hasAttr(kConstantPackAttr)) || op->getBlock() != argument.getOwner() ||
      op->getNumResults() != 1 || !isa<DestinationStyleOpInterface>(op) ||
      !emptyDestination(cast<DestinationStyleOpInterface>(op))) {
    return false;
  }
  SetVector<Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  return captured.empty() && llvm::all_of(op->getOperands(), [&](Value operand) {
           return isComputedFrom(operand, argument);
         });
}

/// The pack that is the only reader of `argument`, or equal to every other one; null if there is
/// none.
static Operation *findOnlyPack(BlockArgument argument) {
  Operation *first = nullptr;
  for (Operation *user : argument.getUsers()) {
    if (!isConstantPack(user, argument)) {
      return nullptr;
    }
    if (first && !isEquivalent(first->getResult(0), user->getResult(0))) {
      return nullptr;
    }
    first = first ? first : user;
  }
  return first;
}

/// Clones `op` and what it is computed from, as far as `mapping` does not have that already.
static void cloneWithProducers(OpBuilder &builder, Operation *op, IRMapping &mapping) {
  for (Value operand : op->getOperands()) {
    if (!mapping.contains(operand)) {
      cloneWithProducers(builder, operand.getDefiningOp(), mapping);
    }
  }
  builder.clone(*op, mapping);
}

/// Makes the private function `<task>_init`: (plain constants, destinations) -> packed constants.
static void createInit(func::FuncOp task, ArrayRef<BlockArgument> arguments,
                       ArrayRef<Operation *> packs) {
  OpBuilder builder(task);
  SmallVector<Type> inputs;
  SmallVector<Type> results;
  for (auto [argument, pack] : llvm::zip(arguments, packs)) {
    inputs.push_back(argument.getType());
    results.push_back(pack->getResult(0).getType());
  }
  inputs.append(results.begin(), results.end());
  auto init = func::FuncOp::create(builder, task.getLoc(), (task.getSymName() + "_init").str(),
                                   builder.getFunctionType(inputs, results));
  init.setPrivate();
  init->setAttr(kPackFunctionAttr, builder.getUnitAttr());
  Block *body = init.addEntryBlock();
  builder.setInsertionPointToStart(body);
  SmallVector<Value> packed;
  for (auto [i, pack] : llvm::enumerate(packs)) {
    IRMapping mapping;
    mapping.map(arguments[i], body->getArgument(i));
    mapping.map(emptyDestination(cast<DestinationStyleOpInterface>(pack)).getResult(),
                body->getArgument(packs.size() + i));
    cloneWithProducers(builder, pack, mapping);
    packed.push_back(mapping.lookup(pack->getResult(0)));
  }
  func::ReturnOp::create(builder, task.getLoc(), packed);
}

/// Erases `pack` and what it alone was computed from.
static void eraseWithProducers(Operation *pack) {
  SetVector<Operation *> producers;
  for (Value operand : pack->getOperands()) {
    if (Operation *producer = operand.getDefiningOp()) {
      producers.insert(producer);
    }
  }
  pack->erase();
  for (Operation *producer : producers) {
    if (isOpTriviallyDead(producer)) {
      eraseWithProducers(producer);
    }
  }
}

std::vector<unsigned> chameleon::hoistConstantPacks(func::FuncOp task) {
  std::vector<unsigned> positions;
  SmallVector<BlockArgument> arguments;
  SmallVector<Operation *> packs;
  for (BlockArgument argument : task.getArguments()) {
    bool constant = task.getArgAttr(argument.getArgNumber(), kConstantAttr) != nullptr;
    if (Operation *pack = constant ? findOnlyPack(argument) : nullptr) {
      positions.push_back(argument.getArgNumber());
      arguments.push_back(argument);
      packs.push_back(pack);
    }
  }
  if (packs.empty()) {
    return positions;
  }
  createInit(task, arguments, packs);
  for (auto [argument, pack] : llvm::zip(arguments, packs)) {
    SmallVector<Operation *> users(argument.getUsers());
    BlockArgument changed = argument;
    changed.setType(pack->getResult(0).getType());
    for (Operation *user : users) {
      user->getResult(0).replaceAllUsesWith(argument);
      eraseWithProducers(user);
    }
  }
  Block &body = task.getBody().front();
  task.setType(
      FunctionType::get(task.getContext(), body.getArgumentTypes(), task.getResultTypes()));
  return positions;
}
