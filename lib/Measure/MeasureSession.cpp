//===- MeasureSession.cpp - Building ahead of timing ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PoolImpl.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Measure/Pool.h"
#include <algorithm>
#include <deque>
#include <limits>
#include <poll.h>

namespace chameleon {
namespace {

constexpr size_t kMaxReady = 16; // objects that wait for the run worker
constexpr int kPollMs = 50;      // how often interruption is looked for
constexpr int kMaxAttempts = 2;  // a candidate that takes a worker along is tried once more

Measurement failed(FailureClass failure, std::string message) {
  Measurement measurement;
  measurement.failure = failure;
  measurement.message = std::move(message);
  measurement.medianNs = measurement.madNs = std::numeric_limits<double>::quiet_NaN();
  return measurement;
}

/// One call of MeasurePool::measure or prepare: candidates flow from builders through `ready` to
/// the run worker.
class MeasureSession {
public:
  MeasureSession(MeasurePool::Impl &pool, const TaskSpec &spec,
                 absl::Span<const CandidateSpec> candidates, double incumbentNs,
                 MeasurePool::Callback done)
      : pool(pool), spec(spec), candidates(candidates), incumbentNs(incumbentNs), done(done),
        jobs(candidates.size()), builds(pool.builders.size(), kNone),
        measurements(candidates.size()) {
    for (size_t i = 0; i < candidates.size(); ++i)
      waiting.push_back(i);
  }

  absl::StatusOr<std::vector<Measurement>> run();
  /// Prepares the task, and begins to build candidates into the cache as long as that takes.
  absl::StatusOr<TaskBaseline> prepare();

private:
  static constexpr size_t kNone = static_cast<size_t>(-1);
  struct Job {
    BuildReply built;
    int attempts = 0;
  };

  bool isGuest(size_t builder) const { return builder + pool.guests >= builds.size(); }
  void decideTurn();
  bool mayBuild(size_t builder) const;
  bool mayRun() const;
  bool isBuilding(size_t firstBuilder) const;
  absl::Status feedBuilders(size_t firstBuilder = 0);
  absl::Status feedRunner();
  absl::Status submitPrepare();
  absl::Status submit(const PrepareRequest &request);
  template <typename Request>
  absl::Status submitTo(SupervisedWorker &worker, const Request &request);
  absl::Status await();
  absl::Status takeBuild(size_t builder);
  absl::Status takeRun();
  absl::Status takePrepare();
  void noteBuilt(size_t index, const BuildReply &reply);
  void finish(size_t index, Measurement measurement);
  void abandon();

  MeasurePool::Impl &pool;
  const TaskSpec &spec;
  absl::Span<const CandidateSpec> candidates;
  double incumbentNs;
  MeasurePool::Callback done;

  std::vector<Job> jobs;
  std::deque<size_t> waiting; // not yet built
  std::deque<size_t> ready;   // built, not yet measured
  std::vector<size_t> builds; // by builder: what it builds
  size_t running = kNone;     // what the run worker measures
  bool preparing = false;     // or the task is being prepared there
  bool timing = false;        // where turns are taken: it is the run worker's
  bool ahead = false;         // candidates are built to be measured later
  size_t finished = 0;
  std::vector<Measurement> measurements;
};

void MeasureSession::finish(size_t index, Measurement measurement) {
  measurement.buildSeconds = jobs[index].built.seconds;
  if (measurement.ok() && (incumbentNs <= 0 || measurement.medianNs < incumbentNs))
    incumbentNs = measurement.medianNs;
  jobs[index].built = BuildReply();
  measurements[index] = std::move(measurement);
  ++finished;
  done(index, measurements[index]);
}

void MeasureSession::noteBuilt(size_t index, const BuildReply &reply) {
  jobs[index].built = reply;
  if (reply.failure != FailureClass::None)
    return finish(index, failed(reply.failure, reply.message));
  ready.push_back(index);
}

/// The builders' turn ends when all is built or enough waits; the run worker's when nothing waits.
void MeasureSession::decideTurn() {
  if (ready.empty() && running == kNone)
    timing = false;
  else if (waiting.empty() || ready.size() >= kMaxReady)
    timing = true;
}

bool MeasureSession::mayBuild(size_t builder) const {
  if (builds[builder] != kNone || waiting.empty() || ready.size() >= kMaxReady)
    return false;
  if (pool.alternates(spec))
    return !timing && running == kNone && (!preparing || !isGuest(builder));
  return !isGuest(builder);
}

/// Whether one of the builders from that one on builds.
bool MeasureSession::isBuilding(size_t firstBuilder) const {
  return std::any_of(builds.begin() + static_cast<ptrdiff_t>(firstBuilder), builds.end(),
                     [](size_t build) { return build != kNone; });
}

bool MeasureSession::mayRun() const {
  if (running != kNone || preparing || ready.empty())
    return false;
  if (pool.alternates(spec))
    return timing && !isBuilding(0);
  // A guest may still be at what it began when turns were taken.
  return !isBuilding(builds.size() - pool.guests);
}

/// One that died while it was idle is replaced.
template <typename Request>
absl::Status MeasureSession::submitTo(SupervisedWorker &worker, const Request &request) {
  absl::Status sent = worker.submit(request, request.limits.wallSeconds);
  if (absl::IsUnavailable(sent)) {
    ++pool.statistics.restarts;
    sent = worker.submit(request, request.limits.wallSeconds);
  }
  return sent;
}

absl::Status MeasureSession::feedBuilders(size_t firstBuilder) {
  for (size_t builder = firstBuilder; builder < builds.size(); ++builder) {
    while (mayBuild(builder)) {
      const size_t index = waiting.front();
      waiting.pop_front();
      const std::string key = cacheKey(spec.key, candidates[index]);
      if (BuildReply *cached = pool.cache.find(key)) {
        ++pool.statistics.cacheHits;
        noteBuilt(index, *cached);
        if (!ahead)
          cached->seconds = 0;
        continue;
      }
      const BuildRequest request = pool.buildRequest(spec, BuildKind::Candidate, candidates[index]);
      if (absl::Status sent = submitTo(*pool.builders[builder], request); !sent.ok())
        return sent;
      builds[builder] = index;
    }
  }
  return absl::OkStatus();
}

absl::Status MeasureSession::submitPrepare() {
  absl::StatusOr<PrepareRequest> request = pool.prepareRequest(spec);
  if (!request.ok())
    return request.status();
  return submit(*request);
}

absl::Status MeasureSession::submit(const PrepareRequest &request) {
  preparing = true;
  return submitTo(*pool.runner, request);
}

absl::Status MeasureSession::feedRunner() {
  if (!mayRun())
    return absl::OkStatus();
  const size_t index = ready.front();
  const MeasureRequest request = pool.measureRequest(spec, jobs[index].built, incumbentNs);
  if (absl::Status sent = submitTo(*pool.runner, request); !sent.ok())
    return sent;
  ready.pop_front();
  running = index;
  return absl::OkStatus();
}

absl::Status MeasureSession::takeBuild(size_t builder) {
  const size_t index = builds[builder];
  builds[builder] = kNone;
  BuildReply reply;
  absl::Status taken = pool.builders[builder]->take(reply);
  if (absl::IsUnavailable(taken)) {
    ++pool.statistics.restarts;
    if (++jobs[index].attempts < kMaxAttempts)
      waiting.push_front(index);
    else
      finish(index, failed(FailureClass::CompileFailed, std::string(taken.message())));
    return absl::OkStatus();
  }
  if (!taken.ok())
    return taken;
  pool.noteBuildTime(reply);
  pool.noteCandidate(spec, candidates[index], reply, ahead);
  noteBuilt(index, reply);
  return absl::OkStatus();
}

absl::Status MeasureSession::takePrepare() {
  preparing = false;
  PrepareReply reply;
  if (absl::Status taken = pool.runner->take(reply); !taken.ok())
    return taken;
  return pool.notePrepared(spec, reply).status();
}

absl::Status MeasureSession::takeRun() {
  if (preparing)
    return takePrepare();
  const size_t index = running;
  running = kNone;
  MeasureReply reply;
  absl::Status taken = pool.runner->take(reply);
  const bool lost = absl::IsUnavailable(taken);
  if (lost) {
    ++pool.statistics.restarts;
    if (++jobs[index].attempts >= kMaxAttempts) {
      finish(index, failed(FailureClass::RunCrashed, std::string(taken.message())));
      return absl::OkStatus();
    }
  } else if (!taken.ok()) {
    return taken;
  }
  if (lost || reply.unknownTask) {
    ready.push_front(index);
    return submitPrepare();
  }
  ++pool.statistics.measured;
  pool.noteRunTime(spec, reply.measurement);
  finish(index, std::move(reply.measurement));
  return absl::OkStatus();
}

/// Waits until a worker has something to say, a deadline passes, or it is time to look for
/// interruption.
absl::Status MeasureSession::await() {
  std::vector<pollfd> entries;
  std::vector<SupervisedWorker *> workers;
  auto watch = [&](SupervisedWorker &worker) {
    if (!worker.busy())
      return;
    entries.push_back({worker.descriptor(), POLLIN, 0});
    workers.push_back(&worker);
  };
  watch(*pool.runner);
  for (auto &builder : pool.builders)
    watch(*builder);
  const absl::Time start = absl::Now();
  poll(entries.data(), entries.size(), kPollMs);
  pool.statistics.waitSeconds += absl::ToDoubleSeconds(absl::Now() - start);
  for (size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].revents == 0 && absl::Now() < workers[i]->replyDeadline())
      continue;
    absl::Status taken;
    if (workers[i] == pool.runner.get()) {
      taken = takeRun();
    } else {
      const auto builder = std::find_if(pool.builders.begin(), pool.builders.end(),
                                        [&](auto &each) { return each.get() == workers[i]; });
      taken = takeBuild(static_cast<size_t>(builder - pool.builders.begin()));
    }
    if (!taken.ok())
      return taken;
  }
  return absl::OkStatus();
}

/// What is in flight is not waited for.
void MeasureSession::abandon() {
  if (pool.runner->busy())
    pool.runner->kill();
  for (auto &builder : pool.builders)
    if (builder->busy())
      builder->kill();
}

absl::StatusOr<TaskBaseline> MeasureSession::prepare() {
  ahead = true;
  // The first builder makes reference and plain loop nest.
  absl::Status status = feedBuilders(1);
  absl::StatusOr<PrepareRequest> request;
  if (status.ok()) {
    request = pool.prepareRequest(spec);
    status = request.status();
  }
  while (status.ok() && isBuilding(builds.size() - pool.guests) && !pool.interrupted())
    status = await();
  if (status.ok() && !pool.interrupted())
    status = submit(*request);
  while (status.ok() && (preparing || isBuilding(0)) && !pool.interrupted()) {
    if (preparing)
      status = feedBuilders();
    if (status.ok())
      status = await();
  }
  abandon();
  if (!status.ok())
    return status;
  if (!pool.isPrepared(spec))
    return absl::CancelledError("interrupted");
  return pool.tasks[spec.key].baseline;
}

absl::StatusOr<std::vector<Measurement>> MeasureSession::run() {
  absl::Status status;
  if (!candidates.empty() && !pool.isPrepared(spec))
    status = submitPrepare();
  while (status.ok() && finished < candidates.size() && !pool.interrupted()) {
    decideTurn();
    status = feedBuilders();
    if (status.ok())
      status = feedRunner();
    if (status.ok() && finished < candidates.size())
      status = await();
  }
  abandon();
  if (!status.ok() && !absl::IsCancelled(status))
    return status;
  return std::move(measurements);
}

} // namespace

absl::StatusOr<TaskBaseline> MeasurePool::prepare(const TaskSpec &spec,
                                                  absl::Span<const CandidateSpec> ahead) {
  if (impl->isPrepared(spec))
    return impl->tasks[spec.key].baseline;
  auto ignore = [](size_t, const Measurement &) {};
  return MeasureSession(*impl, spec, ahead, /*incumbentNs=*/0, ignore).prepare();
}

absl::StatusOr<std::vector<Measurement>>
MeasurePool::measure(const TaskSpec &spec, absl::Span<const CandidateSpec> candidates,
                     double incumbentNs, Callback done) {
  return MeasureSession(*impl, spec, candidates, incumbentNs, done).run();
}

} // namespace chameleon
