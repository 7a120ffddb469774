//===- InterleaveObjects.cpp - Comparing candidates side by side ---------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RunSteps.h"
#include "chameleon/Measure/Timing.h"

namespace chameleon {
namespace {

struct Contender {
  std::unique_ptr<Program> program;
  int64_t calls = 1; // per sample
};

} // namespace

InterleaveReply interleaveObjects(const PreparedTask &task, const InterleaveRequest &request,
                                  volatile int64_t &current) {
  InterleaveReply reply;
  std::vector<Contender> contenders;
  for (size_t i = 0; i < request.entries.size(); ++i) {
    current = static_cast<int64_t>(i);
    const InterleaveEntry &entry = request.entries[i];
    absl::Status status = checkSameInterface(task.abi, entry.abi);
    auto program = status.ok() ? Program::load(entry.object, entry.abi) : status;
    if (!program.ok()) {
      reply.failure = FailureClass::CompileFailed;
      reply.message = std::string(program.status().message());
      reply.culprit = static_cast<int64_t>(i);
      return reply;
    }
    Contender &contender = contenders.emplace_back();
    contender.program = *std::move(program);
    contender.program->bind(task.normals.operands);
    contender.program->poisonOutputs(); // touches the pages
    double fastestNs = 0;
    contender.calls = callsPerSample(
        request.minSampleSeconds,
        [&](int64_t calls) {
          return contender.program->timeCalls(request.mode, request.threads, calls);
        },
        fastestNs);
  }
  reply.samplesNs.resize(contenders.size());
  for (int round = 0; round < request.rounds; ++round)
    for (size_t i = 0; i < contenders.size(); ++i) {
      current = static_cast<int64_t>(i);
      // The first call after another contender finds foreign data in the caches.
      contenders[i].program->call();
      reply.samplesNs[i].push_back(
          contenders[i].program->timeCalls(request.mode, request.threads, contenders[i].calls));
    }
  return reply;
}

} // namespace chameleon
