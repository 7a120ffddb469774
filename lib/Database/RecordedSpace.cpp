//===- RecordedSpace.cpp - A space with what was measured of it -----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Database/RecordedSpace.h"

#include "JsonReader.h"
#include "SpaceJson.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

namespace chameleon {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char *kFormat = "chameleon-recorded-space";
constexpr int64_t kVersion = 1;
constexpr size_t kRowWidth = 8;

ordered_json headerOf(const RecordedSpace &recorded) {
  return {{"format", kFormat},
          {"schema_version", kVersion},
          {"compiler", recorded.compiler},
          {"measure_mode", recorded.measureMode},
          {"threads", recorded.threads},
          {"complete", recorded.complete},
          {"records", recorded.configurations.size()},
          {"task", taskToJson(recorded.task)},
          {"target", targetToJson(recorded.target)},
          {"space", spaceToJson(recorded.space)}};
}

/// `value` with two digits; null if it is not a number.
ordered_json twoDigits(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.2g", value);
  return std::isfinite(value) ? ordered_json(std::strtod(text, nullptr)) : ordered_json();
}

std::string rowOf(const Configuration &configuration, const Measurement &measurement) {
  auto nanoseconds = [&](double value) {
    return measurement.ok() && std::isfinite(value) ? ordered_json(std::llround(value))
                                                    : ordered_json();
  };
  ordered_json row = {configuration.indices,
                      std::string(failureClassName(measurement.failure)),
                      nanoseconds(measurement.medianNs),
                      nanoseconds(measurement.madNs),
                      measurement.samples,
                      twoDigits(measurement.buildSeconds),
                      twoDigits(measurement.runSeconds),
                      twoDigits(measurement.relativeError)};
  return row.dump();
}

absl::Status notAsExpected(const char *expected, const json &got) {
  return absl::InvalidArgumentError(
      absl::StrCat("expected ", expected, ", but got ", got.dump().substr(0, 80)));
}

absl::StatusOr<double> numberOrNull(const json &value) {
  if (value.is_null()) {
    return std::nan("");
  }
  if (!value.is_number()) {
    return notAsExpected("a number or null", value);
  }
  return value.get<double>();
}

absl::StatusOr<Configuration> readConfiguration(const json &value, const Space &space) {
  Configuration configuration;
  bool sound = value.is_array() && value.size() == space.knobs().size();
  for (size_t i = 0; sound && i < value.size(); ++i) {
    sound =
        value[i].is_number_unsigned() && value[i].get<uint64_t>() < space.knobs()[i].values.size();
    if (sound) {
      configuration.indices.push_back(value[i].get<int32_t>());
    }
  }
  if (!sound) {
    return notAsExpected("the position of a value for each knob", value);
  }
  if (!space.isValid(configuration)) {
    return notAsExpected("a configuration that keeps the rules of the space", value);
  }
  return configuration;
}

absl::StatusOr<Measurement> readMeasurement(const json &row) {
  Measurement measurement;
  if (!row[1].is_string()) {
    return notAsExpected("the name of an outcome", row[1]);
  }
  absl::StatusOr<FailureClass> failure = parseFailureClass(row[1].get<std::string>());
  if (!failure.ok()) {
    return failure.status();
  }
  measurement.failure = *failure;
  double samples = 0;
  double *const fields[] = {
      &measurement.medianNs,     &measurement.madNs,      &samples,
      &measurement.buildSeconds, &measurement.runSeconds, &measurement.relativeError};
  for (size_t i = 0; i < std::size(fields); ++i) {
    absl::StatusOr<double> number = numberOrNull(row[i + 2]);
    if (!number.ok()) {
      return number.status();
    }
    *fields[i] = *number;
  }
  if (measurement.ok() && !(measurement.medianNs > 0)) {
    return notAsExpected("a positive time of a success", row[2]);
  }
  if (!(samples >= (measurement.ok() ? 1 : 0) && samples <= 1e9)) {
    return notAsExpected("a number of samples, 1 or more of a success", row[4]);
  }
  measurement.samples = static_cast<int>(samples);
  for (double *seconds : {&measurement.buildSeconds, &measurement.runSeconds}) {
    if (*seconds < 0) {
      return notAsExpected("seconds from 0 on", json(*seconds));
    }
    *seconds = std::isnan(*seconds) ? 0 : *seconds;
  }
  return measurement;
}

absl::Status readHeader(const json &object, RecordedSpace &recorded, uint64_t &records) {
  JsonReader reader(object, "header");
  std::string format = reader.text("format");
  reader.require(format == kFormat, "format", "\"chameleon-recorded-space\"");
  int64_t version = reader.integer("schema_version");
  reader.require(version == kVersion, "schema_version",
                 "1, the only version that this program knows");
  recorded.compiler = reader.text("compiler");
  recorded.measureMode = reader.text("measure_mode");
  recorded.threads = reader.integer32("threads");
  recorded.complete = reader.boolean("complete");
  records = reader.unsignedInteger("records");
  for (const char *part : {"task", "target", "space"}) {
    reader.object(part);
  }
  if (!reader.status().ok()) {
    return reader.status();
  }
  absl::StatusOr<TaskInfo> task = taskFromJson(object["task"]);
  absl::StatusOr<TargetInfo> target = targetFromJson(object["target"]);
  absl::StatusOr<Space> space = spaceFromJson(object["space"]);
  for (const absl::Status &status : {task.status(), target.status(), space.status()}) {
    if (!status.ok()) {
      return status;
    }
  }
  recorded.task = *std::move(task);
  recorded.task.threads = recorded.threads;
  recorded.target = *std::move(target);
  recorded.space = *std::move(space);
  return absl::OkStatus();
}

absl::Status readRow(const json &row, RecordedSpace &recorded,
                     absl::flat_hash_set<Configuration> &seen) {
  if (!row.is_array() || row.size() != kRowWidth) {
    return notAsExpected("an array of 8 fields", row);
  }
  absl::StatusOr<Configuration> configuration = readConfiguration(row[0], recorded.space);
  absl::StatusOr<Measurement> measurement = readMeasurement(row);
  if (!configuration.ok() || !measurement.ok()) {
    return configuration.ok() ? measurement.status() : configuration.status();
  }
  if (!seen.insert(*configuration).second) {
    return notAsExpected("each configuration once", row[0]);
  }
  recorded.configurations.push_back(*std::move(configuration));
  recorded.measurements.push_back(*std::move(measurement));
  return absl::OkStatus();
}

} // namespace

/// What readRecordedSpace would refuse.
static absl::Status checkWritable(const RecordedSpace &recorded) {
  if (recorded.configurations.empty() ||
      recorded.configurations.size() != recorded.measurements.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "expected records, each a configuration with a measurement, but got ",
        recorded.configurations.size(), " and ", recorded.measurements.size(), " of them"));
  }
  for (const Measurement &measurement : recorded.measurements) {
    if (measurement.ok() && !(measurement.medianNs >= 1 && measurement.samples >= 1 &&
                              std::isfinite(measurement.medianNs))) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected a success to have 1 ns or more and a sample, but got ",
                       measurement.medianNs, " ns and ", measurement.samples, " samples"));
    }
  }
  return absl::OkStatus();
}

absl::Status writeRecordedSpace(const RecordedSpace &recorded, const std::string &path) {
  if (absl::Status status = checkWritable(recorded); !status.ok()) {
    return status;
  }
  const std::string fresh = path + ".new";
  errno = 0;
  std::ofstream file(fresh, std::ios::binary);
  file << headerOf(recorded).dump(-1, ' ', false, ordered_json::error_handler_t::replace) << '\n';
  for (size_t i = 0; i < recorded.configurations.size(); ++i) {
    file << rowOf(recorded.configurations[i], recorded.measurements[i]) << '\n';
  }
  file.close();
  if (!file || std::rename(fresh.c_str(), path.c_str()) != 0) {
    const int error = errno == 0 ? EIO : errno;
    std::remove(fresh.c_str());
    return absl::ErrnoToStatus(error,
                               absl::StrCat("expected to write '", path, "', but could not"));
  }
  return absl::OkStatus();
}

absl::StatusOr<RecordedSpace> readRecordedSpace(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(
        absl::StrCat("expected a recorded space, but '", path, "' cannot be read"));
  }
  RecordedSpace recorded;
  absl::flat_hash_set<Configuration> seen;
  std::string line;
  uint64_t records = 0;
  for (size_t number = 1; std::getline(file, line); ++number) {
    json value = json::parse(line, nullptr, /*allow_exceptions=*/false);
    absl::Status status = value.is_discarded()
                              ? absl::InvalidArgumentError("expected a line of JSON")
                          : number == 1 ? readHeader(value, recorded, records)
                                        : readRow(value, recorded, seen);
    if (!status.ok()) {
      return absl::Status(status.code(), absl::StrCat(path, ":", number, ": ", status.message()));
    }
  }
  if (recorded.configurations.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": expected a header and records, but it has no record"));
  }
  if (file.bad() || recorded.configurations.size() != records) {
    return absl::DataLossError(absl::StrCat(path, ": expected ", records, " records, but got ",
                                            recorded.configurations.size(),
                                            "; the file is cut off"));
  }
  return recorded;
}

} // namespace chameleon
