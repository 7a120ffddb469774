//===- PrintingFlags.cpp - IR as text that is kept or hashed --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Dialect/PrintingFlags.h"
#include <limits>

using namespace mlir;

OpPrintingFlags chameleon::plainPrintingFlags() {
  constexpr int64_t noLimit = std::numeric_limits<int64_t>::max();
  constexpr int64_t hexElements = 100; // MLIR's default
  return OpPrintingFlags()
      .elideLargeElementsAttrs(noLimit)
      .printLargeElementsAttrWithHex(hexElements)
      .elideLargeResourceString(noLimit)
      .enableDebugInfo(false)
      .printGenericOpForm(false)
      .skipRegions(false)
      .assumeVerified(false)
      .useLocalScope(false)
      .printValueUsers(false)
      .printUniqueSSAIDs(false)
      .printNameLocAsPrefix(false);
}
