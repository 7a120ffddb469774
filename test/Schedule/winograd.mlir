// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 2>&1 | FileCheck %s --check-prefix=BENCH

// Two convolutions one after the other, by tiles of 4 x 4 and of 6 x 6 outputs, on an image that neither divides:
// partial tiles, an odd width, an epilogue with a residual. The weights are transformed by @chameleon_init.

// REMARKS-NOT:   trying what comes next
// CHECK-LABEL: func.func @chameleon_init(
// CHECK-LABEL: func.func private @chameleon_task_0_init(
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<36x
// CHECK-LABEL: func.func private @chameleon_task_0(
// CHECK-NOT:     linalg.
// CHECK-NOT:     tensor.pad
// CHECK:         vector.fma
// CHECK-NOT:     linalg.
// CHECK:         return
// CHECK-LABEL: func.func private @chameleon_task_1_init(
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<64x
// BENCH:         before {{.*}} [naive]
// BENCH:         outputs agree
#conv4 = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["winograd"]>, #chameleon.tile<"outputs", values = [4]>,
                                                   #chameleon.tile<"steps", values = [2]>]>
#conv6 = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["winograd"]>, #chameleon.tile<"outputs", values = [6]>]>
func.func @main(%x: tensor<1x32x10x13xf32>, %w: tensor<64x32x3x3xf32>, %v: tensor<32x64x3x3xf32>, %bias: tensor<64xf32>) -> tensor<1x32x10x13xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x32x10x13xf32> to tensor<1x32x12x15xf32>
  %empty = tensor.empty() : tensor<1x64x10x13xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x64x10x13xf32>) -> tensor<1x64x10x13xf32>
  %r = linalg.conv_2d_nchw_fchw {chameleon.space = #conv4, strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%p, %w : tensor<1x32x12x15xf32>, tensor<64x32x3x3xf32>) outs(%fill : tensor<1x64x10x13xf32>) -> tensor<1x64x10x13xf32>
  %e = linalg.generic {indexing_maps = [affine_map<(n, f, h, w) -> (n, f, h, w)>, affine_map<(n, f, h, w) -> (f)>, affine_map<(n, f, h, w) -> (n, f, h, w)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r, %bias : tensor<1x64x10x13xf32>, tensor<64xf32>) outs(%empty : tensor<1x64x10x13xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %m = arith.cmpf ugt, %s, %zero : f32
    %t = arith.select %m, %s, %zero : f32
    linalg.yield %t : f32
  } -> tensor<1x64x10x13xf32>
  %q = tensor.pad %e low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x64x10x13xf32> to tensor<1x64x12x15xf32>
  %empty2 = tensor.empty() : tensor<1x32x10x13xf32>
  %fill2 = linalg.fill ins(%zero : f32) outs(%empty2 : tensor<1x32x10x13xf32>) -> tensor<1x32x10x13xf32>
  %r2 = linalg.conv_2d_nchw_fchw {chameleon.space = #conv6, strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%q, %v : tensor<1x64x12x15xf32>, tensor<32x64x3x3xf32>) outs(%fill2 : tensor<1x32x10x13xf32>) -> tensor<1x32x10x13xf32>
  %e2 = linalg.generic {indexing_maps = [affine_map<(n, f, h, w) -> (n, f, h, w)>, affine_map<(n, f, h, w) -> (n, f, h, w)>, affine_map<(n, f, h, w) -> (n, f, h, w)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r2, %x : tensor<1x32x10x13xf32>, tensor<1x32x10x13xf32>) outs(%empty2 : tensor<1x32x10x13xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x32x10x13xf32>
  return %e2 : tensor<1x32x10x13xf32>
}
