//===- Spawn.h - Starts a program in a group of its own ------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to Support: what Subprocess and WorkerProcess have in common.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SUPPORT_SPAWN_H
#define CHAMELEON_LIB_SUPPORT_SPAWN_H

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "chameleon/Support/ChildLimits.h"
#include "chameleon/Support/ExitStatus.h"
#include <string>
#include <utility>
#include <vector>

namespace chameleon {

/// A descriptor that is closed when it goes out of scope.
class UniqueDescriptor {
public:
  explicit UniqueDescriptor(int descriptor = -1) : descriptor(descriptor) {}
  ~UniqueDescriptor() { reset(); }
  UniqueDescriptor(UniqueDescriptor &&other) noexcept : descriptor(other.release()) {}
  UniqueDescriptor &operator=(UniqueDescriptor &&other) noexcept {
    reset(other.release());
    return *this;
  }

  int get() const { return descriptor; }
  int release() { return std::exchange(descriptor, -1); }
  void reset(int other = -1);

private:
  int descriptor;
};

struct SpawnRequest {
  std::vector<std::string> command;                           // argv; [0] is looked up in PATH
  std::vector<int> descriptors;                               // the child's 0, 1, 2, ...
  std::vector<std::pair<std::string, std::string>> variables; // added to the environment
  ChildLimits limits;
};

/// Starts the command with exactly `descriptors`, default signal dispositions and `limits`, as
/// leader of a process group of its own; it dies with the calling thread. Fails if the program
/// cannot be executed.
absl::StatusOr<pid_t> spawn(const SpawnRequest &request);

/// Waits for `child` until `deadline`; nothing if it still runs then. What it leaves behind in its
/// group is killed.
absl::optional<ExitStatus> waitUntil(pid_t child, absl::Time deadline);

/// Kills the group led by `child` and waits for `child`.
ExitStatus killGroup(pid_t child);

/// Kills every group that was spawned and not reaped yet (of the last few hundred), without
/// waiting. For a signal handler.
void killAllGroups();

} // namespace chameleon

#endif // CHAMELEON_LIB_SUPPORT_SPAWN_H
