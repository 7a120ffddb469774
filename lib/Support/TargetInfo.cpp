//===- TargetInfo.cpp - What is known of the machine code runs on ---------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/TargetInfo.h"

#include "HostCpu.h"
#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <hwloc.h>
#include <vector>

namespace chameleon {
namespace {

/// The topology, restricted to the cores of this process's affinity mask.
absl::StatusOr<hwloc_topology_t> loadTopology() {
  hwloc_topology_t topology = nullptr;
  if (hwloc_topology_init(&topology) != 0) {
    return absl::InternalError("expected hwloc to start, but it did not");
  }
  hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_RESTRICT_TO_CPUBINDING |
                                         HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM);
  if (hwloc_topology_load(topology) != 0) {
    const int error = errno;
    hwloc_topology_destroy(topology);
    return absl::InternalError(absl::StrCat(
        "expected hwloc to read the machine's topology, but it failed: ", std::strerror(error),
        "; is /sys mounted?"));
  }
  return topology;
}

/// The first hardware thread of each core.
std::vector<hwloc_obj_t> firstThreads(hwloc_topology_t topology) {
  std::vector<hwloc_obj_t> threads;
  const int cores = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE);
  for (int i = 0; i < cores; ++i) {
    hwloc_obj_t core = hwloc_get_obj_by_type(topology, HWLOC_OBJ_CORE, i);
    hwloc_obj_t thread =
        hwloc_get_obj_inside_cpuset_by_type(topology, core->cpuset, HWLOC_OBJ_PU, 0);
    if (thread) {
      threads.push_back(thread);
    }
  }
  if (!threads.empty()) {
    return threads;
  }
  // Some virtual machines and containers show threads without cores.
  const int count = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
  for (int i = 0; i < count; ++i) {
    threads.push_back(hwloc_get_obj_by_type(topology, HWLOC_OBJ_PU, i));
  }
  return threads;
}

/// Size of the cache of `type` above `thread`, or `unknown` if the topology shows none.
int64_t cacheBytes(hwloc_topology_t topology, hwloc_obj_t thread, hwloc_obj_type_t type,
                   int64_t unknown) {
  hwloc_obj_t cache = hwloc_get_ancestor_obj_by_type(topology, type, thread);
  if (!cache || cache->attr->cache.size == 0) {
    return unknown;
  }
  return static_cast<int64_t>(cache->attr->cache.size);
}

int64_t lineBytes(hwloc_topology_t topology, hwloc_obj_t thread, int64_t unknown) {
  hwloc_obj_t cache = hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_L1CACHE, thread);
  if (!cache || cache->attr->cache.linesize == 0) {
    return unknown;
  }
  return cache->attr->cache.linesize;
}

/// "avx512", "avx2", "avx", "sse" or "neon".
std::string vectorLevel(const TargetInfo &target) {
  if (absl::StartsWith(target.triple, "aarch64")) {
    return "neon";
  }
  const std::string features = absl::StrCat(target.features, ",");
  if (target.vectorBytes >= 64) {
    return "avx512";
  }
  if (absl::StrContains(features, "+avx2,")) {
    return "avx2";
  }
  return target.vectorBytes >= 32 ? "avx" : "sse";
}

} // namespace

std::string TargetInfo::key() const {
  return absl::StrCat(cpu, "/", vectorLevel(*this), "/l1=", l1Bytes, "/l2=", l2Bytes,
                      "/l3=", l3Bytes);
}

absl::StatusOr<TargetInfo> hostTargetInfo() {
  absl::StatusOr<hwloc_topology_t> topology = loadTopology();
  if (!topology.ok()) {
    return topology.status();
  }
  absl::Cleanup destroy = [&] { hwloc_topology_destroy(*topology); };

  HostCpu cpu = readHostCpu();
  TargetInfo target;
  target.triple = std::move(cpu.triple);
  target.cpu = std::move(cpu.name);
  target.features = std::move(cpu.features);
  target.vectorBytes = cpu.vectorBytes;
  target.vectorRegisters = cpu.vectorRegisters;

  const std::vector<hwloc_obj_t> threads = firstThreads(*topology);
  if (threads.empty()) {
    return absl::InternalError("expected hwloc to show at least one core, but it showed none");
  }
  target.cores = static_cast<int>(threads.size());
  hwloc_obj_t thread = threads.front();
  target.l1Bytes = cacheBytes(*topology, thread, HWLOC_OBJ_L1CACHE, target.l1Bytes);
  target.l2Bytes = cacheBytes(*topology, thread, HWLOC_OBJ_L2CACHE, target.l2Bytes);
  target.l3Bytes = cacheBytes(*topology, thread, HWLOC_OBJ_L3CACHE, target.l3Bytes);
  target.cacheLineBytes = lineBytes(*topology, thread, target.cacheLineBytes);
  return target;
}

void spreadOpenMpThreads() {
  // Not OMP_PROC_BIND: with that each parallel region takes 6 us more.
  for (const char *name : {"OMP_PROC_BIND", "OMP_PLACES", "GOMP_CPU_AFFINITY"}) {
    if (std::getenv(name)) {
      return;
    }
  }
  setenv("KMP_AFFINITY", "granularity=fine,compact,1,0", /*overwrite=*/0);
}

absl::Status pinToCores(int first, int count) {
  absl::StatusOr<hwloc_topology_t> topology = loadTopology();
  if (!topology.ok()) {
    return topology.status();
  }
  absl::Cleanup destroy = [&] { hwloc_topology_destroy(*topology); };
  const std::vector<hwloc_obj_t> threads = firstThreads(*topology);
  const auto cores = static_cast<int>(threads.size());
  if (first < 0 || count < 1 || first >= cores || count > cores - first) {
    return absl::InvalidArgumentError(absl::StrCat(
        "expected cores among the ", cores, " from 0 on, but got ", count, " from ", first, " on"));
  }
  hwloc_bitmap_t set = hwloc_bitmap_alloc();
  absl::Cleanup release = [&] { hwloc_bitmap_free(set); };
  for (int core = first; core < first + count; ++core) {
    hwloc_bitmap_or(set, set, threads[core]->cpuset);
  }
  if (hwloc_set_cpubind(*topology, set, HWLOC_CPUBIND_PROCESS) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("expected to pin this process to ", count,
                                                   " cores from ", first, " on, but could not"));
  }
  return absl::OkStatus();
}

} // namespace chameleon
