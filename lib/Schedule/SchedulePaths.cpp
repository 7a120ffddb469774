//===- SchedulePaths.cpp - Where schedules are read from ------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Schedule/SchedulePaths.h"
#include "absl/strings/str_split.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace chameleon;

/// An address in this program, by which it is found.
static void anchor() {}

std::vector<std::string> chameleon::resolveSchedulePaths(const std::string &option) {
  if (!option.empty()) {
    return absl::StrSplit(option, ':', absl::SkipEmpty());
  }
  std::string program =
      llvm::sys::fs::getMainExecutable(nullptr, reinterpret_cast<void *>(&anchor));
  llvm::SmallString<256> installed(
      llvm::sys::path::parent_path(llvm::sys::path::parent_path(program)));
  llvm::sys::path::append(installed, "share", "chameleon", "schedules", "cpu");
  if (llvm::sys::fs::is_directory(installed)) {
    return {installed.str().str()};
  }
  return {CHAMELEON_SOURCE_SCHEDULES};
}
