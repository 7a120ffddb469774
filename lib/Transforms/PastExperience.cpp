//===- PastExperience.cpp - What a database knows of other tasks ----------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PastExperience.h"
#include "chameleon/Search/Features.h"
#include "chameleon/Search/Moves.h"
#include "chameleon/Support/Random.h"
#include "chameleon/Transforms/TaskKey.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

using namespace mlir;
using namespace chameleon;

/// Of each past task the fastest records, and as many of the others, evenly spread over the rest.
static constexpr size_t kFastestTaught = 16;
static constexpr size_t kOthersTaught = 16;
/// Past tasks whose text is read, those with the most similar work first: one takes some
/// milliseconds.
static constexpr size_t kMostTasks = 64;

/// Distance of the extents by the logarithms of their ratios; infinite if the loops differ.
static double distance(const TaskInfo &a, const TaskInfo &b) {
  if (a.kind != b.kind || a.loops.size() != b.loops.size()) {
    return std::numeric_limits<double>::infinity();
  }
  double sum = 0;
  for (size_t i = 0; i < a.loops.size(); ++i) {
    if (a.loops[i].name != b.loops[i].name) {
      return std::numeric_limits<double>::infinity();
    }
    sum += std::abs(
        std::log2(static_cast<double>(a.loops[i].extent) / static_cast<double>(b.loops[i].extent)));
    sum += a.loops[i].inputStep == b.loops[i].inputStep ? 0 : 1;
  }
  return sum;
}

/// Positions of the records, the successes first and by time.
static std::vector<size_t> byTime(const PriorRecords &records) {
  std::vector<size_t> order(records.measurements.size());
  for (size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  auto key = [&](size_t i) {
    const Measurement &measurement = records.measurements[i];
    return std::make_tuple(!measurement.ok(), measurement.ok() ? measurement.medianNs : 0.0, i);
  };
  llvm::sort(order, [&](size_t a, size_t b) { return key(a) < key(b); });
  return order;
}

/// The task of a stored text, if it is still what it was.
static absl::optional<TuningTask> readTask(const StoredTask &stored, ModuleOp module,
                                           const ScheduleLibrary &library,
                                           const TargetInfo &target) {
  for (TuningTask &task : findTuningTasks(module, library, target)) {
    if (task.info.key == stored.key) {
      return std::move(task);
    }
  }
  return absl::nullopt;
}

/// The nearest of `tasks`.
static double leastDistance(const TaskInfo &past, absl::Span<const TuningTask *const> tasks) {
  double least = std::numeric_limits<double>::infinity();
  for (const TuningTask *task : tasks) {
    least = std::min(least, distance(past, task->info));
  }
  return least;
}

/// Those of the kinds of `tasks` and none of them; the ones first whose work is most like that of
/// one of them.
static std::vector<const StoredTask *> similarWork(absl::Span<const StoredTask> stored,
                                                   absl::Span<const TuningTask *const> tasks) {
  std::vector<std::pair<double, const StoredTask *>> order;
  for (const StoredTask &each : stored) {
    double least = std::numeric_limits<double>::infinity();
    bool own = false;
    for (const TuningTask *task : tasks) {
      own |= task->info.key == each.key;
      if (task->info.kind == each.kind) {
        double ratio = std::max(task->info.flops, 1.0) / std::max(each.flops, 1.0);
        least = std::min(least, std::abs(std::log2(ratio)));
      }
    }
    if (!own && std::isfinite(least)) {
      order.emplace_back(least, &each);
    }
  }
  llvm::sort(order, [](const auto &a, const auto &b) {
    return std::tie(a.first, a.second->key) < std::tie(b.first, b.second->key);
  });
  std::vector<const StoredTask *> result;
  for (const auto &[far, task] : order) {
    result.push_back(task);
  }
  return result;
}

absl::StatusOr<PastExperience>
PastExperience::load(const Database &database, absl::Span<const TuningTask *const> tasks,
                     const ScheduleLibrary &library, const TargetInfo &target,
                     const Circumstances &circumstances, absl::FunctionRef<bool()> stop) {
  PastExperience result;
  if (tasks.empty()) {
    return result;
  }
  absl::StatusOr<std::vector<StoredTask>> stored = database.tasks();
  absl::StatusOr<Numerics> numerics = parseNumerics(circumstances.numerics);
  if (!stored.ok() || !numerics.ok()) {
    return stored.ok() ? numerics.status() : stored.status();
  }
  MLIRContext *context = tasks.front()->function->getContext();
  ScopedDiagnosticHandler silent(context, [](Diagnostic &) { return success(); });
  std::vector<const StoredTask *> similar = similarWork(*stored, tasks);
  similar.resize(std::min(similar.size(), kMostTasks));
  for (const StoredTask *each : similar) {
    if (stop()) {
      break;
    }
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(each->ir, context);
    if (!module) {
      continue;
    }
    TaskMarks marks(collectTasks(*module), {*numerics, circumstances.threads},
                    TaskMarks::ReplaceTheirs);
    absl::optional<TuningTask> task = readTask(*each, *module, library, target);
    bool wanted = task && llvm::any_of(tasks, [&](const TuningTask *other) {
                    return other->scheduleHash == task->scheduleHash;
                  });
    if (!wanted) {
      continue;
    }
    absl::StatusOr<PriorRecords> records = findPriorRecords(database, *task, circumstances);
    if (!records.ok()) {
      return records.status();
    }
    if (!records->configurations.empty()) {
      double far = leastDistance(task->info, tasks);
      result.past.push_back(
          {std::move(task->info), std::move(task->space), *std::move(records), far});
    }
  }
  llvm::sort(result.past, [](const PastTask &a, const PastTask &b) {
    return std::tie(a.far, a.info.key) < std::tie(b.far, b.info.key);
  });
  return result;
}

/// Positions of the records that are taught, fastest first.
static std::vector<size_t> choose(const PriorRecords &records) {
  std::vector<size_t> order = byTime(records);
  size_t rest = order.size() - std::min(order.size(), kFastestTaught);
  size_t step = std::max<size_t>(1, (rest + kOthersTaught - 1) / kOthersTaught);
  std::vector<size_t> chosen;
  for (size_t rank = 0; rank < order.size(); rank += rank < kFastestTaught ? 1 : step) {
    chosen.push_back(order[rank]);
  }
  return chosen;
}

size_t PastExperience::teach(SharedExperience &shared, const TargetInfo &target) const {
  struct Lesson {
    const PastTask *task;
    FeatureExtractor features;
    std::vector<size_t> records;
  };
  std::vector<Lesson> lessons;
  size_t rounds = 0;
  for (const PastTask &task : past) {
    lessons.push_back({&task, {task.space, task.info, target}, choose(task.records)});
    rounds = std::max(rounds, lessons.back().records.size());
  }
  // A fit takes the latest: the fastest of all tasks in turn, and of the nearest last.
  size_t taught = 0;
  for (size_t rank = rounds; rank-- > 0;) {
    for (const Lesson &lesson : llvm::reverse(lessons)) {
      if (rank >= lesson.records.size()) {
        continue;
      }
      const PriorRecords &records = lesson.task->records;
      const Measurement &measurement = records.measurements[lesson.records[rank]];
      SharedExperience::Row row{
          lesson.task->info.key, std::vector<float>(lesson.features.columns()), {}};
      lesson.features.extract(records.configurations[lesson.records[rank]],
                              absl::MakeSpan(row.features));
      row.outcome.ok = measurement.ok();
      row.outcome.logThroughput =
          measurement.ok() ? lesson.features.logThroughput(measurement.medianNs) : 0;
      shared.add(lesson.features.signature(), std::move(row));
      ++taught;
    }
  }
  return taught;
}

std::vector<Configuration> PastExperience::suggest(const TuningTask &task, size_t count) const {
  std::vector<std::pair<double, size_t>> similar;
  for (size_t i = 0; i < past.size(); ++i) {
    double far = distance(task.info, past[i].info);
    if (std::isfinite(far) && past[i].space.schedule() == task.space.schedule()) {
      similar.emplace_back(far, i);
    }
  }
  llvm::sort(similar);
  std::vector<Configuration> result;
  Rng rng(0);
  for (const auto &[far, position] : similar) {
    const PastTask &other = past[position];
    size_t best = byTime(other.records).front();
    if (result.size() == count || !other.records.measurements[best].ok()) {
      continue;
    }
    absl::optional<Configuration> carried =
        carryOver(other.space, other.records.configurations[best], task.space, rng);
    if (carried && !llvm::is_contained(result, *carried)) {
      result.push_back(*std::move(carried));
    }
  }
  return result;
}
