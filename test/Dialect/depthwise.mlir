// RUN: chameleon-opt %s --transform-interpreter --canonicalize | FileCheck %s

// 12 channels by vectors of 4, two at a time and the last one alone; rows of 9 pixels by blocks of 4 (3 even ones of 3). Nothing is padded:
// the first block leaves out the column left of the image, the last one the one to the right, and rows of the window beside the
// image are skipped. The bias joins the code.

// CHECK-LABEL: func.func @padded(
// CHECK-SAME:    %[[X:.*]]: tensor<1x6x9x12xf32>, %[[W:.*]]: tensor<3x3x12xf32>, %[[BIAS:.*]]: tensor<12xf32>, %[[OUT:.*]]: tensor<1x6x9x12xf32>
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     tensor.empty
// CHECK:         scf.for %[[ROW:.*]] = %c0 to %c6 step %c1
// First block: 3 x 2 sums, four columns of the image (of five), 8 products a vector.
// CHECK:           %{{.*}}:6 = scf.for %{{.*}} iter_args
// CHECK-COUNT-6:     vector.transfer_read %[[W]]
// CHECK:             vector.transfer_read %[[X]]{{.*}}[%c0, %{{.*}}, %c0,
// CHECK-COUNT-16:    vector.fma
// CHECK-NOT:         vector.fma
// CHECK:             scf.yield
// CHECK:           vector.transfer_read %[[BIAS]]
// CHECK:           arith.addf
// CHECK:           vector.transfer_write {{.*}} tensor<1x6x9x12xf32>
// The last four channels.
// CHECK:           %{{.*}}:3 = scf.for %{{.*}} iter_args
// CHECK-COUNT-8:     vector.fma
// CHECK-NOT:         vector.fma
// CHECK:             scf.yield
// The middle block: 9 products a vector.
// CHECK:           %{{.*}}:6 = scf.for %{{.*}} iter_args
// CHECK-COUNT-18:    vector.fma
// CHECK-NOT:         vector.fma
// CHECK:             scf.yield
// CHECK-NOT:     linalg.
// CHECK:         return
func.func @padded(%x: tensor<1x6x9x12xf32>, %w: tensor<3x3x12xf32>, %bias: tensor<12xf32>, %out: tensor<1x6x9x12xf32>) -> tensor<1x6x9x12xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x6x9x12xf32> to tensor<1x8x11x12xf32>
  %empty = tensor.empty() : tensor<1x6x9x12xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x6x9x12xf32>) -> tensor<1x6x9x12xf32>
  %r = linalg.depthwise_conv_2d_nhwc_hwc ins(%p, %w : tensor<1x8x11x12xf32>, tensor<3x3x12xf32>) outs(%fill : tensor<1x6x9x12xf32>) -> tensor<1x6x9x12xf32>
  %e = linalg.generic {indexing_maps = [affine_map<(n, h, w, c) -> (n, h, w, c)>, affine_map<(n, h, w, c) -> (c)>, affine_map<(n, h, w, c) -> (n, h, w, c)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r, %bias : tensor<1x6x9x12xf32>, tensor<12xf32>) outs(%out : tensor<1x6x9x12xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x6x9x12xf32>
  return %e : tensor<1x6x9x12xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %conv = transform.structured.match ops{["linalg.depthwise_conv_2d_nhwc_hwc"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 4 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 8 : i64 -> !transform.param<i64>
    transform.chameleon.depthwise_convolution %conv lanes = %lanes pixels = %pixels channels = %channels : !transform.any_op
    transform.yield
  }
}
