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

/// Extent of loop `dim` of the task's root. Fails with the names it has.
absl::StatusOr<int64_t> findExtent(const TaskInfo &task, llvm::StringRef dim);

} // namespace chameleon

#endif // CHAMELEON_LIB_SCHEDULE_FACTS_H
