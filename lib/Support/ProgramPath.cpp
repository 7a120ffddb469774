//===- ProgramPath.cpp - Programs that were installed with this one -------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/ProgramPath.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <algorithm>
#include <climits>
#include <cstdlib>
#include <dlfcn.h>
#include <unistd.h>
#include <vector>

namespace chameleon {
namespace {

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

std::vector<std::string> usualPlaces(absl::string_view name) {
  std::vector<std::string> places;
  for (const std::string &path : {executablePath(), ownPath()}) {
    if (path.empty())
      continue;
    for (const std::string &folder : {folderOf(path), folderOf(folderOf(path)) + "/bin"}) {
      std::string place = absl::StrCat(folder, "/", name);
      if (std::find(places.begin(), places.end(), place) == places.end())
        places.push_back(std::move(place));
    }
  }
  return places;
}

} // namespace

absl::StatusOr<std::string> findProgram(absl::string_view name) {
  const std::vector<std::string> places = usualPlaces(name);
  for (const std::string &place : places) {
    if (access(place.c_str(), X_OK) == 0) {
      return place;
    }
  }
  return absl::NotFoundError(absl::StrCat("expected the program ", name,
                                          " beside this one, but it is not at ",
                                          absl::StrJoin(places, " nor ")));
}

} // namespace chameleon
