// RUN: chameleon-opt %s --chameleon-apply="in-process=true constant-args=0-15" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 2>&1 | FileCheck %s --check-prefix=BENCH

// Products of i8 and bf16, which an x86 machine adds by dot products of two or four (test/Dialect/dot-products.mlir has the code): B constant, at run time with columns
// left over, with contiguous columns and rows left over, in chunks; an odd number of products. Images with channels first and last, padded,
// in chunks, read in place, rows joined, channels that are fewer than lanes, windows beside
// the image, a single block of pixels. The first arguments are the constant ones.

// REMARKS-NOT:   {{trying what comes next|left as plain ops}}
// CHECK-NOT:     linalg.{{.*}}matmul
// CHECK-LABEL:   func.func private @chameleon_task_21(
// CHECK-NOT:     linalg.conv
// BENCH:         before {{.*}} [naive]
// BENCH:         outputs agree
#constant_i8 = #chameleon.space<@cpu_matmul, knobs = [#chameleon.choice<"packing", ["packed"]>]>
#constant_bf16 = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"kc", values = [128]>, #chameleon.choice<"packing", ["packed"]>]>
#run_time_i8 = #chameleon.space<@cpu_matmul, knobs = [#chameleon.choice<"packing", ["packed"]>]>
#run_time_bf16 = #chameleon.space<@cpu_matmul, knobs = [#chameleon.choice<"packing", ["packed"]>]>
#rows_of_b_i8 = #chameleon.space<@cpu_matmul, knobs = [#chameleon.choice<"packing", ["packed"]>]>
#rows_of_b_bf16 = #chameleon.space<@cpu_matmul, knobs = [#chameleon.choice<"packing", ["packed"]>]>
#run_time_by_four_i8 = #chameleon.space<@cpu_matmul, knobs = [#chameleon.choice<"packing", ["packed"]>]>
#rows_of_b_by_four_i8 = #chameleon.space<@cpu_matmul, knobs = [#chameleon.choice<"packing", ["packed"]>]>
#chunks_by_four_i8 = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"kc", values = [128]>, #chameleon.choice<"packing", ["packed"]>]>
#odd_i8 = #chameleon.space<@cpu_matmul, knobs = [#chameleon.choice<"packing", ["packed"]>]>
#nchw_i8 = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>]>
#nchw_bf16 = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>, #chameleon.tile<"chunk", values = [16]>]>
#nhwc_i8 = #chameleon.space<@cpu_conv_nhwc, knobs = [#chameleon.choice<"algorithm", ["direct"]>]>
#nhwc_bf16 = #chameleon.space<@cpu_conv_nhwc, knobs = [#chameleon.choice<"algorithm", ["direct"]>]>
#nchw_by_four_i8 = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>, #chameleon.tile<"chunk", values = [16]>]>
#nhwc_by_four_i8 = #chameleon.space<@cpu_conv_nhwc, knobs = [#chameleon.choice<"algorithm", ["direct"]>]>
#narrow_i8 = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>]>
#joined_i8 = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>]>
#narrow_bf16 = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>]>
#far_i8 = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>]>
#far3_i8 = #chameleon.space<@cpu_conv_nhwc, knobs = [#chameleon.choice<"algorithm", ["direct"]>]>
#one_block_i8 = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>]>
func.func @main(%w_constant_i8: tensor<128x33xi8>,
                %w_constant_bf16: tensor<300x40xbf16>,
                %w_chunks_by_four_i8: tensor<300x40xi8>,
                %w_odd_i8: tensor<33x127xi8>,
                %w_nchw_i8: tensor<33x32x3x3xi8>,
                %w_nchw_bf16: tensor<32x64x3x3xbf16>,
                %w_nhwc_i8: tensor<3x3x18x40xi8>,
                %w_nhwc_bf16: tensor<3x3x32x32xbf16>,
                %w_nchw_by_four_i8: tensor<32x64x3x3xi8>,
                %w_nhwc_by_four_i8: tensor<3x3x32x32xi8>,
                %w_narrow_i8: tensor<32x4x5x5xi8>,
                %w_joined_i8: tensor<32x32x1x1xi8>,
                %w_narrow_bf16: tensor<32x4x5x5xbf16>,
                %w_far_i8: tensor<33x32x1x1xi8>,
                %w_far3_i8: tensor<3x3x32x33xi8>,
                %w_one_block_i8: tensor<33x32x3x3xi8>,
                %x_constant_i8: tensor<13x128xi8>,
                %x_constant_bf16: tensor<6x300xbf16>,
                %w_run_time_i8: tensor<38x33xi8>,
                %x_run_time_i8: tensor<10x38xi8>,
                %w_run_time_bf16: tensor<38x10xbf16>,
                %x_run_time_bf16: tensor<10x38xbf16>,
                %w_rows_of_b_i8: tensor<10x38xi8>,
                %x_rows_of_b_i8: tensor<9x38xi8>,
                %w_rows_of_b_bf16: tensor<33x70xbf16>,
                %x_rows_of_b_bf16: tensor<9x70xbf16>,
                %w_run_time_by_four_i8: tensor<40x33xi8>,
                %x_run_time_by_four_i8: tensor<10x40xi8>,
                %w_rows_of_b_by_four_i8: tensor<10x44xi8>,
                %x_rows_of_b_by_four_i8: tensor<9x44xi8>,
                %x_chunks_by_four_i8: tensor<20x300xi8>,
                %x_odd_i8: tensor<5x127xi8>,
                %x_nchw_i8: tensor<1x32x7x9xi8>,
                %x_nchw_bf16: tensor<1x64x8x9xbf16>,
                %x_nhwc_i8: tensor<1x7x9x18xi8>,
                %x_nhwc_bf16: tensor<1x6x11x32xbf16>,
                %x_nchw_by_four_i8: tensor<1x64x8x9xi8>,
                %x_nhwc_by_four_i8: tensor<1x6x11x32xi8>,
                %x_narrow_i8: tensor<1x4x12x17xi8>,
                %x_joined_i8: tensor<1x32x7x7xi8>,
                %x_narrow_bf16: tensor<1x4x12x17xbf16>,
                %x_far_i8: tensor<1x32x9x9xi8>,
                %x_far3_i8: tensor<1x6x7x32xi8>,
                %x_one_block_i8: tensor<1x32x5x5xi8>)
    -> (tensor<13x33xi32>, tensor<6x40xf32>, tensor<10x33xi32>, tensor<10x10xf32>, tensor<9x10xi32>, tensor<9x33xf32>, tensor<10x33xi32>, tensor<9x10xi32>, tensor<20x40xi32>, tensor<5x33xi32>, tensor<1x33x7x9xi32>, tensor<1x32x4x5xf32>, tensor<1x7x9x40xi32>, tensor<1x4x9x32xf32>, tensor<1x32x4x5xi32>, tensor<1x4x9x32xi32>, tensor<1x32x6x9xi32>, tensor<1x32x7x7xi32>, tensor<1x32x6x9xf32>, tensor<1x33x13x13xi32>, tensor<1x12x13x33xi32>, tensor<1x33x3x3xi32>) {
  %zero_f32 = arith.constant 0.0 : f32
  %zero_bf16 = arith.constant 0.0 : bf16
  %zero_i32 = arith.constant 0 : i32
  %zero_i8 = arith.constant 0 : i8
  %empty_constant_i8 = tensor.empty() : tensor<13x33xi32>
  %fill_constant_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_constant_i8 : tensor<13x33xi32>) -> tensor<13x33xi32>
  %r_constant_i8 = linalg.matmul {chameleon.space = #constant_i8}
    ins(%x_constant_i8, %w_constant_i8 : tensor<13x128xi8>, tensor<128x33xi8>) outs(%fill_constant_i8 : tensor<13x33xi32>) -> tensor<13x33xi32>
  %empty_constant_bf16 = tensor.empty() : tensor<6x40xf32>
  %fill_constant_bf16 = linalg.fill ins(%zero_f32 : f32) outs(%empty_constant_bf16 : tensor<6x40xf32>) -> tensor<6x40xf32>
  %r_constant_bf16 = linalg.matmul {chameleon.space = #constant_bf16}
    ins(%x_constant_bf16, %w_constant_bf16 : tensor<6x300xbf16>, tensor<300x40xbf16>) outs(%fill_constant_bf16 : tensor<6x40xf32>) -> tensor<6x40xf32>
  %empty_run_time_i8 = tensor.empty() : tensor<10x33xi32>
  %fill_run_time_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_run_time_i8 : tensor<10x33xi32>) -> tensor<10x33xi32>
  %r_run_time_i8 = linalg.matmul {chameleon.space = #run_time_i8}
    ins(%x_run_time_i8, %w_run_time_i8 : tensor<10x38xi8>, tensor<38x33xi8>) outs(%fill_run_time_i8 : tensor<10x33xi32>) -> tensor<10x33xi32>
  %empty_run_time_bf16 = tensor.empty() : tensor<10x10xf32>
  %fill_run_time_bf16 = linalg.fill ins(%zero_f32 : f32) outs(%empty_run_time_bf16 : tensor<10x10xf32>) -> tensor<10x10xf32>
  %r_run_time_bf16 = linalg.matmul {chameleon.space = #run_time_bf16}
    ins(%x_run_time_bf16, %w_run_time_bf16 : tensor<10x38xbf16>, tensor<38x10xbf16>) outs(%fill_run_time_bf16 : tensor<10x10xf32>) -> tensor<10x10xf32>
  %empty_rows_of_b_i8 = tensor.empty() : tensor<9x10xi32>
  %fill_rows_of_b_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_rows_of_b_i8 : tensor<9x10xi32>) -> tensor<9x10xi32>
  %r_rows_of_b_i8 = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] {chameleon.space = #rows_of_b_i8}
    ins(%x_rows_of_b_i8, %w_rows_of_b_i8 : tensor<9x38xi8>, tensor<10x38xi8>) outs(%fill_rows_of_b_i8 : tensor<9x10xi32>) -> tensor<9x10xi32>
  %empty_rows_of_b_bf16 = tensor.empty() : tensor<9x33xf32>
  %fill_rows_of_b_bf16 = linalg.fill ins(%zero_f32 : f32) outs(%empty_rows_of_b_bf16 : tensor<9x33xf32>) -> tensor<9x33xf32>
  %r_rows_of_b_bf16 = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] {chameleon.space = #rows_of_b_bf16}
    ins(%x_rows_of_b_bf16, %w_rows_of_b_bf16 : tensor<9x70xbf16>, tensor<33x70xbf16>) outs(%fill_rows_of_b_bf16 : tensor<9x33xf32>) -> tensor<9x33xf32>
  %empty_run_time_by_four_i8 = tensor.empty() : tensor<10x33xi32>
  %fill_run_time_by_four_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_run_time_by_four_i8 : tensor<10x33xi32>) -> tensor<10x33xi32>
  %r_run_time_by_four_i8 = linalg.matmul {chameleon.space = #run_time_by_four_i8}
    ins(%x_run_time_by_four_i8, %w_run_time_by_four_i8 : tensor<10x40xi8>, tensor<40x33xi8>) outs(%fill_run_time_by_four_i8 : tensor<10x33xi32>) -> tensor<10x33xi32>
  %empty_rows_of_b_by_four_i8 = tensor.empty() : tensor<9x10xi32>
  %fill_rows_of_b_by_four_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_rows_of_b_by_four_i8 : tensor<9x10xi32>) -> tensor<9x10xi32>
  %r_rows_of_b_by_four_i8 = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] {chameleon.space = #rows_of_b_by_four_i8}
    ins(%x_rows_of_b_by_four_i8, %w_rows_of_b_by_four_i8 : tensor<9x44xi8>, tensor<10x44xi8>) outs(%fill_rows_of_b_by_four_i8 : tensor<9x10xi32>) -> tensor<9x10xi32>
  %empty_chunks_by_four_i8 = tensor.empty() : tensor<20x40xi32>
  %fill_chunks_by_four_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_chunks_by_four_i8 : tensor<20x40xi32>) -> tensor<20x40xi32>
  %r_chunks_by_four_i8 = linalg.matmul {chameleon.space = #chunks_by_four_i8}
    ins(%x_chunks_by_four_i8, %w_chunks_by_four_i8 : tensor<20x300xi8>, tensor<300x40xi8>) outs(%fill_chunks_by_four_i8 : tensor<20x40xi32>) -> tensor<20x40xi32>
  %empty_odd_i8 = tensor.empty() : tensor<5x33xi32>
  %fill_odd_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_odd_i8 : tensor<5x33xi32>) -> tensor<5x33xi32>
  %r_odd_i8 = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] {chameleon.space = #odd_i8}
    ins(%x_odd_i8, %w_odd_i8 : tensor<5x127xi8>, tensor<33x127xi8>) outs(%fill_odd_i8 : tensor<5x33xi32>) -> tensor<5x33xi32>
  %p_nchw_i8 = tensor.pad %x_nchw_i8 low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_i8 : i8
  } : tensor<1x32x7x9xi8> to tensor<1x32x9x11xi8>
  %empty_nchw_i8 = tensor.empty() : tensor<1x33x7x9xi32>
  %fill_nchw_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_nchw_i8 : tensor<1x33x7x9xi32>) -> tensor<1x33x7x9xi32>
  %r_nchw_i8 = linalg.conv_2d_nchw_fchw {chameleon.space = #nchw_i8, strides = dense<1> : tensor<2xi64>}
    ins(%p_nchw_i8, %w_nchw_i8 : tensor<1x32x9x11xi8>, tensor<33x32x3x3xi8>) outs(%fill_nchw_i8 : tensor<1x33x7x9xi32>) -> tensor<1x33x7x9xi32>
  %p_nchw_bf16 = tensor.pad %x_nchw_bf16 low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_bf16 : bf16
  } : tensor<1x64x8x9xbf16> to tensor<1x64x10x11xbf16>
  %empty_nchw_bf16 = tensor.empty() : tensor<1x32x4x5xf32>
  %fill_nchw_bf16 = linalg.fill ins(%zero_f32 : f32) outs(%empty_nchw_bf16 : tensor<1x32x4x5xf32>) -> tensor<1x32x4x5xf32>
  %r_nchw_bf16 = linalg.conv_2d_nchw_fchw {chameleon.space = #nchw_bf16, strides = dense<2> : tensor<2xi64>}
    ins(%p_nchw_bf16, %w_nchw_bf16 : tensor<1x64x10x11xbf16>, tensor<32x64x3x3xbf16>) outs(%fill_nchw_bf16 : tensor<1x32x4x5xf32>) -> tensor<1x32x4x5xf32>
  %p_nhwc_i8 = tensor.pad %x_nhwc_i8 low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_i8 : i8
  } : tensor<1x7x9x18xi8> to tensor<1x9x11x18xi8>
  %empty_nhwc_i8 = tensor.empty() : tensor<1x7x9x40xi32>
  %fill_nhwc_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_nhwc_i8 : tensor<1x7x9x40xi32>) -> tensor<1x7x9x40xi32>
  %r_nhwc_i8 = linalg.conv_2d_nhwc_hwcf {chameleon.space = #nhwc_i8, strides = dense<1> : tensor<2xi64>}
    ins(%p_nhwc_i8, %w_nhwc_i8 : tensor<1x9x11x18xi8>, tensor<3x3x18x40xi8>) outs(%fill_nhwc_i8 : tensor<1x7x9x40xi32>) -> tensor<1x7x9x40xi32>
  %empty_nhwc_bf16 = tensor.empty() : tensor<1x4x9x32xf32>
  %fill_nhwc_bf16 = linalg.fill ins(%zero_f32 : f32) outs(%empty_nhwc_bf16 : tensor<1x4x9x32xf32>) -> tensor<1x4x9x32xf32>
  %r_nhwc_bf16 = linalg.conv_2d_nhwc_hwcf {chameleon.space = #nhwc_bf16, strides = dense<1> : tensor<2xi64>}
    ins(%x_nhwc_bf16, %w_nhwc_bf16 : tensor<1x6x11x32xbf16>, tensor<3x3x32x32xbf16>) outs(%fill_nhwc_bf16 : tensor<1x4x9x32xf32>) -> tensor<1x4x9x32xf32>
  %p_nchw_by_four_i8 = tensor.pad %x_nchw_by_four_i8 low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_i8 : i8
  } : tensor<1x64x8x9xi8> to tensor<1x64x10x11xi8>
  %empty_nchw_by_four_i8 = tensor.empty() : tensor<1x32x4x5xi32>
  %fill_nchw_by_four_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_nchw_by_four_i8 : tensor<1x32x4x5xi32>) -> tensor<1x32x4x5xi32>
  %r_nchw_by_four_i8 = linalg.conv_2d_nchw_fchw {chameleon.space = #nchw_by_four_i8, strides = dense<2> : tensor<2xi64>}
    ins(%p_nchw_by_four_i8, %w_nchw_by_four_i8 : tensor<1x64x10x11xi8>, tensor<32x64x3x3xi8>) outs(%fill_nchw_by_four_i8 : tensor<1x32x4x5xi32>) -> tensor<1x32x4x5xi32>
  %empty_nhwc_by_four_i8 = tensor.empty() : tensor<1x4x9x32xi32>
  %fill_nhwc_by_four_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_nhwc_by_four_i8 : tensor<1x4x9x32xi32>) -> tensor<1x4x9x32xi32>
  %r_nhwc_by_four_i8 = linalg.conv_2d_nhwc_hwcf {chameleon.space = #nhwc_by_four_i8, strides = dense<1> : tensor<2xi64>}
    ins(%x_nhwc_by_four_i8, %w_nhwc_by_four_i8 : tensor<1x6x11x32xi8>, tensor<3x3x32x32xi8>) outs(%fill_nhwc_by_four_i8 : tensor<1x4x9x32xi32>) -> tensor<1x4x9x32xi32>
  %p_narrow_i8 = tensor.pad %x_narrow_i8 low[0, 0, 2, 2] high[0, 0, 2, 2] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_i8 : i8
  } : tensor<1x4x12x17xi8> to tensor<1x4x16x21xi8>
  %empty_narrow_i8 = tensor.empty() : tensor<1x32x6x9xi32>
  %fill_narrow_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_narrow_i8 : tensor<1x32x6x9xi32>) -> tensor<1x32x6x9xi32>
  %r_narrow_i8 = linalg.conv_2d_nchw_fchw {chameleon.space = #narrow_i8, strides = dense<2> : tensor<2xi64>}
    ins(%p_narrow_i8, %w_narrow_i8 : tensor<1x4x16x21xi8>, tensor<32x4x5x5xi8>) outs(%fill_narrow_i8 : tensor<1x32x6x9xi32>) -> tensor<1x32x6x9xi32>
  %empty_joined_i8 = tensor.empty() : tensor<1x32x7x7xi32>
  %fill_joined_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_joined_i8 : tensor<1x32x7x7xi32>) -> tensor<1x32x7x7xi32>
  %r_joined_i8 = linalg.conv_2d_nchw_fchw {chameleon.space = #joined_i8, strides = dense<1> : tensor<2xi64>}
    ins(%x_joined_i8, %w_joined_i8 : tensor<1x32x7x7xi8>, tensor<32x32x1x1xi8>) outs(%fill_joined_i8 : tensor<1x32x7x7xi32>) -> tensor<1x32x7x7xi32>
  %p_narrow_bf16 = tensor.pad %x_narrow_bf16 low[0, 0, 2, 2] high[0, 0, 2, 2] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_bf16 : bf16
  } : tensor<1x4x12x17xbf16> to tensor<1x4x16x21xbf16>
  %empty_narrow_bf16 = tensor.empty() : tensor<1x32x6x9xf32>
  %fill_narrow_bf16 = linalg.fill ins(%zero_f32 : f32) outs(%empty_narrow_bf16 : tensor<1x32x6x9xf32>) -> tensor<1x32x6x9xf32>
  %r_narrow_bf16 = linalg.conv_2d_nchw_fchw {chameleon.space = #narrow_bf16, strides = dense<2> : tensor<2xi64>}
    ins(%p_narrow_bf16, %w_narrow_bf16 : tensor<1x4x16x21xbf16>, tensor<32x4x5x5xbf16>) outs(%fill_narrow_bf16 : tensor<1x32x6x9xf32>) -> tensor<1x32x6x9xf32>
  %p_far_i8 = tensor.pad %x_far_i8 low[0, 0, 2, 2] high[0, 0, 2, 2] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_i8 : i8
  } : tensor<1x32x9x9xi8> to tensor<1x32x13x13xi8>
  %empty_far_i8 = tensor.empty() : tensor<1x33x13x13xi32>
  %fill_far_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_far_i8 : tensor<1x33x13x13xi32>) -> tensor<1x33x13x13xi32>
  %r_far_i8 = linalg.conv_2d_nchw_fchw {chameleon.space = #far_i8, strides = dense<1> : tensor<2xi64>}
    ins(%p_far_i8, %w_far_i8 : tensor<1x32x13x13xi8>, tensor<33x32x1x1xi8>) outs(%fill_far_i8 : tensor<1x33x13x13xi32>) -> tensor<1x33x13x13xi32>
  %p_far3_i8 = tensor.pad %x_far3_i8 low[0, 4, 4, 0] high[0, 4, 4, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero_i8 : i8
  } : tensor<1x6x7x32xi8> to tensor<1x14x15x32xi8>
  %empty_far3_i8 = tensor.empty() : tensor<1x12x13x33xi32>
  %fill_far3_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_far3_i8 : tensor<1x12x13x33xi32>) -> tensor<1x12x13x33xi32>
  %r_far3_i8 = linalg.conv_2d_nhwc_hwcf {chameleon.space = #far3_i8, strides = dense<1> : tensor<2xi64>}
    ins(%p_far3_i8, %w_far3_i8 : tensor<1x14x15x32xi8>, tensor<3x3x32x33xi8>) outs(%fill_far3_i8 : tensor<1x12x13x33xi32>) -> tensor<1x12x13x33xi32>
  %empty_one_block_i8 = tensor.empty() : tensor<1x33x3x3xi32>
  %fill_one_block_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_one_block_i8 : tensor<1x33x3x3xi32>) -> tensor<1x33x3x3xi32>
  %r_one_block_i8 = linalg.conv_2d_nchw_fchw {chameleon.space = #one_block_i8, strides = dense<1> : tensor<2xi64>}
    ins(%x_one_block_i8, %w_one_block_i8 : tensor<1x32x5x5xi8>, tensor<33x32x3x3xi8>) outs(%fill_one_block_i8 : tensor<1x33x3x3xi32>) -> tensor<1x33x3x3xi32>
  return %r_constant_i8, %r_constant_bf16, %r_run_time_i8, %r_run_time_bf16, %r_rows_of_b_i8, %r_rows_of_b_bf16, %r_run_time_by_four_i8, %r_rows_of_b_by_four_i8, %r_chunks_by_four_i8, %r_odd_i8, %r_nchw_i8, %r_nchw_bf16, %r_nhwc_i8, %r_nhwc_bf16, %r_nchw_by_four_i8, %r_nhwc_by_four_i8, %r_narrow_i8, %r_joined_i8, %r_narrow_bf16, %r_far_i8, %r_far3_i8, %r_one_block_i8 : tensor<13x33xi32>, tensor<6x40xf32>, tensor<10x33xi32>, tensor<10x10xf32>, tensor<9x10xi32>, tensor<9x33xf32>, tensor<10x33xi32>, tensor<9x10xi32>, tensor<20x40xi32>, tensor<5x33xi32>, tensor<1x33x7x9xi32>, tensor<1x32x4x5xf32>, tensor<1x7x9x40xi32>, tensor<1x4x9x32xf32>, tensor<1x32x4x5xi32>, tensor<1x4x9x32xi32>, tensor<1x32x6x9xi32>, tensor<1x32x7x7xi32>, tensor<1x32x6x9xf32>, tensor<1x33x13x13xi32>, tensor<1x12x13x33xi32>, tensor<1x33x3x3xi32>
}
