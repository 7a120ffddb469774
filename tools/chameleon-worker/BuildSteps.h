//===- BuildSteps.h - From a task's IR to an object ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TOOLS_CHAMELEON_WORKER_BUILDSTEPS_H
#define CHAMELEON_TOOLS_CHAMELEON_WORKER_BUILDSTEPS_H

#include "chameleon/Measure/Protocol.h"
#include "chameleon/Schedule/ScheduleLibrary.h"
#include "mlir/IR/MLIRContext.h"

namespace chameleon {

/// Where a build is: decides the class of one that dies.
enum class BuildPhase : int64_t { Schedule, Lower, Codegen };

/// Serves `request` in this process. `phase` is kept up to date.
ScheduleReply runSchedule(mlir::MLIRContext &context, const ScheduleLibrary &library,
                          const TargetInfo &target, const ScheduleRequest &request);
BuildReply runBuild(mlir::MLIRContext &context, const ScheduleLibrary &library,
                    const TargetInfo &target, const BuildRequest &request, volatile int64_t &phase);

/// Builds a small task by every step once, so that children find code and data in place. What may
/// go wrong is ignored: it goes wrong again where it counts.
void warmUp(mlir::MLIRContext &context, const TargetInfo &target);

} // namespace chameleon

#endif // CHAMELEON_TOOLS_CHAMELEON_WORKER_BUILDSTEPS_H
