//===- ExchangeTest.cpp - Tests of Exchange.h ----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Database/Exchange.h"

#include "TestRows.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace chameleon {
namespace {

using nlohmann::json;

json exported(const Database &database) {
  auto document = exportJson(database);
  EXPECT_TRUE(document.ok()) << document.status();
  return json::parse(document->dump());
}

/// The document with everything in an order of its own, and without the mark of import.
json normalized(json document) {
  for (json &record : document["records"]) {
    record["imported"] = false;
  }
  for (const char *table : {"sessions", "tasks", "uses", "records"}) {
    std::sort(document[table].begin(), document[table].end());
  }
  return document;
}

/// Adds a session with records as `times` says (per record, not positive: failed).
void addSessionWith(Database &database, const std::string &uuid, const std::vector<int> &times) {
  const int64_t session = addTwoTasks(database, uuid);
  for (int time : times) {
    EXPECT_TRUE(database.addRecord(makeRecord(session, time % 2 ? "aa" : "bb", time)).ok());
  }
}

TEST(ExchangeTest, ExportAndImportGiveTheSame) {
  TempFolder folder;
  auto source = openForWriting(folder.file("a.db"));
  addSessionWith(*source, "one", {10, -1, 12});
  addSessionWith(*source, "two", {11});
  const json document = exported(*source);
  EXPECT_EQ(document["schema_version"], 1);
  EXPECT_EQ(document["records"][1]["median_ns"], nullptr);
  EXPECT_EQ(document["records"][1]["failure"], "run-crashed");
  EXPECT_EQ(document["sessions"][0]["target_facts"]["cores"], 2);

  auto copy = openForWriting(folder.file("b.db"));
  auto counts = importJson(*copy, document);
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->sessions, 2);
  EXPECT_EQ(counts->tasks, 2);
  EXPECT_EQ(counts->uses, 4);
  EXPECT_EQ(counts->records, 4);
  EXPECT_EQ(normalized(exported(*copy)), normalized(document));
  EXPECT_TRUE(copy->records()->front().imported);
  EXPECT_EQ(importJson(*copy, document)->records, 0);
  EXPECT_TRUE(copy->check()->empty());
}

TEST(ExchangeTest, BadDocumentsNameThePlaceAndAddNothing) {
  TempFolder folder;
  auto source = openForWriting(folder.file("a.db"));
  addSessionWith(*source, "one", {10, 12});
  const json good = exported(*source);
  auto target = openForWriting(folder.file("b.db"));
  auto expectProblem = [&](auto change, const std::string &words) {
    json document = good;
    change(document);
    absl::Status status = importJson(*target, document).status();
    EXPECT_TRUE(absl::StrContains(status.message(), words)) << status;
    EXPECT_TRUE(target->sessions()->empty());
  };
  expectProblem([](json &d) { d = json::array(); }, "expected a JSON object");
  expectProblem([](json &d) { d.erase("schema_version"); }, "schema_version");
  expectProblem([](json &d) { d["schema_version"] = 2; }, "but got 2");
  expectProblem([](json &d) { d.erase("uses"); }, "'uses'");
  expectProblem([](json &d) { d["records"][1] = 7; }, "records[1]: expected an object");
  expectProblem([](json &d) { d["records"][1]["failure"] = "x"; }, "records[1].failure");
  expectProblem([](json &d) { d["records"][1]["median_ns"] = nullptr; }, "records[1].median_ns");
  expectProblem([](json &d) { d["records"][0]["session"] = "?"; }, "records[0].session");
  expectProblem([](json &d) { d["records"][0]["samples"] = 1e300; }, "records[0].samples");
  expectProblem([](json &d) { d["records"][0]["sequence"] = 18446744073709551615u; },
                "records[0].sequence");
  expectProblem([](json &d) { d["records"][0]["configuration"] = {{"mc", 3}}; },
                "records[0].configuration");
  expectProblem([](json &d) { d["sessions"][0].erase("seed"); }, "sessions[0].seed");
  expectProblem([](json &d) { d["tasks"].erase(0); }, "session and task");
}

TEST(ExchangeTest, MergeKeepsWhatIsThere) {
  TempFolder folder;
  auto a = openForWriting(folder.file("a.db")), b = openForWriting(folder.file("b.db"));
  addSessionWith(*a, "one", {10, 12});
  addSessionWith(*b, "two", {9});
  StoredTask renamed = makeTask("aa");
  renamed.name = "theirs";
  ASSERT_TRUE(b->addTask(renamed).ok());
  auto counts = mergeDatabase(*a, *b);
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(counts->sessions, 1);
  EXPECT_EQ(counts->tasks, 0);
  EXPECT_EQ(counts->records, 1);
  EXPECT_EQ(a->task("aa")->name, "conv3x3s1 64x56x56 -> 64");
  const Record best = **a->best(makeQuery("aa"));
  EXPECT_EQ(best.measurement.medianNs, 9);
  EXPECT_TRUE(best.imported);
}

// Merging is a union: merging again, with oneself, or in another order gives the same rows. The
// oracle is the set of records of all sources.
RC_GTEST_PROP(ExchangeProperty, MergeIsAUnion, (std::vector<std::vector<int>> sessions)) {
  const size_t count = std::min<size_t>(sessions.size(), 3);
  TempFolder folder;
  std::vector<std::unique_ptr<Database>> sources;
  size_t records = 0;
  for (size_t i = 0; i < count; ++i) {
    sources.push_back(openForWriting(folder.file(absl::StrCat(i, ".db"))));
    sessions[i].resize(std::min<size_t>(sessions[i].size(), 8));
    addSessionWith(*sources.back(), absl::StrCat("session-", i), sessions[i]);
    records += sessions[i].size();
  }
  auto forward = openForWriting(folder.file("forward.db"));
  auto backward = openForWriting(folder.file("backward.db"));
  for (size_t i = 0; i < count; ++i) {
    RC_ASSERT(mergeDatabase(*forward, *sources[i]).ok());
    RC_ASSERT(mergeDatabase(*backward, *sources[count - 1 - i]).ok());
  }
  RC_ASSERT(forward->records()->size() == records);
  const json once = normalized(exported(*forward));
  RC_ASSERT(normalized(exported(*backward)) == once);
  for (auto &source : sources) {
    RC_ASSERT(mergeDatabase(*forward, *source)->records == 0);
  }
  RC_ASSERT(mergeDatabase(*forward, *backward)->records == 0);
  RC_ASSERT(normalized(exported(*forward)) == once);
}

} // namespace
} // namespace chameleon
