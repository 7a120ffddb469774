//===- Report.cpp - A summary in words -----------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "chameleon/Support/Format.h"
#include <cmath>
#include <map>
#include <set>
#include <vector>

namespace chameleon {
namespace {

std::string seconds(double value) { return absl::StrFormat("%.1f", value); }

std::string plural(size_t count, const char *noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

std::string sessionTable(const Summary &summary) {
  TextTable table(
      {"session", "started", "seconds", "search", "build", "run", "records", "seed", "command"});
  table.alignLeft(1);
  table.alignLeft(8);
  for (const auto &[session, records] : summary.sessions) {
    table.addRow({absl::StrCat(session.id), session.started, seconds(session.wallSeconds),
                  seconds(session.searchSeconds), seconds(session.buildSeconds),
                  seconds(session.runSeconds), absl::StrCat(records), absl::StrCat(session.seed),
                  fitWidth(session.command, 80)});
  }
  return table.empty() ? "no sessions\n" : table.str();
}

std::string configurationText(const TaskSummary &task) {
  if (!task.best) {
    return task.tried ? "(nothing that works)" : "(not reached)";
  }
  std::string text = task.best->schedule;
  for (const auto &[name, value] : task.best->configuration) {
    absl::StrAppend(&text, " ", name, "=", value);
  }
  return text;
}

/// Under what circumstances a task was measured, by name. Empty for a task that no record reached.
std::vector<std::pair<std::string, std::string>> circumstances(const TaskSummary &task) {
  if (task.tried == 0 && !task.best) {
    return {};
  }
  return {{"target", task.targetKey},
          {"compiler", task.compiler},
          {"numerics", task.numerics},
          {"mode", task.measureMode},
          {"threads", absl::StrCat(task.threads)}};
}

/// The values that each circumstance has in some task.
std::map<std::string, std::set<std::string>> circumstanceValues(const Summary &summary) {
  std::map<std::string, std::set<std::string>> values;
  for (const TaskSummary &task : summary.tasks) {
    for (const auto &[name, value] : circumstances(task)) {
      values[name].insert(value);
    }
  }
  return values;
}

/// What all tasks have in common, as a line above the table.
std::string commonCircumstances(const Summary &summary) {
  std::string line;
  for (const auto &[name, values] : circumstanceValues(summary)) {
    if (values.size() == 1) {
      absl::StrAppend(&line, line.empty() ? "" : ", ", name, " ", *values.begin());
    }
  }
  return line.empty() ? "" : line + "\n";
}

std::vector<std::string> taskCells(const TaskSummary &task) {
  const double bestNs = task.best ? task.best->measurement.medianNs : NAN;
  return {task.task.name.empty() ? task.task.key.substr(0, 12) : task.task.name,
          absl::StrCat(task.weight),
          absl::StrCat(task.tried),
          absl::StrCat(task.failed),
          formatNs(task.naiveNs),
          formatNs(task.defaultNs),
          formatNs(bestNs),
          formatRatio(task.defaultNs / bestNs),
          configurationText(task)};
}

/// A circumstance has a column only if it differs.
std::string taskTable(const Summary &summary) {
  std::vector<std::string> header = {"task",   "uses",     "tried",
                                     "failed", "naive",    "default",
                                     "best",   "speed-up", "best configuration"};
  const size_t firstText = header.size() - 1;
  const auto values = circumstanceValues(summary);
  for (const auto &[name, different] : values) {
    if (different.size() > 1) {
      header.push_back(name);
    }
  }
  TextTable table(header);
  for (size_t column = firstText; column < header.size(); ++column) {
    table.alignLeft(column);
  }
  for (const TaskSummary &task : summary.tasks) {
    std::vector<std::string> cells = taskCells(task);
    std::map<std::string, std::string> own;
    for (const auto &[name, value] : circumstances(task)) {
      own[name] = value;
    }
    for (size_t column = firstText + 1; column < header.size(); ++column) {
      cells.push_back(own[header[column]]);
    }
    table.addRow(std::move(cells));
  }
  return table.empty() ? "no tasks\n" : table.str();
}

std::string failureTable(const Summary &summary) {
  TextTable table({"failure", "count"});
  for (const auto &[failure, count] : summary.failures) {
    if (count > 0) {
      table.addRow({std::string(failureClassName(failure)), absl::StrCat(count)});
    }
  }
  return table.empty() ? "no failures\n" : table.str();
}

} // namespace

std::string report(const std::string &path, const Summary &summary) {
  std::set<std::string> tasks;
  for (const TaskSummary &task : summary.tasks) {
    tasks.insert(task.task.key);
  }
  std::string head = absl::StrCat(path, ": ", plural(summary.sessions.size(), "session"), ", ",
                                  plural(tasks.size(), "task"), ", ",
                                  plural(static_cast<size_t>(summary.records), "record"));
  if (summary.candidatesPerSecond > 0) {
    absl::StrAppendFormat(&head, ", %.1f candidates per second", summary.candidatesPerSecond);
  }
  return absl::StrCat(head, "\n\n", sessionTable(summary), "\n", commonCircumstances(summary),
                      taskTable(summary), "\n", failureTable(summary));
}

} // namespace chameleon
