//===- HandMadeObjects.h - Objects that behave as asked ------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_UNITTESTS_MEASURE_HANDMADEOBJECTS_H
#define CHAMELEON_UNITTESTS_MEASURE_HANDMADEOBJECTS_H

#include "chameleon/Measure/Protocol.h"
#include <string>

namespace chameleon::tasks {

/// The hand-made task: out[i] = x[i] + w[i] on kElements numbers of f32, w constant.
inline constexpr int64_t kElements = 64;
TaskAbi sumAbi();

/// What the function of an object does: for each element it runs `body` (LLVM dialect, from %a and
/// %b of f32 and index %i to %r of `outputType`) and stores %r; then it runs `tail`, a list of ops,
/// which may end in a branch to blocks of its own as long as these end in a return. `declarations`
/// stand beside the function.
struct Behaviour {
  std::string body = "%r = llvm.fadd %a, %b : f32";
  std::string tail = "llvm.return";
  std::string declarations;
  std::string outputType = "f32";
};

std::string makeObject(const Behaviour &behaviour = {});
/// The same in f64.
std::string makeReferenceObject();
/// An object whose init function stores -w and whose entry computes x - packed.
std::string makePackedObject();

} // namespace chameleon::tasks

#endif // CHAMELEON_UNITTESTS_MEASURE_HANDMADEOBJECTS_H
