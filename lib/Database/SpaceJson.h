//===- SpaceJson.h - Spaces, tasks and targets as JSON --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to Database. What is written comes back equal; what comes from elsewhere is checked.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DATABASE_SPACEJSON_H
#define CHAMELEON_LIB_DATABASE_SPACEJSON_H

#include "absl/status/statusor.h"
#include "chameleon/Search/Space.h"
#include "chameleon/Search/TaskInfo.h"
#include "chameleon/Support/TargetInfo.h"
#include <nlohmann/json_fwd.hpp>

namespace chameleon {

nlohmann::ordered_json spaceToJson(const Space &space);
nlohmann::ordered_json taskToJson(const TaskInfo &task);
nlohmann::ordered_json targetToJson(const TargetInfo &target);

/// Each fails with the place, what was expected and what came.
absl::StatusOr<Space> spaceFromJson(const nlohmann::json &json);
absl::StatusOr<TaskInfo> taskFromJson(const nlohmann::json &json);
absl::StatusOr<TargetInfo> targetFromJson(const nlohmann::json &json);

} // namespace chameleon

#endif // CHAMELEON_LIB_DATABASE_SPACEJSON_H
