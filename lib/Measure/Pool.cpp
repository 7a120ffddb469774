//===- Pool.cpp ----------------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/Pool.h"
#include "PoolImpl.h"
#include "WorkerCommand.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Measure/LiveMeasurer.h"
#include <algorithm>

namespace chameleon {

/// Builds are not cut off below that many seconds, however fast others are.
static constexpr double kLeastBuildPatience = 2;
static constexpr int kMostBuilders = 4;

//===----------------------------------------------------------------------===//
// Impl
//===----------------------------------------------------------------------===//

bool MeasurePool::Impl::isPrepared(const TaskSpec &spec) const {
  auto known = tasks.find(spec.key);
  return known != tasks.end() && known->second.preparedIn == runner->generation() &&
         runner->descriptor() >= 0;
}

BuildRequest MeasurePool::Impl::buildRequest(const TaskSpec &spec, BuildKind kind,
                                             const CandidateSpec &candidate) const {
  BuildRequest request;
  request.taskIr = spec.ir;
  request.kind = kind;
  request.schedule = candidate.schedule;
  request.knobs = candidate.knobs;
  request.threads = options.threads;
  request.limits = options.buildLimits;
  // A candidate that takes five times as long as others to build has been unrolled beyond reason.
  if (auto known = tasks.find(spec.key); known != tasks.end() && known->second.buildSeconds > 0 &&
                                         kind == BuildKind::Candidate &&
                                         request.limits.wallSeconds > 0) {
    const double patience = std::max(kLeastBuildPatience, 5 * known->second.buildSeconds);
    request.limits.cpuSeconds = std::min(request.limits.cpuSeconds, patience);
    // On a busy machine the wall clock runs faster than the build's own.
    request.limits.wallSeconds = std::min(request.limits.wallSeconds, 3 * patience);
  }
  return request;
}

MeasureRequest MeasurePool::Impl::measureRequest(const TaskSpec &spec, const BuildReply &built,
                                                 double incumbentNs) const {
  MeasureRequest request;
  request.taskId = spec.key;
  request.object = built.object;
  request.abi = built.abi;
  request.exactMagnitude = built.exactMagnitude;
  request.numerics = options.numerics;
  request.errorBudget = options.errorBudget;
  request.mode = options.mode;
  request.threads = options.threads;
  request.incumbentNs = incumbentNs;
  request.minimumFlops = spec.minimumFlops;
  request.workShare = built.workShare;
  request.sampling = options.sampling;
  request.limits = options.runLimits;
  // A candidate a hundred times slower than what is known is of no interest: it shall not cost more
  // than a few seconds.
  double expectedNs = incumbentNs > 0 ? 100 * incumbentNs : 0;
  if (auto known = tasks.find(spec.key); known != tasks.end() && incumbentNs <= 0)
    expectedNs = 20 * known->second.baseline.naiveNs;
  if (expectedNs > 0 && request.limits.wallSeconds > 0)
    request.limits.wallSeconds = std::min(request.limits.wallSeconds, 3 + expectedNs * 1e-9);
  return request;
}

bool MeasurePool::Impl::alternates(const TaskSpec &spec) const {
  if (guests == 0)
    return false;
  auto known = tasks.find(spec.key);
  // With n builders beside the run worker and g guests, a candidate costs max(build / n, run) if
  // they overlap, and build / (n + g) + run if they take turns.
  const auto beside = static_cast<double>(builders.size() - guests);
  if (beside == 0 || known == tasks.end())
    return true;
  const double build = known->second.buildSeconds;
  const double run = known->second.runSeconds;
  return build / static_cast<double>(builders.size()) + run <= std::max(build / beside, run);
}

/// A mean that forgets.
static void follow(double &typical, double value) {
  typical = typical > 0 ? 0.8 * typical + 0.2 * value : value;
}

void MeasurePool::Impl::noteRunTime(const TaskSpec &spec, const Measurement &measurement) {
  statistics.runSeconds += measurement.runSeconds;
  if (measurement.ok()) // others end early
    follow(tasks[spec.key].runSeconds, measurement.runSeconds);
}

void MeasurePool::Impl::noteBuildTime(const BuildReply &reply) {
  statistics.buildSeconds += reply.seconds;
  statistics.scheduleSeconds += reply.scheduleSeconds;
  statistics.lowerSeconds += reply.lowerSeconds;
  statistics.codegenSeconds += reply.codegenSeconds;
}

void MeasurePool::Impl::noteCandidate(const TaskSpec &spec, const CandidateSpec &candidate,
                                      BuildReply reply, bool ahead) {
  ++statistics.built;
  const bool works = reply.failure == FailureClass::None;
  if (works)
    follow(tasks[spec.key].buildSeconds, reply.seconds);
  if (!ahead)
    reply.seconds = 0; // the measurement of this candidate accounts for them
  // A failure is kept only where the measurement is still to come, which would build it once more.
  if (works || ahead)
    cache.insert(cacheKey(spec.key, candidate), reply);
}

absl::StatusOr<BuildReply> MeasurePool::Impl::build(const BuildRequest &request) {
  BuildReply reply;
  absl::Status status;
  for (int attempt = 0; attempt < 2; ++attempt) {
    status =
        builders.front()->call(request, request.limits.wallSeconds, reply, options.interrupted);
    if (!absl::IsUnavailable(status))
      break;
    ++statistics.restarts;
  }
  if (absl::IsUnavailable(status)) {
    reply = BuildReply();
    reply.failure = FailureClass::CompileFailed;
    reply.message = std::string(status.message());
  } else if (!status.ok()) {
    return status;
  }
  noteBuildTime(reply);
  return reply;
}

absl::StatusOr<BuildReply> MeasurePool::Impl::buildCandidate(const TaskSpec &spec,
                                                             const CandidateSpec &candidate) {
  const std::string key = cacheKey(spec.key, candidate);
  if (const BuildReply *cached = cache.find(key)) {
    ++statistics.cacheHits;
    return *cached;
  }
  absl::StatusOr<BuildReply> reply = build(buildRequest(spec, BuildKind::Candidate, candidate));
  if (reply.ok())
    noteCandidate(spec, candidate, *reply, /*ahead=*/false);
  return reply;
}

absl::StatusOr<PrepareRequest> MeasurePool::Impl::prepareRequest(const TaskSpec &spec) {
  PrepareRequest request;
  KnownTask &known = tasks[spec.key];
  if (known.reference.empty()) {
    absl::StatusOr<BuildReply> reference = build(buildRequest(spec, BuildKind::Reference));
    if (!reference.ok())
      return reference.status();
    if (reference->failure != FailureClass::None)
      return absl::FailedPreconditionError(
          absl::StrCat("no reference of the task can be built: ", reference->message));
    known.reference = reference->object;
    known.baseline = {spec.naiveNs, spec.naiveError};
  }
  // The plain loop nest also tells the interface.
  if (known.abi.arguments.empty() || known.baseline.naiveError < 0) {
    absl::StatusOr<BuildReply> naive = build(buildRequest(spec, BuildKind::Naive));
    if (!naive.ok())
      return naive.status();
    if (naive->failure != FailureClass::None)
      return absl::FailedPreconditionError(
          absl::StrCat("the plain loop nest of the task cannot be built: ", naive->message));
    known.abi = naive->abi;
    known.exactMagnitude = naive->exactMagnitude;
    if (known.baseline.naiveError < 0)
      request.naive = std::move(naive->object);
  }
  request.taskId = spec.key;
  request.abi = known.abi;
  request.exactMagnitude = known.exactMagnitude;
  request.reference = known.reference;
  request.naiveError = known.baseline.naiveError;
  request.seed = options.seed;
  request.mode = options.mode;
  request.limits = options.prepareLimits;
  return request;
}

absl::StatusOr<TaskBaseline> MeasurePool::Impl::notePrepared(const TaskSpec &spec,
                                                             const PrepareReply &reply) {
  statistics.runSeconds += reply.seconds;
  if (reply.failure != FailureClass::None)
    return absl::FailedPreconditionError(
        absl::StrCat("the task cannot be measured: ", reply.message));
  KnownTask &known = tasks[spec.key];
  known.preparedIn = runner->generation();
  if (reply.naiveNs > 0)
    known.baseline.naiveNs = reply.naiveNs;
  known.baseline.naiveError = reply.naiveError;
  return known.baseline;
}

//===----------------------------------------------------------------------===//
// MeasurePool
//===----------------------------------------------------------------------===//

MeasurePool::MeasurePool() : impl(std::make_unique<Impl>()) {}
MeasurePool::~MeasurePool() = default;

static std::unique_ptr<SupervisedWorker> makeWorker(const MeasurePoolOptions &options,
                                                    std::vector<std::string> command,
                                                    const char *role, int builder) {
  SupervisedWorker::Options worker;
  worker.command = std::move(command);
  worker.command.push_back(absl::StrCat("--role=", role));
  worker.isForeign = !options.workerCommand.empty();
  worker.hello.target = options.target;
  worker.hello.schedulePaths = options.schedulePaths;
  worker.hello.builder = builder;
  worker.hello.threads = options.threads;
  return std::make_unique<SupervisedWorker>(std::move(worker));
}

absl::StatusOr<std::unique_ptr<MeasurePool>> MeasurePool::create(MeasurePoolOptions options) {
  absl::StatusOr<std::vector<std::string>> command = workerCommandLine(options.workerCommand);
  if (!command.ok())
    return command.status();
  std::unique_ptr<MeasurePool> pool(new MeasurePool());
  Impl &impl = *pool->impl;
  impl.runner = makeWorker(options, *command, "run", -1);
  const int cores = std::max<int>(options.target.cores, 1);
  const int builders = options.builders > 0 ? options.builders : std::min(cores, kMostBuilders);
  for (int i = 0; i < builders; ++i)
    impl.builders.push_back(makeWorker(options, *command, "build", i));
  // Builder i sits on core i; what is timed, on the last ones.
  impl.guests = std::max(0, builders - std::max(cores - options.threads, 0));
  impl.options = std::move(options);
  // All are launched before the first is waited for.
  std::vector<SupervisedWorker *> workers = {impl.runner.get()};
  for (auto &builder : impl.builders)
    workers.push_back(builder.get());
  for (SupervisedWorker *worker : workers)
    if (absl::Status launched = worker->launch(); !launched.ok())
      return launched;
  for (SupervisedWorker *worker : workers)
    if (absl::Status started = worker->start(); !started.ok())
      return started;
  return pool;
}

std::unique_ptr<LiveMeasurer> MeasurePool::measurerFor(const TaskSpec &spec, const Space &space) {
  return std::make_unique<LiveMeasurer>(*this, spec, space);
}

absl::StatusOr<std::string> MeasurePool::schedule(const std::string &taskIr,
                                                  const std::string &schedule,
                                                  const KnobPairs &knobs) {
  ScheduleRequest request;
  request.taskIr = taskIr;
  request.schedule = schedule;
  request.knobs = knobs;
  request.limits = impl->options.buildLimits;
  ScheduleReply reply;
  SupervisedWorker &builder = *impl->builders.front();
  if (absl::Status called = builder.call(request, request.limits.wallSeconds, reply, nullptr);
      !called.ok())
    return absl::InternalError(called.message());
  impl->statistics.buildSeconds += reply.seconds;
  if (reply.failure == FailureClass::InvalidConfig)
    return absl::InvalidArgumentError(reply.message);
  if (reply.failure != FailureClass::None)
    return absl::InternalError(
        absl::StrCat(std::string(failureClassName(reply.failure)), ": ", reply.message));
  return std::move(reply.ir);
}

double MeasurePool::peakFlops() const { return impl->runner->facts().peakFlops; }
const TargetInfo &MeasurePool::runTarget() const { return impl->runner->facts().target; }
const PoolStatistics &MeasurePool::statistics() const { return impl->statistics; }

} // namespace chameleon
