// RUN: chameleon-opt %s --chameleon-print-space -o /dev/null 2>&1 | FileCheck %s --check-prefix=SPACE
// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 --threads=2 2>&1 | FileCheck %s --check-prefix=BENCH

// Weights with the output channels outermost, as TOSA has them: the schedule of other NHWC convolutions, with and without an epilogue. A
// direct sum, also where Winograd's algorithm would come first (that one: Dialect/winograd.mlir).

// SPACE:         conv_2d_nhwc_fhwc oh=12 ow=12 oc=40 kh=3 kw=3 ic=24
// SPACE-NEXT:    schedule @cpu_conv_nhwc,
// SPACE:         conv_2d_nhwc_fhwc oh=6 ow=6 oc=17 kh=2 kw=2 ic=40
// SPACE-NEXT:    schedule @cpu_conv_nhwc,
// CHECK-NOT:     linalg.conv
// CHECK:         func.func private @chameleon_task_1(
// CHECK-NOT:     linalg.conv
// BENCH:         outputs agree
#direct = #chameleon.space<@cpu_conv_nhwc, knobs = [#chameleon.choice<"algorithm", ["direct"]>]>
func.func @main(%x: tensor<1x14x14x24xf32>, %w: tensor<40x3x3x24xf32>, %b: tensor<40xf32>, %w2: tensor<17x2x2x40xf32>) -> (tensor<1x12x12x40xf32>, tensor<1x6x6x17xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x12x12x40xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x12x12x40xf32>) -> tensor<1x12x12x40xf32>
  %r = linalg.conv_2d_nhwc_fhwc {chameleon.space = #direct} ins(%x, %w : tensor<1x14x14x24xf32>, tensor<40x3x3x24xf32>) outs(%fill : tensor<1x12x12x40xf32>) -> tensor<1x12x12x40xf32>
  %e = linalg.generic {indexing_maps = [affine_map<(n, h, w, f) -> (n, h, w, f)>, affine_map<(n, h, w, f) -> (f)>, affine_map<(n, h, w, f) -> (n, h, w, f)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r, %b : tensor<1x12x12x40xf32>, tensor<40xf32>) outs(%empty : tensor<1x12x12x40xf32>) {
  ^bb0(%a: f32, %c: f32, %o: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<1x12x12x40xf32>
  %empty2 = tensor.empty() : tensor<1x6x6x17xf32>
  %fill2 = linalg.fill ins(%zero : f32) outs(%empty2 : tensor<1x6x6x17xf32>) -> tensor<1x6x6x17xf32>
  %r2 = linalg.conv_2d_nhwc_fhwc {strides = dense<2> : tensor<2xi64>} ins(%e, %w2 : tensor<1x12x12x40xf32>, tensor<17x2x2x40xf32>) outs(%fill2 : tensor<1x6x6x17xf32>) -> tensor<1x6x6x17xf32>
  return %e, %r2 : tensor<1x12x12x40xf32>, tensor<1x6x6x17xf32>
}
