//===- TestRows.h - Rows for tests of Database ---------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_UNITTESTS_DATABASE_TESTROWS_H
#define CHAMELEON_UNITTESTS_DATABASE_TESTROWS_H

#include "chameleon/Database/Database.h"
#include "gtest/gtest.h"
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace chameleon {

/// A folder that goes away with the test; in memory where that is possible, since tests sync a lot.
class TempFolder {
public:
  TempFolder() {
    const std::string memory = "/dev/shm/";
    const std::string base = std::filesystem::exists(memory) ? memory : testing::TempDir();
    std::string pattern = base + "chameleon-database-XXXXXX";
    path = mkdtemp(pattern.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path); }
  std::string file(const std::string &name) const { return path + "/" + name; }
  /// Names of the files in it, sorted.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto &entry : std::filesystem::directory_iterator(path)) {
      names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

private:
  std::string path;
};

inline std::string readFile(const std::string &path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

inline void writeFile(const std::string &path, const std::string &text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline std::unique_ptr<Database> openForWriting(const std::string &path) {
  auto database = Database::open(path, Database::Mode::Write);
  EXPECT_TRUE(database.ok()) << database.status();
  return *std::move(database);
}

inline Session makeSession(const std::string &uuid = "") {
  Session session;
  session.uuid = uuid;
  session.command = "chameleon-opt resnet18.mlir --auto-tune";
  session.seed = 0xffffffffffffffffu;
  session.compiler = "mlir-22.1.8";
  session.targetKey = "znver4/avx512";
  session.targetFacts = R"({"cores":2})";
  return session;
}

inline StoredTask makeTask(const std::string &key) {
  StoredTask task;
  task.key = key;
  task.name = "conv3x3s1 64x56x56 -> 64";
  task.kind = "conv_2d";
  task.flops = 231211008;
  task.ir = "module {\n}\n";
  return task;
}

/// A candidate that took `medianNs`; a failed one if that is not positive.
inline Record makeRecord(int64_t session, const std::string &task, double medianNs,
                         const std::string &tile = "64") {
  Record record;
  record.session = session;
  record.taskKey = task;
  record.targetKey = "znver4/avx512";
  record.compiler = "mlir-22.1.8";
  record.schedule = "cpu_contraction";
  record.scheduleHash = "0123";
  record.configuration = {{"mc", tile}, {"order", "mnk"}};
  record.measurement.medianNs = medianNs;
  record.measurement.madNs = medianNs / 100;
  record.measurement.samples = 12;
  record.measurement.relativeError = 1e-7;
  record.measurement.buildSeconds = 0.1;
  record.measurement.runSeconds = 0.05;
  if (!(medianNs > 0)) {
    record.measurement.failure = FailureClass::RunCrashed;
    record.measurement.samples = 0;
    record.measurement.message = "SIGSEGV";
  }
  return record;
}

inline BestQuery makeQuery(const std::string &task) {
  BestQuery query;
  query.taskKey = task;
  query.targetKey = "znver4/avx512";
  query.compiler = "mlir-22.1.8";
  return query;
}

/// A database with one session that uses task "aa" four times and "bb" once, and no records.
inline int64_t addTwoTasks(Database &database, const std::string &uuid = "") {
  const int64_t session = *database.addSession(makeSession(uuid));
  EXPECT_TRUE(database.addTask(makeTask("aa")).ok());
  EXPECT_TRUE(database.addTask(makeTask("bb")).ok());
  EXPECT_TRUE(database.addUse({session, "aa", 4}).ok());
  EXPECT_TRUE(database.addUse({session, "bb", 1}).ok());
  return session;
}

} // namespace chameleon

#endif // CHAMELEON_UNITTESTS_DATABASE_TESTROWS_H
