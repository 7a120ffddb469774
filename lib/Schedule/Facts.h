//===- Facts.h - What the task and the target fix -------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SCHEDULE_FACTS_H
#define CHAMELEON_LIB_SCHEDULE_FACTS_H

#include "absl/status/statusor.h"
#include "chameleon/Search/TaskInfo.h"
#include "chameleon/Support/TargetInfo.h"
#include "mlir/Support/LLVM.h"

namespace chameleon {

/// The value of the fact `name` (#chameleon.fact). Fails if the task has no such loop or operand.
absl::StatusOr<int64_t> evaluateFact(llvm::StringRef name, const TaskInfo &task,
                                     const TargetInfo &target);

/// The loop `dim` of the task's root: by name, or "last" and "last1" for those of the last and the
/// second to last dimension of its result (of extent 1 if it has no such dimension). Fails with the
/// names that the root has.
absl::StatusOr<LoopInfo> findLoop(const TaskInfo &task, llvm::StringRef dim);

} // namespace chameleon

#endif // CHAMELEON_LIB_SCHEDULE_FACTS_H
