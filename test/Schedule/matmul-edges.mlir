// RUN: chameleon-opt %s --chameleon-apply="in-process=true constant-args=0-8" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 --threads=2 2>&1 | FileCheck %s --check-prefix=BENCH

// Edges of the packed product, one matrix product after the other in one function, against plain loops: one row, one column,
// one product; columns that leave lanes empty, rows and products that unrolling leaves over; panels side by side, and some left
// over; two, three chunks of products, the last one shorter; a constant B packed at the start, others packed before the product
// or read where they lie; blocks of columns and matrices of a batch in parallel; A and B transposed, and one matrix as both;
// other types; with a bias and a maximum behind, with a matrix added, and without. The first arguments are the constant ones.

// REMARKS-NOT:   trying what comes next
// REMARKS-NOT:   left as plain ops
// CHECK-NOT:     linalg.{{.*}}matmul
// CHECK:         func.func private @chameleon_task_9(
// CHECK:           scf.forall (%{{.*}}) in (2)
// CHECK:         func.func private @chameleon_task_10(
// CHECK:           scf.forall (%{{.*}}) in (2)
// CHECK:         func.func private @chameleon_task_21(
// CHECK:           scf.forall (%{{.*}}) in (3)
// CHECK:         func.func private @chameleon_task_23(
// CHECK-NOT:     linalg.{{.*}}matmul
// BENCH:         before {{.*}} [naive]
// BENCH:         outputs agree
#one = #chameleon.space<@cpu_matmul, knobs = []>
#column = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"unroll", values = [1]>]>
#row = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"unroll", values = [2]>, #chameleon.tile<"panels", values = [2]>]>
#streams = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"unroll", values = [2]>, #chameleon.tile<"kc", values = [128]>, #chameleon.tile<"panels", values = [4]>, #chameleon.choice<"order", ["nm"]>, #chameleon.choice<"packing", ["packed"]>]>
#two = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"unroll", values = [8]>, #chameleon.choice<"packing", ["plain"]>]>
#odd = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"mr", values = [13]>, #chameleon.tile<"unroll", values = [2]>, #chameleon.choice<"order", ["mn"]>, #chameleon.choice<"packing", ["packed"]>]>
#wide = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"mr", values = [5]>, #chameleon.tile<"unroll", values = [4]>, #chameleon.choice<"order", ["mn"]>]>
#chunks = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"mr", values = [5]>, #chameleon.tile<"unroll", values = [2]>, #chameleon.tile<"kc", values = [128]>, #chameleon.choice<"order", ["nm"]>]>
#parts = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"mr", values = [4]>, #chameleon.tile<"unroll", values = [1]>, #chameleon.tile<"kc", values = [128]>, #chameleon.choice<"order", ["mn"]>, #chameleon.choice<"packing", ["plain"]>]>
#blocks = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"unroll", values = [2]>, #chameleon.tile<"nb", values = [128]>, #chameleon.choice<"order", ["mn"]>]>
#halves = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"unroll", values = [2]>, #chameleon.tile<"kc", values = [128]>, #chameleon.tile<"nb", values = [128]>, #chameleon.choice<"order", ["nm"]>]>
#rows_of_b = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"mr", values = [10]>, #chameleon.tile<"unroll", values = [2]>]>
#by_squares = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"mr", values = [5]>, #chameleon.tile<"unroll", values = [2]>, #chameleon.choice<"order", ["mn"]>]>
#columns_of_a = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"mr", values = [5]>, #chameleon.tile<"unroll", values = [8]>, #chameleon.choice<"order", ["nm"]>]>
#both = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"mr", values = [5]>, #chameleon.tile<"unroll", values = [2]>, #chameleon.choice<"order", ["mn"]>]>
#gram = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"unroll", values = [1]>]>
#f64 = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"mr", values = [5]>, #chameleon.tile<"unroll", values = [1]>, #chameleon.choice<"packing", ["plain"]>]>
#bf16 = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"unroll", values = [2]>, #chameleon.choice<"order", ["mn"]>]>
#f16 = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"unroll", values = [2]>]>
#i8 = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"mr", values = [5]>, #chameleon.tile<"unroll", values = [2]>, #chameleon.choice<"order", ["mn"]>]>
#i8_run_time = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"unroll", values = [4]>, #chameleon.choice<"packing", ["plain"]>]>
#batch = #chameleon.space<@cpu_batch_matmul, knobs = [#chameleon.tile<"mr", values = [4]>, #chameleon.tile<"unroll", values = [1]>, #chameleon.choice<"packing", ["plain"]>]>
#batch_of_rows = #chameleon.space<@cpu_batch_matmul, knobs = [#chameleon.tile<"unroll", values = [4]>, #chameleon.choice<"order", ["mn"]>]>
#batch_bf16 = #chameleon.space<@cpu_batch_matmul, knobs = [#chameleon.tile<"unroll", values = [2]>, #chameleon.tile<"kc", values = [128]>, #chameleon.choice<"packing", ["packed"]>]>
#mk = affine_map<(m, n, k) -> (m, k)>
#km = affine_map<(m, n, k) -> (k, m)>
#kn = affine_map<(m, n, k) -> (k, n)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
#batch_mk = affine_map<(b, m, n, k) -> (b, m, k)>
#batch_nk = affine_map<(b, m, n, k) -> (b, n, k)>
#batch_mn = affine_map<(b, m, n, k) -> (b, m, n)>
#element = affine_map<(i, j) -> (i, j)>
#of_column = affine_map<(i, j) -> (j)>
#element_of_batch = affine_map<(b, i, j) -> (b, i, j)>
#of_column_in_batch = affine_map<(b, i, j) -> (j)>
func.func @main(%w_column: tensor<13x1xf32>, %w_row: tensor<2x127xf32>, %w_wide: tensor<127x33xf32>, %w_chunks: tensor<301x33xf32>,
                %w_blocks: tensor<13x256xf32>, %w_rows_of_b: tensor<13x33xf32>, %w_columns_of_a: tensor<20x33xf32>, %w_bf16: tensor<127x10xbf16>,
                %w_i8: tensor<127x33xi8>, %x_one: tensor<1x1xf32>, %w_one: tensor<1x1xf32>, %x_column: tensor<127x13xf32>, %x_row: tensor<1x2xf32>,
                %b_row: tensor<127xf32>, %x_streams: tensor<1x200xf32>, %w_streams: tensor<200x290xf32>, %b_streams: tensor<1x290xf32>,
                %x_two: tensor<2x127xf32>, %w_two: tensor<127x2xf32>, %x_odd: tensor<13x13xf32>, %w_odd: tensor<13x10xf32>, %b_odd: tensor<10xf32>,
                %x_wide: tensor<13x127xf32>, %b_wide: tensor<33xf32>, %x_chunks: tensor<13x301xf32>, %b_chunks: tensor<33xf32>,
                %x_parts: tensor<7x200xf32>, %w_parts: tensor<200x33xf32>, %x_blocks: tensor<6x13xf32>, %b_blocks: tensor<256xf32>,
                %x_halves: tensor<2x140xf32>, %w_halves: tensor<256x140xf32>, %b_halves: tensor<2x256xf32>, %x_rows_of_b: tensor<10x33xf32>,
                %x_by_squares: tensor<5x13xf32>, %w_by_squares: tensor<33x13xf32>, %b_by_squares: tensor<33xf32>, %x_columns_of_a: tensor<20x13xf32>,
                %b_columns_of_a: tensor<13x33xf32>, %x_both: tensor<10x9xf32>, %w_both: tensor<17x10xf32>, %x_gram: tensor<5x127xf32>,
                %x_f64: tensor<13x13xf64>, %w_f64: tensor<13x33xf64>, %b_f64: tensor<33xf64>, %x_bf16: tensor<5x127xbf16>, %b_bf16: tensor<10xf32>,
                %x_f16: tensor<13x5xf16>, %w_f16: tensor<33x13xf16>, %x_i8: tensor<13x127xi8>, %b_i8: tensor<33xi32>,
                %x_i8_run_time: tensor<2x127xi8>, %w_i8_run_time: tensor<127x10xi8>, %x_batch: tensor<3x7x13xf32>, %w_batch: tensor<3x13x33xf32>,
                %x_batch_of_rows: tensor<2x6x33xf32>, %w_batch_of_rows: tensor<2x10x33xf32>, %b_batch_of_rows: tensor<2x6x10xf32>,
                %x_batch_bf16: tensor<2x5x300xbf16>, %w_batch_bf16: tensor<2x300x10xbf16>, %b_batch_bf16: tensor<10xf32>)
    -> (tensor<1x1xf32>, tensor<127x1xf32>, tensor<1x127xf32>, tensor<1x290xf32>, tensor<2x2xf32>, tensor<13x10xf32>, tensor<13x33xf32>,
        tensor<13x33xf32>, tensor<7x33xf32>, tensor<6x256xf32>, tensor<2x256xf32>, tensor<10x13xf32>, tensor<5x33xf32>, tensor<13x33xf32>,
        tensor<9x17xf32>, tensor<5x5xf32>, tensor<13x33xf64>, tensor<5x10xf32>, tensor<5x33xf32>, tensor<13x33xi32>, tensor<2x10xi32>,
        tensor<3x7x33xf32>, tensor<2x6x10xf32>, tensor<2x5x10xf32>) {
  %zero_f32 = arith.constant 0.0 : f32
  %zero_f64 = arith.constant 0.0 : f64
  %zero_i32 = arith.constant 0 : i32
  %empty_one = tensor.empty() : tensor<1x1xf32>
  %fill_one = linalg.fill ins(%zero_f32 : f32) outs(%empty_one : tensor<1x1xf32>) -> tensor<1x1xf32>
  %r_one = linalg.matmul {chameleon.space = #one}
    ins(%x_one, %w_one : tensor<1x1xf32>, tensor<1x1xf32>) outs(%fill_one : tensor<1x1xf32>) -> tensor<1x1xf32>
  %empty_column = tensor.empty() : tensor<127x1xf32>
  %fill_column = linalg.fill ins(%zero_f32 : f32) outs(%empty_column : tensor<127x1xf32>) -> tensor<127x1xf32>
  %r_column = linalg.matmul {chameleon.space = #column}
    ins(%x_column, %w_column : tensor<127x13xf32>, tensor<13x1xf32>) outs(%fill_column : tensor<127x1xf32>) -> tensor<127x1xf32>
  %empty_row = tensor.empty() : tensor<1x127xf32>
  %fill_row = linalg.fill ins(%zero_f32 : f32) outs(%empty_row : tensor<1x127xf32>) -> tensor<1x127xf32>
  %r_row = linalg.matmul {chameleon.space = #row}
    ins(%x_row, %w_row : tensor<1x2xf32>, tensor<2x127xf32>) outs(%fill_row : tensor<1x127xf32>) -> tensor<1x127xf32>
  %e_row = linalg.generic {indexing_maps = [#element, #of_column, #element], iterator_types = ["parallel", "parallel"]}
    ins(%r_row, %b_row : tensor<1x127xf32>, tensor<127xf32>) outs(%empty_row : tensor<1x127xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %m = arith.maximumf %s, %zero_f32 : f32
    linalg.yield %m : f32
  } -> tensor<1x127xf32>
  %empty_streams = tensor.empty() : tensor<1x290xf32>
  %fill_streams = linalg.fill ins(%zero_f32 : f32) outs(%empty_streams : tensor<1x290xf32>) -> tensor<1x290xf32>
  %r_streams = linalg.matmul {chameleon.space = #streams}
    ins(%x_streams, %w_streams : tensor<1x200xf32>, tensor<200x290xf32>) outs(%fill_streams : tensor<1x290xf32>) -> tensor<1x290xf32>
  %e_streams = linalg.generic {indexing_maps = [#element, #element, #element], iterator_types = ["parallel", "parallel"]}
    ins(%r_streams, %b_streams : tensor<1x290xf32>, tensor<1x290xf32>) outs(%empty_streams : tensor<1x290xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x290xf32>
  %empty_two = tensor.empty() : tensor<2x2xf32>
  %fill_two = linalg.fill ins(%zero_f32 : f32) outs(%empty_two : tensor<2x2xf32>) -> tensor<2x2xf32>
  %r_two = linalg.matmul {chameleon.space = #two}
    ins(%x_two, %w_two : tensor<2x127xf32>, tensor<127x2xf32>) outs(%fill_two : tensor<2x2xf32>) -> tensor<2x2xf32>
  %empty_odd = tensor.empty() : tensor<13x10xf32>
  %fill_odd = linalg.fill ins(%zero_f32 : f32) outs(%empty_odd : tensor<13x10xf32>) -> tensor<13x10xf32>
  %r_odd = linalg.matmul {chameleon.space = #odd}
    ins(%x_odd, %w_odd : tensor<13x13xf32>, tensor<13x10xf32>) outs(%fill_odd : tensor<13x10xf32>) -> tensor<13x10xf32>
  %e_odd = linalg.generic {indexing_maps = [#element, #of_column, #element], iterator_types = ["parallel", "parallel"]}
    ins(%r_odd, %b_odd : tensor<13x10xf32>, tensor<10xf32>) outs(%empty_odd : tensor<13x10xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %m = arith.maximumf %s, %zero_f32 : f32
    linalg.yield %m : f32
  } -> tensor<13x10xf32>
  %empty_wide = tensor.empty() : tensor<13x33xf32>
  %fill_wide = linalg.fill ins(%zero_f32 : f32) outs(%empty_wide : tensor<13x33xf32>) -> tensor<13x33xf32>
  %r_wide = linalg.matmul {chameleon.space = #wide}
    ins(%x_wide, %w_wide : tensor<13x127xf32>, tensor<127x33xf32>) outs(%fill_wide : tensor<13x33xf32>) -> tensor<13x33xf32>
  %e_wide = linalg.generic {indexing_maps = [#element, #of_column, #element], iterator_types = ["parallel", "parallel"]}
    ins(%r_wide, %b_wide : tensor<13x33xf32>, tensor<33xf32>) outs(%empty_wide : tensor<13x33xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %m = arith.maximumf %s, %zero_f32 : f32
    linalg.yield %m : f32
  } -> tensor<13x33xf32>
  %empty_chunks = tensor.empty() : tensor<13x33xf32>
  %fill_chunks = linalg.fill ins(%zero_f32 : f32) outs(%empty_chunks : tensor<13x33xf32>) -> tensor<13x33xf32>
  %r_chunks = linalg.matmul {chameleon.space = #chunks}
    ins(%x_chunks, %w_chunks : tensor<13x301xf32>, tensor<301x33xf32>) outs(%fill_chunks : tensor<13x33xf32>) -> tensor<13x33xf32>
  %e_chunks = linalg.generic {indexing_maps = [#element, #of_column, #element], iterator_types = ["parallel", "parallel"]}
    ins(%r_chunks, %b_chunks : tensor<13x33xf32>, tensor<33xf32>) outs(%empty_chunks : tensor<13x33xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %m = arith.maximumf %s, %zero_f32 : f32
    linalg.yield %m : f32
  } -> tensor<13x33xf32>
  %empty_parts = tensor.empty() : tensor<7x33xf32>
  %fill_parts = linalg.fill ins(%zero_f32 : f32) outs(%empty_parts : tensor<7x33xf32>) -> tensor<7x33xf32>
  %r_parts = linalg.matmul {chameleon.space = #parts}
    ins(%x_parts, %w_parts : tensor<7x200xf32>, tensor<200x33xf32>) outs(%fill_parts : tensor<7x33xf32>) -> tensor<7x33xf32>
  %empty_blocks = tensor.empty() : tensor<6x256xf32>
  %fill_blocks = linalg.fill ins(%zero_f32 : f32) outs(%empty_blocks : tensor<6x256xf32>) -> tensor<6x256xf32>
  %r_blocks = linalg.matmul {chameleon.space = #blocks}
    ins(%x_blocks, %w_blocks : tensor<6x13xf32>, tensor<13x256xf32>) outs(%fill_blocks : tensor<6x256xf32>) -> tensor<6x256xf32>
  %e_blocks = linalg.generic {indexing_maps = [#element, #of_column, #element], iterator_types = ["parallel", "parallel"]}
    ins(%r_blocks, %b_blocks : tensor<6x256xf32>, tensor<256xf32>) outs(%empty_blocks : tensor<6x256xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %m = arith.maximumf %s, %zero_f32 : f32
    linalg.yield %m : f32
  } -> tensor<6x256xf32>
  %empty_halves = tensor.empty() : tensor<2x256xf32>
  %fill_halves = linalg.fill ins(%zero_f32 : f32) outs(%empty_halves : tensor<2x256xf32>) -> tensor<2x256xf32>
  %r_halves = linalg.matmul indexing_maps = [#mk, #nk, #mn] {chameleon.space = #halves}
    ins(%x_halves, %w_halves : tensor<2x140xf32>, tensor<256x140xf32>) outs(%fill_halves : tensor<2x256xf32>) -> tensor<2x256xf32>
  %e_halves = linalg.generic {indexing_maps = [#element, #element, #element], iterator_types = ["parallel", "parallel"]}
    ins(%r_halves, %b_halves : tensor<2x256xf32>, tensor<2x256xf32>) outs(%empty_halves : tensor<2x256xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<2x256xf32>
  %empty_rows_of_b = tensor.empty() : tensor<10x13xf32>
  %fill_rows_of_b = linalg.fill ins(%zero_f32 : f32) outs(%empty_rows_of_b : tensor<10x13xf32>) -> tensor<10x13xf32>
  %r_rows_of_b = linalg.matmul indexing_maps = [#mk, #nk, #mn] {chameleon.space = #rows_of_b}
    ins(%x_rows_of_b, %w_rows_of_b : tensor<10x33xf32>, tensor<13x33xf32>) outs(%fill_rows_of_b : tensor<10x13xf32>) -> tensor<10x13xf32>
  %empty_by_squares = tensor.empty() : tensor<5x33xf32>
  %fill_by_squares = linalg.fill ins(%zero_f32 : f32) outs(%empty_by_squares : tensor<5x33xf32>) -> tensor<5x33xf32>
  %r_by_squares = linalg.matmul indexing_maps = [#mk, #nk, #mn] {chameleon.space = #by_squares}
    ins(%x_by_squares, %w_by_squares : tensor<5x13xf32>, tensor<33x13xf32>) outs(%fill_by_squares : tensor<5x33xf32>) -> tensor<5x33xf32>
  %e_by_squares = linalg.generic {indexing_maps = [#element, #of_column, #element], iterator_types = ["parallel", "parallel"]}
    ins(%r_by_squares, %b_by_squares : tensor<5x33xf32>, tensor<33xf32>) outs(%empty_by_squares : tensor<5x33xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %m = arith.maximumf %s, %zero_f32 : f32
    linalg.yield %m : f32
  } -> tensor<5x33xf32>
  %empty_columns_of_a = tensor.empty() : tensor<13x33xf32>
  %fill_columns_of_a = linalg.fill ins(%zero_f32 : f32) outs(%empty_columns_of_a : tensor<13x33xf32>) -> tensor<13x33xf32>
  %r_columns_of_a = linalg.matmul indexing_maps = [#km, #kn, #mn] {chameleon.space = #columns_of_a}
    ins(%x_columns_of_a, %w_columns_of_a : tensor<20x13xf32>, tensor<20x33xf32>) outs(%fill_columns_of_a : tensor<13x33xf32>) -> tensor<13x33xf32>
  %e_columns_of_a = linalg.generic {indexing_maps = [#element, #element, #element], iterator_types = ["parallel", "parallel"]}
    ins(%r_columns_of_a, %b_columns_of_a : tensor<13x33xf32>, tensor<13x33xf32>) outs(%empty_columns_of_a : tensor<13x33xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<13x33xf32>
  %empty_both = tensor.empty() : tensor<9x17xf32>
  %fill_both = linalg.fill ins(%zero_f32 : f32) outs(%empty_both : tensor<9x17xf32>) -> tensor<9x17xf32>
  %r_both = linalg.matmul indexing_maps = [#km, #nk, #mn] {chameleon.space = #both}
    ins(%x_both, %w_both : tensor<10x9xf32>, tensor<17x10xf32>) outs(%fill_both : tensor<9x17xf32>) -> tensor<9x17xf32>
  %empty_gram = tensor.empty() : tensor<5x5xf32>
  %fill_gram = linalg.fill ins(%zero_f32 : f32) outs(%empty_gram : tensor<5x5xf32>) -> tensor<5x5xf32>
  %r_gram = linalg.matmul indexing_maps = [#mk, #nk, #mn] {chameleon.space = #gram}
    ins(%x_gram, %x_gram : tensor<5x127xf32>, tensor<5x127xf32>) outs(%fill_gram : tensor<5x5xf32>) -> tensor<5x5xf32>
  %empty_f64 = tensor.empty() : tensor<13x33xf64>
  %fill_f64 = linalg.fill ins(%zero_f64 : f64) outs(%empty_f64 : tensor<13x33xf64>) -> tensor<13x33xf64>
  %r_f64 = linalg.matmul {chameleon.space = #f64}
    ins(%x_f64, %w_f64 : tensor<13x13xf64>, tensor<13x33xf64>) outs(%fill_f64 : tensor<13x33xf64>) -> tensor<13x33xf64>
  %e_f64 = linalg.generic {indexing_maps = [#element, #of_column, #element], iterator_types = ["parallel", "parallel"]}
    ins(%r_f64, %b_f64 : tensor<13x33xf64>, tensor<33xf64>) outs(%empty_f64 : tensor<13x33xf64>) {
  ^bb0(%a: f64, %b: f64, %o: f64):
    %s = arith.addf %a, %b : f64
    %m = arith.maximumf %s, %zero_f64 : f64
    linalg.yield %m : f64
  } -> tensor<13x33xf64>
  %empty_bf16 = tensor.empty() : tensor<5x10xf32>
  %fill_bf16 = linalg.fill ins(%zero_f32 : f32) outs(%empty_bf16 : tensor<5x10xf32>) -> tensor<5x10xf32>
  %r_bf16 = linalg.matmul {chameleon.space = #bf16}
    ins(%x_bf16, %w_bf16 : tensor<5x127xbf16>, tensor<127x10xbf16>) outs(%fill_bf16 : tensor<5x10xf32>) -> tensor<5x10xf32>
  %e_bf16 = linalg.generic {indexing_maps = [#element, #of_column, #element], iterator_types = ["parallel", "parallel"]}
    ins(%r_bf16, %b_bf16 : tensor<5x10xf32>, tensor<10xf32>) outs(%empty_bf16 : tensor<5x10xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %m = arith.maximumf %s, %zero_f32 : f32
    linalg.yield %m : f32
  } -> tensor<5x10xf32>
  %empty_f16 = tensor.empty() : tensor<5x33xf32>
  %fill_f16 = linalg.fill ins(%zero_f32 : f32) outs(%empty_f16 : tensor<5x33xf32>) -> tensor<5x33xf32>
  %r_f16 = linalg.matmul indexing_maps = [#km, #nk, #mn] {chameleon.space = #f16}
    ins(%x_f16, %w_f16 : tensor<13x5xf16>, tensor<33x13xf16>) outs(%fill_f16 : tensor<5x33xf32>) -> tensor<5x33xf32>
  %empty_i8 = tensor.empty() : tensor<13x33xi32>
  %fill_i8 = linalg.fill ins(%zero_i32 : i32) outs(%empty_i8 : tensor<13x33xi32>) -> tensor<13x33xi32>
  %r_i8 = linalg.matmul {chameleon.space = #i8}
    ins(%x_i8, %w_i8 : tensor<13x127xi8>, tensor<127x33xi8>) outs(%fill_i8 : tensor<13x33xi32>) -> tensor<13x33xi32>
  %e_i8 = linalg.generic {indexing_maps = [#element, #of_column, #element], iterator_types = ["parallel", "parallel"]}
    ins(%r_i8, %b_i8 : tensor<13x33xi32>, tensor<33xi32>) outs(%empty_i8 : tensor<13x33xi32>) {
  ^bb0(%a: i32, %b: i32, %o: i32):
    %s = arith.addi %a, %b : i32
    %m = arith.maxsi %s, %zero_i32 : i32
    linalg.yield %m : i32
  } -> tensor<13x33xi32>
  %empty_i8_run_time = tensor.empty() : tensor<2x10xi32>
  %fill_i8_run_time = linalg.fill ins(%zero_i32 : i32) outs(%empty_i8_run_time : tensor<2x10xi32>) -> tensor<2x10xi32>
  %r_i8_run_time = linalg.matmul {chameleon.space = #i8_run_time}
    ins(%x_i8_run_time, %w_i8_run_time : tensor<2x127xi8>, tensor<127x10xi8>) outs(%fill_i8_run_time : tensor<2x10xi32>) -> tensor<2x10xi32>
  %empty_batch = tensor.empty() : tensor<3x7x33xf32>
  %fill_batch = linalg.fill ins(%zero_f32 : f32) outs(%empty_batch : tensor<3x7x33xf32>) -> tensor<3x7x33xf32>
  %r_batch = linalg.batch_matmul {chameleon.space = #batch}
    ins(%x_batch, %w_batch : tensor<3x7x13xf32>, tensor<3x13x33xf32>) outs(%fill_batch : tensor<3x7x33xf32>) -> tensor<3x7x33xf32>
  %empty_batch_of_rows = tensor.empty() : tensor<2x6x10xf32>
  %fill_batch_of_rows = linalg.fill ins(%zero_f32 : f32) outs(%empty_batch_of_rows : tensor<2x6x10xf32>) -> tensor<2x6x10xf32>
  %r_batch_of_rows = linalg.batch_matmul indexing_maps = [#batch_mk, #batch_nk, #batch_mn] {chameleon.space = #batch_of_rows}
    ins(%x_batch_of_rows, %w_batch_of_rows : tensor<2x6x33xf32>, tensor<2x10x33xf32>) outs(%fill_batch_of_rows : tensor<2x6x10xf32>) -> tensor<2x6x10xf32>
  %e_batch_of_rows = linalg.generic {indexing_maps = [#element_of_batch, #element_of_batch, #element_of_batch], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%r_batch_of_rows, %b_batch_of_rows : tensor<2x6x10xf32>, tensor<2x6x10xf32>) outs(%empty_batch_of_rows : tensor<2x6x10xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<2x6x10xf32>
  %empty_batch_bf16 = tensor.empty() : tensor<2x5x10xf32>
  %fill_batch_bf16 = linalg.fill ins(%zero_f32 : f32) outs(%empty_batch_bf16 : tensor<2x5x10xf32>) -> tensor<2x5x10xf32>
  %r_batch_bf16 = linalg.batch_matmul {chameleon.space = #batch_bf16}
    ins(%x_batch_bf16, %w_batch_bf16 : tensor<2x5x300xbf16>, tensor<2x300x10xbf16>) outs(%fill_batch_bf16 : tensor<2x5x10xf32>) -> tensor<2x5x10xf32>
  %e_batch_bf16 = linalg.generic {indexing_maps = [#element_of_batch, #of_column_in_batch, #element_of_batch], iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%r_batch_bf16, %b_batch_bf16 : tensor<2x5x10xf32>, tensor<10xf32>) outs(%empty_batch_bf16 : tensor<2x5x10xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %m = arith.maximumf %s, %zero_f32 : f32
    linalg.yield %m : f32
  } -> tensor<2x5x10xf32>
  return %r_one, %r_column, %e_row, %e_streams, %r_two, %e_odd, %e_wide, %e_chunks, %r_parts, %e_blocks, %e_halves, %r_rows_of_b, %e_by_squares,
         %e_columns_of_a, %r_both, %r_gram, %e_f64, %e_bf16, %r_f16, %e_i8, %r_i8_run_time, %r_batch, %e_batch_of_rows, %e_batch_bf16
    : tensor<1x1xf32>, tensor<127x1xf32>, tensor<1x127xf32>, tensor<1x290xf32>, tensor<2x2xf32>, tensor<13x10xf32>, tensor<13x33xf32>,
      tensor<13x33xf32>, tensor<7x33xf32>, tensor<6x256xf32>, tensor<2x256xf32>, tensor<10x13xf32>, tensor<5x33xf32>, tensor<13x33xf32>,
      tensor<9x17xf32>, tensor<5x5xf32>, tensor<13x33xf64>, tensor<5x10xf32>, tensor<5x33xf32>, tensor<13x33xi32>, tensor<2x10xi32>,
      tensor<3x7x33xf32>, tensor<2x6x10xf32>, tensor<2x5x10xf32>
}
