//===- SchedulePaths.h - Where schedules are read from --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SCHEDULE_SCHEDULEPATHS_H
#define CHAMELEON_SCHEDULE_SCHEDULEPATHS_H

#include <string>
#include <vector>

namespace chameleon {

/// The parts of `option`, separated by ':'. If it is empty: the CPU schedules that come with
/// Chameleon, in
/// `../share/chameleon/schedules/cpu` beside the running program, else in the source tree it was
/// built from.
std::vector<std::string> resolveSchedulePaths(const std::string &option);

} // namespace chameleon

#endif // CHAMELEON_SCHEDULE_SCHEDULEPATHS_H
