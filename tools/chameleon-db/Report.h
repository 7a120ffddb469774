//===- Report.h - A summary in words -------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TOOLS_CHAMELEON_DB_REPORT_H
#define CHAMELEON_TOOLS_CHAMELEON_DB_REPORT_H

#include "chameleon/Database/Summary.h"
#include <string>

namespace chameleon {

/// Tables of sessions, tasks and failures, for people.
std::string report(const std::string &path, const Summary &summary);

} // namespace chameleon

#endif // CHAMELEON_TOOLS_CHAMELEON_DB_REPORT_H
