//===- NarrowComparisons.cpp - Comparisons in the type of what they read --===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NarrowComparisons.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include <optional>

using namespace mlir;

namespace {

/// The f32 that `wide` extends; null if it does not.
Value findExtended(Value wide) {
  auto extend = wide.getDefiningOp<arith::ExtFOp>();
  return extend && extend.getIn().getType().isF32() && wide.getType().isF64() ? extend.getIn()
                                                                              : Value();
}

/// The number that `wide` is, if f32 has it.
std::optional<float> findNarrowConstant(Value wide) {
  APFloat number(APFloat::IEEEdouble());
  if (!matchPattern(wide, m_ConstantFloat(&number))) {
    return std::nullopt;
  }
  bool losesInfo = false;
  number.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &losesInfo);
  return losesInfo ? std::nullopt : std::optional(number.convertToFloat());
}

struct NarrowComparison : OpRewritePattern<arith::CmpFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::CmpFOp op, PatternRewriter &rewriter) const override {
    Value left = findExtended(op.getLhs());
    Value right = findExtended(op.getRhs());
    if (!left == !right) {
      return rewriter.notifyMatchFailure(op, "expected an f32 that is extended, and a constant");
    }
    std::optional<float> number = findNarrowConstant(left ? op.getRhs() : op.getLhs());
    if (!number) {
      return rewriter.notifyMatchFailure(op, "expected a constant that f32 has");
    }
    Value constant =
        arith::ConstantOp::create(rewriter, op.getLoc(), rewriter.getF32FloatAttr(*number));
    rewriter.replaceOpWithNewOp<arith::CmpFOp>(op, op.getPredicate(), left ? left : constant,
                                               right ? right : constant, op.getFastmath());
    return success();
  }
};

} // namespace

void chameleon::populateNarrowComparisonPatterns(RewritePatternSet &patterns) {
  patterns.add<NarrowComparison>(patterns.getContext());
}
