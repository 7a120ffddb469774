// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 --threads=2 2>&1 | FileCheck %s --check-prefix=BENCH

// Edges of the direct sum, one convolution after the other in one function, against plain loops: images of odd sizes, of one
// column, narrower than a vector; one, two and three channels, output channels that leave lanes empty; strides whose pixels can
// be skipped and others, dilation, pads on one side only, and so high that whole windows lie in them; two images; other types;
// chunks of channels; a column of the padded image that no window reads. The pixels of a tile, where they are given, ask for one
// to four vectors.

// REMARKS-NOT:   trying what comes next
// REMARKS-NOT:   left as plain ops
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.conv
// CHECK:         func.func private @chameleon_task_14(
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.conv
// BENCH:         before {{.*}} [naive]
// BENCH:         outputs agree
#direct = #chameleon.choice<"algorithm", ["direct"]>
#seven = #chameleon.space<@cpu_conv_nchw, knobs = [#direct]>
#strided = #chameleon.space<@cpu_conv_nchw, knobs = [#direct, #chameleon.tile<"owt", values = [2]>, #chameleon.tile<"rows", values = [1]>, #chameleon.tile<"unroll", values = [1]>]>
#column = #chameleon.space<@cpu_conv_nchw, knobs = [#direct, #chameleon.tile<"owt", values = [1]>, #chameleon.tile<"rows", values = [3]>, #chameleon.tile<"unroll", values = [8]>]>
#one = #chameleon.space<@cpu_conv_nchw, knobs = [#direct, #chameleon.tile<"owt", values = [4]>, #chameleon.tile<"rows", values = [2]>, #chameleon.tile<"unroll", values = [1]>]>
#two = #chameleon.space<@cpu_conv_nchw, knobs = [#direct, #chameleon.tile<"owt", values = [13]>, #chameleon.tile<"rows", values = [2]>, #chameleon.tile<"unroll", values = [1]>]>
#three = #chameleon.space<@cpu_conv_nchw, knobs = [#direct, #chameleon.tile<"owt", values = [5]>, #chameleon.tile<"rows", values = [3]>, #chameleon.tile<"unroll", values = [1]>]>
#pixels = #chameleon.space<@cpu_conv_nchw, knobs = [#direct, #chameleon.tile<"owt", values = [6]>, #chameleon.tile<"rows", values = [2]>, #chameleon.tile<"unroll", values = [1]>]>
#thirds = #chameleon.space<@cpu_conv_nchw, knobs = [#direct, #chameleon.tile<"owt", values = [8]>, #chameleon.tile<"rows", values = [1]>, #chameleon.tile<"unroll", values = [2]>]>
#dilated = #chameleon.space<@cpu_conv_nchw, knobs = [#direct, #chameleon.tile<"owt", values = [9]>, #chameleon.tile<"unroll", values = [1]>]>
#beside = #chameleon.space<@cpu_conv_nchw, knobs = [#direct, #chameleon.tile<"owt", values = [9]>, #chameleon.tile<"rows", values = [4]>, #chameleon.tile<"unroll", values = [1]>]>
#wide = #chameleon.space<@cpu_conv_nchw, knobs = [#direct, #chameleon.tile<"owt", values = [11]>, #chameleon.tile<"unroll", values = [1]>]>
#chunks = #chameleon.space<@cpu_conv_nchw, knobs = [#direct, #chameleon.tile<"rows", values = [1]>, #chameleon.tile<"unroll", values = [1]>, #chameleon.tile<"chunk", values = [16]>]>
#bf16 = #chameleon.space<@cpu_conv_nchw, knobs = [#direct, #chameleon.tile<"unroll", values = [1]>]>
#i8 = #chameleon.space<@cpu_conv_nchw, knobs = [#direct]>
#unread = #chameleon.space<@cpu_conv_nchw, knobs = [#direct]>
#nchw = affine_map<(n, f, h, w) -> (n, f, h, w)>
#channel = affine_map<(n, f, h, w) -> (f)>
func.func @main(%x_seven: tensor<1x16x7x7xf32>, %w_seven: tensor<10x16x3x3xf32>, %b_seven: tensor<10xf32>, %x_strided: tensor<1x9x13x5xf32>,
                %w_strided: tensor<56x9x3x3xf32>, %x_column: tensor<1x8x9x1xf32>, %w_column: tensor<40x8x3x1xf32>, %x_one: tensor<1x1x10x19xf32>,
                %w_one: tensor<17x1x5x5xf32>, %b_one: tensor<17xf32>, %x_two: tensor<1x2x6x13xf32>, %w_two: tensor<3x2x3x3xf32>,
                %x_three: tensor<1x3x17x17xf32>, %w_three: tensor<20x3x7x7xf32>, %x_pixels: tensor<1x24x9x9xf32>, %w_pixels: tensor<33x24x1x1xf32>,
                %b_pixels: tensor<33xf32>, %x_thirds: tensor<1x16x9x20xf32>, %w_thirds: tensor<16x16x1x1xf32>, %x_dilated: tensor<1x12x9x9xf32>,
                %w_dilated: tensor<10x12x3x3xf32>, %x_beside: tensor<2x8x4x4xf32>, %w_beside: tensor<16x8x3x3xf32>, %x_wide: tensor<1x6x5x21xf64>,
                %w_wide: tensor<7x6x3x2xf64>, %x_chunks: tensor<1x32x6x7xf32>, %w_chunks: tensor<10x32x3x3xf32>, %b_chunks: tensor<10xf32>,
                %x_bf16: tensor<1x20x5x5xbf16>, %w_bf16: tensor<19x20x3x3xbf16>, %b_bf16: tensor<19xf32>, %x_i8: tensor<1x3x5x9xi8>,
                %w_i8: tensor<10x3x3x3xi8>, %x_unread: tensor<1x8x8x8xf32>, %w_unread: tensor<16x8x3x3xf32>, %b_unread: tensor<16xf32>)
    -> (tensor<1x10x7x7xf32>, tensor<1x56x7x3xf32>, tensor<1x40x9x1xf32>, tensor<1x17x4x7xf32>, tensor<1x3x6x13xf32>, tensor<1x20x9x9xf32>,
        tensor<1x33x6x6xf32>, tensor<1x16x3x8xf32>, tensor<1x10x9x9xf32>, tensor<2x16x8x9xf32>, tensor<1x7x4x22xf64>, tensor<1x10x6x7xf32>,
        tensor<1x19x5x5xf32>, tensor<1x10x5x6xi32>, tensor<1x16x4x4xf32>) {
  %zero_f32 = arith.constant 0.0 : f32
  %zero_f64 = arith.constant 0.0 : f64
  %zero_bf16 = arith.constant 0.0 : bf16
  %zero_i8 = arith.constant 0 : i8
  %zero_i32 = arith.constant 0 : i32
  %p_seven = tensor.pad %x_seven low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x16x7x7xf32> to tensor<1x16x9x9xf32>
  %empty_seven = tensor.empty() : tensor<1x10x7x7xf32>
  %fill_seven = linalg.fill ins(%zero_f32 : f32) outs(%empty_seven : tensor<1x10x7x7xf32>) -> tensor<1x10x7x7xf32>
  %r_seven = linalg.conv_2d_nchw_fchw {chameleon.space = #seven}
    ins(%p_seven, %w_seven : tensor<1x16x9x9xf32>, tensor<10x16x3x3xf32>) outs(%fill_seven : tensor<1x10x7x7xf32>) -> tensor<1x10x7x7xf32>
  %e_seven = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_seven, %b_seven : tensor<1x10x7x7xf32>, tensor<10xf32>) outs(%empty_seven : tensor<1x10x7x7xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x10x7x7xf32>
  %p_strided = tensor.pad %x_strided low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x9x13x5xf32> to tensor<1x9x15x7xf32>
  %empty_strided = tensor.empty() : tensor<1x56x7x3xf32>
  %fill_strided = linalg.fill ins(%zero_f32 : f32) outs(%empty_strided : tensor<1x56x7x3xf32>) -> tensor<1x56x7x3xf32>
  %r_strided = linalg.conv_2d_nchw_fchw {chameleon.space = #strided, strides = dense<[2, 2]> : tensor<2xi64>}
    ins(%p_strided, %w_strided : tensor<1x9x15x7xf32>, tensor<56x9x3x3xf32>) outs(%fill_strided : tensor<1x56x7x3xf32>) -> tensor<1x56x7x3xf32>
  %p_column = tensor.pad %x_column low[0, 0, 1, 0] high[0, 0, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x8x9x1xf32> to tensor<1x8x11x1xf32>
  %empty_column = tensor.empty() : tensor<1x40x9x1xf32>
  %fill_column = linalg.fill ins(%zero_f32 : f32) outs(%empty_column : tensor<1x40x9x1xf32>) -> tensor<1x40x9x1xf32>
  %r_column = linalg.conv_2d_nchw_fchw {chameleon.space = #column}
    ins(%p_column, %w_column : tensor<1x8x11x1xf32>, tensor<40x8x3x1xf32>) outs(%fill_column : tensor<1x40x9x1xf32>) -> tensor<1x40x9x1xf32>
  %p_one = tensor.pad %x_one low[0, 0, 2, 2] high[0, 0, 2, 2] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x1x10x19xf32> to tensor<1x1x14x23xf32>
  %empty_one = tensor.empty() : tensor<1x17x4x7xf32>
  %fill_one = linalg.fill ins(%zero_f32 : f32) outs(%empty_one : tensor<1x17x4x7xf32>) -> tensor<1x17x4x7xf32>
  %r_one = linalg.conv_2d_nchw_fchw {chameleon.space = #one, strides = dense<[3, 3]> : tensor<2xi64>}
    ins(%p_one, %w_one : tensor<1x1x14x23xf32>, tensor<17x1x5x5xf32>) outs(%fill_one : tensor<1x17x4x7xf32>) -> tensor<1x17x4x7xf32>
  %e_one = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_one, %b_one : tensor<1x17x4x7xf32>, tensor<17xf32>) outs(%empty_one : tensor<1x17x4x7xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x17x4x7xf32>
  %p_two = tensor.pad %x_two low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x2x6x13xf32> to tensor<1x2x8x15xf32>
  %empty_two = tensor.empty() : tensor<1x3x6x13xf32>
  %fill_two = linalg.fill ins(%zero_f32 : f32) outs(%empty_two : tensor<1x3x6x13xf32>) -> tensor<1x3x6x13xf32>
  %r_two = linalg.conv_2d_nchw_fchw {chameleon.space = #two}
    ins(%p_two, %w_two : tensor<1x2x8x15xf32>, tensor<3x2x3x3xf32>) outs(%fill_two : tensor<1x3x6x13xf32>) -> tensor<1x3x6x13xf32>
  %p_three = tensor.pad %x_three low[0, 0, 3, 3] high[0, 0, 3, 3] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x3x17x17xf32> to tensor<1x3x23x23xf32>
  %empty_three = tensor.empty() : tensor<1x20x9x9xf32>
  %fill_three = linalg.fill ins(%zero_f32 : f32) outs(%empty_three : tensor<1x20x9x9xf32>) -> tensor<1x20x9x9xf32>
  %r_three = linalg.conv_2d_nchw_fchw {chameleon.space = #three, strides = dense<[2, 2]> : tensor<2xi64>}
    ins(%p_three, %w_three : tensor<1x3x23x23xf32>, tensor<20x3x7x7xf32>) outs(%fill_three : tensor<1x20x9x9xf32>) -> tensor<1x20x9x9xf32>
  %p_pixels = tensor.pad %x_pixels low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x24x9x9xf32> to tensor<1x24x11x11xf32>
  %empty_pixels = tensor.empty() : tensor<1x33x6x6xf32>
  %fill_pixels = linalg.fill ins(%zero_f32 : f32) outs(%empty_pixels : tensor<1x33x6x6xf32>) -> tensor<1x33x6x6xf32>
  %r_pixels = linalg.conv_2d_nchw_fchw {chameleon.space = #pixels, strides = dense<[2, 2]> : tensor<2xi64>}
    ins(%p_pixels, %w_pixels : tensor<1x24x11x11xf32>, tensor<33x24x1x1xf32>) outs(%fill_pixels : tensor<1x33x6x6xf32>) -> tensor<1x33x6x6xf32>
  %e_pixels = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_pixels, %b_pixels : tensor<1x33x6x6xf32>, tensor<33xf32>) outs(%empty_pixels : tensor<1x33x6x6xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x33x6x6xf32>
  %p_thirds = tensor.pad %x_thirds low[0, 0, 0, 2] high[0, 0, 0, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x16x9x20xf32> to tensor<1x16x9x22xf32>
  %empty_thirds = tensor.empty() : tensor<1x16x3x8xf32>
  %fill_thirds = linalg.fill ins(%zero_f32 : f32) outs(%empty_thirds : tensor<1x16x3x8xf32>) -> tensor<1x16x3x8xf32>
  %r_thirds = linalg.conv_2d_nchw_fchw {chameleon.space = #thirds, strides = dense<[3, 3]> : tensor<2xi64>}
    ins(%p_thirds, %w_thirds : tensor<1x16x9x22xf32>, tensor<16x16x1x1xf32>) outs(%fill_thirds : tensor<1x16x3x8xf32>) -> tensor<1x16x3x8xf32>
  %p_dilated = tensor.pad %x_dilated low[0, 0, 2, 2] high[0, 0, 2, 2] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x12x9x9xf32> to tensor<1x12x13x13xf32>
  %empty_dilated = tensor.empty() : tensor<1x10x9x9xf32>
  %fill_dilated = linalg.fill ins(%zero_f32 : f32) outs(%empty_dilated : tensor<1x10x9x9xf32>) -> tensor<1x10x9x9xf32>
  %r_dilated = linalg.conv_2d_nchw_fchw {chameleon.space = #dilated, dilations = dense<[2, 2]> : tensor<2xi64>}
    ins(%p_dilated, %w_dilated : tensor<1x12x13x13xf32>, tensor<10x12x3x3xf32>) outs(%fill_dilated : tensor<1x10x9x9xf32>) -> tensor<1x10x9x9xf32>
  %p_beside = tensor.pad %x_beside low[0, 0, 6, 0] high[0, 0, 0, 7] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<2x8x4x4xf32> to tensor<2x8x10x11xf32>
  %empty_beside = tensor.empty() : tensor<2x16x8x9xf32>
  %fill_beside = linalg.fill ins(%zero_f32 : f32) outs(%empty_beside : tensor<2x16x8x9xf32>) -> tensor<2x16x8x9xf32>
  %r_beside = linalg.conv_2d_nchw_fchw {chameleon.space = #beside}
    ins(%p_beside, %w_beside : tensor<2x8x10x11xf32>, tensor<16x8x3x3xf32>) outs(%fill_beside : tensor<2x16x8x9xf32>) -> tensor<2x16x8x9xf32>
  %p_wide = tensor.pad %x_wide low[0, 0, 1, 0] high[0, 0, 0, 2] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f64 : f64
  } : tensor<1x6x5x21xf64> to tensor<1x6x6x23xf64>
  %empty_wide = tensor.empty() : tensor<1x7x4x22xf64>
  %fill_wide = linalg.fill ins(%zero_f64 : f64) outs(%empty_wide : tensor<1x7x4x22xf64>) -> tensor<1x7x4x22xf64>
  %r_wide = linalg.conv_2d_nchw_fchw {chameleon.space = #wide}
    ins(%p_wide, %w_wide : tensor<1x6x6x23xf64>, tensor<7x6x3x2xf64>) outs(%fill_wide : tensor<1x7x4x22xf64>) -> tensor<1x7x4x22xf64>
  %p_chunks = tensor.pad %x_chunks low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x32x6x7xf32> to tensor<1x32x8x9xf32>
  %empty_chunks = tensor.empty() : tensor<1x10x6x7xf32>
  %fill_chunks = linalg.fill ins(%zero_f32 : f32) outs(%empty_chunks : tensor<1x10x6x7xf32>) -> tensor<1x10x6x7xf32>
  %r_chunks = linalg.conv_2d_nchw_fchw {chameleon.space = #chunks}
    ins(%p_chunks, %w_chunks : tensor<1x32x8x9xf32>, tensor<10x32x3x3xf32>) outs(%fill_chunks : tensor<1x10x6x7xf32>) -> tensor<1x10x6x7xf32>
  %e_chunks = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_chunks, %b_chunks : tensor<1x10x6x7xf32>, tensor<10xf32>) outs(%empty_chunks : tensor<1x10x6x7xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x10x6x7xf32>
  %p_bf16 = tensor.pad %x_bf16 low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_bf16 : bf16
  } : tensor<1x20x5x5xbf16> to tensor<1x20x7x7xbf16>
  %empty_bf16 = tensor.empty() : tensor<1x19x5x5xf32>
  %fill_bf16 = linalg.fill ins(%zero_f32 : f32) outs(%empty_bf16 : tensor<1x19x5x5xf32>) -> tensor<1x19x5x5xf32>
  %r_bf16 = linalg.conv_2d_nchw_fchw {chameleon.space = #bf16}
    ins(%p_bf16, %w_bf16 : tensor<1x20x7x7xbf16>, tensor<19x20x3x3xbf16>) outs(%fill_bf16 : tensor<1x19x5x5xf32>) -> tensor<1x19x5x5xf32>
  %e_bf16 = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_bf16, %b_bf16 : tensor<1x19x5x5xf32>, tensor<19xf32>) outs(%empty_bf16 : tensor<1x19x5x5xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x19x5x5xf32>
  %p_i8 = tensor.pad %x_i8 low[0, 0, 1, 4] high[0, 0, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_i8 : i8
  } : tensor<1x3x5x9xi8> to tensor<1x3x7x13xi8>
  %empty_i8 = tensor.empty() : tensor<1x10x5x6xi32>
  %fill_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_i8 : tensor<1x10x5x6xi32>) -> tensor<1x10x5x6xi32>
  %r_i8 = linalg.conv_2d_nchw_fchw {chameleon.space = #i8, strides = dense<[1, 2]> : tensor<2xi64>}
    ins(%p_i8, %w_i8 : tensor<1x3x7x13xi8>, tensor<10x3x3x3xi8>) outs(%fill_i8 : tensor<1x10x5x6xi32>) -> tensor<1x10x5x6xi32>
  %p_unread = tensor.pad %x_unread low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x8x8x8xf32> to tensor<1x8x10x10xf32>
  %empty_unread = tensor.empty() : tensor<1x16x4x4xf32>
  %fill_unread = linalg.fill ins(%zero_f32 : f32) outs(%empty_unread : tensor<1x16x4x4xf32>) -> tensor<1x16x4x4xf32>
  %r_unread = linalg.conv_2d_nchw_fchw {chameleon.space = #unread, strides = dense<[2, 2]> : tensor<2xi64>}
    ins(%p_unread, %w_unread : tensor<1x8x10x10xf32>, tensor<16x8x3x3xf32>) outs(%fill_unread : tensor<1x16x4x4xf32>) -> tensor<1x16x4x4xf32>
  %e_unread = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_unread, %b_unread : tensor<1x16x4x4xf32>, tensor<16xf32>) outs(%empty_unread : tensor<1x16x4x4xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x16x4x4xf32>
  return %e_seven, %r_strided, %r_column, %e_one, %r_two, %r_three, %e_pixels, %r_thirds, %r_dilated, %r_beside, %r_wide, %e_chunks, %e_bf16, %r_i8,
         %e_unread
    : tensor<1x10x7x7xf32>, tensor<1x56x7x3xf32>, tensor<1x40x9x1xf32>, tensor<1x17x4x7xf32>, tensor<1x3x6x13xf32>, tensor<1x20x9x9xf32>,
      tensor<1x33x6x6xf32>, tensor<1x16x3x8xf32>, tensor<1x10x9x9xf32>, tensor<2x16x8x9xf32>, tensor<1x7x4x22xf64>, tensor<1x10x6x7xf32>,
      tensor<1x19x5x5xf32>, tensor<1x10x5x6xi32>, tensor<1x16x4x4xf32>
}
