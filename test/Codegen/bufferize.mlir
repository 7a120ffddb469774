// RUN: chameleon-opt %s --chameleon-bufferize --canonicalize --split-input-file | FileCheck %s

// The result of the task is its destination, that of the entry an argument; nothing is copied.
// CHECK-LABEL: func private @task(
// CHECK-SAME:    %[[X:.*]]: memref<8xf32>, %[[D:.*]]: memref<8xf32>) attributes
// CHECK:         linalg.add ins(%[[X]], %[[X]] {{.*}}) outs(%[[D]]
// CHECK-NOT:     copy
// CHECK-LABEL: func @main(
// CHECK-SAME:    %[[X:.*]]: memref<8xf32>, %[[OUT:.*]]: memref<8xf32>)
// CHECK:         %[[T:.*]] = memref.alloc()
// CHECK:         call @task(%[[X]], %[[T]])
// CHECK:         call @task(%[[T]], %[[OUT]])
// CHECK-NOT:     copy
func.func private @task(%x: tensor<8xf32>, %d: tensor<8xf32>) -> tensor<8xf32> attributes {chameleon.task = "k"} {
  %r = linalg.add ins(%x, %x : tensor<8xf32>, tensor<8xf32>) outs(%d : tensor<8xf32>) -> tensor<8xf32>
  return %r : tensor<8xf32>
}
func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %0 = call @task(%x, %e) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %1 = call @task(%0, %e) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  return %1 : tensor<8xf32>
}

// -----

// A task that forgot its destination computes there all the same.
// CHECK-LABEL: func @task(
// CHECK-SAME:    %[[X:.*]]: memref<8xf32>, %[[D:.*]]: memref<8xf32>)
// CHECK-NEXT:    linalg.add ins(%[[X]], %[[X]] {{.*}}) outs(%[[D]]
// CHECK-NEXT:    return
func.func @task(%x: tensor<8xf32>, %d: tensor<8xf32>) -> tensor<8xf32> attributes {chameleon.task = "k"} {
  %e = tensor.empty() : tensor<8xf32>
  %r = linalg.add ins(%x, %x : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  return %r : tensor<8xf32>
}

// -----

// Arguments of an entry are never written: weights stay what they are.
// CHECK-LABEL: func @entry(
// CHECK-SAME:    %[[X:.*]]: memref<8xf32>, %[[OUT:.*]]: memref<8xf32>)
// CHECK-NOT:     outs(%[[X]]
// CHECK:         linalg.add {{.*}} outs(%[[OUT]]
func.func @entry(%x: tensor<8xf32>) -> tensor<8xf32> {
  %r = linalg.add ins(%x, %x : tensor<8xf32>, tensor<8xf32>) outs(%x : tensor<8xf32>) -> tensor<8xf32>
  return %r : tensor<8xf32>
}
