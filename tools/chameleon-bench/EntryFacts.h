//===- EntryFacts.h - What a comparison needs to know of an entry ------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TOOLS_BENCH_ENTRYFACTS_H
#define CHAMELEON_TOOLS_BENCH_ENTRYFACTS_H

#include "BenchProgram.h"

namespace mlir {
class ModuleOp;
namespace func {
class FuncOp;
} // namespace func
} // namespace mlir

namespace chameleon {

/// Floating-point operations (two per multiply-add) of the contractions and convolutions that a
/// call of `function` does, those of the functions it calls included.
double countFlops(mlir::func::FuncOp function);

/// Sets the functions, arguments, results and input scales of `program` from the module before it
/// is lowered. Fails if there is no such entry, or a type is not a static shape.
absl::Status readEntry(mlir::ModuleOp module, const std::string &entry, BenchProgram &program);

} // namespace chameleon

#endif // CHAMELEON_TOOLS_BENCH_ENTRYFACTS_H
