//===- BoundProgram.cpp - A loaded program with its memory -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "BoundProgram.h"
#include "absl/algorithm/container.h"
#include <algorithm>
#include <chrono>
#include <cmath>

namespace chameleon {

namespace {

constexpr size_t kChunk = 4096; // elements made at a time
constexpr int64_t kIntegerMagnitude = 8;

bool isPositive(const ArgumentInfo &argument, PositiveInputs positive) {
  return positive == PositiveInputs::All ||
         (positive == PositiveInputs::Vectors && argument.shape.size() <= 1);
}

void fillUniform(Buffer &buffer, double scale, bool positive, Rng &rng) {
  std::vector<double> values(kChunk);
  for (size_t begin = 0; begin < buffer.elements(); begin += kChunk) {
    size_t count = std::min(kChunk, buffer.elements() - begin);
    for (double &value : values) {
      const double uniform = 2 * rng.uniform() - 1;
      value = (positive ? std::fabs(uniform) + 0.5 : uniform) * scale;
    }
    storeElements(buffer.type(), buffer.data(), begin, count, values.data());
  }
}

/// Buffers of these types with poison in them.
absl::Status allocate(const std::vector<ArgumentInfo> &infos, int firstColor,
                      std::vector<Buffer> &buffers) {
  for (const ArgumentInfo &info : infos) {
    auto buffer = Buffer::create(info, firstColor + static_cast<int>(buffers.size()));
    if (!buffer.ok())
      return buffer.status();
    buffer->poisonAll();
    buffers.push_back(*std::move(buffer));
  }
  return absl::OkStatus();
}

double millisecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

} // namespace

const char *positiveInputsName(PositiveInputs positive) {
  switch (positive) {
  case PositiveInputs::None:
    return "none";
  case PositiveInputs::Vectors:
    return "vectors";
  case PositiveInputs::All:
    return "all";
  }
  return "";
}

absl::StatusOr<std::vector<Buffer>> makeInputs(const BenchProgram &program,
                                               const std::vector<double> &scales, uint64_t seed,
                                               PositiveInputs positive) {
  std::vector<Buffer> inputs;
  if (absl::Status status = allocate(program.arguments, 0, inputs); !status.ok())
    return status;
  Rng rng(seed);
  for (size_t i = 0; i < inputs.size(); ++i) {
    Rng own = rng.fork();
    if (isFloat(inputs[i].type()))
      fillUniform(inputs[i], scales[i], isPositive(program.arguments[i], positive), own);
    else
      fillIntegers(inputs[i], kIntegerMagnitude, own);
  }
  return inputs;
}

absl::StatusOr<std::unique_ptr<BoundProgram>>
BoundProgram::create(const BenchProgram &program, std::vector<Buffer> &inputs,
                     const std::vector<int64_t> &weights) {
  auto bound = std::make_unique<BoundProgram>();
  if (absl::Status status = bound->bind(program, inputs); !status.ok())
    return status;
  for (int64_t position : weights)
    bound->flushed.push_back(&inputs[position]);
  for (const Buffer &buffer : bound->packed)
    bound->flushed.push_back(&buffer);
  return bound;
}

absl::Status BoundProgram::bind(const BenchProgram &program, std::vector<Buffer> &inputs) {
  auto object = LoadedObject::load(program.object);
  if (!object.ok())
    return object.status();
  code = *std::move(object);
  auto function = code->lookup(program.entry);
  if (!function.ok())
    return function.status();
  entry = *function;
  int colors = static_cast<int>(inputs.size());
  if (absl::Status status = allocate(program.packed, colors, packed); !status.ok())
    return status;
  if (absl::Status status = allocate(program.results, colors + 1, results); !status.ok())
    return status;
  for (size_t i = 0; i < inputs.size(); ++i)
    if (!absl::c_linear_search(program.constants, static_cast<int64_t>(i)))
      pointers.push_back(inputs[i].data());
  for (Buffer &buffer : packed)
    pointers.push_back(buffer.data());
  for (Buffer &buffer : results)
    pointers.push_back(buffer.data());
  if (program.init.empty())
    return absl::OkStatus();

  auto init = code->lookup(program.init);
  if (!init.ok())
    return init.status();
  std::vector<void *> initPointers;
  for (int64_t position : program.constants)
    initPointers.push_back(inputs[position].data());
  for (Buffer &buffer : packed)
    initPointers.push_back(buffer.data());
  auto start = std::chrono::steady_clock::now();
  (*init)(initPointers.data());
  packingMs = millisecondsSince(start);
  return absl::OkStatus();
}

double BoundProgram::timeCalls(int64_t calls, MeasureMode mode) {
  auto now = [] { return std::chrono::steady_clock::now(); };
  if (mode == MeasureMode::Warm) {
    auto start = now();
    for (int64_t i = 0; i < calls; ++i)
      entry(pointers.data());
    return millisecondsSince(start) / static_cast<double>(calls);
  }
  double milliseconds = 0;
  for (int64_t i = 0; i < calls; ++i) {
    for (const Buffer *buffer : flushed)
      flushFromCaches(*buffer);
    auto start = now();
    entry(pointers.data());
    milliseconds += millisecondsSince(start);
  }
  return milliseconds / static_cast<double>(calls);
}

void BoundProgram::poisonOutputs() {
  for (Buffer &buffer : results)
    buffer.poisonAll();
}

bool BoundProgram::guardsIntact() const {
  auto intact = [](const Buffer &buffer) { return buffer.guardsIntact(); };
  return absl::c_all_of(results, intact) && absl::c_all_of(packed, intact);
}

} // namespace chameleon
