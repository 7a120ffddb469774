// What an op does not write stays as it was: strided, shifted, and one column of several.

// RUN: chameleon-opt %s --chameleon-normalize | FileCheck %s
// RUN: rm -rf %t && mkdir %t
// RUN: chameleon-bench %s %S/Inputs/partial-results.mlir --entry=main --samples=3
// RUN: chameleon-opt %s --chameleon-apply -o %t/applied.mlir
// RUN: chameleon-bench %t/applied.mlir %S/Inputs/partial-results.mlir --entry=main --samples=3
// RUN: chameleon-opt %s --auto-tune="budget-seconds=30 budget-measurements=6 strategy=random" -o %t/tuned.mlir
// RUN: chameleon-bench %t/tuned.mlir %S/Inputs/partial-results.mlir --entry=main --samples=3

#id = affine_map<(i) -> (i)>
#even = affine_map<(i) -> (2 * i)>
#later = affine_map<(i) -> (i + 3)>
#column = affine_map<(i) -> (i, 1)>

// CHECK-LABEL: func.func @main(
// CHECK-SAME:    %[[X:.*]]: tensor<64xf32>, %[[INIT:.*]]: tensor<130xf32>, %[[WIDE:.*]]: tensor<64x3xf32>)
func.func @main(%x: tensor<64xf32>, %init: tensor<130xf32>, %wide: tensor<64x3xf32>) -> (tensor<130xf32>, tensor<130xf32>, tensor<64x3xf32>) {
  // CHECK: %[[STRIDED:.*]] = linalg.generic {{.*}} ins(%[[X]] : tensor<64xf32>) outs(%[[INIT]]
  %strided = linalg.generic {indexing_maps = [#id, #even], iterator_types = ["parallel"]} ins(%x : tensor<64xf32>) outs(%init : tensor<130xf32>) {
  ^bb0(%a: f32, %old: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  } -> tensor<130xf32>
  // CHECK: linalg.generic {{.*}} ins(%[[X]] : tensor<64xf32>) outs(%[[STRIDED]]
  %shifted = linalg.generic {indexing_maps = [#id, #later], iterator_types = ["parallel"]} ins(%x : tensor<64xf32>) outs(%strided : tensor<130xf32>) {
  ^bb0(%a: f32, %old: f32):
    %n = arith.mulf %a, %a : f32
    linalg.yield %n : f32
  } -> tensor<130xf32>
  // CHECK: linalg.generic {{.*}} ins(%[[X]] : tensor<64xf32>) outs(%[[WIDE]]
  %second = linalg.generic {indexing_maps = [#id, #column], iterator_types = ["parallel"]} ins(%x : tensor<64xf32>) outs(%wide : tensor<64x3xf32>) {
  ^bb0(%a: f32, %old: f32):
    %n = arith.addf %a, %a : f32
    linalg.yield %n : f32
  } -> tensor<64x3xf32>
  return %strided, %shifted, %second : tensor<130xf32>, tensor<130xf32>, tensor<64x3xf32>
}

// An init that is overwritten whole goes.
// CHECK-LABEL: func.func @whole(
// CHECK:         linalg.generic {{.*}} outs(%{{[0-9]+}} : tensor<64xf32>)
func.func @whole(%x: tensor<64xf32>, %init: tensor<64xf32>) -> tensor<64xf32> {
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<64xf32>) outs(%init : tensor<64xf32>) {
  ^bb0(%a: f32, %old: f32):
    %n = arith.negf %a : f32
    linalg.yield %n : f32
  } -> tensor<64xf32>
  return %r : tensor<64xf32>
}
