//===- ConstantPacks.cpp - Packing of constants, out of the task ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Dialect/Names.h"
#include "chameleon/Schedule/Apply.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/OperationSupport.h"

using namespace mlir;
using namespace chameleon;

/// The pack that is the only reader of `argument` (or equal to every other one), into an empty
/// tensor at the top of the function; null if there is none.
static linalg::PackOp findOnlyPack(BlockArgument argument) {
  linalg::PackOp first;
  for (Operation *user : argument.getUsers()) {
    auto pack = dyn_cast<linalg::PackOp>(user);
    if (!pack || pack.getSource() != argument || pack->getBlock() != argument.getOwner() ||
        !pack.getDest().getDefiningOp<tensor::EmptyOp>() || !pack.getInnerTiles().empty()) {
      return nullptr;
    }
    if (first && !OperationEquivalence::isEquivalentTo(
                     first, pack, OperationEquivalence::ignoreValueEquivalence, nullptr,
                     OperationEquivalence::IgnoreLocations)) {
      return nullptr;
    }
    first = first ? first : pack;
  }
  return first;
}

/// Makes the private function `<task>_init`: (plain constants, destinations) -> packed constants.
static void createInit(func::FuncOp task, ArrayRef<linalg::PackOp> packs) {
  OpBuilder builder(task);
  SmallVector<Type> inputs;
  SmallVector<Type> results;
  for (linalg::PackOp pack : packs) {
    inputs.push_back(pack.getSource().getType());
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
  for (auto [i, each] : llvm::enumerate(packs)) {
    linalg::PackOp pack = each;
    IRMapping mapping;
    mapping.map(pack.getSource(), body->getArgument(i));
    mapping.map(pack.getDest(), body->getArgument(packs.size() + i));
    if (Value padding = pack.getPaddingValue()) {
      builder.clone(*padding.getDefiningOp(), mapping);
    }
    packed.push_back(builder.clone(*pack, mapping)->getResult(0));
  }
  func::ReturnOp::create(builder, task.getLoc(), packed);
}

std::vector<unsigned> chameleon::hoistConstantPacks(func::FuncOp task) {
  std::vector<unsigned> positions;
  SmallVector<linalg::PackOp> packs;
  for (BlockArgument argument : task.getArguments()) {
    bool constant = task.getArgAttr(argument.getArgNumber(), kConstantAttr) != nullptr;
    if (linalg::PackOp pack = constant ? findOnlyPack(argument) : nullptr) {
      positions.push_back(argument.getArgNumber());
      packs.push_back(pack);
    }
  }
  if (packs.empty()) {
    return positions;
  }
  createInit(task, packs);
  for (auto [position, each] : llvm::zip(positions, packs)) {
    linalg::PackOp pack = each;
    BlockArgument argument = task.getArgument(position);
    Type packedType = pack->getResult(0).getType();
    SmallVector<Operation *> users(argument.getUsers());
    argument.setType(packedType);
    for (Operation *user : users) {
      Operation *empty = cast<linalg::PackOp>(user).getDest().getDefiningOp();
      user->getResult(0).replaceAllUsesWith(argument);
      user->erase();
      if (empty->use_empty()) {
        empty->erase();
      }
    }
  }
  Block &body = task.getBody().front();
  task.setType(
      FunctionType::get(task.getContext(), body.getArgumentTypes(), task.getResultTypes()));
  return positions;
}
