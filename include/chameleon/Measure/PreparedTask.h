//===- PreparedTask.h - What candidates of one task are held against -----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_PREPAREDTASK_H
#define CHAMELEON_MEASURE_PREPAREDTASK_H

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "chameleon/Measure/Expectation.h"
#include "chameleon/Measure/Program.h"
#include <vector>

namespace chameleon {

/// Inputs of one kind and what they lead to.
struct TestCase {
  std::vector<Buffer> operands;          // by argument; those of outputs are empty
  uint64_t checksum = 0;                 // of the operands
  std::vector<Expectation> expectations; // by output, in order
};

/// A task as the run worker remembers it.
struct PreparedTask {
  TaskAbi abi;
  uint64_t seed = 0;
  int64_t exactMagnitude = 0; // 0: there is no integer case
  bool positive = false;      // normal inputs are positive: others lead to NaN
  TestCase integers;          // small integers, on which direct code is exact
  TestCase normals;           // normal numbers, for errors and times
  double naiveNs = 0;
  double naiveError = 0;

  int64_t bytes() const;
};

/// The operands of a test case from their seed. Fails if an element type is not supported.
absl::StatusOr<std::vector<Buffer>> makeIntegerOperands(const TaskAbi &abi, uint64_t seed,
                                                        int64_t magnitude);
absl::StatusOr<std::vector<Buffer>> makeNormalOperands(const TaskAbi &abi, uint64_t seed,
                                                       bool positive);

/// Fails if the arguments take more than `most` bytes or have elements that are not supported.
absl::Status checkOperandBytes(const TaskAbi &abi, double most);

/// One number for the contents of all inputs.
uint64_t checksum(const std::vector<Buffer> &operands);

/// Calls `program`, by `call` if it is given, with poisoned outputs and compares them. One
/// difference per output.
std::vector<Difference> runCase(Program &program, const TestCase &test,
                                absl::FunctionRef<void()> call);
std::vector<Difference> runCase(Program &program, const TestCase &test);

} // namespace chameleon

#endif // CHAMELEON_MEASURE_PREPAREDTASK_H
