//===- OddVectors.cpp - Vectors that fill no registers --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OddVectors.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/Analysis/VectorUtils.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Target/TargetMachine.h"
#include <numeric>

namespace chameleon {

namespace {

using llvm::cast;
using llvm::dyn_cast;
using llvm::isa;

constexpr unsigned kLanes = 16; // more are whole multiples of it, less are powers of two

unsigned lanesOf(llvm::Type *type) { return cast<llvm::FixedVectorType>(type)->getNumElements(); }

/// How many lanes a vector of `lanes` gets. Not by its elements: what is computed from it, in other
/// types, has to get as many.
unsigned widenedLanes(unsigned lanes) {
  return lanes <= kLanes ? llvm::PowerOf2Ceil(lanes) : llvm::alignTo(lanes, kLanes);
}

/// `type` with as many lanes as it gets; null if it is no vector of numbers, or one that has them.
llvm::FixedVectorType *widen(llvm::Type *type) {
  auto *vector = dyn_cast<llvm::FixedVectorType>(type);
  if (!vector ||
      !(vector->getElementType()->isIntegerTy() || vector->getElementType()->isFloatingPointTy())) {
    return nullptr;
  }
  unsigned lanes = widenedLanes(vector->getNumElements());
  return lanes == vector->getNumElements()
             ? nullptr
             : llvm::FixedVectorType::get(vector->getElementType(), lanes);
}

/// Whether each lane of the result comes from those of the operands, and a lane more does no harm:
/// a quotient of integers may not exist.
bool isLanewise(const llvm::Instruction &instruction) {
  bool reinterpretsNumber =
      isa<llvm::CastInst>(instruction) && !instruction.getOperand(0)->getType()->isVectorTy();
  if (instruction.isIntDivRem() || reinterpretsNumber) {
    return false;
  }
  if (const auto *call = dyn_cast<llvm::IntrinsicInst>(&instruction)) {
    return llvm::isTriviallyVectorizable(call->getIntrinsicID()) &&
           llvm::all_of(call->args(), [&](const llvm::Value *argument) {
             auto *type = dyn_cast<llvm::FixedVectorType>(argument->getType());
             return type && type->getNumElements() == lanesOf(call->getType());
           });
  }
  bool sameLanes = llvm::all_of(instruction.operands(), [&](const llvm::Use &operand) {
    auto *type = dyn_cast<llvm::FixedVectorType>(operand->getType());
    return !type || (widen(type) && type->getNumElements() == lanesOf(instruction.getType()));
  });
  return sameLanes && isa<llvm::BinaryOperator, llvm::UnaryOperator, llvm::CmpInst, llvm::CastInst,
                          llvm::SelectInst, llvm::FreezeInst>(instruction);
}

/// 0, 1 and on for the first `lanes` of `wide`, nothing for the others.
llvm::SmallVector<int> firstLanes(unsigned lanes, unsigned wide) {
  llvm::SmallVector<int> indices(wide, llvm::PoisonMaskElem);
  std::iota(indices.begin(), indices.begin() + lanes, 0);
  return indices;
}

llvm::Constant *maskOf(llvm::IRBuilder<> &builder, unsigned lanes, unsigned wide) {
  llvm::SmallVector<llvm::Constant *> bits(wide, builder.getFalse());
  std::fill_n(bits.begin(), lanes, builder.getTrue());
  return llvm::ConstantVector::get(bits);
}

llvm::Constant *widenConstant(llvm::Constant *constant, llvm::FixedVectorType *type) {
  if (llvm::Constant *splat = constant->getSplatValue()) {
    return llvm::ConstantVector::getSplat(type->getElementCount(), splat);
  }
  llvm::SmallVector<llvm::Constant *> elements(type->getNumElements(),
                                               llvm::PoisonValue::get(type->getElementType()));
  for (unsigned i = 0, lanes = lanesOf(constant->getType()); i < lanes; ++i) {
    elements[i] = constant->getAggregateElement(i);
    if (!elements[i]) {
      return nullptr; // an expression
    }
  }
  return llvm::ConstantVector::get(elements);
}

/// The vectors of `type`, an array of them, or of arrays, are to be widened.
bool holdsOddVectors(llvm::Type *type) {
  auto *array = dyn_cast<llvm::ArrayType>(type);
  return array &&
         (widen(array->getElementType()) != nullptr || holdsOddVectors(array->getElementType()));
}

/// Element `i` of `aggregate` in front of `place`.
llvm::Value *elementOf(llvm::Value *aggregate, unsigned i, llvm::Instruction *place) {
  llvm::Value *known = llvm::FindInsertedValue(aggregate, i);
  return known ? known : llvm::IRBuilder<>(place).CreateExtractValue(aggregate, i);
}

/// Makes `phi` of an array one for each element, which it returns. Loops carry vectors of several
/// dimensions as arrays, and LLVM leaves them so.
llvm::SmallVector<llvm::PHINode *> splitArray(llvm::PHINode &phi) {
  auto *type = cast<llvm::ArrayType>(phi.getType());
  llvm::SmallVector<llvm::PHINode *> elements;
  llvm::IRBuilder<> builder(&phi);
  for (unsigned i = 0; i < type->getNumElements(); ++i) {
    elements.push_back(builder.CreatePHI(type->getElementType(), phi.getNumIncomingValues()));
  }
  builder.SetInsertPoint(phi.getParent(), phi.getParent()->getFirstInsertionPt());
  llvm::Value *whole = llvm::PoisonValue::get(type);
  for (auto [i, element] : llvm::enumerate(elements)) {
    whole = builder.CreateInsertValue(whole, element, i);
  }
  phi.replaceAllUsesWith(whole);
  for (auto [i, element] : llvm::enumerate(elements)) {
    for (auto [value, block] : llvm::zip(phi.incoming_values(), phi.blocks())) {
      int known = element->getBasicBlockIndex(block); // a switch may come here more than once
      element->addIncoming(known >= 0 ? element->getIncomingValue(known)
                                      : elementOf(value, i, block->getTerminator()),
                           block);
    }
  }
  phi.eraseFromParent();
  for (llvm::User *user : llvm::make_early_inc_range(whole->users())) {
    if (auto *extract = dyn_cast<llvm::ExtractValueInst>(user)) {
      llvm::ArrayRef<unsigned> indices = extract->getIndices();
      llvm::Value *element = elements[indices.front()];
      builder.SetInsertPoint(extract);
      extract->replaceAllUsesWith(indices.size() == 1
                                      ? element
                                      : builder.CreateExtractValue(element, indices.drop_front()));
      extract->eraseFromParent();
    }
  }
  return elements;
}

void splitArrays(llvm::Function &function) {
  llvm::SmallVector<llvm::PHINode *> phis;
  for (llvm::BasicBlock &block : function) {
    for (llvm::PHINode &phi : block.phis()) {
      phis.push_back(&phi);
    }
  }
  while (!phis.empty()) {
    llvm::PHINode *phi = phis.pop_back_val();
    if (holdsOddVectors(phi->getType())) {
      llvm::append_range(phis, splitArray(*phi));
    }
  }
}

/// Whether masked loads and stores cost no more than what they replace: with AVX2, only the loads
/// do not.
class MaskedAccesses {
public:
  explicit MaskedAccesses(const llvm::TargetTransformInfo &target) : target(target) {}

  /// Of a load or store of `type`, which is to be widened.
  bool pay(llvm::Type *type, llvm::Align align, unsigned space) const {
    // What one instruction takes, at most.
    auto *piece = llvm::FixedVectorType::get(type->getScalarType(),
                                             std::min(kLanes, widenedLanes(lanesOf(type))));
    return target.isLegalMaskedLoad(piece, align, space) &&
           target.isLegalMaskedStore(piece, align, space) &&
           costs(llvm::Intrinsic::masked_load, type, align, space) <=
               target.getMemoryOpCost(llvm::Instruction::Load, type, align, space, kKind) &&
           costs(llvm::Intrinsic::masked_store, type, align, space) <=
               target.getMemoryOpCost(llvm::Instruction::Store, type, align, space, kKind);
  }

private:
  static constexpr auto kKind = llvm::TargetTransformInfo::TCK_RecipThroughput;

  llvm::InstructionCost costs(llvm::Intrinsic::ID masked, llvm::Type *type, llvm::Align align,
                              unsigned space) const {
    return target.getMemIntrinsicInstrCost({masked, widen(type), align, space}, kKind);
  }

  const llvm::TargetTransformInfo &target;
};

/// Widens the vectors of one function.
class OddVectors {
public:
  OddVectors(llvm::Function &function, const llvm::TargetTransformInfo &target)
      : function(function), accesses(target) {}

  void run() {
    for (llvm::BasicBlock *block : llvm::ReversePostOrderTraversal<llvm::Function *>(&function)) {
      for (llvm::Instruction &instruction : llvm::make_early_inc_range(*block)) {
        rewrite(instruction);
      }
    }
    for (llvm::PHINode *phi : phis) {
      auto *wide = cast<llvm::PHINode>(widened.lookup(phi));
      for (auto [value, block] : llvm::zip(phi->incoming_values(), phi->blocks())) {
        wide->addIncoming(widenedValue(value), block);
      }
    }
    eraseReplaced();
  }

private:
  void rewrite(llvm::Instruction &instruction) {
    if (auto *store = dyn_cast<llvm::StoreInst>(&instruction)) {
      rewriteStore(*store);
    } else if (auto *shuffle = dyn_cast<llvm::ShuffleVectorInst>(&instruction)) {
      rewriteShuffle(*shuffle);
    } else if (llvm::FixedVectorType *type = widen(instruction.getType())) {
      if (llvm::Value *wide = createWide(instruction, type)) {
        replace(instruction, wide);
      }
    }
  }

  /// `instruction` on wide vectors; null if it has to stay as it is.
  llvm::Value *createWide(llvm::Instruction &instruction, llvm::FixedVectorType *type) {
    llvm::IRBuilder<> builder(&instruction);
    if (auto *load = dyn_cast<llvm::LoadInst>(&instruction)) {
      return createMaskedLoad(*load, type);
    }
    if (auto *phi = dyn_cast<llvm::PHINode>(&instruction)) {
      phis.push_back(phi);
      return builder.CreatePHI(type, phi->getNumIncomingValues());
    }
    if (auto *insert = dyn_cast<llvm::InsertElementInst>(&instruction)) {
      return builder.CreateInsertElement(widenedValue(insert->getOperand(0)), insert->getOperand(1),
                                         insert->getOperand(2));
    }
    if (!isLanewise(instruction)) {
      return nullptr;
    }
    if (auto *call = dyn_cast<llvm::IntrinsicInst>(&instruction)) {
      llvm::SmallVector<llvm::Value *> arguments;
      for (llvm::Value *argument : call->args()) {
        arguments.push_back(widenedValue(argument));
      }
      llvm::CallInst *wide = builder.CreateIntrinsic(type, call->getIntrinsicID(), arguments);
      wide->copyIRFlags(call);
      return wide;
    }
    llvm::Instruction *wide = instruction.clone();
    for (llvm::Use &operand : wide->operands()) {
      if (widen(operand->getType())) {
        operand.set(widenedValue(operand));
      }
    }
    wide->mutateType(type);
    return builder.Insert(wide);
  }

  llvm::Value *createMaskedLoad(llvm::LoadInst &load, llvm::FixedVectorType *type) const {
    if (!load.isSimple() ||
        !accesses.pay(load.getType(), load.getAlign(), load.getPointerAddressSpace())) {
      return nullptr;
    }
    llvm::IRBuilder<> builder(&load);
    llvm::CallInst *wide =
        builder.CreateMaskedLoad(type, load.getPointerOperand(), load.getAlign(),
                                 maskOf(builder, lanesOf(load.getType()), type->getNumElements()));
    wide->setAAMetadata(load.getAAMetadata());
    return wide;
  }

  void rewriteStore(llvm::StoreInst &store) {
    llvm::Value *value = store.getValueOperand();
    llvm::FixedVectorType *type = widen(value->getType());
    if (!type || !store.isSimple() ||
        !accesses.pay(value->getType(), store.getAlign(), store.getPointerAddressSpace())) {
      return;
    }
    llvm::IRBuilder<> builder(&store);
    llvm::CallInst *wide = builder.CreateMaskedStore(
        widenedValue(value), store.getPointerOperand(), store.getAlign(),
        maskOf(builder, lanesOf(value->getType()), type->getNumElements()));
    wide->setAAMetadata(store.getAAMetadata());
    store.eraseFromParent();
  }

  /// A shuffle may have wide operands, a wide result, or both.
  void rewriteShuffle(llvm::ShuffleVectorInst &shuffle) {
    llvm::FixedVectorType *from = widen(shuffle.getOperand(0)->getType());
    llvm::FixedVectorType *to = widen(shuffle.getType());
    if (!from && !to) {
      return;
    }
    llvm::SmallVector<int> mask(shuffle.getShuffleMask());
    if (from) {
      auto lanes = static_cast<int>(lanesOf(shuffle.getOperand(0)->getType()));
      auto added = static_cast<int>(from->getNumElements()) - lanes;
      for (int &index : mask) {
        index += index >= lanes ? added : 0; // of the second operand
      }
    }
    if (to) {
      bool splat = llvm::all_equal(mask);
      mask.resize(to->getNumElements(), splat ? mask.front() : llvm::PoisonMaskElem);
    }
    llvm::IRBuilder<> builder(&shuffle);
    auto operand = [&](unsigned i) {
      return from ? widenedValue(shuffle.getOperand(i)) : shuffle.getOperand(i);
    };
    llvm::Value *wide = builder.CreateShuffleVector(operand(0), operand(1), mask);
    if (to) {
      replace(shuffle, wide);
    } else {
      shuffle.replaceAllUsesWith(wide);
      shuffle.eraseFromParent();
    }
  }

  /// `value`, whose lanes are odd, with more of them.
  llvm::Value *widenedValue(llvm::Value *value) {
    llvm::Value *&wide = widened[value];
    if (wide) {
      return wide;
    }
    llvm::FixedVectorType *type = widen(value->getType());
    if (auto *constant = dyn_cast<llvm::Constant>(value)) {
      if (llvm::Constant *filled = widenConstant(constant, type)) {
        return wide = filled;
      }
    }
    llvm::IRBuilder<> builder(value->getContext());
    auto *instruction = dyn_cast<llvm::Instruction>(value);
    auto place = instruction ? instruction->getInsertionPointAfterDef() : std::nullopt;
    builder.SetInsertPoint(place.value_or(function.getEntryBlock().getFirstInsertionPt()));
    return wide = builder.CreateShuffleVector(
               value, firstLanes(lanesOf(value->getType()), type->getNumElements()));
  }

  void replace(llvm::Instruction &instruction, llvm::Value *wide) {
    widened[&instruction] = wide;
    replaced.push_back(&instruction);
  }

  /// Gives those that still read an odd vector the lanes of the wide one that it had.
  void eraseReplaced() {
    llvm::SmallPtrSet<llvm::Value *, 16> gone(replaced.begin(), replaced.end());
    for (llvm::Instruction *instruction : replaced) {
      bool read = llvm::any_of(instruction->users(),
                               [&](llvm::User *user) { return !gone.contains(user); });
      if (read) {
        llvm::Value *wide = widened.lookup(instruction);
        llvm::IRBuilder<> builder(instruction->getParent(),
                                  *instruction->getInsertionPointAfterDef());
        unsigned lanes = lanesOf(instruction->getType());
        instruction->replaceAllUsesWith(
            builder.CreateShuffleVector(wide, firstLanes(lanes, lanes)));
      }
      instruction->dropAllReferences();
    }
    for (llvm::Instruction *instruction : replaced) {
      instruction->replaceAllUsesWith(llvm::PoisonValue::get(instruction->getType()));
      instruction->eraseFromParent();
    }
  }

  llvm::Function &function;
  MaskedAccesses accesses;
  llvm::DenseMap<llvm::Value *, llvm::Value *> widened;
  llvm::SmallVector<llvm::Instruction *> replaced;
  llvm::SmallVector<llvm::PHINode *> phis;
};

} // namespace

void widenOddVectors(llvm::Module &module, llvm::TargetMachine &machine) {
  for (llvm::Function &function : module) {
    if (!function.isDeclaration()) {
      splitArrays(function);
      llvm::TargetTransformInfo target = machine.getTargetTransformInfo(function);
      OddVectors(function, target).run();
    }
  }
}

} // namespace chameleon
