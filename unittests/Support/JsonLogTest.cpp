//===- JsonLogTest.cpp - Tests of JsonLog.h ------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/JsonLog.h"

#include "gtest/gtest.h"
#include <fstream>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace chameleon {
namespace {

using nlohmann::json;

std::vector<json> readLines(const std::string &path) {
  std::vector<json> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    lines.push_back(json::parse(line, nullptr, false));
  }
  return lines;
}

TEST(JsonLogTest, OneObjectPerLineAndAppends) {
  const std::string path = testing::TempDir() + "json-log-test-" + std::to_string(getpid());
  for (int session = 0; session < 2; ++session) {
    auto log = JsonLog::open(path);
    ASSERT_TRUE(log.ok()) << log.status();
    ASSERT_TRUE((*log)->write("record", {{"median_ns", 12.5}, {"text", "a\nb"}}).ok());
  }
  const std::vector<json> lines = readLines(path);
  unlink(path.c_str());
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0]["event"], "open");
  EXPECT_EQ(lines[0]["schema_version"], JsonLog::schemaVersion);
  EXPECT_EQ(lines[3]["event"], "record");
  EXPECT_EQ(lines[3]["median_ns"], 12.5);
  EXPECT_EQ(lines[3]["text"], "a\nb");
  EXPECT_GE(lines[3]["seconds"].get<double>(), 0);
  EXPECT_EQ(lines[3]["time"].get<std::string>().back(), 'Z');
}

TEST(JsonLogTest, PathThatCannotBeWritten) {
  absl::Status status = JsonLog::open("/nowhere/log.jsonl").status();
  EXPECT_FALSE(status.ok());
  EXPECT_NE(status.message().find("/nowhere/log.jsonl"), absl::string_view::npos);
}

TEST(JsonLogTest, FullDiskIsAnError) { EXPECT_FALSE(JsonLog::open("/dev/full").ok()); }

} // namespace
} // namespace chameleon
