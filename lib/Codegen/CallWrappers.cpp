//===- CallWrappers.cpp - Functions that take their arguments in an array ===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "CallWrappers.h"
#include "chameleon/Dialect/Names.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace chameleon {

namespace {

void addCallWrapper(llvm::Function &function) {
  llvm::LLVMContext &context = function.getContext();
  llvm::Type *pointer = llvm::PointerType::getUnqual(context);
  auto *type = llvm::FunctionType::get(llvm::Type::getVoidTy(context), {pointer}, false);
  auto *wrapper = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage,
                                         kCallPrefix + function.getName(), function.getParent());
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "entry", wrapper));
  auto element = [&](unsigned index) -> llvm::Value * {
    llvm::Value *slot = builder.CreateConstGEP1_32(pointer, wrapper->getArg(0), index);
    return builder.CreateLoad(pointer, slot);
  };
  llvm::SmallVector<llvm::Value *> arguments;
  for (llvm::Argument &argument : function.args()) {
    llvm::Value *value = element(argument.getArgNo());
    if (!argument.getType()->isPointerTy())
      value = builder.CreateLoad(argument.getType(), value);
    arguments.push_back(value);
  }
  llvm::Value *result = builder.CreateCall(&function, arguments);
  unsigned next = function.arg_size();
  if (auto *results = llvm::dyn_cast<llvm::StructType>(function.getReturnType())) {
    for (unsigned i = 0; i < results->getNumElements(); ++i)
      builder.CreateStore(builder.CreateExtractValue(result, i), element(next + i));
  } else if (!function.getReturnType()->isVoidTy()) {
    builder.CreateStore(result, element(next));
  }
  builder.CreateRetVoid();
}

} // namespace

void addCallWrappers(llvm::Module &module) {
  llvm::SmallVector<llvm::Function *> functions;
  for (llvm::Function &function : module)
    if (!function.isDeclaration() && function.hasExternalLinkage())
      functions.push_back(&function);
  for (llvm::Function *function : functions)
    addCallWrapper(*function);
}

} // namespace chameleon
