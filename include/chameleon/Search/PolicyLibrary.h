//===- PolicyLibrary.h - Opening the policy networks when they are needed -===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_POLICYLIBRARY_H
#define CHAMELEON_SEARCH_POLICYLIBRARY_H

#include "absl/status/statusor.h"
#include "chameleon/Search/PolicyAbi.h"
#include <string>

namespace chameleon {

/// The functions of libChameleonTorchPolicy.so: of `path` if it is not empty, else of the file that
/// the environment variable CHAMELEON_POLICY_LIBRARY names, else from ../lib beside the running
/// executable. Opened once per process (about 0.4 s) and kept. Fails if it is not there, does not
/// load, or speaks another version.
absl::StatusOr<const ChameleonPolicyApi *> loadPolicyLibrary(const std::string &path);

/// Fails as `loadPolicyLibrary` does if there is no file; opens nothing.
absl::Status checkPolicyLibrary(const std::string &path);

/// Where `loadPolicyLibrary` looks.
std::string policyLibraryPath(const std::string &path);

} // namespace chameleon

#endif // CHAMELEON_SEARCH_POLICYLIBRARY_H
