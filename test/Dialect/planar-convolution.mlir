// RUN: chameleon-opt %s --transform-interpreter --canonicalize | FileCheck %s

// 5 -> 8 channels on 6x16 pixels by a padded 3x3 window, by vectors of 4. The weights are packed at the top, marked: three panels of 3
// channels, innermost. X is a copy of the image, channel by channel, with a zero to its left and right. The row of zeros above it and the
// one below it are not written: windows skip them. The bias joins the code.

// CHECK:         #[[PACK:.*]] = affine_map<(d0, d1, d2, d3, d4) -> ((d0 * 3 + d4) mod 8, d2, d1, d3)>
// CHECK-LABEL: func.func @padded(
// CHECK-SAME:    %[[IMAGE:.*]]: tensor<1x5x6x16xf32>, %[[WEIGHTS:.*]]: tensor<8x5x3x3xf32> {chameleon.constant}, %[[BIAS:.*]]: tensor<8xf32>, %[[OUT:.*]]: tensor<1x8x6x16xf32>
// CHECK:         %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : vector<4xf32>
// CHECK:         %[[W:.*]] = linalg.generic {indexing_maps = [#[[PACK]], {{.*}} ins(%[[WEIGHTS]] : {{.*}}) outs(%{{.*}} : tensor<3x3x5x3x3xf32>) attrs = {chameleon.constant_pack}
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.conv
// CHECK:         %[[X:.*]] = scf.for %[[ROW:.*]] = %c1 to %c7 step %c1 iter_args({{.*}}) -> (tensor<8x5x1x18xf32>)
// CHECK:           %[[IMAGE_ROW:.*]] = arith.addi %[[ROW]], %c-1
// CHECK:           scf.for %[[C:.*]] = %c0 to %c5 step %c1
// CHECK:             %[[LEFT_ZEROS:.*]] = vector.transfer_write %[[ZERO]], %{{.*}}[%[[ROW]], %[[C]], %c0, %c0] {in_bounds = [true]}
// CHECK:             %[[COPIED:.*]] = scf.for %[[COLUMN:.*]] = %c0 to %c16 step %c4 iter_args(%[[INTO:.*]] = %[[LEFT_ZEROS]])
// CHECK:               %[[READ:.*]] = vector.transfer_read %[[IMAGE]][%c0, %[[C]], %[[IMAGE_ROW]], %[[COLUMN]]], %{{.*}} {in_bounds = [true]}
// CHECK:               %[[RIGHT:.*]] = arith.addi %[[COLUMN]], %c1
// CHECK:               vector.transfer_write %[[READ]], %[[INTO]][%[[ROW]], %[[C]], %c0, %[[RIGHT]]] {in_bounds = [true]}
// The zeros on the right end beyond X.
// CHECK:             vector.transfer_write %{{.*}}, %[[COPIED]][%[[ROW]], %[[C]], %c0, %c17] {in_bounds = [true]} : vector<1xf32>, tensor<8x5x1x18xf32>
// For the panels but the last, each row of the result and every two vectors of it: six sums in registers, over the rows of the window
// that lie in the image, then over the channels, two of them unrolled.
// CHECK:         %[[FULL:.*]] = scf.for %[[PANEL:.*]] = %c0 to %c2 step %c1 iter_args(%{{.*}} = %[[OUT]])
// CHECK:           scf.for %[[Y:.*]] = %c0 to %c6 step %c1
// CHECK:             scf.for %[[P0:.*]] = %c0 to %c16 step %c8 iter_args(%[[DEST:.*]] = %
// CHECK:               %[[P4:.*]] = arith.addi %[[P0]], %c4
// CHECK:               %[[ABOVE:.*]] = arith.subi %c1, %[[Y]]
// CHECK:               %[[FROM:.*]] = arith.maxsi %[[ABOVE]], %c0
// CHECK:               %[[BELOW:.*]] = arith.subi %c7, %[[Y]]
// CHECK:               %[[INSIDE:.*]] = arith.maxsi %[[BELOW]], %c0
// CHECK:               %[[TO:.*]] = arith.minsi %[[INSIDE]], %c3
// CHECK:               %[[SUMS:.*]]:6 = scf.for %[[KH:.*]] = %[[FROM]] to %[[TO]] step %c1 iter_args(%{{.*}} = %[[ZERO]], %{{.*}} = %[[ZERO]],
// CHECK:                 %[[X_ROW:.*]] = arith.addi %[[Y]], %[[KH]]
// CHECK:                 scf.for %[[K:.*]] = %c0 to %c4 step %c2
// CHECK-SAME:              iter_args(%[[S0:.*]] = {{.*}}, %[[S1:.*]] = {{.*}}, %[[S2:.*]] = {{.*}}, %[[S3:.*]] = {{.*}}, %[[S4:.*]] = {{.*}}, %[[S5:.*]] = %
// Each weight is multiplied with both vectors: of the first column of the window ...
// CHECK:                   %[[X0:.*]] = vector.transfer_read %[[X]][%[[X_ROW]], %[[K]], %c0, %[[P0]]], %{{.*}} {in_bounds = [true]}
// CHECK:                   %[[X1:.*]] = vector.transfer_read %[[X]][%[[X_ROW]], %[[K]], %c0, %[[P4]]], %{{.*}} {in_bounds = [true]}
// CHECK:                   %[[W0:.*]] = tensor.extract %[[W]][%[[PANEL]], %[[KH]], %[[K]], %c0, %c0]
// CHECK:                   %[[B0:.*]] = vector.broadcast %[[W0]] : f32 to vector<4xf32>
// CHECK:                   %[[F0:.*]] = vector.fma %[[B0]], %[[X0]], %[[S0]]
// CHECK:                   %[[F1:.*]] = vector.fma %[[B0]], %[[X1]], %[[S1]]
// CHECK:                   %[[W1:.*]] = tensor.extract %[[W]][%[[PANEL]], %[[KH]], %[[K]], %c0, %c1]
// CHECK:                   %[[B1:.*]] = vector.broadcast %[[W1]]
// CHECK:                   vector.fma %[[B1]], %[[X0]], %[[S2]]
// CHECK:                   vector.fma %[[B1]], %[[X1]], %[[S3]]
// CHECK:                   tensor.extract %[[W]][%[[PANEL]], %[[KH]], %[[K]], %c0, %c2]
// CHECK:                   vector.fma %{{.*}}, %[[X0]], %[[S4]]
// CHECK:                   vector.fma %{{.*}}, %[[X1]], %[[S5]]
// ... of the second, one pixel to the right, on the same sums, and of the third.
// CHECK:                   %[[P1:.*]] = arith.addi %[[P0]], %c1
// CHECK:                   %[[X2:.*]] = vector.transfer_read %[[X]][%[[X_ROW]], %[[K]], %c0, %[[P1]]]
// CHECK:                   %[[P5:.*]] = arith.addi %[[P0]], %c5
// CHECK:                   %[[X3:.*]] = vector.transfer_read %[[X]][%[[X_ROW]], %[[K]], %c0, %[[P5]]]
// CHECK:                   tensor.extract %[[W]][%[[PANEL]], %[[KH]], %[[K]], %c1, %c0]
// CHECK:                   vector.fma %[[B2:.*]], %[[X2]], %[[F0]]
// CHECK:                   vector.fma %[[B2]], %[[X3]], %[[F1]]
// CHECK:                   %[[P2:.*]] = arith.addi %[[P0]], %c2
// CHECK:                   vector.transfer_read %[[X]][%[[X_ROW]], %[[K]], %c0, %[[P2]]]
// CHECK:                   tensor.extract %[[W]][%[[PANEL]], %[[KH]], %[[K]], %c2, %c0]
// The next channel, and the fifth one behind the loop.
// CHECK:                   %[[NEXT:.*]] = arith.addi %[[K]], %c1
// CHECK:                   vector.transfer_read %[[X]][%[[X_ROW]], %[[NEXT]], %c0, %[[P0]]]
// CHECK:                   tensor.extract %[[W]][%[[PANEL]], %[[KH]], %[[NEXT]], %c0, %c0]
// CHECK-COUNT-18:          vector.fma
// CHECK-NEXT:              scf.yield
// CHECK:                 vector.transfer_read %[[X]][%[[X_ROW]], %c4, %c0, %[[P0]]]
// CHECK:                 tensor.extract %[[W]][%[[PANEL]], %[[KH]], %c4, %c0, %c0]
// CHECK-COUNT-18:        vector.fma
// CHECK-NEXT:            scf.yield
// Sums are written as they are, with the bias of their channel added.
// CHECK:               %[[F:.*]] = arith.muli %[[PANEL]], %c3
// CHECK:               %[[OF_F:.*]] = tensor.extract %[[BIAS]][%[[F]]]
// CHECK:               %[[ADDED:.*]] = vector.broadcast %[[OF_F]]
// CHECK:               %[[R0:.*]] = arith.addf %[[SUMS]]#0, %[[ADDED]]
// CHECK:               %[[D0:.*]] = vector.transfer_write %[[R0]], %[[DEST]][%c0, %[[F]], %[[Y]], %[[P0]]] {in_bounds = [true]}
// CHECK:               %[[R1:.*]] = arith.addf %[[SUMS]]#1, %{{.*}}
// CHECK:               vector.transfer_write %[[R1]], %[[D0]][%c0, %[[F]], %[[Y]], %[[P4]]] {in_bounds = [true]}
// CHECK:               %[[F1ST:.*]] = arith.addi %[[F]], %c1
// CHECK:               tensor.extract %[[BIAS]][%[[F1ST]]]
// CHECK:               %[[R2:.*]] = arith.addf %[[SUMS]]#2, %{{.*}}
// CHECK:               vector.transfer_write %[[R2]], %{{.*}}[%c0, %[[F1ST]], %[[Y]], %[[P0]]]
// CHECK:               %[[F2ND:.*]] = arith.addi %[[F]], %c2
// CHECK:               tensor.extract %[[BIAS]][%[[F2ND]]]
// CHECK:               arith.addf %[[SUMS]]#4, %{{.*}}
// The last panel has two channels.
// CHECK:         scf.for %[[Y:.*]] = %c0 to %c6 step %c1 iter_args(%{{.*}} = %[[FULL]])
// CHECK:           %[[SUMS:.*]]:4 = scf.for
// CHECK:             tensor.extract %[[W]][%c2, %{{.*}}, %{{.*}}, %c0, %c0]
// CHECK:             tensor.extract %[[W]][%c2, %{{.*}}, %{{.*}}, %c0, %c1]
// CHECK-NOT:         tensor.extract %[[W]][%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %c2]
// CHECK:           tensor.extract %[[BIAS]][%c6]
// CHECK:           %[[R0:.*]] = arith.addf %[[SUMS]]#0, %{{.*}}
// CHECK:           vector.transfer_write %[[R0]], %{{.*}}[%c0, %c6, %[[Y]], %{{.*}}]
// CHECK:           tensor.extract %[[BIAS]][%c7]
// CHECK:           tensor.extract %[[BIAS]][%c7]
// CHECK:           %[[R3:.*]] = arith.addf %[[SUMS]]#3, %{{.*}}
// CHECK:           vector.transfer_write %[[R3]], %{{.*}}[%c0, %c7, %[[Y]], %{{.*}}]
// CHECK-NEXT:      scf.yield
// CHECK-NOT:     linalg.generic
// CHECK:         return
func.func @padded(%x: tensor<1x5x6x16xf32>, %w: tensor<8x5x3x3xf32> {chameleon.constant}, %bias: tensor<8xf32>, %out: tensor<1x8x6x16xf32>)
    -> tensor<1x8x6x16xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x5x6x16xf32> to tensor<1x5x8x18xf32>
  %empty = tensor.empty() : tensor<1x8x6x16xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x8x6x16xf32>) -> tensor<1x8x6x16xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%p, %w : tensor<1x5x8x18xf32>, tensor<8x5x3x3xf32>) outs(%fill : tensor<1x8x6x16xf32>) -> tensor<1x8x6x16xf32>
  %e = linalg.generic {indexing_maps = [affine_map<(n, f, h, w) -> (n, f, h, w)>, affine_map<(n, f, h, w) -> (f)>, affine_map<(n, f, h, w) -> (n, f, h, w)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r, %bias : tensor<1x8x6x16xf32>, tensor<8xf32>) outs(%out : tensor<1x8x6x16xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x8x6x16xf32>
  return %e : tensor<1x8x6x16xf32>
}

// A stride of 2 makes two phases of the columns. The first column of the window lies three to the left of the image, so that odd columns
// come first; two columns of each phase lie beside the image on its left, one on its right.
// CHECK-LABEL: func.func @strided(
// CHECK-SAME:    %[[IMAGE:.*]]: tensor<1x2x9x16xf32>
// CHECK:         %[[W:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<1x7x2x7x3xf32>)
// CHECK:         %[[X:.*]] = scf.for %[[ROW:.*]] = %c3 to %c12 step %c1 iter_args({{.*}}) -> (tensor<15x2x2x11xf32>)
// CHECK:           %[[IMAGE_ROW:.*]] = arith.addi %[[ROW]], %c-3
// CHECK:           scf.for %[[C:.*]] = %c0 to %c2 step %c1
// CHECK:             vector.transfer_write %[[ZERO:[a-z0-9_]+]], %{{.*}}[%[[ROW]], %[[C]], %c0, %c0] {in_bounds = [true]}
// CHECK:             vector.transfer_write %[[ZERO]], %{{.*}}[%[[ROW]], %[[C]], %c1, %c0] {in_bounds = [true]}
// Eight columns are four of each phase.
// CHECK:             scf.for %[[COLUMN:.*]] = %c0 to %c16 step %c8
// CHECK:               %[[A:.*]] = vector.transfer_read %[[IMAGE]][%c0, %[[C]], %[[IMAGE_ROW]], %[[COLUMN]]]
// CHECK:               %[[COLUMN4:.*]] = arith.addi %[[COLUMN]], %c4
// CHECK:               %[[B:.*]] = vector.transfer_read %[[IMAGE]][%c0, %[[C]], %[[IMAGE_ROW]], %[[COLUMN4]]]
// CHECK:               %[[EVEN:.*]] = vector.shuffle %[[A]], %[[B]] [0, 2, 4, 6]
// CHECK:               %[[ODD:.*]] = vector.shuffle %[[A]], %[[B]] [1, 3, 5, 7]
// CHECK:               %[[HALF:.*]] = arith.divui %[[COLUMN]], %c2
// CHECK:               %[[AT:.*]] = arith.addi %[[HALF]], %c2
// CHECK:               vector.transfer_write %[[ODD]], %{{.*}}[%[[ROW]], %[[C]], %c0, %[[AT]]]
// CHECK:               vector.transfer_write %[[EVEN]], %{{.*}}[%[[ROW]], %[[C]], %c1, %[[AT]]]
// CHECK:             vector.transfer_write %{{.*}}, %{{.*}}[%[[ROW]], %[[C]], %c0, %c10] {in_bounds = [true]} : vector<1xf32>
// CHECK:             vector.transfer_write %{{.*}}, %{{.*}}[%[[ROW]], %[[C]], %c1, %c10] {in_bounds = [true]} : vector<1xf32>
// Columns of the window take turns with the phases; each second one starts a column further on.
// CHECK:         scf.for %[[Y:.*]] = %c0 to %c5 step %c1
// CHECK:           %[[TOP:.*]] = arith.muli %[[Y]], %c2
// CHECK:           %[[ABOVE:.*]] = arith.subi %c3, %[[TOP]]
// CHECK:           %[[FROM:.*]] = arith.maxsi %[[ABOVE]], %c0
// CHECK:           %[[BELOW:.*]] = arith.subi %c12, %[[TOP]]
// CHECK:           %[[INSIDE:.*]] = arith.maxsi %[[BELOW]], %c0
// CHECK:           %[[TO:.*]] = arith.minsi %[[INSIDE]], %c7
// CHECK:           scf.for %[[KH:.*]] = %[[FROM]] to %[[TO]] step %c1
// CHECK:             %[[X_ROW:.*]] = arith.addi %[[TOP]], %[[KH]]
// CHECK:             vector.transfer_read %[[X]][%[[X_ROW]], %c0, %c0, %c0]
// CHECK-NEXT:        vector.transfer_read %[[X]][%[[X_ROW]], %c0, %c0, %c4]
// CHECK-NEXT:        tensor.extract %[[W]][%c0, %[[KH]], %c0, %c0, %c0]
// CHECK-COUNT-6:     vector.fma
// CHECK-NEXT:        vector.transfer_read %[[X]][%[[X_ROW]], %c0, %c1, %c1]
// CHECK-NEXT:        vector.transfer_read %[[X]][%[[X_ROW]], %c0, %c1, %c5]
// CHECK-NEXT:        tensor.extract %[[W]][%c0, %[[KH]], %c0, %c1, %c0]
// CHECK-COUNT-6:     vector.fma
// CHECK-NEXT:        vector.transfer_read %[[X]][%[[X_ROW]], %c0, %c0, %c1]
// CHECK-NEXT:        vector.transfer_read %[[X]][%[[X_ROW]], %c0, %c0, %c5]
// CHECK-NEXT:        tensor.extract %[[W]][%c0, %[[KH]], %c0, %c2, %c0]
// CHECK-COUNT-6:     vector.fma
// CHECK-NEXT:        vector.transfer_read %[[X]][%[[X_ROW]], %c0, %c1, %c2]
// CHECK:             tensor.extract %[[W]][%c0, %[[KH]], %c0, %c3, %c0]
// CHECK-COUNT-6:     vector.fma
// CHECK-NEXT:        vector.transfer_read %[[X]][%[[X_ROW]], %c0, %c0, %c2]
// CHECK:             tensor.extract %[[W]][%c0, %[[KH]], %c0, %c4, %c0]
// CHECK-COUNT-6:     vector.fma
// CHECK-NEXT:        vector.transfer_read %[[X]][%[[X_ROW]], %c0, %c1, %c3]
// CHECK:             tensor.extract %[[W]][%c0, %[[KH]], %c0, %c5, %c0]
// CHECK-COUNT-6:     vector.fma
// CHECK-NEXT:        vector.transfer_read %[[X]][%[[X_ROW]], %c0, %c0, %c3]
// CHECK-NEXT:        vector.transfer_read %[[X]][%[[X_ROW]], %c0, %c0, %c7]
// CHECK:             tensor.extract %[[W]][%c0, %[[KH]], %c0, %c6, %c0]
// CHECK-COUNT-6:     vector.fma
// CHECK-NEXT:        vector.transfer_read %[[X]][%[[X_ROW]], %c1, %c0, %c0]
func.func @strided(%x: tensor<1x2x9x16xf32>, %w: tensor<3x2x7x7xf32> {chameleon.constant}, %out: tensor<1x3x5x8xf32>) -> tensor<1x3x5x8xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 0, 3, 3] high[0, 0, 3, 3] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x2x9x16xf32> to tensor<1x2x15x22xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x3x5x8xf32>) -> tensor<1x3x5x8xf32>
  %r = linalg.conv_2d_nchw_fchw {strides = dense<2> : tensor<2xi64>} ins(%p, %w : tensor<1x2x15x22xf32>, tensor<3x2x7x7xf32>) outs(%fill : tensor<1x3x5x8xf32>) -> tensor<1x3x5x8xf32>
  return %r : tensor<1x3x5x8xf32>
}

// Without padding and of stride 1, some rows of an image are read where they are, and nothing is written but results. All rows of the
// window count.
// CHECK-LABEL: func.func @in_place(
// CHECK-SAME:    %[[IMAGE:.*]]: tensor<1x2x9x10xf32>, %[[FIRST:.*]]: index, {{.*}} %[[OUT:.*]]: tensor<1x3x3x8xf32>) -> tensor
// CHECK:         %[[W:.*]] = linalg.generic
// CHECK-NOT:     vector.transfer_write
// CHECK:         scf.for %[[Y:.*]] = %c0 to %c3 step %c1 iter_args(%[[DEST:.*]] = %[[OUT]])
// CHECK-NEXT:      %[[SUMS:.*]]:6 = scf.for %[[KH:.*]] = %c0 to %c3 step %c1
// CHECK:             %[[DOWN:.*]] = arith.addi %[[Y]], %[[KH]]
// CHECK:             %[[IMAGE_ROW:.*]] = arith.addi %[[FIRST]], %[[DOWN]]
// CHECK:             vector.transfer_read %[[IMAGE]][%c0, %c0, %[[IMAGE_ROW]], %c0]
// CHECK:             vector.transfer_read %[[IMAGE]][%c0, %c0, %[[IMAGE_ROW]], %c4]
// CHECK:             tensor.extract %[[W]][%c0, %[[KH]], %c0, %c0, %c0]
// CHECK:             vector.transfer_read %[[IMAGE]][%c0, %c0, %[[IMAGE_ROW]], %c1]
// CHECK:             vector.transfer_read %[[IMAGE]][%c0, %c0, %[[IMAGE_ROW]], %c5]
// CHECK:             tensor.extract %[[W]][%c0, %[[KH]], %c0, %c1, %c0]
// CHECK:             vector.transfer_read %[[IMAGE]][%c0, %c1, %[[IMAGE_ROW]], %c2]
// CHECK:             vector.transfer_read %[[IMAGE]][%c0, %c1, %[[IMAGE_ROW]], %c6]
// CHECK:             tensor.extract %[[W]][%c0, %[[KH]], %c1, %c2, %c0]
// CHECK:             scf.yield
// CHECK:           %[[D0:.*]] = vector.transfer_write %[[SUMS]]#0, %[[DEST]][%c0, %c0, %[[Y]], %c0]
// CHECK-NEXT:      %[[D1:.*]] = vector.transfer_write %[[SUMS]]#1, %[[D0]][%c0, %c0, %[[Y]], %c4]
// CHECK-NEXT:      %[[D2:.*]] = vector.transfer_write %[[SUMS]]#2, %[[D1]][%c0, %c1, %[[Y]], %c0]
// CHECK-NEXT:      %[[D3:.*]] = vector.transfer_write %[[SUMS]]#3, %[[D2]][%c0, %c1, %[[Y]], %c4]
// CHECK-NEXT:      %[[D4:.*]] = vector.transfer_write %[[SUMS]]#4, %[[D3]][%c0, %c2, %[[Y]], %c0]
// CHECK-NEXT:      vector.transfer_write %[[SUMS]]#5, %[[D4]][%c0, %c2, %[[Y]], %c4]
// CHECK-NEXT:      scf.yield
func.func @in_place(%image: tensor<1x2x9x10xf32>, %first: index, %w: tensor<3x2x3x3xf32> {chameleon.constant}, %out: tensor<1x3x3x8xf32>) -> tensor<1x3x3x8xf32> {
  %zero = arith.constant 0.0 : f32
  %x = tensor.extract_slice %image[0, 0, %first, 0] [1, 2, 5, 10] [1, 1, 1, 1] : tensor<1x2x9x10xf32> to tensor<1x2x5x10xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x3x3x8xf32>) -> tensor<1x3x3x8xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x2x5x10xf32>, tensor<3x2x3x3xf32>) outs(%fill : tensor<1x3x3x8xf32>) -> tensor<1x3x3x8xf32>
  return %r : tensor<1x3x3x8xf32>
}

// Ten pixels are three vectors: two, and one that starts at 6, where the second has not ended yet. What is added is read from there too.
// Of the image, the third vector ends early; zeros fill it up.
// CHECK-LABEL: func.func @last_vector(
// CHECK-SAME:    %[[IMAGE:.*]]: tensor<1x1x4x10xf32>, {{.*}}, %[[ADDEND:.*]]: tensor<1x1x4x10xf32>, %{{.*}}: tensor<1x1x4x10xf32>) -> tensor
// CHECK:         %[[X:.*]] = scf.for {{.*}} -> (tensor<6x1x1x13xf32>)
// CHECK:           %[[IMAGE_ROW:.*]] = arith.addi %{{.*}}, %c-1
// CHECK:           scf.for %{{.*}} = %c0 to %c8 step %c4
// CHECK:             scf.yield
// CHECK:           %[[REST:.*]] = vector.transfer_read %[[IMAGE]][%c0, %c0, %[[IMAGE_ROW]], %c8], %{{[a-z0-9_]+}} : tensor
// CHECK:           vector.transfer_write %[[REST]], %{{.*}}[%{{.*}}, %c0, %c0, %c9] {in_bounds = [true]}
// CHECK:         scf.for %[[Y:.*]] = %c0 to %c4 step %c1
// CHECK:           %[[TWO:.*]]:2 = scf.for
// CHECK:             vector.transfer_read %[[X]][%{{.*}}, %c0, %c0, %c0]
// CHECK:             vector.transfer_read %[[X]][%{{.*}}, %c0, %c0, %c4]
// CHECK:           vector.transfer_read %[[ADDEND]][%c0, %c0, %[[Y]], %c4]
// CHECK:           %[[WRITTEN:.*]] = vector.transfer_write %{{.*}}[%c0, %c0, %[[Y]], %c4] {in_bounds = [true]}
// CHECK:           %[[ONE:.*]] = scf.for %[[KH:.*]] = %{{.*}} to %{{.*}} step %c1 iter_args({{.*}}) -> (vector<4xf32>)
// CHECK:             %[[X_ROW:.*]] = arith.addi %[[Y]], %[[KH]]
// CHECK:             vector.transfer_read %[[X]][%[[X_ROW]], %c0, %c0, %c6], %{{.*}} {in_bounds = [true]}
// CHECK:             vector.transfer_read %[[X]][%[[X_ROW]], %c0, %c0, %c7], %{{.*}} {in_bounds = [true]}
// CHECK:             vector.transfer_read %[[X]][%[[X_ROW]], %c0, %c0, %c8], %{{.*}} {in_bounds = [true]}
// CHECK:           %[[OTHER:.*]] = vector.transfer_read %[[ADDEND]][%c0, %c0, %[[Y]], %c6], %{{.*}} {in_bounds = [true]}
// CHECK:           %[[SUM:.*]] = arith.addf %[[ONE]], %[[OTHER]]
// CHECK:           vector.transfer_write %[[SUM]], %[[WRITTEN]][%c0, %c0, %[[Y]], %c6] {in_bounds = [true]}
// CHECK-NEXT:      scf.yield
func.func @last_vector(%x: tensor<1x1x4x10xf32>, %w: tensor<1x1x3x3xf32> {chameleon.constant}, %addend: tensor<1x1x4x10xf32>, %out: tensor<1x1x4x10xf32>)
    -> tensor<1x1x4x10xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x1x4x10xf32> to tensor<1x1x6x12xf32>
  %empty = tensor.empty() : tensor<1x1x4x10xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x1x4x10xf32>) -> tensor<1x1x4x10xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%p, %w : tensor<1x1x6x12xf32>, tensor<1x1x3x3xf32>) outs(%fill : tensor<1x1x4x10xf32>) -> tensor<1x1x4x10xf32>
  %e = linalg.generic {indexing_maps = [affine_map<(n, f, h, w) -> (n, f, h, w)>, affine_map<(n, f, h, w) -> (n, f, h, w)>, affine_map<(n, f, h, w) -> (n, f, h, w)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r, %addend : tensor<1x1x4x10xf32>, tensor<1x1x4x10xf32>) outs(%out : tensor<1x1x4x10xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x1x4x10xf32>
  return %e : tensor<1x1x4x10xf32>
}

// One tap of stride 2 reads every other row and column of 7x15 pixels: one phase, of every other row.
// CHECK-LABEL: func.func @skipping(
// CHECK-SAME:    %[[IMAGE:.*]]: tensor<1x2x7x15xf32>
// CHECK:         %[[X:.*]] = scf.for %[[ROW:.*]] = %c0 to %c4 step %c1 iter_args({{.*}}) -> (tensor<4x2x1x8xf32>)
// CHECK:           %[[IMAGE_ROW:.*]] = arith.muli %[[ROW]], %c2
// CHECK-NEXT:      scf.for %[[C:.*]] = %c0 to %c2 step %c1
// CHECK-NEXT:        %[[A:.*]] = vector.transfer_read %[[IMAGE]][%c0, %[[C]], %[[IMAGE_ROW]], %c0]
// CHECK-NEXT:        %[[B:.*]] = vector.transfer_read %[[IMAGE]][%c0, %[[C]], %[[IMAGE_ROW]], %c4]
// CHECK-NEXT:        %[[EVEN:.*]] = vector.shuffle %[[A]], %[[B]] [0, 2, 4, 6]
// CHECK-NEXT:        vector.transfer_write %[[EVEN]], %{{.*}}[%[[ROW]], %[[C]], %c0, %c0]
// CHECK-NEXT:        vector.transfer_read %[[IMAGE]][%c0, %[[C]], %[[IMAGE_ROW]], %c8], %{{.*}} {in_bounds = [true]}
// CHECK-NEXT:        vector.transfer_read %[[IMAGE]][%c0, %[[C]], %[[IMAGE_ROW]], %c12], %{{[a-z0-9_]+}} : tensor
// CHECK-NEXT:        %[[EVEN:.*]] = vector.shuffle {{.*}} [0, 2, 4, 6]
// CHECK-NEXT:        vector.transfer_write %[[EVEN]], %{{.*}}[%[[ROW]], %[[C]], %c0, %c4]
// CHECK-NEXT:        scf.yield
// CHECK:         scf.for %[[Y:.*]] = %c0 to %c4 step %c1
// CHECK-NEXT:      vector.transfer_read %[[X]][%[[Y]], %c0, %c0, %c0]
func.func @skipping(%x: tensor<1x2x7x15xf32>, %w: tensor<3x2x1x1xf32> {chameleon.constant}, %out: tensor<1x3x4x8xf32>) -> tensor<1x3x4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x3x4x8xf32>) -> tensor<1x3x4x8xf32>
  %r = linalg.conv_2d_nchw_fchw {strides = dense<2> : tensor<2xi64>} ins(%x, %w : tensor<1x2x7x15xf32>, tensor<3x2x1x1xf32>) outs(%fill : tensor<1x3x4x8xf32>) -> tensor<1x3x4x8xf32>
  return %r : tensor<1x3x4x8xf32>
}

// An image of a narrower type than its sums is copied for that alone, without zeros beside it: it is widened on the way. Weights are
// widened where they are read.
// CHECK-LABEL: func.func @bf16(
// CHECK-SAME:    %[[IMAGE:.*]]: tensor<1x2x4x10xbf16>
// CHECK:         %[[W:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<1x3x2x3x3xbf16>)
// CHECK:         %[[X:.*]] = scf.for %[[ROW:.*]] = %c0 to %c4 step %c1 iter_args({{.*}}) -> (tensor<4x2x1x12xf32>)
// CHECK-NEXT:      scf.for %[[C:.*]] = %c0 to %c2 step %c1
// CHECK-NEXT:        scf.for %[[COLUMN:.*]] = %c0 to %c8 step %c4
// CHECK-NEXT:          %[[READ:.*]] = vector.transfer_read %[[IMAGE]][%c0, %[[C]], %[[ROW]], %[[COLUMN]]], {{.*}}, vector<4xbf16>
// CHECK-NEXT:          %[[WIDE:.*]] = arith.extf %[[READ]] : vector<4xbf16> to vector<4xf32>
// CHECK-NEXT:          vector.transfer_write %[[WIDE]], %{{.*}}[%[[ROW]], %[[C]], %c0, %[[COLUMN]]]
// CHECK:             %[[READ:.*]] = vector.transfer_read %[[IMAGE]][%c0, %[[C]], %[[ROW]], %c8], %{{[a-z0-9_]+}} : {{.*}}, vector<4xbf16>
// CHECK-NEXT:        %[[WIDE:.*]] = arith.extf %[[READ]] : vector<4xbf16> to vector<4xf32>
// CHECK-NEXT:        vector.transfer_write %[[WIDE]], %{{.*}}[%[[ROW]], %[[C]], %c0, %c8]
// CHECK-NEXT:        scf.yield
// CHECK:         scf.for {{.*}} -> (tensor<1x3x2x8xf32>)
// CHECK:           %[[PIXELS:.*]] = vector.transfer_read %[[X]]{{.*}} : tensor<4x2x1x12xf32>, vector<4xf32>
// CHECK:           %[[WEIGHT:.*]] = tensor.extract %[[W]][%c0, %{{.*}}, %c0, %c0, %c0] : tensor<1x3x2x3x3xbf16>
// CHECK-NEXT:      %[[NUMBER:.*]] = vector.broadcast %[[WEIGHT]] : bf16 to vector<4xbf16>
// CHECK-NEXT:      %[[FACTOR:.*]] = arith.extf %[[NUMBER]] : vector<4xbf16> to vector<4xf32>
// CHECK-NEXT:      vector.fma %[[FACTOR]], %[[PIXELS]], %{{.*}} : vector<4xf32>
// CHECK:           vector.transfer_write {{.*}} : vector<4xf32>, tensor<1x3x2x8xf32>
func.func @bf16(%x: tensor<1x2x4x10xbf16>, %w: tensor<3x2x3x3xbf16> {chameleon.constant}, %out: tensor<1x3x2x8xf32>) -> tensor<1x3x2x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x3x2x8xf32>) -> tensor<1x3x2x8xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x2x4x10xbf16>, tensor<3x2x3x3xbf16>) outs(%fill : tensor<1x3x2x8xf32>) -> tensor<1x3x2x8xf32>
  return %r : tensor<1x3x2x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %conv = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 8 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 3 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 2 : i64 -> !transform.param<i64>
    transform.chameleon.planar_convolution %conv lanes = %lanes pixels = %pixels channels = %channels steps = %steps : !transform.any_op
    transform.yield
  }
}
