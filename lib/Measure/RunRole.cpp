//===- RunRole.cpp -------------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/RunRole.h"
#include "RunSteps.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Measure/FmaPeak.h"
#include "chameleon/Measure/SharedNumber.h"
#include "chameleon/Support/TargetInfo.h"
#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace chameleon {
namespace {

constexpr int64_t kMaxTaskBytes = int64_t{2} << 30; // of inputs and expected outputs, all tasks

Measurement failedMeasurement(const ForkedResult &result) {
  Measurement measurement;
  measurement.failure = runFailure(result.outcome);
  measurement.message = result.detail;
  measurement.medianNs = measurement.madNs = std::numeric_limits<double>::quiet_NaN();
  return measurement;
}

} // namespace

FailureClass runFailure(ForkedResult::Outcome outcome) {
  return outcome == ForkedResult::Outcome::TimedOut ? FailureClass::RunTimeout
                                                    : FailureClass::RunCrashed;
}

absl::Status RunRole::serve(const Envelope &envelope, const nlohmann::json &json,
                            absl::string_view bytes, Channel &channel) {
  const int64_t id = envelope.id;
  if (envelope.kind == "hello")
    return withRequest<HelloRequest>(json, bytes, [&](auto &r) { return hello(id, r, channel); });
  if (envelope.kind == "prepare")
    return withRequest<PrepareRequest>(json, bytes,
                                       [&](auto &r) { return prepare(id, r, channel); });
  if (envelope.kind == "measure")
    return withRequest<MeasureRequest>(json, bytes,
                                       [&](auto &r) { return measure(id, r, channel); });
  if (envelope.kind == "interleave")
    return withRequest<InterleaveRequest>(json, bytes,
                                          [&](auto &r) { return interleave(id, r, channel); });
  return absl::InvalidArgumentError(
      absl::StrCat("expected hello, prepare, measure or interleave for a run worker, but got \"",
                   envelope.kind, "\""));
}

absl::Status RunRole::hello(int64_t id, const HelloRequest &request, Channel &channel) {
  absl::StatusOr<TargetInfo> target = hostTargetInfo();
  if (!target.ok())
    return target.status();
  const int threads = std::max(request.threads, 1);
  // More threads than cores share hardware threads as the system likes.
  if (threads <= target->cores)
    if (absl::Status pinned = pinToCores(target->cores - threads, threads); !pinned.ok())
      return pinned;
  if (threads > 1)
    spreadOpenMpThreads();
  peakFlops = measureFmaPeak();
  HelloReply reply;
  reply.role = "run";
  reply.pid = getpid();
  reply.target = *std::move(target);
  reply.peakFlops = peakFlops;
  return send(channel, id, reply, replyDeadline());
}

PreparedTask *RunRole::find(const std::string &taskId) {
  for (auto it = tasks.begin(); it != tasks.end(); ++it)
    if (it->first == taskId) {
      tasks.splice(tasks.begin(), tasks, it);
      return &tasks.front().second;
    }
  return nullptr;
}

void RunRole::forgetOldTasks() {
  int64_t bytes = 0;
  for (auto it = tasks.begin(); it != tasks.end();) {
    bytes += it->second.bytes();
    it = bytes > kMaxTaskBytes && it != tasks.begin() ? tasks.erase(it) : std::next(it);
  }
}

absl::Status RunRole::prepare(int64_t id, const PrepareRequest &request, Channel &channel) {
  if (find(request.taskId))
    tasks.pop_front();
  // Inputs of two kinds, outputs, and what is expected of them have to fit.
  const double memory =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  if (absl::Status fits =
          checkOperandBytes(request.abi, std::min(static_cast<double>(kMaxTaskBytes), memory / 6));
      !fits.ok())
    return fits;
  PreparedTask task;
  task.abi = request.abi;
  task.seed = request.seed;
  task.exactMagnitude = request.exactMagnitude;
  absl::StatusOr<std::vector<Buffer>> normals = makeNormalOperands(task.abi, task.seed, false);
  if (!normals.ok())
    return normals.status();
  task.normals.operands = *std::move(normals);
  task.normals.checksum = checksum(task.normals.operands);
  if (task.exactMagnitude > 0) {
    auto integers = makeIntegerOperands(task.abi, task.seed, task.exactMagnitude);
    if (!integers.ok())
      return integers.status();
    task.integers.operands = *std::move(integers);
    task.integers.checksum = checksum(task.integers.operands);
  }
  const PrepareReply reply = prepareTask(request, channel, task);
  if (reply.failure == FailureClass::None) {
    tasks.emplace_front(request.taskId, std::move(task));
    forgetOldTasks();
  }
  return send(channel, id, reply, replyDeadline());
}

absl::Status RunRole::measure(int64_t id, const MeasureRequest &request, Channel &channel) {
  MeasureReply reply;
  const PreparedTask *task = find(request.taskId);
  if (!task) {
    reply.unknownTask = true;
    return send(channel, id, reply, replyDeadline());
  }
  ForkedResult result = callForked(request.limits, channel, [&](Channel &toParent) {
    exitUnlessSent(send(toParent, id, measureObject(*task, request, peakFlops), replyDeadline()));
  });
  if (!result.replied() || !decode(*result.json, {}, reply).ok())
    reply.measurement = failedMeasurement(result);
  reply.measurement.runSeconds = result.seconds;
  return send(channel, id, reply, replyDeadline());
}

absl::Status RunRole::interleave(int64_t id, const InterleaveRequest &request, Channel &channel) {
  InterleaveReply reply;
  const PreparedTask *task = find(request.taskId);
  if (!task) {
    reply.unknownTask = true;
    return send(channel, id, reply, replyDeadline());
  }
  SharedNumber current(-1);
  ForkedResult result = callForked(request.limits, channel, [&](Channel &toParent) {
    exitUnlessSent(
        send(toParent, id, interleaveObjects(*task, request, current.value()), replyDeadline()));
  });
  if (!result.replied() || !decode(*result.json, {}, reply).ok()) {
    reply = InterleaveReply();
    reply.failure = runFailure(result.outcome);
    reply.message = result.detail;
    reply.culprit = current.value();
  }
  return send(channel, id, reply, replyDeadline());
}

} // namespace chameleon
