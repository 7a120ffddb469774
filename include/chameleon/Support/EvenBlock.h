//===- EvenBlock.h - Blocks of about the same size ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SUPPORT_EVENBLOCK_H
#define CHAMELEON_SUPPORT_EVENBLOCK_H

#include <algorithm>
#include <cstdint>

namespace chameleon {

/// The smallest block that covers `extent` with as few blocks as one of `most` does: 16 in blocks
/// of at most 14 are two of 8, not 14 and 2. Both at least 1; at most `most`.
inline int64_t evenBlock(int64_t extent, int64_t most) {
  most = std::min(most, extent);
  int64_t blocks = (extent + most - 1) / most;
  return (extent + blocks - 1) / blocks;
}

} // namespace chameleon

#endif // CHAMELEON_SUPPORT_EVENBLOCK_H
