//===- Spawn.cpp - Starts a program in a group of its own ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Spawn.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace chameleon {

void UniqueDescriptor::reset(int other) {
  if (descriptor >= 0) {
    ::close(descriptor);
  }
  descriptor = other;
}

namespace {

/// Leaders of living groups; 0 is a free place. Lock-free, since a signal handler reads it.
std::array<std::atomic<pid_t>, 256> livingGroups = {};

void replaceInLiving(pid_t from, pid_t to) {
  for (std::atomic<pid_t> &place : livingGroups) {
    pid_t expected = from;
    if (place.compare_exchange_strong(expected, to)) {
      return;
    }
  }
}

/// What the child needs, allocated before fork.
struct Prepared {
  std::vector<std::string> environment;
  std::vector<char *> argv, envp;
  std::vector<int> descriptors;
  ChildLimits limits;
  pid_t parent = 0;
};

Prepared prepare(const SpawnRequest &request) {
  Prepared prepared;
  for (char **entry = environ; *entry; ++entry) {
    prepared.environment.push_back(*entry);
  }
  for (const auto &[name, value] : request.variables) {
    const std::string prefix = absl::StrCat(name, "=");
    std::erase_if(prepared.environment,
                  [&](const std::string &entry) { return entry.rfind(prefix, 0) == 0; });
    prepared.environment.push_back(prefix + value);
  }
  for (std::string &entry : prepared.environment) {
    prepared.envp.push_back(entry.data());
  }
  prepared.envp.push_back(nullptr);
  for (const std::string &argument : request.command) {
    prepared.argv.push_back(const_cast<char *>(argument.c_str()));
  }
  prepared.argv.push_back(nullptr);
  prepared.descriptors = request.descriptors;
  prepared.limits = request.limits;
  prepared.limits.allowExec = true; // the filter would refuse the exec that starts the program
  prepared.parent = getpid();
  return prepared;
}

void resetSignals() {
  for (int number = 1; number < NSIG; ++number) {
    signal(number, SIG_DFL); // fails for SIGKILL and SIGSTOP, which is as it should be
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Puts the descriptors on 0, 1, 2, ... and marks the rest close-on-exec. `errorPipe` moves out of
/// the way; its new number is returned.
int arrangeDescriptors(std::vector<int> &descriptors, int errorPipe) {
  const int count = static_cast<int>(descriptors.size());
  // First above the targets, so that none is overwritten before it was copied.
  errorPipe = fcntl(errorPipe, F_DUPFD_CLOEXEC, count);
  for (int &descriptor : descriptors) {
    descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, count);
  }
  for (int i = 0; i < count; ++i) {
    dup2(descriptors[i], i);
  }
  constexpr unsigned closeRangeCloexec = 4;
  if (syscall(SYS_close_range, static_cast<unsigned>(count), ~0U, closeRangeCloexec) != 0) {
    for (int descriptor = count; descriptor < 65536; ++descriptor) {
      const int flags = fcntl(descriptor, F_GETFD);
      if (flags >= 0) {
        fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC);
      }
    }
  }
  return errorPipe;
}

/// The child's side, async-signal-safe. Reports errno through `errorPipe` if it gets that far.
[[noreturn]] void becomeProgram(Prepared &prepared, int errorPipe) {
  setpgid(0, 0);
  resetSignals();
  errorPipe = arrangeDescriptors(prepared.descriptors, errorPipe);
  int error = applyLimitsInChild(prepared.limits, prepared.parent);
  if (!error) {
    execvpe(prepared.argv[0], prepared.argv.data(), prepared.envp.data());
    error = errno;
  }
  ssize_t written = write(errorPipe, &error, sizeof(error));
  _exit(written == sizeof(error) ? 127 : 126);
}

/// The errno that the child reported, 0 if it became the program.
int readError(int errorPipe) {
  int error = 0;
  ssize_t count = 0;
  do {
    count = read(errorPipe, &error, sizeof(error));
  } while (count < 0 && errno == EINTR);
  return count == sizeof(error) ? error : 0;
}

/// Leaves it unreaped, so that its process and group numbers stay taken.
bool hasEnded(pid_t child) {
  siginfo_t info = {};
  return waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == child;
}

ExitStatus reap(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return ExitStatus::fromWait(status);
}

} // namespace

absl::StatusOr<pid_t> spawn(const SpawnRequest &request) {
  if (request.command.empty() || request.command[0].empty()) {
    return absl::InvalidArgumentError("expected a command to run, but it is empty");
  }
  Prepared prepared = prepare(request);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return absl::ErrnoToStatus(errno, "expected to open a pipe, but could not");
  }
  UniqueDescriptor readEnd(ends[0]), writeEnd(ends[1]);
  const pid_t child = fork();
  if (child < 0) {
    return absl::ErrnoToStatus(errno, "expected to start a process, but could not");
  }
  if (child == 0) {
    becomeProgram(prepared, writeEnd.get());
  }
  setpgid(child, child); // both sides: whoever comes first
  writeEnd.reset();
  if (const int error = readError(readEnd.get())) {
    reap(child);
    return absl::ErrnoToStatus(error, absl::StrCat("expected to execute '", request.command[0],
                                                   "', but could not; is it installed?"));
  }
  replaceInLiving(0, child);
  return child;
}

absl::optional<ExitStatus> waitUntil(pid_t child, absl::Time deadline) {
  absl::Duration pause = absl::Microseconds(100);
  while (!hasEnded(child)) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) {
      return absl::nullopt;
    }
    absl::SleepFor(std::min(pause, left));
    pause = std::min(pause * 2, absl::Milliseconds(20));
  }
  return killGroup(child);
}

ExitStatus killGroup(pid_t child) {
  kill(-child, SIGKILL);
  kill(child, SIGKILL); // if it left its group
  replaceInLiving(child, 0);
  return reap(child);
}

void killAllGroups() {
  for (const std::atomic<pid_t> &place : livingGroups) {
    if (const pid_t leader = place.load()) {
      kill(-leader, SIGKILL);
    }
  }
}

} // namespace chameleon
