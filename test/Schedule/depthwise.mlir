// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 2>&1 | FileCheck %s --check-prefix=BENCH
// RUN: chameleon-bench %s %t.mlir --samples=3 --threads=2 2>&1 | FileCheck %s --check-prefix=BENCH

// Depthwise convolutions over NHWC images in registers: two images and more padding than rows; a stride with a bias; holes in the window,
// channels that no vector divides, with an image added; f64; no padding; blocks of pixels beside the image; a window wider than the
// image; i8 and bf16. Nothing is padded, nothing copied.

// REMARKS-NOT:   {{trying what comes next|left as plain ops}}
// CHECK-LABEL: func.func private @chameleon_task_0(
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.
// CHECK:         return
// CHECK-LABEL: func.func private @chameleon_task_1(
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.
// CHECK:         return
// CHECK-LABEL: func.func private @chameleon_task_2(
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.
// CHECK:         return
// CHECK-LABEL: func.func private @chameleon_task_3(
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.
// CHECK:         return
// CHECK-LABEL: func.func private @chameleon_task_4(
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.
// CHECK:         return
// CHECK-LABEL: func.func private @chameleon_task_5(
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.
// CHECK:         return
// CHECK-LABEL: func.func private @chameleon_task_6(
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.
// CHECK:         return
// CHECK-LABEL: func.func private @chameleon_task_7(
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.
// CHECK:         return
// CHECK-LABEL: func.func private @chameleon_task_8(
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.
// CHECK:         return
// BENCH:         before {{.*}} [naive]
// BENCH:         outputs agree
#tall = #chameleon.space<@cpu_depthwise_nhwc, knobs = [#chameleon.tile<"owt", values = [3]>, #chameleon.tile<"rows", values = [2]>]>
#stride = #chameleon.space<@cpu_depthwise_nhwc, knobs = [#chameleon.tile<"owt", values = [3]>, #chameleon.tile<"rows", values = [2]>]>
#holes = #chameleon.space<@cpu_depthwise_nhwc, knobs = [#chameleon.tile<"owt", values = [2]>, #chameleon.tile<"rows", values = [7]>]>
#double = #chameleon.space<@cpu_depthwise_nhwc, knobs = [#chameleon.tile<"owt", values = [3]>, #chameleon.tile<"rows", values = [5]>]>
#plain = #chameleon.space<@cpu_depthwise_nhwc, knobs = [#chameleon.tile<"owt", values = [7]>, #chameleon.tile<"rows", values = [4]>]>
#beside = #chameleon.space<@cpu_depthwise_nhwc, knobs = [#chameleon.tile<"owt", values = [4]>, #chameleon.tile<"rows", values = [3]>]>
#wide = #chameleon.space<@cpu_depthwise_nhwc, knobs = [#chameleon.tile<"owt", values = [3]>, #chameleon.tile<"rows", values = [4]>]>
#bytes = #chameleon.space<@cpu_depthwise_nhwc, knobs = [#chameleon.tile<"owt", values = [5]>, #chameleon.tile<"rows", values = [5]>]>
#halves = #chameleon.space<@cpu_depthwise_nhwc, knobs = [#chameleon.tile<"owt", values = [4]>, #chameleon.tile<"rows", values = [5]>]>
func.func @main(%x_tall: tensor<2x6x5x32xf32>,
                %w_tall: tensor<5x3x32xf32>,
                %x_stride: tensor<1x9x14x40xf32>,
                %w_stride: tensor<3x3x40xf32>,
                %b_stride: tensor<40xf32>,
                %x_holes: tensor<1x7x11x17xf32>,
                %w_holes: tensor<3x5x17xf32>,
                %b_holes: tensor<1x7x5x17xf32>,
                %x_double: tensor<1x5x6x24xf64>,
                %w_double: tensor<3x3x24xf64>,
                %x_plain: tensor<1x6x30x64xf32>,
                %w_plain: tensor<3x3x64xf32>,
                %x_beside: tensor<1x3x4x32xf32>,
                %w_beside: tensor<3x3x32xf32>,
                %x_wide: tensor<1x4x3x32xf32>,
                %w_wide: tensor<3x7x32xf32>,
                %x_bytes: tensor<1x5x9x40xi8>,
                %w_bytes: tensor<3x3x40xi8>,
                %x_halves: tensor<1x5x8x33xbf16>,
                %w_halves: tensor<3x3x33xbf16>)
    -> (tensor<2x8x5x32xf32>, tensor<1x4x7x40xf32>, tensor<1x7x5x17xf32>, tensor<1x5x6x24xf64>, tensor<1x4x28x64xf32>, tensor<1x3x20x32xf32>, tensor<1x4x3x32xf32>, tensor<1x5x9x40xi32>, tensor<1x5x8x33xf32>) {
  %zero_f32 = arith.constant 0.0 : f32
  %zero_f64 = arith.constant 0.0 : f64
  %zero_bf16 = arith.constant 0.0 : bf16
  %zero_i32 = arith.constant 0 : i32
  %zero_i8 = arith.constant 0 : i8
  %p_tall = tensor.pad %x_tall low[0, 3, 1, 0] high[0, 3, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<2x6x5x32xf32> to tensor<2x12x7x32xf32>
  %empty_tall = tensor.empty() : tensor<2x8x5x32xf32>
  %fill_tall = linalg.fill ins(%zero_f32 : f32) outs(%empty_tall : tensor<2x8x5x32xf32>) -> tensor<2x8x5x32xf32>
  %r_tall = linalg.depthwise_conv_2d_nhwc_hwc {chameleon.space = #tall, strides = dense<[1, 1]> : tensor<2xi64>, dilations = dense<[1, 1]> : tensor<2xi64>}
    ins(%p_tall, %w_tall : tensor<2x12x7x32xf32>, tensor<5x3x32xf32>) outs(%fill_tall : tensor<2x8x5x32xf32>) -> tensor<2x8x5x32xf32>
  %p_stride = tensor.pad %x_stride low[0, 0, 0, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x9x14x40xf32> to tensor<1x10x15x40xf32>
  %empty_stride = tensor.empty() : tensor<1x4x7x40xf32>
  %fill_stride = linalg.fill ins(%zero_f32 : f32) outs(%empty_stride : tensor<1x4x7x40xf32>) -> tensor<1x4x7x40xf32>
  %r_stride = linalg.depthwise_conv_2d_nhwc_hwc {chameleon.space = #stride, strides = dense<[2, 2]> : tensor<2xi64>, dilations = dense<[1, 1]> : tensor<2xi64>}
    ins(%p_stride, %w_stride : tensor<1x10x15x40xf32>, tensor<3x3x40xf32>) outs(%fill_stride : tensor<1x4x7x40xf32>) -> tensor<1x4x7x40xf32>
  %e_stride = linalg.generic {indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
                          iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_stride, %b_stride : tensor<1x4x7x40xf32>, tensor<40xf32>) outs(%empty_stride : tensor<1x4x7x40xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %m = arith.maximumf %s, %zero_f32 : f32
    linalg.yield %m : f32
  } -> tensor<1x4x7x40xf32>
  %p_holes = tensor.pad %x_holes low[0, 2, 4, 0] high[0, 2, 3, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x7x11x17xf32> to tensor<1x11x18x17xf32>
  %empty_holes = tensor.empty() : tensor<1x7x5x17xf32>
  %fill_holes = linalg.fill ins(%zero_f32 : f32) outs(%empty_holes : tensor<1x7x5x17xf32>) -> tensor<1x7x5x17xf32>
  %r_holes = linalg.depthwise_conv_2d_nhwc_hwc {chameleon.space = #holes, strides = dense<[1, 2]> : tensor<2xi64>, dilations = dense<[2, 2]> : tensor<2xi64>}
    ins(%p_holes, %w_holes : tensor<1x11x18x17xf32>, tensor<3x5x17xf32>) outs(%fill_holes : tensor<1x7x5x17xf32>) -> tensor<1x7x5x17xf32>
  %e_holes = linalg.generic {indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
                          iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_holes, %b_holes : tensor<1x7x5x17xf32>, tensor<1x7x5x17xf32>) outs(%empty_holes : tensor<1x7x5x17xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %m = arith.maximumf %s, %zero_f32 : f32
    linalg.yield %m : f32
  } -> tensor<1x7x5x17xf32>
  %p_double = tensor.pad %x_double low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f64 : f64
  } : tensor<1x5x6x24xf64> to tensor<1x7x8x24xf64>
  %empty_double = tensor.empty() : tensor<1x5x6x24xf64>
  %fill_double = linalg.fill ins(%zero_f64 : f64) outs(%empty_double : tensor<1x5x6x24xf64>) -> tensor<1x5x6x24xf64>
  %r_double = linalg.depthwise_conv_2d_nhwc_hwc {chameleon.space = #double, strides = dense<[1, 1]> : tensor<2xi64>, dilations = dense<[1, 1]> : tensor<2xi64>}
    ins(%p_double, %w_double : tensor<1x7x8x24xf64>, tensor<3x3x24xf64>) outs(%fill_double : tensor<1x5x6x24xf64>) -> tensor<1x5x6x24xf64>
  %empty_plain = tensor.empty() : tensor<1x4x28x64xf32>
  %fill_plain = linalg.fill ins(%zero_f32 : f32) outs(%empty_plain : tensor<1x4x28x64xf32>) -> tensor<1x4x28x64xf32>
  %r_plain = linalg.depthwise_conv_2d_nhwc_hwc {chameleon.space = #plain, strides = dense<[1, 1]> : tensor<2xi64>, dilations = dense<[1, 1]> : tensor<2xi64>}
    ins(%x_plain, %w_plain : tensor<1x6x30x64xf32>, tensor<3x3x64xf32>) outs(%fill_plain : tensor<1x4x28x64xf32>) -> tensor<1x4x28x64xf32>
  %p_beside = tensor.pad %x_beside low[0, 1, 9, 0] high[0, 1, 9, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x3x4x32xf32> to tensor<1x5x22x32xf32>
  %empty_beside = tensor.empty() : tensor<1x3x20x32xf32>
  %fill_beside = linalg.fill ins(%zero_f32 : f32) outs(%empty_beside : tensor<1x3x20x32xf32>) -> tensor<1x3x20x32xf32>
  %r_beside = linalg.depthwise_conv_2d_nhwc_hwc {chameleon.space = #beside, strides = dense<[1, 1]> : tensor<2xi64>, dilations = dense<[1, 1]> : tensor<2xi64>}
    ins(%p_beside, %w_beside : tensor<1x5x22x32xf32>, tensor<3x3x32xf32>) outs(%fill_beside : tensor<1x3x20x32xf32>) -> tensor<1x3x20x32xf32>
  %p_wide = tensor.pad %x_wide low[0, 1, 3, 0] high[0, 1, 3, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x4x3x32xf32> to tensor<1x6x9x32xf32>
  %empty_wide = tensor.empty() : tensor<1x4x3x32xf32>
  %fill_wide = linalg.fill ins(%zero_f32 : f32) outs(%empty_wide : tensor<1x4x3x32xf32>) -> tensor<1x4x3x32xf32>
  %r_wide = linalg.depthwise_conv_2d_nhwc_hwc {chameleon.space = #wide, strides = dense<[1, 1]> : tensor<2xi64>, dilations = dense<[1, 1]> : tensor<2xi64>}
    ins(%p_wide, %w_wide : tensor<1x6x9x32xf32>, tensor<3x7x32xf32>) outs(%fill_wide : tensor<1x4x3x32xf32>) -> tensor<1x4x3x32xf32>
  %p_bytes = tensor.pad %x_bytes low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_i8 : i8
  } : tensor<1x5x9x40xi8> to tensor<1x7x11x40xi8>
  %empty_bytes = tensor.empty() : tensor<1x5x9x40xi32>
  %fill_bytes = linalg.fill ins(%zero_i32 : i32) outs(%empty_bytes : tensor<1x5x9x40xi32>) -> tensor<1x5x9x40xi32>
  %r_bytes = linalg.depthwise_conv_2d_nhwc_hwc {chameleon.space = #bytes, strides = dense<[1, 1]> : tensor<2xi64>, dilations = dense<[1, 1]> : tensor<2xi64>}
    ins(%p_bytes, %w_bytes : tensor<1x7x11x40xi8>, tensor<3x3x40xi8>) outs(%fill_bytes : tensor<1x5x9x40xi32>) -> tensor<1x5x9x40xi32>
  %p_halves = tensor.pad %x_halves low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_bf16 : bf16
  } : tensor<1x5x8x33xbf16> to tensor<1x7x10x33xbf16>
  %empty_halves = tensor.empty() : tensor<1x5x8x33xf32>
  %fill_halves = linalg.fill ins(%zero_f32 : f32) outs(%empty_halves : tensor<1x5x8x33xf32>) -> tensor<1x5x8x33xf32>
  %r_halves = linalg.depthwise_conv_2d_nhwc_hwc {chameleon.space = #halves, strides = dense<[1, 1]> : tensor<2xi64>, dilations = dense<[1, 1]> : tensor<2xi64>}
    ins(%p_halves, %w_halves : tensor<1x7x10x33xbf16>, tensor<3x3x33xbf16>) outs(%fill_halves : tensor<1x5x8x33xf32>) -> tensor<1x5x8x33xf32>
  return %r_tall, %e_stride, %e_holes, %r_double, %r_plain, %r_beside, %r_wide, %r_bytes, %r_halves : tensor<2x8x5x32xf32>, tensor<1x4x7x40xf32>, tensor<1x7x5x17xf32>, tensor<1x5x6x24xf64>, tensor<1x4x28x64xf32>, tensor<1x3x20x32xf32>, tensor<1x4x3x32xf32>, tensor<1x5x9x40xi32>, tensor<1x5x8x33xf32>
}
