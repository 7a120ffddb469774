//===- WorkerProcessTest.cpp - Tests of WorkerProcess.h ------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/WorkerProcess.h"

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include <csignal>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

namespace chameleon {
namespace {

absl::Time soon() { return absl::Now() + absl::Seconds(10); }

std::unique_ptr<WorkerProcess> shell(const std::string &script) {
  WorkerOptions options;
  options.command = {"sh", "-c", script};
  options.maxLogBytes = 4096;
  absl::StatusOr<std::unique_ptr<WorkerProcess>> worker = WorkerProcess::spawn(options);
  EXPECT_TRUE(worker.ok()) << worker.status();
  return std::move(*worker);
}

/// A process that ended but was not reaped counts as gone.
bool isGone(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/stat";
  FILE *file = fopen(path.c_str(), "r");
  if (!file) {
    return true;
  }
  char state = 0;
  const int fields = fscanf(file, "%*d (%*[^)]) %c", &state);
  fclose(file);
  return fields == 1 && (state == 'Z' || state == 'X');
}

bool goneSoon(pid_t pid) {
  for (int i = 0; i < 500 && !isGone(pid); ++i) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  return isGone(pid);
}

TEST(WorkerProcessTest, AnswersOverDescriptorThree) {
  auto worker = shell("test \"$CHAMELEON_WORKER_FD\" = 3 && cat <&3 >&3");
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(worker->channel().send({{"id", i}}, soon(), "bytes").ok());
    std::string bytes;
    absl::StatusOr<nlohmann::json> answer = worker->channel().receive(soon(), &bytes);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ((*answer)["id"], i);
    EXPECT_EQ(bytes, "bytes");
  }
  EXPECT_FALSE(worker->poll());
  worker->channel().close();
  absl::optional<ExitStatus> ended = worker->wait(soon());
  ASSERT_TRUE(ended);
  EXPECT_TRUE(ended->success());
}

TEST(WorkerProcessTest, AnswersOverStandardStreams) {
  WorkerOptions options;
  options.command = {"cat"};
  options.channelOnStandardStreams = true;
  auto worker = WorkerProcess::spawn(options);
  ASSERT_TRUE(worker.ok());
  ASSERT_TRUE((*worker)->channel().send({{"id", 1}}, soon()).ok());
  EXPECT_TRUE((*worker)->channel().receive(soon()).ok());
}

TEST(WorkerProcessTest, LogIsCaughtCappedAndCleared) {
  auto worker = shell("echo out; echo err >&2; read line <&3; yes | head -c 100000; read line <&3");
  auto logHas = [&](size_t bytes) {
    for (int i = 0; i < 500 && worker->log().size() < bytes; ++i) {
      absl::SleepFor(absl::Milliseconds(10));
    }
    return worker->log().size() >= bytes;
  };
  ASSERT_TRUE(logHas(8));
  EXPECT_EQ(worker->log(), "out\nerr\n");
  worker->clearLog();
  EXPECT_EQ(worker->log(), "");
  ASSERT_EQ(write(worker->channel().readDescriptor(), "\n", 1), 1);
  ASSERT_TRUE(logHas(4000));
  EXPECT_LE(worker->log().size(), 4096u);
}

TEST(WorkerProcessTest, HowItEndedIsData) {
  auto exits = shell("exit 7");
  absl::optional<ExitStatus> ended = exits->wait(soon());
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->exitCode, 7);
  EXPECT_EQ(ended->describe(), "exit code 7");

  auto crashes = shell("kill -SEGV $$");
  ended = crashes->wait(soon());
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->signal, SIGSEGV);
  EXPECT_EQ(ended->describe(), "SIGSEGV (Segmentation fault)");

  auto hangs = shell("sleep 1000");
  EXPECT_FALSE(hangs->wait(absl::Now() + absl::Milliseconds(20)));
  EXPECT_EQ(hangs->kill().signal, SIGKILL);
}

TEST(WorkerProcessTest, ProgramThatIsNotThereIsAnError) {
  WorkerOptions options;
  options.command = {"/nowhere/chameleon-worker"};
  absl::Status status = WorkerProcess::spawn(options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(status.message().find("/nowhere/chameleon-worker"), absl::string_view::npos);
  options.command = {};
  EXPECT_FALSE(WorkerProcess::spawn(options).ok());
}

TEST(WorkerProcessTest, KillTakesTheWholeGroup) {
  auto worker = shell("sleep 1000 & echo $!; wait");
  while (worker->log().find('\n') == std::string::npos) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  const pid_t grandchild = std::stoi(worker->log());
  EXPECT_FALSE(isGone(grandchild));
  const pid_t child = worker->pid();
  worker.reset();
  EXPECT_TRUE(goneSoon(child));
  EXPECT_TRUE(goneSoon(grandchild));
}

TEST(WorkerProcessTest, LeavesNothingBehindWhenItEndsItself) {
  auto worker = shell("sleep 1000 & echo $!");
  ASSERT_TRUE(worker->wait(soon()));
  EXPECT_TRUE(goneSoon(std::stoi(worker->log())));
}

TEST(WorkerProcessTest, DiesWithItsParent) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    auto worker = shell("sleep 1000");
    const pid_t pid = worker->pid();
    if (write(ends[1], &pid, sizeof(pid)) != sizeof(pid)) {
      _exit(1);
    }
    pause();
  }
  pid_t worker = 0;
  ASSERT_EQ(read(ends[0], &worker, sizeof(worker)), static_cast<ssize_t>(sizeof(worker)));
  EXPECT_FALSE(isGone(worker));
  kill(parent, SIGKILL); // no destructor runs
  waitpid(parent, nullptr, 0);
  EXPECT_TRUE(goneSoon(worker));
  close(ends[0]);
  close(ends[1]);
}

TEST(WorkerProcessTest, HasNoDescriptorsOfOurs) {
  const int leaked = dup2(STDERR_FILENO, 77); // without O_CLOEXEC
  ASSERT_EQ(leaked, 77);
  auto worker = shell("test -e /proc/self/fd/3 && ! test -e /proc/self/fd/77");
  absl::optional<ExitStatus> ended = worker->wait(soon());
  close(leaked);
  ASSERT_TRUE(ended);
  EXPECT_TRUE(ended->success());
}

TEST(WorkerProcessTest, SignalsAreBackToDefaults) {
  auto before = signal(SIGTERM, SIG_IGN);
  auto worker = shell("sleep 1000");
  kill(worker->pid(), SIGTERM);
  absl::optional<ExitStatus> ended = worker->wait(soon());
  signal(SIGTERM, before);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->signal, SIGTERM);
}

TEST(OpenWorkerChannelTest, KeepsPrintsOutOfTheProtocol) {
  int toChild[2], toParent[2];
  ASSERT_EQ(pipe(toChild), 0);
  ASSERT_EQ(pipe(toParent), 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(toChild[0], 0);
    dup2(toParent[1], 1);
    dup2(open("/dev/null", O_WRONLY), 2);
    close(toChild[1]);
    absl::StatusOr<std::unique_ptr<Channel>> channel = openWorkerChannel();
    printf("a candidate prints\n");
    fflush(stdout);
    absl::StatusOr<nlohmann::json> message = (*channel)->receive(soon());
    _exit((*channel)->send(*message, soon()).ok() ? 0 : 1);
  }
  Channel channel(toParent[0], toChild[1]);
  ASSERT_TRUE(channel.send({{"id", 4}}, soon()).ok());
  absl::StatusOr<nlohmann::json> answer = channel.receive(soon());
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ((*answer)["id"], 4);
  waitpid(child, nullptr, 0);
  close(toChild[0]);
  close(toParent[1]);
}

} // namespace
} // namespace chameleon
