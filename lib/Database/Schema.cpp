//===- Schema.cpp - Tables, and their versions ---------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Schema.h"

#include "absl/strings/str_cat.h"
#include "chameleon/Database/Database.h"

namespace chameleon {
namespace {

constexpr int64_t applicationId = 0x43484d4c; // "CHML"

/// Script i brings version i to version i + 1. A script that was released is never changed.
constexpr const char *upgradeScripts[] = {
    R"(
CREATE TABLE sessions(
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  started TEXT NOT NULL,
  command TEXT NOT NULL,
  seed INTEGER NOT NULL,
  compiler TEXT NOT NULL,
  target_key TEXT NOT NULL,
  target_facts TEXT NOT NULL,
  wall_seconds REAL NOT NULL,
  search_seconds REAL NOT NULL,
  build_seconds REAL NOT NULL,
  run_seconds REAL NOT NULL
) STRICT;
CREATE TABLE tasks(
  key TEXT PRIMARY KEY,
  key_version INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  flops REAL NOT NULL,
  ir TEXT NOT NULL,
  facts TEXT NOT NULL
) STRICT;
CREATE TABLE uses(
  session INTEGER NOT NULL REFERENCES sessions(id),
  task_key TEXT NOT NULL REFERENCES tasks(key),
  weight REAL NOT NULL,
  PRIMARY KEY(session, task_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE records(
  id INTEGER PRIMARY KEY,
  session INTEGER NOT NULL REFERENCES sessions(id),
  sequence INTEGER NOT NULL,
  task_key TEXT NOT NULL REFERENCES tasks(key),
  target_key TEXT NOT NULL,
  compiler TEXT NOT NULL,
  schedule TEXT NOT NULL,
  schedule_hash TEXT NOT NULL,
  configuration TEXT NOT NULL,
  failure TEXT NOT NULL,
  median_ns REAL,
  mad_ns REAL,
  samples INTEGER NOT NULL,
  relative_error REAL,
  build_seconds REAL,
  run_seconds REAL,
  message TEXT NOT NULL,
  numerics TEXT NOT NULL,
  measure_mode TEXT NOT NULL,
  threads INTEGER NOT NULL,
  role TEXT NOT NULL,
  unix_seconds REAL NOT NULL,
  imported INTEGER NOT NULL,
  UNIQUE(session, sequence)
) STRICT;
CREATE INDEX records_by_task ON records(task_key, target_key);
)",
};
static_assert(std::size(upgradeScripts) == Database::schemaVersion);

absl::Status notOurs(const std::string &path) {
  return absl::InvalidArgumentError(
      absl::StrCat("expected a database of Chameleon, but '", path,
                   "' is another SQLite file; it was left as it is: name another file"));
}

} // namespace

absl::StatusOr<int> readSchemaVersion(const SqliteConnection &connection, const std::string &path) {
  // One statement, since another process may be making the tables meanwhile.
  auto query = connection.prepare(
      "SELECT (SELECT count(*) FROM sqlite_schema), (SELECT * FROM pragma_application_id), "
      "(SELECT * FROM pragma_user_version)");
  if (!query.ok()) {
    return query.status();
  }
  if (absl::StatusOr<bool> row = (*query)->step(); !row.ok()) {
    return row.status();
  }
  const int64_t tables = (*query)->integer(0);
  const int64_t application = (*query)->integer(1);
  const int64_t version = (*query)->integer(2);
  if (tables == 0 && application == 0 && version == 0) {
    return 0;
  }
  if (application != applicationId || version < 1) {
    return notOurs(path);
  }
  if (version > Database::schemaVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        "expected a database of schema version 1 to ", Database::schemaVersion, ", but '", path,
        "' has version ", version, "; it was left as it is: use a newer Chameleon"));
  }
  return static_cast<int>(version);
}

absl::Status upgradeSchema(SqliteConnection &connection, int from) {
  if (from == Database::schemaVersion) {
    return absl::OkStatus();
  }
  Transaction transaction(connection);
  absl::Status status = transaction.begin();
  if (!status.ok()) {
    return status;
  }
  // Another process may have been faster: its version counts, not `from`.
  absl::StatusOr<int64_t> version = connection.queryInteger("PRAGMA user_version");
  status = version.status();
  for (int64_t i = status.ok() ? *version : 0; status.ok() && i < Database::schemaVersion; ++i) {
    status = connection.execute(upgradeScripts[i]);
  }
  for (const std::string &pragma :
       {absl::StrCat("PRAGMA application_id = ", applicationId),
        absl::StrCat("PRAGMA user_version = ", Database::schemaVersion)}) {
    if (status.ok()) {
      status = connection.execute(pragma.c_str());
    }
  }
  return status.ok() ? transaction.commit() : status;
}

} // namespace chameleon
