//===- GroupedConvolutions.h - Grouped convolutions as dense ones ---------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_GROUPEDCONVOLUTIONS_H
#define CHAMELEON_LIB_TRANSFORMS_GROUPEDCONVOLUTIONS_H

namespace mlir {
class RewritePatternSet;
} // namespace mlir

namespace chameleon {

/// A grouped convolution from zeros -> a dense one for each group, put together (decision 14).
void populateGroupedToDensePatterns(mlir::RewritePatternSet &patterns);

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_GROUPEDCONVOLUTIONS_H
