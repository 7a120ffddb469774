// RUN: chameleon-opt %s --transform-interpreter --canonicalize | FileCheck %s

// 6x7 times 7x10 by vectors of 4, at most four rows by eight columns in registers. The constant B is packed at the top, marked:
// two panels, what is left of the last one filled with columns once more.

// CHECK-DAG:     #[[PACK:.*]] = affine_map<(d0, d1, d2) -> (d1, (d0 * 8 + d2) mod 10)>
// CHECK-LABEL: func.func @constant(
// CHECK-SAME:    %[[A:.*]]: tensor<6x7xf32>, %[[B:.*]]: tensor<7x10xf32> {chameleon.constant}, %[[BIAS:.*]]: tensor<10xf32>, %[[OUT:.*]]: tensor<6x10xf32>
// CHECK:         %[[W:.*]] = linalg.generic {indexing_maps = [#[[PACK]], {{.*}} ins(%[[B]] : {{.*}}) outs(%{{.*}} : tensor<2x7x8xf32>) attrs = {chameleon.constant_pack}
// Six rows are two blocks of three, not four and two: 3 x 2 sums, two products unrolled and the seventh apart.
// CHECK:         %[[LEFT:.*]] = scf.for %[[ROW:.*]] = %c0 to %c6 step %c3 iter_args(%{{.*}} = %[[OUT]])
// CHECK:           %[[PAIRS:.*]]:6 = scf.for %[[K:.*]] = %c0 to %c6 step %c2
// CHECK:             %[[W0:.*]] = vector.transfer_read %[[W]][%c0, %[[K]], %c0]
// CHECK:             %[[W1:.*]] = vector.transfer_read %[[W]][%c0, %[[K]], %c4]
// CHECK:             %[[NUMBER:.*]] = tensor.extract %[[A]][%[[ROW]], %[[K]]]
// CHECK:             %[[X:.*]] = vector.broadcast %[[NUMBER]] : f32 to vector<4xf32>
// CHECK:             vector.fma %[[X]], %[[W0]], %{{.*}} : vector<4xf32>
// CHECK:             vector.fma %[[X]], %[[W1]], %{{.*}} : vector<4xf32>
// CHECK-COUNT-10:    vector.fma
// CHECK-NOT:         vector.fma
// CHECK:             scf.yield
// CHECK:           %[[SUM:.*]] = vector.fma %{{.*}}, %{{.*}}, %[[PAIRS]]#0
// The epilogue has joined.
// CHECK:           %[[ADDEND:.*]] = vector.transfer_read %[[BIAS]][%c0], {{.*}}in_bounds = [true]
// CHECK:           %[[BIASED:.*]] = arith.addf %[[SUM]], %[[ADDEND]]
// CHECK:           %[[MAX:.*]] = arith.maximumf %[[BIASED]], %{{.*}} : vector<4xf32>
// CHECK:           vector.transfer_write %[[MAX]], %{{.*}}[%[[ROW]], %c0] {in_bounds = [true]}
// Two columns of the last panel: one vector, of which no more is written than there is.
// CHECK:         scf.for %[[ROW:.*]] = %c0 to %c6 step %c3 iter_args(%{{.*}} = %[[LEFT]])
// CHECK:           %{{.*}}:3 = scf.for %[[K:.*]] = %c0 to %c6 step %c2
// CHECK:             vector.transfer_read %[[W]][%c1, %[[K]], %c0]
// CHECK:           vector.transfer_read %[[BIAS]][%c8], %{{.*}} : tensor<10xf32>
// CHECK:           %[[TWO:.*]] = vector.extract_strided_slice %{{.*}} {offsets = [0], sizes = [2]
// CHECK:           vector.transfer_write %[[TWO]], %{{.*}}[%[[ROW]], %c8] {in_bounds = [true]} : vector<2xf32>
// CHECK-NOT:     linalg.
func.func @constant(%x: tensor<6x7xf32>, %w: tensor<7x10xf32> {chameleon.constant}, %bias: tensor<10xf32>, %out: tensor<6x10xf32>) -> tensor<6x10xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<6x10xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<6x10xf32>) -> tensor<6x10xf32>
  %r = linalg.matmul {packed} ins(%x, %w : tensor<6x7xf32>, tensor<7x10xf32>) outs(%fill : tensor<6x10xf32>) -> tensor<6x10xf32>
  %e = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>],
                       iterator_types = ["parallel", "parallel"]}
    ins(%r, %bias : tensor<6x10xf32>, tensor<10xf32>) outs(%out : tensor<6x10xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %m = arith.maximumf %s, %zero : f32
    linalg.yield %m : f32
  } -> tensor<6x10xf32>
  return %e : tensor<6x10xf32>
}

// Columns of a constant B: all of it is packed, and the product starts at the panel where they do.
// CHECK-LABEL: func.func @columns(
// CHECK-SAME:    %{{.*}}: tensor<2x4xf32>, %[[B:.*]]: tensor<4x32xf32> {chameleon.constant}, %[[AT:.*]]: index
// CHECK:         %[[W:.*]] = linalg.generic {{.*}} ins(%[[B]] : {{.*}}) outs(%{{.*}} : tensor<4x4x8xf32>) attrs = {chameleon.constant_pack}
// CHECK:         %[[PANEL:.*]] = arith.divui %[[AT]], %c8
// CHECK:         vector.transfer_read %[[W]][%[[PANEL]], %{{.*}}, %c0]
func.func @columns(%x: tensor<2x4xf32>, %w: tensor<4x32xf32> {chameleon.constant}, %at: index, %out: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %zero = arith.constant 0.0 : f32
  %slice = tensor.extract_slice %w[0, %at] [4, 8] [1, 1] : tensor<4x32xf32> to tensor<4x8xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<2x8xf32>) -> tensor<2x8xf32>
  %r = linalg.matmul {packed} ins(%x, %slice : tensor<2x4xf32>, tensor<4x8xf32>) outs(%fill : tensor<2x8xf32>) -> tensor<2x8xf32>
  return %r : tensor<2x8xf32>
}

// A B that is not constant is packed by vectors: two panels, then one of six columns. Here each block of rows meets all panels
// before the next one does.
// CHECK-LABEL: func.func @run_time(
// CHECK-SAME:    %[[A:.*]]: tensor<5x4xf32>, %[[B:.*]]: tensor<4x22xf32>, %[[OUT:.*]]: tensor<5x22xf32>
// CHECK:         %[[WHOLE:.*]] = scf.for %[[PANEL:.*]] = %c0 to %c2 step %c1 iter_args({{.*}}) -> (tensor<3x4x8xf32>)
// CHECK:           %[[COLUMN:.*]] = arith.muli %[[PANEL]], %c8
// CHECK:           scf.for %[[K:.*]] = %c0 to %c4 step %c1
// CHECK:             %[[READ:.*]] = vector.transfer_read %[[B]][%[[K]], %[[COLUMN]]], {{.*}}in_bounds = [true]
// CHECK:             vector.transfer_write %[[READ]], %{{.*}}[%[[PANEL]], %[[K]], %c0]
// CHECK:         %[[W:.*]] = scf.for %[[K:.*]] = %c0 to %c4 step %c1 iter_args(%{{.*}} = %[[WHOLE]])
// CHECK:           %[[READ:.*]] = vector.transfer_read %[[B]][%[[K]], %c20], %{{.*}} : tensor<4x22xf32>
// CHECK:           vector.transfer_write %[[READ]], %{{.*}}[%c2, %[[K]], %c4]
// CHECK:         scf.for %[[ROW:.*]] = %c0 to %c4 step %c2 iter_args(%{{.*}} = %[[OUT]])
// CHECK:           scf.for %[[PANEL:.*]] = %c0 to %c2 step %c1
// CHECK:             scf.for %[[K:.*]] = %c0 to %c4 step %c2
// CHECK:               vector.transfer_read %[[W]][%[[PANEL]], %[[K]], %c0]
// CHECK:               tensor.extract %[[A]][%[[ROW]], %[[K]]]
// CHECK:           scf.for %[[K:.*]] = %c0 to %c4 step %c2
// CHECK:             vector.transfer_read %[[W]][%c2, %[[K]], %c0]
// CHECK:             tensor.extract %[[A]][%[[ROW]], %[[K]]]
// The fifth row.
// CHECK:         scf.for %[[PANEL:.*]] = %c0 to %c2 step %c1
// CHECK:           tensor.extract %[[A]][%c4, %{{.*}}]
func.func @run_time(%x: tensor<5x4xf32>, %w: tensor<4x22xf32>, %out: tensor<5x22xf32>) -> tensor<5x22xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<5x22xf32>) -> tensor<5x22xf32>
  %r = linalg.matmul {rows_outside} ins(%x, %w : tensor<5x4xf32>, tensor<4x22xf32>) outs(%fill : tensor<5x22xf32>) -> tensor<5x22xf32>
  return %r : tensor<5x22xf32>
}

// Or it is read where it lies, and nothing but the result is written.
// CHECK-LABEL: func.func @in_place(
// CHECK-SAME:    %{{.*}}: tensor<2x4xf32>, %[[B:.*]]: tensor<4x22xf32>
// CHECK-NOT:     vector.transfer_write
// CHECK:         scf.for %[[PANEL:.*]] = %c0 to %c2 step %c1
// CHECK:           %[[COLUMN:.*]] = arith.muli %[[PANEL]], %c8
// CHECK:           scf.for %[[K:.*]] = %c0 to %c4 step %c2
// CHECK:             vector.transfer_read %[[B]][%[[K]], %[[COLUMN]]], {{.*}}in_bounds = [true]
// CHECK:         scf.for %[[K:.*]] = %c0 to %c4 step %c2
// CHECK:           vector.transfer_read %[[B]][%[[K]], %c16], {{.*}}in_bounds = [true]
// CHECK:           vector.transfer_read %[[B]][%[[K]], %c20], %{{.*}} : tensor<4x22xf32>
func.func @in_place(%x: tensor<2x4xf32>, %w: tensor<4x22xf32>, %out: tensor<2x22xf32>) -> tensor<2x22xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<2x22xf32>) -> tensor<2x22xf32>
  %r = linalg.matmul {plain} ins(%x, %w : tensor<2x4xf32>, tensor<4x22xf32>) outs(%fill : tensor<2x22xf32>) -> tensor<2x22xf32>
  return %r : tensor<2x22xf32>
}

// Six rows of a transposed B are six columns: squares of 4x4, and what is left of both, are transposed on the way.
// CHECK-LABEL: func.func @transposed_b(
// CHECK-SAME:    %{{.*}}: tensor<2x7xf32>, %[[B:.*]]: tensor<6x7xf32>
// CHECK:         vector.transfer_read %[[B]][%c0, %c0], {{.*}}in_bounds = [true, true]{{.*}} vector<4x4xf32>
// CHECK-COUNT-8: vector.shuffle
// CHECK:         vector.transfer_write %{{.*}}, %{{.*}}[%c0, %c0, %c0] {{.*}} vector<4x4xf32>, tensor<1x7x8xf32>
// CHECK:         vector.transfer_read %[[B]][%c4, %c0], {{.*}}in_bounds = [true, true]{{.*}} vector<2x4xf32>
// CHECK:         vector.transfer_write %{{.*}}, %{{.*}}[%c0, %c0, %c4] {{.*}} vector<4x4xf32>, tensor<1x7x8xf32>
// CHECK:         vector.transfer_read %[[B]][%c0, %c4], {{.*}}in_bounds = [true, false]{{.*}} vector<4x4xf32>
// CHECK:         vector.transfer_write %{{.*}}, %{{.*}}[%c0, %c4, %c0] {{.*}} vector<3x4xf32>, tensor<1x7x8xf32>
// CHECK:         vector.transfer_read %[[B]][%c4, %c4], {{.*}}in_bounds = [true, false]{{.*}} vector<2x4xf32>
// CHECK:         %[[W:.*]] = vector.transfer_write %{{.*}}, %{{.*}}[%c0, %c4, %c4] {{.*}} vector<3x4xf32>, tensor<1x7x8xf32>
// CHECK:         scf.for %[[K:.*]] = %c0 to %c6 step %c2
// CHECK:           vector.transfer_read %[[W]][%c0, %[[K]], %c0]
func.func @transposed_b(%x: tensor<2x7xf32>, %w: tensor<6x7xf32>, %out: tensor<2x6xf32>) -> tensor<2x6xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<2x6xf32>) -> tensor<2x6xf32>
  %r = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] {packed}
    ins(%x, %w : tensor<2x7xf32>, tensor<6x7xf32>) outs(%fill : tensor<2x6xf32>) -> tensor<2x6xf32>
  return %r : tensor<2x6xf32>
}

// Numbers of a transposed A are read where they lie.
// CHECK-LABEL: func.func @transposed_a(
// CHECK-SAME:    %[[A:.*]]: tensor<4x2xf32>
// CHECK-NOT:     vector.transfer_write
// CHECK:         scf.for %[[K:.*]] = %c0 to %c4 step %c2
// CHECK:           tensor.extract %[[A]][%[[K]], %c0]
// CHECK:           tensor.extract %[[A]][%[[K]], %c1]
func.func @transposed_a(%x: tensor<4x2xf32>, %w: tensor<4x8xf32> {chameleon.constant}, %out: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<2x8xf32>) -> tensor<2x8xf32>
  %r = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (k, m)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>] {packed}
    ins(%x, %w : tensor<4x2xf32>, tensor<4x8xf32>) outs(%fill : tensor<2x8xf32>) -> tensor<2x8xf32>
  return %r : tensor<2x8xf32>
}

// Fifteen products by four: all sums go to memory after the first four, are read and written once more by each of the next
// two fours, and read for the last three, which write the result.
// CHECK-LABEL: func.func @chunks(
// CHECK-SAME:    %[[A:.*]]: tensor<1x15xf32>, %{{.*}}: tensor<15x10xf32> {chameleon.constant}, %[[OUT:.*]]: tensor<1x10xf32>
// CHECK:         %[[W:.*]] = linalg.generic
// CHECK:         %[[EMPTY:.*]] = tensor.empty() : tensor<2x1x8xf32>
// CHECK:         %[[DONE:.*]]:2 = scf.for %{{.*}} = %c0 to %c4 step %c2
// CHECK:         vector.transfer_write %[[DONE]]#0, %[[EMPTY]][%c0, %c0, %c0]
// CHECK:         %[[FIRST:.*]] = vector.transfer_write %{{.*}}, %{{.*}}[%c1, %c0, %c0] {{.*}} tensor<2x1x8xf32>
// CHECK:         %[[SUMS:.*]] = scf.for %[[CHUNK:.*]] = %c4 to %c12 step %c4 iter_args(%[[SO_FAR:.*]] = %[[FIRST]])
// CHECK:           %[[READ0:.*]] = vector.transfer_read %[[SO_FAR]][%c0, %c0, %c0]
// CHECK:           %[[READ1:.*]] = vector.transfer_read %[[SO_FAR]][%c0, %c0, %c4]
// CHECK:           %[[DONE:.*]]:2 = scf.for %[[STEP:.*]] = %c0 to %c4 step %c2 iter_args(%{{.*}} = %[[READ0]], %{{.*}} = %[[READ1]])
// CHECK:             %[[K:.*]] = arith.addi %[[CHUNK]], %[[STEP]]
// CHECK:             vector.transfer_read %[[W]][%c0, %[[K]], %c0]
// CHECK:           vector.transfer_write %[[DONE]]#0, %[[SO_FAR]][%c0, %c0, %c0]
// CHECK:         %[[LAST:.*]] = vector.transfer_read %[[SUMS]][%c0, %c0, %c0]
// CHECK:         vector.fma %{{.*}}, %{{.*}}, %[[LAST]]
// CHECK:         tensor.extract %[[A]][%c0, %c14]
// CHECK:         %[[SUM:.*]] = vector.fma
// CHECK:         vector.transfer_write %[[SUM]], %[[OUT]][%c0, %c0]
// CHECK-NOT:     tensor<2x1x8xf32>, vector<4xf32>, tensor
func.func @chunks(%x: tensor<1x15xf32>, %w: tensor<15x10xf32> {chameleon.constant}, %out: tensor<1x10xf32>) -> tensor<1x10xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x10xf32>) -> tensor<1x10xf32>
  %r = linalg.matmul {chunks} ins(%x, %w : tensor<1x15xf32>, tensor<15x10xf32>) outs(%fill : tensor<1x10xf32>) -> tensor<1x10xf32>
  return %r : tensor<1x10xf32>
}

// Two panels at a time, side by side in registers: of five and a half, two pairs, the fifth, and four columns.
// CHECK-LABEL: func.func @side_by_side(
// CHECK-SAME:    %[[A:.*]]: tensor<1x4xf32>
// CHECK:         %[[W:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<6x4x8xf32>) attrs = {chameleon.constant_pack}
// CHECK:         scf.for %[[PANEL:.*]] = %c0 to %c4 step %c2
// CHECK:           %[[SUMS:.*]]:4 = scf.for %[[K:.*]] = %c0 to %c4 step %c2
// CHECK:             vector.transfer_read %[[W]][%[[PANEL]], %[[K]], %c0]
// CHECK:             vector.transfer_read %[[W]][%[[PANEL]], %[[K]], %c4]
// CHECK:             %[[NEXT:.*]] = arith.addi %[[PANEL]], %c1
// CHECK:             vector.transfer_read %[[W]][%[[NEXT]], %[[K]], %c0]
// CHECK:             tensor.extract %[[A]]
// CHECK-COUNT-4:     vector.fma
// CHECK:             tensor.extract %[[A]]
// CHECK:           %[[COLUMN:.*]] = arith.muli %[[PANEL]], %c8
// CHECK:           vector.transfer_write %[[SUMS]]#0, %{{.*}}[%c0, %[[COLUMN]]]
// CHECK:           %[[THIRD:.*]] = arith.addi %[[COLUMN]], %c8
// CHECK:           vector.transfer_write %[[SUMS]]#2, %{{.*}}[%c0, %[[THIRD]]]
// CHECK:         %{{.*}}:2 = scf.for %[[K:.*]] = %c0 to %c4 step %c2
// CHECK:           vector.transfer_read %[[W]][%c4, %[[K]], %c0]
// CHECK:         scf.for %[[K:.*]] = %c0 to %c4 step %c2
// CHECK:           vector.transfer_read %[[W]][%c5, %[[K]], %c0]
func.func @side_by_side(%x: tensor<1x4xf32>, %w: tensor<4x44xf32> {chameleon.constant}, %out: tensor<1x44xf32>) -> tensor<1x44xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x44xf32>) -> tensor<1x44xf32>
  %r = linalg.matmul {pairs} ins(%x, %w : tensor<1x4xf32>, tensor<4x44xf32>) outs(%fill : tensor<1x44xf32>) -> tensor<1x44xf32>
  return %r : tensor<1x44xf32>
}

// One matrix of a batch.
// CHECK-LABEL: func.func @batch_of_one(
// CHECK-SAME:    %[[A:.*]]: tensor<1x2x4xf32>, %[[B:.*]]: tensor<1x4x8xf32>
// CHECK:         vector.transfer_read %[[B]][%c0, %{{.*}}, %c0]
// CHECK:         tensor.extract %[[A]][%c0, %c0, %{{.*}}]
// CHECK:         vector.transfer_write %{{.*}}[%c0, %c0, %c0] {{.*}} tensor<1x2x8xf32>
func.func @batch_of_one(%x: tensor<1x2x4xf32>, %w: tensor<1x4x8xf32>, %out: tensor<1x2x8xf32>) -> tensor<1x2x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x2x8xf32>) -> tensor<1x2x8xf32>
  %r = linalg.batch_matmul {packed} ins(%x, %w : tensor<1x2x4xf32>, tensor<1x4x8xf32>) outs(%fill : tensor<1x2x8xf32>) -> tensor<1x2x8xf32>
  return %r : tensor<1x2x8xf32>
}

// A is widened before the product, a constant B where it is read.
// CHECK-LABEL: func.func @bf16(
// CHECK-SAME:    %[[A:.*]]: tensor<2x6xbf16>
// CHECK:         %[[PACKED:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<1x6x8xbf16>)
// CHECK:         %[[X:.*]] = scf.for %[[ROW:.*]] = %c0 to %c2 step %c1 iter_args({{.*}}) -> (tensor<2x6xf32>)
// CHECK:           %[[READ:.*]] = vector.transfer_read %[[A]][%[[ROW]], %c0], {{.*}}in_bounds = [true]
// CHECK:           %[[WIDE:.*]] = arith.extf %[[READ]] : vector<4xbf16> to vector<4xf32>
// CHECK:           vector.transfer_write %[[WIDE]], %{{.*}}[%[[ROW]], %c0]
// CHECK:           vector.transfer_read %[[A]][%[[ROW]], %c4], %{{.*}} : tensor<2x6xbf16>
// CHECK:         vector.transfer_read %[[PACKED]]{{.*}} vector<4xbf16>
// CHECK-NEXT:    %[[W:.*]] = arith.extf
// CHECK:         %[[NUMBER:.*]] = tensor.extract %[[X]]
// CHECK:         %[[NUMBERS:.*]] = vector.broadcast %[[NUMBER]] : f32 to vector<4xf32>
// CHECK:         vector.fma %[[NUMBERS]], %[[W]], %{{.*}} : vector<4xf32>
func.func @bf16(%x: tensor<2x6xbf16>, %w: tensor<6x8xbf16> {chameleon.constant}, %out: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<2x8xf32>) -> tensor<2x8xf32>
  %r = linalg.matmul {packed} ins(%x, %w : tensor<2x6xbf16>, tensor<6x8xbf16>) outs(%fill : tensor<2x8xf32>) -> tensor<2x8xf32>
  return %r : tensor<2x8xf32>
}

// So are integers. A B that is packed before the product is widened there.
// CHECK-LABEL: func.func @i8(
// CHECK-SAME:    %[[A:.*]]: tensor<2x6xi8>, %[[B:.*]]: tensor<6x8xi8>
// CHECK:         %[[PACKED:.*]] = scf.for {{.*}} -> (tensor<1x6x8xi32>)
// CHECK:           vector.transfer_read %[[B]]
// CHECK-NEXT:      arith.extsi %{{.*}} : vector<4xi8> to vector<4xi32>
// CHECK:         %[[X:.*]] = scf.for {{.*}} -> (tensor<2x6xi32>)
// CHECK:           vector.transfer_read %[[A]]
// CHECK-NEXT:      arith.extsi %{{.*}} : vector<4xi8> to vector<4xi32>
// CHECK:         %[[W:.*]] = vector.transfer_read %[[PACKED]]
// CHECK:         %[[NUMBER:.*]] = tensor.extract %[[X]]
// CHECK:         %[[NUMBERS:.*]] = vector.broadcast %[[NUMBER]] : i32 to vector<4xi32>
// CHECK:         %[[PRODUCT:.*]] = arith.muli %[[NUMBERS]], %[[W]]
// CHECK-NEXT:    arith.addi %[[PRODUCT]], %{{.*}} : vector<4xi32>
func.func @i8(%x: tensor<2x6xi8>, %w: tensor<6x8xi8>, %out: tensor<2x8xi32>) -> tensor<2x8xi32> {
  %zero = arith.constant 0 : i32
  %fill = linalg.fill ins(%zero : i32) outs(%out : tensor<2x8xi32>) -> tensor<2x8xi32>
  %r = linalg.matmul {packed} ins(%x, %w : tensor<2x6xi8>, tensor<6x8xi8>) outs(%fill : tensor<2x8xi32>) -> tensor<2x8xi32>
  return %r : tensor<2x8xi32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %packed = transform.structured.match attributes {packed} in %m : (!transform.any_op) -> !transform.any_op
    %rows_outside = transform.structured.match attributes {rows_outside} in %m : (!transform.any_op) -> !transform.any_op
    %plain = transform.structured.match attributes {plain} in %m : (!transform.any_op) -> !transform.any_op
    %chunks = transform.structured.match attributes {chunks} in %m : (!transform.any_op) -> !transform.any_op
    %pairs = transform.structured.match attributes {pairs} in %m : (!transform.any_op) -> !transform.any_op
    %zero = transform.param.constant 0 : i64 -> !transform.param<i64>
    %one = transform.param.constant 1 : i64 -> !transform.param<i64>
    %two = transform.param.constant 2 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %eight = transform.param.constant 8 : i64 -> !transform.param<i64>
    transform.chameleon.packed_matmul %packed lanes = %four rows = %four columns = %eight steps = %two chunk = %zero rows_outside = %zero in_place = %zero : !transform.any_op
    transform.chameleon.packed_matmul %rows_outside lanes = %four rows = %two columns = %eight steps = %two chunk = %zero rows_outside = %one in_place = %zero : !transform.any_op
    transform.chameleon.packed_matmul %plain lanes = %four rows = %four columns = %eight steps = %two chunk = %zero rows_outside = %zero in_place = %one : !transform.any_op
    transform.chameleon.packed_matmul %chunks lanes = %four rows = %four columns = %eight steps = %two chunk = %four rows_outside = %zero in_place = %zero : !transform.any_op
    transform.chameleon.packed_matmul %pairs lanes = %four rows = %four columns = %eight steps = %two chunk = %zero rows_outside = %zero in_place = %zero panels = %two : !transform.any_op
    transform.yield
  }
}
