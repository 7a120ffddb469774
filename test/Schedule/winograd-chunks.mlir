// RUN: chameleon-opt %s --chameleon-apply="in-process=true threads=2" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 --threads=2 2>&1 | FileCheck %s --check-prefix=BENCH

// Weights that are packed by @chameleon_init and transformed by each call: small images with many channels, where reading the
// transformed ones would take longest. NCHW by blocks of output channels, two images; NHWC with an epilogue.

// REMARKS-NOT:   {{trying what comes next|left as plain ops}}
// CHECK-LABEL: func.func private @chameleon_task_0_init(
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<{{[0-9]+}}x64x{{[0-9]+}}xf32>)
// CHECK-LABEL: func.func private @chameleon_task_0(
// CHECK:         vector.fma
// CHECK-LABEL: func.func private @chameleon_task_1_init(
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<{{[0-9]+}}x64x{{[0-9]+}}xf32>)
// CHECK-LABEL: func.func private @chameleon_task_1(
// CHECK:         vector.fma
// BENCH:         before {{.*}} [naive]
// BENCH:         outputs agree
#blocks = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["winograd"]>, #chameleon.tile<"outputs", values = [4]>,
                                                    #chameleon.tile<"weights_chunk", values = [16]>, #chameleon.tile<"ob", values = [32]>]>
#nhwc = #chameleon.space<@cpu_conv_nhwc, knobs = [#chameleon.choice<"algorithm", ["winograd"]>, #chameleon.tile<"outputs", values = [2]>,
                                                  #chameleon.tile<"weights_chunk", values = [32]>, #chameleon.tile<"ob", values = [64]>]>
func.func @main(%x: tensor<2x64x9x7xf32>, %w: tensor<64x64x3x3xf32>, %y: tensor<1x5x6x64xf32>, %v: tensor<3x3x64x64xf32>, %bias: tensor<64xf32>)
    -> (tensor<2x64x9x7xf32>, tensor<1x5x6x64xf32>) {
  %zero = arith.constant 0.0 : f32
  %px = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<2x64x9x7xf32> to tensor<2x64x11x9xf32>
  %ex = tensor.empty() : tensor<2x64x9x7xf32>
  %fx = linalg.fill ins(%zero : f32) outs(%ex : tensor<2x64x9x7xf32>) -> tensor<2x64x9x7xf32>
  %rx = linalg.conv_2d_nchw_fchw {chameleon.space = #blocks, chameleon.numerics = "fast"}
    ins(%px, %w : tensor<2x64x11x9xf32>, tensor<64x64x3x3xf32>) outs(%fx : tensor<2x64x9x7xf32>) -> tensor<2x64x9x7xf32>
  %py = tensor.pad %y low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x5x6x64xf32> to tensor<1x7x8x64xf32>
  %ey = tensor.empty() : tensor<1x5x6x64xf32>
  %fy = linalg.fill ins(%zero : f32) outs(%ey : tensor<1x5x6x64xf32>) -> tensor<1x5x6x64xf32>
  %ry = linalg.conv_2d_nhwc_hwcf {chameleon.space = #nhwc}
    ins(%py, %v : tensor<1x7x8x64xf32>, tensor<3x3x64x64xf32>) outs(%fy : tensor<1x5x6x64xf32>) -> tensor<1x5x6x64xf32>
  %sy = linalg.generic {indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
                        iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%ry, %bias : tensor<1x5x6x64xf32>, tensor<64xf32>) outs(%ey : tensor<1x5x6x64xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x5x6x64xf32>
  return %rx, %sy : tensor<2x64x9x7xf32>, tensor<1x5x6x64xf32>
}
