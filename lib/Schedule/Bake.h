//===- Bake.h - A schedule without open knobs -----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Baking substitutes every knob, picks alternatives, fills bound slots and yields static upstream
// ops: the form that is measured, stored and exported, and that stock `mlir-opt` replays.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_SCHEDULE_BAKE_H
#define CHAMELEON_LIB_SCHEDULE_BAKE_H

#include "absl/status/status.h"
#include "mlir/Dialect/Transform/IR/TransformOps.h"
#include <string>
#include <vector>

namespace chameleon {

/// Bakes `schedule` in place. `names` and `values` are its tune.knobs (facts included) in order of
/// declaration; a choice's value is the index of its label. Fails if a knob, an alternative or a
/// binding cannot be resolved.
absl::Status bake(mlir::transform::NamedSequenceOp schedule, const std::vector<std::string> &names,
                  const std::vector<int64_t> &values, const std::vector<std::string> &labels);

} // namespace chameleon

#endif // CHAMELEON_LIB_SCHEDULE_BAKE_H
