//===- Rows.cpp - What a database holds ----------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Database/Rows.h"

#include "absl/strings/str_cat.h"

namespace chameleon {
namespace {

constexpr std::pair<RecordRole, const char *> roleNames[] = {{RecordRole::Candidate, "candidate"},
                                                             {RecordRole::Default, "default"},
                                                             {RecordRole::Naive, "naive"},
                                                             {RecordRole::Rerank, "rerank"},
                                                             {RecordRole::Chosen, "chosen"}};

} // namespace

absl::string_view recordRoleName(RecordRole role) {
  return roleNames[static_cast<size_t>(role)].second;
}

absl::StatusOr<RecordRole> parseRecordRole(absl::string_view name) {
  std::string names;
  for (const auto &[role, roleName] : roleNames) {
    if (name == roleName) {
      return role;
    }
    absl::StrAppend(&names, names.empty() ? "" : ", ", roleName);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("expected a role out of ", names, ", but got '", name, "'"));
}

} // namespace chameleon
