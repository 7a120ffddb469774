// RUN: chameleon-opt %s --chameleon-lower-copies | FileCheck %s

// CHECK-LABEL: func @copies(
// CHECK-SAME:    %[[A:.*]]: memref<4x4xf32>, %[[B:.*]]: memref<4x4xf32>, %[[S:.*]]: memref<4x4xf32, strided<[8, 1]>>)
// CHECK-NEXT:    memref.copy %[[A]], %[[B]]
// CHECK-NEXT:    linalg.generic {{.*}} ins(%[[A]] : memref<4x4xf32>) outs(%[[S]]
// CHECK-NOT:     memref.copy
// CHECK-NOT:     linalg.copy
// CHECK:         return
func.func @copies(%a: memref<4x4xf32>, %b: memref<4x4xf32>, %s: memref<4x4xf32, strided<[8, 1]>>) {
  memref.copy %a, %b : memref<4x4xf32> to memref<4x4xf32>
  memref.copy %a, %s : memref<4x4xf32> to memref<4x4xf32, strided<[8, 1]>>
  memref.copy %a, %a : memref<4x4xf32> to memref<4x4xf32>
  linalg.copy ins(%s : memref<4x4xf32, strided<[8, 1]>>) outs(%s : memref<4x4xf32, strided<[8, 1]>>)
  return
}
