//===- Constraints.h - Affine sets to the search's expressions ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SCHEDULE_CONSTRAINTS_H
#define CHAMELEON_LIB_SCHEDULE_CONSTRAINTS_H

#include "chameleon/Search/Space.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/IntegerSet.h"
#include <vector>

namespace chameleon {

/// What a symbol of an affine expression stands for: a knob of the space, or a fixed number.
struct Symbol {
  bool isKnob = true;
  int64_t value = 0; // position of the knob, or the number
};

/// `expr` over `symbols` as a postfix program. Precondition: no dimensions in `expr`.
Expression toExpression(mlir::AffineExpr expr, llvm::ArrayRef<Symbol> symbols);

/// One constraint per constraint of `set`, all with `message`.
std::vector<Constraint> toConstraints(mlir::IntegerSet set, llvm::ArrayRef<Symbol> symbols,
                                      const std::string &message);

} // namespace chameleon

#endif // CHAMELEON_LIB_SCHEDULE_CONSTRAINTS_H
