//===- JsonLog.h - A log of events as JSON lines -------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The file behind `log=`: one JSON object per line, appended as it happens, so that a session can
// be followed (`tail -f`) and a killed one still read. Every line has "event", "time" (UTC, RFC
// 3339) and "seconds" since the log was opened; the first one, "open", has "schema_version".
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SUPPORT_JSONLOG_H
#define CHAMELEON_SUPPORT_JSONLOG_H

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace chameleon {

class JsonLog {
public:
  static constexpr int schemaVersion = 1;

  /// Appends to `path`, which is created if it is not there. Fails if it cannot be written.
  static absl::StatusOr<std::unique_ptr<JsonLog>> open(const std::string &path);
  ~JsonLog();
  JsonLog(const JsonLog &) = delete;
  JsonLog &operator=(const JsonLog &) = delete;

  /// Appends one line with the members of the object `fields`. Fails if the disk is full and the
  /// like.
  absl::Status write(absl::string_view event, const nlohmann::json &fields);

private:
  JsonLog(std::string path, int descriptor);

  std::string path;
  int descriptor;
  absl::Time start;
};

} // namespace chameleon

#endif // CHAMELEON_SUPPORT_JSONLOG_H
