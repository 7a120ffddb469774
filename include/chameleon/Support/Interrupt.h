//===- Interrupt.h - Ctrl-C asks, then insists ---------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first SIGINT or SIGTERM sets a flag: the session stops measuring, writes the best so far and
// exits with 130. The second kills every child group started by Support and exits with 130 at once
// (records are committed one by one, so none is lost).
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SUPPORT_INTERRUPT_H
#define CHAMELEON_SUPPORT_INTERRUPT_H

namespace chameleon {

constexpr int interruptedExitCode = 130;

/// Catches SIGINT and SIGTERM while it lives, and puts back what was there before. At most one at a
/// time; the flag starts clear.
class InterruptHandler {
public:
  InterruptHandler();
  ~InterruptHandler();
  InterruptHandler(const InterruptHandler &) = delete;
  InterruptHandler &operator=(const InterruptHandler &) = delete;
};

/// Whether a signal has come since the handler was installed, or `requestInterrupt` was called.
/// Cheap.
bool interruptRequested();
/// As if the user had pressed Ctrl-C once.
void requestInterrupt();

} // namespace chameleon

#endif // CHAMELEON_SUPPORT_INTERRUPT_H
