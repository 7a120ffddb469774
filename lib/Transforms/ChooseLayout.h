//===- ChooseLayout.h - Images as given or channels last ------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_CHOOSELAYOUT_H
#define CHAMELEON_LIB_TRANSFORMS_CHOOSELAYOUT_H

#include "absl/status/statusor.h"
#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace chameleon {

struct LayoutTrial {
  std::string schedules, constantArgs, workerCommand; // as of the passes
  int threads = 1;
  double seconds = 60; // at most
};

/// Whether `module`, which has no tasks yet, is faster with the channels of its images innermost:
/// both are built with the default schedules and called in turn by chameleon-bench. Says on
/// standard error what was measured. False, with nothing measured, where no image would change.
/// Fails if a module cannot be built or called in the time.
absl::StatusOr<bool> isFasterChannelsLast(mlir::ModuleOp module, const LayoutTrial &trial);

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_CHOOSELAYOUT_H
