//===- chameleon-bench.cpp - One module against another ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "BenchProgram.h"
#include "Compare.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "chameleon/Measure/ForkedCall.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <nlohmann/json.hpp>
#include <sys/socket.h>

namespace cl = llvm::cl;
using namespace chameleon;

namespace {

cl::OptionCategory category("chameleon-bench options");
cl::opt<std::string> beforeFile(cl::Positional, cl::Required, cl::desc("A"), cl::cat(category));
cl::opt<std::string> afterFile(cl::Positional, cl::Required, cl::desc("B"), cl::cat(category));
cl::opt<Baseline>
    baseline("baseline", cl::init(Baseline::Naive), cl::cat(category),
             cl::desc("How a module without configurations is lowered:"),
             cl::values(clEnumValN(Baseline::Naive, "naive", "linalg to plain loops (default)"),
                        clEnumValN(Baseline::Default, "default",
                                   "the analytic model's first choice, nothing measured")));
cl::opt<bool> json("json", cl::desc("Print the report as JSON on standard output"),
                   cl::cat(category));
cl::opt<int> samples("samples", cl::init(11), cl::value_desc("N"), cl::cat(category),
                     cl::desc("Samples per module, at least 3 (default 11)"));
cl::opt<double> budgetSeconds("budget-seconds", cl::init(60), cl::value_desc("S"),
                              cl::cat(category),
                              cl::desc("Take no further samples after S seconds (default 60)"));
cl::opt<double> timeoutSeconds("timeout-seconds", cl::init(900), cl::value_desc("S"),
                               cl::cat(category),
                               cl::desc("Give up after S seconds (default 900)"));
cl::opt<std::string> entry("entry", cl::init("main"), cl::value_desc("name"), cl::cat(category),
                           cl::desc("Public function to run (default main)"));
cl::opt<int> threads("threads", cl::init(1), cl::value_desc("N"), cl::cat(category),
                     cl::desc("Threads of parallel loops (default 1)"));
cl::opt<uint64_t> seed("seed", cl::init(0), cl::value_desc("N"), cl::cat(category),
                       cl::desc("Seed of the inputs (default 0)"));
cl::opt<double> tolerance(
    "tolerance", cl::init(-1), cl::value_desc("X"), cl::cat(category),
    cl::desc("Outputs agree if max |a - b| <= X max |a| (default: 1e-4 for f32, by type)"));
cl::opt<bool>
    peak("peak", cl::cat(category),
         cl::desc("Measure the core's FMA peak in the same run and report fractions of it"));

constexpr char kOverview[] =
    "Runs two modules on the same inputs, in turn, and compares times and outputs.\n\n"
    "  chameleon-bench resnet18.mlir tuned.mlir              plain against tuned\n"
    "  chameleon-bench resnet18.mlir tuned.mlir --baseline=default --json --peak\n\n"
    "A and B are modules with a public function of static shapes (--entry): plain linalg on "
    "tensors, which the\n"
    "baseline lowers; with configurations, as auto-tuning writes them; or applied. Constants are "
    "packed once, by\n"
    "@chameleon_init; this is timed apart (init_ms). Inputs are seeded. Ratio is the median of A "
    "by that of B:\n"
    "above 1, B is faster. Both run in a child process; if one crashes or hangs, that is said.\n\n"
    "JSON keys: schema_version, before and after {file, lowering, median_ms, mad_ms, min_ms, "
    "init_ms, build_ms,\n"
    "gflops_per_second, fraction_of_peak}, ratio, outputs_agree, max_abs_error, "
    "max_relative_error, tolerance,\n"
    "samples, threads, seed, flops, fma_peak_gflops; null where it does not apply.\n\n"
    "Exit code: 0 if both ran and the outputs agree, otherwise 1.\n";

int fail(const std::string &message) {
  llvm::errs() << "chameleon-bench: error: " << message << "\n";
  return 1;
}

/// A channel whose other end stays open as long as this process.
std::unique_ptr<Channel> makeSupervisor() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return nullptr;
  return std::make_unique<Channel>(ends[0], ends[0]);
}

/// Runs `work`, which fills a reply, in a child process.
absl::StatusOr<ForkedResult>
runInChild(Channel &supervisor, const std::string &what,
           llvm::function_ref<absl::Status(nlohmann::json &reply, std::string &bytes)> work) {
  RequestLimits limits;
  limits.wallSeconds = timeoutSeconds;
  limits.cpuSeconds = timeoutSeconds * std::max(1, threads.getValue());
  limits.memoryBytes = int64_t{16} << 30;
  limits.resultBytes = int64_t{1} << 30;
  ForkedResult result = callForked(limits, supervisor, [&](Channel &channel) {
    nlohmann::json reply;
    std::string bytes;
    if (absl::Status status = work(reply, bytes); !status.ok())
      reply = {{"error", std::string(status.message())}};
    exitUnlessSent(channel.send(reply, absl::Now() + absl::Seconds(60), bytes));
  });
  if (!result.replied())
    return absl::InternalError(absl::StrCat(what, " failed: ", result.detail));
  if (result.json->contains("error"))
    return absl::InvalidArgumentError((*result.json)["error"].get<std::string>());
  return result;
}

absl::StatusOr<BenchProgram> buildInChild(Channel &supervisor, const std::string &file) {
  BuildOptions options;
  options.entry = entry;
  options.baseline = baseline;
  options.threads = threads;
  auto result = runInChild(supervisor, absl::StrCat("building ", file),
                           [&](nlohmann::json &reply, std::string &bytes) {
                             auto program = buildProgram(file, options);
                             if (!program.ok())
                               return program.status();
                             reply = toJson(*program);
                             bytes = std::move(program->object);
                             return absl::OkStatus();
                           });
  if (!result.ok())
    return result.status();
  return programFromJson(*result->json, std::move(result->bytes));
}

absl::StatusOr<nlohmann::json> compareInChild(Channel &supervisor, const BenchProgram &before,
                                              const BenchProgram &after) {
  CompareOptions options;
  options.samples = samples;
  options.budgetSeconds = budgetSeconds;
  options.seed = seed;
  options.tolerance = tolerance;
  options.peak = peak;
  auto result = runInChild(supervisor, absl::StrCat("running ", before.file, " and ", after.file),
                           [&](nlohmann::json &reply, std::string &) {
                             auto report = comparePrograms(before, after, options);
                             if (report.ok())
                               reply = *std::move(report);
                             return report.status();
                           });
  if (!result.ok())
    return result.status();
  return std::move(*result->json);
}

std::string describeSide(const char *name, const nlohmann::json &side) {
  std::string text =
      absl::StrFormat("%-7s %10.4f ms  (MAD %.4f, min %.4f)", name, side["median_ms"].get<double>(),
                      side["mad_ms"].get<double>(), side["min_ms"].get<double>());
  if (!side["gflops_per_second"].is_null())
    absl::StrAppend(&text,
                    absl::StrFormat("  %8.1f GFLOP/s", side["gflops_per_second"].get<double>()));
  if (!side["fraction_of_peak"].is_null())
    absl::StrAppend(
        &text, absl::StrFormat("  %5.1f %% of peak", 100 * side["fraction_of_peak"].get<double>()));
  if (!side["init_ms"].is_null())
    absl::StrAppend(&text, absl::StrFormat("  init %.2f ms", side["init_ms"].get<double>()));
  return absl::StrCat(text, "  ", side["file"].get<std::string>(), " [",
                      side["lowering"].get<std::string>(), "]\n");
}

void printForPeople(const nlohmann::json &report) {
  llvm::raw_ostream &out = json ? llvm::errs() : llvm::outs();
  out << describeSide("before", report["before"]) << describeSide("after", report["after"]);
  if (!report["fma_peak_gflops"].is_null())
    out << absl::StrFormat("peak    %10.1f GFLOP/s of this core (f32 multiply-adds)\n",
                           report["fma_peak_gflops"].get<double>());
  out << absl::StrFormat("ratio   %10.3f  (before / after, medians of %d samples)\n",
                         report["ratio"].get<double>(), report["samples"].get<int>());
  out << absl::StrFormat("outputs %s  (max |a - b| = %g)\n",
                         report["outputs_agree"].get<bool>() ? "agree" : "DIFFER",
                         report["max_abs_error"].get<double>());
}

absl::Status checkOptions() {
  if (samples < 3)
    return absl::InvalidArgumentError(
        absl::StrCat("expected --samples of at least 3, but got ", samples.getValue()));
  if (threads < 1)
    return absl::InvalidArgumentError(
        absl::StrCat("expected --threads of at least 1, but got ", threads.getValue()));
  for (const auto *seconds : {&budgetSeconds, &timeoutSeconds})
    if (!(*seconds > 0))
      return absl::InvalidArgumentError(absl::StrCat("expected --", seconds->ArgStr.str(),
                                                     " above 0, but got ", seconds->getValue()));
  for (const auto *file : {&beforeFile, &afterFile})
    if (!llvm::sys::fs::is_regular_file(file->getValue()))
      return absl::NotFoundError(
          absl::StrCat("expected a file, but there is no ", file->getValue()));
  return absl::OkStatus();
}

absl::StatusOr<nlohmann::json> run() {
  if (absl::Status status = checkOptions(); !status.ok())
    return status;
  std::unique_ptr<Channel> supervisor = makeSupervisor();
  if (!supervisor)
    return absl::ResourceExhaustedError("no socket for the child process");
  auto before = buildInChild(*supervisor, beforeFile);
  if (!before.ok())
    return before.status();
  auto after = buildInChild(*supervisor, afterFile);
  if (!after.ok())
    return after.status();
  return compareInChild(*supervisor, *before, *after);
}

} // namespace

int main(int argc, char **argv) {
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, kOverview);
  auto report = run();
  if (!report.ok())
    return fail(std::string(report.status().message()));
  (*report)["schema_version"] = 1;
  (*report)["threads"] = threads.getValue();
  printForPeople(*report);
  if (json)
    llvm::outs() << report->dump(2) << "\n";
  return (*report)["outputs_agree"].get<bool>() ? 0 : 1;
}
