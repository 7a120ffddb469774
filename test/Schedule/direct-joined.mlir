// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 --threads=2 2>&1 | FileCheck %s --check-prefix=BENCH

// Windows of one pixel, whose short rows are joined to one, against plain loops: blocks of pixels that span rows, and do not divide them all; fewer
// channels than lanes; rows narrower than a vector, of one pixel, and a single one; chunks of channels, strides, two images, other types. The
// pixels of a tile, where they are given, ask for one or two blocks a row.

// REMARKS-NOT:   trying what comes next
// REMARKS-NOT:   left as plain ops
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.conv
// CHECK:         func.func private @chameleon_task_6(
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.conv
// BENCH:         before {{.*}} [naive]
// BENCH:         outputs agree
#seven = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>, #chameleon.tile<"owt", values = [6]>, #chameleon.tile<"rows", values = [7]>, #chameleon.tile<"unroll", values = [1]>]>
#three = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>, #chameleon.tile<"owt", values = [4]>, #chameleon.tile<"rows", values = [3]>, #chameleon.tile<"unroll", values = [1]>]>
#chunks = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>, #chameleon.tile<"owt", values = [5]>, #chameleon.tile<"rows", values = [7]>, #chameleon.tile<"unroll", values = [1]>, #chameleon.tile<"chunk", values = [16]>]>
#strided = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>, #chameleon.tile<"owt", values = [4]>, #chameleon.tile<"rows", values = [5]>, #chameleon.tile<"unroll", values = [1]>]>
#one = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>, #chameleon.tile<"owt", values = [5]>, #chameleon.tile<"rows", values = [1]>, #chameleon.tile<"unroll", values = [2]>]>
#column = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>, #chameleon.tile<"owt", values = [1]>, #chameleon.tile<"rows", values = [4]>, #chameleon.tile<"unroll", values = [1]>]>
#i8 = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>, #chameleon.tile<"rows", values = [5]>, #chameleon.tile<"unroll", values = [1]>]>
#nchw = affine_map<(n, f, h, w) -> (n, f, h, w)>
#channel = affine_map<(n, f, h, w) -> (f)>
func.func @main(%x_seven: tensor<1x24x7x7xf32>, %w_seven: tensor<33x24x1x1xf32>, %b_seven: tensor<33xf32>, %x_three: tensor<1x3x6x5xf32>,
                %w_three: tensor<20x3x1x1xf32>, %x_chunks: tensor<1x32x7x7xf32>, %w_chunks: tensor<20x32x1x1xf32>, %b_chunks:
                tensor<20xf32>, %x_strided: tensor<2x16x9x10xf32>, %w_strided: tensor<17x16x1x1xf32>, %b_strided: tensor<17xf32>, %x_one:
                tensor<1x16x4x9xf32>, %w_one: tensor<17x16x1x1xf32>, %x_column: tensor<1x16x12x1xf32>, %w_column: tensor<8x16x1x1xf32>,
                %x_i8: tensor<1x20x5x7xi8>, %w_i8: tensor<9x20x1x1xi8>)
    -> (tensor<1x33x7x7xf32>, tensor<1x20x6x5xf32>, tensor<1x20x7x7xf32>, tensor<2x17x5x5xf32>, tensor<1x17x4x9xf32>, tensor<1x8x12x1xf32>,
        tensor<1x9x5x7xi32>) {
  %zero_f32 = arith.constant 0.0 : f32
  %zero_f64 = arith.constant 0.0 : f64
  %zero_bf16 = arith.constant 0.0 : bf16
  %zero_i8 = arith.constant 0 : i8
  %zero_i32 = arith.constant 0 : i32
  %empty_seven = tensor.empty() : tensor<1x33x7x7xf32>
  %fill_seven = linalg.fill ins(%zero_f32 : f32) outs(%empty_seven : tensor<1x33x7x7xf32>) -> tensor<1x33x7x7xf32>
  %r_seven = linalg.conv_2d_nchw_fchw {chameleon.space = #seven}
    ins(%x_seven, %w_seven : tensor<1x24x7x7xf32>, tensor<33x24x1x1xf32>) outs(%fill_seven : tensor<1x33x7x7xf32>) -> tensor<1x33x7x7xf32>
  %e_seven = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_seven, %b_seven : tensor<1x33x7x7xf32>, tensor<33xf32>) outs(%empty_seven : tensor<1x33x7x7xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x33x7x7xf32>
  %empty_three = tensor.empty() : tensor<1x20x6x5xf32>
  %fill_three = linalg.fill ins(%zero_f32 : f32) outs(%empty_three : tensor<1x20x6x5xf32>) -> tensor<1x20x6x5xf32>
  %r_three = linalg.conv_2d_nchw_fchw {chameleon.space = #three}
    ins(%x_three, %w_three : tensor<1x3x6x5xf32>, tensor<20x3x1x1xf32>) outs(%fill_three : tensor<1x20x6x5xf32>) -> tensor<1x20x6x5xf32>
  %empty_chunks = tensor.empty() : tensor<1x20x7x7xf32>
  %fill_chunks = linalg.fill ins(%zero_f32 : f32) outs(%empty_chunks : tensor<1x20x7x7xf32>) -> tensor<1x20x7x7xf32>
  %r_chunks = linalg.conv_2d_nchw_fchw {chameleon.space = #chunks}
    ins(%x_chunks, %w_chunks : tensor<1x32x7x7xf32>, tensor<20x32x1x1xf32>) outs(%fill_chunks : tensor<1x20x7x7xf32>) -> tensor<1x20x7x7xf32>
  %e_chunks = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_chunks, %b_chunks : tensor<1x20x7x7xf32>, tensor<20xf32>) outs(%empty_chunks : tensor<1x20x7x7xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x20x7x7xf32>
  %empty_strided = tensor.empty() : tensor<2x17x5x5xf32>
  %fill_strided = linalg.fill ins(%zero_f32 : f32) outs(%empty_strided : tensor<2x17x5x5xf32>) -> tensor<2x17x5x5xf32>
  %r_strided = linalg.conv_2d_nchw_fchw {chameleon.space = #strided, strides = dense<[2, 2]> : tensor<2xi64>}
    ins(%x_strided, %w_strided : tensor<2x16x9x10xf32>, tensor<17x16x1x1xf32>) outs(%fill_strided : tensor<2x17x5x5xf32>) -> tensor<2x17x5x5xf32>
  %e_strided = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_strided, %b_strided : tensor<2x17x5x5xf32>, tensor<17xf32>) outs(%empty_strided : tensor<2x17x5x5xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<2x17x5x5xf32>
  %empty_one = tensor.empty() : tensor<1x17x4x9xf32>
  %fill_one = linalg.fill ins(%zero_f32 : f32) outs(%empty_one : tensor<1x17x4x9xf32>) -> tensor<1x17x4x9xf32>
  %r_one = linalg.conv_2d_nchw_fchw {chameleon.space = #one}
    ins(%x_one, %w_one : tensor<1x16x4x9xf32>, tensor<17x16x1x1xf32>) outs(%fill_one : tensor<1x17x4x9xf32>) -> tensor<1x17x4x9xf32>
  %empty_column = tensor.empty() : tensor<1x8x12x1xf32>
  %fill_column = linalg.fill ins(%zero_f32 : f32) outs(%empty_column : tensor<1x8x12x1xf32>) -> tensor<1x8x12x1xf32>
  %r_column = linalg.conv_2d_nchw_fchw {chameleon.space = #column}
    ins(%x_column, %w_column : tensor<1x16x12x1xf32>, tensor<8x16x1x1xf32>) outs(%fill_column : tensor<1x8x12x1xf32>) -> tensor<1x8x12x1xf32>
  %empty_i8 = tensor.empty() : tensor<1x9x5x7xi32>
  %fill_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_i8 : tensor<1x9x5x7xi32>) -> tensor<1x9x5x7xi32>
  %r_i8 = linalg.conv_2d_nchw_fchw {chameleon.space = #i8}
    ins(%x_i8, %w_i8 : tensor<1x20x5x7xi8>, tensor<9x20x1x1xi8>) outs(%fill_i8 : tensor<1x9x5x7xi32>) -> tensor<1x9x5x7xi32>
  return %e_seven, %r_three, %e_chunks, %e_strided, %r_one, %r_column, %r_i8
    : tensor<1x33x7x7xf32>, tensor<1x20x6x5xf32>, tensor<1x20x7x7xf32>, tensor<2x17x5x5xf32>, tensor<1x17x4x9xf32>, tensor<1x8x12x1xf32>,
      tensor<1x9x5x7xi32>
}
