//===- Arm.cpp - One way to search, by name and number --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Arm.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include <cmath>

namespace chameleon {
namespace {

constexpr uint64_t kMostSeeds = 100000;

struct Setting {
  absl::string_view name;
  absl::string_view expected; // of the value, for people
  double least, most;
  bool whole;
  void (*set)(TunerOptions &options, double value);
};

constexpr double kMany = 1e6;

constexpr Setting kSettings[] = {
    {"first-batch", "a whole number from 0 on", 0, kMany, true,
     [](TunerOptions &o, double v) { o.firstBatch = static_cast<size_t>(v); }},
    {"guided-start", "0 or 1", 0, 1, true,
     [](TunerOptions &o, double v) { o.guidedStart = v != 0; }},
    {"plan-size", "a whole number from 1 on", 1, kMany, true,
     [](TunerOptions &o, double v) { o.planSize = static_cast<size_t>(v); }},
    {"batch-size", "a whole number from 1 on", 1, kMany, true,
     [](TunerOptions &o, double v) { o.batchSize = static_cast<size_t>(v); }},
    {"local-share", "a number from 0 to 1", 0, 1, false,
     [](TunerOptions &o, double v) { o.localShare = v; }},
    {"random-share", "a number from 0 to 1", 0, 1, false,
     [](TunerOptions &o, double v) { o.randomShare = v; }},
    {"whole-small-spaces", "0 or 1", 0, 1, true,
     [](TunerOptions &o, double v) { o.wholeSmallSpaces = v != 0; }},
    {"walks", "a whole number from 1 on", 1, kMany, true,
     [](TunerOptions &o, double v) { o.effort.walks = static_cast<int>(v); }},
    {"steps", "a whole number from 0 on", 0, kMany, true,
     [](TunerOptions &o, double v) { o.effort.steps = static_cast<int>(v); }},
    {"horizon", "a whole number from 1 on", 1, kMany, true,
     [](TunerOptions &o, double v) { o.effort.horizon = static_cast<int>(v); }},
    {"sa-patience", "a whole number from 0 on", 0, kMany, true,
     [](TunerOptions &o, double v) { o.effort.patience = static_cast<int>(v); }},
    {"policy-temperature", "a number from 0.01 to 100", 0.01, 100, false,
     [](TunerOptions &o, double v) { o.effort.policyTemperature = v; }},
};

absl::Status applySetting(absl::string_view text, TunerOptions &options) {
  std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('=', 1));
  for (const Setting &setting : kSettings) {
    if (setting.name != parts.first) {
      continue;
    }
    double value = 0;
    bool sound = absl::SimpleAtod(parts.second, &value) && value >= setting.least &&
                 value <= setting.most && (!setting.whole || value == std::floor(value));
    if (!sound) {
      return absl::InvalidArgumentError(absl::StrCat("expected --set=", setting.name, "= ",
                                                     setting.expected, ", but got '", parts.second,
                                                     "'"));
    }
    setting.set(options, value);
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("expected a name that --set knows (",
                                                 settingNames(), "), but got '", text, "'"));
}

absl::StatusOr<uint64_t> parseSeed(absl::string_view text) {
  uint64_t seed = 0;
  if (!absl::SimpleAtoi(text, &seed)) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected seeds such as 3, 0-9 or 1,4,7, but got '", text, "'"));
  }
  return seed;
}

} // namespace

std::string settingNames() {
  return absl::StrJoin(kSettings, ", ", [](std::string *out, const Setting &setting) {
    absl::StrAppend(out, setting.name);
  });
}

absl::StatusOr<TunerOptions> parseArm(const ArmText &text) {
  absl::StatusOr<TunerOptions> options = presetOptions(text.preset);
  if (!options.ok()) {
    return options;
  }
  const std::pair<const std::string &, std::string &> names[] = {
      {text.strategy, options->strategy},
      {text.sampler, options->sampler},
      {text.costModel, options->costModel}};
  for (auto &[given, slot] : names) {
    if (!given.empty()) {
      slot = given;
    }
  }
  for (absl::string_view setting : absl::StrSplit(text.settings, ',', absl::SkipEmpty())) {
    if (absl::Status status = applySetting(setting, *options); !status.ok()) {
      return status;
    }
  }
  if (absl::Status status = checkOptions(*options); !status.ok()) {
    return status;
  }
  return options;
}

absl::StatusOr<std::vector<uint64_t>> parseSeeds(absl::string_view text) {
  std::vector<uint64_t> seeds;
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    std::pair<absl::string_view, absl::string_view> ends =
        absl::StrSplit(part, absl::MaxSplits('-', 1));
    bool range = part.find('-') != absl::string_view::npos;
    absl::StatusOr<uint64_t> first = parseSeed(ends.first);
    absl::StatusOr<uint64_t> last = range ? parseSeed(ends.second) : first;
    if (!first.ok() || !last.ok()) {
      return first.ok() ? last.status() : first.status();
    }
    if (*last < *first || *last - *first >= kMostSeeds) {
      return absl::InvalidArgumentError(absl::StrCat("expected seeds from low to high, fewer than ",
                                                     kMostSeeds, ", but got '", part, "'"));
    }
    for (uint64_t i = 0; i <= *last - *first; ++i) {
      seeds.push_back(*first + i);
    }
  }
  return seeds;
}

} // namespace chameleon
