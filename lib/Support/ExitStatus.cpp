//===- ExitStatus.cpp - How a process ended ------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/ExitStatus.h"

#include "absl/strings/str_cat.h"
#include <csignal>
#include <cstring>
#include <sys/wait.h>

namespace chameleon {

ExitStatus ExitStatus::fromWait(int waitStatus) {
  ExitStatus status;
  if (WIFSIGNALED(waitStatus)) {
    status.signal = WTERMSIG(waitStatus);
  } else {
    status.exitCode = WEXITSTATUS(waitStatus);
  }
  return status;
}

bool ExitStatus::outOfTime() const { return signal == SIGXCPU || signal == SIGALRM; }

std::string ExitStatus::describe() const {
  if (signal == 0) {
    return absl::StrCat("exit code ", exitCode);
  }
  const char *name = sigabbrev_np(signal);
  const char *words = sigdescr_np(signal);
  if (!name || !words) {
    return absl::StrCat("signal ", signal);
  }
  return absl::StrCat("SIG", name, " (", words, ")");
}

} // namespace chameleon
