// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: FileCheck %s --check-prefix=APPLIED --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 2>&1 | FileCheck %s --check-prefix=BENCH

// REMARKS-NOT: left untuned
// APPLIED-NOT: linalg.conv_1d
// BENCH:       [naive]
// BENCH:       [applied]
// BENCH:       outputs agree
// BENCH-NOT:   beware
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#channel = affine_map<(d0, d1, d2) -> (d1)>
func.func @main(%x: tensor<2x5x77xf32>, %w: tensor<32x5x7xf32>, %bias: tensor<32xf32>, %v: tensor<32x32x3xf32>, %d: tensor<32x3xf32>) -> (tensor<2x32x36xf32>, tensor<2x32x17xf32>) {
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<2x32x36xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<2x32x36xf32>) -> tensor<2x32x36xf32>
  %c = linalg.conv_1d_ncw_fcw {dilations = dense<1> : vector<1xi64>, strides = dense<2> : vector<1xi64>}
      ins(%x, %w : tensor<2x5x77xf32>, tensor<32x5x7xf32>) outs(%f : tensor<2x32x36xf32>) -> tensor<2x32x36xf32>
  %a = linalg.generic {indexing_maps = [#id, #channel, #id], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%c, %bias : tensor<2x32x36xf32>, tensor<32xf32>) outs(%e : tensor<2x32x36xf32>) {
  ^bb0(%in: f32, %b: f32, %out: f32):
    %s = arith.addf %in, %b : f32
    %y = arith.maximumf %s, %zero : f32
    linalg.yield %y : f32
  } -> tensor<2x32x36xf32>
  %p = tensor.pad %a low[0, 0, 1] high[0, 0, 1] {
  ^bb0(%i: index, %j: index, %k: index):
    tensor.yield %zero : f32
  } : tensor<2x32x36xf32> to tensor<2x32x38xf32>
  %n = linalg.conv_1d_ncw_fcw ins(%p, %v : tensor<2x32x38xf32>, tensor<32x32x3xf32>) outs(%f : tensor<2x32x36xf32>) -> tensor<2x32x36xf32>
  // The residual is added in the code of the convolution.
  %r = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%n, %a : tensor<2x32x36xf32>, tensor<2x32x36xf32>) outs(%e : tensor<2x32x36xf32>) {
  ^bb0(%in: f32, %b: f32, %out: f32):
    %s = arith.addf %in, %b : f32
    linalg.yield %s : f32
  } -> tensor<2x32x36xf32>
  %de = tensor.empty() : tensor<2x32x34xf32>
  %df = linalg.fill ins(%zero : f32) outs(%de : tensor<2x32x34xf32>) -> tensor<2x32x34xf32>
  %dw = linalg.depthwise_conv_1d_ncw_cw ins(%r, %d : tensor<2x32x36xf32>, tensor<32x3xf32>) outs(%df : tensor<2x32x34xf32>) -> tensor<2x32x34xf32>
  %me = tensor.empty() : tensor<2x32x17xf32>
  %mf = linalg.fill ins(%low : f32) outs(%me : tensor<2x32x17xf32>) -> tensor<2x32x17xf32>
  %window = tensor.empty() : tensor<2xf32>
  %m = linalg.pooling_ncw_max {dilations = dense<1> : vector<1xi64>, strides = dense<2> : vector<1xi64>}
      ins(%dw, %window : tensor<2x32x34xf32>, tensor<2xf32>) outs(%mf : tensor<2x32x17xf32>) -> tensor<2x32x17xf32>
  return %r, %m : tensor<2x32x36xf32>, tensor<2x32x17xf32>
}
