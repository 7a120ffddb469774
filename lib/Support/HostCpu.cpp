//===- HostCpu.cpp - Name and instruction sets of this processor ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HostCpu.h"

#include "absl/strings/str_cat.h"
#include <algorithm>
#include <map>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace chameleon {
namespace {

/// "+a,-b" in the order of the names.
std::string featureString(const std::map<std::string, bool> &features) {
  std::string text;
  for (const auto &[name, present] : features) {
    absl::StrAppend(&text, text.empty() ? "" : ",", present ? "+" : "-", name);
  }
  return text;
}

} // namespace

#if defined(__x86_64__)

namespace {

enum Register { Eax, Ebx, Ecx, Edx };
/// What the operating system must save on a context switch before a feature can be used.
enum class State { None, Avx, Avx512, Amx };

struct FeatureBit {
  const char *name; // LLVM's
  unsigned leaf, subleaf;
  Register reg;
  unsigned bit;
  State state;
};

constexpr FeatureBit featureBits[] = {
    {"sse3", 1, 0, Ecx, 0, State::None},
    {"ssse3", 1, 0, Ecx, 9, State::None},
    {"fma", 1, 0, Ecx, 12, State::Avx},
    {"sse4.1", 1, 0, Ecx, 19, State::None},
    {"sse4.2", 1, 0, Ecx, 20, State::None},
    {"movbe", 1, 0, Ecx, 22, State::None},
    {"popcnt", 1, 0, Ecx, 23, State::None},
    {"avx", 1, 0, Ecx, 28, State::Avx},
    {"f16c", 1, 0, Ecx, 29, State::Avx},
    {"bmi", 7, 0, Ebx, 3, State::None},
    {"avx2", 7, 0, Ebx, 5, State::Avx},
    {"bmi2", 7, 0, Ebx, 8, State::None},
    {"avx512f", 7, 0, Ebx, 16, State::Avx512},
    {"avx512dq", 7, 0, Ebx, 17, State::Avx512},
    {"avx512ifma", 7, 0, Ebx, 21, State::Avx512},
    {"avx512cd", 7, 0, Ebx, 28, State::Avx512},
    {"avx512bw", 7, 0, Ebx, 30, State::Avx512},
    {"avx512vl", 7, 0, Ebx, 31, State::Avx512},
    {"avx512vbmi", 7, 0, Ecx, 1, State::Avx512},
    {"avx512vbmi2", 7, 0, Ecx, 6, State::Avx512},
    {"gfni", 7, 0, Ecx, 8, State::None},
    {"avx512vnni", 7, 0, Ecx, 11, State::Avx512},
    {"avx512bitalg", 7, 0, Ecx, 12, State::Avx512},
    {"avx512vpopcntdq", 7, 0, Ecx, 14, State::Avx512},
    {"amx-bf16", 7, 0, Edx, 22, State::Amx},
    {"avx512fp16", 7, 0, Edx, 23, State::Avx512},
    {"amx-tile", 7, 0, Edx, 24, State::Amx},
    {"amx-int8", 7, 0, Edx, 25, State::Amx},
    {"avxvnni", 7, 1, Eax, 4, State::Avx},
    {"avx512bf16", 7, 1, Eax, 5, State::Avx512},
    {"lzcnt", 0x80000001, 0, Ecx, 5, State::None},
};

unsigned cpuidRegister(unsigned leaf, unsigned subleaf, Register reg) {
  unsigned values[4] = {0, 0, 0, 0};
  if (!__get_cpuid_count(leaf, subleaf, &values[0], &values[1], &values[2], &values[3])) {
    return 0;
  }
  return values[reg];
}

/// XCR0: which register states the operating system saves; 0 if it does not say.
uint64_t savedStates() {
  constexpr unsigned osxsaveBit = 27;
  if (!((cpuidRegister(1, 0, Ecx) >> osxsaveBit) & 1)) {
    return 0;
  }
  uint32_t low = 0, high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (static_cast<uint64_t>(high) << 32) | low;
}

bool saves(uint64_t xcr0, State state) {
  uint64_t needed = 0;
  switch (state) {
  case State::None:
    break;
  case State::Avx:
    needed = 0x6;
    break;
  case State::Avx512:
    needed = 0xe6;
    break;
  case State::Amx:
    needed = 0x60000;
    break;
  }
  return (xcr0 & needed) == needed;
}

std::map<std::string, bool> readFeatures() {
  std::map<std::string, bool> features;
  const uint64_t xcr0 = savedStates();
  for (const FeatureBit &feature : featureBits) {
    const unsigned value = cpuidRegister(feature.leaf, feature.subleaf, feature.reg);
    features[feature.name] = ((value >> feature.bit) & 1) && saves(xcr0, feature.state);
  }
  return features;
}

std::string readVendor() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (!__get_cpuid(0, &eax, &ebx, &ecx, &edx)) {
    return "";
  }
  std::string vendor;
  for (unsigned word : {ebx, edx, ecx}) {
    for (int byte = 0; byte < 4; ++byte) {
      vendor.push_back(static_cast<char>((word >> (8 * byte)) & 0xff));
    }
  }
  return vendor;
}

std::string readModelName() {
  const unsigned signature = cpuidRegister(1, 0, Eax);
  unsigned family = (signature >> 8) & 0xf;
  unsigned model = (signature >> 4) & 0xf;
  if (family == 0xf) {
    family += (signature >> 20) & 0xff;
  }
  model |= ((signature >> 16) & 0xf) << 4;
  return x86CpuName(readVendor(), family, model);
}

/// The psABI level all of whose features are there.
std::string microarchitectureLevel(const std::map<std::string, bool> &features) {
  auto all = [&](std::initializer_list<const char *> names) {
    return std::all_of(names.begin(), names.end(),
                       [&](const char *name) { return features.at(name); });
  };
  if (!all({"sse3", "ssse3", "sse4.1", "sse4.2", "popcnt"})) {
    return "x86-64";
  }
  if (!all({"avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"})) {
    return "x86-64-v2";
  }
  if (!all({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"})) {
    return "x86-64-v3";
  }
  return "x86-64-v4";
}

struct ModelRange {
  const char *vendor;
  unsigned family, firstModel, lastModel;
  const char *name; // LLVM's
};

constexpr const char *amd = "AuthenticAMD";
constexpr const char *intel = "GenuineIntel";
constexpr ModelRange modelRanges[] = {
    {amd, 0x17, 0x00, 0x2f, "znver1"},         {amd, 0x17, 0x30, 0xaf, "znver2"},
    {amd, 0x19, 0x00, 0x0f, "znver3"},         {amd, 0x19, 0x10, 0x1f, "znver4"},
    {amd, 0x19, 0x20, 0x5f, "znver3"},         {amd, 0x19, 0x60, 0x7f, "znver4"},
    {amd, 0x19, 0xa0, 0xaf, "znver4"},         {amd, 0x1a, 0x00, 0x7f, "znver5"},
    {intel, 6, 0x3c, 0x3c, "haswell"},         {intel, 6, 0x3f, 0x3f, "haswell"},
    {intel, 6, 0x45, 0x46, "haswell"},         {intel, 6, 0x3d, 0x3d, "broadwell"},
    {intel, 6, 0x47, 0x47, "broadwell"},       {intel, 6, 0x4f, 0x4f, "broadwell"},
    {intel, 6, 0x56, 0x56, "broadwell"},       {intel, 6, 0x4e, 0x4e, "skylake"},
    {intel, 6, 0x5e, 0x5e, "skylake"},         {intel, 6, 0x8e, 0x8e, "skylake"},
    {intel, 6, 0x9e, 0x9e, "skylake"},         {intel, 6, 0xa5, 0xa6, "skylake"},
    {intel, 6, 0x55, 0x55, "skylake-avx512"},  {intel, 6, 0x7d, 0x7e, "icelake-client"},
    {intel, 6, 0x6a, 0x6a, "icelake-server"},  {intel, 6, 0x6c, 0x6c, "icelake-server"},
    {intel, 6, 0x8c, 0x8d, "tigerlake"},       {intel, 6, 0xa7, 0xa7, "rocketlake"},
    {intel, 6, 0x97, 0x97, "alderlake"},       {intel, 6, 0x9a, 0x9a, "alderlake"},
    {intel, 6, 0xb7, 0xb7, "raptorlake"},      {intel, 6, 0xba, 0xba, "raptorlake"},
    {intel, 6, 0xbf, 0xbf, "raptorlake"},      {intel, 6, 0xaa, 0xaa, "meteorlake"},
    {intel, 6, 0xac, 0xac, "meteorlake"},      {intel, 6, 0x8f, 0x8f, "sapphirerapids"},
    {intel, 6, 0xcf, 0xcf, "emeraldrapids"},   {intel, 6, 0xad, 0xad, "graniterapids"},
    {intel, 6, 0xae, 0xae, "graniterapids-d"},
};

/// Later server parts share Skylake's model number and differ in what they can do.
std::string refine(std::string name, const std::map<std::string, bool> &features) {
  if (name == "skylake-avx512" && features.at("avx512bf16")) {
    return "cooperlake";
  }
  if (name == "skylake-avx512" && features.at("avx512vnni")) {
    return "cascadelake";
  }
  return name;
}

} // namespace

std::string x86CpuName(const std::string &vendor, unsigned family, unsigned model) {
  for (const ModelRange &range : modelRanges) {
    if (vendor == range.vendor && family == range.family && model >= range.firstModel &&
        model <= range.lastModel) {
      return range.name;
    }
  }
  return "";
}

HostCpu readHostCpu() {
  const std::map<std::string, bool> features = readFeatures();
  HostCpu cpu;
  cpu.triple = "x86_64-unknown-linux-gnu";
  cpu.features = featureString(features);
  cpu.name = refine(readModelName(), features);
  if (cpu.name.empty()) {
    cpu.name = microarchitectureLevel(features);
  }
  if (features.at("avx512f")) {
    cpu.vectorBytes = 64;
    cpu.vectorRegisters = 32;
  } else if (features.at("avx")) {
    cpu.vectorBytes = 32;
  }
  return cpu;
}

#elif defined(__aarch64__)

HostCpu readHostCpu() {
  const unsigned long hwcap = getauxval(AT_HWCAP);
  const unsigned long hwcap2 = getauxval(AT_HWCAP2);
  HostCpu cpu;
  cpu.triple = "aarch64-unknown-linux-gnu";
  cpu.name = "generic";
  cpu.features = featureString({{"bf16", (hwcap2 >> 14) & 1},
                                {"dotprod", (hwcap >> 20) & 1},
                                {"fullfp16", (hwcap >> 10) & 1},
                                {"i8mm", (hwcap2 >> 13) & 1},
                                {"lse", (hwcap >> 8) & 1},
                                {"neon", (hwcap >> 1) & 1}});
  cpu.vectorBytes = 16;
  cpu.vectorRegisters = 32;
  return cpu;
}

#else
#error "expected x86_64 or aarch64: teach HostCpu.cpp this architecture"
#endif

} // namespace chameleon
