//===- chameleon-bench.cpp - One module against another ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "BenchOptions.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "chameleon/Measure/ForkedCall.h"
#include "chameleon/Support/TargetInfo.h"
#include "llvm/Support/raw_ostream.h"
#include <nlohmann/json.hpp>
#include <sys/socket.h>

using namespace chameleon;

namespace {

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

/// Runs the steps of a comparison, each in a child process.
class Bench {
public:
  Bench(const BenchOptions &options, Channel &supervisor)
      : options(options), supervisor(supervisor) {}

  absl::StatusOr<nlohmann::json> run() {
    if (options.build.threads > 1)
      spreadOpenMpThreads();
    auto before = build(options.before);
    if (!before.ok())
      return before.status();
    auto after = build(options.after);
    if (!after.ok())
      return after.status();
    return compare(*before, *after);
  }

private:
  using Work = llvm::function_ref<absl::Status(nlohmann::json &reply, std::string &bytes)>;

  absl::StatusOr<ForkedResult> inChild(const std::string &what, Work work) {
    RequestLimits limits;
    limits.wallSeconds = options.timeoutSeconds;
    limits.cpuSeconds = options.timeoutSeconds * options.build.threads;
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

  absl::StatusOr<BenchProgram> build(const std::string &file) {
    auto result =
        inChild(absl::StrCat("building ", file), [&](nlohmann::json &reply, std::string &bytes) {
          auto program = buildProgram(file, options.build);
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

  absl::StatusOr<nlohmann::json> compare(const BenchProgram &before, const BenchProgram &after) {
    auto result = inChild(absl::StrCat("running ", before.file, " and ", after.file),
                          [&](nlohmann::json &reply, std::string &) {
                            auto report = comparePrograms(before, after, options.compare);
                            if (!report.ok())
                              return report.status();
                            reply = *std::move(report);
                            return absl::OkStatus();
                          });
    if (!result.ok())
      return result.status();
    return std::move(*result->json);
  }

  const BenchOptions &options;
  Channel &supervisor;
};

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

/// A busy machine: where medians lie so far above the fastest sample, or where these tell of
/// another ratio than the medians.
constexpr double kBusySlowdown = 1.5, kDoubtfulRatio = 1.2;

/// A line if the machine was too busy for the ratio to be believed, or nothing.
std::string describeNoise(const nlohmann::json &report) {
  auto slowdown = [&](const char *side) {
    return report[side]["median_ms"].get<double>() / report[side]["min_ms"].get<double>();
  };
  double ratio = report["ratio"].get<double>();
  double ofMinima = report["ratio_of_minima"].get<double>();
  bool busy = std::max(slowdown("before"), slowdown("after")) > kBusySlowdown ||
              std::max(ratio / ofMinima, ofMinima / ratio) > kDoubtfulRatio;
  return busy ? absl::StrFormat("noisy   %10.3f is the ratio of the fastest samples: close other "
                                "programs, or take more --samples\n",
                                ofMinima)
              : "";
}

/// Lines on what the outputs were compared on, where that is not what one would think.
std::string describeComparison(const nlohmann::json &report) {
  std::string text;
  const auto positive = report["positive_inputs"].get<std::string>();
  if (positive != "none")
    text = absl::StrFormat("inputs  of %s are positive: otherwise outputs are not finite\n",
                           positive == "all" ? "any rank" : "rank 0 and 1");
  const double share = report["non_finite_outputs"].get<double>();
  if (share > 0)
    absl::StrAppend(&text, absl::StrFormat("beware  %.3g %% of the outputs of A are NaN or "
                                           "infinity: agreement says little there\n",
                                           100 * share));
  return text;
}

void printForPeople(const nlohmann::json &report, llvm::raw_ostream &out) {
  out << describeSide("before", report["before"]) << describeSide("after", report["after"]);
  if (!report["fma_peak_gflops"].is_null())
    out << absl::StrFormat("peak    %10.1f GFLOP/s of this core (f32 multiply-adds)\n",
                           report["fma_peak_gflops"].get<double>());
  out << absl::StrFormat("ratio   %10.3f  (before / after, medians of %d samples)\n",
                         report["ratio"].get<double>(), report["samples"].get<int>());
  const nlohmann::json &relative = report["max_relative_error"];
  out << absl::StrFormat("outputs %s  (max |a - b| = %g, %s)\n",
                         report["outputs_agree"].get<bool>() ? "agree" : "DIFFER",
                         report["max_abs_error"].get<double>(),
                         relative.is_null()
                             ? "and NaN or infinity in one only"
                             : absl::StrFormat("%.1e of max |a|", relative.get<double>()))
      << describeComparison(report) << describeNoise(report);
}

} // namespace

int main(int argc, char **argv) {
  auto options = parseBenchOptions({argv + 1, argv + argc});
  if (!options.ok())
    return fail(std::string(options.status().message()));
  if (options->help) {
    llvm::outs() << kBenchHelp;
    return 0;
  }
  std::unique_ptr<Channel> supervisor = makeSupervisor();
  if (!supervisor)
    return fail("no socket for the child process");
  auto report = Bench(*options, *supervisor).run();
  if (!report.ok())
    return fail(std::string(report.status().message()));
  (*report)["schema_version"] = 1;
  (*report)["threads"] = options->build.threads;
  printForPeople(*report, options->json ? llvm::errs() : llvm::outs());
  if (options->json)
    llvm::outs() << report->dump(2) << "\n";
  return (*report)["outputs_agree"].get<bool>() ? 0 : 1;
}
