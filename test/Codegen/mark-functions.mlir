// RUN: chameleon-opt %s --chameleon-mark-functions | FileCheck %s

// CHECK-LABEL: func @main(
// CHECK-SAME:    memref<4xf32> {llvm.noalias}, %{{.*}}: memref<4xf32> {llvm.noalias})
func.func @main(%x: memref<4xf32>, %out: memref<4xf32>) {
  %a = memref.alloc() : memref<4xf32>
  func.call @distinct(%x, %a) : (memref<4xf32>, memref<4xf32>) -> ()
  %v = memref.expand_shape %a [[0, 1]] output_shape [2, 2] : memref<4xf32> into memref<2x2xf32>
  func.call @overlapping(%a, %v, %out) : (memref<4xf32>, memref<2x2xf32>, memref<4xf32>) -> ()
  return
}

// CHECK-LABEL: func private @distinct(
// CHECK-SAME:    memref<4xf32> {llvm.noalias}, %{{.*}}: memref<4xf32> {llvm.noalias})
// CHECK-SAME:    llvm.linkage = #llvm.linkage<internal>
// CHECK-SAME:    passthrough = ["chameleon-keep-loops", "noinline"]
func.func private @distinct(%x: memref<4xf32>, %y: memref<4xf32>) attributes {chameleon.task = "k", passthrough = ["chameleon-keep-loops"]} {
  return
}

// The first two arguments are the same memory.
// CHECK-LABEL: func private @overlapping(
// CHECK-SAME:    %{{.*}}: memref<4xf32>, %{{.*}}: memref<2x2xf32>, %{{.*}}: memref<4xf32> {llvm.noalias})
func.func private @overlapping(%x: memref<4xf32>, %y: memref<2x2xf32>, %z: memref<4xf32>) {
  return
}

// A function that packs is called once: small, if nothing is computed there.
// CHECK-LABEL: func private @packs(
// CHECK-SAME:    passthrough = ["noinline", "optsize"]
func.func private @packs(%x: memref<4x2xf32>, %y: memref<2x4xf32>) attributes {chameleon.pack} {
  linalg.transpose ins(%x : memref<4x2xf32>) outs(%y : memref<2x4xf32>) permutation = [1, 0]
  return
}

// CHECK-LABEL: func private @transforms(
// CHECK-SAME:    passthrough = ["noinline"]
// CHECK:         linalg.add
func.func private @transforms(%x: memref<4xf32>, %y: memref<4xf32>) attributes {chameleon.pack} {
  linalg.add ins(%x, %x : memref<4xf32>, memref<4xf32>) outs(%y : memref<4xf32>)
  return
}
