//===- Rows.h - What a database holds ------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   Session      one run of the tuner, with the machine and the compiler it ran on
//   StoredTask   one computation, by key: its IR, so that a record can be checked again
//   TaskUse      how often a session's model calls a task
//   Record       what became of one candidate of one task in one session
//
// Numbers that are not known are NaN here, NULL in the file and null in JSON.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_DATABASE_ROWS_H
#define CHAMELEON_DATABASE_ROWS_H

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "chameleon/Search/Measurer.h"
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace chameleon {

/// Knob names and values as text, in the order of the space (Space::toPairs, Space::parse).
using ConfigurationPairs = std::vector<std::pair<std::string, std::string>>;

struct Session {
  int64_t id = 0;           // number within one file, given by Database::addSession
  std::string uuid = {};    // the same in every file it is merged into; made up if empty
  std::string started = {}; // RFC 3339, UTC; now if empty
  std::string command = {}; // the command line, for people
  uint64_t seed = 0;
  std::string compiler = {};      // "mlir-22.1.8/chameleon-0.1.0": what else times depend on
  std::string targetKey = {};     // TargetInfo::key
  std::string targetFacts = "{}"; // JSON object with what the key abbreviates
  double wallSeconds = 0;         // 0 until the session ends well
  double searchSeconds = 0;       // choosing candidates
  double buildSeconds = 0;        // over all workers, so the parts may exceed the wall time
  double runSeconds = 0;
};

struct StoredTask {
  std::string key; // SHA-256, hex
  int keyVersion = 1;
  std::string name; // for people
  std::string kind; // as in TaskInfo
  double flops = 0;
  std::string ir;           // generic form of the task function
  std::string facts = "{}"; // JSON object: what is known of the reference, say its error in f32
};

struct TaskUse {
  int64_t session = 0;
  std::string taskKey;
  double weight = 1;
};

enum class RecordRole {
  Candidate, // proposed by the search
  Default,   // the analytic model's first choice, candidate 0
  Naive,     // the plain loop nest; has no schedule
  Rerank,    // measured again at the end, interleaved with its rivals
  Chosen,    // the outcome of a session for the task, with the numbers it was chosen by
};
/// "candidate", "default", "naive", "rerank", "chosen".
absl::string_view recordRoleName(RecordRole role);
/// Fails with the list of names.
absl::StatusOr<RecordRole> parseRecordRole(absl::string_view name);

struct Record {
  int64_t id = 0;       // number within one file, ascending in time; given by Database::addRecord
  int64_t session = 0;  // Session::id
  int64_t sequence = 0; // 1, 2, ... within the session; given by Database::addRecord
  std::string taskKey, targetKey, compiler;
  std::string schedule;     // name of the sequence
  std::string scheduleHash; // of its text: a configuration of another text is stale
  ConfigurationPairs configuration;
  Measurement measurement;
  std::string numerics = "accurate"; // strict, accurate, fast
  std::string measureMode = "warm";  // warm, cold
  int threads = 1;
  RecordRole role = RecordRole::Candidate;
  double unixSeconds = 0; // when it was measured; now if 0
  bool imported = false;  // from another file: to be verified, baked and checked again before use
};

} // namespace chameleon

#endif // CHAMELEON_DATABASE_ROWS_H
