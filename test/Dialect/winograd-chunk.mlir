// RUN: chameleon-opt %s --transform-interpreter --canonicalize | FileCheck %s

// Weights of four input channels at a time are transformed by the task: of the constant, only the pack moves away. Sums of the first
// chunk start from zeros, those of the second go on; then the panel's outputs are stored. At each step of the products, of which each register
// block (3 at 16 points) has as many as the chunk has channels, a line of the next chunk is asked for.

// CHECK-LABEL: func.func @chunks(
// CHECK-SAME:    %[[W:[a-z0-9]*]]: tensor<2048x8x3x3xf32> {chameleon.constant}
// CHECK:         %[[PACKED:.*]] = linalg.generic {{.*}} ins(%[[W]] : tensor<2048x8x3x3xf32>)
// CHECK-SAME:      outs(%{{.*}} : tensor<256x8x72xf32>) attrs = {chameleon.constant_pack}
// CHECK:         %[[BUFFER:.*]] = bufferization.to_buffer %[[PACKED]] read_only : tensor<256x8x72xf32> to memref<256x8x72xf32, strided<[?, ?, ?], offset: ?>>
// CHECK:         scf.for %{{.*}} = %c0 to %c256 step
// First chunk.
// CHECK:           scf.for %{{.*}} = %c0 to %c4 step %c1
// CHECK-COUNT-9:     vector.transfer_read %[[PACKED]]{{.*}} vector<4xf32>
// CHECK:             vector.transfer_write {{.*}} vector<16x4xf32>, tensor<16x48xf32>
// CHECK:           scf.for %{{.*}} = %c0 to %c16 step
// CHECK:             %{{.*}}:6 = scf.for %{{.*}} = %c0 to %c4 step %c2 iter_args(%{{.*}} = %cst
// CHECK:               memref.prefetch %[[BUFFER]]{{.*}}, read, locality<2>, data
// CHECK-COUNT-6:       vector.fma
// CHECK:               memref.prefetch %[[BUFFER]]
// CHECK-COUNT-6:       vector.fma
// CHECK:               scf.yield
// Second chunk.
// CHECK:           vector.transfer_read %[[PACKED]]{{.*}} vector<4xf32>
// CHECK:           scf.for %{{.*}} = %c0 to %c16 step
// CHECK:             %[[SUM:.*]] = vector.transfer_read {{.*}} tensor<16x88xf32>, vector<4xf32>
// CHECK:             %{{.*}}:6 = scf.for %{{.*}} = %c0 to %c4 step %c2 iter_args(%{{.*}} = %[[SUM]]
// CHECK:               memref.prefetch %[[BUFFER]]
// Its outputs.
// CHECK:           vector.transfer_read {{.*}} tensor<16x88xf32>, vector<16x4xf32>
// CHECK-NOT:     linalg.conv
// CHECK:         return
func.func @chunks(%x: tensor<1x8x8x8xf32>, %w: tensor<2048x8x3x3xf32> {chameleon.constant}, %out: tensor<1x2048x6x6xf32>) -> tensor<1x2048x6x6xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x2048x6x6xf32>) -> tensor<1x2048x6x6xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x8x8x8xf32>, tensor<2048x8x3x3xf32>) outs(%fill : tensor<1x2048x6x6xf32>) -> tensor<1x2048x6x6xf32>
  return %r : tensor<1x2048x6x6xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %conv = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %two = transform.param.constant 2 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %eight = transform.param.constant 8 : i64 -> !transform.param<i64>
    transform.chameleon.winograd %conv outputs = %two lanes = %four rows = %four columns = %eight steps = %two chunk = %four : !transform.any_op
    transform.yield
  }
}
