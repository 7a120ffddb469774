//===- Object.h - LLVM dialect to object code -----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_CODEGEN_OBJECT_H
#define CHAMELEON_CODEGEN_OBJECT_H

#include "absl/status/statusor.h"
#include "chameleon/Support/TargetInfo.h"
#include <string>

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace chameleon {

/// Translates `module` (LLVM dialect) to LLVM IR, adds a wrapper `chameleon_call_<name>` (Names.h)
/// for each public function with a body, optimises at O3 with fused multiply-add allowed, and emits
/// a relocatable ELF object for `target`. Fails if translation or code generation reports an error.
absl::StatusOr<std::string> emitObject(mlir::ModuleOp module, const TargetInfo &target);

} // namespace chameleon

#endif // CHAMELEON_CODEGEN_OBJECT_H
