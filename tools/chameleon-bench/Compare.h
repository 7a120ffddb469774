//===- Compare.h - Two programs on the same inputs ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TOOLS_BENCH_COMPARE_H
#define CHAMELEON_TOOLS_BENCH_COMPARE_H

#include "BenchProgram.h"
#include "absl/status/statusor.h"
#include <nlohmann/json_fwd.hpp>

namespace chameleon {

struct CompareOptions {
  int samples = 11;          // per program
  double budgetSeconds = 60; // no further sample after that, once there are `kMinSamples`
  uint64_t seed = 0;         // of inputs and of the order of samples
  double tolerance = -1;     // of max |a - b| / max |a|; negative: by element type
  bool peak = false;         // measure the core's FMA peak as well
  MeasureMode mode = MeasureMode::Warm;
};

/// Runs both programs in this process: packs constants, calls each once and compares the outputs,
/// then times them in turn, in random order within a round. Where outputs of `before` are not
/// finite, it is called on positive inputs first. Returns the report without what only
/// the caller knows (JSON of chameleon-bench, see its --help). Fails if the programs cannot be
/// compared: other arguments or results, foreign symbols, writes outside of an output. Run it in a
/// child process.
absl::StatusOr<nlohmann::json> comparePrograms(const BenchProgram &before,
                                               const BenchProgram &after,
                                               const CompareOptions &options);

} // namespace chameleon

#endif // CHAMELEON_TOOLS_BENCH_COMPARE_H
