//===- WorkerRole.h - The loop of a worker -------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_WORKERROLE_H
#define CHAMELEON_MEASURE_WORKERROLE_H

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "chameleon/Measure/Protocol.h"
#include "chameleon/Support/Channel.h"
#include <nlohmann/json_fwd.hpp>

namespace chameleon {

/// Serves the requests of one role.
class WorkerRole {
public:
  virtual ~WorkerRole() = default;

  /// Answers one request on `channel`. An error is sent to the other side as an `error` message.
  virtual absl::Status serve(const Envelope &envelope, const nlohmann::json &json,
                             absl::string_view bytes, Channel &channel) = 0;
};

/// Serves requests until the other side closes the channel. Returns what ended it: OK if that was
/// between two messages.
absl::Status serveRequests(WorkerRole &role, Channel &channel);

/// Decodes a message as a `Request` and hands it to `serve`.
template <typename Request, typename Serve>
absl::Status withRequest(const nlohmann::json &json, absl::string_view bytes, Serve serve) {
  Request request;
  if (absl::Status status = decode(json, bytes, request); !status.ok())
    return status;
  return serve(request);
}

/// How long a worker waits for the other side to take a reply.
absl::Time replyDeadline();

} // namespace chameleon

#endif // CHAMELEON_MEASURE_WORKERROLE_H
