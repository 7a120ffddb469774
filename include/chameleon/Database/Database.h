//===- Database.h - Records, kept ----------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One SQLite file (WAL) that remembers sessions, tasks and records. Every `add` is committed when
// it returns: a process killed with -9 loses nothing it has added. Many processes may read; writers
// take turns, one row at a time, and wait up to `busyTimeout` for each other.
//
// The file has an application id and a schema version. A newer Chameleon reads every older version
// and upgrades the file when it writes; an older one refuses a newer file. What is not a database
// of ours, or is damaged, is refused and left as it is, byte for byte.
//
//   auto database = Database::open("tune.db", Database::Mode::Write);
//   int64_t session = *(*database)->addSession({.command = "...", ...});
//   (*database)->addTask(task);  (*database)->addUse({session, task.key, 4});
//   (*database)->addRecord(record);
//   auto best = (*database)->best({.taskKey = task.key, .targetKey = target.key(), ...});
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_DATABASE_DATABASE_H
#define CHAMELEON_DATABASE_DATABASE_H

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "chameleon/Database/Rows.h"
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace chameleon {

class SqliteConnection;
class Statement;

/// Which records `ranked` and `best` may return. All fields but `schedules` must match exactly.
struct BestQuery {
  std::string taskKey = {}, targetKey = {}, compiler = {};
  std::string numerics = "accurate";
  std::string measureMode = "warm";
  int threads = 1;
  /// (name, hash) of the schedules at hand; records of other schedules or other texts of them are
  /// stale and left out. Empty: any.
  std::vector<std::pair<std::string, std::string>> schedules = {};
};

/// Which records `records` returns; an empty field matches everything.
struct RecordQuery {
  std::string taskKey = {}, targetKey = {}, compiler = {}, scheduleHash = {};
  int64_t session = 0;
};

/// Not for concurrent use; open one per thread.
class Database {
public:
  static constexpr int schemaVersion = 1;

  enum class Mode {
    Read,  // the file must be there; never changes it, and leaves nothing beside it. Sees what a
           // writer commits while it is open; without one, the file as it was when it was opened
    Write, // made if it is not there
  };

  /// Fails with
  ///   NotFound            no such file, or no such folder
  ///   InvalidArgument     not a database of Chameleon
  ///   DataLoss            a damaged one
  ///   FailedPrecondition  its schema version is newer than ours
  ///   PermissionDenied    it cannot be read or written
  ///   Unavailable         another process has held it for longer than `busyTimeout`
  /// and leaves the file as it was in each case.
  static absl::StatusOr<std::unique_ptr<Database>>
  open(const std::string &path, Mode mode, absl::Duration busyTimeout = absl::Seconds(10));
  ~Database();
  Database(const Database &) = delete;
  Database &operator=(const Database &) = delete;

  // Writing. Each call is one transaction; fails with Unavailable as above, PermissionDenied in
  // mode Read, ResourceExhausted if the disk is full.

  /// Returns the session's id. Fills in `uuid` and `started` if they are empty.
  absl::StatusOr<int64_t> addSession(Session session);
  /// Stores the four times of a session; call it at the end, and now and then before.
  absl::Status updateSeconds(const Session &session);
  /// Adds the task, or updates it if the key is there.
  absl::Status addTask(const StoredTask &task);
  /// Session and task must be there.
  absl::Status addUse(const TaskUse &use);
  /// Session and task must be there. Gives the record an id, a sequence number and a time; returns
  /// the id.
  absl::StatusOr<int64_t> addRecord(const Record &record);

  // Reading.

  /// By id.
  absl::StatusOr<std::vector<Session>> sessions() const;
  /// By key.
  absl::StatusOr<std::vector<StoredTask>> tasks() const;
  /// Fails with NotFound if it is not there.
  absl::StatusOr<StoredTask> task(const std::string &key) const;
  /// By session, then task key.
  absl::StatusOr<std::vector<TaskUse>> uses() const;
  /// In the order they were added: for resuming a search and for teaching a cost model.
  absl::StatusOr<std::vector<Record>> records(const RecordQuery &query = {}) const;

  /// The configurations with a valid time, best first, each by its most trusted record: chosen
  /// before rerank before the rest, then the latest. The latest chosen one comes before all that
  /// were not measured faster after it. At most `limit` (0: all). Naive records do not take part.
  absl::StatusOr<std::vector<Record>> ranked(const BestQuery &query, size_t limit = 0) const;
  /// The first of `ranked`; nothing if there is none.
  absl::StatusOr<absl::optional<Record>> best(const BestQuery &query) const;

  /// What is wrong with the file, one line each: damaged pages, dangling references, values that
  /// cannot be. Empty if nothing is. Reads everything.
  absl::StatusOr<std::vector<std::string>> check() const;

  const std::string &path() const { return filePath; }

private:
  friend class Transfer;

  Database(std::string path, std::unique_ptr<SqliteConnection> connection);

  std::string filePath;
  std::unique_ptr<SqliteConnection> connection;
  std::unique_ptr<Statement> insertRecord; // prepared once: it is run for every candidate
};

} // namespace chameleon

#endif // CHAMELEON_DATABASE_DATABASE_H
