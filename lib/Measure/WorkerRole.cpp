//===- WorkerRole.cpp ----------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/WorkerRole.h"
#include "absl/time/clock.h"
#include <nlohmann/json.hpp>

namespace chameleon {

absl::Time replyDeadline() { return absl::Now() + absl::Seconds(60); }

absl::Status serveRequests(WorkerRole &role, Channel &channel) {
  while (true) {
    std::string bytes;
    absl::StatusOr<nlohmann::json> json = channel.receive(absl::InfiniteFuture(), &bytes);
    if (absl::IsUnavailable(json.status()))
      return absl::OkStatus();
    if (!json.ok())
      return json.status();
    absl::StatusOr<Envelope> envelope = decodeEnvelope(*json);
    absl::Status served =
        envelope.ok() ? role.serve(*envelope, *json, bytes, channel) : envelope.status();
    if (!served.ok()) {
      const int64_t id = envelope.ok() ? envelope->id : 0;
      absl::Status sent = sendError(channel, id, served.message(), replyDeadline());
      if (!sent.ok())
        return sent;
    }
  }
}

} // namespace chameleon
