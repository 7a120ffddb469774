//===- TuningSession.cpp - From a module to its best configurations -------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TuningSession.h"
#include "PastExperience.h"
#include "StatusText.h"
#include "TuningRecorder.h"
#include "TuningReport.h"
#include "TuningTask.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "chameleon/Dialect/Names.h"
#include "chameleon/Measure/LiveMeasurer.h"
#include "chameleon/Measure/Pool.h"
#include "chameleon/Schedule/SchedulePaths.h"
#include "chameleon/Search/ReplayMeasurer.h"
#include "chameleon/Search/Session.h"
#include "chameleon/Support/Interrupt.h"
#include "chameleon/Transforms/TaskKey.h"
#include "mlir/IR/OwningOpRef.h"
#include <numeric>
#include <tuple>

using namespace mlir;
using namespace chameleon;

namespace {

/// A task while it is tuned.
struct ActiveTask {
  TuningTask *task = nullptr;
  std::unique_ptr<Measurer> measurer;
  std::unique_ptr<TaskTuner> tuner;
  PriorRecords prior;
  SessionTaskResult outcome;
  bool dropped = false; // cannot be measured; a remark has said why

  /// Of the default as it was measured last, 0 if it was not.
  double defaultNs() const {
    const auto &last = outcome.defaultCandidate;
    return last && last->measurement.ok() ? last->measurement.medianNs : 0;
  }
  /// Of what ships, 0 if there is nothing.
  double chosenNs() const { return outcome.chosen ? outcome.chosen->measurement.medianNs : 0; }
};

/// The text of `task` for all sessions, whatever their numerics and threads.
std::string printUnmarked(func::FuncOp task) {
  OwningOpRef<func::FuncOp> copy(task.clone());
  for (const char *name : {kNumericsAttr, kThreadsAttr}) {
    rootOf(*copy)->removeAttr(name);
  }
  return printTaskModule(*copy);
}

class TuningSession {
public:
  TuningSession(ModuleOp module, const TuningOptions &options) : module(module), options(options) {}

  absl::StatusOr<TuningSummary> run();

private:
  absl::Status openFiles();
  absl::Status findTasks();
  void announceMode() const;
  absl::Status settleKnownTasks();
  absl::Status startSession();
  absl::Status recallOthers();
  absl::Status prepareTasks();
  absl::Status prepareLive(ActiveTask &active);
  absl::Status prepareReplay(ActiveTask &active);
  absl::Status createTuner(ActiveTask &active);
  absl::Status findPrior(ActiveTask &active);
  absl::Status search();
  void keepOutcome(size_t index, const SessionTaskResult &result);
  void listUnreached();
  absl::Status explain();
  absl::Status finish();
  absl::StatusOr<TuningSummary> endUnmeasured();

  double elapsed() const { return absl::ToDoubleSeconds(absl::Now() - started); }
  double now() const { return replaying() ? clock.now() : elapsed(); }
  bool replaying() const { return !options.replayPath.empty(); }
  bool outOfTime() const { return !replaying() && elapsed() >= options.budgetSeconds; }

  ModuleOp module;
  const TuningOptions &options;
  absl::Time started = absl::Now();
  VirtualClock clock;

  TargetInfo target;
  Circumstances circumstances; // its mode once the tasks are known
  MeasureMode mode = MeasureMode::Warm;
  double constantMegabytes = 0; // of all tasks of the module
  std::unique_ptr<ScheduleLibrary> library;
  std::unique_ptr<Database> database; // null: none
  std::unique_ptr<Database> replay;   // null unless replaying
  std::unique_ptr<JsonLog> log;       // null: none
  std::unique_ptr<MeasurePool> pool;  // null when replaying, or with nothing to measure
  std::unique_ptr<Progress> progress;
  std::unique_ptr<TuningRecorder> recorder;
  Session sessionRow;

  std::shared_ptr<SharedExperience> shared = std::make_shared<SharedExperience>();
  PastExperience past; // empty without a database
  std::vector<TuningTask> tasks;
  std::vector<ActiveTask> active;
  std::vector<TaskReport> settled;                                  // whose outcome was known
  std::vector<std::pair<const TuningTask *, TunedCandidate>> known; // the same, with their outcome
  SessionResult result;
  size_t tuned = 0;
};

absl::Status TuningSession::openFiles() {
  absl::StatusOr<TargetInfo> host = hostTargetInfo();
  if (!host.ok()) {
    return host.status();
  }
  target = *host;
  circumstances = {target.key(), compilerVersion(), std::string(numericsName(options.numerics)),
                   /*measureMode=*/"", options.threads};
  absl::StatusOr<ScheduleLibrary> loaded =
      ScheduleLibrary::load(*module.getContext(), resolveSchedulePaths(options.schedules));
  if (!loaded.ok()) {
    return loaded.status();
  }
  library = std::make_unique<ScheduleLibrary>(std::move(*loaded));
  auto open = [](std::unique_ptr<Database> &slot, const std::string &path, Database::Mode mode) {
    absl::StatusOr<std::unique_ptr<Database>> opened = Database::open(path, mode);
    if (opened.ok()) {
      slot = std::move(*opened);
    }
    return opened.status();
  };
  if (!options.databasePath.empty() && !options.dryRun) {
    if (absl::Status status = open(database, options.databasePath, Database::Mode::Write);
        !status.ok()) {
      return status;
    }
  }
  if (replaying()) {
    if (absl::Status status = open(replay, options.replayPath, Database::Mode::Read);
        !status.ok()) {
      return status;
    }
  }
  if (!options.reportPath.empty() && !options.dryRun) {
    if (absl::Status status = checkReportPath(options.reportPath); !status.ok()) {
      return status;
    }
  }
  if (!options.logPath.empty()) {
    absl::StatusOr<std::unique_ptr<JsonLog>> opened = JsonLog::open(options.logPath);
    if (!opened.ok()) {
      return opened.status();
    }
    log = std::move(*opened);
  }
  return absl::OkStatus();
}

absl::Status TuningSession::findTasks() {
  absl::StatusOr<TaskFilter> filter = TaskFilter::create(options.taskPattern);
  absl::StatusOr<TaskFilter> explained = TaskFilter::create(options.explainPattern);
  if (!filter.ok() || !explained.ok()) {
    return filter.ok() ? explained.status() : filter.status();
  }
  std::vector<TuningTask> all = findTuningTasks(module, *library, target);
  mode = options.mode ? *options.mode : usualMode(all, target);
  circumstances.measureMode = std::string(measureModeName(mode));
  constantMegabytes = constantBytes(all) / 1e6;
  for (TuningTask &task : all) {
    if (!filter->matches(task.info)) {
      continue;
    }
    if (task.space.knobs().empty()) {
      emitRemark(task.function.getLoc())
          << "task @" << task.function.getSymName() << " (" << task.info.name
          << ") has nothing to search: schedule @" << task.space.schedule() << " has no open knob";
    }
    tasks.push_back(std::move(task));
  }
  if (tasks.empty() && !all.empty()) {
    emitRemark(module.getLoc()) << "tasks='" << options.taskPattern << "' matches none of the "
                                << all.size() << " tasks; dry-run=true lists their names";
  }
  return absl::OkStatus();
}

/// Says so if candidates are timed in another way than one call after the other.
void TuningSession::announceMode() const {
  if (!options.mode && mode == MeasureMode::Cold) {
    llvm::errs() << absl::StrFormat(
        "chameleon: constants take %.0f MB, more than half of the last cache (%.0f MB), and leave "
        "the caches before each timed call; measure-mode=warm leaves them there\n",
        constantMegabytes, lastCacheBytes(target) / 1e6);
  }
}

/// Tasks whose outcome the database holds need no measurement.
absl::Status TuningSession::settleKnownTasks() {
  for (TuningTask &task : tasks) {
    if (database && !options.retune && !replaying()) {
      absl::StatusOr<absl::optional<TunedCandidate>> found =
          findBestRecord(*database, task, circumstances, /*chosenOnly=*/true);
      if (!found.ok()) {
        return found.status();
      }
      if (*found) {
        annotate(task, **found, circumstances.targetKey);
        settled.push_back({task.info, 0, 0, 0, (*found)->measurement.medianNs});
        known.emplace_back(&task, **found);
        continue;
      }
    }
    active.emplace_back();
    active.back().task = &task;
  }
  tuned += settled.size();
  if (!settled.empty()) {
    llvm::errs() << "chameleon: " << settled.size() << " of " << tasks.size()
                 << " tasks are in the database, with nothing to measure (retune=true goes on)\n";
  }
  return absl::OkStatus();
}

absl::Status TuningSession::startSession() {
  sessionRow.command = "chameleon-opt --auto-tune";
  sessionRow.seed = options.seed;
  sessionRow.compiler = circumstances.compiler;
  sessionRow.targetKey = circumstances.targetKey;
  if (database) {
    absl::StatusOr<int64_t> id = database->addSession(sessionRow);
    if (!id.ok()) {
      return id.status();
    }
    sessionRow.id = *id;
    for (ActiveTask &each : active) {
      const TaskInfo &info = each.task->info;
      StoredTask stored{info.key,  kTaskKeyVersion, info.name,
                        info.kind, info.flops,      printUnmarked(each.task->function)};
      absl::Status status = database->addTask(stored);
      status.Update(database->addUse({sessionRow.id, info.key, info.weight}));
      if (!status.ok()) {
        return status;
      }
    }
  }
  if (!replaying()) {
    announceMode();
    progress = std::make_unique<Progress>();
  }
  std::vector<TuningTask *> listed;
  for (ActiveTask &each : active) {
    listed.push_back(each.task);
  }
  recorder = std::make_unique<TuningRecorder>(
      listed, circumstances, sessionRow.id,
      TuningRecorder::Sinks{database.get(), log.get(), progress.get()},
      [this] { return std::min(1.0, elapsed() / options.budgetSeconds); });
  if (replaying()) {
    return absl::OkStatus();
  }
  MeasurePoolOptions poolOptions;
  poolOptions.workerCommand = options.workerCommand;
  poolOptions.schedulePaths = resolveSchedulePaths(options.schedules);
  poolOptions.target = target;
  poolOptions.numerics = options.numerics;
  poolOptions.mode = mode;
  poolOptions.threads = options.threads;
  poolOptions.seed = options.seed;
  poolOptions.interrupted = interruptRequested;
  absl::StatusOr<std::unique_ptr<MeasurePool>> created =
      MeasurePool::create(std::move(poolOptions));
  if (!created.ok()) {
    return created.status();
  }
  pool = std::move(*created);
  return absl::OkStatus();
}

/// Arithmetic that no direct algorithm for `info` can avoid; 0 where it is not known.
static double minimumFlops(const TaskInfo &info) {
  bool counted =
      info.kind == "contraction" || info.kind == "convolution" || info.kind == "depthwise";
  // Taps on padding may be left out: 18 % of a 3x3 convolution on a 7x7 image.
  return counted ? 0.8 * info.flops : 0;
}

absl::Status TuningSession::prepareLive(ActiveTask &each) {
  const TaskInfo &info = each.task->info;
  const Space &space = each.task->space;
  TaskSpec spec{info.key, printTaskModule(each.task->function), minimumFlops(info)};
  // What a search begins with, and ends with a comparison to.
  std::vector<CandidateSpec> first;
  if (space.hasDefault()) {
    first.push_back(candidateOf(space, space.defaultConfiguration()));
    for (const Configuration &other : space.otherDefaults()) {
      if (!llvm::is_contained(each.prior.configurations, other)) {
        first.push_back(candidateOf(space, other));
      }
    }
  }
  absl::StatusOr<TaskBaseline> baseline = pool->prepare(spec, first);
  if (!baseline.ok()) {
    return baseline.status();
  }
  recorder->recordNaive(static_cast<size_t>(&each - active.data()), baseline->naiveNs);
  spec.naiveNs = baseline->naiveNs;
  spec.naiveError = baseline->naiveError;
  each.measurer = pool->measurerFor(spec, space);
  return absl::OkStatus();
}

absl::Status TuningSession::prepareReplay(ActiveTask &each) {
  absl::StatusOr<PriorRecords> recorded = findPriorRecords(*replay, *each.task, circumstances);
  if (!recorded.ok()) {
    return recorded.status();
  }
  auto measurer = std::make_unique<ReplayMeasurer>(clock);
  for (size_t i = 0; i < recorded->configurations.size(); ++i) {
    measurer->record(recorded->configurations[i], recorded->measurements[i]);
  }
  if (measurer->size() == 0) {
    return absl::NotFoundError(absl::StrCat("'", options.replayPath, "' has no records of it"));
  }
  each.measurer = std::move(measurer);
  return absl::OkStatus();
}

/// Candidates that a task begins with because they were fastest for similar ones.
static constexpr size_t kSuggestions = 3;

absl::Status TuningSession::createTuner(ActiveTask &each) {
  absl::StatusOr<std::unique_ptr<TaskTuner>> created =
      TaskTuner::create(each.task->space, each.task->info, target, options.tuner, shared);
  if (!created.ok()) {
    return created.status();
  }
  each.tuner = std::move(*created);
  each.tuner->suggest(past.suggest(*each.task, kSuggestions));
  return each.tuner->report(each.prior.configurations, each.prior.measurements);
}

/// What the database knows of the task.
absl::Status TuningSession::findPrior(ActiveTask &each) {
  if (!database) {
    return absl::OkStatus();
  }
  absl::StatusOr<PriorRecords> prior = findPriorRecords(*database, *each.task, circumstances);
  if (prior.ok()) {
    each.prior = std::move(*prior);
  }
  return prior.status();
}

/// Of the budget, what recalling other tasks may take.
static constexpr double kRecallShare = 0.1;

/// What the database knows of other tasks, if options let tasks learn from each other.
absl::Status TuningSession::recallOthers() {
  if (!database || !options.tuner.shareExperience) {
    return absl::OkStatus();
  }
  std::vector<const TuningTask *> own;
  for (const ActiveTask &each : active) {
    own.push_back(each.task);
  }
  auto enough = [&] {
    bool late = !replaying() && elapsed() > kRecallShare * options.budgetSeconds;
    return late || interruptRequested();
  };
  absl::StatusOr<PastExperience> loaded =
      PastExperience::load(*database, own, *library, target, circumstances, enough);
  if (!loaded.ok()) {
    return loaded.status();
  }
  past = *std::move(loaded);
  size_t taught = past.teach(*shared, target);
  if (past.numTasks() > 0) {
    llvm::errs() << "chameleon: begins with what " << taught << " records of " << past.numTasks()
                 << " other tasks in the database teach\n";
  }
  return absl::OkStatus();
}

/// Of the budget, what preparing may take where there are more tasks than that has room for.
static constexpr double kPreparationShare = 0.5;

/// Gets the tasks ready to be measured, those with most to do first; what cannot be is named in a
/// remark and drops out.
absl::Status TuningSession::prepareTasks() {
  std::vector<size_t> order(active.size());
  std::iota(order.begin(), order.end(), size_t{0});
  auto work = [&](size_t i) { return active[i].task->info.weight * active[i].task->info.flops; };
  llvm::sort(order,
             [&](size_t a, size_t b) { return work(a) != work(b) ? work(a) > work(b) : a < b; });
  bool anyReady = false;
  for (size_t i : order) {
    bool enough = anyReady && !replaying() && elapsed() > kPreparationShare * options.budgetSeconds;
    if (enough || outOfTime() || interruptRequested()) {
      break;
    }
    ActiveTask &each = active[i];
    if (absl::Status found = findPrior(each); !found.ok()) {
      return found;
    }
    absl::Status status = replaying() ? prepareReplay(each) : prepareLive(each);
    if (!status.ok() && !interruptRequested()) {
      emitRemark(each.task->function.getLoc())
          << "task @" << each.task->function.getSymName() << " left untuned: " << textOf(status);
    }
    if (!status.ok()) {
      each.dropped = !interruptRequested();
      continue;
    }
    anyReady = true;
    if (absl::Status created = createTuner(each); !created.ok()) {
      return created;
    }
    recorder->recall(i, each.prior);
  }
  return absl::OkStatus();
}

absl::Status TuningSession::search() {
  std::vector<SessionTask> sessionTasks;
  std::vector<size_t> indexOf; // in `active`
  for (size_t i = 0; i < active.size(); ++i) {
    if (active[i].tuner) {
      sessionTasks.push_back({active[i].tuner.get(), active[i].measurer.get()});
      indexOf.push_back(i);
    }
  }
  SessionLimits limits;
  limits.seconds = std::max(0.0, options.budgetSeconds - now());
  if (options.budgetMeasurements > 0) {
    limits.measurements = static_cast<size_t>(options.budgetMeasurements);
  }
  limits.batch = options.tuner.batchSize;

  /// Translates positions in the session to those in `active`.
  class Translator : public SessionObserver {
  public:
    Translator(TuningRecorder &recorder, const std::vector<size_t> &indexOf)
        : recorder(recorder), indexOf(indexOf) {}
    void measured(size_t task, const Configuration &configuration,
                  const Measurement &measurement) override {
      recorder.measured(indexOf[task], configuration, measurement);
    }
    void compared(size_t task, const Configuration &configuration,
                  const Measurement &measurement) override {
      recorder.compared(indexOf[task], configuration, measurement);
    }

  private:
    TuningRecorder &recorder;
    const std::vector<size_t> &indexOf;
  } translator(*recorder, indexOf);

  SessionHooks hooks{[this] { return now(); }, interruptRequested, &translator};
  absl::StatusOr<SessionResult> ended = runSession(sessionTasks, limits, hooks);
  if (!ended.ok()) {
    return ended.status();
  }
  result = std::move(*ended);
  for (size_t i = 0; i < indexOf.size(); ++i) {
    keepOutcome(indexOf[i], result.tasks[i]);
  }
  listUnreached();
  return absl::OkStatus();
}

void TuningSession::keepOutcome(size_t index, const SessionTaskResult &outcome) {
  TuningTask &task = *active[index].task;
  active[index].outcome = outcome;
  recorder->showOutcome(index, outcome);
  if (!outcome.chosen) {
    if (outcome.reached) {
      emitRemark(task.function.getLoc())
          << "task @" << task.function.getSymName() << " (" << task.info.name
          << ") has no candidate that works; apply will try the next schedule";
    }
    return;
  }
  annotate(task, *outcome.chosen, circumstances.targetKey);
  ++tuned;
  if (!interruptRequested()) {
    recorder->recordChosen(index, *outcome.chosen);
  }
}

/// Names the tasks of which nothing was measured, in one remark.
void TuningSession::listUnreached() {
  std::string names;
  size_t count = 0;
  for (const ActiveTask &each : active) {
    if (!each.dropped && !each.outcome.reached) {
      absl::StrAppend(&names, count++ == 0 ? "" : ", ", each.task->info.name);
    }
  }
  if (count > 0) {
    emitRemark(module.getLoc()) << count << " of " << tasks.size()
                                << (count == 1 ? " tasks was" : " tasks were")
                                << " not reached in the budget: " << names;
  }
}

/// Candidates that an explanation lists.
static constexpr size_t kExplained = 10;

/// The fastest `count` of `records`, each configuration once.
static std::vector<TunedCandidate> fastestOf(const PriorRecords &records, size_t count) {
  std::vector<TunedCandidate> all;
  for (size_t i = 0; i < records.configurations.size(); ++i) {
    if (records.measurements[i].ok()) {
      all.push_back({records.configurations[i], records.measurements[i]});
    }
  }
  llvm::sort(all, [](const TunedCandidate &a, const TunedCandidate &b) {
    return std::tie(a.measurement.medianNs, a.configuration.indices) <
           std::tie(b.measurement.medianNs, b.configuration.indices);
  });
  std::vector<TunedCandidate> result;
  for (const TunedCandidate &candidate : all) {
    bool listed = llvm::any_of(result, [&](const TunedCandidate &other) {
      return other.configuration == candidate.configuration;
    });
    if (!listed && result.size() < count) {
      result.push_back(candidate);
    }
  }
  return result;
}

/// Prints why the configurations of the tasks that `explain` names were chosen.
absl::Status TuningSession::explain() {
  if (options.explainPattern.empty()) {
    return absl::OkStatus();
  }
  absl::StatusOr<TaskFilter> filter = TaskFilter::create(options.explainPattern);
  if (!filter.ok()) {
    return filter.status();
  }
  auto isAskedFor = [&](const TuningTask &task) { return filter->matches(task.info); };
  if (llvm::none_of(active, [&](const ActiveTask &each) { return isAskedFor(*each.task); }) &&
      llvm::none_of(known, [&](const auto &each) { return isAskedFor(*each.first); })) {
    llvm::errs() << "chameleon: explain='" << options.explainPattern << "' matches none of the "
                 << active.size() + known.size() << " tasks; dry-run=true lists their names\n";
  }
  for (const ActiveTask &each : active) {
    if (each.tuner && isAskedFor(*each.task)) {
      llvm::errs() << formatExplanation({*each.task, each.outcome.chosen,
                                         each.tuner->fastest(kExplained), each.defaultNs(),
                                         each.tuner->stats().tried > 0});
    }
  }
  for (const auto &[task, chosen] : known) {
    if (!isAskedFor(*task)) {
      continue;
    }
    absl::StatusOr<PriorRecords> records = findPriorRecords(*database, *task, circumstances);
    if (!records.ok()) {
      return records.status();
    }
    llvm::errs() << formatExplanation({*task, chosen, fastestOf(*records, kExplained)});
  }
  return absl::OkStatus();
}

absl::Status TuningSession::finish() {
  if (progress) {
    progress->finish();
  }
  sessionRow.wallSeconds = now();
  sessionRow.searchSeconds = result.searchSeconds;
  if (pool) {
    sessionRow.buildSeconds = pool->statistics().buildSeconds;
    sessionRow.runSeconds = pool->statistics().runSeconds;
  }
  if (database) {
    if (absl::Status status = database->updateSeconds(sessionRow); !status.ok()) {
      return status;
    }
  }
  if (absl::Status status = explain(); !status.ok()) {
    return status;
  }
  TuningReport report{
      sessionRow,           pool ? pool->statistics() : PoolStatistics(), recorder->measurements(),
      recorder->outcomes(), std::string(stopReasonName(result.stop)),     settled};
  for (const ActiveTask &each : active) {
    report.tasks.push_back({each.task->info, each.tuner ? each.tuner->stats().tried : 0,
                            each.tuner ? each.tuner->stats().failed() : 0, each.defaultNs(),
                            each.chosenNs()});
  }
  if (!replaying()) {
    llvm::errs() << formatReport(report);
  }
  if (!replaying() && recorder->measurements() == 0 && result.stop == StopReason::BudgetSeconds) {
    emitWarning(module.getLoc()) << absl::StrFormat(
        "no candidate was measured in the %.3g s that the budget leaves for it; budget-seconds=120 "
        "is a good start for a network",
        options.budgetSeconds);
  }
  absl::Status status = recorder->status();
  if (!options.reportPath.empty()) {
    status.Update(writeReport(report, options.reportPath));
  }
  return status;
}

/// Ends a session that has nothing to measure.
absl::StatusOr<TuningSummary> TuningSession::endUnmeasured() {
  if (absl::Status status = explain(); !status.ok()) {
    return status;
  }
  TuningReport report;
  report.stop = std::string(stopReasonName(StopReason::Finished));
  report.tasks = settled;
  if (!options.reportPath.empty() && !options.dryRun) {
    if (absl::Status status = writeReport(report, options.reportPath); !status.ok()) {
      return status;
    }
  }
  return TuningSummary{tuned, 0};
}

absl::StatusOr<TuningSummary> TuningSession::run() {
  TaskMarks marks(collectTasks(module), {options.numerics, options.threads},
                  TaskMarks::ReplaceTheirs);
  for (auto step : {&TuningSession::openFiles, &TuningSession::findTasks}) {
    if (absl::Status status = (this->*step)(); !status.ok()) {
      return status;
    }
  }
  if (tasks.empty()) {
    emitRemark(module.getLoc()) << "nothing to tune";
    return endUnmeasured();
  }
  if (options.dryRun) {
    announceMode();
    llvm::errs() << formatDryRun(tasks, options.budgetSeconds);
    return TuningSummary{};
  }
  if (absl::Status status = settleKnownTasks(); !status.ok()) {
    return status;
  }
  if (active.empty()) {
    return endUnmeasured();
  }
  InterruptHandler interrupts;
  for (auto step : {&TuningSession::startSession, &TuningSession::recallOthers,
                    &TuningSession::prepareTasks, &TuningSession::search, &TuningSession::finish}) {
    if (absl::Status status = (this->*step)(); !status.ok()) {
      return status;
    }
  }
  return TuningSummary{tuned, recorder->measurements()};
}

} // namespace

absl::StatusOr<TuningSummary> chameleon::tuneModule(ModuleOp module, const TuningOptions &options) {
  return TuningSession(module, options).run();
}
