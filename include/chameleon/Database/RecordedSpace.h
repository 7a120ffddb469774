//===- RecordedSpace.h - A space with what was measured of it -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A file that holds all that a search needs to run again without MLIR, a machine or a schedule: the
// space with its rules, the task, the target, and a measurement per configuration. Search
// benchmarks replay such files (tools/chameleon-replay, benchmarks/search).
//
// The format is JSON Lines, so that a diff shows records: one object with "format",
// "schema_version", "records" (how many follow) and what is common, then one array per
// configuration:
//   [[0,3,1],"ok",1234567,890,5,0.18,0.092,1.2e-07]
//   value indices, outcome, median ns, MAD ns, samples, build seconds, run seconds, relative error;
//   the last three with two digits, null where there is no number
// Members that a reader can do without may be added to the header in version 1: its "space" may
// have "winograd" (Space::setWinograd), or null there, and earlier files have no such member.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_DATABASE_RECORDEDSPACE_H
#define CHAMELEON_DATABASE_RECORDEDSPACE_H

#include "absl/status/statusor.h"
#include "chameleon/Search/Measurer.h"
#include "chameleon/Search/TaskInfo.h"
#include "chameleon/Support/TargetInfo.h"
#include <string>
#include <vector>

namespace chameleon {

struct RecordedSpace {
  TaskInfo task;
  TargetInfo target; // where it was measured
  Space space;
  std::string compiler;
  std::string measureMode;
  int threads = 1;
  bool complete = false; // every valid configuration was measured
  std::vector<Configuration> configurations;
  std::vector<Measurement> measurements; // parallel to `configurations`; without messages
};

/// The file appears whole or not at all. Fails if it cannot be written, or could not be read again:
/// no record, not a measurement per configuration, a success without samples or of less than 1 ns.
absl::Status writeRecordedSpace(const RecordedSpace &recorded, const std::string &path);

/// Fails with the line, what was expected and what came: another format or version, a space that
/// Space::create refuses, a record of a configuration that is not valid or came before, a success
/// without a positive time.
absl::StatusOr<RecordedSpace> readRecordedSpace(const std::string &path);

} // namespace chameleon

#endif // CHAMELEON_DATABASE_RECORDEDSPACE_H
