//===- RefusalTest.cpp - Files that Database refuses ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestRows.h"
#include "absl/strings/match.h"
#include <sqlite3.h>

namespace chameleon {
namespace {

/// Opening in either mode fails with `code`, says `words`, and leaves the folder as it was.
void expectRefused(const TempFolder &folder, const std::string &path, absl::StatusCode code,
                   const std::string &words) {
  const std::string before = readFile(path);
  const std::vector<std::string> names = folder.names();
  for (Database::Mode mode : {Database::Mode::Write, Database::Mode::Read}) {
    absl::Status status = Database::open(path, mode).status();
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), words)) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), path)) << status;
  }
  EXPECT_EQ(readFile(path), before);
  EXPECT_EQ(folder.names(), names);
}

void executeSql(const std::string &path, const char *sql) {
  sqlite3 *handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(handle);
}

std::string makeDatabase(const TempFolder &folder, int records) {
  const std::string path = folder.file("tune.db");
  auto database = openForWriting(path);
  const int64_t session = addTwoTasks(*database);
  for (int i = 0; i < records; ++i) {
    EXPECT_TRUE(database->addRecord(makeRecord(session, "aa", 10 + i)).ok());
  }
  return path;
}

TEST(RefusalTest, OtherFiles) {
  TempFolder folder;
  const std::string path = folder.file("model.mlir");
  writeFile(path, "module {}\n");
  expectRefused(folder, path, absl::StatusCode::kInvalidArgument, "no SQLite file");
}

TEST(RefusalTest, OtherDatabases) {
  TempFolder folder;
  const std::string path = folder.file("photos.db");
  executeSql(path, "CREATE TABLE photos(name)");
  expectRefused(folder, path, absl::StatusCode::kInvalidArgument, "another SQLite file");
}

TEST(RefusalTest, NewerSchema) {
  TempFolder folder;
  const std::string path = makeDatabase(folder, 1);
  executeSql(path, "PRAGMA user_version = 999");
  expectRefused(folder, path, absl::StatusCode::kFailedPrecondition, "version 999");
}

TEST(RefusalTest, Folders) {
  TempFolder folder;
  absl::Status status = Database::open(folder.file("."), Database::Mode::Write).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
}

TEST(RefusalTest, FolderThatIsNotThere) {
  absl::Status status = Database::open("/nowhere/tune.db", Database::Mode::Write).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "/nowhere/tune.db"));
}

TEST(RefusalTest, ReadingNeedsAFile) {
  TempFolder folder;
  const std::string path = folder.file("tune.db");
  EXPECT_EQ(Database::open(path, Database::Mode::Read).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_TRUE(folder.names().empty());
  writeFile(path, "");
  EXPECT_EQ(Database::open(path, Database::Mode::Read).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_TRUE(Database::open(path, Database::Mode::Write).ok()) << "an empty file is a new one";
}

// Any damage is either refused with the file left as it was, or harmless: then every record is
// either read or reported. Nothing crashes.
TEST(RefusalTest, DamagedPagesAreNotWritten) {
  TempFolder source;
  const std::string sound = readFile(makeDatabase(source, 200));
  ASSERT_GT(sound.size(), 20000u);
  int refused = 0;
  for (size_t at = 4096; at + 512 < sound.size(); at += 3000) {
    TempFolder folder;
    const std::string path = folder.file("tune.db");
    std::string damaged = sound;
    damaged.replace(at, 512, std::string(512, '\x5a'));
    writeFile(path, damaged);
    auto database = Database::open(path, Database::Mode::Write);
    if (!database.ok()) {
      ++refused;
      EXPECT_EQ(database.status().code(), absl::StatusCode::kDataLoss) << database.status();
      EXPECT_TRUE(absl::StrContains(database.status().message(), "left as it is"));
      EXPECT_EQ(readFile(path), damaged);
    }
    auto reader = Database::open(path, Database::Mode::Read);
    if (reader.ok()) {
      (void)(*reader)->records();
      (void)(*reader)->check();
    }
  }
  EXPECT_GT(refused, 0);
}

TEST(RefusalTest, TruncatedFiles) {
  TempFolder source;
  const std::string sound = readFile(makeDatabase(source, 200));
  for (size_t size : {size_t{20}, size_t{100}, size_t{5000}, sound.size() - 5000}) {
    TempFolder folder;
    const std::string path = folder.file("tune.db");
    writeFile(path, sound.substr(0, size));
    const std::string before = readFile(path);
    EXPECT_FALSE(Database::open(path, Database::Mode::Write).ok()) << size;
    EXPECT_EQ(readFile(path), before);
  }
}

TEST(RefusalTest, CheckNamesValuesThatCannotBe) {
  TempFolder folder;
  const std::string path = makeDatabase(folder, 3);
  executeSql(path, "UPDATE records SET failure = 'eaten-by-dog' WHERE id = 2;"
                   "UPDATE records SET configuration = '[1]' WHERE id = 3;"
                   "DELETE FROM tasks WHERE key = 'bb'");
  auto database = Database::open(path, Database::Mode::Read);
  ASSERT_TRUE(database.ok()) << database.status();
  const std::vector<std::string> problems = *(*database)->check();
  ASSERT_EQ(problems.size(), 3u);
  EXPECT_TRUE(absl::StrContains(problems[0], "uses"));
  EXPECT_TRUE(absl::StrContains(problems[1], "record 2"));
  EXPECT_TRUE(absl::StrContains(problems[1], "eaten-by-dog"));
  EXPECT_TRUE(absl::StrContains(problems[2], "record 3"));
  EXPECT_FALSE((*database)->records().ok());
}

TEST(RefusalTest, LockedForLongSaysSo) {
  TempFolder folder;
  const std::string path = makeDatabase(folder, 1);
  sqlite3 *handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(handle, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  auto database = Database::open(path, Database::Mode::Write, absl::Milliseconds(50));
  ASSERT_TRUE(database.ok()) << database.status();
  absl::Status status = (*database)->addTask(makeTask("cc"));
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(absl::StrContains(status.message(), "another process")) << status;
  EXPECT_EQ((*database)->records()->size(), 1u) << "reading goes on";
  sqlite3_close(handle);
  EXPECT_TRUE((*database)->addTask(makeTask("cc")).ok());
}

} // namespace
} // namespace chameleon
