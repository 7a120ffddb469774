//===- BaselinesTest.cpp - Naive and f64 baselines against loops in C++ ===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Baselines.h"
#include "CompiledModule.h"
#include "chameleon/Support/Random.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include <cmath>
#include <gtest/gtest.h>

using namespace chameleon;

namespace {

bool naive(mlir::ModuleOp module) { return mlir::succeeded(makeNaive(module)); }

bool reference(mlir::ModuleOp module) {
  for (auto function : module.getOps<mlir::func::FuncOp>())
    if (mlir::failed(makeReference(function)))
      return false;
  return true;
}

std::vector<float> randomFloats(size_t count, uint64_t seed) {
  Rng rng(seed);
  std::vector<float> values(count);
  for (float &value : values)
    value = static_cast<float>(rng.normal());
  return values;
}

constexpr char kMatmulBias[] = R"(
func.func @main(%a: tensor<7x13xf32>, %b: tensor<13x9xf32>, %bias: tensor<9xf32>) -> tensor<7x9xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<7x9xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<7x9xf32>) -> tensor<7x9xf32>
  %m = linalg.matmul ins(%a, %b : tensor<7x13xf32>, tensor<13x9xf32>) outs(%f : tensor<7x9xf32>) -> tensor<7x9xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%m, %bias : tensor<7x9xf32>, tensor<9xf32>) outs(%e : tensor<7x9xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %s = arith.addf %x, %y : f32
    linalg.yield %s : f32
  } -> tensor<7x9xf32>
  return %r : tensor<7x9xf32>
})";

std::vector<double> matmulBias(const std::vector<float> &a, const std::vector<float> &b,
                               const std::vector<float> &bias) {
  std::vector<double> c(7 * 9);
  for (int i = 0; i < 7; ++i)
    for (int j = 0; j < 9; ++j) {
      double sum = 0;
      for (int k = 0; k < 13; ++k)
        sum += static_cast<double>(a[i * 13 + k]) * b[k * 9 + j];
      c[i * 9 + j] = sum + bias[j];
    }
  return c;
}

TEST(Baselines, MatmulBias) {
  auto a = randomFloats(7 * 13, 1), b = randomFloats(13 * 9, 2), bias = randomFloats(9, 3);
  std::vector<double> expected = matmulBias(a, b, bias), wide(7 * 9);
  std::vector<float> narrow(7 * 9);
  auto plain = compile(kMatmulBias, naive);
  ASSERT_TRUE(plain.ok()) << plain.status();
  plain->call("main", {a.data(), b.data(), bias.data(), narrow.data()});
  auto exact = compile(kMatmulBias, reference);
  ASSERT_TRUE(exact.ok()) << exact.status();
  exact->call("main", {a.data(), b.data(), bias.data(), wide.data()});
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(narrow[i], expected[i], 1e-5);
    EXPECT_NEAR(wide[i], expected[i], 1e-14);
  }
}

// A strided, dilated, padded convolution, as a task: the destination is an argument.
constexpr char kConvolution[] = R"(
func.func @conv(%x: tensor<1x3x8x9xf32>, %w: tensor<5x3x3x2xf32>, %out: tensor<1x5x4x8xf32>) -> tensor<1x5x4x8xf32> attributes {chameleon.task = "k"} {
  %z = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 0, 1, 0] high[0, 0, 2, 1] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %z : f32
  } : tensor<1x3x8x9xf32> to tensor<1x3x11x10xf32>
  %f = linalg.fill ins(%z : f32) outs(%out : tensor<1x5x4x8xf32>) -> tensor<1x5x4x8xf32>
  %r = linalg.conv_2d_nchw_fchw {dilations = dense<[2, 2]> : vector<2xi64>, strides = dense<[2, 1]> : vector<2xi64>}
      ins(%p, %w : tensor<1x3x11x10xf32>, tensor<5x3x3x2xf32>) outs(%f : tensor<1x5x4x8xf32>) -> tensor<1x5x4x8xf32>
  return %r : tensor<1x5x4x8xf32>
})";

std::vector<double> convolution(const std::vector<float> &x, const std::vector<float> &w) {
  std::vector<double> out;
  for (int f = 0; f < 5; ++f)
    for (int h = 0; h < 4; ++h)
      for (int v = 0; v < 8; ++v) {
        double sum = 0;
        for (int c = 0; c < 3; ++c)
          for (int kh = 0; kh < 3; ++kh)
            for (int kw = 0; kw < 2; ++kw) {
              int ih = 2 * h + 2 * kh - 1, iw = v + 2 * kw;
              if (ih >= 0 && ih < 8 && iw < 9)
                sum += static_cast<double>(x[(c * 8 + ih) * 9 + iw]) *
                       w[((f * 3 + c) * 3 + kh) * 2 + kw];
            }
        out.push_back(sum);
      }
  return out;
}

TEST(Baselines, PaddedStridedDilatedConvolution) {
  auto x = randomFloats(3 * 8 * 9, 4), w = randomFloats(5 * 3 * 3 * 2, 5);
  std::vector<double> expected = convolution(x, w), wide(5 * 4 * 8);
  std::vector<float> narrow(5 * 4 * 8);
  auto plain = compile(kConvolution, naive);
  ASSERT_TRUE(plain.ok()) << plain.status();
  plain->call("conv", {x.data(), w.data(), narrow.data()}); // no pointer beyond the destination
  auto exact = compile(kConvolution, reference);
  ASSERT_TRUE(exact.ok()) << exact.status();
  exact->call("conv", {x.data(), w.data(), wide.data()});
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(narrow[i], expected[i], 1e-5);
    EXPECT_NEAR(wide[i], expected[i], 1e-14);
  }
}

TEST(Baselines, MaxPoolSoftmaxAndCasts) {
  constexpr char text[] = R"(
func.func @main(%x: tensor<4x6xf16>) -> (tensor<4x5xf32>, tensor<4x6xf16>) {
  %low = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<4x5xf32>
  %f = linalg.fill ins(%low : f32) outs(%e : tensor<4x5xf32>) -> tensor<4x5xf32>
  %window = tensor.empty() : tensor<2xf32>
  %pool = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j + k)>, affine_map<(i, j, k) -> (k)>, affine_map<(i, j, k) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %window : tensor<4x6xf16>, tensor<2xf32>) outs(%f : tensor<4x5xf32>) {
  ^bb0(%a: f16, %w: f32, %o: f32):
    %b = arith.extf %a : f16 to f32
    %i = linalg.index 1 : index
    %n = arith.index_cast %i : index to i32
    %g = arith.sitofp %n : i32 to f32
    %s = arith.addf %b, %g : f32
    %m = arith.maximumf %s, %o : f32
    linalg.yield %m : f32
  } -> tensor<4x5xf32>
  %d = tensor.empty() : tensor<4x6xf16>
  %soft = linalg.softmax dimension(1) ins(%x : tensor<4x6xf16>) outs(%d : tensor<4x6xf16>) -> tensor<4x6xf16>
  return %pool, %soft : tensor<4x5xf32>, tensor<4x6xf16>
})";
  auto values = randomFloats(24, 6);
  std::vector<_Float16> x(values.begin(), values.end()), narrowSoft(24);
  std::vector<float> narrowPool(20);
  std::vector<double> pool(20), soft(24);
  auto plain = compile(text, naive);
  ASSERT_TRUE(plain.ok()) << plain.status();
  plain->call("main", {x.data(), narrowPool.data(), narrowSoft.data()});
  auto exact = compile(text, reference);
  ASSERT_TRUE(exact.ok()) << exact.status();
  exact->call("main", {x.data(), pool.data(), soft.data()});
  for (int i = 0; i < 4; ++i) {
    double sum = 0;
    for (int j = 0; j < 6; ++j)
      sum += std::exp(static_cast<double>(x[i * 6 + j]));
    for (int j = 0; j < 6; ++j) {
      double expected = std::exp(static_cast<double>(x[i * 6 + j])) / sum;
      EXPECT_NEAR(soft[i * 6 + j], expected, 1e-14);
      EXPECT_NEAR(static_cast<double>(narrowSoft[i * 6 + j]), expected, 4e-3);
    }
    for (int j = 0; j < 5; ++j) {
      double expected = std::max<double>(x[i * 6 + j], x[i * 6 + j + 1]) + j;
      EXPECT_EQ(pool[i * 5 + j], expected);
      EXPECT_NEAR(narrowPool[i * 5 + j], expected, 1e-6);
    }
  }
}

TEST(Baselines, ReferenceDeclinesWhatItCannotConvert) {
  constexpr char text[] = R"(
func.func @main(%x: tensor<4xf32>) -> tensor<4xi32> {
  %r = tensor.bitcast %x : tensor<4xf32> to tensor<4xi32>
  return %r : tensor<4xi32>
})";
  EXPECT_FALSE(compile(text, reference).ok());
}

} // namespace
