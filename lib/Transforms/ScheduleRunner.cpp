//===- ScheduleRunner.cpp - Who interprets a schedule ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ScheduleRunner.h"
#include "chameleon/Measure/Pool.h"
#include "chameleon/Schedule/ScheduleLibrary.h"
#include "chameleon/Transforms/TaskKey.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace chameleon;

namespace {

class InProcessRunner : public ScheduleRunner {
public:
  InProcessRunner(const ScheduleLibrary &library, TargetInfo target)
      : library(library), target(std::move(target)) {}

  absl::StatusOr<OwningOpRef<ModuleOp>> run(func::FuncOp task, const std::string &schedule,
                                            const KnobValues &knobs) override {
    OwningOpRef<ModuleOp> module(ModuleOp::create(task.getLoc()));
    func::FuncOp copy = task.clone();
    module->push_back(copy);
    if (absl::Status status = applySchedule(copy, library, schedule, knobs, target); !status.ok()) {
      return status;
    }
    return module;
  }

private:
  const ScheduleLibrary &library;
  TargetInfo target;
};

class WorkerRunner : public ScheduleRunner {
public:
  explicit WorkerRunner(MeasurePool &pool) : pool(pool) {}

  absl::StatusOr<OwningOpRef<ModuleOp>> run(func::FuncOp task, const std::string &schedule,
                                            const KnobValues &knobs) override {
    absl::StatusOr<std::string> text = pool.schedule(printTaskModule(task), schedule, knobs);
    if (!text.ok()) {
      return text.status();
    }
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(*text, task.getContext());
    if (!module) {
      return absl::InternalError("the build worker returned IR that does not parse");
    }
    return module;
  }

private:
  MeasurePool &pool;
};

} // namespace

std::unique_ptr<ScheduleRunner> chameleon::createInProcessRunner(const ScheduleLibrary &library,
                                                                 TargetInfo target) {
  return std::make_unique<InProcessRunner>(library, std::move(target));
}

std::unique_ptr<ScheduleRunner> chameleon::createWorkerRunner(MeasurePool &pool) {
  return std::make_unique<WorkerRunner>(pool);
}
