//===- BenchOptions.h - The command line of chameleon-bench ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TOOLS_BENCH_BENCHOPTIONS_H
#define CHAMELEON_TOOLS_BENCH_BENCHOPTIONS_H

#include "BenchProgram.h"
#include "Compare.h"
#include "absl/status/statusor.h"

namespace chameleon {

struct BenchOptions {
  std::string before, after; // files
  BuildOptions build;
  CompareOptions compare;
  double timeoutSeconds = 900;
  bool json = false;
  bool help = false;
};

/// What --help prints.
extern const char kBenchHelp[];

/// Reads the arguments of main without the program's name. Fails, with what was expected, on
/// unknown options, values out of range, and files that do not exist. (LLVM's own option parser is
/// not used: the shared libLLVM has an option --threads.)
absl::StatusOr<BenchOptions> parseBenchOptions(const std::vector<std::string> &arguments);

} // namespace chameleon

#endif // CHAMELEON_TOOLS_BENCH_BENCHOPTIONS_H
