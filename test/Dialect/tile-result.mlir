// RUN: chameleon-opt %s --transform-interpreter --split-input-file --canonicalize | FileCheck %s

// Loops in the order of the result, producers in the innermost one; the loop of extent 1 stays whole.

// CHECK-LABEL: func.func @fused(
// CHECK:         scf.for %{{.*}} = %c0 to %c6 step %c1
// CHECK:           scf.for %{{.*}} = %c0 to %c8 step %c4
// CHECK:             scf.for %{{.*}} = %c0 to %c48 step %c16
// CHECK:               linalg.fill {{.*}} -> tensor<1x1x4x16xf32>
// CHECK:               linalg.depthwise_conv_2d_nchw_chw {{.*}} -> tensor<1x1x4x16xf32>
// CHECK-NOT:     linalg.
func.func @fused(%x: tensor<1x6x10x50xf32>, %w: tensor<6x3x3xf32>, %c: tensor<1x6x8x48xf32>) -> tensor<1x6x8x48xf32> {
  %zero = arith.constant 0.0 : f32
  %f = linalg.fill ins(%zero : f32) outs(%c : tensor<1x6x8x48xf32>) -> tensor<1x6x8x48xf32>
  %0 = linalg.depthwise_conv_2d_nchw_chw {chameleon.root, strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%x, %w : tensor<1x6x10x50xf32>, tensor<6x3x3xf32>) outs(%f : tensor<1x6x8x48xf32>) -> tensor<1x6x8x48xf32>
  return %0 : tensor<1x6x8x48xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match attributes {chameleon.root} in %m : (!transform.any_op) -> !transform.any_op
    %tile, %loops = transform.chameleon.tile_result %op inner_sizes = [4, 16] {fuse} : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Nothing is tiled where tiles are as large as the result: the target itself comes back, and no loops.

// CHECK-LABEL: func.func @whole(
// CHECK-NOT:     scf.for
// CHECK:         linalg.generic
// CHECK-SAME:      chameleon.root, tiled
func.func @whole(%x: tensor<7x9xf32>, %c: tensor<7x9xf32>) -> tensor<7x9xf32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<7x9xf32>) outs(%c : tensor<7x9xf32>) attrs = {chameleon.root} {
  ^bb0(%a: f32, %b: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  } -> tensor<7x9xf32>
  return %0 : tensor<7x9xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match attributes {chameleon.root} in %m : (!transform.any_op) -> !transform.any_op
    %tile, %loops = transform.chameleon.tile_result %op inner_sizes = [8, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.annotate %tile "tiled" : !transform.any_op
    transform.chameleon.peel_remainder %loops : !transform.any_op
    transform.yield
  }
}

// -----

// `across`: the first size goes to the dimension that the input is contiguous along, here the first of three.

// CHECK-LABEL: func.func @across(
// CHECK:         scf.for %{{.*}} = %c0 to %c5 step %c1
// CHECK:           scf.for %{{.*}} = %c0 to %c32 step %c8
// CHECK:             scf.for %{{.*}} = %c0 to %c64 step %c16
// CHECK:               tensor.extract_slice %{{.*}} [16, 1, 8] [1, 1, 1] : tensor<64x5x32xf32>
// CHECK:               tensor.extract_slice %{{.*}} [8, 1, 16] [1, 1, 1] : tensor<32x5x64xf32>
func.func @across(%x: tensor<64x5x32xf32>, %c: tensor<32x5x64xf32>) -> tensor<32x5x64xf32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (k, j, i)>, affine_map<(i, j, k) -> (i, j, k)>],
                       iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%x : tensor<64x5x32xf32>) outs(%c : tensor<32x5x64xf32>) attrs = {chameleon.root} {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  } -> tensor<32x5x64xf32>
  return %0 : tensor<32x5x64xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match attributes {chameleon.root} in %m : (!transform.any_op) -> !transform.any_op
    %tile, %loops = transform.chameleon.tile_result %op inner_sizes = [8, 16] {across} : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// `parallel`: the loop over 6 channels and the one over 2 tiles of 4 rows divide; the one over columns is for vectors.

// CHECK-LABEL: func.func @parallel(
// CHECK:         scf.forall (%{{.*}}, %{{.*}}) = (0, 0) to (6, 8) step (1, 4)
// CHECK:           scf.for %{{.*}} = %c0 to %c50 step %c16
// CHECK:             linalg.generic
// CHECK:           scf.forall.in_parallel
func.func @parallel(%x: tensor<6x8x50xf32>, %c: tensor<6x8x50xf32>) -> tensor<6x8x50xf32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (i, j, k)>],
                       iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%x : tensor<6x8x50xf32>) outs(%c : tensor<6x8x50xf32>) attrs = {chameleon.root} {
  ^bb0(%a: f32, %b: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  } -> tensor<6x8x50xf32>
  return %0 : tensor<6x8x50xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match attributes {chameleon.root} in %m : (!transform.any_op) -> !transform.any_op
    %tile, %loops = transform.chameleon.tile_result %op inner_sizes = [4, 16] {parallel} : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
