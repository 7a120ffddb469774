//===- RowCodec.cpp - Rows to and from statements ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowCodec.h"

#include "absl/strings/str_cat.h"
#include <limits>
#include <nlohmann/json.hpp>

namespace chameleon {

std::string configurationToText(const ConfigurationPairs &configuration) {
  nlohmann::json array = nlohmann::json::array();
  for (const auto &[name, value] : configuration) {
    array.push_back({name, value});
  }
  return array.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

absl::StatusOr<ConfigurationPairs> configurationFromText(absl::string_view text) {
  const auto array = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  ConfigurationPairs configuration;
  bool sound = array.is_array();
  for (size_t i = 0; sound && i < array.size(); ++i) {
    const nlohmann::json &pair = array[i];
    sound = pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string();
    if (sound) {
      configuration.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
    }
  }
  if (!sound) {
    return absl::DataLossError(
        absl::StrCat("expected a configuration as [[name, value], ...], but got '", text, "'"));
  }
  return configuration;
}

const char *const sessionInsert =
    "INTO sessions(uuid, started, command, seed, compiler, target_key, target_facts, wall_seconds, "
    "search_seconds, build_seconds, run_seconds) VALUES(?,?,?,?,?,?,?,?,?,?,?)";

void bindSession(Statement &statement, const Session &session) {
  statement.bind(session.uuid)
      .bind(session.started)
      .bind(session.command)
      .bind(static_cast<int64_t>(session.seed))
      .bind(session.compiler)
      .bind(session.targetKey)
      .bind(session.targetFacts)
      .bind(session.wallSeconds)
      .bind(session.searchSeconds)
      .bind(session.buildSeconds)
      .bind(session.runSeconds);
}

const char *const taskInsert =
    "INTO tasks(key, key_version, name, kind, flops, ir, facts) VALUES(?,?,?,?,?,?,?)";

void bindTask(Statement &statement, const StoredTask &task) {
  statement.bind(task.key)
      .bind(static_cast<int64_t>(task.keyVersion))
      .bind(task.name)
      .bind(task.kind)
      .bind(task.flops)
      .bind(task.ir)
      .bind(task.facts);
}

const char *const useInsert = "INTO uses(session, task_key, weight) VALUES(?,?,?)";

void bindUse(Statement &statement, const TaskUse &use) {
  statement.bind(use.session).bind(use.taskKey).bind(use.weight);
}

const char *const recordInsert =
    "INTO records(session, sequence, task_key, target_key, compiler, schedule, schedule_hash, "
    "configuration, failure, median_ns, mad_ns, samples, relative_error, build_seconds, "
    "run_seconds, "
    "message, numerics, measure_mode, threads, role, unix_seconds, imported) VALUES(?1, "
    "CASE ?2 WHEN 0 THEN (SELECT ifnull(max(sequence), 0) + 1 FROM records WHERE session = ?1) "
    "ELSE ?2 END, ?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

void bindRecord(Statement &statement, const Record &record) {
  const Measurement &measurement = record.measurement;
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  statement.bind(record.session)
      .bind(record.sequence)
      .bind(record.taskKey)
      .bind(record.targetKey)
      .bind(record.compiler)
      .bind(record.schedule)
      .bind(record.scheduleHash)
      .bind(configurationToText(record.configuration))
      .bind(failureClassName(measurement.failure))
      .bind(measurement.ok() ? measurement.medianNs : unknown)
      .bind(measurement.ok() ? measurement.madNs : unknown)
      .bind(static_cast<int64_t>(measurement.samples))
      .bind(measurement.relativeError)
      .bind(measurement.buildSeconds)
      .bind(measurement.runSeconds)
      .bind(measurement.message)
      .bind(record.numerics)
      .bind(record.measureMode)
      .bind(static_cast<int64_t>(record.threads))
      .bind(recordRoleName(record.role))
      .bind(record.unixSeconds)
      .bind(static_cast<int64_t>(record.imported));
}

const char *const sessionSelect =
    "SELECT id, uuid, started, command, seed, compiler, target_key, target_facts, wall_seconds, "
    "search_seconds, build_seconds, run_seconds FROM sessions ORDER BY id";

Session readSession(const Statement &statement) {
  Session session;
  session.id = statement.integer(0);
  session.uuid = statement.text(1);
  session.started = statement.text(2);
  session.command = statement.text(3);
  session.seed = static_cast<uint64_t>(statement.integer(4));
  session.compiler = statement.text(5);
  session.targetKey = statement.text(6);
  session.targetFacts = statement.text(7);
  session.wallSeconds = statement.real(8);
  session.searchSeconds = statement.real(9);
  session.buildSeconds = statement.real(10);
  session.runSeconds = statement.real(11);
  return session;
}

const char *const taskSelect = "SELECT key, key_version, name, kind, flops, ir, facts FROM tasks ";

StoredTask readTask(const Statement &statement) {
  StoredTask task;
  task.key = statement.text(0);
  task.keyVersion = static_cast<int>(statement.integer(1));
  task.name = statement.text(2);
  task.kind = statement.text(3);
  task.flops = statement.real(4);
  task.ir = statement.text(5);
  task.facts = statement.text(6);
  return task;
}

const char *const useSelect =
    "SELECT session, task_key, weight FROM uses ORDER BY session, task_key";

TaskUse readUse(const Statement &statement) {
  return {statement.integer(0), statement.text(1), statement.real(2)};
}

const char *const recordSelect =
    "SELECT id, session, sequence, task_key, target_key, compiler, schedule, schedule_hash, "
    "configuration, failure, median_ns, mad_ns, samples, relative_error, build_seconds, "
    "run_seconds, "
    "message, numerics, measure_mode, threads, role, unix_seconds, imported FROM records ";

absl::StatusOr<Record> readRecord(const Statement &statement) {
  Record record;
  record.id = statement.integer(0);
  record.session = statement.integer(1);
  record.sequence = statement.integer(2);
  record.taskKey = statement.text(3);
  record.targetKey = statement.text(4);
  record.compiler = statement.text(5);
  record.schedule = statement.text(6);
  record.scheduleHash = statement.text(7);
  absl::StatusOr<ConfigurationPairs> configuration = configurationFromText(statement.text(8));
  absl::StatusOr<FailureClass> failure = parseFailureClass(statement.text(9));
  absl::StatusOr<RecordRole> role = parseRecordRole(statement.text(20));
  for (const absl::Status &status : {configuration.status(), failure.status(), role.status()}) {
    if (!status.ok()) {
      return absl::DataLossError(absl::StrCat("record ", record.id, ": ", status.message()));
    }
  }
  record.configuration = *std::move(configuration);
  record.measurement.failure = *failure;
  record.measurement.medianNs = statement.real(10);
  record.measurement.madNs = statement.real(11);
  record.measurement.samples = static_cast<int>(statement.integer(12));
  record.measurement.relativeError = statement.real(13);
  record.measurement.buildSeconds = statement.real(14);
  record.measurement.runSeconds = statement.real(15);
  record.measurement.message = statement.text(16);
  record.numerics = statement.text(17);
  record.measureMode = statement.text(18);
  record.threads = static_cast<int>(statement.integer(19));
  record.role = *role;
  record.unixSeconds = statement.real(21);
  record.imported = statement.integer(22) != 0;
  return record;
}

} // namespace chameleon
