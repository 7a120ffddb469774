//===- ForkedCall.cpp -----------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/ForkedCall.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "chameleon/Support/ChildLimits.h"
#include "chameleon/Support/ExitStatus.h"
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <new>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace chameleon {
namespace {

constexpr int kReplyTooLargeExit = 87;
constexpr int kNoLimitsExit = 88;
constexpr size_t kMaxPrintedBytes = 2000; // of what a child printed, in messages
constexpr absl::Duration kGrace = absl::Milliseconds(250);

struct Pipe {
  int readEnd = -1;
  int writeEnd = -1;

  bool open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
      return false;
    readEnd = ends[0];
    writeEnd = ends[1];
    return true;
  }
  void closeBoth() {
    close(readEnd);
    close(writeEnd);
  }
};

//===----------------------------------------------------------------------===//
// In the child
//===----------------------------------------------------------------------===//

/// The kernel's killer shall take this process, and not the session's parent.
void volunteerForOomKiller() {
  int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0)
    return;
  ssize_t ignored = write(file, "1000", 4);
  (void)ignored;
  close(file);
}

void arrangeDescriptors(int reply, int printed) {
  // High numbers first, so that no dup2 closes what a later one needs.
  reply = fcntl(reply, F_DUPFD, 10);
  printed = fcntl(printed, F_DUPFD, 10);
  int null = open("/dev/null", O_RDONLY);
  dup2(null, 0);
  dup2(printed, 1);
  dup2(printed, 2);
  dup2(reply, 3);
  closeDescriptorsFrom(4);
}

#ifndef CHAMELEON_SANITIZERS // which reserve address space without end
int64_t nearLimitBytes = 0;  // mapped bytes from which on a crash counts as exhausted memory

/// Much code does not look at what malloc returns: a crash close to the limit is the limit's doing.
/// Safe in a signal handler.
void onCrash(int signal) {
  if (mappedBytes() >= nearLimitBytes)
    _exit(kOutOfMemoryExit);
  std::signal(signal, SIG_DFL);
  raise(signal);
}

void watchForExhaustion(int64_t limitBytes, int64_t slackBytes) {
  static char stack[16384]; // the handler's, as the crash may be one of the stack
  nearLimitBytes = limitBytes - slackBytes;
  stack_t alternative = {};
  alternative.ss_sp = stack;
  alternative.ss_size = sizeof(stack);
  sigaltstack(&alternative, nullptr);
  struct sigaction action = {};
  action.sa_handler = onCrash;
  action.sa_flags = SA_ONSTACK;
  for (int signal : {SIGSEGV, SIGBUS, SIGABRT})
    sigaction(signal, &action, nullptr);
}
#endif

[[noreturn]] void runChild(const RequestLimits &limits, pid_t parent, int reply, int printed,
                           absl::FunctionRef<void(Channel &)> work) {
  setpgid(0, 0);
  arrangeDescriptors(reply, printed);
  volunteerForOomKiller();
  std::set_new_handler(exitOutOfMemory);
  ChildLimits own;
#ifndef CHAMELEON_SANITIZERS
  if (limits.memoryBytes > 0) {
    own.addressSpaceBytes = mappedBytes() + limits.memoryBytes;
    watchForExhaustion(own.addressSpaceBytes, limits.memoryBytes / 8);
  }
#endif
  own.cpuSeconds = limits.cpuSeconds;
  own.wallSeconds = limits.wallSeconds;
  own.allowExec = false;
  if (applyLimitsInChild(own, parent) != 0)
    _exit(kNoLimitsExit);
  const int64_t maxBytes = limits.resultBytes > 0 ? limits.resultBytes : Channel::defaultMaxBytes;
  Channel channel(3, 3, maxBytes);
  work(channel);
  _exit(0);
}

//===----------------------------------------------------------------------===//
// In the worker
//===----------------------------------------------------------------------===//

enum class Event { Readable, Deadline, SupervisorGone };

Event awaitReply(int reply, const Channel &supervisor, absl::Time deadline) {
  while (true) {
    pollfd entries[2] = {{reply, POLLIN, 0}, {supervisor.readDescriptor(), POLLRDHUP, 0}};
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration())
      return Event::Deadline;
    const int64_t leftMs = std::min<int64_t>(absl::ToInt64Milliseconds(left), 60'000) + 1;
    const int ready = poll(entries, 2, static_cast<int>(leftMs));
    if (ready < 0 && errno != EINTR)
      return Event::Deadline;
    if (ready > 0 && entries[1].revents != 0)
      return Event::SupervisorGone;
    if (ready > 0 && entries[0].revents != 0)
      return Event::Readable;
  }
}

std::string endOfPrinted(int printed) {
  std::string text;
  char buffer[4096];
  ssize_t count = 0;
  while ((count = read(printed, buffer, sizeof(buffer))) > 0)
    text.append(buffer, static_cast<size_t>(count));
  absl::string_view shown = absl::StripSuffix(text, "\n");
  return std::string(shown.size() > kMaxPrintedBytes ? shown.substr(shown.size() - kMaxPrintedBytes)
                                                     : shown);
}

struct Ending {
  ExitStatus status;
  double cpuSeconds = 0;
  bool killedByUs = false;
};

/// The child has closed its end: it is ending. One that does not is killed.
Ending reap(pid_t child) {
  Ending ending;
  int status = 0;
  rusage usage = {};
  for (int waited = 0; wait4(child, &status, WNOHANG, &usage) == 0; ++waited) {
    if (waited == 1000) {
      ending.killedByUs = true;
      kill(child, SIGKILL);
    }
    absl::SleepFor(absl::Milliseconds(1));
  }
  ending.status = ExitStatus::fromWait(status);
  const timeval &user = usage.ru_utime, &system = usage.ru_stime;
  ending.cpuSeconds = static_cast<double>(user.tv_sec + system.tv_sec) +
                      static_cast<double>(user.tv_usec + system.tv_usec) * 1e-6;
  return ending;
}

ForkedResult::Outcome classify(const Ending &ending, const RequestLimits &limits) {
  using Outcome = ForkedResult::Outcome;
  const ExitStatus &status = ending.status;
  // Where the soft CPU limit equals the hard one, the kernel sends SIGKILL.
  const bool usedUp = limits.cpuSeconds > 0 && ending.cpuSeconds >= limits.cpuSeconds;
  if (status.outOfTime() || ending.killedByUs || (status.signal == SIGKILL && usedUp))
    return Outcome::TimedOut;
  if (status.signal == SIGKILL || (status.signal == 0 && status.exitCode == kOutOfMemoryExit))
    return Outcome::OutOfMemory;
  if (status.signal == 0 && status.exitCode == kReplyTooLargeExit)
    return Outcome::TooLarge;
  return Outcome::Crashed;
}

void killGroup(pid_t child) {
  kill(-child, SIGKILL);
  kill(child, SIGKILL); // before its setpgid, there is no group
  waitpid(child, nullptr, 0);
}

void receiveReply(Channel &reply, pid_t child, const RequestLimits &limits, absl::Time deadline,
                  ForkedResult &result) {
  absl::StatusOr<nlohmann::json> json = reply.receive(deadline, &result.bytes);
  if (json.ok()) {
    result.outcome = ForkedResult::Outcome::Replied;
    *result.json = *std::move(json);
    killGroup(child);
  } else if (absl::IsResourceExhausted(json.status())) {
    result.outcome = ForkedResult::Outcome::TooLarge;
    result.detail = std::string(json.status().message());
    killGroup(child);
  } else if (absl::IsDeadlineExceeded(json.status())) {
    result.outcome = ForkedResult::Outcome::TimedOut;
    killGroup(child);
  } else {
    const Ending ending = reap(child);
    kill(-child, SIGKILL);
    result.outcome = classify(ending, limits);
    result.detail = ending.status.describe();
  }
}

void supervise(pid_t child, Channel &reply, const RequestLimits &limits, const Channel &supervisor,
               ForkedResult &result) {
  const absl::Time deadline = limits.wallSeconds > 0
                                  ? absl::Now() + absl::Seconds(limits.wallSeconds) + kGrace
                                  : absl::InfiniteFuture();
  switch (awaitReply(reply.readDescriptor(), supervisor, deadline)) {
  case Event::SupervisorGone:
    killGroup(child);
    _exit(0);
  case Event::Deadline:
    killGroup(child);
    result.outcome = ForkedResult::Outcome::TimedOut;
    break;
  case Event::Readable:
    receiveReply(reply, child, limits, deadline, result);
    break;
  }
  if (result.outcome == ForkedResult::Outcome::TimedOut)
    result.detail = absl::StrCat("did not end within ", limits.wallSeconds, " s (",
                                 limits.cpuSeconds, " s of CPU time)");
}

} // namespace

void exitUnlessSent(const absl::Status &sent) {
  if (!sent.ok())
    _exit(absl::IsResourceExhausted(sent) ? kReplyTooLargeExit : 1);
}

void exitOutOfMemory() { _exit(kOutOfMemoryExit); }

ForkedResult::ForkedResult() = default;
ForkedResult::ForkedResult(ForkedResult &&) = default;
ForkedResult &ForkedResult::operator=(ForkedResult &&) = default;
ForkedResult::~ForkedResult() = default;

ForkedResult callForked(const RequestLimits &limits, const Channel &supervisor,
                        absl::FunctionRef<void(Channel &reply)> work) {
  ForkedResult result;
  result.json = std::make_unique<nlohmann::json>();
  Pipe reply, printed;
  if (!reply.open() || !printed.open()) {
    result.detail = "no pipe could be opened";
    return result;
  }
  // What does not fit into the pipe is lost instead of stopping the child.
  fcntl(printed.writeEnd, F_SETFL, O_NONBLOCK);
  fcntl(printed.readEnd, F_SETFL, O_NONBLOCK);

  const absl::Time start = absl::Now();
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0)
    runChild(limits, parent, reply.writeEnd, printed.writeEnd, work);
  close(printed.writeEnd);
  close(reply.writeEnd);
  if (child < 0) {
    result.detail = absl::StrCat("fork failed with errno ", errno);
    close(reply.readEnd);
  } else {
    const int64_t maxBytes = limits.resultBytes > 0 ? limits.resultBytes : Channel::defaultMaxBytes;
    Channel replies(reply.readEnd, reply.readEnd, maxBytes);
    supervise(child, replies, limits, supervisor, result);
  }
  result.seconds = absl::ToDoubleSeconds(absl::Now() - start);
  if (!result.replied()) {
    const std::string text = endOfPrinted(printed.readEnd);
    if (!text.empty())
      absl::StrAppend(&result.detail, ": ", text);
  }
  close(printed.readEnd);
  return result;
}

} // namespace chameleon
