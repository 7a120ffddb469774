//===- RowCodec.h - Rows to and from statements --------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to Database: the order of columns is known here and nowhere else.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DATABASE_ROWCODEC_H
#define CHAMELEON_LIB_DATABASE_ROWCODEC_H

#include "Sqlite.h"
#include "chameleon/Database/Rows.h"

namespace chameleon {

/// [["mc","64"],["order","mnk"]]
std::string configurationToText(const ConfigurationPairs &configuration);
absl::StatusOr<ConfigurationPairs> configurationFromText(absl::string_view text);

// Statements without INSERT's conflict clause, as "INTO sessions(...) VALUES(?, ...)", and the
// binding of their parameters.
extern const char *const sessionInsert;
void bindSession(Statement &statement, const Session &session);
extern const char *const taskInsert;
void bindTask(Statement &statement, const StoredTask &task);
extern const char *const useInsert;
void bindUse(Statement &statement, const TaskUse &use);
/// Gives the next sequence number of its session to a record with sequence 0.
extern const char *const recordInsert;
void bindRecord(Statement &statement, const Record &record);

// Statements that list rows (those of tasks and records go on with WHERE or ORDER BY), and the
// reading of a row.
extern const char *const sessionSelect;
Session readSession(const Statement &statement);
extern const char *const taskSelect;
StoredTask readTask(const Statement &statement);
extern const char *const useSelect;
TaskUse readUse(const Statement &statement);
extern const char *const recordSelect;
/// Fails with DataLoss on a name or text that cannot be.
absl::StatusOr<Record> readRecord(const Statement &statement);

} // namespace chameleon

#endif // CHAMELEON_LIB_DATABASE_ROWCODEC_H
