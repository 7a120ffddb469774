//===- Summary.cpp - What a database amounts to --------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Database/Summary.h"

#include "Contents.h"
#include "absl/time/time.h"
#include "chameleon/Database/Database.h"
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

namespace chameleon {
namespace {

/// Task, target, compiler, numerics, measure mode, threads.
using Circumstances =
    std::tuple<std::string, std::string, std::string, std::string, std::string, int>;

Circumstances circumstancesOf(const Record &record) {
  return {record.taskKey,  record.targetKey,   record.compiler,
          record.numerics, record.measureMode, record.threads};
}

Circumstances circumstancesOf(const TaskSummary &task) {
  return {task.task.key, task.targetKey,   task.compiler,
          task.numerics, task.measureMode, task.threads};
}

bool isCandidate(const Record &record) {
  return record.role == RecordRole::Candidate || record.role == RecordRole::Default;
}

/// NaN counts as 0.
double orZero(double value) { return std::isnan(value) ? 0 : value; }

double unixSeconds(const std::string &rfc3339) {
  absl::Time time;
  if (!absl::ParseTime(absl::RFC3339_full, rfc3339, &time, nullptr)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return absl::ToDoubleSeconds(time - absl::UnixEpoch());
}

/// A session that was killed has no times of its own: its records tell.
void fillInTimes(Session &session, const std::vector<const Record *> &records) {
  double build = 0, run = 0, last = 0;
  for (const Record *record : records) {
    build += orZero(record->measurement.buildSeconds);
    run += orZero(record->measurement.runSeconds);
    last = std::max(last, record->unixSeconds);
  }
  session.buildSeconds = session.buildSeconds > 0 ? session.buildSeconds : build;
  session.runSeconds = session.runSeconds > 0 ? session.runSeconds : run;
  if (!(session.wallSeconds > 0)) {
    session.wallSeconds = std::max(0.0, orZero(last - unixSeconds(session.started)));
  }
}

void summarizeSessions(const Contents &contents, Summary &summary) {
  std::map<int64_t, std::vector<const Record *>> bySession;
  int64_t candidates = 0;
  for (const Record &record : contents.records) {
    bySession[record.session].push_back(&record);
    candidates += isCandidate(record);
  }
  double wallSeconds = 0;
  for (const Session &session : contents.sessions) {
    const std::vector<const Record *> &records = bySession[session.id];
    summary.sessions.push_back({session, static_cast<int64_t>(records.size())});
    Session &shown = summary.sessions.back().session;
    fillInTimes(shown, records);
    wallSeconds += shown.wallSeconds;
    summary.searchSeconds += shown.searchSeconds;
    summary.buildSeconds += shown.buildSeconds;
    summary.runSeconds += shown.runSeconds;
  }
  if (wallSeconds > 0) {
    summary.candidatesPerSecond = static_cast<double>(candidates) / wallSeconds;
  }
}

void countFailures(const Contents &contents, Summary &summary) {
  std::map<FailureClass, int64_t> counts;
  for (const Record &record : contents.records) {
    ++counts[record.measurement.failure];
  }
  for (int i = 1; i <= static_cast<int>(FailureClass::ImpossibleRate); ++i) {
    const auto failure = static_cast<FailureClass>(i);
    summary.failures.emplace_back(failure, counts[failure]);
  }
}

/// What a session chose last, or the fastest: a record that was faster since has not been compared.
const Record *bestOf(const std::vector<Record> &ranked) {
  for (const Record &record : ranked) { // the last choice comes before earlier ones
    if (record.role == RecordRole::Chosen) {
      return &record;
    }
  }
  return ranked.empty() ? nullptr : &ranked.front();
}

/// The records of one group into its summary. Those of a group are in order of time.
absl::Status summarizeTask(const Database &database, const std::vector<const Record *> &records,
                           TaskSummary &summary) {
  const Record *defaultRecord = nullptr;
  for (const Record *record : records) {
    summary.tried += isCandidate(*record);
    summary.failed += isCandidate(*record) && !record->measurement.ok();
    if (record->role == RecordRole::Default && record->measurement.ok()) {
      defaultRecord = record;
    }
  }
  absl::StatusOr<std::vector<Record>> ranked =
      database.ranked({summary.task.key, summary.targetKey, summary.compiler, summary.numerics,
                       summary.measureMode, summary.threads});
  if (!ranked.ok()) {
    return ranked.status();
  }
  for (const Record &record : *ranked) {
    if (defaultRecord && record.schedule == defaultRecord->schedule &&
        record.scheduleHash == defaultRecord->scheduleHash &&
        record.configuration == defaultRecord->configuration) {
      summary.defaultNs = record.measurement.medianNs;
    }
  }
  if (const Record *best = bestOf(*ranked)) {
    summary.best = *best;
  }
  return absl::OkStatus();
}

double timeInModel(const TaskSummary &task) {
  return task.best ? task.best->measurement.medianNs * task.weight : 0;
}

/// The contents by what a summary asks for.
struct Index {
  std::map<std::string, StoredTask> tasks;
  std::map<std::string, double> weights; // of the latest session
  std::map<Circumstances, std::vector<const Record *>> groups;
  std::map<std::pair<std::string, std::string>, double> naiveNs; // by task and target
};

Index indexContents(const Contents &contents) {
  Index index;
  for (const TaskUse &use : contents.uses) { // by session: the latest stays
    index.weights[use.taskKey] = use.weight;
  }
  std::set<std::string> reached;
  for (const Record &record : contents.records) {
    reached.insert(record.taskKey);
    if (record.role != RecordRole::Naive) {
      index.groups[circumstancesOf(record)].push_back(&record);
    } else if (record.measurement.ok()) {
      index.naiveNs[{record.taskKey, record.targetKey}] = record.measurement.medianNs;
    }
  }
  for (const StoredTask &task : contents.tasks) {
    index.tasks[task.key] = task;
    if (!reached.count(task.key)) {
      index.groups[{task.key, "", "", "", "", 1}] = {};
    }
  }
  return index;
}

absl::Status summarizeTasks(const Database &database, const Contents &contents, Summary &summary) {
  Index index = indexContents(contents);
  for (const auto &[circumstances, records] : index.groups) {
    TaskSummary task;
    std::string key;
    std::tie(key, task.targetKey, task.compiler, task.numerics, task.measureMode, task.threads) =
        circumstances;
    task.task = index.tasks[key];
    if (auto found = index.weights.find(key); found != index.weights.end()) {
      task.weight = found->second;
    }
    if (auto found = index.naiveNs.find({key, task.targetKey}); found != index.naiveNs.end()) {
      task.naiveNs = found->second;
    }
    if (absl::Status status = summarizeTask(database, records, task); !status.ok()) {
      return status;
    }
    summary.tasks.push_back(std::move(task));
  }
  std::sort(summary.tasks.begin(), summary.tasks.end(),
            [](const TaskSummary &a, const TaskSummary &b) {
              return std::make_tuple(-timeInModel(a), a.task.key, circumstancesOf(a)) <
                     std::make_tuple(-timeInModel(b), b.task.key, circumstancesOf(b));
            });
  return absl::OkStatus();
}

nlohmann::ordered_json orNull(double value) {
  return std::isnan(value) ? nlohmann::ordered_json() : nlohmann::ordered_json(value);
}

nlohmann::ordered_json orNull(const std::string &text) {
  return text.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(text);
}

nlohmann::ordered_json taskToJson(const TaskSummary &task) {
  nlohmann::ordered_json json = {{"key", task.task.key},
                                 {"name", task.task.name},
                                 {"kind", task.task.kind},
                                 {"flops", task.task.flops},
                                 {"weight", task.weight},
                                 {"naive_ns", orNull(task.naiveNs)},
                                 {"default_ns", orNull(task.defaultNs)},
                                 {"best_ns", nullptr},
                                 {"best_relative_error", nullptr},
                                 {"best_schedule", nullptr},
                                 {"best_configuration", nullptr},
                                 {"tried", task.tried},
                                 {"failed", task.failed},
                                 {"target_key", orNull(task.targetKey)},
                                 {"compiler", orNull(task.compiler)},
                                 {"numerics", orNull(task.numerics)},
                                 {"measure_mode", orNull(task.measureMode)},
                                 {"threads", task.threads}};
  if (task.best) {
    json["best_ns"] = orNull(task.best->measurement.medianNs);
    json["best_relative_error"] = orNull(task.best->measurement.relativeError);
    json["best_schedule"] = task.best->schedule;
    json["best_configuration"] = nlohmann::ordered_json::object();
    for (const auto &[name, value] : task.best->configuration) {
      json["best_configuration"][name] = value;
    }
  }
  return json;
}

nlohmann::ordered_json sessionToJson(const SessionSummary &summary) {
  const Session &session = summary.session;
  return {{"uuid", session.uuid},
          {"started", session.started},
          {"command", session.command},
          {"seed", session.seed},
          {"compiler", session.compiler},
          {"target_key", session.targetKey},
          {"records", summary.records},
          {"wall_seconds", session.wallSeconds},
          {"search_seconds", session.searchSeconds},
          {"build_seconds", session.buildSeconds},
          {"run_seconds", session.runSeconds}};
}

} // namespace

absl::StatusOr<Summary> summarize(const Database &database) {
  absl::StatusOr<Contents> contents = readContents(database);
  if (!contents.ok()) {
    return contents.status();
  }
  Summary summary;
  summary.records = static_cast<int64_t>(contents->records.size());
  summarizeSessions(*contents, summary);
  countFailures(*contents, summary);
  if (absl::Status status = summarizeTasks(database, *contents, summary); !status.ok()) {
    return status;
  }
  return summary;
}

nlohmann::ordered_json summaryToJson(const Summary &summary) {
  nlohmann::ordered_json failures = nlohmann::ordered_json::object();
  for (const auto &[failure, count] : summary.failures) {
    failures[std::string(failureClassName(failure))] = count;
  }
  nlohmann::ordered_json tasks = nlohmann::ordered_json::array();
  for (const TaskSummary &task : summary.tasks) {
    tasks.push_back(taskToJson(task));
  }
  nlohmann::ordered_json sessions = nlohmann::ordered_json::array();
  for (const SessionSummary &session : summary.sessions) {
    sessions.push_back(sessionToJson(session));
  }
  return {{"schema_version", 1},
          {"records", summary.records},
          {"failures", std::move(failures)},
          {"candidates_per_second", orNull(summary.candidatesPerSecond)},
          {"seconds",
           {{"search", summary.searchSeconds},
            {"build", summary.buildSeconds},
            {"run", summary.runSeconds}}},
          {"tasks", std::move(tasks)},
          {"sessions", std::move(sessions)}};
}

} // namespace chameleon
