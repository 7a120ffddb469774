//===- WorkerProcess.h - A child that answers requests -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Starts a command and talks to it over a Channel. The child finds its end of the channel on
// descriptor 3, named in the environment variable CHAMELEON_WORKER_FD; what it and its children
// print is caught in a capped log. It leads its own process group, has no other descriptor of ours,
// and dies with the thread that started it.
//
// A command that forwards only standard streams (`ssh board chameleon-worker`) gets the channel as
// its standard input and output instead; the far end sees no CHAMELEON_WORKER_FD and does the same.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SUPPORT_WORKERPROCESS_H
#define CHAMELEON_SUPPORT_WORKERPROCESS_H

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "chameleon/Support/Channel.h"
#include "chameleon/Support/ChildLimits.h"
#include "chameleon/Support/ExitStatus.h"
#include <memory>
#include <string>
#include <vector>

namespace chameleon {

struct WorkerOptions {
  std::vector<std::string> command; // argv; the program is looked up in PATH
  ChildLimits limits;               // of the worker itself; allowExec is ignored
  int64_t maxMessageBytes = Channel::defaultMaxBytes;
  int64_t maxLogBytes = 64 << 10; // of standard output and error together; the rest is dropped
  /// For ssh and the like (which also need `limits.allowNetwork`): standard output is not logged
  /// then.
  bool channelOnStandardStreams = false;
};

class WorkerProcess {
public:
  /// Fails if the command is empty or cannot be executed. That it speaks the protocol shows only in
  /// the first answer.
  static absl::StatusOr<std::unique_ptr<WorkerProcess>> spawn(const WorkerOptions &options);

  /// Kills the child and its group, and waits for it.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess &) = delete;
  WorkerProcess &operator=(const WorkerProcess &) = delete;

  Channel &channel() { return connection; }
  pid_t pid() const { return child; }

  /// How it ended, or nothing if it still runs.
  absl::optional<ExitStatus> poll();
  /// Waits until it ends or `deadline` has come; nothing in that case. Close the channel before, if
  /// the worker is to end of its own accord.
  absl::optional<ExitStatus> wait(absl::Time deadline);
  /// Kills it and its group now, waits, and returns how it ended.
  ExitStatus kill();

  /// What was printed since the start or since the last `clearLog`, up to the cap.
  std::string log() const;
  /// Forgets the log, between two requests. What is being printed meanwhile may be lost.
  void clearLog();

private:
  WorkerProcess(pid_t child, int channelDescriptor, int logDescriptor, int64_t maxMessageBytes);

  pid_t child;
  int logDescriptor;
  Channel connection;
  absl::optional<ExitStatus> ended;
};

/// For the worker's side: the descriptor named by CHAMELEON_WORKER_FD, closed on exec; or, without
/// that variable, a copy of the standard streams, whose places /dev/null and standard error then
/// take, so that nothing printed ends up in the protocol. Fails if neither is there.
absl::StatusOr<std::unique_ptr<Channel>>
openWorkerChannel(int64_t maxBytes = Channel::defaultMaxBytes);

} // namespace chameleon

#endif // CHAMELEON_SUPPORT_WORKERPROCESS_H
