//===- chameleon-replay.cpp - Runs searches on recorded spaces ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Arm.h"
#include "Recording.h"
#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

ABSL_FLAG(std::string, preset, "chameleon", "Strategy, sampler, cost model and effort together.");
ABSL_FLAG(std::string, strategy, "", "Instead of the preset's.");
ABSL_FLAG(std::string, sampler, "", "Instead of the preset's.");
ABSL_FLAG(std::string, cost_model, "", "Instead of the preset's.");
ABSL_FLAG(std::string, set, "", "Numbers of the preset to change, as NAME=VALUE,NAME=VALUE.");
ABSL_FLAG(std::string, seeds, "0", "One search for each: 3, 0-9 or 1,4,7.");
ABSL_FLAG(int64_t, measurements, 256, "Measurements of a search, at least 1.");
ABSL_FLAG(double, scored_cost_us, 2,
          "Virtual microseconds for each configuration that the cost model is asked about.");
ABSL_FLAG(bool, describe, false,
          "Search nothing; describe each space, and how good its surrogate is.");

namespace chameleon {
namespace {

using nlohmann::ordered_json;

std::string helpText() {
  return absl::StrCat(
      R"(runs searches on recorded spaces: no machine, no MLIR, the same measurements for the same seed.

usage: chameleon-replay [options] SPACE.jsonl...

Spaces are written by chameleon-opt --chameleon-export-space (benchmarks/spaces/record.py does). Where a
recording is not complete, a surrogate fitted on it answers for the rest ("surrogate": true).

  chameleon-replay benchmarks/spaces/*.jsonl --seeds=0-9
  chameleon-replay SPACE.jsonl --preset=autotvm --measurements=512
  chameleon-replay SPACE.jsonl --strategy=sa --sampler=top-k --set=batch-size=8,local-share=0

For each space and seed one line of JSON: space, task, surrogate, configurations (valid ones, counted
up to 1e6), best_ns (of all of them), seed, preset, strategy, sampler, cost_model, ns (of each measurement,
null where it failed), failures (by class), virtual_seconds (passed at the end of each measurement: recorded
seconds, and a fixed cost per scored configuration), scored, fits, search_seconds, fit_seconds,
explore_seconds, sample_seconds (real), rank_correlation (of predictions and measurements, null if unknown).

presets: )",
      absl::StrJoin(presetNames(), ", "), "\nstrategies: ", absl::StrJoin(strategyNames(), ", "),
      "\nsamplers: ", absl::StrJoin(samplerNames(), ", "),
      "\ncost models: ", absl::StrJoin(costModelNames(), ", "),
      "\nnames for --set: ", settingNames(), "\nexit codes: 0 done, 1 bad input\n");
}

ordered_json orNull(double value) {
  return std::isfinite(value) ? ordered_json(value) : ordered_json();
}

ordered_json describe(const std::string &name, const Recording &recording) {
  return {{"space", name},
          {"task", recording.contents().task.name},
          {"surrogate", recording.isSurrogate()},
          {"configurations", recording.configurations()},
          {"best_ns", recording.bestNs()}};
}

ordered_json traceToJson(const SearchTrace &trace) {
  ordered_json ns = ordered_json::array();
  ordered_json seconds = ordered_json::array();
  ordered_json failures = ordered_json::object();
  for (size_t i = 0; i < trace.ns.size(); ++i) {
    ns.push_back(orNull(trace.ns[i]));
    seconds.push_back(std::round(trace.virtualSeconds[i] * 1e4) / 1e4);
    if (trace.outcomes[i] != FailureClass::None) {
      ordered_json &count = failures[std::string(failureClassName(trace.outcomes[i]))];
      count = count.is_null() ? 1 : count.get<int>() + 1;
    }
  }
  const TunerStats &stats = trace.stats;
  return {{"ns", ns},
          {"failures", failures},
          {"virtual_seconds", seconds},
          {"scored", stats.scored},
          {"fits", stats.fits},
          {"search_seconds", trace.searchSeconds},
          {"fit_seconds", stats.fitSeconds},
          {"explore_seconds", stats.exploreSeconds},
          {"sample_seconds", stats.sampleSeconds},
          {"rank_correlation", orNull(stats.rankCorrelation)}};
}

void printLine(const ordered_json &line) {
  std::puts(line.dump(-1, ' ', false, ordered_json::error_handler_t::replace).c_str());
  std::fflush(stdout);
}

/// What is known of the recording itself: its size, its failures, and the surrogate's quality.
absl::Status printDescription(const std::string &name, const Recording &recording) {
  const RecordedSpace &contents = recording.contents();
  ordered_json line = describe(name, recording);
  line["target"] = contents.target.key();
  line["numerics"] = contents.task.numerics;
  line["records"] = contents.measurements.size();
  line["failed"] = std::count_if(contents.measurements.begin(), contents.measurements.end(),
                                 [](const Measurement &m) { return !m.ok(); });
  if (recording.isSurrogate()) {
    absl::StatusOr<SurrogateQuality> quality =
        crossValidateSurrogate(contents.space, contents.configurations, contents.measurements);
    if (!quality.ok()) {
      return quality.status();
    }
    line["median_error"] = quality->medianError;
    line["rank_correlation"] = quality->rankCorrelation;
    line["outcome_accuracy"] = quality->outcomeAccuracy;
  }
  printLine(line);
  return absl::OkStatus();
}

absl::Status searchOn(const std::string &name, Recording &recording, TunerOptions options,
                      const std::vector<uint64_t> &seeds) {
  for (uint64_t seed : seeds) {
    options.seed = seed;
    absl::StatusOr<SearchTrace> trace =
        recording.search(options, static_cast<size_t>(absl::GetFlag(FLAGS_measurements)),
                         absl::GetFlag(FLAGS_scored_cost_us) * 1e-6);
    if (!trace.ok()) {
      return trace.status();
    }
    ordered_json line = describe(name, recording);
    line.update({{"seed", seed},
                 {"preset", absl::GetFlag(FLAGS_preset)},
                 {"strategy", options.strategy},
                 {"sampler", options.sampler},
                 {"cost_model", options.costModel},
                 {"set", absl::GetFlag(FLAGS_set)},
                 {"measurements", absl::GetFlag(FLAGS_measurements)}});
    line.update(traceToJson(*trace));
    printLine(line);
  }
  return absl::OkStatus();
}

absl::Status checkNumbers() {
  int64_t measurements = absl::GetFlag(FLAGS_measurements);
  double cost = absl::GetFlag(FLAGS_scored_cost_us);
  if (measurements < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected --measurements of at least 1, but got ", measurements));
  }
  if (!(cost >= 0 && cost <= 1e6)) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected --scored_cost_us from 0 to 1e6, but got ", cost));
  }
  return absl::OkStatus();
}

absl::Status run(const std::vector<std::string> &paths) {
  if (paths.empty()) {
    return absl::InvalidArgumentError("expected recorded spaces, but got none; see --help");
  }
  if (absl::Status status = checkNumbers(); !status.ok()) {
    return status;
  }
  absl::StatusOr<TunerOptions> options = parseArm(
      {absl::GetFlag(FLAGS_preset), absl::GetFlag(FLAGS_strategy), absl::GetFlag(FLAGS_sampler),
       absl::GetFlag(FLAGS_cost_model), absl::GetFlag(FLAGS_set)});
  absl::StatusOr<std::vector<uint64_t>> seeds = parseSeeds(absl::GetFlag(FLAGS_seeds));
  if (!options.ok() || !seeds.ok()) {
    return options.ok() ? seeds.status() : options.status();
  }
  for (const std::string &path : paths) {
    absl::StatusOr<std::unique_ptr<Recording>> recording = Recording::open(path);
    if (!recording.ok()) {
      return recording.status();
    }
    if ((*recording)->isSurrogate()) {
      std::fprintf(stderr,
                   "chameleon-replay: %s: %zu records and not complete: a surrogate fitted on them "
                   "answers\n",
                   path.c_str(), (*recording)->contents().measurements.size());
    }
    std::string name = std::filesystem::path(path).stem().string();
    absl::Status status = absl::GetFlag(FLAGS_describe)
                              ? printDescription(name, **recording)
                              : searchOn(name, **recording, *options, *seeds);
    if (!status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

} // namespace
} // namespace chameleon

int main(int argc, char **argv) {
  absl::SetProgramUsageMessage(chameleon::helpText());
  std::vector<char *> left = absl::ParseCommandLine(argc, argv);
  absl::Status status = chameleon::run(std::vector<std::string>(left.begin() + 1, left.end()));
  if (!status.ok()) {
    std::fprintf(stderr, "chameleon-replay: error: %s\n", std::string(status.message()).c_str());
    return 1;
  }
  return 0;
}
