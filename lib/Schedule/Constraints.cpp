//===- Constraints.cpp - Affine sets to the search's expressions ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Constraints.h"
#include "llvm/Support/ErrorHandling.h"

using namespace mlir;
using namespace chameleon;

using Instruction = Expression::Instruction;
using Op = Expression::Op;

static Op toOp(AffineExprKind kind) {
  switch (kind) {
  case AffineExprKind::Add:
    return Op::Add;
  case AffineExprKind::Mul:
    return Op::Mul;
  case AffineExprKind::Mod:
    return Op::Mod;
  case AffineExprKind::FloorDiv:
    return Op::FloorDiv;
  case AffineExprKind::CeilDiv:
    return Op::CeilDiv;
  default:
    llvm_unreachable("not a binary expression");
  }
}

static void append(AffineExpr expr, ArrayRef<Symbol> symbols, std::vector<Instruction> &code) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    code.push_back({Op::Constant, constant.getValue()});
    return;
  }
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr)) {
    const Symbol &meaning = symbols[symbol.getPosition()];
    code.push_back({meaning.isKnob ? Op::Knob : Op::Constant, meaning.value});
    return;
  }
  auto binary = cast<AffineBinaryOpExpr>(expr);
  append(binary.getLHS(), symbols, code);
  append(binary.getRHS(), symbols, code);
  code.push_back({toOp(expr.getKind())});
}

Expression chameleon::toExpression(AffineExpr expr, ArrayRef<Symbol> symbols) {
  std::vector<Instruction> code;
  append(expr, symbols, code);
  return Expression(std::move(code));
}

std::vector<Constraint> chameleon::toConstraints(IntegerSet set, ArrayRef<Symbol> symbols,
                                                 const std::string &message) {
  std::vector<Constraint> constraints;
  for (auto [expr, isEquality] : llvm::zip(set.getConstraints(), set.getEqFlags())) {
    constraints.push_back({toExpression(expr, symbols), isEquality, message});
  }
  return constraints;
}
