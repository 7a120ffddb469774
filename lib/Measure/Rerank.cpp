//===- Rerank.cpp - The comparison to decide by --------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PoolImpl.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Support/Statistics.h"
#include <limits>

namespace chameleon {
namespace {

void setFailure(RankedCandidate &candidate, FailureClass failure, const std::string &message) {
  candidate.measurement.failure = failure;
  candidate.measurement.message = message;
  candidate.measurement.medianNs = candidate.measurement.madNs =
      std::numeric_limits<double>::quiet_NaN();
}

void setSamples(RankedCandidate &candidate, std::vector<double> samplesNs) {
  candidate.measurement.medianNs = median(samplesNs);
  candidate.measurement.madNs = medianAbsoluteDeviation(samplesNs);
  candidate.measurement.samples = static_cast<int>(samplesNs.size());
  candidate.samplesNs = std::move(samplesNs);
}

} // namespace

absl::StatusOr<std::vector<RankedCandidate>>
MeasurePool::rerank(const TaskSpec &spec, absl::Span<const CandidateSpec> candidates, int rounds) {
  std::vector<RankedCandidate> ranked(candidates.size());
  InterleaveRequest request;
  std::vector<size_t> positions; // in `candidates`, of each entry
  for (size_t i = 0; i < candidates.size(); ++i) {
    absl::StatusOr<BuildReply> built = impl->buildCandidate(spec, candidates[i]);
    if (!built.ok())
      return built.status();
    if (built->failure != FailureClass::None) {
      setFailure(ranked[i], built->failure, built->message);
      continue;
    }
    request.entries.push_back({built->object, built->abi});
    positions.push_back(i);
  }
  request.taskId = spec.key;
  request.rounds = rounds;
  request.minSampleSeconds = impl->options.sampling.minSampleSeconds;
  request.mode = impl->options.mode;
  request.threads = impl->options.threads;
  request.limits = impl->options.prepareLimits;
  while (!request.entries.empty()) {
    if (absl::StatusOr<TaskBaseline> prepared = prepare(spec); !prepared.ok())
      return prepared.status();
    InterleaveReply reply;
    if (absl::Status called = impl->runner->call(request, request.limits.wallSeconds, reply,
                                                 impl->options.interrupted);
        !called.ok())
      return called;
    if (reply.unknownTask) { // forgotten in favour of other tasks
      impl->tasks[spec.key].preparedIn = -1;
      continue;
    }
    if (reply.failure == FailureClass::None && reply.samplesNs.size() == positions.size()) {
      for (size_t i = 0; i < positions.size(); ++i)
        setSamples(ranked[positions[i]], std::move(reply.samplesNs[i]));
      return ranked;
    }
    if (reply.culprit < 0 || reply.culprit >= static_cast<int64_t>(positions.size()))
      return absl::InternalError(absl::StrCat("the comparison failed: ", reply.message));
    setFailure(ranked[positions[reply.culprit]], reply.failure, reply.message);
    request.entries.erase(request.entries.begin() + reply.culprit);
    positions.erase(positions.begin() + reply.culprit);
  }
  return ranked;
}

} // namespace chameleon
