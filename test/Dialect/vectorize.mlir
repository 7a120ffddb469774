// RUN: chameleon-opt %s --transform-interpreter --split-input-file --canonicalize | FileCheck %s

// What can be vectorized is; an op that is too large for it, or reads what the vectorizer does not take, stays.

// CHECK-LABEL: func.func @some(
// CHECK:         arith.negf %{{.*}} : vector<4x16xf32>
// CHECK:         linalg.generic
// CHECK-SAME:      tensor<64x64xf32>
// CHECK:         linalg.generic
// CHECK-SAME:      tensor<4x8xf32>
func.func @some(%x: tensor<4x16xf32>, %c: tensor<4x16xf32>, %big: tensor<64x64xf32>, %d: tensor<64x64xf32>,
                %e: tensor<4x8xf32>, %y: tensor<4x8xf32>) -> (tensor<4x16xf32>, tensor<64x64xf32>, tensor<4x8xf32>) {
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<4x16xf32>) outs(%c : tensor<4x16xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  } -> tensor<4x16xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
    ins(%big : tensor<64x64xf32>) outs(%d : tensor<64x64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  } -> tensor<64x64xf32>
  %2 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, 7 - j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
    ins(%y : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  } -> tensor<4x8xf32>
  return %0, %1, %2 : tensor<4x16xf32>, tensor<64x64xf32>, tensor<4x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %f = transform.structured.match ops{["func.func"]} in %m : (!transform.any_op) -> !transform.any_op
    transform.chameleon.vectorize in %f : !transform.any_op
    transform.yield
  }
}

// -----

// A stride of two: two overlapping reads of whole vectors per row and a shuffle, nothing read beyond element 14.

// CHECK-LABEL: func.func @strided(
// CHECK-SAME:    %[[X:.*]]: tensor<3x15xf32>
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0 : index
// CHECK-DAG:     %[[ROW:.*]] = arith.constant 2 : index
// CHECK-DAG:     %[[SEVEN:.*]] = arith.constant 7 : index
// CHECK-DAG:     vector.transfer_read %[[X]][%[[ZERO]], %[[ZERO]]], %{{.*}} {in_bounds = [true]} : tensor<3x15xf32>, vector<8xf32>
// CHECK-DAG:     vector.transfer_read %[[X]][%[[ZERO]], %[[SEVEN]]], %{{.*}} {in_bounds = [true]} : tensor<3x15xf32>, vector<8xf32>
// CHECK-DAG:     vector.transfer_read %[[X]][%[[ROW]], %[[ZERO]]], %{{.*}} {in_bounds = [true]} : tensor<3x15xf32>, vector<8xf32>
// CHECK-DAG:     vector.transfer_read %[[X]][%[[ROW]], %[[SEVEN]]], %{{.*}} {in_bounds = [true]} : tensor<3x15xf32>, vector<8xf32>
// CHECK:         vector.shuffle %{{.*}} [0, 2, 4, 6, 9, 11, 13, 15] : vector<8xf32>, vector<8xf32>
// CHECK-NOT:     tensor.extract_slice
func.func @strided(%x: tensor<3x15xf32>, %c: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i * 2, j * 2)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<3x15xf32>) outs(%c : tensor<2x8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  } -> tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %f = transform.structured.match ops{["func.func"]} in %m : (!transform.any_op) -> !transform.any_op
    transform.chameleon.vectorize in %f : !transform.any_op
    transform.apply_patterns to %f {
      transform.apply_patterns.chameleon.strided_reads
      transform.apply_patterns.canonicalization
    } : !transform.any_op
    transform.yield
  }
}
