//===- Interrupt.cpp - Ctrl-C asks, then insists -------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/Interrupt.h"

#include "Spawn.h"
#include <atomic>
#include <csignal>
#include <unistd.h>

namespace chameleon {
namespace {

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set in a signal handler");

struct sigaction previousInt, previousTerm;

void onSignal(int) {
  if (!interrupted.exchange(true)) {
    return;
  }
  killAllGroups();
  _exit(interruptedExitCode);
}

} // namespace

InterruptHandler::InterruptHandler() {
  interrupted = false;
  struct sigaction action = {};
  action.sa_handler = onSignal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, &previousInt);
  sigaction(SIGTERM, &action, &previousTerm);
}

InterruptHandler::~InterruptHandler() {
  sigaction(SIGINT, &previousInt, nullptr);
  sigaction(SIGTERM, &previousTerm, nullptr);
}

bool interruptRequested() { return interrupted.load(std::memory_order_relaxed); }

void requestInterrupt() { interrupted = true; }

} // namespace chameleon
