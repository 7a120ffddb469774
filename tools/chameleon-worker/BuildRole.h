//===- BuildRole.h - The worker that makes objects of tasks --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TOOLS_CHAMELEON_WORKER_BUILDROLE_H
#define CHAMELEON_TOOLS_CHAMELEON_WORKER_BUILDROLE_H

#include "chameleon/Measure/WorkerRole.h"
#include "chameleon/Schedule/ScheduleLibrary.h"
#include "mlir/IR/MLIRContext.h"
#include <memory>
#include <optional>

namespace chameleon {

/// Holds a context with all dialects and the schedule library; schedules, lowers and emits each
/// task in a child of its own.
class BuildRole : public WorkerRole {
public:
  BuildRole();

  absl::Status serve(const Envelope &envelope, const nlohmann::json &json, absl::string_view bytes,
                     Channel &channel) override;

private:
  absl::Status hello(int64_t id, const HelloRequest &request, Channel &channel);
  absl::Status schedule(int64_t id, const ScheduleRequest &request, Channel &channel);
  absl::Status build(int64_t id, const BuildRequest &request, Channel &channel);

  mlir::MLIRContext context;
  std::optional<ScheduleLibrary> library;
  TargetInfo target;
};

} // namespace chameleon

#endif // CHAMELEON_TOOLS_CHAMELEON_WORKER_BUILDROLE_H
