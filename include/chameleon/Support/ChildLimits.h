//===- ChildLimits.h - What a child process may use ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Limits are set by the child itself, after fork and before it does what may go wrong: builds a
// candidate, runs one, executes a program. The kernel enforces them, so they hold even if the
// parent is stuck. How each one ends the child:
//
//   address space   allocation fails (malloc gives null, operator new throws or aborts)
//   CPU seconds     SIGXCPU
//   wall seconds    SIGALRM
//   file bytes      SIGXFSZ
//   network, exec   the system call fails with EACCES
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SUPPORT_CHILDLIMITS_H
#define CHAMELEON_SUPPORT_CHILDLIMITS_H

#include <cstdint>
#include <sys/types.h>

namespace chameleon {

/// 0 means: no limit of this kind.
struct ChildLimits {
  /// Total address space, what is mapped already included (see mappedBytes). Not enforced in builds
  /// with sanitizers, whose shadow memory alone is terabytes.
  int64_t addressSpaceBytes = 0;
  double cpuSeconds = 0;  // of this process, from its start; rounded up to whole seconds
  double wallSeconds = 0; // from now; a timer of this process, not inherited by its children
  int64_t fileBytes = 0;  // largest file it may write
  bool allowNetwork = false;
  bool allowExec = true; // may it become another program
};

/// Sets `limits` on the calling process, which must be a freshly forked child; where it has
/// stricter ones already (ulimit), those stay; switches core dumps off, and makes it die with its
/// parent `parent` (the pid read before fork; 0: does not matter). Safe between fork and exec:
/// allocates nothing, takes no locks. Returns 0 or an errno value. Network and exec are refused by
/// a seccomp filter: it cannot be lifted again, goes to children, and sets no_new_privs. Where the
/// kernel has no seccomp they stay allowed.
int applyLimitsInChild(const ChildLimits &limits, pid_t parent);

/// Address space mapped by this process now; 0 if /proc cannot be read. Allocates nothing.
int64_t mappedBytes();

/// Closes every descriptor from `first` on. Safe between fork and exec.
void closeDescriptorsFrom(int first);

} // namespace chameleon

#endif // CHAMELEON_SUPPORT_CHILDLIMITS_H
