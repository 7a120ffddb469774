//===- NarrowComparisons.h - Comparisons in the type of what they read ----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_NARROWCOMPARISONS_H
#define CHAMELEON_LIB_TRANSFORMS_NARROWCOMPARISONS_H

namespace mlir {
class RewritePatternSet;
} // namespace mlir

namespace chameleon {

/// A comparison of an f32 extended to f64 with a constant -> one in f32, if the constant is an f32
/// too (infinity is): twice as many fit into a vector. Exporters compare with Python's numbers,
/// which are f64.
void populateNarrowComparisonPatterns(mlir::RewritePatternSet &patterns);

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_NARROWCOMPARISONS_H
