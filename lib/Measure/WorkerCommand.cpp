//===- WorkerCommand.cpp -------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WorkerCommand.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "chameleon/Support/ProgramPath.h"

namespace chameleon {

absl::StatusOr<std::vector<std::string>> workerCommandLine(const std::string &command) {
  std::vector<std::string> words =
      absl::StrSplit(command, absl::ByAnyChar(" \t\n"), absl::SkipEmpty());
  if (!words.empty())
    return words;
  absl::StatusOr<std::string> worker = findProgram("chameleon-worker");
  if (!worker.ok())
    return absl::NotFoundError(
        absl::StrCat(worker.status().message(),
                     ": build the target chameleon-worker, or name another with worker-command"));
  return std::vector<std::string>{*worker};
}

} // namespace chameleon
