//===- CompiledModule.h - MLIR text that tests can call ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_UNITTESTS_CODEGEN_COMPILEDMODULE_H
#define CHAMELEON_UNITTESTS_CODEGEN_COMPILEDMODULE_H

#include "absl/status/statusor.h"
#include "chameleon/Codegen/Loader.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace chameleon {

/// A context with every upstream dialect, without threads of its own.
std::unique_ptr<mlir::MLIRContext> makeTestContext();

/// Changes a module before the tail runs; false fails the compilation.
using Prepare = std::function<bool(mlir::ModuleOp)>;

struct CompiledModule {
  std::string object; // ELF
  std::unique_ptr<LoadedObject> code;

  /// Calls `function` with these pointers.
  void call(const std::string &function, std::vector<void *> pointers);
};

/// Parses `text`, runs `prepare`, the tail and code generation for this machine, and loads the
/// result.
absl::StatusOr<CompiledModule> compile(const std::string &text, const Prepare &prepare = nullptr,
                                       int threads = 1);

/// The object alone.
absl::StatusOr<std::string> compileObject(mlir::ModuleOp module, int threads = 1);

} // namespace chameleon

#endif // CHAMELEON_UNITTESTS_CODEGEN_COMPILEDMODULE_H
