//===- WinogradCoefficients.h - The matrices of F(m, 3) -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Winograd's minimal filtering F(m, 3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural
// Networks", 2016, section 4): m outputs of a correlation with 3 taps from m + 2 inputs d and the
// taps g by m + 2 multiplications,
//
//   y = A^T [(G g) * (B^T d)],      y[i] = sum over k of g[k] d[i + k].
//
// In two dimensions F(m x m, 3 x 3) applies each matrix to the columns and to the rows.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_DIALECT_WINOGRADCOEFFICIENTS_H
#define CHAMELEON_LIB_DIALECT_WINOGRADCOEFFICIENTS_H

#include <cstdint>
#include <optional>
#include <vector>

namespace chameleon {

inline constexpr int64_t kWinogradTaps = 3;

/// Row by row.
using WinogradMatrix = std::vector<std::vector<double>>;

struct WinogradCoefficients {
  int64_t outputs = 0;   // m
  WinogradMatrix input;  // B^T, (m + 2) x (m + 2)
  WinogradMatrix filter; // G, (m + 2) x 3
  WinogradMatrix output; // A^T, m x (m + 2)

  /// Inputs of a tile, and multiplications: m + 2.
  int64_t points() const { return outputs + kWinogradTaps - 1; }
};

/// The matrices for 2, 4 or 6 outputs (interpolation at 0, 1, -1, infinity, then 2 and -2, then 1/2
/// and -1/2); nothing for other numbers.
std::optional<WinogradCoefficients> winogradCoefficients(int64_t outputs);

} // namespace chameleon

#endif // CHAMELEON_LIB_DIALECT_WINOGRADCOEFFICIENTS_H
