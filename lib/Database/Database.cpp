//===- Database.cpp - Records, kept --------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Database/Database.h"

#include "RowCodec.h"
#include "Schema.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sys/random.h>

namespace chameleon {
namespace {

constexpr absl::string_view sqliteMagic("SQLite format 3\0", 16);

enum class FileState { Missing, Empty, Sqlite };

/// Looks at the file without SQLite, so that nothing can touch it.
absl::StatusOr<FileState> inspectFile(const std::string &path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    return FileState::Missing;
  }
  if (status.type() != std::filesystem::file_type::regular) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a database file, but '", path, "' is not a regular file"));
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::ErrnoToStatus(errno, absl::StrCat("expected to read '", path, "', but could not"));
  }
  char magic[16];
  file.read(magic, sizeof(magic));
  if (file.gcount() == 0) {
    return FileState::Empty;
  }
  if (absl::string_view(magic, static_cast<size_t>(file.gcount())) != sqliteMagic) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a database of Chameleon, but '", path,
                     "' is no SQLite file; it was left as it is: name another file"));
  }
  return FileState::Sqlite;
}

/// What SQLite finds wrong with the pages, one line each.
absl::StatusOr<std::vector<std::string>> findDamage(const SqliteConnection &connection,
                                                    const char *pragma) {
  auto statement = connection.prepare(pragma);
  if (!statement.ok()) {
    return statement.status();
  }
  std::vector<std::string> problems;
  absl::StatusOr<bool> row = (*statement)->step();
  for (; row.ok() && *row; row = (*statement)->step()) {
    for (absl::string_view line : absl::StrSplit((*statement)->text(0), '\n')) {
      if (line != "ok") {
        problems.push_back(std::string(line));
      }
    }
  }
  if (!row.ok()) {
    return row.status();
  }
  return problems;
}

/// What tells that somebody else writes to the file.
struct FileStamp {
  bool hasLog = false; // a writer's -wal file, also if that writer was killed
  std::filesystem::file_time_type changed;
  uintmax_t size = 0;

  static FileStamp of(const std::string &path) {
    std::error_code error;
    return {std::filesystem::exists(path + "-wal", error),
            std::filesystem::last_write_time(path, error), std::filesystem::file_size(path, error)};
  }
  bool operator==(const FileStamp &) const = default;
};

/// Checks everything that `open` promises to refuse, without a trace.
absl::Status inspectDatabase(const SqliteConnection &connection, const std::string &path,
                             bool thoroughly) {
  absl::StatusOr<int> version = readSchemaVersion(connection, path);
  if (!version.ok() || !thoroughly) {
    return version.status();
  }
  auto damage = findDamage(connection, "PRAGMA quick_check(1)");
  if (!damage.ok()) {
    return damage.status();
  }
  if (!damage->empty()) {
    return absl::DataLossError(
        absl::StrCat("expected a sound database, but '", path, "' is damaged: ", damage->front(),
                     "; it was left as it is: restore a copy, or name another file"));
  }
  return absl::OkStatus();
}

/// A connection that reads, checked. While nobody writes it is a copy in memory, since even a
/// reader of a WAL file leaves files beside it, and cannot read where it must not write.
absl::StatusOr<std::unique_ptr<SqliteConnection>>
openForReading(const std::string &path, bool thoroughly, absl::Duration busyTimeout) {
  using Access = SqliteConnection::Access;
  const FileStamp before = FileStamp::of(path);
  auto connection =
      SqliteConnection::open(path, before.hasLog ? Access::Read : Access::Snapshot, busyTimeout);
  if (!connection.ok()) {
    return connection.status();
  }
  absl::Status status = inspectDatabase(**connection, path, thoroughly);
  if (status.ok() && !before.hasLog) {
    connection = (*connection)->copyToMemory();
  }
  if (!before.hasLog && FileStamp::of(path) != before) { // a writer came meanwhile
    return openForReading(path, thoroughly, busyTimeout);
  }
  if (!status.ok()) {
    return status;
  }
  return connection;
}

absl::StatusOr<std::unique_ptr<SqliteConnection>> tryOpenForWriting(const std::string &path,
                                                                    absl::Duration busyTimeout) {
  auto connection = SqliteConnection::open(path, SqliteConnection::Access::Write, busyTimeout);
  if (!connection.ok()) {
    return connection.status();
  }
  absl::StatusOr<int> version = readSchemaVersion(**connection, path);
  absl::Status status = version.status();
  // WAL is a property of the file. NORMAL: a commit survives the process, though not a power cut.
  for (const char *pragma :
       {"PRAGMA synchronous = NORMAL", "PRAGMA foreign_keys = ON", "PRAGMA journal_mode = WAL"}) {
    if (status.ok()) {
      status = (*connection)->execute(pragma);
    }
  }
  if (status.ok()) {
    status = upgradeSchema(**connection, *version);
  }
  if (!status.ok()) {
    return status;
  }
  return connection;
}

/// Switching a new file to WAL does not wait for others, hence the loop.
absl::StatusOr<std::unique_ptr<SqliteConnection>> openForWriting(const std::string &path,
                                                                 absl::Duration busyTimeout) {
  const absl::Time deadline = absl::Now() + busyTimeout;
  auto connection = tryOpenForWriting(path, busyTimeout);
  while (absl::IsUnavailable(connection.status()) && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(10));
    connection = tryOpenForWriting(path, busyTimeout);
  }
  return connection;
}

std::string makeUuid() {
  unsigned char bytes[16];
  if (getentropy(bytes, sizeof(bytes)) != 0) {
    return absl::StrCat(absl::GetCurrentTimeNanos());
  }
  std::string text;
  for (unsigned char byte : bytes) {
    absl::StrAppend(&text, absl::Hex(byte, absl::kZeroPad2));
  }
  return text;
}

/// Runs `statement` and collects its rows.
template <typename Row, typename Read>
absl::StatusOr<std::vector<Row>> readAll(Statement &statement, Read read) {
  std::vector<Row> rows;
  absl::StatusOr<bool> more = statement.step();
  for (; more.ok() && *more; more = statement.step()) {
    rows.push_back(read(statement));
  }
  if (!more.ok()) {
    return more.status();
  }
  return rows;
}

template <typename Row, typename Read>
absl::StatusOr<std::vector<Row>> selectAll(const SqliteConnection &connection, const char *sql,
                                           Read read) {
  auto statement = connection.prepare(sql);
  if (!statement.ok()) {
    return statement.status();
  }
  return readAll<Row>(**statement, read);
}

} // namespace

Database::Database(std::string path, std::unique_ptr<SqliteConnection> connection)
    : filePath(std::move(path)), connection(std::move(connection)) {}

Database::~Database() = default;

absl::StatusOr<std::unique_ptr<Database>> Database::open(const std::string &path, Mode mode,
                                                         absl::Duration busyTimeout) {
  absl::StatusOr<FileState> state = inspectFile(path);
  if (!state.ok()) {
    return state.status();
  }
  if (mode == Mode::Read) {
    if (*state != FileState::Sqlite) {
      return absl::NotFoundError(
          absl::StrCat("expected a database in '", path, "', but ",
                       *state == FileState::Empty ? "the file is empty" : "there is no such file"));
    }
    auto connection = openForReading(path, /*thoroughly=*/false, busyTimeout);
    if (!connection.ok()) {
      return connection.status();
    }
    return std::unique_ptr<Database>(new Database(path, *std::move(connection)));
  }
  if (*state == FileState::Sqlite) {
    absl::Status status = openForReading(path, /*thoroughly=*/true, busyTimeout).status();
    if (!status.ok() && !absl::IsUnavailable(status)) {
      return status;
    }
  }
  auto connection = openForWriting(path, busyTimeout);
  if (!connection.ok()) {
    return connection.status();
  }
  return std::unique_ptr<Database>(new Database(path, *std::move(connection)));
}

absl::StatusOr<int64_t> Database::addSession(Session session) {
  if (session.uuid.empty()) {
    session.uuid = makeUuid();
  }
  if (session.started.empty()) {
    session.started = absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::Now(), absl::UTCTimeZone());
  }
  auto statement = connection->prepare(absl::StrCat("INSERT ", sessionInsert).c_str());
  if (!statement.ok()) {
    return statement.status();
  }
  bindSession(**statement, session);
  if (absl::Status status = (*statement)->run(); !status.ok()) {
    return status;
  }
  return connection->lastRowId();
}

absl::Status Database::updateSeconds(const Session &session) {
  auto statement = connection->prepare("UPDATE sessions SET wall_seconds = ?, search_seconds = ?, "
                                       "build_seconds = ?, run_seconds = ? WHERE id = ?");
  if (!statement.ok()) {
    return statement.status();
  }
  (*statement)->bind(session.wallSeconds).bind(session.searchSeconds);
  (*statement)->bind(session.buildSeconds).bind(session.runSeconds).bind(session.id);
  if (absl::Status status = (*statement)->run(); !status.ok()) {
    return status;
  }
  if (connection->changes() == 0) {
    return absl::NotFoundError(
        absl::StrCat("expected session ", session.id, " in '", filePath, "', but it is not there"));
  }
  return absl::OkStatus();
}

absl::Status Database::addTask(const StoredTask &task) {
  const std::string sql = absl::StrCat(
      "INSERT ", taskInsert,
      " ON CONFLICT(key) DO UPDATE SET key_version = excluded.key_version, name = excluded.name, "
      "kind = excluded.kind, flops = excluded.flops, ir = excluded.ir, facts = excluded.facts");
  auto statement = connection->prepare(sql.c_str());
  if (!statement.ok()) {
    return statement.status();
  }
  bindTask(**statement, task);
  return (*statement)->run();
}

absl::Status Database::addUse(const TaskUse &use) {
  auto statement = connection->prepare(absl::StrCat("INSERT OR REPLACE ", useInsert).c_str());
  if (!statement.ok()) {
    return statement.status();
  }
  bindUse(**statement, use);
  return (*statement)->run();
}

absl::StatusOr<int64_t> Database::addRecord(const Record &record) {
  if (!insertRecord) {
    auto statement = connection->prepare(absl::StrCat("INSERT ", recordInsert).c_str());
    if (!statement.ok()) {
      return statement.status();
    }
    insertRecord = *std::move(statement);
  }
  Record stored = record;
  stored.sequence = 0;
  if (stored.unixSeconds == 0) {
    stored.unixSeconds = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch());
  }
  bindRecord(*insertRecord, stored);
  if (absl::Status status = insertRecord->run(); !status.ok()) {
    return status;
  }
  return connection->lastRowId();
}

absl::StatusOr<std::vector<Session>> Database::sessions() const {
  return selectAll<Session>(*connection, sessionSelect, readSession);
}

absl::StatusOr<std::vector<StoredTask>> Database::tasks() const {
  return selectAll<StoredTask>(*connection, absl::StrCat(taskSelect, "ORDER BY key").c_str(),
                               readTask);
}

absl::StatusOr<std::vector<TaskUse>> Database::uses() const {
  return selectAll<TaskUse>(*connection, useSelect, readUse);
}

absl::StatusOr<StoredTask> Database::task(const std::string &key) const {
  auto statement = connection->prepare(absl::StrCat(taskSelect, "WHERE key = ?").c_str());
  if (!statement.ok()) {
    return statement.status();
  }
  (*statement)->bind(key);
  absl::StatusOr<std::vector<StoredTask>> found = readAll<StoredTask>(**statement, readTask);
  if (!found.ok()) {
    return found.status();
  }
  if (found->empty()) {
    return absl::NotFoundError(
        absl::StrCat("expected task ", key, " in '", filePath, "', but it is not there"));
  }
  return std::move(found->front());
}

absl::StatusOr<std::vector<Record>> Database::records(const RecordQuery &query) const {
  const std::pair<const char *, const std::string *> filters[] = {
      {"task_key", &query.taskKey},
      {"target_key", &query.targetKey},
      {"compiler", &query.compiler},
      {"schedule_hash", &query.scheduleHash}};
  std::string sql = absl::StrCat(recordSelect, "WHERE TRUE");
  for (const auto &[column, value] : filters) {
    absl::StrAppend(&sql, value->empty() ? "" : absl::StrCat(" AND ", column, " = ?"));
  }
  absl::StrAppend(&sql, query.session ? " AND session = ?" : "", " ORDER BY id");
  auto statement = connection->prepare(sql.c_str());
  if (!statement.ok()) {
    return statement.status();
  }
  for (const auto &[column, value] : filters) {
    if (!value->empty()) {
      (*statement)->bind(*value);
    }
  }
  if (query.session) {
    (*statement)->bind(query.session);
  }
  std::vector<Record> records;
  absl::StatusOr<bool> more = (*statement)->step();
  for (; more.ok() && *more; more = (*statement)->step()) {
    absl::StatusOr<Record> record = readRecord(**statement);
    if (!record.ok()) {
      return record.status();
    }
    records.push_back(*std::move(record));
  }
  if (!more.ok()) {
    return more.status();
  }
  return records;
}

absl::StatusOr<std::vector<std::string>> Database::check() const {
  auto problems = findDamage(*connection, "PRAGMA integrity_check");
  if (!problems.ok() || !problems->empty()) {
    return problems; // what the tables say is not worth reading then
  }
  auto dangling =
      selectAll<std::string>(*connection, "PRAGMA foreign_key_check", [](const Statement &row) {
        return absl::StrCat("row ", row.integer(1), " of ", row.text(0), " refers to a row of ",
                            row.text(2), " that is not there");
      });
  if (!dangling.ok()) {
    return dangling.status();
  }
  *problems = *std::move(dangling);
  auto statement = connection->prepare(recordSelect);
  if (!statement.ok()) {
    return statement.status();
  }
  absl::StatusOr<bool> more = (*statement)->step();
  for (; more.ok() && *more; more = (*statement)->step()) {
    absl::StatusOr<Record> record = readRecord(**statement);
    if (!record.ok()) {
      problems->push_back(std::string(record.status().message()));
    }
  }
  if (!more.ok()) {
    return more.status();
  }
  return problems;
}

} // namespace chameleon
