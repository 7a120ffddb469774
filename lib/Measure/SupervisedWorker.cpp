//===- SupervisedWorker.cpp ----------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SupervisedWorker.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include <poll.h>

namespace chameleon {
namespace {

constexpr absl::Duration kStartTime = absl::Seconds(60); // hello of a cold worker on a busy machine
constexpr int kPollMs = 50;

} // namespace

absl::Status SupervisedWorker::launch() {
  if (process)
    return absl::OkStatus();
  WorkerOptions worker;
  worker.command = options.command;
  worker.channelOnStandardStreams = options.isForeign;
  worker.limits.allowNetwork = options.isForeign;
  auto spawned = WorkerProcess::spawn(worker);
  if (!spawned.ok())
    return cannotServe(spawned.status());
  process = *std::move(spawned);
  greeted = false;
  ++starts;
  deadline = absl::Now() + kStartTime;
  absl::Status sent = noteSubmitted(send(process->channel(), ++lastId, options.hello, deadline));
  return sent.ok() ? sent : cannotServe(sent);
}

absl::Status SupervisedWorker::start() {
  if (process && greeted)
    return absl::OkStatus();
  if (absl::Status launched = launch(); !launched.ok())
    return launched;
  if (absl::Status answered = take(hello); !answered.ok()) {
    kill();
    return cannotServe(answered);
  }
  greeted = true;
  return absl::OkStatus();
}

absl::Status SupervisedWorker::cannotServe(const absl::Status &reason) const {
  return absl::FailedPreconditionError(absl::StrCat("the worker \"",
                                                    absl::StrJoin(options.command, " "),
                                                    "\" does not serve: ", reason.message()));
}

absl::Status SupervisedWorker::noteSubmitted(const absl::Status &sent) {
  if (!sent.ok())
    return lost(sent);
  inFlight = true;
  return absl::OkStatus();
}

absl::Status SupervisedWorker::receive(nlohmann::json &json, std::string &bytes) {
  absl::StatusOr<nlohmann::json> received = process->channel().receive(deadline, &bytes);
  if (!received.ok())
    return lost(received.status());
  inFlight = false;
  process->clearLog();
  absl::StatusOr<Envelope> envelope = decodeEnvelope(*received);
  if (!envelope.ok())
    return lost(envelope.status());
  if (envelope->id != lastId)
    return lost(absl::InternalError(absl::StrCat("expected the reply to request ", lastId,
                                                 ", but got that to ", envelope->id)));
  json = *std::move(received);
  return absl::OkStatus();
}

absl::Status SupervisedWorker::noteDecoded(const absl::Status &decoded) {
  return decoded.ok() || absl::IsInternal(decoded) ? decoded : lost(decoded);
}

absl::Status SupervisedWorker::waitForReply(const std::function<bool()> &interrupted) {
  while (absl::Now() < deadline) {
    if (interrupted && interrupted()) {
      kill();
      return absl::CancelledError("interrupted");
    }
    pollfd entry = {descriptor(), POLLIN, 0};
    if (poll(&entry, 1, kPollMs) > 0)
      return absl::OkStatus();
  }
  return absl::OkStatus(); // `take` says that it is too late
}

absl::Status SupervisedWorker::lost(const absl::Status &reason) {
  const std::string printed = process->log();
  kill();
  const absl::string_view shown = absl::StripSuffix(printed, "\n");
  return absl::UnavailableError(absl::StrCat("the worker was lost (", reason.message(), ")",
                                             shown.empty() ? "" : ", its last words: ", shown));
}

void SupervisedWorker::kill() {
  process.reset();
  inFlight = false;
}

} // namespace chameleon
