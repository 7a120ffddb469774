//===- Exchange.cpp - Databases as JSON, and into each other -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Database/Exchange.h"

#include "Contents.h"
#include "RowCodec.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Database/Database.h"
#include <map>
#include <nlohmann/json.hpp>

namespace chameleon {

/// Adds contents to a database in one transaction, leaving out what is there.
class Transfer {
public:
  explicit Transfer(Database &database) : connection(*database.connection) {}

  absl::StatusOr<TransferCounts> run(const Contents &contents) {
    Transaction transaction(connection);
    absl::Status status = transaction.begin();
    if (status.ok()) {
      status = addSessions(contents.sessions);
    }
    if (status.ok()) {
      status = addTasks(contents.tasks);
    }
    if (status.ok()) {
      status = addUses(contents.uses);
    }
    if (status.ok()) {
      status = addRecords(contents.records);
    }
    if (status.ok()) {
      status = transaction.commit();
    }
    if (!status.ok()) {
      return status;
    }
    return counts;
  }

private:
  /// Runs "INSERT OR IGNORE `into`" for each row; `bind` binds it. Counts what was new.
  template <typename Row, typename Bind>
  absl::Status addRows(const std::vector<Row> &rows, const char *into, int64_t &count, Bind bind) {
    auto statement = connection.prepare(absl::StrCat("INSERT OR IGNORE ", into).c_str());
    if (!statement.ok()) {
      return statement.status();
    }
    for (const Row &row : rows) {
      bind(**statement, row);
      if (absl::Status status = (*statement)->run(); !status.ok()) {
        return status;
      }
      count += connection.changes();
    }
    return absl::OkStatus();
  }

  absl::Status addSessions(const std::vector<Session> &sessions) {
    absl::Status status = addRows(sessions, sessionInsert, counts.sessions, bindSession);
    if (!status.ok()) {
      return status;
    }
    auto find = connection.prepare("SELECT id FROM sessions WHERE uuid = ?");
    if (!find.ok()) {
      return find.status();
    }
    for (const Session &session : sessions) {
      (*find)->bind(session.uuid);
      absl::StatusOr<bool> row = (*find)->step();
      if (!row.ok()) {
        return row.status();
      }
      ids[session.id] = (*find)->integer(0);
      if (absl::Status done = (*find)->run(); !done.ok()) {
        return done;
      }
    }
    return absl::OkStatus();
  }

  absl::Status addTasks(const std::vector<StoredTask> &tasks) {
    return addRows(tasks, taskInsert, counts.tasks, bindTask);
  }

  absl::Status addUses(const std::vector<TaskUse> &uses) {
    return addRows(uses, useInsert, counts.uses, [&](Statement &statement, TaskUse use) {
      use.session = ids[use.session];
      bindUse(statement, use);
    });
  }

  absl::Status addRecords(const std::vector<Record> &records) {
    return addRows(records, recordInsert, counts.records, [&](Statement &statement, Record record) {
      record.session = ids[record.session];
      record.imported = true;
      bindRecord(statement, record);
    });
  }

  SqliteConnection &connection;
  std::map<int64_t, int64_t> ids; // from the source's session numbers to ours
  TransferCounts counts;
};

absl::StatusOr<Contents> readContents(const Database &database) {
  auto sessions = database.sessions();
  auto tasks = database.tasks();
  auto uses = database.uses();
  auto records = database.records();
  for (const absl::Status &status :
       {sessions.status(), tasks.status(), uses.status(), records.status()}) {
    if (!status.ok()) {
      return status;
    }
  }
  return Contents{*std::move(sessions), *std::move(tasks), *std::move(uses), *std::move(records)};
}

absl::StatusOr<nlohmann::ordered_json> exportJson(const Database &database) {
  absl::StatusOr<Contents> contents = readContents(database);
  if (!contents.ok()) {
    return contents.status();
  }
  return contentsToJson(*contents);
}

absl::StatusOr<TransferCounts> importJson(Database &database, const nlohmann::json &document) {
  absl::StatusOr<Contents> contents = contentsFromJson(document);
  if (!contents.ok()) {
    return contents.status();
  }
  return Transfer(database).run(*contents);
}

absl::StatusOr<TransferCounts> mergeDatabase(Database &database, const Database &other) {
  absl::StatusOr<Contents> contents = readContents(other);
  if (!contents.ok()) {
    return contents.status();
  }
  return Transfer(database).run(*contents);
}

} // namespace chameleon
