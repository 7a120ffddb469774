//===- ProgramPath.h - Programs that were installed with this one ---------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SUPPORT_PROGRAMPATH_H
#define CHAMELEON_SUPPORT_PROGRAMPATH_H

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <string>

namespace chameleon {

/// The program `name` beside the running one, or beside the shared object that this code is part of
/// (a plugin is not beside mlir-opt). Fails, with the places that were looked at, if there is none.
absl::StatusOr<std::string> findProgram(absl::string_view name);

} // namespace chameleon

#endif // CHAMELEON_SUPPORT_PROGRAMPATH_H
