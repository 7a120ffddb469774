//===- ContentsJson.cpp - The exchange format ----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contents.h"
#include "JsonReader.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Database/Database.h"
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

namespace chameleon {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json orNull(double value) {
  return std::isnan(value) ? ordered_json() : ordered_json(value);
}

/// The text as JSON where it is, so that people can read it.
ordered_json asJson(const std::string &text) {
  ordered_json value = ordered_json::parse(text, nullptr, false);
  return value.is_discarded() ? ordered_json(text) : value;
}

ordered_json toJson(const Session &session) {
  return {{"uuid", session.uuid},
          {"started", session.started},
          {"command", session.command},
          {"seed", session.seed},
          {"compiler", session.compiler},
          {"target_key", session.targetKey},
          {"target_facts", asJson(session.targetFacts)},
          {"wall_seconds", session.wallSeconds},
          {"search_seconds", session.searchSeconds},
          {"build_seconds", session.buildSeconds},
          {"run_seconds", session.runSeconds}};
}

ordered_json toJson(const StoredTask &task) {
  return {{"key", task.key},
          {"key_version", task.keyVersion},
          {"name", task.name},
          {"kind", task.kind},
          {"flops", task.flops},
          {"ir", task.ir},
          {"facts", asJson(task.facts)}};
}

ordered_json toJson(const TaskUse &use, const std::string &session) {
  return {{"session", session}, {"task_key", use.taskKey}, {"weight", use.weight}};
}

ordered_json toJson(const Record &record, const std::string &session) {
  const Measurement &measurement = record.measurement;
  ordered_json configuration = ordered_json::array();
  for (const auto &[name, value] : record.configuration) {
    configuration.push_back({name, value});
  }
  return {{"session", session},
          {"sequence", record.sequence},
          {"task_key", record.taskKey},
          {"target_key", record.targetKey},
          {"compiler", record.compiler},
          {"schedule", record.schedule},
          {"schedule_hash", record.scheduleHash},
          {"configuration", configuration},
          {"failure", std::string(failureClassName(measurement.failure))},
          {"median_ns", orNull(measurement.medianNs)},
          {"mad_ns", orNull(measurement.madNs)},
          {"samples", measurement.samples},
          {"relative_error", orNull(measurement.relativeError)},
          {"build_seconds", orNull(measurement.buildSeconds)},
          {"run_seconds", orNull(measurement.runSeconds)},
          {"message", measurement.message},
          {"numerics", record.numerics},
          {"measure_mode", record.measureMode},
          {"threads", record.threads},
          {"role", std::string(recordRoleName(record.role))},
          {"unix_seconds", record.unixSeconds},
          {"imported", record.imported}};
}

Session readSession(JsonReader &reader, int64_t id) {
  Session session;
  session.id = id;
  session.uuid = reader.text("uuid");
  session.started = reader.text("started");
  session.command = reader.text("command");
  session.seed = reader.unsignedInteger("seed");
  session.compiler = reader.text("compiler");
  session.targetKey = reader.text("target_key");
  session.targetFacts = reader.object("target_facts");
  session.wallSeconds = reader.number("wall_seconds");
  session.searchSeconds = reader.number("search_seconds");
  session.buildSeconds = reader.number("build_seconds");
  session.runSeconds = reader.number("run_seconds");
  return session;
}

StoredTask readTask(JsonReader &reader) {
  StoredTask task;
  task.key = reader.text("key");
  task.keyVersion = reader.integer32("key_version");
  task.name = reader.text("name");
  task.kind = reader.text("kind");
  task.flops = reader.number("flops");
  task.ir = reader.text("ir");
  task.facts = reader.object("facts");
  return task;
}

Record readRecord(JsonReader &reader) {
  Record record;
  record.sequence = reader.integer("sequence");
  reader.require(record.sequence > 0, "sequence", "a number from 1 on");
  record.taskKey = reader.text("task_key");
  record.targetKey = reader.text("target_key");
  record.compiler = reader.text("compiler");
  record.schedule = reader.text("schedule");
  record.scheduleHash = reader.text("schedule_hash");
  record.configuration = reader.pairs("configuration");
  record.measurement.failure = reader.parsed("failure", parseFailureClass);
  record.measurement.medianNs = reader.numberOrNull("median_ns");
  record.measurement.madNs = reader.numberOrNull("mad_ns");
  reader.require(!record.measurement.ok() || record.measurement.medianNs > 0, "median_ns",
                 "a positive number, since the record did not fail");
  record.measurement.samples = reader.integer32("samples");
  record.measurement.relativeError = reader.numberOrNull("relative_error");
  record.measurement.buildSeconds = reader.numberOrNull("build_seconds");
  record.measurement.runSeconds = reader.numberOrNull("run_seconds");
  record.measurement.message = reader.text("message");
  record.numerics = reader.text("numerics");
  record.measureMode = reader.text("measure_mode");
  record.threads = reader.integer32("threads");
  record.role = reader.parsed("role", parseRecordRole);
  record.unixSeconds = reader.number("unix_seconds");
  record.imported = reader.boolean("imported");
  return record;
}

/// Calls `read` with a reader of each element of the array `name`.
template <typename Read>
absl::Status readEach(const json &document, const std::string &name, Read read) {
  const auto array = document.find(name);
  if (array == document.end() || !array->is_array()) {
    return absl::InvalidArgumentError(absl::StrCat("expected an array '", name, "'"));
  }
  for (size_t i = 0; i < array->size(); ++i) {
    JsonReader reader((*array)[i], absl::StrCat(name, "[", i, "]"));
    read(reader);
    if (!reader.status().ok()) {
      return reader.status();
    }
  }
  return absl::OkStatus();
}

absl::Status checkVersion(const json &document) {
  const auto version = document.find("schema_version");
  const bool known = version != document.end() && version->is_number_integer() && *version >= 1 &&
                     *version <= Database::schemaVersion;
  if (!known) {
    return absl::InvalidArgumentError(absl::StrCat(
        "expected 'schema_version' from 1 to ", Database::schemaVersion, ", but got ",
        version == document.end() ? "none" : version->dump(), "; is this an exported database?"));
  }
  return absl::OkStatus();
}

} // namespace

nlohmann::ordered_json contentsToJson(const Contents &contents) {
  std::map<int64_t, std::string> uuids;
  ordered_json sessions = ordered_json::array(), tasks = ordered_json::array();
  ordered_json uses = ordered_json::array(), records = ordered_json::array();
  for (const Session &session : contents.sessions) {
    uuids[session.id] = session.uuid;
    sessions.push_back(toJson(session));
  }
  for (const StoredTask &task : contents.tasks) {
    tasks.push_back(toJson(task));
  }
  for (const TaskUse &use : contents.uses) {
    uses.push_back(toJson(use, uuids[use.session]));
  }
  for (const Record &record : contents.records) {
    records.push_back(toJson(record, uuids[record.session]));
  }
  return {{"schema_version", Database::schemaVersion},
          {"sessions", std::move(sessions)},
          {"tasks", std::move(tasks)},
          {"uses", std::move(uses)},
          {"records", std::move(records)}};
}

absl::StatusOr<Contents> contentsFromJson(const nlohmann::json &document) {
  if (!document.is_object()) {
    return absl::InvalidArgumentError("expected a JSON object with an exported database");
  }
  Contents contents;
  std::map<std::string, int64_t> ids;
  auto session = [&](JsonReader &reader) {
    const auto found = ids.find(reader.text("session"));
    reader.require(found != ids.end(), "session", "the uuid of one of the sessions");
    return found == ids.end() ? 0 : found->second;
  };
  absl::Status status = checkVersion(document);
  if (status.ok()) {
    status = readEach(document, "sessions", [&](JsonReader &reader) {
      contents.sessions.push_back(readSession(reader, static_cast<int64_t>(ids.size() + 1)));
      const Session &added = contents.sessions.back();
      reader.require(!added.uuid.empty() && ids.emplace(added.uuid, added.id).second, "uuid",
                     "a text that no other session has");
    });
  }
  if (status.ok()) {
    status = readEach(document, "tasks",
                      [&](JsonReader &reader) { contents.tasks.push_back(readTask(reader)); });
  }
  if (status.ok()) {
    status = readEach(document, "uses", [&](JsonReader &reader) {
      contents.uses.push_back({session(reader), reader.text("task_key"), reader.number("weight")});
    });
  }
  if (status.ok()) {
    status = readEach(document, "records", [&](JsonReader &reader) {
      contents.records.push_back(readRecord(reader));
      contents.records.back().session = session(reader);
    });
  }
  if (!status.ok()) {
    return status;
  }
  return contents;
}

} // namespace chameleon
