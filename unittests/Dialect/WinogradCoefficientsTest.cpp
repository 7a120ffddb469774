//===- WinogradCoefficientsTest.cpp --------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WinogradCoefficients.h"
#include "gtest/gtest.h"

namespace chameleon {
namespace {

std::vector<double> multiply(const WinogradMatrix &matrix, const std::vector<double> &values) {
  std::vector<double> result;
  for (const std::vector<double> &row : matrix) {
    EXPECT_EQ(row.size(), values.size());
    double sum = 0;
    for (size_t i = 0; i < row.size(); ++i)
      sum += row[i] * values[i];
    result.push_back(sum);
  }
  return result;
}

class WinogradCoefficientsTest : public testing::TestWithParam<int64_t> {};

/// Both sides are bilinear in the inputs and the taps: that they agree on all pairs of unit vectors
/// shows that they agree everywhere.
TEST_P(WinogradCoefficientsTest, EqualTheDirectSumOnUnitVectors) {
  std::optional<WinogradCoefficients> matrices = winogradCoefficients(GetParam());
  ASSERT_TRUE(matrices.has_value());
  int64_t points = matrices->points();
  ASSERT_EQ(points, GetParam() + 2);
  for (int64_t input = 0; input < points; ++input) {
    for (int64_t tap = 0; tap < kWinogradTaps; ++tap) {
      std::vector<double> d(points, 0.0);
      std::vector<double> g(kWinogradTaps, 0.0);
      d[input] = 1;
      g[tap] = 1;
      std::vector<double> product = multiply(matrices->input, d);
      std::vector<double> filter = multiply(matrices->filter, g);
      for (int64_t i = 0; i < points; ++i)
        product[i] *= filter[i];
      std::vector<double> outputs = multiply(matrices->output, product);
      ASSERT_EQ(static_cast<int64_t>(outputs.size()), GetParam());
      for (int64_t i = 0; i < GetParam(); ++i)
        EXPECT_NEAR(outputs[i], i + tap == input ? 1 : 0, 1e-14)
            << "output " << i << " of input " << input << " and tap " << tap;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Outputs, WinogradCoefficientsTest, testing::Values(2, 4, 6));

TEST(WinogradCoefficientsTest, KnowNoOthers) {
  for (int64_t outputs : {-2, 0, 1, 3, 5, 8})
    EXPECT_FALSE(winogradCoefficients(outputs).has_value()) << outputs;
}

} // namespace
} // namespace chameleon
