//===- BuildRole.cpp -----------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BuildRole.h"
#include "BuildSteps.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Measure/ForkedCall.h"
#include "chameleon/Measure/SharedNumber.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "llvm/Support/ErrorHandling.h"
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace chameleon {
namespace {

mlir::DialectRegistry allDialects() {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registerChameleonDialect(registry);
  return registry;
}

/// The class of a build whose child did not reply.
FailureClass buildFailure(ForkedResult::Outcome outcome, int64_t phase) {
  using Outcome = ForkedResult::Outcome;
  switch (outcome) {
  case Outcome::TimedOut:
    return FailureClass::CompileTimeout;
  case Outcome::OutOfMemory:
  case Outcome::TooLarge:
    return FailureClass::CompileOom;
  case Outcome::Crashed:
  case Outcome::Replied:
    break;
  }
  return phase == static_cast<int64_t>(BuildPhase::Schedule) ? FailureClass::TransformFailed
                                                             : FailureClass::CompileFailed;
}

/// LLVM's allocators report exhaustion here and not to operator new.
void exitOnBadAlloc(void *, const char *, bool) { exitOutOfMemory(); }

} // namespace

BuildRole::BuildRole() : context(allDialects(), mlir::MLIRContext::Threading::DISABLED) {
  llvm::install_bad_alloc_error_handler(exitOnBadAlloc);
}

absl::Status BuildRole::serve(const Envelope &envelope, const nlohmann::json &json,
                              absl::string_view bytes, Channel &channel) {
  const int64_t id = envelope.id;
  if (envelope.kind == "hello")
    return withRequest<HelloRequest>(json, bytes, [&](auto &r) { return hello(id, r, channel); });
  if (!library)
    return absl::FailedPreconditionError("expected hello as the first request");
  if (envelope.kind == "schedule")
    return withRequest<ScheduleRequest>(json, bytes,
                                        [&](auto &r) { return schedule(id, r, channel); });
  if (envelope.kind == "build")
    return withRequest<BuildRequest>(json, bytes, [&](auto &r) { return build(id, r, channel); });
  return absl::InvalidArgumentError(absl::StrCat(
      "expected hello, schedule or build for a build worker, but got \"", envelope.kind, "\""));
}

absl::Status BuildRole::hello(int64_t id, const HelloRequest &request, Channel &channel) {
  absl::StatusOr<TargetInfo> host = hostTargetInfo();
  if (!host.ok())
    return host.status();
  // The last cores belong to the run worker: a builder there works only while that one rests.
  if (host->cores > 1)
    if (absl::Status pinned = pinToCores(request.builder % host->cores, 1); !pinned.ok())
      return pinned;
  absl::StatusOr<ScheduleLibrary> loaded = ScheduleLibrary::load(context, request.schedulePaths);
  if (!loaded.ok())
    return loaded.status();
  library = *std::move(loaded);
  target = request.target;
  warmUp(context, target);
  HelloReply reply;
  reply.role = "build";
  reply.pid = getpid();
  reply.target = *std::move(host);
  reply.schedules = library->names();
  return send(channel, id, reply, replyDeadline());
}

absl::Status BuildRole::schedule(int64_t id, const ScheduleRequest &request, Channel &channel) {
  ForkedResult result = callForked(request.limits, channel, [&](Channel &toParent) {
    const ScheduleReply reply = runSchedule(context, *library, target, request);
    exitUnlessSent(send(toParent, id, reply, replyDeadline()));
  });
  ScheduleReply reply;
  if (!result.replied() || !decode(*result.json, result.bytes, reply).ok()) {
    reply = ScheduleReply();
    reply.failure = buildFailure(result.outcome, static_cast<int64_t>(BuildPhase::Schedule));
    reply.message = result.detail;
  }
  reply.seconds = result.seconds;
  return send(channel, id, reply, replyDeadline());
}

absl::Status BuildRole::build(int64_t id, const BuildRequest &request, Channel &channel) {
  SharedNumber phase(0);
  ForkedResult result = callForked(request.limits, channel, [&](Channel &toParent) {
    const BuildReply reply = runBuild(context, *library, target, request, phase.value());
    exitUnlessSent(send(toParent, id, reply, replyDeadline()));
  });
  BuildReply reply;
  if (!result.replied() || !decode(*result.json, result.bytes, reply).ok()) {
    reply = BuildReply();
    reply.failure = buildFailure(result.outcome, phase.value());
    reply.message = result.detail;
  }
  reply.seconds = result.seconds;
  return send(channel, id, reply, replyDeadline());
}

} // namespace chameleon
