//===- DatabaseTest.cpp - Tests of Database.h ----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Database/Database.h"

#include "TestRows.h"
#include <cmath>
#include <csignal>
#include <sys/wait.h>

namespace chameleon {
namespace {

TEST(DatabaseTest, WhatIsAddedComesBack) {
  TempFolder folder;
  const std::string path = folder.file("tune.db");
  {
    auto database = openForWriting(path);
    const int64_t session = addTwoTasks(*database);
    ASSERT_TRUE(database->addRecord(makeRecord(session, "aa", 1000)).ok());
    ASSERT_TRUE(database->addRecord(makeRecord(session, "aa", -1)).ok());
    Session ended = database->sessions()->front();
    ended.wallSeconds = 120;
    ended.searchSeconds = 3;
    ASSERT_TRUE(database->updateSeconds(ended).ok());
  }
  auto database = Database::open(path, Database::Mode::Read);
  ASSERT_TRUE(database.ok()) << database.status();
  const Session session = (*database)->sessions()->front();
  EXPECT_EQ(session.seed, 0xffffffffffffffffu);
  EXPECT_EQ(session.uuid.size(), 32u);
  EXPECT_EQ(session.started.back(), 'Z');
  EXPECT_EQ(session.wallSeconds, 120);
  EXPECT_EQ(session.searchSeconds, 3);
  EXPECT_EQ((*database)->task("bb")->flops, 231211008);
  EXPECT_EQ((*database)->task("cc").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ((*database)->uses()->at(0).weight, 4);
  const std::vector<Record> records = *(*database)->records();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].sequence, 1);
  EXPECT_EQ(records[0].configuration, (ConfigurationPairs{{"mc", "64"}, {"order", "mnk"}}));
  EXPECT_EQ(records[0].measurement.medianNs, 1000);
  EXPECT_GT(records[0].unixSeconds, 1.6e9);
  EXPECT_EQ(records[1].sequence, 2);
  EXPECT_EQ(records[1].measurement.failure, FailureClass::RunCrashed);
  EXPECT_EQ(records[1].measurement.message, "SIGSEGV");
  EXPECT_TRUE(std::isnan(records[1].measurement.medianNs));
  EXPECT_TRUE((*database)->check()->empty());
}

TEST(DatabaseTest, QueriesFilter) {
  TempFolder folder;
  auto database = openForWriting(folder.file("tune.db"));
  const int64_t first = addTwoTasks(*database);
  const int64_t second = *database->addSession(makeSession());
  ASSERT_TRUE(database->addRecord(makeRecord(first, "aa", 10)).ok());
  ASSERT_TRUE(database->addRecord(makeRecord(second, "aa", 11)).ok());
  ASSERT_TRUE(database->addRecord(makeRecord(second, "bb", 12)).ok());
  EXPECT_EQ(database->records()->size(), 3u);
  EXPECT_EQ(database->records({.taskKey = "aa"})->size(), 2u);
  EXPECT_EQ(database->records({.taskKey = "aa", .session = second})->size(), 1u);
  EXPECT_EQ(database->records({.targetKey = "other"})->size(), 0u);
  EXPECT_EQ(database->records({.compiler = "mlir-22.1.8", .scheduleHash = "0123"})->size(), 3u);
}

TEST(DatabaseTest, RecordsNeedTheirSessionAndTask) {
  TempFolder folder;
  auto database = openForWriting(folder.file("tune.db"));
  const int64_t session = addTwoTasks(*database);
  EXPECT_EQ(database->addRecord(makeRecord(session, "nowhere", 1)).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(database->addRecord(makeRecord(session + 1, "aa", 1)).ok());
  EXPECT_FALSE(database->updateSeconds({.id = 99}).ok());
  // The prepared statement is still good.
  EXPECT_TRUE(database->addRecord(makeRecord(session, "aa", 1)).ok());
}

TEST(DatabaseTest, TasksAreUpdatedUnderTheirRecords) {
  TempFolder folder;
  auto database = openForWriting(folder.file("tune.db"));
  const int64_t session = addTwoTasks(*database);
  ASSERT_TRUE(database->addRecord(makeRecord(session, "aa", 1)).ok());
  StoredTask renamed = makeTask("aa");
  renamed.name = "another";
  EXPECT_TRUE(database->addTask(renamed).ok());
  EXPECT_EQ(database->task("aa")->name, "another");
  EXPECT_EQ(database->records()->size(), 1u);
}

TEST(DatabaseTest, ReadersSeeEachCommit) {
  TempFolder folder;
  auto writer = openForWriting(folder.file("tune.db"));
  const int64_t session = addTwoTasks(*writer);
  auto reader = *Database::open(folder.file("tune.db"), Database::Mode::Read);
  for (size_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(writer->addRecord(makeRecord(session, "aa", 10)).ok());
    EXPECT_EQ(reader->records()->size(), i);
  }
  EXPECT_EQ(reader->addRecord(makeRecord(session, "aa", 10)).status().code(),
            absl::StatusCode::kPermissionDenied);
}

TEST(DatabaseTest, ReadingLeavesNoTrace) {
  TempFolder folder;
  const std::string path = folder.file("tune.db");
  addTwoTasks(*openForWriting(path));
  const std::string before = readFile(path);
  EXPECT_EQ((*Database::open(path, Database::Mode::Read))->tasks()->size(), 2u);
  EXPECT_EQ(readFile(path), before);
  EXPECT_EQ(folder.names(), std::vector<std::string>{"tune.db"});
}

TEST(DatabaseTest, WritersTakeTurns) {
  TempFolder folder;
  const std::string path = folder.file("tune.db");
  auto first = openForWriting(path);
  auto second = openForWriting(path);
  const int64_t a = addTwoTasks(*first), b = addTwoTasks(*second);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(first->addRecord(makeRecord(a, "aa", 10)).ok());
    ASSERT_TRUE(second->addRecord(makeRecord(b, "aa", 10)).ok());
  }
  EXPECT_EQ(first->records({.session = b})->back().sequence, 20);
}

TEST(DatabaseTest, ProcessesThatCreateItAtOnceShareIt) {
  TempFolder folder;
  const std::string path = folder.file("tune.db");
  constexpr int processes = 8, rows = 25;
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    children.push_back(fork());
    if (children.back() == 0) {
      auto database = Database::open(path, Database::Mode::Write);
      bool ok = database.ok();
      EXPECT_TRUE(ok) << database.status();
      const int64_t session = ok ? addTwoTasks(**database) : 0;
      for (int row = 0; ok && row < rows; ++row) {
        ok = (*database)->addRecord(makeRecord(session, "aa", 10)).ok();
      }
      _exit(ok ? 0 : 1);
    }
  }
  for (pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  auto database = Database::open(path, Database::Mode::Read);
  ASSERT_TRUE(database.ok());
  EXPECT_EQ((*database)->records()->size(), size_t{processes * rows});
  EXPECT_TRUE((*database)->check()->empty());
}

// A session killed with -9 loses at most the candidate in flight: everything whose `add` returned
// is there, and the file needs no repair.
TEST(DatabaseTest, KilledWriterLosesNothingItAdded) {
  for (int round = 0; round < 5; ++round) {
    TempFolder folder;
    const std::string path = folder.file("tune.db");
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t writer = fork();
    if (writer == 0) {
      auto database = openForWriting(path);
      const int64_t session = addTwoTasks(*database);
      while (database->addRecord(makeRecord(session, "aa", 10)).ok() &&
             write(ends[1], "x", 1) == 1) {
      }
      _exit(1);
    }
    close(ends[1]);
    size_t added = 0;
    char bytes[64];
    while (added < 100u * static_cast<size_t>(round + 1)) {
      added += static_cast<size_t>(std::max<ssize_t>(0, read(ends[0], bytes, sizeof(bytes))));
    }
    kill(writer, SIGKILL);
    waitpid(writer, nullptr, 0);
    for (ssize_t count; (count = read(ends[0], bytes, sizeof(bytes))) > 0;) {
      added += static_cast<size_t>(count);
    }
    close(ends[0]);
    auto database = openForWriting(path);
    const size_t kept = database->records()->size();
    EXPECT_GE(kept, added);
    EXPECT_LE(kept, added + 1);
    EXPECT_TRUE(database->check()->empty());
  }
}

} // namespace
} // namespace chameleon
