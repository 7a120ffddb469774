//===- RunSteps.h - What the run worker does in its children -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_MEASURE_RUNSTEPS_H
#define CHAMELEON_LIB_MEASURE_RUNSTEPS_H

#include "chameleon/Measure/ForkedCall.h"
#include "chameleon/Measure/PreparedTask.h"

namespace chameleon {

/// Fills in `task` (whose interface, seed and magnitude are set) by running the reference and the
/// plain loop nest of `request` in a child.
PrepareReply prepareTask(const PrepareRequest &request, const Channel &supervisor,
                         PreparedTask &task);

/// Checks and times the object of `request`, in this process, which may not survive that.
MeasureReply measureObject(const PreparedTask &task, const MeasureRequest &request,
                           double peakFlops);

/// Times the objects of `request` in turn, in this process. `current` is kept at the entry in hand.
InterleaveReply interleaveObjects(const PreparedTask &task, const InterleaveRequest &request,
                                  volatile int64_t &current);

/// The class of a candidate whose run ended like that.
FailureClass runFailure(ForkedResult::Outcome outcome);

} // namespace chameleon

#endif // CHAMELEON_LIB_MEASURE_RUNSTEPS_H
