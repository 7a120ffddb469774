//===- AllowedSymbols.h - What loaded code may call --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_CODEGEN_ALLOWEDSYMBOLS_H
#define CHAMELEON_LIB_CODEGEN_ALLOWEDSYMBOLS_H

#include <string>

namespace chameleon {

/// The address of `symbol` if code may link against it and this machine has it, otherwise null.
void *findAllowedSymbol(const std::string &symbol);

} // namespace chameleon

#endif // CHAMELEON_LIB_CODEGEN_ALLOWEDSYMBOLS_H
