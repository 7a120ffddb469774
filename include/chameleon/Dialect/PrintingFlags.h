//===- PrintingFlags.h - IR as text that is kept or hashed ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_DIALECT_PRINTINGFLAGS_H
#define CHAMELEON_DIALECT_PRINTINGFLAGS_H

#include "mlir/IR/OperationSupport.h"

namespace chameleon {

/// Flags under which the same IR always prints the same text, in full and without locations:
/// default-made flags take what the command line says (--mlir-print-..., --mlir-elide-...).
mlir::OpPrintingFlags plainPrintingFlags();

} // namespace chameleon

#endif // CHAMELEON_DIALECT_PRINTINGFLAGS_H
