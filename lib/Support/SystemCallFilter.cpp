//===- SystemCallFilter.cpp - Refuses network and exec -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SystemCallFilter.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

namespace chameleon {
namespace {

#if defined(__x86_64__)
constexpr uint32_t architecture = AUDIT_ARCH_X86_64;
constexpr uint32_t firstForeignCall = 0x40000000; // the x32 calls
#elif defined(__aarch64__)
constexpr uint32_t architecture = AUDIT_ARCH_AARCH64;
constexpr uint32_t firstForeignCall = 0xffffffff;
#endif

/// A classic BPF program under construction; fixed storage, since the heap is off limits after
/// fork.
class Program {
public:
  void add(sock_filter instruction) { code[length++] = instruction; }

  void loadWord(size_t offset) {
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<uint32_t>(offset)));
  }
  void refuseIfEqual(uint32_t value) {
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
    refuse();
  }
  void refuse() { add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES)); }
  void allow() { add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)); }

  sock_fprog get() { return {static_cast<unsigned short>(length), code.data()}; }

private:
  std::array<sock_filter, 40> code = {};
  size_t length = 0;
};

/// Calls of another architecture have other numbers: refused, or the rest could be bypassed.
void checkArchitecture(Program &program) {
  program.loadWord(offsetof(seccomp_data, arch));
  program.add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, architecture, 1, 0));
  program.refuse();
  program.loadWord(offsetof(seccomp_data, nr));
  program.add(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, firstForeignCall, 0, 1));
  program.refuse();
}

/// Expects the call's number in the accumulator and leaves it there.
void refuseExec(Program &program) {
  program.refuseIfEqual(SYS_execve);
  program.refuseIfEqual(SYS_execveat);
}

/// Ends the program: socket(domain, ...) passes for AF_UNIX only.
void refuseNetwork(Program &program) {
  program.refuseIfEqual(SYS_io_uring_setup); // rings open sockets without this filter's notice
  program.add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 1, 0));
  program.allow();
  program.loadWord(offsetof(seccomp_data, args)); // low word: both architectures are little-endian
  program.add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0));
  program.refuse();
}

} // namespace

int installSystemCallFilter(bool allowNetwork, bool allowExec) {
  if (allowNetwork && allowExec) {
    return 0;
  }
  Program program;
  checkArchitecture(program);
  if (!allowExec) {
    refuseExec(program);
  }
  if (!allowNetwork) {
    refuseNetwork(program);
  }
  program.allow();
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return errno;
  }
  sock_fprog filter = program.get();
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0 && errno != EINVAL &&
      errno != ENOSYS) {
    return errno;
  }
  return 0;
}

} // namespace chameleon
