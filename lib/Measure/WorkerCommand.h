//===- WorkerCommand.h - Which program the workers are -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_MEASURE_WORKERCOMMAND_H
#define CHAMELEON_LIB_MEASURE_WORKERCOMMAND_H

#include "absl/status/statusor.h"
#include <string>
#include <vector>

namespace chameleon {

/// `command` split at blanks, or, if it is empty, the program `chameleon-worker` that was built or
/// installed with this one. Fails, with the places that were looked at, if there is none.
absl::StatusOr<std::vector<std::string>> workerCommandLine(const std::string &command);

} // namespace chameleon

#endif // CHAMELEON_LIB_MEASURE_WORKERCOMMAND_H
