//===- Arm.h - One way to search, by name and number ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TOOLS_CHAMELEON_REPLAY_ARM_H
#define CHAMELEON_TOOLS_CHAMELEON_REPLAY_ARM_H

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "chameleon/Search/Tuner.h"
#include <string>

namespace chameleon {

/// Names and numbers that the command line changes of a preset.
struct ArmText {
  std::string preset;
  std::string strategy;  // empty: the preset's
  std::string sampler;   // empty: the preset's
  std::string costModel; // empty: the preset's
  std::string settings;  // "batch-size=8,local-share=0"
};

/// Fails with what was expected for an unknown name, a number that is none or out of range, and for
/// what checkOptions refuses.
absl::StatusOr<TunerOptions> parseArm(const ArmText &text);

/// Names that `settings` may have, comma-separated, for --help.
std::string settingNames();

/// "3", "0-9" or "1,4,7".
absl::StatusOr<std::vector<uint64_t>> parseSeeds(absl::string_view text);

} // namespace chameleon

#endif // CHAMELEON_TOOLS_CHAMELEON_REPLAY_ARM_H
