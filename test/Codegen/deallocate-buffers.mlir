// RUN: chameleon-opt %s --chameleon-deallocate-buffers | FileCheck %s

// CHECK-LABEL: func @dynamic(
// CHECK:         %[[A:.*]] = memref.alloc
// CHECK:         memref.dealloc %[[A]]
func.func @dynamic(%n: index, %out: memref<f32>) {
  %i = arith.constant 0 : index
  %a = memref.alloc(%n) : memref<?xf32>
  %x = memref.load %a[%i] : memref<?xf32>
  memref.store %x, %out[] : memref<f32>
  return
}
