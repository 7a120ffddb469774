//===- Sqlite.h - SQLite with statuses -----------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to Database: the few calls of SQLite that it needs, with errors as absl::Status that name
// the file and say what to do.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DATABASE_SQLITE_H
#define CHAMELEON_LIB_DATABASE_SQLITE_H

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <cstdint>
#include <memory>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace chameleon {

class SqliteConnection;

/// A prepared statement. Parameters and columns count from 0.
class Statement {
public:
  ~Statement();
  Statement(const Statement &) = delete;
  Statement &operator=(const Statement &) = delete;

  /// Binds the next parameters in order; NaN becomes NULL.
  Statement &bind(int64_t value);
  Statement &bind(double value);
  Statement &bind(absl::string_view value);

  /// True if there is a row, false at the end.
  absl::StatusOr<bool> step();
  /// Runs to the end and makes ready for the next round of `bind`.
  absl::Status run();

  int64_t integer(int column) const;
  double real(int column) const; // NaN for NULL
  std::string text(int column) const;

private:
  friend class SqliteConnection;
  Statement(const SqliteConnection &connection, sqlite3_stmt *handle)
      : connection(connection), handle(handle) {}

  const SqliteConnection &connection;
  sqlite3_stmt *handle;
  int bound = 0;
};

class SqliteConnection {
public:
  enum class Access {
    Read,     // together with writers; may leave a -shm and a -wal file beside `path`
    Snapshot, // touches nothing; right only as long as nobody writes
    Write,    // `path` is made if it is not there
  };
  static absl::StatusOr<std::unique_ptr<SqliteConnection>>
  open(const std::string &path, Access access, absl::Duration busyTimeout);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection &) = delete;
  SqliteConnection &operator=(const SqliteConnection &) = delete;

  absl::Status execute(const char *sql);
  absl::StatusOr<std::unique_ptr<Statement>> prepare(const char *sql) const;
  /// The first column of the first row.
  absl::StatusOr<int64_t> queryInteger(const char *sql) const;
  absl::StatusOr<std::string> queryText(const char *sql) const;
  /// A copy of everything in memory, which nobody else writes.
  absl::StatusOr<std::unique_ptr<SqliteConnection>> copyToMemory() const;
  int64_t lastRowId() const;
  /// Rows changed by the last statement.
  int64_t changes() const;

  /// The status for an SQLite result code other than OK, ROW and DONE.
  absl::Status error(int code) const;

private:
  SqliteConnection(std::string path, sqlite3 *handle) : path(std::move(path)), handle(handle) {}

  std::string path;
  sqlite3 *handle;
};

/// BEGIN IMMEDIATE now, so that a busy file shows before work is done; rolls back unless committed.
class Transaction {
public:
  explicit Transaction(SqliteConnection &connection) : connection(connection) {}
  ~Transaction();
  Transaction(const Transaction &) = delete;
  Transaction &operator=(const Transaction &) = delete;
  absl::Status begin();
  absl::Status commit();

private:
  SqliteConnection &connection;
  bool active = false;
};

} // namespace chameleon

#endif // CHAMELEON_LIB_DATABASE_SQLITE_H
