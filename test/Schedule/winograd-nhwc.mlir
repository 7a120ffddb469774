// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 2>&1 | FileCheck %s --check-prefix=BENCH

// NHWC, on an image narrower than a tile: no transposition of pixels.

// REMARKS-NOT:   trying what comes next
// CHECK-LABEL: func.func private @chameleon_task_0(
// CHECK-NOT:     linalg.
// CHECK-NOT:     vector.shuffle
// CHECK:         vector.fma
// CHECK-NOT:     vector.shuffle
// CHECK:         return
// BENCH:         before {{.*}} [naive]
// BENCH:         outputs agree
#nhwc4 = #chameleon.space<@cpu_conv_nhwc, knobs = [#chameleon.choice<"algorithm", ["winograd"]>, #chameleon.tile<"outputs", values = [4]>]>
func.func @main(%x: tensor<1x5x3x32xf32>, %w: tensor<3x3x32x32xf32>, %bias: tensor<32xf32>) -> tensor<1x5x3x32xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x5x3x32xf32> to tensor<1x7x5x32xf32>
  %empty = tensor.empty() : tensor<1x5x3x32xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x5x3x32xf32>) -> tensor<1x5x3x32xf32>
  %r = linalg.conv_2d_nhwc_hwcf {chameleon.space = #nhwc4, strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%p, %w : tensor<1x7x5x32xf32>, tensor<3x3x32x32xf32>) outs(%fill : tensor<1x5x3x32xf32>) -> tensor<1x5x3x32xf32>
  %e = linalg.generic {indexing_maps = [affine_map<(n, h, w, f) -> (n, h, w, f)>, affine_map<(n, h, w, f) -> (f)>, affine_map<(n, h, w, f) -> (n, h, w, f)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r, %bias : tensor<1x5x3x32xf32>, tensor<32xf32>) outs(%empty : tensor<1x5x3x32xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x5x3x32xf32>
  return %e : tensor<1x5x3x32xf32>
}
