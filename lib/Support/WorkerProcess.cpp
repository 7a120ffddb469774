//===- WorkerProcess.cpp - A child that answers requests -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/WorkerProcess.h"

#include "Spawn.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

namespace chameleon {
namespace {

constexpr const char *channelVariable = "CHAMELEON_WORKER_FD";
constexpr int channelDescriptorOfChild = 3;

/// A file in memory that can hold `maxBytes` and cannot grow: further output fails to be written,
/// which a program that prints does not notice. No thread has to drain it. Its offset is shared
/// with whoever inherits it, so that the parent sees how much was written and can rewind.
absl::StatusOr<UniqueDescriptor> openCappedLog(int64_t maxBytes) {
  UniqueDescriptor log(memfd_create("chameleon-log", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (log.get() < 0 || ftruncate(log.get(), maxBytes) != 0 ||
      fcntl(log.get(), F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) != 0) {
    return absl::ErrnoToStatus(errno, "expected to open a log in memory, but could not");
  }
  return log;
}

absl::StatusOr<std::pair<UniqueDescriptor, UniqueDescriptor>> openSocketPair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return absl::ErrnoToStatus(errno, "expected to open a pair of sockets, but could not");
  }
  return std::make_pair(UniqueDescriptor(ends[0]), UniqueDescriptor(ends[1]));
}

} // namespace

WorkerProcess::WorkerProcess(pid_t child, int channelDescriptor, int logDescriptor,
                             int64_t maxMessageBytes)
    : child(child), logDescriptor(logDescriptor),
      connection(channelDescriptor, channelDescriptor, maxMessageBytes) {}

absl::StatusOr<std::unique_ptr<WorkerProcess>> WorkerProcess::spawn(const WorkerOptions &options) {
  absl::StatusOr<UniqueDescriptor> log = openCappedLog(options.maxLogBytes);
  if (!log.ok()) {
    return log.status();
  }
  auto sockets = openSocketPair();
  if (!sockets.ok()) {
    return sockets.status();
  }
  UniqueDescriptor null(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (null.get() < 0) {
    return absl::ErrnoToStatus(errno, "expected to open /dev/null, but could not");
  }
  auto &[ours, theirs] = *sockets;
  SpawnRequest request;
  request.command = options.command;
  request.limits = options.limits;
  if (options.channelOnStandardStreams) {
    request.descriptors = {theirs.get(), theirs.get(), log->get()};
  } else {
    request.descriptors = {null.get(), log->get(), log->get(), theirs.get()};
    request.variables = {{channelVariable, absl::StrCat(channelDescriptorOfChild)}};
  }
  absl::StatusOr<pid_t> child = chameleon::spawn(request);
  if (!child.ok()) {
    return child.status();
  }
  return std::unique_ptr<WorkerProcess>(
      new WorkerProcess(*child, ours.release(), log->release(), options.maxMessageBytes));
}

WorkerProcess::~WorkerProcess() {
  kill();
  close(logDescriptor);
}

absl::optional<ExitStatus> WorkerProcess::poll() { return wait(absl::InfinitePast()); }

absl::optional<ExitStatus> WorkerProcess::wait(absl::Time deadline) {
  if (!ended) {
    ended = waitUntil(child, deadline);
  }
  return ended;
}

ExitStatus WorkerProcess::kill() {
  if (!ended) {
    ended = killGroup(child);
  }
  return *ended;
}

std::string WorkerProcess::log() const {
  std::string text(static_cast<size_t>(std::max<off_t>(0, lseek(logDescriptor, 0, SEEK_CUR))), 0);
  const ssize_t count = pread(logDescriptor, text.data(), text.size(), 0);
  text.resize(static_cast<size_t>(std::max<ssize_t>(0, count)));
  return text;
}

void WorkerProcess::clearLog() { lseek(logDescriptor, 0, SEEK_SET); }

absl::StatusOr<std::unique_ptr<Channel>> openWorkerChannel(int64_t maxBytes) {
  if (const char *number = std::getenv(channelVariable)) {
    int descriptor = -1;
    if (!absl::SimpleAtoi(number, &descriptor) || fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) {
      return absl::InvalidArgumentError(absl::StrCat("expected an open descriptor in ",
                                                     channelVariable, ", but got '", number, "'"));
    }
    unsetenv(channelVariable);
    return std::make_unique<Channel>(descriptor, descriptor, maxBytes);
  }
  UniqueDescriptor input(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
  UniqueDescriptor output(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  UniqueDescriptor null(open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (input.get() < 0 || output.get() < 0 || null.get() < 0 || dup2(null.get(), STDIN_FILENO) < 0 ||
      dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
    return absl::FailedPreconditionError("expected a channel on the standard streams, but they are "
                                         "closed; is this process started by Chameleon?");
  }
  return std::make_unique<Channel>(input.release(), output.release(), maxBytes);
}

} // namespace chameleon
