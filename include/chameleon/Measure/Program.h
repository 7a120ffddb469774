//===- Program.h - One loaded object, ready to be called -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_PROGRAM_H
#define CHAMELEON_MEASURE_PROGRAM_H

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "chameleon/Codegen/Loader.h"
#include "chameleon/Measure/Buffers.h"
#include "chameleon/Measure/Protocol.h"
#include <memory>
#include <vector>

namespace chameleon {

/// Object code with the memory it is called with: its own outputs and packed constants, and inputs
/// that belong to someone else. To be used in a child process: what it calls may do anything.
class Program {
public:
  /// Links `object` and allocates what `abi` asks for. Fails if the object does not link
  /// (PermissionDenied if it needs foreign symbols) or memory is exhausted.
  static absl::StatusOr<std::unique_ptr<Program>> load(absl::string_view object, TaskAbi abi);

  /// Takes inputs and plain constants from `operands`, one buffer per argument of the plain task
  /// (those of outputs are not used), and packs constants. Returns the nanoseconds of packing.
  double bind(const std::vector<Buffer> &operands);

  void poisonOutputs();
  void call() { entry(pointers.data()); }
  /// Mean nanoseconds of one call of code that uses `threads` threads (CallClock.h). Cold:
  /// constants leave the caches before each call, outside of the time.
  double timeCalls(MeasureMode mode, int threads, int64_t calls);

  const TaskAbi &interface() const { return abi; }
  /// Of argument `position`, which is an output.
  const Buffer &output(size_t position) const { return *owned[position]; }
  /// False if it wrote outside of its outputs.
  bool guardsIntact() const;

private:
  TaskAbi abi;
  std::unique_ptr<LoadedObject> object;
  LoadedObject::Call entry = nullptr;
  LoadedObject::Call init = nullptr;          // null if nothing is packed
  std::vector<std::unique_ptr<Buffer>> owned; // by argument; null for inputs and plain constants
  std::vector<void *> pointers;               // by argument
  std::vector<const Buffer *> constants;      // what a cold call flushes
};

/// Whether programs of the two interfaces can stand for each other: the same arguments but for the
/// shapes of packed ones. Fails with the argument that differs; `plain` has no packed ones.
absl::Status checkSameInterface(const TaskAbi &plain, const TaskAbi &candidate);

} // namespace chameleon

#endif // CHAMELEON_MEASURE_PROGRAM_H
