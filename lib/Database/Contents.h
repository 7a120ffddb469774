//===- Contents.h - Everything in a database -----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to Database: what export, import and merge pass on.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DATABASE_CONTENTS_H
#define CHAMELEON_LIB_DATABASE_CONTENTS_H

#include "absl/status/statusor.h"
#include "chameleon/Database/Rows.h"
#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace chameleon {

class Database;

/// Session numbers in `uses` and `records` are `Session::id` of `sessions`.
struct Contents {
  std::vector<Session> sessions;
  std::vector<StoredTask> tasks;
  std::vector<TaskUse> uses;
  std::vector<Record> records;
};

absl::StatusOr<Contents> readContents(const Database &database);
nlohmann::ordered_json contentsToJson(const Contents &contents);
/// Fails with the place in the document, what was expected and what came.
absl::StatusOr<Contents> contentsFromJson(const nlohmann::json &document);

} // namespace chameleon

#endif // CHAMELEON_LIB_DATABASE_CONTENTS_H
