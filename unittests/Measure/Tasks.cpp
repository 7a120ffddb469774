//===- Tasks.cpp ---------------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Tasks.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"

namespace chameleon::tasks {

std::string convolutionTask(int channels, int size) {
  const std::string input =
      absl::StrCat("tensor<1x", channels, "x", size + 2, "x", size + 2, "xf32>");
  const std::string weights = absl::StrCat("tensor<", channels, "x", channels, "x3x3xf32>");
  const std::string output = absl::StrCat("tensor<1x", channels, "x", size, "x", size, "xf32>");
  return absl::Substitute(R"mlir(
    func.func private @task(%x: $0, %w: $1 {chameleon.constant}, %d: $2) -> $2 attributes {chameleon.task = "c0ffee"} {
      %zero = arith.constant 0.0 : f32
      %f = linalg.fill ins(%zero : f32) outs(%d : $2) -> $2
      %y = linalg.conv_2d_nchw_fchw {chameleon.root, dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
        ins(%x, %w : $0, $1) outs(%f : $2) -> $2
      return %y : $2
    })mlir",
                          input, weights, output);
}

std::string matmulTask(int m, int n, int k, const std::string &type, bool accumulate) {
  const std::string a = absl::StrCat("tensor<", m, "x", k, "x", type, ">");
  const std::string b = absl::StrCat("tensor<", k, "x", n, "x", type, ">");
  const std::string c = absl::StrCat("tensor<", m, "x", n, "x", type, ">");
  const std::string fill =
      accumulate
          ? ""
          : absl::Substitute("%f = linalg.fill ins(%zero : $0) outs(%d : $1) -> $1", type, c);
  return absl::Substitute(R"mlir(
    func.func private @task(%a: $0, %b: $1 {chameleon.constant}, %d: $2) -> $2 attributes {chameleon.task = "decade"} {
      %zero = arith.constant $3 : $6
      $4
      %y = linalg.matmul {chameleon.root} ins(%a, %b : $0, $1) outs($5 : $2) -> $2
      return %y : $2
    })mlir",
                          a, b, c, type[0] == 'i' ? "0" : "0.0", fill, accumulate ? "%d" : "%f",
                          type);
}

std::string roundingTask(int n) {
  return absl::Substitute(R"mlir(
    #id = affine_map<(i) -> (i)>
    func.func private @task(%x: $0, %d: $0) -> $0 attributes {chameleon.task = "facade"} {
      %three = arith.constant 3.0 : f32
      %y = linalg.generic {chameleon.root, indexing_maps = [#id, #id], iterator_types = ["parallel"]}
          ins(%x : $0) outs(%d : $0) {
      ^bb0(%in: f32, %out: f32):
        %e = math.exp %in : f32
        %q = arith.divf %e, %three : f32
        linalg.yield %q : f32
      } -> $0
      return %y : $0
    })mlir",
                          absl::StrCat("tensor<", n, "xf32>"));
}

std::string loopingTask() {
  return R"mlir(
    #id = affine_map<(i) -> (i)>
    func.func private @task(%x: tensor<64xf32>, %d: tensor<64xf32>) -> tensor<64xf32> attributes {chameleon.task = "bead"} {
      %y = linalg.generic {chameleon.root, indexing_maps = [#id, #id], iterator_types = ["parallel"]}
          ins(%x : tensor<64xf32>) outs(%d : tensor<64xf32>) {
      ^bb0(%in: f32, %out: f32):
        %from = arith.constant 0 : index
        %to = arith.constant 3 : index
        %step = arith.constant 1 : index
        %half = arith.constant 0.5 : f32
        %sum = scf.for %i = %from to %to step %step iter_args(%s = %in) -> f32 {
          %scaled = arith.mulf %s, %half : f32
          %next = arith.addf %scaled, %in : f32
          scf.yield %next : f32
        }
        linalg.yield %sum : f32
      } -> tensor<64xf32>
      return %y : tensor<64xf32>
    })mlir";
}

} // namespace chameleon::tasks
