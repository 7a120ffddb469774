// RUN: chameleon-opt %s --split-input-file --chameleon-outline-tasks | FileCheck %s

// Equal computations share a function; what they share with others is cloned into it.

// CHECK-LABEL: func.func @twice(
// CHECK-SAME:    %[[X:.*]]: tensor<8x16xf32>, %[[W:.*]]: tensor<16x16xf32> {chameleon.constant})
func.func @twice(%x: tensor<8x16xf32>, %w: tensor<16x16xf32>) -> tensor<8x16xf32> {
  // CHECK: %[[A:.*]] = call @chameleon_task_0(%[[X]], %[[W]], %{{.*}})
  // CHECK: %[[B:.*]] = call @chameleon_task_0(%[[A]], %[[W]], %{{.*}})
  // CHECK: return %[[B]]
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<8x16xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x16xf32>) -> tensor<8x16xf32>
  %a = linalg.matmul ins(%x, %w : tensor<8x16xf32>, tensor<16x16xf32>) outs(%fill : tensor<8x16xf32>) -> tensor<8x16xf32>
  %b = linalg.matmul ins(%a, %w : tensor<8x16xf32>, tensor<16x16xf32>) outs(%fill : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %b : tensor<8x16xf32>
}
// CHECK:      func.func private @chameleon_task_0(
// CHECK-SAME:   tensor<8x16xf32>, %{{.*}}: tensor<16x16xf32> {chameleon.constant}, %[[OUT:.*]]: tensor<8x16xf32>)
// CHECK-SAME:   attributes {chameleon.task = "{{[0-9a-f]+}}"}
// CHECK:        %[[FILL:.*]] = linalg.fill {{.*}} outs(%[[OUT]]
// CHECK:        %[[R:.*]] = linalg.matmul {chameleon.root} {{.*}} outs(%[[FILL]]
// CHECK:        return %[[R]]
// CHECK-NOT:  chameleon_task_1

// -----

// The elementwise op after the root joins it, with the root's result as its first input; a pad joins its reader.

#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// CHECK-LABEL: func.func @residual
func.func @residual(%x: tensor<1x4x6x6xf32>, %w: tensor<4x4x3x3xf32>, %r: tensor<1x4x6x6xf32>) -> tensor<1x4x6x6xf32> {
  // CHECK-NOT: tensor.pad
  // CHECK: call @chameleon_task_0
  // CHECK-NOT: linalg
  %zero = arith.constant 0.0 : f32
  %pad = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x4x6x6xf32> to tensor<1x4x8x8xf32>
  %empty = tensor.empty() : tensor<1x4x6x6xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x4x6x6xf32>) -> tensor<1x4x6x6xf32>
  %conv = linalg.conv_2d_nchw_fchw ins(%pad, %w : tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) outs(%fill : tensor<1x4x6x6xf32>) -> tensor<1x4x6x6xf32>
  %sum = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%r, %conv : tensor<1x4x6x6xf32>, tensor<1x4x6x6xf32>) outs(%empty : tensor<1x4x6x6xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %s = arith.subf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x4x6x6xf32>
  return %sum : tensor<1x4x6x6xf32>
}
// CHECK:      func.func private @chameleon_task_0(
// CHECK-SAME:   %[[X:.*]]: tensor<1x4x6x6xf32>, %[[W:.*]]: tensor<4x4x3x3xf32> {chameleon.constant}, %[[RES:.*]]: tensor<1x4x6x6xf32>, %[[OUT:.*]]: tensor<1x4x6x6xf32>)
// CHECK:        %[[PAD:.*]] = tensor.pad %[[X]]
// CHECK:        %[[CONV:.*]] = linalg.conv_2d_nchw_fchw {chameleon.root} ins(%[[PAD]], %[[W]]
// CHECK:        linalg.generic {{.*}} ins(%[[CONV]], %[[RES]] {{.*}} outs(%[[OUT]]
// CHECK-NEXT:   ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32, %{{.*}}: f32):
// CHECK-NEXT:     arith.subf %[[B]], %[[A]]

// -----

// A producer with two readers is a task of its own.

#map = affine_map<(d0) -> (d0)>
// CHECK-LABEL: func.func @two_readers
func.func @two_readers(%x: tensor<64xf32>) -> (tensor<64xf32>, tensor<64xf32>) {
  // CHECK-COUNT-2: call @chameleon_task_
  %empty = tensor.empty() : tensor<64xf32>
  %a = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]} ins(%x : tensor<64xf32>) outs(%empty : tensor<64xf32>) {
  ^bb0(%v: f32, %out: f32):
    %n = arith.negf %v : f32
    linalg.yield %n : f32
  } -> tensor<64xf32>
  %b = linalg.generic {indexing_maps = [#map, #map], iterator_types = ["parallel"]} ins(%a : tensor<64xf32>) outs(%empty : tensor<64xf32>) {
  ^bb0(%v: f32, %out: f32):
    %n = arith.mulf %v, %v : f32
    linalg.yield %n : f32
  } -> tensor<64xf32>
  return %a, %b : tensor<64xf32>, tensor<64xf32>
}
