// RUN: chameleon-opt %s --transform-interpreter --split-input-file --canonicalize | FileCheck %s

// The last reduction loop by the given size, the one before it by 1.

// CHECK-LABEL: func.func @plain(
// CHECK:         scf.for %{{.*}} = %c0 to %c4 step %c1
// CHECK:           scf.for %{{.*}} = %c0 to %c12 step %c3
// CHECK:             linalg.generic
// CHECK-SAME:          iterator_types = ["parallel", "reduction", "reduction"]
// CHECK-SAME:          ins(%{{.*}} : tensor<8x1x3xf32>)
#in = affine_map<(p, r, s) -> (p, r, s)>
#out = affine_map<(p, r, s) -> (p)>
func.func @plain(%x: tensor<8x4x12xf32>, %c: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "reduction", "reduction"]}
    ins(%x : tensor<8x4x12xf32>) outs(%c : tensor<8xf32>) attrs = {chameleon.root} {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match attributes {chameleon.root} in %m : (!transform.any_op) -> !transform.any_op
    %tile, %loops = transform.chameleon.tile_reductions %op inner_sizes = [3] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// `partial`: 16 sums side by side, added up after the loop.

// CHECK-LABEL: func.func @partial(
// CHECK:         linalg.fill {{.*}} -> tensor<8x16xf32>
// CHECK:         scf.for %{{.*}} = %c0 to %c64 step %c16
// CHECK:           linalg.generic
// CHECK-SAME:        iterator_types = ["parallel", "parallel"]
// CHECK:         linalg.reduce
// CHECK-SAME:      dimensions = [1]
#in = affine_map<(p, r) -> (p, r)>
#out = affine_map<(p, r) -> (p)>
func.func @partial(%x: tensor<8x64xf32>, %c: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "reduction"]}
    ins(%x : tensor<8x64xf32>) outs(%c : tensor<8xf32>) attrs = {chameleon.root} {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match attributes {chameleon.root} in %m : (!transform.any_op) -> !transform.any_op
    %tile, %loops = transform.chameleon.tile_reductions %op inner_sizes = [16] {partial} : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// A tile that holds all of a 7x7 window: no loop.

// CHECK-LABEL: func.func @fits(
// CHECK-NOT:     scf.for
// CHECK:         linalg.generic
#in = affine_map<(p, r, s) -> (p, r, s)>
#out = affine_map<(p, r, s) -> (p)>
func.func @fits(%x: tensor<8x7x7xf32>, %c: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "reduction", "reduction"]}
    ins(%x : tensor<8x7x7xf32>) outs(%c : tensor<8xf32>) attrs = {chameleon.root} {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match attributes {chameleon.root} in %m : (!transform.any_op) -> !transform.any_op
    %tile, %loops = transform.chameleon.tile_reductions %op inner_sizes = [64] {partial} : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
