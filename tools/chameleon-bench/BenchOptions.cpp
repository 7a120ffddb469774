//===- BenchOptions.cpp - The command line of chameleon-bench ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "BenchOptions.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include <cmath>
#include <filesystem>
#include <functional>

namespace chameleon {

const char kBenchHelp[] = R"(usage: chameleon-bench A B [options]

Runs two modules on the same inputs, in turn, and compares times and outputs.

  chameleon-bench resnet18.mlir tuned.mlir                             plain loops against tuned
  chameleon-bench resnet18.mlir tuned.mlir --baseline=default --peak   the default schedules against tuned

A and B are modules with a public function of static shapes: plain linalg on tensors, which the baseline
lowers; with configurations, as auto-tuning writes them; or applied. Constants are packed once, by
@chameleon_init; this is timed apart (init_ms). Both run in a child process; if one crashes or hangs,
that is said.

options:
  --baseline=naive|default  how a module without configurations is lowered: linalg to plain loops, or the
                            analytic model's first choice, nothing measured (naive)
  --json                    print the report as JSON on standard output, words on standard error
  --samples=N               samples per module, at least 3 (11)
  --budget-seconds=S        take no further samples after S seconds (60)
  --timeout-seconds=S       give up after S seconds (900)
  --entry=NAME              public function to run (main)
  --threads=N               threads of parallel loops (1)
  --seed=N                  seed of the inputs (0)
  --tolerance=X             outputs agree if max |a - b| <= X max |a| (f32: 1e-4, others by type)
  --measure-mode=warm|cold  cold: what either module takes as constant leaves the caches before each call,
                            outside of the time, packed or not (warm)
  --peak                    measure the core's FMA peak in the same run and report fractions of it
  --help                    print this

ratio is the median time of A by that of B: above 1, B is faster.
Where outputs of A are NaN or infinity, inputs of rank 0 and 1 (as variances are) are made positive, then
all; the first choice with finite outputs is taken and said (positive_inputs: none, vectors or all). Where
there is none, non_finite_outputs is the share of A's outputs of which agreement says little.
JSON keys: schema_version, before and after {file, lowering, median_ms, mad_ms, min_ms, init_ms, build_ms,
gflops_per_second, fraction_of_peak}, ratio, ratio_of_minima, outputs_agree, max_abs_error,
max_relative_error, non_finite_outputs, positive_inputs, tolerance, samples, threads, seed, measure_mode,
flops, fma_peak_gflops; null where it does not apply.

exit code: 0 if both ran and the outputs agree, otherwise 1
)";

namespace {

using Setter = std::function<bool(const std::string &value, BenchOptions &options)>;

struct Option {
  const char *name;
  const char *expected; // of the value, for people; null for a flag
  Setter set;
};

template <typename T> Setter atLeast(T minimum, const std::function<T &(BenchOptions &)> &field) {
  return [=](const std::string &value, BenchOptions &options) {
    T &target = field(options);
    if constexpr (std::is_floating_point_v<T>)
      return absl::SimpleAtod(value, &target) && target >= minimum && std::isfinite(target);
    else
      return absl::SimpleAtoi(value, &target) && target >= minimum;
  };
}

bool setBaseline(const std::string &value, BenchOptions &options) {
  options.build.baseline = value == "default" ? Baseline::Default : Baseline::Naive;
  return value == "naive" || value == "default";
}

const std::vector<Option> &knownOptions() {
  static const std::vector<Option> options = {
      {"baseline", "naive or default", setBaseline},
      {"json", nullptr, [](const std::string &, BenchOptions &o) { return o.json = true; }},
      {"peak", nullptr, [](const std::string &, BenchOptions &o) { return o.compare.peak = true; }},
      {"help", nullptr, [](const std::string &, BenchOptions &o) { return o.help = true; }},
      {"measure-mode", "warm or cold",
       [](const std::string &value, BenchOptions &o) {
         auto mode = parseMeasureMode(value);
         if (mode.ok())
           o.compare.mode = *mode;
         return mode.ok();
       }},
      {"samples", "a number of at least 3",
       atLeast<int>(3, [](BenchOptions &o) -> int & { return o.compare.samples; })},
      {"threads", "a number from 1 to 1024",
       [](const std::string &value, BenchOptions &o) {
         return absl::SimpleAtoi(value, &o.build.threads) && o.build.threads >= 1 &&
                o.build.threads <= 1024;
       }},
      {"seed", "a number of at least 0",
       atLeast<uint64_t>(0, [](BenchOptions &o) -> uint64_t & { return o.compare.seed; })},
      {"budget-seconds", "seconds of at least 0",
       atLeast<double>(0, [](BenchOptions &o) -> double & { return o.compare.budgetSeconds; })},
      {"timeout-seconds", "seconds of at least 0.1",
       atLeast<double>(0.1, [](BenchOptions &o) -> double & { return o.timeoutSeconds; })},
      {"tolerance", "a number of at least 0",
       atLeast<double>(0, [](BenchOptions &o) -> double & { return o.compare.tolerance; })},
      {"entry", "the name of a function", [](const std::string &value, BenchOptions &o) {
         o.build.entry = value;
         return !value.empty();
       }}};
  return options;
}

absl::Status parseOption(const std::string &argument, BenchOptions &options) {
  std::string text = argument.substr(absl::StartsWith(argument, "--") ? 2 : 1);
  size_t equals = text.find('=');
  std::string name = text.substr(0, equals);
  for (const Option &option : knownOptions()) {
    if (name != option.name)
      continue;
    if (!option.expected && equals != std::string::npos)
      return absl::InvalidArgumentError(absl::StrCat("expected no value, but got ", argument));
    if (option.expected && equals == std::string::npos)
      return absl::InvalidArgumentError(
          absl::StrCat("expected --", name, "=", option.expected, ", but got no value"));
    std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
    if (!option.set(value, options))
      return absl::InvalidArgumentError(
          absl::StrCat("expected --", name, "=", option.expected, ", but got \"", value, "\""));
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("expected a known option (see --help), but got ", argument));
}

} // namespace

absl::StatusOr<BenchOptions> parseBenchOptions(const std::vector<std::string> &arguments) {
  BenchOptions options;
  std::vector<std::string> files;
  for (const std::string &argument : arguments) {
    if (argument.size() < 2 || argument[0] != '-') {
      files.push_back(argument);
      continue;
    }
    if (absl::Status status = parseOption(argument, options); !status.ok())
      return status;
  }
  if (options.help)
    return options;
  if (files.size() != 2)
    return absl::InvalidArgumentError(absl::StrCat(
        "expected two modules, A and B (see --help), but got ", files.size(), " files"));
  for (const std::string &file : files)
    if (std::error_code error; !std::filesystem::is_regular_file(file, error))
      return absl::NotFoundError(absl::StrCat("expected a file, but there is no ", file));
  options.before = files[0];
  options.after = files[1];
  return options;
}

} // namespace chameleon
