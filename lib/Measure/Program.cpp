//===- Program.cpp -------------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/Program.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Measure/CallClock.h"

namespace chameleon {
namespace {

bool isOwned(ArgumentRole role) {
  return role == ArgumentRole::Output || role == ArgumentRole::Packed;
}

} // namespace

absl::StatusOr<std::unique_ptr<Program>> Program::load(absl::string_view object, TaskAbi abi) {
  auto program = std::make_unique<Program>();
  absl::StatusOr<std::unique_ptr<LoadedObject>> loaded = LoadedObject::load(object);
  if (!loaded.ok())
    return loaded.status();
  program->object = *std::move(loaded);
  absl::StatusOr<LoadedObject::Call> entry = program->object->lookup(abi.function);
  if (!entry.ok())
    return entry.status();
  program->entry = *entry;
  if (!abi.init.empty()) {
    absl::StatusOr<LoadedObject::Call> init = program->object->lookup(abi.init);
    if (!init.ok())
      return init.status();
    program->init = *init;
  }
  program->owned.resize(abi.arguments.size());
  for (size_t i = 0; i < abi.arguments.size(); ++i) {
    if (!isOwned(abi.arguments[i].role))
      continue;
    absl::StatusOr<Buffer> buffer = Buffer::create(abi.arguments[i], static_cast<int>(i));
    if (!buffer.ok())
      return buffer.status();
    program->owned[i] = std::make_unique<Buffer>(*std::move(buffer));
  }
  program->abi = std::move(abi);
  return program;
}

double Program::bind(const std::vector<Buffer> &operands) {
  pointers.clear();
  constants.clear();
  for (size_t i = 0; i < abi.arguments.size(); ++i) {
    const Buffer &buffer = owned[i] ? *owned[i] : operands[i];
    pointers.push_back(buffer.data());
    if (abi.arguments[i].role == ArgumentRole::Constant ||
        abi.arguments[i].role == ArgumentRole::Packed)
      constants.push_back(&buffer);
  }
  if (!init)
    return 0;
  std::vector<void *> initPointers;
  initPointers.reserve(2 * abi.packed.size());
  for (int64_t position : abi.packed)
    initPointers.push_back(operands[static_cast<size_t>(position)].data());
  for (int64_t position : abi.packed)
    initPointers.push_back(pointers[static_cast<size_t>(position)]);
  const CallClock clock(1);
  init(initPointers.data());
  return clock.nanoseconds();
}

void Program::poisonOutputs() {
  for (size_t i = 0; i < owned.size(); ++i)
    if (abi.arguments[i].role == ArgumentRole::Output)
      owned[i]->poisonAll();
}

bool Program::guardsIntact() const {
  for (size_t i = 0; i < owned.size(); ++i)
    if (abi.arguments[i].role == ArgumentRole::Output && !owned[i]->guardsIntact())
      return false;
  return true;
}

double Program::timeCalls(MeasureMode mode, int threads, int64_t calls) {
  if (mode == MeasureMode::Warm) {
    const CallClock clock(threads);
    for (int64_t i = 0; i < calls; ++i)
      call();
    return clock.nanoseconds() / static_cast<double>(calls);
  }
  double totalNs = 0;
  for (int64_t i = 0; i < calls; ++i) {
    for (const Buffer *constant : constants)
      flushFromCaches(*constant);
    const CallClock clock(threads);
    call();
    totalNs += clock.nanoseconds();
  }
  return totalNs / static_cast<double>(calls);
}

absl::Status checkSameInterface(const TaskAbi &plain, const TaskAbi &candidate) {
  auto fail = [](const std::string &what) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a candidate with the arguments of its task, but ", what));
  };
  if (plain.arguments.size() != candidate.arguments.size())
    return fail(absl::StrCat("it has ", candidate.arguments.size(), " of them, not ",
                             plain.arguments.size()));
  for (size_t i = 0; i < plain.arguments.size(); ++i) {
    const ArgumentInfo &a = plain.arguments[i], &b = candidate.arguments[i];
    const bool packed = b.role == ArgumentRole::Packed && a.role == ArgumentRole::Constant;
    if (!packed && (a.role != b.role || a.shape != b.shape || a.elementType != b.elementType))
      return fail(absl::StrCat("argument ", i, " is another one"));
  }
  for (int64_t position : candidate.packed)
    if (position < 0 || position >= static_cast<int64_t>(plain.arguments.size()))
      return fail(absl::StrCat("it packs argument ", position, ", which does not exist"));
  if (candidate.init.empty() != candidate.packed.empty())
    return fail("it has packed constants without an init function or the other way round");
  return absl::OkStatus();
}

} // namespace chameleon
