//===- AllowedOps.cpp - What a schedule may do ----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AllowedOps.h"
#include "mlir/Dialect/Transform/IR/TransformOps.h"
#include "mlir/IR/Operation.h"

using namespace mlir;
using namespace chameleon;

// Families of ops that only rewrite, match or compute on handles and parameters.
static constexpr const char *kAllowedPrefixes[] = {
    "transform.structured.", "transform.apply_patterns.", "transform.loop.",   "transform.tune.",
    "transform.chameleon.",  "transform.match.",          "transform.param.",  "transform.tensor.",
    "transform.vector.",     "transform.affine.",         "transform.memref.",
};
static constexpr const char *kAllowedOps[] = {
    "builtin.module",
    "transform.alternatives",
    "transform.annotate",
    "transform.apply_cse",
    "transform.apply_dce",
    "transform.apply_licm",
    "transform.apply_patterns",
    "transform.cast",
    "transform.collect_matching",
    "transform.foreach",
    "transform.foreach_match",
    "transform.get_consumers_of_result",
    "transform.get_defining_op",
    "transform.get_operand",
    "transform.get_parent_op",
    "transform.get_producer_of_operand",
    "transform.get_result",
    "transform.get_type",
    "transform.include",
    "transform.merge_handles",
    "transform.named_sequence",
    "transform.num_associations",
    "transform.replicate",
    "transform.select",
    "transform.sequence",
    "transform.split_handle",
    "transform.verify",
    "transform.yield",
};
// Registered passes that read no files and start no programs; their options are not allowed.
static constexpr const char *kAllowedPasses[] = {"canonicalize",
                                                 "cse",
                                                 "linalg-fold-unit-extent-dims",
                                                 "linalg-fuse-elementwise-ops",
                                                 "loop-invariant-code-motion",
                                                 "loop-invariant-subset-hoisting"};

static LogicalResult verifyPass(transform::ApplyRegisteredPassOp op) {
  if (!llvm::is_contained(kAllowedPasses, op.getPassName())) {
    return op.emitOpError() << "pass '" << op.getPassName() << "' may not be run by a schedule";
  }
  if (!op.getOptions().empty() || !op.getDynamicOptions().empty()) {
    return op.emitOpError() << "a schedule may not give options to a pass";
  }
  return success();
}

static LogicalResult verifyOp(Operation *op) {
  if (auto pass = dyn_cast<transform::ApplyRegisteredPassOp>(op)) {
    return verifyPass(pass);
  }
  StringRef name = op->getName().getStringRef();
  bool allowed =
      llvm::is_contained(kAllowedOps, name) ||
      llvm::any_of(kAllowedPrefixes, [&](StringRef prefix) { return name.starts_with(prefix); });
  if (!allowed) {
    return op->emitOpError() << "may not be interpreted in a schedule";
  }
  return success();
}

LogicalResult chameleon::verifyAllowedOps(Operation *schedule) {
  WalkResult result = schedule->walk([](Operation *op) {
    return failed(verifyOp(op)) ? WalkResult::interrupt() : WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}
