//===- HostCpu.h - Name and instruction sets of this processor ------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to Support: what TargetInfo.cpp asks of the processor itself, without LLVM. A feature
// counts only if the operating system saves the registers it needs.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SUPPORT_HOSTCPU_H
#define CHAMELEON_LIB_SUPPORT_HOSTCPU_H

#include <cstdint>
#include <string>

namespace chameleon {

struct HostCpu {
  std::string triple;
  std::string name;     // LLVM's processor name; "x86-64-v3" and the like if the model is unknown
  std::string features; // "+a,-b,...": each feature that matters for code, present or not, by name
  int64_t vectorBytes = 16;
  int vectorRegisters = 16;
};

/// Reads the processor this thread runs on.
HostCpu readHostCpu();

#if defined(__x86_64__)
/// LLVM's name of the x86 processor with this vendor ("AuthenticAMD", "GenuineIntel"), family and
/// model as cpuid encodes them (extended fields added); empty if it is not in the table.
std::string x86CpuName(const std::string &vendor, unsigned family, unsigned model);
#endif

} // namespace chameleon

#endif // CHAMELEON_LIB_SUPPORT_HOSTCPU_H
