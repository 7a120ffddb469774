//===- RecordedSpaceTest.cpp - Files of recorded spaces -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Database/RecordedSpace.h"
#include "../Search/Landscape.h"
#include "../Search/TestSpaces.h"
#include "chameleon/Search/ValidSampling.h"
#include <cmath>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <tuple>

using namespace chameleon;
using testing::HasSubstr;

namespace {

std::string temporary(const std::string &name) {
  return (std::filesystem::path(testing::TempDir()) / name).string();
}

RecordedSpace recordOf(Space space) {
  RecordedSpace recorded;
  recorded.task = test::matmulTask();
  recorded.target = test::avx512Target();
  recorded.space = std::move(space);
  recorded.compiler = "mlir-22.1.8/chameleon-0.1.0";
  recorded.measureMode = "warm";
  for (Configuration &c : enumerateValid(recorded.space, 50).configurations)
    recorded.configurations.push_back(std::move(c));
  return recorded;
}

RecordedSpace matmulRecord() {
  RecordedSpace recorded = recordOf(test::matmulSpace());
  for (const Configuration &c : recorded.configurations)
    recorded.measurements.push_back(test::timeOnLandscape(recorded.space, c));
  recorded.measurements[3] = Measurement();
  recorded.measurements[3].failure = FailureClass::RunCrashed;
  recorded.measurements[3].medianNs = NAN;
  return recorded;
}

void writeText(const std::string &path, const std::vector<std::string> &lines) {
  std::ofstream file(path);
  for (const std::string &line : lines)
    file << line << '\n';
}

std::vector<std::string> linesOf(const std::string &path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    lines.push_back(line);
  return lines;
}

/// What reading says of `record`'s file after `change` was made to its lines.
std::string problemAfter(const std::function<void(std::vector<std::string> &)> &change) {
  std::string path = temporary("changed.jsonl");
  EXPECT_TRUE(writeRecordedSpace(matmulRecord(), path).ok());
  std::vector<std::string> lines = linesOf(path);
  change(lines);
  writeText(path, lines);
  absl::StatusOr<RecordedSpace> read = readRecordedSpace(path);
  return read.ok() ? "" : std::string(read.status().message());
}

void replaceIn(std::string &text, const std::string &from, const std::string &to) {
  size_t place = text.find(from);
  ASSERT_NE(place, std::string::npos) << from << " is not in " << text.substr(0, 200);
  text.replace(place, from.size(), to);
}

TEST(RecordedSpaceTest, WritesNothingThatCouldNotBeRead) {
  std::string path = temporary("unreadable.jsonl");
  std::filesystem::remove(path);
  RecordedSpace sound = matmulRecord();
  auto messageOf = [&](auto &&change) {
    RecordedSpace recorded = sound;
    change(recorded);
    absl::Status status = writeRecordedSpace(recorded, path);
    EXPECT_FALSE(std::filesystem::exists(path));
    return std::string(status.message());
  };
  EXPECT_THAT(messageOf([](RecordedSpace &r) { r.measurements.pop_back(); }),
              HasSubstr("expected records, each a configuration with a measurement, but got"));
  EXPECT_THAT(messageOf([](RecordedSpace &r) { r.measurements = {}, r.configurations = {}; }),
              HasSubstr("but got 0 and 0 of them"));
  EXPECT_THAT(messageOf([](RecordedSpace &r) { r.measurements[0].medianNs = 0.4; }),
              HasSubstr("1 ns or more and a sample, but got 0.4 ns"));
  EXPECT_THAT(messageOf([](RecordedSpace &r) { r.measurements[0].samples = 0; }),
              HasSubstr("0 samples"));
  sound.measurements[0].madNs = NAN; // null in the file
  ASSERT_TRUE(writeRecordedSpace(sound, path).ok());
  EXPECT_TRUE(std::isnan(readRecordedSpace(path)->measurements[0].madNs));
}

TEST(RecordedSpace, ComesBackAsItWasWritten) {
  RecordedSpace before = matmulRecord();
  std::vector<Knob> knobs(before.space.knobs().begin(), before.space.knobs().end());
  knobs[1].parallel = true;
  before.space = *Space::create(before.space.schedule(), knobs, {});
  before.threads = 4;
  std::string path = temporary("same.jsonl");
  ASSERT_TRUE(writeRecordedSpace(before, path).ok());
  absl::StatusOr<RecordedSpace> after = readRecordedSpace(path);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->configurations, before.configurations);
  EXPECT_EQ(after->task.name, before.task.name);
  EXPECT_EQ(after->task.loops.size(), 3u);
  EXPECT_EQ(after->task.accesses[0].strides, before.task.accesses[0].strides);
  EXPECT_EQ(after->target.key(), before.target.key());
  EXPECT_FALSE(after->complete);
  EXPECT_EQ(after->task.threads, 4);
  EXPECT_FALSE(after->space.knobs()[0].parallel);
  EXPECT_TRUE(after->space.knobs()[1].parallel);
  for (size_t i = 0; i < before.measurements.size(); ++i) {
    EXPECT_EQ(after->measurements[i].failure, before.measurements[i].failure);
    if (before.measurements[i].ok()) {
      EXPECT_NEAR(after->measurements[i].medianNs, before.measurements[i].medianNs, 0.5);
    }
    EXPECT_NEAR(after->measurements[i].buildSeconds, before.measurements[i].buildSeconds, 0.005);
  }
}

TEST(RecordedSpace, TheSpaceHasTheSameRulesAndDefaults) {
  for (const Space &space : {test::matmulSpace(), test::algorithmSpace()}) {
    RecordedSpace before = recordOf(space);
    before.measurements.resize(before.configurations.size());
    for (Measurement &measurement : before.measurements)
      std::tie(measurement.medianNs, measurement.samples) = std::make_pair(1000, 3);
    std::string path = temporary("rules.jsonl");
    ASSERT_TRUE(writeRecordedSpace(before, path).ok());
    absl::StatusOr<RecordedSpace> after = readRecordedSpace(path);
    ASSERT_TRUE(after.ok()) << after.status();
    EXPECT_EQ(after->space.defaultConfiguration(), space.defaultConfiguration());
    EXPECT_EQ(
        std::vector<Configuration>(after->space.otherDefaults().begin(),
                                   after->space.otherDefaults().end()),
        std::vector<Configuration>(space.otherDefaults().begin(), space.otherDefaults().end()));
    test::forEachSetting(space, [&](const Configuration &c) {
      ASSERT_EQ(after->space.isValid(c), space.isValid(c)) << space.print(c);
    });
  }
}

TEST(RecordedSpace, KeepsTheKnobsOfWinogradsAlgorithm) {
  RecordedSpace before = matmulRecord();
  ASSERT_TRUE(before.space.setWinograd({.outputs = 0, .rows = 3, .columns = 4, .steps = 5}).ok());
  std::string path = temporary("winograd.jsonl");
  ASSERT_TRUE(writeRecordedSpace(before, path).ok());
  absl::StatusOr<RecordedSpace> after = readRecordedSpace(path);
  ASSERT_TRUE(after.ok()) << after.status();
  ASSERT_TRUE(after->space.winograd());
  EXPECT_EQ(after->space.winograd()->outputs, 0u);
  EXPECT_EQ(after->space.winograd()->rows, 3u);
  EXPECT_EQ(after->space.winograd()->columns, 4u);
  EXPECT_EQ(after->space.winograd()->steps, 5u);
  EXPECT_FALSE(after->space.winograd()->chunk);

  ASSERT_TRUE(before.space.setWinograd({0, 3, 4, 5, 2}).ok());
  ASSERT_TRUE(writeRecordedSpace(before, path).ok());
  after = readRecordedSpace(path);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->space.winograd()->chunk, 2u);
}

/// What reading says of a file with `member` in place of "winograd":null.
std::string problemWithWinograd(const std::string &member) {
  return problemAfter([&](auto &lines) { replaceIn(lines[0], ",\"winograd\":null", member); });
}

TEST(RecordedSpace, ReadsAndChecksTheKnobsOfWinogradsAlgorithm) {
  EXPECT_EQ(problemWithWinograd(""), ""); // files of earlier versions
  EXPECT_THAT(problemWithWinograd(",\"winograd\":3"), HasSubstr("space.winograd: expected"));
  EXPECT_THAT(
      problemWithWinograd(R"(,"winograd":{"outputs":0,"rows":8,"columns":1,"steps":2})"),
      HasSubstr("expected the knobs of Winograd's algorithm to be numbers among the 8 knobs"));
  EXPECT_THAT(problemWithWinograd(R"(,"winograd":{"outputs":6,"rows":0,"columns":1,"steps":2})"),
              HasSubstr("but got knob 6")); // a choice
}

TEST(RecordedSpace, RefusesWhatIsNotAsExpected) {
  EXPECT_THAT(problemAfter([](auto &lines) { replaceIn(lines[0], "recorded-space", "tuning"); }),
              HasSubstr(":1: header.format: expected \"chameleon-recorded-space\""));
  EXPECT_THAT(problemAfter([](auto &lines) {
                replaceIn(lines[0], "\"schema_version\":1", "\"schema_version\":2");
              }),
              HasSubstr("expected 1, the only version"));
  EXPECT_THAT(
      problemAfter([](auto &lines) { replaceIn(lines[0], "\"op\":\"mod\"", "\"op\":\"pow\""); }),
      HasSubstr("got 'pow'"));
  EXPECT_THAT(problemAfter([](auto &lines) {
                replaceIn(lines[0], "\"vector_registers\":32", "\"vector_registers\":0");
              }),
              HasSubstr("target.vector_registers: expected a positive number, but got 0"));
  EXPECT_THAT(problemAfter([](auto &lines) {
                replaceIn(lines[0], "\"default\":[3", "\"default\":[4294967296");
              }),
              HasSubstr("space.default: expected positions of values"));
  EXPECT_THAT(problemAfter([](auto &lines) { lines[2] = lines[1]; }),
              HasSubstr(":3: expected each configuration once"));
  EXPECT_THAT(problemAfter([](auto &lines) { replaceIn(lines[2], "[[0,", "[[99,"); }),
              HasSubstr(":3: expected the position of a value for each knob"));
  EXPECT_THAT(problemAfter([](auto &lines) { replaceIn(lines[1], "\"ok\"", "\"fine\""); }),
              HasSubstr("expected one of ok"));
  EXPECT_THAT(problemAfter([](auto &lines) { lines[1] = "[["; }),
              HasSubstr(":2: expected a line of JSON"));
  EXPECT_THAT(problemAfter([](auto &lines) {
                lines[4].replace(lines[4].find("\"run-crashed\""), 13, "\"ok\"");
              }),
              HasSubstr("expected a positive time of a success, but got null"));
  EXPECT_THAT(problemAfter([](auto &lines) { lines.resize(1); }), HasSubstr("it has no record"));
  EXPECT_THAT(problemAfter([](auto &lines) { lines.pop_back(); }),
              HasSubstr("expected 50 records, but got 49; the file is cut off"));
  EXPECT_THAT(problemAfter([](auto &lines) { replaceIn(lines[1], ",5,0.1,", ",0,0.1,"); }),
              HasSubstr("expected a number of samples, 1 or more of a success, but got 0"));
  EXPECT_THAT(problemAfter([](auto &lines) { replaceIn(lines[1], ",5,0.1,", ",5,-0.1,"); }),
              HasSubstr("expected seconds from 0 on"));
}

TEST(RecordedSpace, SaysWhatCannotBeReadOrWritten) {
  EXPECT_THAT(readRecordedSpace("/no/such.jsonl").status().message(),
              HasSubstr("expected a recorded space, but '/no/such.jsonl' cannot be read"));
  EXPECT_THAT(writeRecordedSpace(matmulRecord(), "/no/such.jsonl").message(),
              HasSubstr("expected to write '/no/such.jsonl', but could not"));
}

} // namespace
