//===- SystemCallFilter.h - Refuses network and exec ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to Support.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SUPPORT_SYSTEMCALLFILTER_H
#define CHAMELEON_LIB_SUPPORT_SYSTEMCALLFILTER_H

namespace chameleon {

/// Makes the kernel refuse, for this process and its children and for good: sockets other than
/// local ones (unless `allowNetwork`), and execve (unless `allowExec`). Returns 0, also where the
/// kernel has no seccomp; or an errno value.
int installSystemCallFilter(bool allowNetwork, bool allowExec);

} // namespace chameleon

#endif // CHAMELEON_LIB_SUPPORT_SYSTEMCALLFILTER_H
