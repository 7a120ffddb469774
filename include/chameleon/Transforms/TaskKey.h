//===- TaskKey.h - The name of a computation in records -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TRANSFORMS_TASKKEY_H
#define CHAMELEON_TRANSFORMS_TASKKEY_H

#include "mlir/Support/LLVM.h"
#include <string>

namespace mlir::func {
class FuncOp;
} // namespace mlir::func

namespace chameleon {

/// Version of the rule below; recorded beside each key. A new rule gets a new version.
inline constexpr int kTaskKeyVersion = 1;

/// SHA-256 (64 hex digits) of the generic form of `task` without locations, symbol name and
/// discardable attributes, dense resources by their contents, followed by the positions of its
/// constant arguments. What the command line says about printing does not change it.
std::string computeTaskKey(mlir::func::FuncOp task);

/// Puts the contents of dense resources in place of their names, which say nothing about them;
/// those whose contents are not there stay.
void inlineResources(mlir::func::FuncOp task);

/// The text of a module that holds only a copy of `task`, as it is sent to workers and stored.
std::string printTaskModule(mlir::func::FuncOp task);

} // namespace chameleon

#endif // CHAMELEON_TRANSFORMS_TASKKEY_H
