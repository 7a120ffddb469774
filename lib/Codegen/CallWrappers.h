//===- CallWrappers.h - Functions that take their arguments in an array ===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_CODEGEN_CALLWRAPPERS_H
#define CHAMELEON_LIB_CODEGEN_CALLWRAPPERS_H

namespace llvm {
class Module;
} // namespace llvm

namespace chameleon {

/// Adds `void chameleon_call_<name>(void **arguments)` for each function with a body that is
/// visible outside `module`. arguments[i] is parameter i if that is a pointer, and points to its
/// value otherwise; after these comes one pointer per result, to where it is stored.
void addCallWrappers(llvm::Module &module);

} // namespace chameleon

#endif // CHAMELEON_LIB_CODEGEN_CALLWRAPPERS_H
