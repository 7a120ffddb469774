//===- Names.h - Names of our attributes and functions --------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The names by which the passes, the tail and the workers find each other's marks in the IR.
//
// A task function is private, has static shapes and is in destination-passing style: its last
// `getNumResults()` arguments are the destinations, and result i is destination i with new
// contents.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_DIALECT_NAMES_H
#define CHAMELEON_DIALECT_NAMES_H

namespace chameleon {

/// On a function: it is a task, the value is its key (hex string).
inline constexpr char kTaskAttr[] = "chameleon.task";
/// On an argument (unit): its value is known before the measured call (weights). On an entry's
/// argument a user writes it, on a task's the outliner does.
inline constexpr char kConstantAttr[] = "chameleon.constant";
/// On a root op: the configuration that `--chameleon-apply` applies (#chameleon.config).
inline constexpr char kConfigAttr[] = "chameleon.config";
/// On a root op: a space written or narrowed by hand (#chameleon.space).
inline constexpr char kSpaceAttr[] = "chameleon.space";
/// On a root op: what was measured for its configuration (#chameleon.measured).
inline constexpr char kMeasuredAttr[] = "chameleon.measured";
/// On a root op: what candidates may do to its results (string, one of kNumericsNames, strictest
/// first). Spaces see it as the fact "numerics"; fast where it is absent.
inline constexpr char kNumericsAttr[] = "chameleon.numerics";
inline constexpr const char *kNumericsNames[] = {"strict", "accurate", "fast"};
/// On a root op: how many threads it will run on (i64, at least 1). Spaces see it as the fact
/// "threads"; many where it is absent.
inline constexpr char kThreadsAttr[] = "chameleon.threads";
/// On a transform op: attribute slots that baking fills from knobs (dictionary of affine maps and
/// strings).
inline constexpr char kBindAttr[] = "chameleon.bind";
/// On a linalg op of a task, or on a transpose of weights in the model (unit): from constants alone
/// it computes what is read in their place; it runs once, with the packs.
inline constexpr char kConstantPackAttr[] = "chameleon.constant_pack";
/// On a function that `hoistConstantPacks` made (unit).
inline constexpr char kPackFunctionAttr[] = "chameleon.pack";
/// On the root op of a task, so that schedules find it (unit).
inline constexpr char kRootAttr[] = "chameleon.root";

/// On a scheduled task function (f64 in (0, 1], absent means 1): the share of the task's direct
/// operation count that the program really does. A schedule whose algorithm does less, such as
/// Winograd's, leaves it, so that its rate is not taken for an impossible one.
inline constexpr char kWorkShareAttr[] = "chameleon.work_share";

/// Packs every constant operand once; results go to the entry `kMainFunction` in place of the plain
/// ones.
inline constexpr char kInitFunction[] = "chameleon_init";
/// The entry with packed constants in place of the plain ones.
inline constexpr char kMainFunction[] = "chameleon_main";
/// Prefix of the wrapper `void chameleon_call_<name>(void **arguments)` that code generation adds
/// for each function that is called from outside: one data pointer per argument, then one per
/// result.
inline constexpr char kCallPrefix[] = "chameleon_call_";

} // namespace chameleon

#endif // CHAMELEON_DIALECT_NAMES_H
