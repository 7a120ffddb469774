// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 2>&1 | FileCheck %s --check-prefix=BENCH

// As direct-edges.mlir, for NHWC: images that are read where they are, of any stride and dilation, and such that are copied,
// because of pads or types, with channels that do not fill a vector and with some that do.

// REMARKS-NOT:   trying what comes next
// REMARKS-NOT:   left as plain ops
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.conv
// CHECK:         func.func private @chameleon_task_6(
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.conv
// BENCH:         before {{.*}} [naive]
// BENCH:         outputs agree
#direct = #chameleon.choice<"algorithm", ["direct"]>
#in_place = #chameleon.space<@cpu_conv_nhwc, knobs = [#direct, #chameleon.tile<"owt", values = [5]>, #chameleon.tile<"rows", values = [1]>]>
#apart = #chameleon.space<@cpu_conv_nhwc, knobs = [#direct, #chameleon.tile<"owt", values = [3]>, #chameleon.tile<"unroll", values = [2]>]>
#parts = #chameleon.space<@cpu_conv_nhwc, knobs = [#direct, #chameleon.tile<"rows", values = [2]>, #chameleon.tile<"unroll", values = [1]>, #chameleon.tile<"chunk", values = [16]>]>
#copied = #chameleon.space<@cpu_conv_nhwc, knobs = [#direct, #chameleon.tile<"owt", values = [4]>, #chameleon.tile<"unroll", values = [2]>]>
#skipped = #chameleon.space<@cpu_conv_nhwc, knobs = [#direct, #chameleon.tile<"rows", values = [1]>]>
#half = #chameleon.space<@cpu_conv_nhwc, knobs = [#direct]>
#bytes = #chameleon.space<@cpu_conv_nhwc, knobs = [#direct]>
#nhwc = affine_map<(n, h, w, f) -> (n, h, w, f)>
#channel = affine_map<(n, h, w, f) -> (f)>
func.func @main(%x_in_place: tensor<2x7x7x5xf32>, %w_in_place: tensor<3x3x5x10xf32>, %b_in_place: tensor<10xf32>, %x_apart: tensor<1x9x11x5xf32>,
                %w_apart: tensor<3x3x5x40xf32>, %x_parts: tensor<1x6x6x32xf32>, %w_parts: tensor<3x3x32x24xf32>, %x_copied: tensor<1x9x7x3xf32>,
                %w_copied: tensor<3x3x3x24xf32>, %x_skipped: tensor<2x5x9x17xf32>, %w_skipped: tensor<1x1x17x10xf32>, %b_skipped: tensor<10xf32>,
                %x_half: tensor<1x5x6x17xbf16>, %w_half: tensor<3x3x17x10xbf16>, %x_bytes: tensor<1x5x6x40xi8>, %w_bytes: tensor<2x3x40x10xi8>,
                %b_bytes: tensor<10xi32>)
    -> (tensor<2x5x5x10xf32>, tensor<1x4x7x40xf32>, tensor<1x4x4x24xf32>, tensor<1x6x4x24xf32>, tensor<2x3x6x10xf32>, tensor<1x3x4x10xf32>,
        tensor<1x6x6x10xi32>) {
  %zero_f32 = arith.constant 0.0 : f32
  %zero_bf16 = arith.constant 0.0 : bf16
  %zero_i8 = arith.constant 0 : i8
  %zero_i32 = arith.constant 0 : i32
  %empty_in_place = tensor.empty() : tensor<2x5x5x10xf32>
  %fill_in_place = linalg.fill ins(%zero_f32 : f32) outs(%empty_in_place : tensor<2x5x5x10xf32>) -> tensor<2x5x5x10xf32>
  %r_in_place = linalg.conv_2d_nhwc_hwcf {chameleon.space = #in_place}
    ins(%x_in_place, %w_in_place : tensor<2x7x7x5xf32>, tensor<3x3x5x10xf32>) outs(%fill_in_place : tensor<2x5x5x10xf32>) -> tensor<2x5x5x10xf32>
  %e_in_place = linalg.generic {indexing_maps = [#nhwc, #channel, #nhwc], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_in_place, %b_in_place : tensor<2x5x5x10xf32>, tensor<10xf32>) outs(%empty_in_place : tensor<2x5x5x10xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<2x5x5x10xf32>
  %empty_apart = tensor.empty() : tensor<1x4x7x40xf32>
  %fill_apart = linalg.fill ins(%zero_f32 : f32) outs(%empty_apart : tensor<1x4x7x40xf32>) -> tensor<1x4x7x40xf32>
  %r_apart = linalg.conv_2d_nhwc_hwcf {chameleon.space = #apart, strides = dense<[2, 1]> : tensor<2xi64>, dilations = dense<[1, 2]> : tensor<2xi64>}
    ins(%x_apart, %w_apart : tensor<1x9x11x5xf32>, tensor<3x3x5x40xf32>) outs(%fill_apart : tensor<1x4x7x40xf32>) -> tensor<1x4x7x40xf32>
  %empty_parts = tensor.empty() : tensor<1x4x4x24xf32>
  %fill_parts = linalg.fill ins(%zero_f32 : f32) outs(%empty_parts : tensor<1x4x4x24xf32>) -> tensor<1x4x4x24xf32>
  %r_parts = linalg.conv_2d_nhwc_hwcf {chameleon.space = #parts}
    ins(%x_parts, %w_parts : tensor<1x6x6x32xf32>, tensor<3x3x32x24xf32>) outs(%fill_parts : tensor<1x4x4x24xf32>) -> tensor<1x4x4x24xf32>
  %p_copied = tensor.pad %x_copied low[0, 5, 0, 0] high[0, 0, 2, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x9x7x3xf32> to tensor<1x14x9x3xf32>
  %empty_copied = tensor.empty() : tensor<1x6x4x24xf32>
  %fill_copied = linalg.fill ins(%zero_f32 : f32) outs(%empty_copied : tensor<1x6x4x24xf32>) -> tensor<1x6x4x24xf32>
  %r_copied = linalg.conv_2d_nhwc_hwcf {chameleon.space = #copied, strides = dense<[2, 2]> : tensor<2xi64>}
    ins(%p_copied, %w_copied : tensor<1x14x9x3xf32>, tensor<3x3x3x24xf32>) outs(%fill_copied : tensor<1x6x4x24xf32>) -> tensor<1x6x4x24xf32>
  %p_skipped = tensor.pad %x_skipped low[0, 1, 1, 0] high[0, 0, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<2x5x9x17xf32> to tensor<2x6x11x17xf32>
  %empty_skipped = tensor.empty() : tensor<2x3x6x10xf32>
  %fill_skipped = linalg.fill ins(%zero_f32 : f32) outs(%empty_skipped : tensor<2x3x6x10xf32>) -> tensor<2x3x6x10xf32>
  %r_skipped = linalg.conv_2d_nhwc_hwcf {chameleon.space = #skipped, strides = dense<[2, 2]> : tensor<2xi64>}
    ins(%p_skipped, %w_skipped : tensor<2x6x11x17xf32>, tensor<1x1x17x10xf32>) outs(%fill_skipped : tensor<2x3x6x10xf32>) -> tensor<2x3x6x10xf32>
  %e_skipped = linalg.generic {indexing_maps = [#nhwc, #channel, #nhwc], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_skipped, %b_skipped : tensor<2x3x6x10xf32>, tensor<10xf32>) outs(%empty_skipped : tensor<2x3x6x10xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<2x3x6x10xf32>
  %empty_half = tensor.empty() : tensor<1x3x4x10xf32>
  %fill_half = linalg.fill ins(%zero_f32 : f32) outs(%empty_half : tensor<1x3x4x10xf32>) -> tensor<1x3x4x10xf32>
  %r_half = linalg.conv_2d_nhwc_hwcf {chameleon.space = #half}
    ins(%x_half, %w_half : tensor<1x5x6x17xbf16>, tensor<3x3x17x10xbf16>) outs(%fill_half : tensor<1x3x4x10xf32>) -> tensor<1x3x4x10xf32>
  %p_bytes = tensor.pad %x_bytes low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_i8 : i8
  } : tensor<1x5x6x40xi8> to tensor<1x7x8x40xi8>
  %empty_bytes = tensor.empty() : tensor<1x6x6x10xi32>
  %fill_bytes = linalg.fill ins(%zero_i32 : i32) outs(%empty_bytes : tensor<1x6x6x10xi32>) -> tensor<1x6x6x10xi32>
  %r_bytes = linalg.conv_2d_nhwc_hwcf {chameleon.space = #bytes}
    ins(%p_bytes, %w_bytes : tensor<1x7x8x40xi8>, tensor<2x3x40x10xi8>) outs(%fill_bytes : tensor<1x6x6x10xi32>) -> tensor<1x6x6x10xi32>
  %e_bytes = linalg.generic {indexing_maps = [#nhwc, #channel, #nhwc], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_bytes, %b_bytes : tensor<1x6x6x10xi32>, tensor<10xi32>) outs(%empty_bytes : tensor<1x6x6x10xi32>) {
  ^bb0(%a: i32, %b: i32, %o: i32):
    %s = arith.addi %a, %b : i32
    linalg.yield %s : i32
  } -> tensor<1x6x6x10xi32>
  return %e_in_place, %r_apart, %r_parts, %r_copied, %e_skipped, %r_half, %e_bytes
    : tensor<2x5x5x10xf32>, tensor<1x4x7x40xf32>, tensor<1x4x4x24xf32>, tensor<1x6x4x24xf32>, tensor<2x3x6x10xf32>, tensor<1x3x4x10xf32>,
      tensor<1x6x6x10xi32>
}
