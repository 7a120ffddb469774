//===- OddVectors.h - Vectors that fill no registers ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_CODEGEN_ODDVECTORS_H
#define CHAMELEON_LIB_CODEGEN_ODDVECTORS_H

namespace llvm {
class Module;
class TargetMachine;
} // namespace llvm

namespace chameleon {

/// Computes with vectors of, say, 14 or 28 lanes as with ones of 16 or 32, which masked loads and
/// stores fill and empty, where the target has these. LLVM would take each load and store apart by
/// powers of two, into 8, 4 and 2 lanes, and put the parts together lane by lane.
void widenOddVectors(llvm::Module &module, llvm::TargetMachine &machine);

} // namespace chameleon

#endif // CHAMELEON_LIB_CODEGEN_ODDVECTORS_H
