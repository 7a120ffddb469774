//===- TargetInfoTest.cpp - Tests of TargetInfo.h -------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/TargetInfo.h"

#include "HostCpu.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <fstream>
#include <sched.h>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

namespace chameleon {
namespace {

/// Runs `body` in a child, so that what it does to the affinity mask stays there; true if it
/// returned true.
template <typename Body> bool inChild(Body body) {
  const pid_t child = fork();
  if (child == 0) {
    _exit(body() ? 0 : 1);
  }
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// The flags Linux prints in /proc/cpuinfo: an independent reading of cpuid.
std::set<std::string> kernelFlags() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    if (line.rfind("flags", 0) == 0) {
      return absl::StrSplit(line.substr(line.find(':') + 1), ' ', absl::SkipEmpty());
    }
  }
  return {};
}

TEST(TargetInfoTest, HostIsPlausible) {
  absl::StatusOr<TargetInfo> host = hostTargetInfo();
  ASSERT_TRUE(host.ok()) << host.status();
  EXPECT_FALSE(host->cpu.empty());
  EXPECT_GE(host->cores, 1);
  EXPECT_GE(host->vectorBytes, 16);
  EXPECT_GE(host->l1Bytes, 8 << 10);
  EXPECT_GE(host->l2Bytes, host->l1Bytes);
  EXPECT_GE(host->cacheLineBytes, 32);
  EXPECT_EQ(host->key(), hostTargetInfo()->key());
}

TEST(TargetInfoTest, KeyIsReadable) {
  TargetInfo target;
  target.triple = "x86_64-unknown-linux-gnu";
  target.cpu = "znver4";
  target.features = "+avx2,+avx512f";
  target.vectorBytes = 64;
  target.l3Bytes = 33554432;
  EXPECT_EQ(target.key(), "znver4/avx512/l1=32768/l2=1048576/l3=33554432");
  target.vectorBytes = 32;
  target.cpu = "haswell";
  target.features = "+avx,+avx2";
  EXPECT_EQ(target.key(), "haswell/avx2/l1=32768/l2=1048576/l3=33554432");
}

TEST(TargetInfoTest, LanesAreAtLeastOne) {
  TargetInfo target;
  target.vectorBytes = 32;
  EXPECT_EQ(target.lanes(32), 8);
  EXPECT_EQ(target.lanes(1024), 1);
}

TEST(TargetInfoTest, OpenMpThreadsSpreadUnlessTheEnvironmentSaysOtherwise) {
  unsetenv("KMP_AFFINITY");
  setenv("OMP_PROC_BIND", "false", 1);
  spreadOpenMpThreads();
  EXPECT_EQ(std::getenv("KMP_AFFINITY"), nullptr);
  unsetenv("OMP_PROC_BIND");
  setenv("KMP_AFFINITY", "disabled", 1);
  spreadOpenMpThreads();
  EXPECT_STREQ(std::getenv("KMP_AFFINITY"), "disabled");
  unsetenv("KMP_AFFINITY");
  spreadOpenMpThreads();
  EXPECT_THAT(std::getenv("KMP_AFFINITY"), testing::HasSubstr("compact"));
  unsetenv("KMP_AFFINITY");
}

#if defined(__x86_64__)
TEST(HostCpuTest, FeaturesAgreeWithTheKernel) {
  const std::set<std::string> flags = kernelFlags();
  if (flags.empty()) {
    GTEST_SKIP() << "no flags in /proc/cpuinfo";
  }
  const std::pair<const char *, const char *> names[] = {
      {"avx", "avx"},           {"avx2", "avx2"},         {"fma", "fma"},
      {"f16c", "f16c"},         {"bmi", "bmi1"},          {"avx512f", "avx512f"},
      {"avx512bw", "avx512bw"}, {"avx512vl", "avx512vl"}, {"avx512vnni", "avx512_vnni"},
      {"sse4.2", "sse4_2"},     {"lzcnt", "abm"},         {"avx512bf16", "avx512_bf16"},
      {"amx-tile", "amx_tile"}, {"movbe", "movbe"},       {"avx512fp16", "avx512_fp16"}};
  const std::vector<std::string> features = absl::StrSplit(readHostCpu().features, ',');
  for (auto [llvmName, linuxName] : names) {
    const std::string expected = std::string(flags.count(linuxName) ? "+" : "-") + llvmName;
    EXPECT_EQ(std::count(features.begin(), features.end(), expected), 1) << expected;
  }
}

TEST(HostCpuTest, NamesByVendorFamilyAndModel) {
  EXPECT_EQ(x86CpuName("AuthenticAMD", 0x19, 0x11), "znver4");
  EXPECT_EQ(x86CpuName("AuthenticAMD", 0x19, 0x21), "znver3");
  EXPECT_EQ(x86CpuName("AuthenticAMD", 0x17, 0x31), "znver2");
  EXPECT_EQ(x86CpuName("AuthenticAMD", 0x1a, 0x02), "znver5");
  EXPECT_EQ(x86CpuName("GenuineIntel", 6, 0x8f), "sapphirerapids");
  EXPECT_EQ(x86CpuName("GenuineIntel", 6, 0x3f), "haswell");
  EXPECT_EQ(x86CpuName("GenuineIntel", 0xff, 0x3f), "");
  EXPECT_EQ(x86CpuName("Elsewhere", 6, 0x3f), "");
}
#endif

TEST(TargetInfoTest, CoresRespectTheAffinityMask) {
  EXPECT_TRUE(inChild([] { return pinToCores(0, 1).ok() && hostTargetInfo()->cores == 1; }));
}

TEST(TargetInfoTest, PinsToOneThread) {
  EXPECT_TRUE(inChild([] {
    cpu_set_t mask;
    return pinToCores(hostTargetInfo()->cores - 1, 1).ok() &&
           sched_getaffinity(0, sizeof(mask), &mask) == 0 && CPU_COUNT(&mask) == 1;
  }));
}

TEST(TargetInfoTest, PinsToTheLastCores) {
  const int cores = hostTargetInfo()->cores;
  if (cores < 2) {
    GTEST_SKIP() << "one core";
  }
  EXPECT_TRUE(inChild([cores] {
    cpu_set_t before;
    cpu_set_t after;
    sched_getaffinity(0, sizeof(before), &before);
    if (!pinToCores(1, cores - 1).ok() || sched_getaffinity(0, sizeof(after), &after) != 0) {
      return false;
    }
    int first = 0;
    while (!CPU_ISSET(first, &before)) {
      ++first;
    }
    return CPU_COUNT(&after) == cores - 1 && !CPU_ISSET(first, &after);
  }));
}

TEST(TargetInfoTest, PinFailsOnCoresThatAreNotThere) {
  const int cores = hostTargetInfo()->cores;
  EXPECT_EQ(pinToCores(1 << 20, 1).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(pinToCores(-1, 1).ok());
  EXPECT_FALSE(pinToCores(0, 0).ok());
  EXPECT_FALSE(pinToCores(0, cores + 1).ok());
  EXPECT_FALSE(pinToCores(cores - 1, 2).ok());
}

} // namespace
} // namespace chameleon
