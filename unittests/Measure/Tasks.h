//===- Tasks.h - Tasks that the tests measure ----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_UNITTESTS_MEASURE_TASKS_H
#define CHAMELEON_UNITTESTS_MEASURE_TASKS_H

#include <string>

namespace chameleon::tasks {

/// A 3x3 convolution of stride 1 on an input that is padded already; `channels` in and out, `size`
/// x `size` outputs. The weights are constant.
std::string convolutionTask(int channels, int size);

/// C = A * B of m x k and k x n in `type`; B is constant. With `accumulate` the destination's old
/// contents are added.
std::string matmulTask(int m, int n, int k, const std::string &type = "f32",
                       bool accumulate = false);

/// exp(x) / 3 on `n` numbers: arithmetic that rounds.
std::string roundingTask(int n);

/// A loop of three iterations on each element: the schedule @endless makes it one of 2^62.
std::string loopingTask();

} // namespace chameleon::tasks

#endif // CHAMELEON_UNITTESTS_MEASURE_TASKS_H
