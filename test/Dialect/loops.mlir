// RUN: chameleon-opt %s --transform-interpreter --split-input-file --canonicalize | FileCheck %s

// Only the loop that leaves a remainder is peeled: 8 and a last 3 of 19; 4 divides 12.

// CHECK-LABEL: func.func @peel(
// CHECK:         scf.for %{{.*}} = %c0 to %c12 step %c4
// CHECK:           scf.for %{{.*}} = %c0 to %c16 step %c8
// CHECK:             linalg.generic {{.*}} ins(%{{.*}} : tensor<4x8xf32>)
// CHECK:           linalg.generic {{.*}} ins(%{{.*}} : tensor<4x3xf32>)
func.func @peel(%x: tensor<12x19xf32>, %c: tensor<12x19xf32>) -> tensor<12x19xf32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<12x19xf32>) outs(%c : tensor<12x19xf32>) attrs = {chameleon.root} {
  ^bb0(%a: f32, %b: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  } -> tensor<12x19xf32>
  return %0 : tensor<12x19xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match attributes {chameleon.root} in %m : (!transform.any_op) -> !transform.any_op
    %tile, %loops = transform.chameleon.tile_result %op inner_sizes = [4, 8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.chameleon.peel_remainder %loops : !transform.any_op
    transform.yield
  }
}

// -----

// At most six copies of the body: the inner loop of three is unrolled, and the one of two around it; the one of five stays.

// CHECK-LABEL: func.func @unroll(
// CHECK:         scf.for %{{.*}} = %c0 to %c5 step %c1
// CHECK-NOT:     scf.for
// CHECK-COUNT-6: memref.store
// CHECK-NOT:     memref.store
func.func @unroll(%m: memref<5x2x3xf32>, %v: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  %c5 = arith.constant 5 : index
  scf.for %i = %c0 to %c5 step %c1 {
    scf.for %j = %c0 to %c2 step %c1 {
      scf.for %k = %c0 to %c3 step %c1 {
        memref.store %v, %m[%i, %j, %k] : memref<5x2x3xf32>
      }
    }
  }
  return
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %f = transform.structured.match ops{["func.func"]} in %m : (!transform.any_op) -> !transform.any_op
    %walked = transform.structured.match ops{["scf.for"]} in %f : (!transform.any_op) -> !transform.any_op
    %inner, %middle, %outer = transform.split_handle %walked : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    %loops = transform.merge_handles %outer, %middle, %inner : !transform.any_op
    transform.chameleon.unroll_fully %loops {max_iterations = 6} : !transform.any_op
    transform.yield
  }
}

// -----

// Packs of what is not constant, and the producers of what the function returns.

// CHECK-LABEL: func.func @packs(
// CHECK:         linalg.pack %arg0
// CHECK-NOT:     found
// CHECK-SAME:      returned
// CHECK:         linalg.pack %arg1
// CHECK-SAME:      found
// CHECK-SAME:      returned
func.func @packs(%w: tensor<32x8xf32> {chameleon.constant}, %x: tensor<32x8xf32>, %a: tensor<2x8x16xf32>, %b: tensor<2x8x16xf32>)
    -> (tensor<2x8x16xf32>, tensor<2x8x16xf32>) {
  %0 = linalg.pack %w inner_dims_pos = [0] inner_tiles = [16] into %a : tensor<32x8xf32> -> tensor<2x8x16xf32>
  %1 = linalg.pack %x inner_dims_pos = [0] inner_tiles = [16] into %b : tensor<32x8xf32> -> tensor<2x8x16xf32>
  return %0, %1 : tensor<2x8x16xf32>, tensor<2x8x16xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %f = transform.structured.match ops{["func.func"]} in %m : (!transform.any_op) -> !transform.any_op
    %p = transform.chameleon.runtime_packs in %f : (!transform.any_op) -> !transform.any_op
    transform.annotate %p "found" : !transform.any_op
    %ret = transform.structured.match ops{["func.return"]} in %f : (!transform.any_op) -> !transform.any_op
    %q = transform.chameleon.producers of %ret named "linalg.pack" : (!transform.any_op) -> !transform.any_op
    transform.annotate %q "returned" : !transform.any_op
    %none = transform.chameleon.producers of %ret named "linalg.unpack" : (!transform.any_op) -> !transform.any_op
    transform.annotate %none "missing" : !transform.any_op
    transform.yield
  }
}
