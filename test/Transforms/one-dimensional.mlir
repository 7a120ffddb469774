// RUN: chameleon-opt %s --split-input-file --chameleon-normalize | FileCheck %s

// A chain over lines is one over images of a row: pads and elementwise ops come along, and only its ends are reshaped.

// CHECK-LABEL: func.func @chain(
// CHECK-SAME:    %[[X:.*]]: tensor<2x3x20xf32>, %[[W:.*]]: tensor<8x3x5xf32>, %[[BIAS:.*]]: tensor<8xf32>, %[[V:.*]]: tensor<4x8x3xf32>)
// CHECK-DAG:     %[[IMAGE:.*]] = tensor.expand_shape %[[X]] {{\[}}[0], [1], [2, 3]] output_shape [2, 3, 1, 20]
// CHECK-DAG:     %[[WINDOW:.*]] = tensor.expand_shape %[[W]] {{\[}}[0], [1], [2, 3]] output_shape [8, 3, 1, 5]
// CHECK:         %[[FIRST:.*]] = linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<[1, 2]> : vector<2xi64>}
// CHECK-SAME:      ins(%[[IMAGE]], %[[WINDOW]] :
// CHECK:         %[[ADDED:.*]] = linalg.generic {{.*}} ins(%[[FIRST]], %[[BIAS]] : tensor<2x8x1x8xf32>, tensor<8xf32>)
// CHECK:         %[[PADDED:.*]] = tensor.pad %[[ADDED]] low[0, 0, 0, 2] high[0, 0, 0, 1]
// CHECK:         linalg.conv_2d_nchw_fchw {dilations = dense<[1, 3]> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%[[PADDED]],
// CHECK:         %[[LINE:.*]] = tensor.collapse_shape %{{.*}} {{\[}}[0], [1], [2, 3]] : tensor<2x4x1x5xf32> into tensor<2x4x5xf32>
// CHECK:         return %[[LINE]]
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
func.func @chain(%x: tensor<2x3x20xf32>, %w: tensor<8x3x5xf32>, %bias: tensor<8xf32>, %v: tensor<4x8x3xf32>) -> tensor<2x4x5xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x8x8xf32>
  %b = linalg.broadcast ins(%bias : tensor<8xf32>) outs(%e : tensor<2x8x8xf32>) dimensions = [0, 2]
  %c = linalg.conv_1d_ncw_fcw {dilations = dense<1> : vector<1xi64>, strides = dense<2> : vector<1xi64>}
      ins(%x, %w : tensor<2x3x20xf32>, tensor<8x3x5xf32>) outs(%b : tensor<2x8x8xf32>) -> tensor<2x8x8xf32>
  %t = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%c : tensor<2x8x8xf32>) outs(%e : tensor<2x8x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %y = math.tanh %in : f32
    linalg.yield %y : f32
  } -> tensor<2x8x8xf32>
  %p = tensor.pad %t low[0, 0, 2] high[0, 0, 1] {
  ^bb0(%i: index, %j: index, %k: index):
    tensor.yield %zero : f32
  } : tensor<2x8x8xf32> to tensor<2x8x11xf32>
  %e2 = tensor.empty() : tensor<2x4x5xf32>
  %f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<2x4x5xf32>) -> tensor<2x4x5xf32>
  %r = linalg.conv_1d_ncw_fcw {dilations = dense<3> : vector<1xi64>, strides = dense<1> : vector<1xi64>}
      ins(%p, %v : tensor<2x8x11xf32>, tensor<4x8x3xf32>) outs(%f2 : tensor<2x4x5xf32>) -> tensor<2x4x5xf32>
  return %r : tensor<2x4x5xf32>
}

// -----

// Channels innermost: the row is before the columns, and windows have theirs first. So for pools.

// CHECK-LABEL: func.func @channels_last(
// CHECK:         linalg.conv_2d_nhwc_hwcf {{.*}} : tensor<1x1x20x3xf32>, tensor<1x5x3x8xf32>) outs(%{{.*}} : tensor<1x1x16x8xf32>)
// CHECK:         linalg.depthwise_conv_2d_nhwc_hwc {{.*}} : tensor<1x1x16x8xf32>, tensor<1x3x8xf32>) outs(%{{.*}} : tensor<1x1x14x8xf32>)
// CHECK:         linalg.pooling_nhwc_max {{.*}}strides = dense<[1, 2]>{{.*}} : tensor<1x1x14x8xf32>, tensor<1x2xf32>) outs(%{{.*}} : tensor<1x1x7x8xf32>)
func.func @channels_last(%x: tensor<1x20x3xf32>, %w: tensor<5x3x8xf32>, %d: tensor<3x8xf32>) -> tensor<1x7x8xf32> {
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %e0 = tensor.empty() : tensor<1x16x8xf32>
  %f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<1x16x8xf32>) -> tensor<1x16x8xf32>
  %0 = linalg.conv_1d_nwc_wcf ins(%x, %w : tensor<1x20x3xf32>, tensor<5x3x8xf32>) outs(%f0 : tensor<1x16x8xf32>) -> tensor<1x16x8xf32>
  %e1 = tensor.empty() : tensor<1x14x8xf32>
  %f1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<1x14x8xf32>) -> tensor<1x14x8xf32>
  %1 = linalg.depthwise_conv_1d_nwc_wc ins(%0, %d : tensor<1x16x8xf32>, tensor<3x8xf32>) outs(%f1 : tensor<1x14x8xf32>) -> tensor<1x14x8xf32>
  %e2 = tensor.empty() : tensor<1x7x8xf32>
  %f2 = linalg.fill ins(%low : f32) outs(%e2 : tensor<1x7x8xf32>) -> tensor<1x7x8xf32>
  %window = tensor.empty() : tensor<2xf32>
  %2 = linalg.pooling_nwc_max {dilations = dense<1> : vector<1xi64>, strides = dense<2> : vector<1xi64>}
      ins(%1, %window : tensor<1x14x8xf32>, tensor<2xf32>) outs(%f2 : tensor<1x7x8xf32>) -> tensor<1x7x8xf32>
  return %2 : tensor<1x7x8xf32>
}

// -----

// A sum that starts from something else, and an op that has its configuration, stay as they are.

// CHECK-LABEL: func.func @left(
// CHECK:         linalg.conv_1d_ncw_fcw {chameleon.config
// CHECK:         linalg.pooling_ncw_max
// CHECK-NOT:     _2d_
// CHECK-NOT:     pooling_nchw
func.func @left(%x: tensor<1x3x20xf32>, %w: tensor<8x3x5xf32>, %init: tensor<1x8x14xf32>) -> tensor<1x8x14xf32> {
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<1x8x16xf32>
  %f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<1x8x16xf32>) -> tensor<1x8x16xf32>
  %0 = linalg.conv_1d_ncw_fcw {chameleon.config = #chameleon.config<@cpu_window, {rows = 1}>} ins(%x, %w : tensor<1x3x20xf32>, tensor<8x3x5xf32>) outs(%f0 : tensor<1x8x16xf32>) -> tensor<1x8x16xf32>
  %window = tensor.empty() : tensor<3xf32>
  %1 = linalg.pooling_ncw_max ins(%0, %window : tensor<1x8x16xf32>, tensor<3xf32>) outs(%init : tensor<1x8x14xf32>) -> tensor<1x8x14xf32>
  return %1 : tensor<1x8x14xf32>
}

// -----

// What a pad adds may be a value.

// CHECK-LABEL: func.func @pad_by_value(
// CHECK:         tensor.pad %{{.*}} low[0, 0, 0, %[[AMOUNT:.*]]] high[0, 0, 0, %[[AMOUNT]]]
// CHECK:         linalg.conv_2d_nchw_fchw
func.func @pad_by_value(%x: tensor<1x4x8xf32>, %w: tensor<4x4x3xf32>, %amount: index) -> tensor<1x4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 0, %amount] high[0, 0, %amount] {
  ^bb0(%i: index, %j: index, %k: index):
    tensor.yield %zero : f32
  } : tensor<1x4x8xf32> to tensor<1x4x10xf32>
  %e = tensor.empty() : tensor<1x4x8xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x4x8xf32>) -> tensor<1x4x8xf32>
  %r = linalg.conv_1d_ncw_fcw ins(%p, %w : tensor<1x4x10xf32>, tensor<4x4x3xf32>) outs(%f : tensor<1x4x8xf32>) -> tensor<1x4x8xf32>
  return %r : tensor<1x4x8xf32>
}
