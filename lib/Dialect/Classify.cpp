//===- Classify.cpp - What kind of computation a linalg op is -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Dialect/Classify.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace chameleon;

/// Names the loops `dims` after their role; a second one is numbered.
static void nameLoops(std::vector<std::string> &loops, ArrayRef<unsigned> dims, StringRef role) {
  for (auto [i, dim] : llvm::enumerate(dims)) {
    loops[dim] = i == 0 ? role.str() : (role + Twine(i)).str();
  }
}

/// Names spatial loops: two of them are height and width, else they are numbered.
static void nameSpatialLoops(std::vector<std::string> &loops, ArrayRef<unsigned> dims,
                             StringRef role) {
  static constexpr const char *kSuffixes[] = {"h", "w"};
  for (auto [i, dim] : llvm::enumerate(dims)) {
    loops[dim] = dims.size() == 2 ? (role + Twine(kSuffixes[i])).str() : (role + Twine(i)).str();
  }
}

/// Gives loops without a name "p<i>" (parallel) or "r<i>" (reduction), counted from the innermost.
static void nameOtherLoops(std::vector<std::string> &loops, linalg::LinalgOp op) {
  unsigned parallel = 0;
  unsigned reduction = 0;
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  for (int i = static_cast<int>(iterators.size()) - 1; i >= 0; --i) {
    if (!loops[i].empty()) {
      continue;
    }
    loops[i] = iterators[i] == utils::IteratorType::parallel ? "p" + std::to_string(parallel++)
                                                             : "r" + std::to_string(reduction++);
  }
}

static std::string classifyConvolution(linalg::LinalgOp op, std::vector<std::string> &loops) {
  FailureOr<linalg::ConvolutionDimensions> dims = linalg::inferConvolutionDims(op);
  if (failed(dims) || dims->filterLoop.empty()) {
    return "";
  }
  nameSpatialLoops(loops, dims->outputImage, "o");
  nameSpatialLoops(loops, dims->filterLoop, "k");
  nameLoops(loops, dims->outputChannel, "oc");
  nameLoops(loops, dims->inputChannel, "ic");
  if (!dims->inputChannel.empty()) {
    nameLoops(loops, dims->batch, "batch");
    nameLoops(loops, dims->depth, "group");
    return "convolution";
  }
  // Depthwise: the channel is in input, filter and output. Pooling: there is no channel in the
  // filter, so that batch and channel look alike; the channel is the inner one of two.
  if (!dims->depth.empty()) {
    nameLoops(loops, dims->batch, "batch");
    nameLoops(loops, dims->depth, "c");
    return "depthwise";
  }
  if (dims->batch.size() == 2) {
    loops[dims->batch[0]] = "batch";
    loops[dims->batch[1]] = "c";
  }
  return "pooling";
}

static bool classifyContraction(linalg::LinalgOp op, std::vector<std::string> &loops) {
  if (!linalg::isaContractionOpInterface(op)) {
    return false;
  }
  FailureOr<linalg::ContractionDimensions> dims = linalg::inferContractionDims(op);
  if (failed(dims)) {
    return false;
  }
  nameLoops(loops, dims->batch, "batch");
  nameLoops(loops, dims->m, "m");
  nameLoops(loops, dims->n, "n");
  nameLoops(loops, dims->k, "k");
  return true;
}

Classification chameleon::classify(linalg::LinalgOp op) {
  Classification result;
  result.loops.resize(op.getNumLoops());
  if (linalg::isaConvolutionOpInterface(op)) {
    result.kind = classifyConvolution(op, result.loops);
  } else if (classifyContraction(op, result.loops)) {
    result.kind = "contraction";
  }
  if (result.kind.empty()) {
    result.kind = op.getNumReductionLoops() == 0 ? "elementwise" : "reduction";
    result.loops.assign(op.getNumLoops(), "");
  }
  nameOtherLoops(result.loops, op);
  return result;
}

bool chameleon::isElementwise(linalg::LinalgOp op) {
  return op.hasPureTensorSemantics() && op.getNumReductionLoops() == 0 &&
         llvm::all_of(op.getIndexingMapsArray(), [](AffineMap map) {
           return map.isProjectedPermutation(/*allowZeroInResults=*/true);
         });
}

bool chameleon::overwritesInit(linalg::LinalgOp op, OpOperand &init) {
  AffineMap map = op.getMatchingIndexingMap(&init);
  bool covers = map.isProjectedPermutation(/*allowZeroInResults=*/true) &&
                llvm::all_of(llvm::zip(map.getResults(), op.getShape(&init)), [](auto each) {
                  return isa<AffineDimExpr>(std::get<0>(each)) || std::get<1>(each) == 1;
                });
  return covers && !op.payloadUsesValueFromOperand(&init) &&
         !llvm::is_contained(op.getStaticLoopRanges(), 0); // no loop, no write
}

std::optional<SmallVector<int64_t>> chameleon::permutationOf(Operation *op) {
  auto linalgOp = dyn_cast_or_null<linalg::LinalgOp>(op);
  if (!linalgOp || !linalgOp.hasPureTensorSemantics()) {
    return std::nullopt;
  }
  if (auto transpose = dyn_cast<linalg::TransposeOp>(op)) {
    return llvm::to_vector(transpose.getPermutation());
  }
  auto generic = dyn_cast<linalg::GenericOp>(op);
  return generic ? linalg::isaTransposeOpInterface(generic) : std::nullopt;
}

double chameleon::countFlops(linalg::LinalgOp op) {
  double trips = 1;
  for (int64_t extent : op.getStaticLoopRanges()) {
    trips *= ShapedType::isDynamic(extent) ? 1.0 : static_cast<double>(extent);
  }
  int arithmetic = 0;
  op->getRegion(0).walk([&](Operation *inner) {
    bool counted =
        isa<arith::ArithDialect, math::MathDialect>(inner->getDialect()) &&
        !isa<arith::ConstantOp, arith::CmpFOp, arith::CmpIOp, arith::SelectOp, arith::ExtFOp,
             arith::TruncFOp, arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp, arith::SIToFPOp,
             arith::FPToSIOp, arith::IndexCastOp>(inner);
    arithmetic += counted ? 1 : 0;
  });
  return trips * arithmetic;
}
