//===- Sha256.h - SHA-256 of a text --------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names things by their content: task keys, schedule hashes. FIPS 180-4.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SUPPORT_SHA256_H
#define CHAMELEON_SUPPORT_SHA256_H

#include "absl/strings/string_view.h"
#include <string>

namespace chameleon {

/// The SHA-256 of `data` as 64 lower-case hexadecimal digits.
std::string sha256Hex(absl::string_view data);

} // namespace chameleon

#endif // CHAMELEON_SUPPORT_SHA256_H
