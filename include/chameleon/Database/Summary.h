//===- Summary.h - What a database amounts to ----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The numbers that chameleon-db shows, computed once for words and for JSON. Unknown numbers are
// NaN.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_DATABASE_SUMMARY_H
#define CHAMELEON_DATABASE_SUMMARY_H

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "chameleon/Database/Rows.h"
#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

namespace chameleon {

class Database;

/// One task under one set of circumstances: records of different targets, compilers, numerics,
/// measure modes or thread counts are not compared.
struct TaskSummary {
  StoredTask task;
  std::string targetKey, compiler, numerics, measureMode;
  int threads = 1;
  double weight = 1;  // uses in the latest session that has the task
  int64_t tried = 0;  // candidates and defaults measured
  int64_t failed = 0; // of those
  double naiveNs = std::numeric_limits<double>::quiet_NaN();
  double defaultNs = std::numeric_limits<double>::quiet_NaN();
  absl::optional<Record> best; // what a session chose last; the fastest if none has; any schedule
};

struct SessionSummary {
  Session session; // with the parts of the time filled in from its records if it was killed
  int64_t records = 0;
};

struct Summary {
  std::vector<SessionSummary> sessions;
  std::vector<TaskSummary> tasks; // also those that no record reached; most time first
  int64_t records = 0;
  std::vector<std::pair<FailureClass, int64_t>> failures; // every class but None, also with count 0
  double searchSeconds = 0, buildSeconds = 0, runSeconds = 0;
  double candidatesPerSecond = std::numeric_limits<double>::quiet_NaN(); // of wall time
};

absl::StatusOr<Summary> summarize(const Database &database);

/// The object that `chameleon-db --json` prints.
nlohmann::ordered_json summaryToJson(const Summary &summary);

} // namespace chameleon

#endif // CHAMELEON_DATABASE_SUMMARY_H
