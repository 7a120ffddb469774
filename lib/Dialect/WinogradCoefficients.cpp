//===- WinogradCoefficients.cpp - The matrices of F(m, 3) -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WinogradCoefficients.h"

namespace chameleon {

static WinogradCoefficients twoOutputs() {
  return {2,
          {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}},
          {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}},
          {{1, 1, 1, 0}, {0, 1, -1, -1}}};
}

static WinogradCoefficients fourOutputs() {
  return {4,
          {{4, 0, -5, 0, 1, 0},
           {0, -4, -4, 1, 1, 0},
           {0, 4, -4, -1, 1, 0},
           {0, -2, -1, 2, 1, 0},
           {0, 2, -1, -2, 1, 0},
           {0, 4, 0, -5, 0, 1}},
          {{1.0 / 4, 0, 0},
           {-1.0 / 6, -1.0 / 6, -1.0 / 6},
           {-1.0 / 6, 1.0 / 6, -1.0 / 6},
           {1.0 / 24, 1.0 / 12, 1.0 / 6},
           {1.0 / 24, -1.0 / 12, 1.0 / 6},
           {0, 0, 1}},
          {{1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}}};
}

static WinogradCoefficients sixOutputs() {
  return {6,
          {{1, 0, -5.25, 0, 5.25, 0, -1, 0},
           {0, 1, 1, -4.25, -4.25, 1, 1, 0},
           {0, -1, 1, 4.25, -4.25, -1, 1, 0},
           {0, 0.5, 0.25, -2.5, -1.25, 2, 1, 0},
           {0, -0.5, 0.25, 2.5, -1.25, -2, 1, 0},
           {0, 2, 4, -2.5, -5, 0.5, 1, 0},
           {0, -2, 4, 2.5, -5, -0.5, 1, 0},
           {0, -1, 0, 5.25, 0, -5.25, 0, 1}},
          {{1, 0, 0},
           {-2.0 / 9, -2.0 / 9, -2.0 / 9},
           {-2.0 / 9, 2.0 / 9, -2.0 / 9},
           {1.0 / 90, 1.0 / 45, 2.0 / 45},
           {1.0 / 90, -1.0 / 45, 2.0 / 45},
           {32.0 / 45, 16.0 / 45, 8.0 / 45},
           {32.0 / 45, -16.0 / 45, 8.0 / 45},
           {0, 0, 1}},
          {{1, 1, 1, 1, 1, 1, 1, 0},
           {0, 1, -1, 2, -2, 0.5, -0.5, 0},
           {0, 1, 1, 4, 4, 0.25, 0.25, 0},
           {0, 1, -1, 8, -8, 0.125, -0.125, 0},
           {0, 1, 1, 16, 16, 0.0625, 0.0625, 0},
           {0, 1, -1, 32, -32, 0.03125, -0.03125, 1}}};
}

std::optional<WinogradCoefficients> winogradCoefficients(int64_t outputs) {
  switch (outputs) {
  case 2:
    return twoOutputs();
  case 4:
    return fourOutputs();
  case 6:
    return sixOutputs();
  default:
    return std::nullopt;
  }
}

} // namespace chameleon
