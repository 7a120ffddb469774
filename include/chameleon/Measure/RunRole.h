//===- RunRole.h - The worker that checks and times objects --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_RUNROLE_H
#define CHAMELEON_MEASURE_RUNROLE_H

#include "chameleon/Measure/PreparedTask.h"
#include "chameleon/Measure/WorkerRole.h"
#include <list>
#include <string>
#include <utility>

namespace chameleon {

/// Keeps the inputs and expected outputs of the tasks that were prepared last, and runs each object
/// in a child of its own.
class RunRole : public WorkerRole {
public:
  absl::Status serve(const Envelope &envelope, const nlohmann::json &json, absl::string_view bytes,
                     Channel &channel) override;

private:
  absl::Status hello(int64_t id, const HelloRequest &request, Channel &channel);
  absl::Status prepare(int64_t id, const PrepareRequest &request, Channel &channel);
  absl::Status measure(int64_t id, const MeasureRequest &request, Channel &channel);
  absl::Status interleave(int64_t id, const InterleaveRequest &request, Channel &channel);

  /// The task, moved to the front, or null.
  PreparedTask *find(const std::string &taskId);
  /// Forgets the tasks longest unused until the rest is below the memory bound; keeps the newest.
  void forgetOldTasks();

  std::list<std::pair<std::string, PreparedTask>> tasks; // most recently used first
  double peakFlops = 0;
};

} // namespace chameleon

#endif // CHAMELEON_MEASURE_RUNROLE_H
