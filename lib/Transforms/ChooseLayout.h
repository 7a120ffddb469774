//===- ChooseLayout.h - Images as given or channels last ------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_TRANSFORMS_CHOOSELAYOUT_H
#define CHAMELEON_LIB_TRANSFORMS_CHOOSELAYOUT_H

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "chameleon/Measure/Protocol.h"
#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace chameleon {

struct LayoutTrialOptions {
  std::string schedules, constantArgs; // as of the passes
  Numerics numerics = Numerics::Accurate;
  MeasureMode mode = MeasureMode::Warm; // of calls of the whole module
  int threads = 1;
  double seconds = 60; // for all of it
};

/// Medians of a call of the whole module under the default schedules.
struct LayoutTrial {
  double givenMs = 0;
  double channelsLastMs = 0;
  bool fasterChannelsLast = false; // by more than the noise
};

/// Measures `module`, which has no tasks yet, as it is and with the channels of its images
/// innermost: chameleon-bench calls both in turn. Nothing, with nothing measured, where there are
/// no NCHW images. Fails if a module cannot be built or called in the time, or on Ctrl-C.
absl::StatusOr<absl::optional<LayoutTrial>> tryLayouts(mlir::ModuleOp module,
                                                       const LayoutTrialOptions &options);

} // namespace chameleon

#endif // CHAMELEON_LIB_TRANSFORMS_CHOOSELAYOUT_H
