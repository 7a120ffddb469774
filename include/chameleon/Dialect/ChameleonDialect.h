//===- ChameleonDialect.h - The chameleon dialect -------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Attributes that carry tuning decisions on payload ops, domains of knobs in schedules, and the few
// transform ops of our own (ChameleonTransformOps.h).
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_DIALECT_CHAMELEONDIALECT_H
#define CHAMELEON_DIALECT_CHAMELEONDIALECT_H

#include "chameleon/Dialect/Names.h"
#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"

namespace chameleon {

/// The parameters that `#chameleon.tile`, `vector` and `unroll` share. `kind` is None for a choice.
struct OrderedDomain {
  enum class Kind { None, Tile, Vector, Unroll } kind = Kind::None;
  llvm::StringRef dim;            // empty: not tied to a loop
  llvm::ArrayRef<int64_t> values; // empty: all that fit
  int64_t multipleOf = 1;
  int64_t min = 1;
  int64_t max = 0;    // 0: no upper bound
  int64_t prefer = 0; // 0: the smallest value
  bool partial = false;

  explicit operator bool() const { return kind != Kind::None; }
};

} // namespace chameleon

#include "chameleon/Dialect/ChameleonAttrInterfaces.h.inc"
#include "chameleon/Dialect/ChameleonDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "chameleon/Dialect/ChameleonAttrs.h.inc"

namespace chameleon {

/// Adds the dialect and its transform ops to `registry`.
void registerChameleonDialect(mlir::DialectRegistry &registry);

} // namespace chameleon

#endif // CHAMELEON_DIALECT_CHAMELEONDIALECT_H
