//===- Schema.h - Tables, and their versions -----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to Database.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DATABASE_SCHEMA_H
#define CHAMELEON_LIB_DATABASE_SCHEMA_H

#include "Sqlite.h"

namespace chameleon {

/// Checks that the open file is ours and not newer than this program. Returns its schema version, 0
/// for a file without any content. Changes nothing.
absl::StatusOr<int> readSchemaVersion(const SqliteConnection &connection, const std::string &path);

/// Brings a file of schema version `from` (0: empty) to the current one, all or nothing.
absl::Status upgradeSchema(SqliteConnection &connection, int from);

} // namespace chameleon

#endif // CHAMELEON_LIB_DATABASE_SCHEMA_H
