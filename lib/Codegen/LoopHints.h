//===- LoopHints.h - Loops that LLVM must not unroll ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_CODEGEN_LOOPHINTS_H
#define CHAMELEON_LIB_CODEGEN_LOOPHINTS_H

namespace llvm {
class Module;
} // namespace llvm

namespace chameleon {

/// On an LLVM function, among what func.func passes through: its loops are not to be unrolled.
inline constexpr char kKeepLoopsAttr[] = "chameleon-keep-loops";

/// Keeps LLVM from unrolling the loops of functions that say so (`kKeepLoopsAttr`) or have vector
/// code already: a schedule has unrolled what it wanted, and LLVM would take odd paddings apart
/// into hundreds of copies. Other scalar functions are left to LLVM.
void keepScheduledLoops(llvm::Module &module);

} // namespace chameleon

#endif // CHAMELEON_LIB_CODEGEN_LOOPHINTS_H
