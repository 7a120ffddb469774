//===- TaskInfo.h - What the search knows of a task -----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The loop nest of a task's root computation as plain numbers: no IR. Filled by Schedule, read by
// the feature extraction and the analytic cost model.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SEARCH_TASKINFO_H
#define CHAMELEON_SEARCH_TASKINFO_H

#include <cstdint>
#include <string>
#include <vector>

namespace chameleon {

struct LoopInfo {
  std::string
      name; // "m", "n", "k", "batch", "oc", "oh", "ow", "ic", "kh", "kw", or "d0", "d1", ...
  int64_t extent = 1;
  bool reduction = false;
  /// Of a convolution: how far one step moves along a dimension of the input, the stride of a loop
  /// of the image, the dilation of one of the window. 0 if the loop does not index the input.
  int64_t inputStep = 0;
};

/// One operand: how many elements it moves along per step of each loop.
struct AccessInfo {
  std::vector<int64_t> strides; // one per loop, in elements; 0 if the loop does not index it
  int64_t elementBits = 32;
  int64_t elements = 0; // size of the whole operand
  bool write = false;
  bool constant = false; // known before the measured call (weights)
};

/// Where nobody has said how many there will be.
inline constexpr int64_t kManyThreads = 1024;

struct TaskInfo {
  std::string key;  // SHA-256 of the task, hex
  std::string kind; // "conv_2d", "depthwise_conv_2d", "contraction", "pooling", "generic"
  std::string name; // for people: "conv3x3s1 64x56x56 -> 64"
  std::vector<LoopInfo> loops;      // of the root op
  std::vector<AccessInfo> accesses; // of the root op, inputs first
  int64_t elementBits = 32;         // of the root's inputs
  bool floatingPoint = true;
  double flops = 0;  // arithmetic of the direct algorithm, multiply and add counted apart
  double weight = 1; // uses in the model
  int numerics = 2;  // what candidates may do to results: 0 strict, 1 accurate, 2 fast
  int64_t threads = kManyThreads; // that run it
};

} // namespace chameleon

#endif // CHAMELEON_SEARCH_TASKINFO_H
