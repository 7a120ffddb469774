//===- PrepareModule.h - From a module as given to one for the tail ----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TOOLS_BENCH_PREPAREMODULE_H
#define CHAMELEON_TOOLS_BENCH_PREPAREMODULE_H

#include "BenchProgram.h"
#include "absl/status/statusor.h"

namespace mlir {
class DialectRegistry;
class ModuleOp;
} // namespace mlir

namespace chameleon {

void registerBenchDialects(mlir::DialectRegistry &registry);

/// Brings `module` into the form that the tail takes, and says how: a module with `chameleon_main`
/// ("applied") or with vectors ("scheduled") is taken as it is, one with configurations is applied
/// ("configurations applied"), any other is lowered by the baseline ("naive" or "default").
absl::StatusOr<std::string> prepareModule(mlir::ModuleOp module, Baseline baseline, int threads);

} // namespace chameleon

#endif // CHAMELEON_TOOLS_BENCH_PREPAREMODULE_H
