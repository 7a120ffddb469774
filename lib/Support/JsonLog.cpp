//===- JsonLog.cpp - A log of events as JSON lines -----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/JsonLog.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <cerrno>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace chameleon {

JsonLog::JsonLog(std::string path, int descriptor)
    : path(std::move(path)), descriptor(descriptor), start(absl::Now()) {}

JsonLog::~JsonLog() { close(descriptor); }

absl::StatusOr<std::unique_ptr<JsonLog>> JsonLog::open(const std::string &path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    return absl::ErrnoToStatus(
        errno,
        absl::StrCat("expected a log file that can be written, but cannot open '", path, "'"));
  }
  std::unique_ptr<JsonLog> log(new JsonLog(path, descriptor));
  absl::Status status = log->write("open", {{"schema_version", schemaVersion}});
  if (!status.ok()) {
    return status;
  }
  return log;
}

absl::Status JsonLog::write(absl::string_view event, const nlohmann::json &fields) {
  const absl::Time now = absl::Now();
  nlohmann::ordered_json line;
  line["event"] = std::string(event);
  line["time"] = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", now, absl::UTCTimeZone());
  line["seconds"] = absl::ToDoubleSeconds(now - start);
  for (const auto &[key, value] : fields.items()) {
    line[key] = value;
  }
  std::string text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  absl::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t count = ::write(descriptor, rest.data(), rest.size());
    if (count < 0 && errno != EINTR) {
      return absl::ErrnoToStatus(
          errno, absl::StrCat("expected to append to the log '", path, "', but could not"));
    }
    rest.remove_prefix(static_cast<size_t>(count > 0 ? count : 0));
  }
  return absl::OkStatus();
}

} // namespace chameleon
