//===- StatusText.h - Statuses in diagnostics -----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_STATUSTEXT_H
#define CHAMELEON_LIB_TRANSFORMS_STATUSTEXT_H

#include "absl/status/status.h"
#include <string>

namespace chameleon {

/// The message of `status`. A diagnostic would print an absl::string_view as a list of characters.
inline std::string textOf(const absl::Status &status) { return std::string(status.message()); }

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_STATUSTEXT_H
