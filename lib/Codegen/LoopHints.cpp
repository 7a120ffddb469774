//===- LoopHints.cpp - Loops that LLVM must not unroll --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopHints.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"

namespace chameleon {

static bool hasVectors(llvm::Function &function) {
  return llvm::any_of(llvm::instructions(function), [](const llvm::Instruction &instruction) {
    return instruction.getType()->isVectorTy();
  });
}

void keepScheduledLoops(llvm::Module &module) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration() ||
        (!hasVectors(function) && !function.hasFnAttribute(kKeepLoopsAttr))) {
      continue;
    }
    llvm::DominatorTree dominators(function);
    llvm::LoopInfo loops(dominators);
    for (llvm::Loop *loop : loops.getLoopsInPreorder()) {
      loop->setLoopAlreadyUnrolled();
    }
  }
}

} // namespace chameleon
