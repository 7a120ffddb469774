//===- Exchange.h - Databases as JSON, and into each other ---------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The exchange format is one object: "schema_version", "sessions", "tasks", "uses", "records";
// sessions are named by uuid, units stand in key names, null is unknown.
//
// Sessions are known by uuid and records by (uuid, sequence), so that what is already there is left
// out: importing or merging twice changes nothing, and the order of merges does not matter. What
// comes in is marked `imported`.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_DATABASE_EXCHANGE_H
#define CHAMELEON_DATABASE_EXCHANGE_H

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <cstdint>
#include <nlohmann/json_fwd.hpp>

namespace chameleon {

class Database;

/// How many were new.
struct TransferCounts {
  int64_t sessions = 0, tasks = 0, uses = 0, records = 0;
};

/// Everything in `database`.
absl::StatusOr<nlohmann::ordered_json> exportJson(const Database &database);

/// Adds what is in `document`, all or nothing. Fails with the place in the document, what was
/// expected and what came; and as Database's writing calls do.
absl::StatusOr<TransferCounts> importJson(Database &database, const nlohmann::json &document);

/// Adds what is in `other`, all or nothing.
absl::StatusOr<TransferCounts> mergeDatabase(Database &database, const Database &other);

} // namespace chameleon

#endif // CHAMELEON_DATABASE_EXCHANGE_H
