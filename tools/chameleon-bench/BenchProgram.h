//===- BenchProgram.h - A module that can be run and compared ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TOOLS_BENCH_BENCHPROGRAM_H
#define CHAMELEON_TOOLS_BENCH_BENCHPROGRAM_H

#include "absl/status/statusor.h"
#include "chameleon/Measure/Protocol.h"
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace chameleon {

/// How a module without configurations is lowered.
enum class Baseline { Naive, Default };

struct BuildOptions {
  std::string entry = "main";
  Baseline baseline = Baseline::Naive;
  int threads = 1;
};

/// Object code and how to call it. Arguments are those of the plain entry, whatever constants were
/// packed.
struct BenchProgram {
  std::string file;
  std::string lowering; // for people: "naive", "scheduled", "applied"
  std::string object;   // relocatable ELF
  std::string entry;    // function that is timed
  std::string init;     // function that packs constants, once; empty if there is none
  std::vector<ArgumentInfo> arguments;
  std::vector<double> inputScales;   // by argument: floats are uniform in [-scale, scale]
  std::vector<int64_t> constants;    // positions of the arguments that `init` takes
  std::vector<int64_t> weights;      // of all that are constant over calls
  std::vector<ArgumentInfo> packed;  // results of `init`, last arguments of `entry`
  std::vector<ArgumentInfo> results; // of `entry`
  double flops = 0;                  // of contractions and convolutions; 0 if not known
  double buildSeconds = 0;
};

/// Parses and compiles the module in `file`. Fails, with the compiler's diagnostics, if it is not
/// valid, has no such entry, has dynamic shapes, or does not lower. Run it in a child process: what
/// code generators cannot do they may end the process for.
absl::StatusOr<BenchProgram> buildProgram(const std::string &file, const BuildOptions &options);

/// Everything but the object.
nlohmann::json toJson(const BenchProgram &program);
BenchProgram programFromJson(const nlohmann::json &json, std::string object);

} // namespace chameleon

#endif // CHAMELEON_TOOLS_BENCH_BENCHPROGRAM_H
