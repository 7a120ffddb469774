//===- Sqlite.cpp - SQLite with statuses ---------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sqlite.h"

#include "absl/strings/str_cat.h"
#include <cerrno>
#include <cmath>
#include <limits>
#include <sqlite3.h>

namespace chameleon {

Statement::~Statement() { sqlite3_finalize(handle); }

Statement &Statement::bind(int64_t value) {
  sqlite3_bind_int64(handle, ++bound, value);
  return *this;
}

Statement &Statement::bind(double value) {
  if (std::isnan(value)) {
    sqlite3_bind_null(handle, ++bound);
  } else {
    sqlite3_bind_double(handle, ++bound, value);
  }
  return *this;
}

Statement &Statement::bind(absl::string_view value) {
  sqlite3_bind_text64(handle, ++bound, value.data() ? value.data() : "", value.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

absl::StatusOr<bool> Statement::step() {
  const int code = sqlite3_step(handle);
  if (code == SQLITE_ROW) {
    return true;
  }
  if (code == SQLITE_DONE) {
    return false;
  }
  return connection.error(code);
}

absl::Status Statement::run() {
  absl::StatusOr<bool> row = true;
  while (row.ok() && *row) {
    row = step();
  }
  sqlite3_reset(handle);
  sqlite3_clear_bindings(handle);
  bound = 0;
  return row.status();
}

int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle, column); }

double Statement::real(int column) const {
  if (sqlite3_column_type(handle, column) == SQLITE_NULL) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return sqlite3_column_double(handle, column);
}

std::string Statement::text(int column) const {
  const auto *bytes = static_cast<const char *>(sqlite3_column_blob(handle, column));
  const auto size = static_cast<size_t>(sqlite3_column_bytes(handle, column));
  return bytes ? std::string(bytes, size) : std::string();
}

namespace {

/// `path` as a URI that says the file does not change while it is open.
std::string immutableUri(const std::string &path) {
  std::string uri = "file:";
  for (char character : path) {
    if (character == '%' || character == '?' || character == '#') {
      absl::StrAppend(&uri, "%", absl::Hex(character, absl::kZeroPad2));
    } else {
      uri.push_back(character);
    }
  }
  return uri + "?immutable=1";
}

} // namespace

absl::StatusOr<std::unique_ptr<SqliteConnection>>
SqliteConnection::open(const std::string &path, Access access, absl::Duration busyTimeout) {
  std::string name = path;
  int flags = SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
  switch (access) {
  case Access::Read:
    flags |= SQLITE_OPEN_READONLY;
    break;
  case Access::Snapshot:
    flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    name = immutableUri(path);
    break;
  case Access::Write:
    flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    break;
  }
  sqlite3 *handle = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(path, handle));
  if (code != SQLITE_OK) {
    return connection->error(code);
  }
  sqlite3_busy_timeout(handle, static_cast<int>(absl::ToInt64Milliseconds(busyTimeout)));
  // Files may come from strangers: no SQL functions run from their schema.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return connection;
}

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::copyToMemory() const {
  sqlite3 *copy = nullptr;
  sqlite3_open(":memory:", &copy);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(path, copy));
  sqlite3_backup *backup = sqlite3_backup_init(copy, "main", handle, "main");
  if (!backup) {
    return connection->error(sqlite3_errcode(copy));
  }
  sqlite3_backup_step(backup, -1);
  if (const int code = sqlite3_backup_finish(backup)) {
    return connection->error(code);
  }
  if (absl::Status status = connection->execute("PRAGMA query_only = ON"); !status.ok()) {
    return status;
  }
  return connection;
}

SqliteConnection::~SqliteConnection() { sqlite3_close_v2(handle); }

absl::Status SqliteConnection::execute(const char *sql) {
  const int code = sqlite3_exec(handle, sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : error(code);
}

absl::StatusOr<std::unique_ptr<Statement>> SqliteConnection::prepare(const char *sql) const {
  sqlite3_stmt *statement = nullptr;
  const int code = sqlite3_prepare_v2(handle, sql, -1, &statement, nullptr);
  if (code != SQLITE_OK) {
    return error(code);
  }
  return std::unique_ptr<Statement>(new Statement(*this, statement));
}

absl::StatusOr<int64_t> SqliteConnection::queryInteger(const char *sql) const {
  absl::StatusOr<std::unique_ptr<Statement>> statement = prepare(sql);
  if (!statement.ok()) {
    return statement.status();
  }
  absl::StatusOr<bool> row = (*statement)->step();
  if (!row.ok()) {
    return row.status();
  }
  return *row ? (*statement)->integer(0) : 0;
}

absl::StatusOr<std::string> SqliteConnection::queryText(const char *sql) const {
  absl::StatusOr<std::unique_ptr<Statement>> statement = prepare(sql);
  if (!statement.ok()) {
    return statement.status();
  }
  absl::StatusOr<bool> row = (*statement)->step();
  if (!row.ok()) {
    return row.status();
  }
  return *row ? (*statement)->text(0) : std::string();
}

int64_t SqliteConnection::lastRowId() const { return sqlite3_last_insert_rowid(handle); }

int64_t SqliteConnection::changes() const { return sqlite3_changes64(handle); }

absl::Status SqliteConnection::error(int code) const {
  const std::string what =
      absl::StrCat("'", path, "': ", handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
  switch (code & 0xff) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return absl::UnavailableError(absl::StrCat(
        "expected to write to the database, but another process keeps it locked: ", what,
        "; wait until that one ends, or give this session a file of its own and merge later"));
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return absl::DataLossError(absl::StrCat("expected a sound database, but it is damaged: ", what,
                                            "; it was left as it is: restore a copy, or name "
                                            "another file"));
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return absl::PermissionDeniedError(
        absl::StrCat("expected a database that can be written, but it cannot: ", what));
  case SQLITE_CANTOPEN:
    return absl::ErrnoToStatus(
        sqlite3_system_errno(handle) ? sqlite3_system_errno(handle) : ENOENT,
        absl::StrCat("expected a database that can be opened or made, but cannot open '", path,
                     "'"));
  case SQLITE_FULL:
    return absl::ResourceExhaustedError(
        absl::StrCat("expected room for the database, but the disk is full: ", what));
  case SQLITE_CONSTRAINT:
    return absl::FailedPreconditionError(absl::StrCat(
        "expected a row whose session and task are stored and that is new, but ", what));
  default:
    return absl::InternalError(absl::StrCat("expected SQLite to succeed, but ", what));
  }
}

Transaction::~Transaction() {
  if (active) {
    (void)connection.execute("ROLLBACK");
  }
}

absl::Status Transaction::begin() {
  absl::Status status = connection.execute("BEGIN IMMEDIATE");
  active = status.ok();
  return status;
}

absl::Status Transaction::commit() {
  absl::Status status = connection.execute("COMMIT");
  active = active && !status.ok();
  return status;
}

} // namespace chameleon
