//===- ForkedCall.h - Serving one request in a child that may die ---------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A worker is warm and must stay sane: what may crash, hang or leak is done in a forked copy of it.
// The copy has its own process group, no network, no exec, no descriptor but its reply channel, and
// limits (ChildLimits.h); it dies with the worker, and it is killed when the other end of the
// worker's own channel goes away. Only for single-threaded processes.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_FORKEDCALL_H
#define CHAMELEON_MEASURE_FORKEDCALL_H

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "chameleon/Measure/Protocol.h"
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace chameleon {

/// A child that runs out of memory and notices ends with this exit code. `operator new` does so by
/// itself; libraries with allocators of their own are told by `exitOutOfMemory`.
inline constexpr int kOutOfMemoryExit = 86;
[[noreturn]] void exitOutOfMemory();

struct ForkedResult {
  enum class Outcome {
    Replied,
    Crashed,     // ended without a reply: a signal, an exit
    TimedOut,    // wall or CPU seconds
    OutOfMemory, // the address space limit, as far as the child noticed it, or the kernel's killer
    TooLarge,    // the reply exceeds `resultBytes`
  };
  Outcome outcome = Outcome::Crashed;
  std::unique_ptr<nlohmann::json> json; // the reply; null unless Replied
  std::string bytes;                    // what came with it
  std::string detail; // for people, unless Replied: how it ended and the end of what it printed
  double seconds = 0; // wall time from the fork to the end

  ForkedResult();
  ForkedResult(ForkedResult &&);
  ForkedResult &operator=(ForkedResult &&);
  ~ForkedResult();

  bool replied() const { return outcome == Outcome::Replied; }
};

/// For `work`: ends the child if its reply could not be sent, so that the parent learns why.
void exitUnlessSent(const absl::Status &sent);

/// Forks, calls `work` in the child with a channel on which it sends its one reply, and waits for
/// that reply or the child's end, at most `limits.wallSeconds`. `supervisor` is the worker's own
/// channel: if its peer closes it, the child is killed and this process exits.
ForkedResult callForked(const RequestLimits &limits, const Channel &supervisor,
                        absl::FunctionRef<void(Channel &reply)> work);

} // namespace chameleon

#endif // CHAMELEON_MEASURE_FORKEDCALL_H
