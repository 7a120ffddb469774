//===- PoolImpl.h - The workers of a pool and what they know -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_MEASURE_POOLIMPL_H
#define CHAMELEON_LIB_MEASURE_POOLIMPL_H

#include "ObjectCache.h"
#include "SupervisedWorker.h"
#include "chameleon/Measure/Pool.h"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace chameleon {

/// What the pool keeps of a task, to prepare it again in another run worker.
struct KnownTask {
  TaskAbi abi;
  int64_t exactMagnitude = 0;
  std::string reference; // object
  TaskBaseline baseline;
  int64_t preparedIn = -1; // generation of the run worker
  double buildSeconds = 0; // of a typical candidate, 0 if none was built
  double runSeconds = 0;   // of a typical candidate: to check and time it, 0 if none was run
};

struct MeasurePool::Impl {
  MeasurePoolOptions options;
  std::vector<std::unique_ptr<SupervisedWorker>> builders;
  size_t guests = 0; // the last ones of them: they build only while nothing is timed
  std::unique_ptr<SupervisedWorker> runner;
  ObjectCache cache;
  std::map<std::string, KnownTask> tasks; // by key
  PoolStatistics statistics;

  bool interrupted() const { return options.interrupted && options.interrupted(); }
  bool isPrepared(const TaskSpec &spec) const;

  BuildRequest buildRequest(const TaskSpec &spec, BuildKind kind,
                            const CandidateSpec &candidate = {}) const;
  MeasureRequest measureRequest(const TaskSpec &spec, const BuildReply &built,
                                double incumbentNs) const;
  /// Whether candidates of `spec` should be built in one go and then be timed in one go: where
  /// nobody builds beside the run worker, or where timing costs little of what building does.
  bool alternates(const TaskSpec &spec) const;
  void noteBuildTime(const BuildReply &reply);
  void noteRunTime(const TaskSpec &spec, const Measurement &measurement);
  /// Takes note of a candidate's build, whatever became of it.
  void noteCandidate(const TaskSpec &spec, const CandidateSpec &candidate, BuildReply reply,
                     bool ahead);
  /// Builds on the first build worker and waits. A worker that dies over it twice is a
  /// CompileFailed.
  absl::StatusOr<BuildReply> build(const BuildRequest &request);
  /// The same for a candidate, through the cache.
  absl::StatusOr<BuildReply> buildCandidate(const TaskSpec &spec, const CandidateSpec &candidate);
  /// The request that makes the run worker know `spec`; builds what it needs.
  absl::StatusOr<PrepareRequest> prepareRequest(const TaskSpec &spec);
  /// Takes note of the answer to it.
  absl::StatusOr<TaskBaseline> notePrepared(const TaskSpec &spec, const PrepareReply &reply);
};

} // namespace chameleon

#endif // CHAMELEON_LIB_MEASURE_POOLIMPL_H
