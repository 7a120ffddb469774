//===- PreparedTask.cpp --------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/PreparedTask.h"
#include "absl/strings/str_format.h"
#include <algorithm>

namespace chameleon {
namespace {

/// Calls `fill(buffer, rng)` on a new buffer per argument that is not an output.
template <typename Fill>
absl::StatusOr<std::vector<Buffer>> makeOperands(const TaskAbi &abi, uint64_t seed, Fill fill) {
  std::vector<Buffer> operands;
  for (size_t i = 0; i < abi.arguments.size(); ++i) {
    ArgumentInfo argument = abi.arguments[i];
    if (argument.role == ArgumentRole::Output)
      argument.shape = {0};
    absl::StatusOr<Buffer> buffer = Buffer::create(argument, static_cast<int>(i));
    if (!buffer.ok())
      return buffer.status();
    Rng rng(seed * 1000003 + i);
    fill(*buffer, rng);
    operands.push_back(*std::move(buffer));
  }
  return operands;
}

int64_t bytesOf(const TestCase &test) {
  int64_t sum = 0;
  for (const Buffer &buffer : test.operands)
    sum += static_cast<int64_t>(buffer.bytes());
  for (const Expectation &expectation : test.expectations)
    sum += expectation.compared() * static_cast<int64_t>(sizeof(double));
  return sum;
}

} // namespace

int64_t PreparedTask::bytes() const { return bytesOf(integers) + bytesOf(normals); }

absl::StatusOr<std::vector<Buffer>> makeIntegerOperands(const TaskAbi &abi, uint64_t seed,
                                                        int64_t magnitude) {
  return makeOperands(abi, seed,
                      [&](Buffer &buffer, Rng &rng) { fillIntegers(buffer, magnitude, rng); });
}

absl::StatusOr<std::vector<Buffer>> makeNormalOperands(const TaskAbi &abi, uint64_t seed,
                                                       bool positive) {
  return makeOperands(abi, seed + 1,
                      [&](Buffer &buffer, Rng &rng) { fillNormal(buffer, positive, rng); });
}

absl::Status checkOperandBytes(const TaskAbi &abi, double most) {
  double bytes = 0; // a product of extents may exceed an integer
  for (const ArgumentInfo &argument : abi.arguments) {
    absl::StatusOr<ElementType> type = parseElementType(argument.elementType);
    if (!type.ok())
      return type.status();
    auto product = static_cast<double>(elementBytes(*type));
    for (int64_t extent : argument.shape)
      product *= static_cast<double>(std::max<int64_t>(extent, 0));
    bytes += product;
  }
  if (bytes <= most)
    return absl::OkStatus();
  return absl::ResourceExhaustedError(absl::StrFormat(
      "expected operands of at most %.3g GB, but they take %.3g GB", most * 1e-9, bytes * 1e-9));
}

uint64_t checksum(const std::vector<Buffer> &operands) {
  uint64_t sum = 0;
  for (const Buffer &buffer : operands)
    sum = sum * 31 + buffer.checksum();
  return sum;
}

std::vector<Difference> runCase(Program &program, const TestCase &test) {
  return runCase(program, test, [&] { program.call(); });
}

std::vector<Difference> runCase(Program &program, const TestCase &test,
                                absl::FunctionRef<void()> call) {
  program.poisonOutputs();
  call();
  std::vector<Difference> differences;
  const std::vector<ArgumentInfo> &arguments = program.interface().arguments;
  for (size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i].role == ArgumentRole::Output)
      differences.push_back(test.expectations[differences.size()].compare(program.output(i)));
  return differences;
}

} // namespace chameleon
