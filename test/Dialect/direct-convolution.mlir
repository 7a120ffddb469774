// RUN: chameleon-opt %s --transform-interpreter --canonicalize | FileCheck %s

// 4 -> 10 channels on 7x7 pixels by a 3x3 window of stride 2, by vectors of 4. The weights are packed at the top, marked: two
// panels of 8 channels, three rows, 3 columns x 4 channels in one. The image is copied with channels innermost into nine rows
// and columns, the first and the last of them zeros: rows beside the image are not even written. The bias joins the code.

// CHECK:         #[[PACK:.*]] = affine_map<(d0, d1, d2, d3) -> ((d0 * 8 + d3) mod 10, d2 mod 4, d1, d2 floordiv 4)>
// CHECK-LABEL: func.func @padded(
// CHECK-SAME:    %[[IMAGE:.*]]: tensor<1x4x7x7xf32>, %[[WEIGHTS:.*]]: tensor<10x4x3x3xf32> {chameleon.constant}, %[[BIAS:.*]]: tensor<10xf32>, %[[OUT:.*]]: tensor<1x10x4x4xf32>
// CHECK:         %[[W:.*]] = linalg.generic {indexing_maps = [#[[PACK]], {{.*}} ins(%[[WEIGHTS]] : {{.*}}) outs(%{{.*}} : tensor<2x3x12x8xf32>) attrs = {chameleon.constant_pack}
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.conv
// CHECK:         %[[X:.*]] = scf.for %[[ROW:.*]] = %c1 to %c8 step %c1 iter_args({{.*}}) -> (tensor<9x36xf32>)
// CHECK:           %[[IMAGE_ROW:.*]] = arith.addi %[[ROW]], %c-1
// CHECK:           vector.transfer_write %[[ZERO:[a-z0-9_]+]], %{{.*}}[%[[ROW]], %c0]
// CHECK:           vector.transfer_write %[[ZERO]], %{{.*}}[%[[ROW]], %c32]
// Four pixels of four channels, each a vector after they are transposed; seven columns are twice four, one of them twice.
// CHECK:           scf.for %[[AT:.*]] = %c0 to %c7 step %c4
// CHECK:             %[[COLUMN:.*]] = arith.minsi %[[AT]], %c3
// CHECK:             vector.transfer_read %[[IMAGE]][%c0, %c0, %[[IMAGE_ROW]], %[[COLUMN]]], {{.*}}in_bounds = [true, true]{{.*}} vector<4x4xf32>
// CHECK-COUNT-8:     vector.shuffle
// CHECK-COUNT-4:     vector.transfer_write {{.*}} vector<4xf32>, tensor<9x36xf32>
// For each panel but the last and each row of the result: two pixels at a time by two vectors of channels, in registers. Rows
// of the window that lie in the image, then columns and channels in one, two products unrolled: 2 x 2 x 2.
// CHECK:         scf.for %[[OUT_ROW:.*]] = %c0 to %c4 step %c1
// CHECK:           scf.for %{{.*}} = %c0 to %c4 step %c2
// CHECK:             %[[TOP:.*]] = arith.muli %[[OUT_ROW]], %c2
// CHECK:             %[[ABOVE:.*]] = arith.subi %c1, %[[TOP]]
// CHECK:             %[[FROM:.*]] = arith.maxsi %[[ABOVE]], %c0
// CHECK:             %[[TO:.*]] = arith.minsi %{{.*}}, %c3
// CHECK:             %{{.*}}:4 = scf.for %[[KH:.*]] = %[[FROM]] to %[[TO]] step %c1
// CHECK:               %{{.*}}:4 = scf.for %[[K:.*]] = %c0 to %c12 step %c2
// CHECK:                 vector.transfer_read %[[W]][%c0, %[[KH]], %[[K]], %c0]
// CHECK:                 vector.transfer_read %[[W]][%c0, %[[KH]], %[[K]], %c4]
// CHECK:                 tensor.extract %[[X]]
// CHECK-COUNT-8:         vector.fma {{.*}} vector<4xf32>
// CHECK-NOT:             vector.fma
// CHECK:             vector.transfer_write {{.*}} vector<2x2x4xf32>
// Sums are transposed back, with the bias of their channel added, one vector of channels after the other.
// CHECK:           scf.for %[[VECTOR:.*]] = %c0 to %c2 step %c1
// CHECK:             %[[CHANNEL:.*]] = arith.muli %[[VECTOR]], %c4
// CHECK:             tensor.extract %[[BIAS]][%[[CHANNEL]]]
// CHECK:             arith.addf
// CHECK:             vector.transfer_write {{.*}}[%c0, %[[CHANNEL]], %[[OUT_ROW]], %c0] {{.*}} vector<4x4xf32>, tensor<1x10x4x4xf32>
// The last panel has two channels.
// CHECK:         scf.for
// CHECK:           vector.transfer_read %[[W]][%c1,
// CHECK:           tensor.extract %[[BIAS]][%c8]
// CHECK:           tensor.extract %[[BIAS]][%c9]
// CHECK-NOT:       tensor.extract %[[BIAS]]
// CHECK:           vector.transfer_write {{.*}} vector<2x4xf32>, tensor<1x10x4x4xf32>
// CHECK-NOT:     linalg.generic
// CHECK:         return
func.func @padded(%x: tensor<1x4x7x7xf32>, %w: tensor<10x4x3x3xf32> {chameleon.constant}, %bias: tensor<10xf32>, %out: tensor<1x10x4x4xf32>)
    -> tensor<1x10x4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x4x7x7xf32> to tensor<1x4x9x9xf32>
  %empty = tensor.empty() : tensor<1x10x4x4xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x10x4x4xf32>) -> tensor<1x10x4x4xf32>
  %r = linalg.conv_2d_nchw_fchw {strides = dense<2> : tensor<2xi64>} ins(%p, %w : tensor<1x4x9x9xf32>, tensor<10x4x3x3xf32>) outs(%fill : tensor<1x10x4x4xf32>) -> tensor<1x10x4x4xf32>
  %e = linalg.generic {indexing_maps = [affine_map<(n, f, h, w) -> (n, f, h, w)>, affine_map<(n, f, h, w) -> (f)>, affine_map<(n, f, h, w) -> (n, f, h, w)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r, %bias : tensor<1x10x4x4xf32>, tensor<10xf32>) outs(%out : tensor<1x10x4x4xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x10x4x4xf32>
  return %e : tensor<1x10x4x4xf32>
}

// Three channels do not fill a vector: four pixels of them are three vectors, written side by side. Without padding all rows
// of the window count. Of the nine products of a row one is left beside the unrolled ones.
// CHECK-LABEL: func.func @few_channels(
// CHECK:         vector.transfer_read {{.*}} vector<3x4xf32>
// CHECK-COUNT-8: vector.shuffle
// CHECK:         %[[JOINED:.*]] = vector.shuffle {{.*}} [0, 1, 2, 4]
// CHECK:         %[[NEXT:.*]] = vector.shuffle {{.*}} [0, 1, 4, 5]
// CHECK:         %[[LAST:.*]] = vector.shuffle {{.*}} [0, 4, 5, 6]
// CHECK:         vector.transfer_write %[[JOINED]], %{{.*}}[%{{.*}}, %[[AT:.*]]] {in_bounds = [true]}
// CHECK:         %[[AT4:.*]] = arith.addi %[[AT]], %c4
// CHECK:         vector.transfer_write %[[NEXT]], %{{.*}}[%{{.*}}, %[[AT4]]] {in_bounds = [true]}
// CHECK:         %[[AT8:.*]] = arith.addi %[[AT]], %c8
// CHECK:         vector.transfer_write %[[LAST]], %{{.*}}[%{{.*}}, %[[AT8]]] {in_bounds = [true]}
// CHECK:         scf.for %{{.*}} = %c0 to %c3 step %c1 iter_args({{.*}}) -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>)
// CHECK:           scf.for %{{.*}} = %c0 to %c8 step %c2
// CHECK-COUNT-8:     vector.fma
// CHECK:             scf.yield
// CHECK-COUNT-4:   vector.fma
// CHECK:           scf.yield
func.func @few_channels(%x: tensor<1x3x5x10xf32>, %w: tensor<8x3x3x3xf32> {chameleon.constant}, %out: tensor<1x8x3x8xf32>) -> tensor<1x8x3x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x3x8xf32>) -> tensor<1x8x3x8xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x3x5x10xf32>, tensor<8x3x3x3xf32>) outs(%fill : tensor<1x8x3x8xf32>) -> tensor<1x8x3x8xf32>
  return %r : tensor<1x8x3x8xf32>
}

// Channels last and no padding: elements are read where they are, and nothing is written but results, two pixels by two vectors.
// CHECK-LABEL: func.func @in_place(
// CHECK-SAME:    %[[IMAGE:.*]]: tensor<1x5x6x3xf32>
// CHECK:         linalg.generic
// CHECK:         %[[X:.*]] = tensor.extract_slice %[[IMAGE]]{{.*}} to tensor<5x6x3xf32>
// CHECK:         tensor.extract %[[X]]
// CHECK-COUNT-4: vector.transfer_write {{.*}} vector<4xf32>, tensor<1x3x4x8xf32>
// CHECK-NOT:     vector.transfer_write
// CHECK:         return
func.func @in_place(%x: tensor<1x5x6x3xf32>, %w: tensor<3x3x3x8xf32> {chameleon.constant}, %out: tensor<1x3x4x8xf32>) -> tensor<1x3x4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x3x4x8xf32>) -> tensor<1x3x4x8xf32>
  %r = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<1x5x6x3xf32>, tensor<3x3x3x8xf32>) outs(%fill : tensor<1x3x4x8xf32>) -> tensor<1x3x4x8xf32>
  return %r : tensor<1x3x4x8xf32>
}

// One tap of stride 2 reads every other row and column of 8x6 pixels: no more are copied, and what is copied is one row of 12 pixels, of
// which two at a time are multiplied: of three, the last one would be alone. Then row after row is stored, a vector of two and one of one.
// CHECK-LABEL: func.func @skipping(
// CHECK:         scf.for %[[ROW:.*]] = %c0 to %c4 step %c1 iter_args({{.*}}) -> (tensor<1x48xf32>)
// CHECK:           %[[IMAGE_ROW:.*]] = arith.muli %[[ROW]], %c2
// CHECK:           %[[START:.*]] = arith.muli %[[ROW]], %c12
// CHECK:           vector.transfer_read {{.*}}[%c0, %c0, %[[IMAGE_ROW]], %c0]
// CHECK:           vector.transfer_write {{.*}}[%c0, %[[START]]] {{.*}} tensor<1x48xf32>
// CHECK:           vector.transfer_write {{.*}} tensor<1x48xf32>
// CHECK:           vector.transfer_read {{.*}}[%c0, %c0, %[[IMAGE_ROW]], %c4]
// CHECK-COUNT-1:   vector.transfer_write {{.*}} tensor<1x48xf32>
// CHECK-NEXT:      scf.yield
// CHECK:         scf.for %[[PIXEL:.*]] = %c0 to %c12 step %c2 iter_args({{.*}}) -> (tensor<2x1x13x4xf32>)
// CHECK:           %[[FIRST:.*]] = arith.muli %[[PIXEL]], %c4
// CHECK:           scf.for %[[K:.*]] = %c0 to %c4 step %c2
// CHECK:             %[[ELEMENT:.*]] = arith.addi %[[FIRST]], %[[K]]
// CHECK-NEXT:        tensor.extract %{{.*}}[%c0, %[[ELEMENT]]]
// CHECK:         scf.for %[[OUT_ROW:.*]] = %c0 to %c4 step %c1
// CHECK:           %[[OF_ROW:.*]] = arith.muli %[[OUT_ROW]], %c3
// CHECK:           vector.transfer_read {{.*}}[%{{.*}}, %c0, %[[OF_ROW]], %c0]
// CHECK:           vector.transfer_write {{.*}}[%c0, %{{.*}}, %[[OUT_ROW]], %c0] {{.*}} vector<4x2xf32>, tensor<1x8x4x3xf32>
// CHECK:           vector.transfer_write {{.*}}[%c0, %{{.*}}, %[[OUT_ROW]], %c2] {{.*}} vector<4x1xf32>, tensor<1x8x4x3xf32>
func.func @skipping(%x: tensor<1x4x8x6xf32>, %w: tensor<8x4x1x1xf32> {chameleon.constant}, %out: tensor<1x8x4x3xf32>) -> tensor<1x8x4x3xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x4x3xf32>) -> tensor<1x8x4x3xf32>
  %r = linalg.conv_2d_nchw_fchw {strides = dense<2> : tensor<2xi64>} ins(%x, %w : tensor<1x4x8x6xf32>, tensor<8x4x1x1xf32>) outs(%fill : tensor<1x8x4x3xf32>) -> tensor<1x8x4x3xf32>
  return %r : tensor<1x8x4x3xf32>
}

// Columns of a window that are two apart are no longer one run with their channels: a loop over each.
// CHECK-LABEL: func.func @dilated(
// CHECK:         scf.for %[[KH:.*]] = %c0 to %c3 step %c1 iter_args({{.*}}) -> (vector<4xf32>
// CHECK:           arith.muli %[[KH]], %c2
// CHECK:           scf.for %[[KW:.*]] = %c0 to %c3 step %c1
// CHECK:             %[[RIGHT:.*]] = arith.muli %[[KW]], %c2
// CHECK:             arith.addi %{{.*}}, %[[RIGHT]]
// CHECK:             scf.for %{{.*}} = %c0 to %c4 step %c2
// CHECK-COUNT-8:       vector.fma
func.func @dilated(%x: tensor<1x4x8x8xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  %r = linalg.conv_2d_nchw_fchw {dilations = dense<2> : tensor<2xi64>} ins(%x, %w : tensor<1x4x8x8xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  return %r : tensor<1x8x4x4xf32>
}

// The image is widened where it is copied, the weights where they are read.
// CHECK-LABEL: func.func @bf16(
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<1x3x12x8xbf16>)
// CHECK:         %[[PIXEL:.*]] = arith.extf %{{.*}} : vector<4xbf16> to vector<4xf32>
// CHECK-NEXT:    vector.transfer_write %[[PIXEL]], {{.*}} tensor<4x16xf32>
// CHECK:         %[[READ:.*]] = vector.transfer_read {{.*}} tensor<1x3x12x8xbf16>, vector<4xbf16>
// CHECK-NEXT:    %[[W:.*]] = arith.extf %[[READ]]
// CHECK:         %[[X:.*]] = vector.broadcast %{{.*}} : f32 to vector<4xf32>
// CHECK:         vector.fma %[[X]], %[[W]], %{{.*}} : vector<4xf32>
func.func @bf16(%x: tensor<1x4x4x4xbf16>, %w: tensor<8x4x3x3xbf16> {chameleon.constant}, %out: tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x4xbf16>, tensor<8x4x3x3xbf16>) outs(%fill : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  return %r : tensor<1x8x2x2xf32>
}

// So are integers, in NHWC too: their image is not read where it is.
// CHECK-LABEL: func.func @i8(
// CHECK:         %[[PIXEL:.*]] = arith.extsi %{{.*}} : vector<4xi8> to vector<4xi32>
// CHECK-NEXT:    vector.transfer_write %[[PIXEL]], {{.*}} tensor<4x16xi32>
// CHECK:         %[[READ:.*]] = vector.transfer_read {{.*}} tensor<1x3x12x8xi8>, vector<4xi8>
// CHECK-NEXT:    %[[W:.*]] = arith.extsi %[[READ]]
// CHECK:         %[[X:.*]] = vector.broadcast %{{.*}} : i32 to vector<4xi32>
// CHECK:         %[[PRODUCT:.*]] = arith.muli %[[X]], %[[W]]
// CHECK-NEXT:    arith.addi %[[PRODUCT]], %{{.*}} : vector<4xi32>
func.func @i8(%x: tensor<1x4x4x4xi8>, %w: tensor<3x3x4x8xi8> {chameleon.constant}, %out: tensor<1x2x2x8xi32>) -> tensor<1x2x2x8xi32> {
  %zero = arith.constant 0 : i32
  %fill = linalg.fill ins(%zero : i32) outs(%out : tensor<1x2x2x8xi32>) -> tensor<1x2x2x8xi32>
  %r = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<1x4x4x4xi8>, tensor<3x3x4x8xi8>) outs(%fill : tensor<1x2x2x8xi32>) -> tensor<1x2x2x8xi32>
  return %r : tensor<1x2x2x8xi32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %conv = transform.structured.match ops{["linalg.conv_2d_nchw_fchw", "linalg.conv_2d_nhwc_hwcf"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 2 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 8 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 2 : i64 -> !transform.param<i64>
    transform.chameleon.direct_convolution %conv lanes = %lanes pixels = %pixels channels = %channels steps = %steps : !transform.any_op
    transform.yield
  }
}
