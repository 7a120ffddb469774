// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 --threads=2 2>&1 | FileCheck %s --check-prefix=BENCH

// Edges of convolutions along the columns, one after the other in one function, against plain loops: rows that end within a vector, and
// within a block of vectors; one to four input channels, output channels that end within a block; strides of 1, 2 and 4 with pads that are no multiple of
// them, other strides along the rows; dilations; images that are read where they are; pads on one side only, and so high that whole windows
// lie in them; two images; other types; a column of the padded image that no window reads.

// REMARKS-NOT:   trying what comes next
// REMARKS-NOT:   left as plain ops
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.conv
// CHECK:         func.func private @chameleon_task_14(
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.conv
// BENCH:         before {{.*}} [naive]
// BENCH:         outputs agree
#three = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.vector<"owt", values = [16]>, #chameleon.tile<"mr", values = [5, 10]>, #chameleon.tile<"rows", values = [3]>, #chameleon.tile<"unroll", values = [1]>]>
#stem = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.tile<"rows", values = [5]>]>
#plain = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.tile<"rows", values = [5]>, #chameleon.tile<"unroll", values = [3]>]>
#edge = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.tile<"rows", values = [3]>, #chameleon.tile<"unroll", values = [2]>]>
#one = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.tile<"rows", values = [1]>]>
#four = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.tile<"unroll", values = [4]>]>
#high = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.tile<"rows", values = [1]>, #chameleon.tile<"unroll", values = [2]>]>
#dilated = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.tile<"unroll", values = [4]>]>
#point = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.tile<"unroll", values = [4]>]>
#row = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.tile<"rows", values = [1]>]>
#column = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.tile<"unroll", values = [2]>]>
#wide = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.tile<"rows", values = [1]>]>
#bf16 = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.tile<"rows", values = [1]>]>
#i8 = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.tile<"unroll", values = [2]>]>
#unread = #chameleon.space<@cpu_conv_few_channels_nchw, knobs = [#chameleon.tile<"rows", values = [1]>]>
#nchw = affine_map<(n, f, h, w) -> (n, f, h, w)>
#channel = affine_map<(n, f, h, w) -> (f)>
func.func @main(%x_three: tensor<1x3x17x37xf32>, %w_three: tensor<20x3x7x7xf32>, %b_three: tensor<20xf32>, %x_stem: tensor<1x3x21x70xf32>,
                %w_stem: tensor<17x3x7x7xf32>, %x_plain: tensor<1x3x12x24xf32>, %w_plain: tensor<13x3x3x3xf32>, %x_edge:
                tensor<1x3x9x19xf32>, %w_edge: tensor<7x3x3x3xf32>, %b_edge: tensor<7xf32>, %x_one: tensor<1x1x10x33xf32>, %w_one:
                tensor<16x1x5x5xf32>, %x_four: tensor<1x4x7x16xf32>, %w_four: tensor<33x4x3x3xf32>, %b_four: tensor<33xf32>, %x_high:
                tensor<2x2x4x9xf32>, %w_high: tensor<9x2x3x3xf32>, %x_dilated: tensor<1x4x13x45xf32>, %w_dilated: tensor<10x4x3x3xf32>,
                %b_dilated: tensor<10xf32>, %x_point: tensor<1x4x9x34xf32>, %w_point: tensor<12x4x1x1xf32>, %x_row: tensor<1x3x6x21xf32>,
                %w_row: tensor<8x3x1x5xf32>, %b_row: tensor<8xf32>, %x_column: tensor<1x4x11x19xf32>, %w_column: tensor<11x4x5x1xf32>,
                %x_wide: tensor<1x2x6x23xf64>, %w_wide: tensor<7x2x3x2xf64>, %x_bf16: tensor<1x3x8x38xbf16>, %w_bf16: tensor<9x3x3x3xbf16>,
                %b_bf16: tensor<9xf32>, %x_i8: tensor<1x4x5x40xi8>, %w_i8: tensor<10x4x3x3xi8>, %x_unread: tensor<1x4x8x42xf32>, %w_unread:
                tensor<16x4x3x3xf32>, %b_unread: tensor<16xf32>)
    -> (tensor<1x20x9x19xf32>, tensor<1x17x5x17xf32>, tensor<1x13x10x22xf32>, tensor<1x7x9x19xf32>, tensor<1x16x5x16xf32>,
        tensor<1x33x7x16xf32>, tensor<2x9x10x18xf32>, tensor<1x10x13x23xf32>, tensor<1x12x5x17xf32>, tensor<1x8x3x21xf32>,
        tensor<1x11x11x19xf32>, tensor<1x7x5x25xf64>, tensor<1x9x4x19xf32>, tensor<1x10x5x21xi32>, tensor<1x16x4x22xf32>) {
  %zero_f32 = arith.constant 0.0 : f32
  %zero_f64 = arith.constant 0.0 : f64
  %zero_bf16 = arith.constant 0.0 : bf16
  %zero_i8 = arith.constant 0 : i8
  %zero_i32 = arith.constant 0 : i32
  %p_three = tensor.pad %x_three low[0, 0, 3, 3] high[0, 0, 3, 3] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x3x17x37xf32> to tensor<1x3x23x43xf32>
  %empty_three = tensor.empty() : tensor<1x20x9x19xf32>
  %fill_three = linalg.fill ins(%zero_f32 : f32) outs(%empty_three : tensor<1x20x9x19xf32>) -> tensor<1x20x9x19xf32>
  %r_three = linalg.conv_2d_nchw_fchw {chameleon.space = #three, strides = dense<[2, 2]> : tensor<2xi64>}
    ins(%p_three, %w_three : tensor<1x3x23x43xf32>, tensor<20x3x7x7xf32>) outs(%fill_three : tensor<1x20x9x19xf32>) -> tensor<1x20x9x19xf32>
  %e_three = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_three, %b_three : tensor<1x20x9x19xf32>, tensor<20xf32>) outs(%empty_three : tensor<1x20x9x19xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x20x9x19xf32>
  %p_stem = tensor.pad %x_stem low[0, 0, 2, 2] high[0, 0, 2, 2] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x3x21x70xf32> to tensor<1x3x25x74xf32>
  %empty_stem = tensor.empty() : tensor<1x17x5x17xf32>
  %fill_stem = linalg.fill ins(%zero_f32 : f32) outs(%empty_stem : tensor<1x17x5x17xf32>) -> tensor<1x17x5x17xf32>
  %r_stem = linalg.conv_2d_nchw_fchw {chameleon.space = #stem, strides = dense<[4, 4]> : tensor<2xi64>}
    ins(%p_stem, %w_stem : tensor<1x3x25x74xf32>, tensor<17x3x7x7xf32>) outs(%fill_stem : tensor<1x17x5x17xf32>) -> tensor<1x17x5x17xf32>
  %empty_plain = tensor.empty() : tensor<1x13x10x22xf32>
  %fill_plain = linalg.fill ins(%zero_f32 : f32) outs(%empty_plain : tensor<1x13x10x22xf32>) -> tensor<1x13x10x22xf32>
  %r_plain = linalg.conv_2d_nchw_fchw {chameleon.space = #plain}
    ins(%x_plain, %w_plain : tensor<1x3x12x24xf32>, tensor<13x3x3x3xf32>) outs(%fill_plain : tensor<1x13x10x22xf32>) -> tensor<1x13x10x22xf32>
  %p_edge = tensor.pad %x_edge low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x3x9x19xf32> to tensor<1x3x11x21xf32>
  %empty_edge = tensor.empty() : tensor<1x7x9x19xf32>
  %fill_edge = linalg.fill ins(%zero_f32 : f32) outs(%empty_edge : tensor<1x7x9x19xf32>) -> tensor<1x7x9x19xf32>
  %r_edge = linalg.conv_2d_nchw_fchw {chameleon.space = #edge}
    ins(%p_edge, %w_edge : tensor<1x3x11x21xf32>, tensor<7x3x3x3xf32>) outs(%fill_edge : tensor<1x7x9x19xf32>) -> tensor<1x7x9x19xf32>
  %e_edge = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_edge, %b_edge : tensor<1x7x9x19xf32>, tensor<7xf32>) outs(%empty_edge : tensor<1x7x9x19xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x7x9x19xf32>
  %p_one = tensor.pad %x_one low[0, 0, 0, 2] high[0, 0, 3, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x1x10x33xf32> to tensor<1x1x13x36xf32>
  %empty_one = tensor.empty() : tensor<1x16x5x16xf32>
  %fill_one = linalg.fill ins(%zero_f32 : f32) outs(%empty_one : tensor<1x16x5x16xf32>) -> tensor<1x16x5x16xf32>
  %r_one = linalg.conv_2d_nchw_fchw {chameleon.space = #one, strides = dense<[2, 2]> : tensor<2xi64>}
    ins(%p_one, %w_one : tensor<1x1x13x36xf32>, tensor<16x1x5x5xf32>) outs(%fill_one : tensor<1x16x5x16xf32>) -> tensor<1x16x5x16xf32>
  %p_four = tensor.pad %x_four low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x4x7x16xf32> to tensor<1x4x9x18xf32>
  %empty_four = tensor.empty() : tensor<1x33x7x16xf32>
  %fill_four = linalg.fill ins(%zero_f32 : f32) outs(%empty_four : tensor<1x33x7x16xf32>) -> tensor<1x33x7x16xf32>
  %r_four = linalg.conv_2d_nchw_fchw {chameleon.space = #four}
    ins(%p_four, %w_four : tensor<1x4x9x18xf32>, tensor<33x4x3x3xf32>) outs(%fill_four : tensor<1x33x7x16xf32>) -> tensor<1x33x7x16xf32>
  %e_four = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_four, %b_four : tensor<1x33x7x16xf32>, tensor<33xf32>) outs(%empty_four : tensor<1x33x7x16xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x33x7x16xf32>
  %p_high = tensor.pad %x_high low[0, 0, 4, 5] high[0, 0, 4, 6] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<2x2x4x9xf32> to tensor<2x2x12x20xf32>
  %empty_high = tensor.empty() : tensor<2x9x10x18xf32>
  %fill_high = linalg.fill ins(%zero_f32 : f32) outs(%empty_high : tensor<2x9x10x18xf32>) -> tensor<2x9x10x18xf32>
  %r_high = linalg.conv_2d_nchw_fchw {chameleon.space = #high}
    ins(%p_high, %w_high : tensor<2x2x12x20xf32>, tensor<9x2x3x3xf32>) outs(%fill_high : tensor<2x9x10x18xf32>) -> tensor<2x9x10x18xf32>
  %p_dilated = tensor.pad %x_dilated low[0, 0, 2, 3] high[0, 0, 2, 3] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x4x13x45xf32> to tensor<1x4x17x51xf32>
  %empty_dilated = tensor.empty() : tensor<1x10x13x23xf32>
  %fill_dilated = linalg.fill ins(%zero_f32 : f32) outs(%empty_dilated : tensor<1x10x13x23xf32>) -> tensor<1x10x13x23xf32>
  %r_dilated = linalg.conv_2d_nchw_fchw {chameleon.space = #dilated, dilations = dense<[2, 3]> : tensor<2xi64>, strides = dense<[1, 2]> : tensor<2xi64>}
    ins(%p_dilated, %w_dilated : tensor<1x4x17x51xf32>, tensor<10x4x3x3xf32>) outs(%fill_dilated : tensor<1x10x13x23xf32>) -> tensor<1x10x13x23xf32>
  %e_dilated = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_dilated, %b_dilated : tensor<1x10x13x23xf32>, tensor<10xf32>) outs(%empty_dilated : tensor<1x10x13x23xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x10x13x23xf32>
  %empty_point = tensor.empty() : tensor<1x12x5x17xf32>
  %fill_point = linalg.fill ins(%zero_f32 : f32) outs(%empty_point : tensor<1x12x5x17xf32>) -> tensor<1x12x5x17xf32>
  %r_point = linalg.conv_2d_nchw_fchw {chameleon.space = #point, strides = dense<[2, 2]> : tensor<2xi64>}
    ins(%x_point, %w_point : tensor<1x4x9x34xf32>, tensor<12x4x1x1xf32>) outs(%fill_point : tensor<1x12x5x17xf32>) -> tensor<1x12x5x17xf32>
  %p_row = tensor.pad %x_row low[0, 0, 0, 2] high[0, 0, 0, 2] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x3x6x21xf32> to tensor<1x3x6x25xf32>
  %empty_row = tensor.empty() : tensor<1x8x3x21xf32>
  %fill_row = linalg.fill ins(%zero_f32 : f32) outs(%empty_row : tensor<1x8x3x21xf32>) -> tensor<1x8x3x21xf32>
  %r_row = linalg.conv_2d_nchw_fchw {chameleon.space = #row, strides = dense<[2, 1]> : tensor<2xi64>}
    ins(%p_row, %w_row : tensor<1x3x6x25xf32>, tensor<8x3x1x5xf32>) outs(%fill_row : tensor<1x8x3x21xf32>) -> tensor<1x8x3x21xf32>
  %e_row = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_row, %b_row : tensor<1x8x3x21xf32>, tensor<8xf32>) outs(%empty_row : tensor<1x8x3x21xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x8x3x21xf32>
  %p_column = tensor.pad %x_column low[0, 0, 2, 0] high[0, 0, 2, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x4x11x19xf32> to tensor<1x4x15x19xf32>
  %empty_column = tensor.empty() : tensor<1x11x11x19xf32>
  %fill_column = linalg.fill ins(%zero_f32 : f32) outs(%empty_column : tensor<1x11x11x19xf32>) -> tensor<1x11x11x19xf32>
  %r_column = linalg.conv_2d_nchw_fchw {chameleon.space = #column}
    ins(%p_column, %w_column : tensor<1x4x15x19xf32>, tensor<11x4x5x1xf32>) outs(%fill_column : tensor<1x11x11x19xf32>) -> tensor<1x11x11x19xf32>
  %p_wide = tensor.pad %x_wide low[0, 0, 0, 2] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f64 : f64
  } : tensor<1x2x6x23xf64> to tensor<1x2x7x26xf64>
  %empty_wide = tensor.empty() : tensor<1x7x5x25xf64>
  %fill_wide = linalg.fill ins(%zero_f64 : f64) outs(%empty_wide : tensor<1x7x5x25xf64>) -> tensor<1x7x5x25xf64>
  %r_wide = linalg.conv_2d_nchw_fchw {chameleon.space = #wide}
    ins(%p_wide, %w_wide : tensor<1x2x7x26xf64>, tensor<7x2x3x2xf64>) outs(%fill_wide : tensor<1x7x5x25xf64>) -> tensor<1x7x5x25xf64>
  %p_bf16 = tensor.pad %x_bf16 low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_bf16 : bf16
  } : tensor<1x3x8x38xbf16> to tensor<1x3x10x40xbf16>
  %empty_bf16 = tensor.empty() : tensor<1x9x4x19xf32>
  %fill_bf16 = linalg.fill ins(%zero_f32 : f32) outs(%empty_bf16 : tensor<1x9x4x19xf32>) -> tensor<1x9x4x19xf32>
  %r_bf16 = linalg.conv_2d_nchw_fchw {chameleon.space = #bf16, strides = dense<[2, 2]> : tensor<2xi64>}
    ins(%p_bf16, %w_bf16 : tensor<1x3x10x40xbf16>, tensor<9x3x3x3xbf16>) outs(%fill_bf16 : tensor<1x9x4x19xf32>) -> tensor<1x9x4x19xf32>
  %e_bf16 = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_bf16, %b_bf16 : tensor<1x9x4x19xf32>, tensor<9xf32>) outs(%empty_bf16 : tensor<1x9x4x19xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x9x4x19xf32>
  %p_i8 = tensor.pad %x_i8 low[0, 0, 1, 4] high[0, 0, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_i8 : i8
  } : tensor<1x4x5x40xi8> to tensor<1x4x7x44xi8>
  %empty_i8 = tensor.empty() : tensor<1x10x5x21xi32>
  %fill_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_i8 : tensor<1x10x5x21xi32>) -> tensor<1x10x5x21xi32>
  %r_i8 = linalg.conv_2d_nchw_fchw {chameleon.space = #i8, strides = dense<[1, 2]> : tensor<2xi64>}
    ins(%p_i8, %w_i8 : tensor<1x4x7x44xi8>, tensor<10x4x3x3xi8>) outs(%fill_i8 : tensor<1x10x5x21xi32>) -> tensor<1x10x5x21xi32>
  %p_unread = tensor.pad %x_unread low[0, 0, 1, 1] high[0, 0, 1, 2] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_f32 : f32
  } : tensor<1x4x8x42xf32> to tensor<1x4x10x45xf32>
  %empty_unread = tensor.empty() : tensor<1x16x4x22xf32>
  %fill_unread = linalg.fill ins(%zero_f32 : f32) outs(%empty_unread : tensor<1x16x4x22xf32>) -> tensor<1x16x4x22xf32>
  %r_unread = linalg.conv_2d_nchw_fchw {chameleon.space = #unread, strides = dense<[2, 2]> : tensor<2xi64>}
    ins(%p_unread, %w_unread : tensor<1x4x10x45xf32>, tensor<16x4x3x3xf32>) outs(%fill_unread : tensor<1x16x4x22xf32>) -> tensor<1x16x4x22xf32>
  %e_unread = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_unread, %b_unread : tensor<1x16x4x22xf32>, tensor<16xf32>) outs(%empty_unread : tensor<1x16x4x22xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x16x4x22xf32>
  return %e_three, %r_stem, %r_plain, %e_edge, %r_one, %e_four, %r_high, %e_dilated, %r_point, %e_row, %r_column, %r_wide, %e_bf16, %r_i8,
         %e_unread
    : tensor<1x20x9x19xf32>, tensor<1x17x5x17xf32>, tensor<1x13x10x22xf32>, tensor<1x7x9x19xf32>, tensor<1x16x5x16xf32>,
      tensor<1x33x7x16xf32>, tensor<2x9x10x18xf32>, tensor<1x10x13x23xf32>, tensor<1x12x5x17xf32>, tensor<1x8x3x21xf32>,
      tensor<1x11x11x19xf32>, tensor<1x7x5x25xf64>, tensor<1x9x4x19xf32>, tensor<1x10x5x21xi32>, tensor<1x16x4x22xf32>
}
