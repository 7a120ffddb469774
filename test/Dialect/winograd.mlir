// RUN: chameleon-opt %s --transform-interpreter --canonicalize | FileCheck %s

// F(2x2, 3x3) of 8 -> 16 channels on 6x9 pixels, by vectors of 4. The weights are transformed at the top, marked; the pad is
// not materialized: rows of the image are gathered between rows and columns of zeros. 3 x 5 tiles times 16 channels are
// multiplied by 4 x 8 (and the last three tiles alone). The bias joins the code.

// CHECK:         #[[TAPS:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d1 * 8 + d3, d4, d5, d2)>
// CHECK-LABEL: func.func @padded(
// CHECK-SAME:    %[[X:.*]]: tensor<1x8x6x9xf32>, %[[W:.*]]: tensor<16x8x3x3xf32> {chameleon.constant}, %[[BIAS:.*]]: tensor<16xf32>, %[[OUT:.*]]: tensor<1x16x6x9xf32>
// CHECK-SAME:    chameleon.work_share = 0.444{{[0-9]*}} : f64
// CHECK:         linalg.generic {{.*}} ins(%[[W]], %{{.*}} : tensor<16x8x3x3xf32>, tensor<16x3x3xf32>)
// CHECK-SAME:      outs(%{{.*}} : tensor<16x2x8x8xf32>) attrs = {chameleon.constant_pack}
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.conv
// Borders, then a chunk of channels at a time: gather and transpose (4 shuffle pairs), transform, with 16 points per tile.
// Vectors side by side are read and written by one op.
// CHECK:         scf.for %{{.*}} = %c0 to %c8 step %c4
// CHECK:             vector.transfer_read %[[X]]{{.*}} vector<4x4xf32>
// CHECK-COUNT-8:     vector.shuffle
// CHECK-COUNT-16:    vector.insert_strided_slice {{.*}} vector<4xf32> into vector<16x4xf32>
// CHECK-NEXT:        vector.transfer_write {{.*}} vector<16x4xf32>, tensor<16x136xf32>
// Products: 4 x 2 sums over the channels.
// CHECK:         %{{.*}}:8 = scf.for %{{.*}} = %c0 to %c8 step %c2 iter_args
// CHECK-COUNT-16:    vector.fma
// CHECK:         %{{.*}}:6 = scf.for %{{.*}} = %c0 to %c8 step %c2 iter_args
// Results, with the bias.
// CHECK:         tensor.extract %[[BIAS]]
// CHECK:         arith.addf
// CHECK:         vector.transfer_write {{.*}} tensor<1x16x6x9xf32>
// CHECK-NOT:     linalg.generic
// CHECK:         return
func.func @padded(%x: tensor<1x8x6x9xf32>, %w: tensor<16x8x3x3xf32> {chameleon.constant}, %bias: tensor<16xf32>, %out: tensor<1x16x6x9xf32>)
    -> tensor<1x16x6x9xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x8x6x9xf32> to tensor<1x8x8x11xf32>
  %empty = tensor.empty() : tensor<1x16x6x9xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x16x6x9xf32>) -> tensor<1x16x6x9xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%p, %w : tensor<1x8x8x11xf32>, tensor<16x8x3x3xf32>) outs(%fill : tensor<1x16x6x9xf32>) -> tensor<1x16x6x9xf32>
  %e = linalg.generic {indexing_maps = [affine_map<(n, f, h, w) -> (n, f, h, w)>, affine_map<(n, f, h, w) -> (f)>, affine_map<(n, f, h, w) -> (n, f, h, w)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r, %bias : tensor<1x16x6x9xf32>, tensor<16xf32>) outs(%out : tensor<1x16x6x9xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x16x6x9xf32>
  return %e : tensor<1x16x6x9xf32>
}

// An epilogue that asks where it is stays an op of its own.
// CHECK-LABEL: func.func @indexed(
// CHECK:         vector.fma
// CHECK:         linalg.generic
// CHECK:           linalg.index
func.func @indexed(%x: tensor<1x4x4x4xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x8x2x2xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x4xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  %e = linalg.generic {indexing_maps = [affine_map<(n, f, h, w) -> (n, f, h, w)>, affine_map<(n, f, h, w) -> (n, f, h, w)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r : tensor<1x8x2x2xf32>) outs(%out : tensor<1x8x2x2xf32>) {
  ^bb0(%a: f32, %o: f32):
    %i = linalg.index 1 : index
    %n = arith.index_cast %i : index to i32
    %s = arith.sitofp %n : i32 to f32
    %t = arith.addf %a, %s : f32
    linalg.yield %t : f32
  } -> tensor<1x8x2x2xf32>
  return %e : tensor<1x8x2x2xf32>
}

// Channels last in image and weights: pixels are copied as they are, and of the weights only the map differs.
// CHECK-LABEL: func.func @fhwc(
// CHECK:         linalg.generic {indexing_maps = [#[[TAPS]],
// CHECK-NOT:     vector.shuffle
// CHECK:         vector.transfer_write {{.*}} tensor<1x2x2x8xf32>
// CHECK:         return
func.func @fhwc(%x: tensor<1x4x4x4xf32>, %w: tensor<8x3x3x4xf32> {chameleon.constant}, %out: tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32>
  %r = linalg.conv_2d_nhwc_fhwc ins(%x, %w : tensor<1x4x4x4xf32>, tensor<8x3x3x4xf32>) outs(%fill : tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32>
  return %r : tensor<1x2x2x8xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %conv = transform.structured.match ops{["linalg.conv_2d_nchw_fchw", "linalg.conv_2d_nhwc_fhwc"]} in %m : (!transform.any_op) -> !transform.any_op
    %outputs = transform.param.constant 2 : i64 -> !transform.param<i64>
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %rows = transform.param.constant 4 : i64 -> !transform.param<i64>
    %columns = transform.param.constant 8 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 2 : i64 -> !transform.param<i64>
    transform.chameleon.winograd %conv outputs = %outputs lanes = %lanes rows = %rows columns = %columns steps = %steps : !transform.any_op
    transform.yield
  }
}
