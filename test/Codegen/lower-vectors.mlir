// RUN: chameleon-opt %s --chameleon-lower-vectors | FileCheck %s

// CHECK-LABEL: func @contract(
// CHECK-COUNT-4: vector.fma {{.*}} : vector<16xf32>
// CHECK-NOT:     vector.contract
#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
func.func @contract(%x: memref<4x1xf32>, %y: memref<1x16xf32>, %z: memref<4x16xf32>) {
  %i = arith.constant 0 : index
  %p = arith.constant 0.0 : f32
  %0 = vector.transfer_read %x[%i, %i], %p {in_bounds = [true, true]} : memref<4x1xf32>, vector<4x1xf32>
  %1 = vector.transfer_read %y[%i, %i], %p {in_bounds = [true, true]} : memref<1x16xf32>, vector<1x16xf32>
  %2 = vector.transfer_read %z[%i, %i], %p {in_bounds = [true, true]} : memref<4x16xf32>, vector<4x16xf32>
  %3 = vector.contract {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"], kind = #vector.kind<add>} %0, %1, %2 : vector<4x1xf32>, vector<1x16xf32> into vector<4x16xf32>
  vector.transfer_write %3, %z[%i, %i] {in_bounds = [true, true]} : vector<4x16xf32>, memref<4x16xf32>
  return
}

// CHECK-LABEL: func @transpose_masked(
// CHECK-NOT:     vector.transpose
// CHECK-NOT:     vector.transfer
// CHECK-NOT:     vector.mask {
// CHECK:         vector.shuffle
// CHECK:         vector.maskedstore
func.func @transpose_masked(%x: memref<4x4xf32>, %y: memref<?x?xf32>, %n: index) {
  %i = arith.constant 0 : index
  %p = arith.constant 0.0 : f32
  %0 = vector.transfer_read %x[%i, %i], %p {in_bounds = [true, true]} : memref<4x4xf32>, vector<4x4xf32>
  %1 = vector.transpose %0, [1, 0] : vector<4x4xf32> to vector<4x4xf32>
  %m = vector.create_mask %n, %n : vector<4x4xi1>
  vector.mask %m { vector.transfer_write %1, %y[%i, %i] {in_bounds = [true, true]} : vector<4x4xf32>, memref<?x?xf32> } : vector<4x4xi1>
  return
}

// CHECK-LABEL: func @reduce(
// CHECK-COUNT-2: vector.reduction <add>
// CHECK-NOT:     multi_reduction
func.func @reduce(%x: vector<2x16xf32>, %acc: vector<2xf32>) -> vector<2xf32> {
  %0 = vector.multi_reduction <add>, %x, %acc [1] : vector<2x16xf32> to vector<2xf32>
  return %0 : vector<2xf32>
}

// A function may ask for another strategy.
// CHECK-LABEL: func @reduce_parallel(
// CHECK-NOT:     vector.reduction
// CHECK-COUNT-16: arith.addf
func.func @reduce_parallel(%x: vector<2x16xf32>, %acc: vector<2xf32>) -> vector<2xf32> attributes {chameleon.vector_lowering = {reduction = "innerparallel"}} {
  %0 = vector.multi_reduction <add>, %x, %acc [1] : vector<2x16xf32> to vector<2xf32>
  return %0 : vector<2xf32>
}
