//===- SummaryTest.cpp - Tests of Summary.h ------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Database/Summary.h"

#include "TestRows.h"
#include <cmath>
#include <nlohmann/json.hpp>

namespace chameleon {
namespace {

using nlohmann::ordered_json;

class SummaryTest : public testing::Test {
protected:
  SummaryTest() : database(openForWriting(folder.file("tune.db"))) {
    Session first = makeSession("one");
    first.started = "2026-01-02T03:04:05Z";
    session = *database->addSession(first);
    EXPECT_TRUE(database->addTask(makeTask("aa")).ok());
    EXPECT_TRUE(database->addTask(makeTask("bb")).ok());
    EXPECT_TRUE(database->addUse({session, "aa", 4}).ok());
  }
  void add(double medianNs, const std::string &tile, RecordRole role = RecordRole::Candidate) {
    Record record = makeRecord(session, "aa", medianNs, tile);
    record.role = role;
    record.unixSeconds = 1767323045 + ++added; // `started` and a second per record
    ASSERT_TRUE(database->addRecord(record).ok());
  }

  TempFolder folder;
  std::unique_ptr<Database> database;
  int64_t session = 0;
  int added = 0;
};

TEST_F(SummaryTest, NumbersOfATask) {
  add(1000, "", RecordRole::Naive);
  add(100, "d", RecordRole::Default);
  add(50, "a");
  add(-1, "b");
  add(60, "a", RecordRole::Rerank);
  add(110, "d", RecordRole::Rerank);
  const Summary summary = *summarize(*database);
  ASSERT_EQ(summary.tasks.size(), 2u);
  const TaskSummary &task = summary.tasks[0];
  EXPECT_EQ(task.task.key, "aa");
  EXPECT_EQ(task.weight, 4);
  EXPECT_EQ(task.tried, 3);
  EXPECT_EQ(task.failed, 1);
  EXPECT_EQ(task.naiveNs, 1000);
  EXPECT_EQ(task.defaultNs, 110);
  EXPECT_EQ(task.best->measurement.medianNs, 60);
  EXPECT_EQ(summary.tasks[1].tried, 0) << "not reached, but listed";
  EXPECT_FALSE(summary.tasks[1].best);
}

TEST_F(SummaryTest, TheBestIsWhatASessionChose) {
  add(50, "a");
  add(51, "b");
  add(49, "a", RecordRole::Rerank);
  EXPECT_EQ(summarize(*database)->tasks[0].best->configuration,
            makeRecord(session, "aa", 1, "a").configuration);
  add(51, "b", RecordRole::Chosen);
  add(48, "c"); // faster, within noise, and not compared
  EXPECT_EQ(summarize(*database)->tasks[0].best->configuration,
            makeRecord(session, "aa", 1, "b").configuration);
  add(47, "c", RecordRole::Chosen);
  add(46, "a");
  EXPECT_EQ(summarize(*database)->tasks[0].best->configuration,
            makeRecord(session, "aa", 1, "c").configuration);
  EXPECT_EQ(summarize(*database)->tasks[0].best->measurement.medianNs, 47);
}

TEST_F(SummaryTest, AKilledSessionHasTheTimesOfItsRecords) {
  for (int i = 0; i < 10; ++i) {
    add(10, "a");
  }
  const Summary summary = *summarize(*database);
  EXPECT_EQ(summary.sessions[0].session.wallSeconds, 10);
  EXPECT_EQ(summary.sessions[0].records, 10);
  EXPECT_DOUBLE_EQ(summary.buildSeconds, 1);
  EXPECT_DOUBLE_EQ(summary.runSeconds, 0.5);
  EXPECT_DOUBLE_EQ(summary.candidatesPerSecond, 1);
}

TEST_F(SummaryTest, ASessionThatEndedHasItsOwn) {
  add(10, "a");
  Session ended;
  ended.id = session;
  ended.wallSeconds = 20;
  ended.searchSeconds = 2;
  ended.buildSeconds = 5;
  ended.runSeconds = 3;
  ASSERT_TRUE(database->updateSeconds(ended).ok());
  const Summary summary = *summarize(*database);
  EXPECT_DOUBLE_EQ(summary.searchSeconds, 2);
  EXPECT_DOUBLE_EQ(summary.buildSeconds, 5);
  EXPECT_DOUBLE_EQ(summary.candidatesPerSecond, 0.05);
}

TEST_F(SummaryTest, OtherCircumstancesAreOtherLines) {
  add(10, "a");
  Record fast = makeRecord(session, "aa", 5, "a");
  fast.numerics = "fast";
  ASSERT_TRUE(database->addRecord(fast).ok());
  const Summary summary = *summarize(*database);
  ASSERT_EQ(summary.tasks.size(), 3u);
  EXPECT_EQ(summary.tasks[0].best->measurement.medianNs, 10);
  EXPECT_EQ(summary.tasks[1].best->measurement.medianNs, 5);
  EXPECT_EQ(summary.tasks[1].numerics, "fast");
}

TEST_F(SummaryTest, Json) {
  add(100, "d", RecordRole::Default);
  add(50, "a");
  add(-1, "b");
  const ordered_json json = summaryToJson(*summarize(*database));
  EXPECT_EQ(json["schema_version"], 1);
  EXPECT_EQ(json["records"], 3);
  EXPECT_EQ(json["failures"].size(), 9u);
  EXPECT_EQ(json["failures"]["run-crashed"], 1);
  EXPECT_EQ(json["failures"]["wrong-result"], 0);
  EXPECT_TRUE(json["seconds"]["search"].is_number());
  const ordered_json &task = json["tasks"][0];
  EXPECT_EQ(task["best_ns"], 50);
  EXPECT_EQ(task["default_ns"], 100);
  EXPECT_TRUE(task["naive_ns"].is_null());
  EXPECT_EQ(task["best_configuration"]["mc"], "a");
  EXPECT_TRUE(json["tasks"][1]["best_ns"].is_null());
}

TEST_F(SummaryTest, AnEmptyDatabaseHasNoRate) {
  const Summary summary = *summarize(*database);
  EXPECT_TRUE(std::isnan(summary.candidatesPerSecond));
  EXPECT_TRUE(summaryToJson(summary)["candidates_per_second"].is_null());
}

} // namespace
} // namespace chameleon
