// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 2>&1 | FileCheck %s --check-prefix=BENCH
// RUN: chameleon-bench %s %t.mlir --samples=3 --threads=2 2>&1 | FileCheck %s --check-prefix=BENCH

// Edges of images: pads higher than a block, on one side, none; two images; fewer columns than a vector; one pixel; f64. All
// by Winograd's algorithm, one after the other in one function, against plain loops.

// REMARKS-NOT:   trying what comes next
// CHECK-LABEL: func.func private @chameleon_task_0(
// CHECK-NOT:     tensor.pad
// CHECK-LABEL: func.func private @chameleon_task_3(
// BENCH:         before {{.*}} [naive]
// BENCH:         outputs agree
#tall = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["winograd"]>, #chameleon.tile<"outputs", values = [2]>, #chameleon.tile<"block", values = [2]>]>
#narrow = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["winograd"]>, #chameleon.tile<"outputs", values = [4]>]>
#pixel = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["winograd"]>, #chameleon.tile<"outputs", values = [4]>]>
#wide = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["winograd"]>, #chameleon.tile<"outputs", values = [6]>]>
func.func @main(%x_tall: tensor<1x32x6x5xf32>, %w_tall: tensor<32x32x3x3xf32>, %x_narrow: tensor<2x32x7x3xf32>, %w_narrow: tensor<32x32x3x3xf32>, %x_pixel: tensor<1x32x3x3xf32>, %w_pixel: tensor<32x32x3x3xf32>, %x_wide: tensor<1x32x5x37xf64>, %w_wide: tensor<32x32x3x3xf64>)
    -> (tensor<1x32x14x6xf32>, tensor<2x32x8x2xf32>, tensor<1x32x1x1xf32>, tensor<1x32x5x37xf64>) {
  %zero_f32 = arith.constant 0.0 : f32
  %zero_f64 = arith.constant 0.0 : f64
  %p_tall = tensor.pad %x_tall low[0, 0, 5, 1] high[0, 0, 5, 2] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x32x6x5xf32> to tensor<1x32x16x8xf32>
  %empty_tall = tensor.empty() : tensor<1x32x14x6xf32>
  %fill_tall = linalg.fill ins(%zero_f32 : f32) outs(%empty_tall : tensor<1x32x14x6xf32>) -> tensor<1x32x14x6xf32>
  %r_tall = linalg.conv_2d_nchw_fchw {chameleon.space = #tall} ins(%p_tall, %w_tall : tensor<1x32x16x8xf32>, tensor<32x32x3x3xf32>) outs(%fill_tall : tensor<1x32x14x6xf32>) -> tensor<1x32x14x6xf32>
  %p_narrow = tensor.pad %x_narrow low[0, 0, 1, 0] high[0, 0, 2, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<2x32x7x3xf32> to tensor<2x32x10x4xf32>
  %empty_narrow = tensor.empty() : tensor<2x32x8x2xf32>
  %fill_narrow = linalg.fill ins(%zero_f32 : f32) outs(%empty_narrow : tensor<2x32x8x2xf32>) -> tensor<2x32x8x2xf32>
  %r_narrow = linalg.conv_2d_nchw_fchw {chameleon.space = #narrow} ins(%p_narrow, %w_narrow : tensor<2x32x10x4xf32>, tensor<32x32x3x3xf32>) outs(%fill_narrow : tensor<2x32x8x2xf32>) -> tensor<2x32x8x2xf32>
  %empty_pixel = tensor.empty() : tensor<1x32x1x1xf32>
  %fill_pixel = linalg.fill ins(%zero_f32 : f32) outs(%empty_pixel : tensor<1x32x1x1xf32>) -> tensor<1x32x1x1xf32>
  %r_pixel = linalg.conv_2d_nchw_fchw {chameleon.space = #pixel} ins(%x_pixel, %w_pixel : tensor<1x32x3x3xf32>, tensor<32x32x3x3xf32>) outs(%fill_pixel : tensor<1x32x1x1xf32>) -> tensor<1x32x1x1xf32>
  %p_wide = tensor.pad %x_wide low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f64 : f64
  } : tensor<1x32x5x37xf64> to tensor<1x32x7x39xf64>
  %empty_wide = tensor.empty() : tensor<1x32x5x37xf64>
  %fill_wide = linalg.fill ins(%zero_f64 : f64) outs(%empty_wide : tensor<1x32x5x37xf64>) -> tensor<1x32x5x37xf64>
  %r_wide = linalg.conv_2d_nchw_fchw {chameleon.space = #wide} ins(%p_wide, %w_wide : tensor<1x32x7x39xf64>, tensor<32x32x3x3xf64>) outs(%fill_wide : tensor<1x32x5x37xf64>) -> tensor<1x32x5x37xf64>
  return %r_tall, %r_narrow, %r_pixel, %r_wide : tensor<1x32x14x6xf32>, tensor<2x32x8x2xf32>, tensor<1x32x1x1xf32>, tensor<1x32x5x37xf64>
}
