//===- PolicyLibrary.cpp - Opening the policy networks when needed --------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/PolicyLibrary.h"
#include "absl/strings/str_cat.h"
#include <cstdlib>
#include <dlfcn.h>
#include <limits.h>
#include <unistd.h>

namespace chameleon {

static std::string executableFolder() {
  char buffer[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", buffer, sizeof(buffer));
  std::string path(buffer, length > 0 ? static_cast<size_t>(length) : 0);
  return path.substr(0, path.find_last_of('/'));
}

std::string policyLibraryPath(const std::string &path) {
  if (!path.empty())
    return path;
  if (const char *fromEnvironment = std::getenv("CHAMELEON_POLICY_LIBRARY"))
    return fromEnvironment;
  return absl::StrCat(executableFolder(), "/../lib/libChameleonTorchPolicy.so");
}

static absl::Status failure(const std::string &path, const char *what) {
  return absl::FailedPreconditionError(absl::StrCat(
      "expected the policy library at '", path, "', but got: ", what ? what : "no reason",
      "; build with CHAMELEON_ENABLE_TORCH=ON, set CHAMELEON_POLICY_LIBRARY, or choose another "
      "strategy (sa, "
      "evolution)"));
}

absl::Status checkPolicyLibrary(const std::string &path) {
  std::string file = policyLibraryPath(path);
  return access(file.c_str(), R_OK) == 0 ? absl::OkStatus() : failure(file, "no such file");
}

absl::StatusOr<const ChameleonPolicyApi *> loadPolicyLibrary(const std::string &path) {
  std::string file = policyLibraryPath(path);
  void *library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return failure(file, dlerror());
  auto entry = reinterpret_cast<ChameleonPolicyEntry>(dlsym(library, CHAMELEON_POLICY_ENTRY));
  if (!entry)
    return failure(file, dlerror());
  const ChameleonPolicyApi *api = entry();
  if (api->version != CHAMELEON_POLICY_ABI_VERSION)
    return failure(file, absl::StrCat("version ", api->version, " of its interface").c_str());
  return api;
}

} // namespace chameleon
