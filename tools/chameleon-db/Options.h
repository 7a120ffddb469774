//===- Options.h - Command line of chameleon-db --------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TOOLS_CHAMELEON_DB_OPTIONS_H
#define CHAMELEON_TOOLS_CHAMELEON_DB_OPTIONS_H

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include <string>
#include <vector>

namespace chameleon {

enum class Action { Show, Check, Export, Import, Merge, Help, Version };

struct Options {
  Action action = Action::Show;
  bool json = false;
  std::string file;                // the database
  std::vector<std::string> others; // of Merge and Import
};

/// Reads the arguments after the program's name. Fails with what was expected and what came.
absl::StatusOr<Options> parseOptions(absl::Span<const char *const> arguments);

/// What --help prints.
std::string helpText();

} // namespace chameleon

#endif // CHAMELEON_TOOLS_CHAMELEON_DB_OPTIONS_H
