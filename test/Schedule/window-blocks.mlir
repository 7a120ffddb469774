// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 --threads=2 2>&1 | FileCheck %s --check-prefix=BENCH

// Depthwise convolutions and pooling run by blocks of channels, each of which pads its own: no padded image is whole. Where there is one
// block, its tiles run in parallel.

// CHECK:     func.func private @chameleon_task_0(
// CHECK-NOT: x6x13x23xf32
// CHECK:     scf.forall (%{{.*}}) = (0) to (6) step (2)
// CHECK:     func.func private @chameleon_task_1(
// CHECK-NOT: x8x17x21xf32
// CHECK:     scf.forall (%{{.*}}, %{{.*}}) = (0, 0) to (2, 8) step (1, 4)
// CHECK:     func.func private @chameleon_task_2(
// CHECK:     scf.forall (%{{.*}}) in (5)
// CHECK-NOT: scf.forall (
// CHECK:     func.func private @chameleon_task_3(
// CHECK-NOT: x9x11x48xf32
// CHECK:     scf.forall (%{{.*}}) = (0) to (48) step (16)
// BENCH:     before {{.*}} [naive]
// BENCH:     outputs agree
#depthwise = #chameleon.space<@cpu_window_nchw, knobs = [#chameleon.tile<"block", values = [2]>]>
#pool = #chameleon.space<@cpu_window_nchw, knobs = [#chameleon.tile<"block", values = [4]>, #chameleon.tile<"rows", values = [4]>]>
#nhwc = #chameleon.space<@cpu_window_nhwc, knobs = [#chameleon.tile<"block", values = [16]>, #chameleon.tile<"cols", values = [16]>]>
#one = #chameleon.space<@cpu_window_nchw, knobs = [#chameleon.tile<"block", values = [5]>, #chameleon.tile<"rows", values = [3]>]>
#nchw = affine_map<(n, c, h, w) -> (n, c, h, w)>
#channel = affine_map<(n, c, h, w) -> (c)>
func.func @main(%x: tensor<1x6x11x21xf32>, %w: tensor<6x3x3xf32>, %b: tensor<6xf32>, %y: tensor<2x8x15x20xf32>, %z: tensor<1x5x9x9xf32>,
                %u: tensor<1x7x9x48xf32>, %v: tensor<3x3x48xf32>)
    -> (tensor<1x6x11x21xf32>, tensor<2x8x8x10xf32>, tensor<1x5x3x7xf32>, tensor<1x7x9x48xf32>) {
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %px = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<1x6x11x21xf32> to tensor<1x6x13x23xf32>
  %ex = tensor.empty() : tensor<1x6x11x21xf32>
  %fx = linalg.fill ins(%zero : f32) outs(%ex : tensor<1x6x11x21xf32>) -> tensor<1x6x11x21xf32>
  %cx = linalg.depthwise_conv_2d_nchw_chw {chameleon.space = #depthwise}
    ins(%px, %w : tensor<1x6x13x23xf32>, tensor<6x3x3xf32>) outs(%fx : tensor<1x6x11x21xf32>) -> tensor<1x6x11x21xf32>
  %rx = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%cx, %b : tensor<1x6x11x21xf32>, tensor<6xf32>) outs(%ex : tensor<1x6x11x21xf32>) {
  ^bb0(%a: f32, %c: f32, %o: f32):
    %s = arith.addf %a, %c : f32
    linalg.yield %s : f32
  } -> tensor<1x6x11x21xf32>
  %py = tensor.pad %y low[0, 0, 1, 1] high[0, 0, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %low : f32
  } : tensor<2x8x15x20xf32> to tensor<2x8x17x21xf32>
  %window = tensor.empty() : tensor<3x3xf32>
  %ey = tensor.empty() : tensor<2x8x8x10xf32>
  %fy = linalg.fill ins(%low : f32) outs(%ey : tensor<2x8x8x10xf32>) -> tensor<2x8x8x10xf32>
  %ry = linalg.pooling_nchw_max {chameleon.space = #pool, strides = dense<2> : tensor<2xi64>}
    ins(%py, %window : tensor<2x8x17x21xf32>, tensor<3x3xf32>) outs(%fy : tensor<2x8x8x10xf32>) -> tensor<2x8x8x10xf32>
  %ez = tensor.empty() : tensor<1x5x3x7xf32>
  %fz = linalg.fill ins(%zero : f32) outs(%ez : tensor<1x5x3x7xf32>) -> tensor<1x5x3x7xf32>
  %rz = linalg.pooling_nchw_sum {chameleon.space = #one, strides = dense<[3, 1]> : tensor<2xi64>}
    ins(%z, %window : tensor<1x5x9x9xf32>, tensor<3x3xf32>) outs(%fz : tensor<1x5x3x7xf32>) -> tensor<1x5x3x7xf32>
  %pu = tensor.pad %u low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<1x7x9x48xf32> to tensor<1x9x11x48xf32>
  %eu = tensor.empty() : tensor<1x7x9x48xf32>
  %fu = linalg.fill ins(%zero : f32) outs(%eu : tensor<1x7x9x48xf32>) -> tensor<1x7x9x48xf32>
  %ru = linalg.depthwise_conv_2d_nhwc_hwc {chameleon.space = #nhwc}
    ins(%pu, %v : tensor<1x9x11x48xf32>, tensor<3x3x48xf32>) outs(%fu : tensor<1x7x9x48xf32>) -> tensor<1x7x9x48xf32>
  return %rx, %ry, %rz, %ru : tensor<1x6x11x21xf32>, tensor<2x8x8x10xf32>, tensor<1x5x3x7xf32>, tensor<1x7x9x48xf32>
}
