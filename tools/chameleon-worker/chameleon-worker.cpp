//===- chameleon-worker.cpp - The child that builds or runs candidates ---===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BuildRole.h"
#include "chameleon/Measure/RunRole.h"
#include "chameleon/Support/WorkerProcess.h"
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

namespace {

constexpr char kUsage[] =
    R"(usage: chameleon-worker --role=build|run

Serves the requests of chameleon-opt and chameleon-bench, which start it by themselves: it builds candidates
(build), or checks and times them (run), each in a child process that may fail without harm. Messages are
length-prefixed JSON on the descriptor named by CHAMELEON_WORKER_FD, or on standard input and output without it,
so that it works through `ssh`: --auto-tune="worker-command='ssh board chameleon-worker'".

  --role=build|run  what to serve
  --help            this text
  --version         the version
)";

std::unique_ptr<chameleon::WorkerRole> makeRole(const std::string &name) {
  if (name == "build")
    return std::make_unique<chameleon::BuildRole>();
  if (name == "run")
    return std::make_unique<chameleon::RunRole>();
  return nullptr;
}

int fail(const std::string &message) {
  std::fprintf(stderr, "chameleon-worker: %s\n", message.c_str());
  return 1;
}

int serve(const std::string &roleName) {
  // The terminal's Ctrl-C is for the parent, which lets us finish; a parent that is gone shows as
  // such.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  auto channel = chameleon::openWorkerChannel();
  if (!channel.ok())
    return fail(std::string(channel.status().message()));
  std::unique_ptr<chameleon::WorkerRole> role = makeRole(roleName);
  if (!role)
    return fail("expected --role=build or --role=run, but got \"" + roleName + "\"");
  const absl::Status ended = chameleon::serveRequests(*role, **channel);
  return ended.ok() ? 0 : fail(std::string(ended.message()));
}

} // namespace

int main(int argc, char **argv) {
  std::string role;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--help" || argument == "-h") {
      std::fputs(kUsage, stdout);
      return 0;
    }
    if (argument == "--version") {
      std::puts("chameleon-worker " CHAMELEON_VERSION);
      return 0;
    }
    if (argument.rfind("--role=", 0) != 0)
      return fail("unknown argument \"" + argument + "\"; --help lists what there is");
    role = argument.substr(7);
  }
  if (role.empty())
    return fail("expected --role=build or --role=run; --help says more");
  return serve(role);
}
