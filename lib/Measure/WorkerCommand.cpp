//===- WorkerCommand.cpp -------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WorkerCommand.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include <algorithm>
#include <climits>
#include <dlfcn.h>
#include <unistd.h>

namespace chameleon {
namespace {

constexpr char kWorkerName[] = "chameleon-worker";

std::string folderOf(const std::string &path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

std::string executablePath() {
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof(path));
  return length > 0 ? std::string(path, static_cast<size_t>(length)) : "";
}

/// The executable or shared object that this code is part of (a plugin is not beside mlir-opt).
std::string ownPath() {
  Dl_info info = {};
  if (dladdr(reinterpret_cast<void *>(&ownPath), &info) == 0 || !info.dli_fname)
    return "";
  char path[PATH_MAX];
  return realpath(info.dli_fname, path) ? path : "";
}

std::vector<std::string> usualPlaces() {
  std::vector<std::string> places;
  for (const std::string &path : {executablePath(), ownPath()}) {
    if (path.empty())
      continue;
    for (const std::string &folder : {folderOf(path), folderOf(folderOf(path)) + "/bin"}) {
      std::string place = absl::StrCat(folder, "/", kWorkerName);
      if (std::find(places.begin(), places.end(), place) == places.end())
        places.push_back(std::move(place));
    }
  }
  return places;
}

} // namespace

absl::StatusOr<std::vector<std::string>> workerCommandLine(const std::string &command) {
  std::vector<std::string> words =
      absl::StrSplit(command, absl::ByAnyChar(" \t\n"), absl::SkipEmpty());
  if (!words.empty())
    return words;
  const std::vector<std::string> places = usualPlaces();
  for (const std::string &place : places)
    if (access(place.c_str(), X_OK) == 0)
      return std::vector<std::string>{place};
  return absl::NotFoundError(
      absl::StrCat("expected the program ", kWorkerName, " beside this one, but it is not at ",
                   absl::StrJoin(places, " nor "),
                   ": build the target chameleon-worker, or name another with worker-command"));
}

} // namespace chameleon
