//===- SupervisedWorker.h - A worker that is started again when it dies ---===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_MEASURE_SUPERVISEDWORKER_H
#define CHAMELEON_LIB_MEASURE_SUPERVISEDWORKER_H

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "chameleon/Measure/Protocol.h"
#include "chameleon/Support/WorkerProcess.h"
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace chameleon {

/// One worker with at most one request in flight. Statuses of failed requests:
///   Unavailable       the worker died or hung and was killed; the next request starts another
///   Internal          the worker refused the request (an `error` message); it lives
///   Cancelled         interrupted; it was killed
class SupervisedWorker {
public:
  struct Options {
    std::vector<std::string> command; // `--role` included
    bool isForeign = false; // a command of the user's: talks over standard streams, has network
    HelloRequest hello;
  };

  explicit SupervisedWorker(Options options) : options(std::move(options)) {}

  /// Starts a process if there is none and greets it, without waiting for the answer.
  absl::Status launch();
  /// Makes sure that a worker is there and has answered. FailedPrecondition if it cannot be
  /// started.
  absl::Status start();

  template <typename Request> absl::Status submit(const Request &request, double seconds) {
    if (absl::Status started = start(); !started.ok())
      return started;
    // What a worker needs beyond its own limit, which it enforces itself.
    deadline = absl::Now() + absl::Seconds(seconds) + absl::Seconds(20);
    return noteSubmitted(send(process->channel(), ++lastId, request, deadline));
  }

  /// Takes the reply to the request in flight, which must have begun to arrive or may still take
  /// until its deadline.
  template <typename Reply> absl::Status take(Reply &reply) {
    std::string bytes;
    nlohmann::json json;
    if (absl::Status received = receive(json, bytes); !received.ok())
      return received;
    return noteDecoded(decode(json, bytes, reply));
  }

  /// `submit` and `take`, ended early if `interrupted` says so.
  template <typename Request, typename Reply>
  absl::Status call(const Request &request, double seconds, Reply &reply,
                    const std::function<bool()> &interrupted) {
    if (absl::Status submitted = submit(request, seconds); !submitted.ok())
      return submitted;
    if (absl::Status waited = waitForReply(interrupted); !waited.ok())
      return waited;
    return take(reply);
  }

  bool busy() const { return inFlight; }
  /// Of the request in flight.
  absl::Time replyDeadline() const { return deadline; }
  /// For poll; -1 if there is no process.
  int descriptor() const { return process ? process->channel().readDescriptor() : -1; }
  /// Changes with each new process: what an earlier one remembered is gone.
  int64_t generation() const { return starts; }
  const HelloReply &facts() const { return hello; }
  int64_t pid() const { return process ? process->pid() : -1; }

  /// Kills the process. The next request starts another.
  void kill();

private:
  absl::Status receive(nlohmann::json &json, std::string &bytes);
  absl::Status waitForReply(const std::function<bool()> &interrupted);
  absl::Status noteSubmitted(const absl::Status &sent);
  absl::Status noteDecoded(const absl::Status &decoded);
  absl::Status cannotServe(const absl::Status &reason) const;
  /// Kills it and says so, with what it had printed.
  absl::Status lost(const absl::Status &reason);

  Options options;
  std::unique_ptr<WorkerProcess> process;
  HelloReply hello;
  bool inFlight = false;
  bool greeted = false; // it answered `hello`
  int64_t lastId = 0;
  int64_t starts = 0;
  absl::Time deadline;
};

} // namespace chameleon

#endif // CHAMELEON_LIB_MEASURE_SUPERVISEDWORKER_H
