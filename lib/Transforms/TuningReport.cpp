//===- TuningReport.cpp - What a session tells people and programs --------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TuningReport.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "chameleon/Search/ValidSampling.h"
#include "chameleon/Support/Random.h"
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace chameleon;

static double candidatesPerSecond(const TuningReport &report) {
  return report.session.wallSeconds > 0
             ? static_cast<double>(report.measurements) / report.session.wallSeconds
             : 0;
}

std::string chameleon::formatReport(const TuningReport &report) {
  const Session &session = report.session;
  std::string text = absl::StrFormat(
      "measured %d candidates in %.1f s (%.1f per second), stopped by %s\n"
      "time: search %.1f s, build %.1f s (schedule %.1f, lower %.1f, LLVM %.1f), run "
      "%.1f s (several builders; summed)\n",
      report.measurements, session.wallSeconds, candidatesPerSecond(report), report.stop,
      session.searchSeconds, session.buildSeconds, report.pool.scheduleSeconds,
      report.pool.lowerSeconds, report.pool.codegenSeconds, session.runSeconds);
  std::string failures;
  for (size_t i = 1; i < report.outcomes.size(); ++i) {
    if (report.outcomes[i] > 0) {
      absl::StrAppend(&failures, failures.empty() ? "" : ", ",
                      failureClassName(static_cast<FailureClass>(i)), " ", report.outcomes[i]);
    }
  }
  absl::StrAppend(&text, "failures: ", failures.empty() ? "none" : failures, "\n");
  return text;
}

static nlohmann::ordered_json orNull(double value) {
  return value > 0 ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

absl::Status chameleon::checkReportPath(const std::string &path) {
  std::ofstream file(path, std::ios::app);
  return file ? absl::OkStatus()
              : absl::PermissionDeniedError(absl::StrCat(
                    "expected a report that can be written, but cannot open '", path, "'"));
}

absl::Status chameleon::writeReport(const TuningReport &report, const std::string &path) {
  nlohmann::ordered_json failures = nlohmann::ordered_json::object();
  for (size_t i = 1; i < report.outcomes.size(); ++i) {
    failures[std::string(failureClassName(static_cast<FailureClass>(i)))] = report.outcomes[i];
  }
  nlohmann::ordered_json tasks = nlohmann::ordered_json::array();
  for (const TaskReport &task : report.tasks) {
    tasks.push_back({{"key", task.info.key},
                     {"name", task.info.name},
                     {"weight", task.info.weight},
                     {"default_ns", orNull(task.defaultNs)},
                     {"best_ns", orNull(task.bestNs)},
                     {"tried", task.tried},
                     {"failed", task.failed}});
  }
  nlohmann::ordered_json json = {{"schema_version", 1},
                                 {"records", report.measurements},
                                 {"stop", report.stop},
                                 {"failures", failures},
                                 {"candidates_per_second", orNull(candidatesPerSecond(report))},
                                 {"seconds",
                                  {{"wall", report.session.wallSeconds},
                                   {"search", report.session.searchSeconds},
                                   {"build", report.session.buildSeconds},
                                   {"build_schedule", report.pool.scheduleSeconds},
                                   {"build_lower", report.pool.lowerSeconds},
                                   {"build_llvm", report.pool.codegenSeconds},
                                   {"run", report.session.runSeconds}}},
                                 {"tasks", tasks}};
  std::ofstream file(path);
  file << json.dump(2) << "\n";
  file.close();
  return file
             ? absl::OkStatus()
             : absl::PermissionDeniedError(absl::StrCat("cannot write the report to '", path, "'"));
}

std::string chameleon::formatDryRun(absl::Span<const TuningTask> tasks, double budgetSeconds) {
  size_t width = 0; // whole names: `tasks` and `explain` are matched with them
  for (const TuningTask &task : tasks) {
    width = std::max(width, task.info.name.size());
  }
  std::string text = absl::StrFormat("%-*s %5s %-20s %12s\n", static_cast<int>(width), "task",
                                     "uses", "schedule", "space");
  for (const TuningTask &task : tasks) {
    absl::StrAppendFormat(&text, "%-*s %5.0f %-20s %12.4g\n", static_cast<int>(width),
                          task.info.name, task.info.weight, task.space.schedule(),
                          task.space.size());
  }
  absl::StrAppendFormat(&text, "%d tasks, %.0f s; nothing was measured (dry-run)\n", tasks.size(),
                        budgetSeconds);
  return text;
}

static absl::string_view kindName(KnobKind kind) {
  switch (kind) {
  case KnobKind::Tile:
    return "tile";
  case KnobKind::Vector:
    return "vector";
  case KnobKind::Unroll:
    return "unroll";
  case KnobKind::Choice:
    return "choice";
  }
  return "";
}

/// " where algorithm=winograd" of a knob under a condition.
static std::string formatCondition(const Knob &knob, const Space &space) {
  std::vector<std::string> parts;
  for (const Condition &condition : knob.condition) {
    const Knob &picker = space.knobs()[condition.knob];
    auto index = std::find(picker.values.begin(), picker.values.end(), condition.value) -
                 picker.values.begin();
    parts.push_back(absl::StrCat(
        picker.name, "=", picker.ordered() ? absl::StrCat(condition.value) : picker.labels[index]));
  }
  return parts.empty() ? "" : absl::StrCat("  where ", absl::StrJoin(parts, " and "));
}

static std::string formatKnob(const Knob &knob, const Space &space) {
  std::string kind = absl::StrCat(kindName(knob.kind), knob.dim.empty() ? "" : " of ", knob.dim);
  std::string values = knob.kind == KnobKind::Choice ? absl::StrJoin(knob.labels, " ")
                                                     : absl::StrJoin(knob.values, " ");
  std::string text = absl::StrFormat("  %-10s %-14s %s%s\n", knob.name, kind, values,
                                     formatCondition(knob, space));
  std::vector<std::pair<std::string, std::string>> pruned; // labels, and their reason
  for (const PrunedLabel &each : knob.pruned) {
    if (pruned.empty() || pruned.back().second != each.reason) {
      pruned.emplace_back(each.label, each.reason);
    } else {
      absl::StrAppend(&pruned.back().first, " ", each.label);
    }
  }
  for (const auto &[labels, reason] : pruned) {
    absl::StrAppend(&text, "    pruned ", labels, ": ", reason, "\n");
  }
  return text;
}

std::string chameleon::formatSpace(const TuningTask &task) {
  Rng rng(0);
  Pruning pruning = estimatePruning(task.space, rng);
  std::string text = absl::StrFormat(
      "%s   (%.0f uses)\n  schedule @%s, %.6g configurations, %.1f %% valid\n", task.info.name,
      task.info.weight, task.space.schedule(), task.space.size(), 100 * pruning.validShare);
  for (const Knob &knob : task.space.knobs()) {
    absl::StrAppend(&text, formatKnob(knob, task.space));
  }
  for (size_t i = 0; i < task.space.constraints().size(); ++i) {
    absl::StrAppendFormat(&text, "  rejects %.1f %%: %s\n", 100 * pruning.rejectedShare[i],
                          task.space.constraints()[i].message);
  }
  absl::StrAppend(&text, "  default ", task.space.print(task.space.defaultConfiguration()), "\n");
  for (const Configuration &other : task.space.otherDefaults()) {
    absl::StrAppend(&text, "  also first ", task.space.print(other), "\n");
  }
  return text;
}

/// Why `chosen` ships, beside what it is.
static const char *reasonFor(const Explanation &explanation) {
  bool isDefault =
      explanation.chosen->configuration == explanation.task.space.defaultConfiguration();
  bool isFastest = !explanation.fastest.empty() &&
                   explanation.chosen->configuration == explanation.fastest.front().configuration;
  if (isDefault && isFastest) {
    return ", the default, by the lowest median";
  }
  if (isDefault) {
    return ", the default: nothing was clearly faster side by side";
  }
  return isFastest ? ", by the lowest median" : ", the fastest side by side";
}

std::string chameleon::formatExplanation(const Explanation &explanation) {
  const TuningTask &task = explanation.task;
  const auto &fastest = explanation.fastest;
  std::string text = absl::StrCat(task.info.name, ": schedule @", task.space.schedule(), "\n");
  if (!explanation.chosen) {
    return absl::StrCat(text, explanation.reached ? "  no candidate worked\n"
                                                  : "  no candidate was measured\n");
  }
  double chosenNs = explanation.chosen->measurement.medianNs;
  absl::StrAppend(&text, "  chosen ", task.space.print(explanation.chosen->configuration),
                  reasonFor(explanation));
  bool isDefault = explanation.chosen->configuration == task.space.defaultConfiguration();
  if (!isDefault && explanation.defaultNs > 0 && chosenNs > 0) {
    absl::StrAppendFormat(&text, "; side by side %.1f us, the default %.1f us", chosenNs / 1e3,
                          explanation.defaultNs / 1e3);
  }
  absl::StrAppend(&text, "\n  rank    median us       MAD us  error     configuration\n");
  for (size_t i = 0; i < fastest.size(); ++i) {
    const Measurement &measurement = fastest[i].measurement;
    absl::StrAppendFormat(&text, "  %4d %12.1f %12.1f  %.1e   %s\n", i + 1,
                          measurement.medianNs / 1e3, measurement.madNs / 1e3,
                          measurement.relativeError, task.space.print(fastest[i].configuration));
  }
  return text;
}
