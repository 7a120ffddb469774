// RUN: chameleon-opt %s --chameleon-decompose-ops | FileCheck %s

// The border is filled box by box, and the interior is written once.
// CHECK-LABEL: func @pad(
// CHECK-SAME:    %[[X:.*]]: tensor<1x4xf32>
// CHECK:         %[[E:.*]] = tensor.empty() : tensor<1x6xf32>
// CHECK:         %[[LEFT:.*]] = tensor.extract_slice %[[E]][0, 0] [1, 1]
// CHECK:         %[[F:.*]] = linalg.fill {{.*}} outs(%[[LEFT]]
// CHECK:         %[[I:.*]] = tensor.insert_slice %[[F]] into %[[E]][0, 0] [1, 1]
// CHECK:         %[[RIGHT:.*]] = tensor.extract_slice %[[I]][0, 5] [1, 1]
// CHECK:         linalg.fill {{.*}} outs(%[[RIGHT]]
// CHECK:         tensor.insert_slice %[[X]] into %{{.*}}[0, 1] [1, 4]
// CHECK-NOT:     tensor.pad
func.func @pad(%x: tensor<1x4xf32>) -> tensor<1x6xf32> {
  %z = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 1] high[0, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %z : f32
  } : tensor<1x4xf32> to tensor<1x6xf32>
  return %p : tensor<1x6xf32>
}

// CHECK-LABEL: func @softmax(
// CHECK-NOT:     linalg.softmax
// CHECK:         arith.maxnumf
// CHECK:         math.exp
// CHECK:         arith.divf
func.func @softmax(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %s = linalg.softmax dimension(1) ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %s : tensor<4x8xf32>
}

// A pack that pads: its pad is taken apart as well.
// CHECK-LABEL: func @pack_unpack(
// CHECK-NOT:     linalg.pack
// CHECK-NOT:     linalg.unpack
// CHECK-NOT:     tensor.pad
// CHECK:         linalg.transpose
// CHECK:         linalg.transpose
func.func @pack_unpack(%x: tensor<5x6xf32>) -> tensor<5x6xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x3x2x2xf32>
  %p = linalg.pack %x padding_value(%z : f32) inner_dims_pos = [0, 1] inner_tiles = [2, 2] into %e : tensor<5x6xf32> -> tensor<3x3x2x2xf32>
  %d = tensor.empty() : tensor<5x6xf32>
  %u = linalg.unpack %p inner_dims_pos = [0, 1] inner_tiles = [2, 2] into %d : tensor<3x3x2x2xf32> -> tensor<5x6xf32>
  return %u : tensor<5x6xf32>
}
