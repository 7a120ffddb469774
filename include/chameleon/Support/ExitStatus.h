//===- ExitStatus.h - How a process ended --------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SUPPORT_EXITSTATUS_H
#define CHAMELEON_SUPPORT_EXITSTATUS_H

#include <string>

namespace chameleon {

struct ExitStatus {
  int exitCode = 0; // 0 to 255; meaningless if a signal ended it
  int signal = 0;   // the signal that ended it, 0 if none

  /// From what waitpid stores.
  static ExitStatus fromWait(int waitStatus);
  bool success() const { return signal == 0 && exitCode == 0; }
  /// It used up the CPU or wall seconds of its ChildLimits.
  bool outOfTime() const;
  /// For people: "exit code 3", "SIGSEGV (segmentation fault)".
  std::string describe() const;
};

} // namespace chameleon

#endif // CHAMELEON_SUPPORT_EXITSTATUS_H
