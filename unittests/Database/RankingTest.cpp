//===- RankingTest.cpp - Tests of Database::ranked and best --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestRows.h"

namespace chameleon {
namespace {

class RankingTest : public testing::Test {
protected:
  RankingTest()
      : database(openForWriting(folder.file("tune.db"))), session(addTwoTasks(*database)) {}

  /// Adds a record of configuration `tile`, a second after the one before.
  void add(double medianNs, const std::string &tile, RecordRole role = RecordRole::Candidate) {
    Record record = makeRecord(session, "aa", medianNs, tile);
    record.role = role;
    record.unixSeconds = ++now;
    ASSERT_TRUE(database->addRecord(record).ok());
  }
  /// Tiles, best first.
  std::string order(const BestQuery &query = makeQuery("aa")) {
    std::string tiles;
    const std::vector<Record> ranked = *database->ranked(query);
    for (const Record &record : ranked) {
      tiles += record.configuration[0].second;
    }
    return tiles;
  }

  TempFolder folder;
  std::unique_ptr<Database> database;
  int64_t session;
  double now = 1e9;
};

TEST_F(RankingTest, NothingIsNoError) {
  add(-1, "a");
  EXPECT_FALSE(database->best(makeQuery("aa"))->has_value());
  EXPECT_FALSE(database->best(makeQuery("nowhere"))->has_value());
}

TEST_F(RankingTest, FastestFirstWithoutFailedAndNaive) {
  add(30, "a");
  add(10, "b");
  add(-1, "c");
  add(1, "n", RecordRole::Naive);
  add(20, "d", RecordRole::Default);
  EXPECT_EQ(order(), "bda");
  EXPECT_EQ((*database->best(makeQuery("aa")))->measurement.medianNs, 10);
  EXPECT_EQ(database->ranked(makeQuery("aa"), 2)->size(), 2u);
}

TEST_F(RankingTest, LaterMeasurementsOfAConfigurationReplaceEarlier) {
  add(10, "a");
  add(20, "b");
  add(30, "a");
  EXPECT_EQ(order(), "ba");
}

TEST_F(RankingTest, RerankedTimesAreTrustedMore) {
  add(10, "a");
  add(11, "b");
  add(14, "a", RecordRole::Rerank);
  add(12, "b", RecordRole::Rerank);
  add(9, "a"); // a later single measurement does not undo the interleaved one
  EXPECT_EQ(order(), "ba");
}

TEST_F(RankingTest, ChosenStaysFirstUntilOvertaken) {
  add(20, "d", RecordRole::Default);
  add(19, "a");
  add(20, "d", RecordRole::Rerank);
  add(19, "a", RecordRole::Rerank);
  add(20, "d", RecordRole::Chosen); // the gain was within the noise
  EXPECT_EQ(order(), "da");
  add(25, "b");
  EXPECT_EQ(order(), "dab");
  add(15, "c");
  EXPECT_EQ(order(), "cdab");
  add(16, "e", RecordRole::Chosen);
  EXPECT_EQ(order(), "ecadb") << "the latest choice counts";
}

TEST_F(RankingTest, OtherCircumstancesDoNotCount) {
  add(10, "a");
  for (auto change : std::vector<std::function<void(BestQuery &)>>{
           [](BestQuery &query) { query.taskKey = "bb"; },
           [](BestQuery &query) { query.targetKey = "haswell"; },
           [](BestQuery &query) { query.compiler = "mlir-23"; },
           [](BestQuery &query) { query.numerics = "strict"; },
           [](BestQuery &query) { query.measureMode = "cold"; },
           [](BestQuery &query) { query.threads = 2; },
           [](BestQuery &query) { query.schedules = {{"cpu_contraction", "other hash"}}; },
           [](BestQuery &query) { query.schedules = {{"other schedule", "0123"}}; }}) {
    BestQuery query = makeQuery("aa");
    change(query);
    EXPECT_EQ(order(query), "");
  }
  BestQuery query = makeQuery("aa");
  query.schedules = {{"x", "y"}, {"cpu_contraction", "0123"}};
  EXPECT_EQ(order(query), "a");
}

} // namespace
} // namespace chameleon
