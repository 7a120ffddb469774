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

// -----

// A public task keeps its destinations and gets no further arguments, whatever loops carry its result.
// CHECK-LABEL: func @loops(
// CHECK-SAME:    %[[X:.*]]: memref<4x8xf32>, %[[D:.*]]: memref<4x8xf32>) attributes
// CHECK:         scf.for %{{.*}} {
// CHECK:           linalg.exp ins(%{{.*}}) outs(%{{.*}})
// CHECK:         return
func.func @loops(%x: tensor<4x8xf32>, %d: tensor<4x8xf32>) -> tensor<4x8xf32> attributes {chameleon.task = "k"} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %r = scf.for %i = %c0 to %c4 step %c1 iter_args(%o = %d) -> (tensor<4x8xf32>) {
    %s = tensor.extract_slice %x[%i, 0] [1, 8] [1, 1] : tensor<4x8xf32> to tensor<1x8xf32>
    %t = tensor.extract_slice %o[%i, 0] [1, 8] [1, 1] : tensor<4x8xf32> to tensor<1x8xf32>
    %e = linalg.exp ins(%s : tensor<1x8xf32>) outs(%t : tensor<1x8xf32>) -> tensor<1x8xf32>
    %u = tensor.insert_slice %e into %o[%i, 0] [1, 8] [1, 1] : tensor<1x8xf32> into tensor<4x8xf32>
    scf.yield %u : tensor<4x8xf32>
  }
  return %r : tensor<4x8xf32>
}

// -----

// Returning an argument copies it to the destination.
// CHECK-LABEL: func @forward(
// CHECK-SAME:    %[[X:.*]]: memref<8xf32>, %[[D:.*]]: memref<8xf32>) attributes
// CHECK-NEXT:    memref.copy %[[X]], %[[D]]
// CHECK-NEXT:    return
func.func @forward(%x: tensor<8xf32>, %d: tensor<8xf32>) -> tensor<8xf32> attributes {chameleon.task = "k"} {
  return %x : tensor<8xf32>
}
