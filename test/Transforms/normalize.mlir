// RUN: chameleon-opt %s --split-input-file --chameleon-normalize | FileCheck %s

// A bias that initialises the accumulator is added last.

// CHECK-LABEL: func.func @bias_as_init(
// CHECK-SAME:    %[[X:.*]]: tensor<1x4x8x8xf32>, %[[W:.*]]: tensor<4x4x3x3xf32>, %[[BIAS:.*]]: tensor<4xf32>)
func.func @bias_as_init(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xf32>, %bias: tensor<4xf32>) -> tensor<1x4x6x6xf32> {
  // CHECK: %[[FILL:.*]] = linalg.fill ins(%{{.*}} : f32)
  // CHECK: %[[CONV:.*]] = linalg.conv_2d_nchw_fchw ins(%[[X]], %[[W]] {{.*}} outs(%[[FILL]]
  // CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[CHANNEL:.*]], #{{.*}}]{{.*}} ins(%[[CONV]], %[[BIAS]]
  // CHECK:   arith.addf
  %empty = tensor.empty() : tensor<1x4x6x6xf32>
  %init = linalg.broadcast ins(%bias : tensor<4xf32>) outs(%empty : tensor<1x4x6x6xf32>) dimensions = [0, 2, 3]
  %conv = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) outs(%init : tensor<1x4x6x6xf32>) -> tensor<1x4x6x6xf32>
  return %conv : tensor<1x4x6x6xf32>
}

// -----

// The transpose of a linear layer's weights becomes an indexing map.

// CHECK: #[[B:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-LABEL: func.func @transposed_weights(
// CHECK-SAME:    %[[X:.*]]: tensor<8x16xf32>, %[[W:.*]]: tensor<32x16xf32>)
func.func @transposed_weights(%x: tensor<8x16xf32>, %w: tensor<32x16xf32>) -> tensor<8x32xf32> {
  // CHECK-NOT: linalg.transpose
  // CHECK: linalg.matmul indexing_maps = [#{{.*}}, #[[B]], #{{.*}}] ins(%[[X]], %[[W]]
  %zero = arith.constant 0.0 : f32
  %te = tensor.empty() : tensor<16x32xf32>
  %t = linalg.transpose ins(%w : tensor<32x16xf32>) outs(%te : tensor<16x32xf32>) permutation = [1, 0]
  %empty = tensor.empty() : tensor<8x32xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x32xf32>) -> tensor<8x32xf32>
  %r = linalg.matmul ins(%x, %t : tensor<8x16xf32>, tensor<16x32xf32>) outs(%fill : tensor<8x32xf32>) -> tensor<8x32xf32>
  return %r : tensor<8x32xf32>
}

// -----

// Bias and activation after a matmul are one op; the unit dimension of the bias is gone.

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (0, d1)>
// CHECK-LABEL: func.func @bias_relu
func.func @bias_relu(%x: tensor<8x16xf32>, %w: tensor<16x32xf32>, %bias: tensor<32xf32>) -> tensor<8x32xf32> {
  // CHECK: linalg.matmul
  // CHECK: linalg.generic
  // CHECK:   arith.addf
  // CHECK:   arith.maximumf
  // CHECK-NOT: linalg.generic
  // CHECK-NOT: tensor.expand_shape
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<8x32xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x32xf32>) -> tensor<8x32xf32>
  %r = linalg.matmul ins(%x, %w : tensor<8x16xf32>, tensor<16x32xf32>) outs(%fill : tensor<8x32xf32>) -> tensor<8x32xf32>
  %wide = tensor.expand_shape %bias [[0, 1]] output_shape [1, 32] : tensor<32xf32> into tensor<1x32xf32>
  %biased = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%r, %wide : tensor<8x32xf32>, tensor<1x32xf32>) outs(%empty : tensor<8x32xf32>) {
  ^bb0(%a: f32, %b: f32, %out: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<8x32xf32>
  %relu = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%biased : tensor<8x32xf32>) outs(%empty : tensor<8x32xf32>) {
  ^bb0(%a: f32, %out: f32):
    %s = arith.maximumf %a, %zero : f32
    linalg.yield %s : f32
  } -> tensor<8x32xf32>
  return %relu : tensor<8x32xf32>
}

// -----

// A grouped convolution is a dense one for each group. What starts from a bias is summed up from zeros first.

// CHECK-LABEL: func.func @grouped(
// CHECK-SAME:    %[[X:.*]]: tensor<1x2x8x6x6xf32>, %[[W:.*]]: tensor<2x4x8x3x3xf32>, %[[BIAS:.*]]: tensor<2x4xf32>)
// CHECK:         %[[ALL:.*]] = tensor.empty() : tensor<1x2x4x4x4xf32>
// CHECK:         %[[X0:.*]] = tensor.extract_slice %[[X]][0, 0, 0, 0, 0] [1, 1, 8, 6, 6] [1, 1, 1, 1, 1] : tensor<1x2x8x6x6xf32> to tensor<1x8x6x6xf32>
// CHECK:         %[[W0:.*]] = tensor.extract_slice %[[W]][0, 0, 0, 0, 0] [1, 4, 8, 3, 3] [1, 1, 1, 1, 1] : tensor<2x4x8x3x3xf32> to tensor<4x8x3x3xf32>
// CHECK:         %[[R0:.*]] = linalg.conv_2d_nchw_fchw {{.*}}chameleon.numerics = "strict"{{.*}} ins(%[[X0]], %[[W0]]
// CHECK:         %[[FIRST:.*]] = tensor.insert_slice %[[R0]] into %[[ALL]][0, 0, 0, 0, 0] [1, 1, 4, 4, 4]
// CHECK:         %[[X1:.*]] = tensor.extract_slice %[[X]][0, 1, 0, 0, 0]
// CHECK:         %[[W1:.*]] = tensor.extract_slice %[[W]][1, 0, 0, 0, 0]
// CHECK:         %[[R1:.*]] = linalg.conv_2d_nchw_fchw {{.*}} ins(%[[X1]], %[[W1]]
// CHECK:         %[[BOTH:.*]] = tensor.insert_slice %[[R1]] into %[[FIRST]][0, 1, 0, 0, 0]
// CHECK:         linalg.generic {{.*}} ins(%[[BOTH]], %[[BIAS]]
func.func @grouped(%x: tensor<1x2x8x6x6xf32>, %w: tensor<2x4x8x3x3xf32>, %bias: tensor<2x4xf32>) -> tensor<1x2x4x4x4xf32> {
  %empty = tensor.empty() : tensor<1x2x4x4x4xf32>
  %init = linalg.broadcast ins(%bias : tensor<2x4xf32>) outs(%empty : tensor<1x2x4x4x4xf32>) dimensions = [0, 3, 4]
  %r = linalg.conv_2d_ngchw_gfchw {chameleon.numerics = "strict"} ins(%x, %w : tensor<1x2x8x6x6xf32>, tensor<2x4x8x3x3xf32>) outs(%init : tensor<1x2x4x4x4xf32>) -> tensor<1x2x4x4x4xf32>
  return %r : tensor<1x2x4x4x4xf32>
}

// -----

// The group leads neither operand; with channels innermost.

// CHECK-LABEL: func.func @group_second(
// CHECK:         tensor.extract_slice %{{.*}}[0, 1, 0, 0, 0] [4, 1, 8, 3, 3] [1, 1, 1, 1, 1] : tensor<4x2x8x3x3xf32> to tensor<4x8x3x3xf32>
// CHECK-LABEL: func.func @channels_last(
// CHECK:         tensor.extract_slice %{{.*}}[0, 0, 0, 1, 0] [1, 6, 6, 1, 8] [1, 1, 1, 1, 1] : tensor<1x6x6x2x8xf32> to tensor<1x6x6x8xf32>
// CHECK:         linalg.conv_2d_nhwc_fhwc {dilations = dense<1> : {{.*}} strides = dense<2>
func.func @group_second(%x: tensor<1x2x8x6x6xf32>, %w: tensor<4x2x8x3x3xf32>) -> tensor<1x2x4x4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x2x4x4x4xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x2x4x4x4xf32>) -> tensor<1x2x4x4x4xf32>
  %r = linalg.conv_2d_ngchw_fgchw ins(%x, %w : tensor<1x2x8x6x6xf32>, tensor<4x2x8x3x3xf32>) outs(%fill : tensor<1x2x4x4x4xf32>) -> tensor<1x2x4x4x4xf32>
  return %r : tensor<1x2x4x4x4xf32>
}
func.func @channels_last(%x: tensor<1x6x6x2x8xf32>, %w: tensor<2x4x3x3x8xf32>) -> tensor<1x2x2x2x4xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x2x2x2x4xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x2x2x2x4xf32>) -> tensor<1x2x2x2x4xf32>
  %r = linalg.conv_2d_nhwgc_gfhwc {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>} ins(%x, %w : tensor<1x6x6x2x8xf32>, tensor<2x4x3x3x8xf32>) outs(%fill : tensor<1x2x2x2x4xf32>) -> tensor<1x2x2x2x4xf32>
  return %r : tensor<1x2x2x2x4xf32>
}

// -----

// Groups of one channel stay together, and where a schedule is chosen, the weights are computed, or types have an encoding.

// CHECK-LABEL: func.func @stays(
// CHECK:         linalg.conv_2d_ngchw_gfchw
// CHECK:         linalg.conv_2d_ngchw_gfchw {chameleon.space
// CHECK:         linalg.conv_2d_ngchw_gfchw {chameleon.config
// CHECK:         %[[E:.*]] = linalg.generic
// CHECK:         linalg.conv_2d_ngchw_gfchw ins(%{{.*}}, %[[E]]
// CHECK-LABEL: func.func @encoded(
// CHECK:         linalg.conv_2d_ngchw_gfchw
func.func @stays(%x: tensor<1x8x1x6x6xf32>, %w: tensor<8x1x1x3x3xf32>, %y: tensor<1x2x8x6x6xf32>, %v: tensor<2x4x8x3x3xf32>)
    -> (tensor<1x8x1x4x4xf32>, tensor<1x2x4x4x4xf32>, tensor<1x2x4x4x4xf32>, tensor<1x2x4x4x4xf32>) {
  %zero = arith.constant 0.0 : f32
  %small = tensor.empty() : tensor<1x8x1x4x4xf32>
  %small_fill = linalg.fill ins(%zero : f32) outs(%small : tensor<1x8x1x4x4xf32>) -> tensor<1x8x1x4x4xf32>
  %r = linalg.conv_2d_ngchw_gfchw ins(%x, %w : tensor<1x8x1x6x6xf32>, tensor<8x1x1x3x3xf32>) outs(%small_fill : tensor<1x8x1x4x4xf32>) -> tensor<1x8x1x4x4xf32>
  %empty = tensor.empty() : tensor<1x2x4x4x4xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x2x4x4x4xf32>) -> tensor<1x2x4x4x4xf32>
  %s = linalg.conv_2d_ngchw_gfchw {chameleon.space = #chameleon.space<@cpu_generic, knobs = []>} ins(%y, %v : tensor<1x2x8x6x6xf32>, tensor<2x4x8x3x3xf32>) outs(%fill : tensor<1x2x4x4x4xf32>) -> tensor<1x2x4x4x4xf32>
  %c = linalg.conv_2d_ngchw_gfchw {chameleon.config = #chameleon.config<@cpu_generic, {}>} ins(%y, %v : tensor<1x2x8x6x6xf32>, tensor<2x4x8x3x3xf32>) outs(%fill : tensor<1x2x4x4x4xf32>) -> tensor<1x2x4x4x4xf32>
  %like = tensor.empty() : tensor<2x4x8x3x3xf32>
  %e = linalg.exp ins(%v : tensor<2x4x8x3x3xf32>) outs(%like : tensor<2x4x8x3x3xf32>) -> tensor<2x4x8x3x3xf32>
  %t = linalg.conv_2d_ngchw_gfchw ins(%y, %e : tensor<1x2x8x6x6xf32>, tensor<2x4x8x3x3xf32>) outs(%fill : tensor<1x2x4x4x4xf32>) -> tensor<1x2x4x4x4xf32>
  return %r, %s, %c, %t : tensor<1x8x1x4x4xf32>, tensor<1x2x4x4x4xf32>, tensor<1x2x4x4x4xf32>, tensor<1x2x4x4x4xf32>
}
func.func @encoded(%x: tensor<1x2x8x6x6xf32>, %w: tensor<2x4x8x3x3xf32>, %out: tensor<1x2x4x4x4xf32, "e">) -> tensor<1x2x4x4x4xf32, "e"> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x2x4x4x4xf32, "e">) -> tensor<1x2x4x4x4xf32, "e">
  %r = linalg.conv_2d_ngchw_gfchw ins(%x, %w : tensor<1x2x8x6x6xf32>, tensor<2x4x8x3x3xf32>) outs(%fill : tensor<1x2x4x4x4xf32, "e">) -> tensor<1x2x4x4x4xf32, "e">
  return %r : tensor<1x2x4x4x4xf32, "e">
}

// -----

// An exporter's maximum comes with its index, which nobody reads.

#in = affine_map<(d0, d1) -> (d0, d1)>
#out = affine_map<(d0, d1) -> (d0)>
// CHECK-LABEL: func.func @unread_index(
// CHECK-SAME:    %[[X:.*]]: tensor<8x16xf32>)
func.func @unread_index(%x: tensor<8x16xf32>) -> tensor<8xf32> {
  // CHECK:      %[[MAX:.*]] = linalg.generic {{.*}} ins(%[[X]] : tensor<8x16xf32>) outs(%{{[^ ,]*}} : tensor<8xf32>) {
  // CHECK-NEXT: ^bb0(%[[IN:.*]]: f32, %[[OUT:.*]]: f32):
  // CHECK-NEXT:   %[[M:.*]] = arith.maximumf %[[IN]], %[[OUT]] : f32
  // CHECK-NEXT:   linalg.yield %[[M]] : f32
  // CHECK:      return %[[MAX]]
  %lowest = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0 : i64
  %me = tensor.empty() : tensor<8xf32>
  %mf = linalg.fill ins(%lowest : f32) outs(%me : tensor<8xf32>) -> tensor<8xf32>
  %ie = tensor.empty() : tensor<8xi64>
  %if = linalg.fill ins(%zero : i64) outs(%ie : tensor<8xi64>) -> tensor<8xi64>
  %r:2 = linalg.generic {indexing_maps = [#in, #out, #out], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<8x16xf32>) outs(%mf, %if : tensor<8xf32>, tensor<8xi64>) {
  ^bb0(%in: f32, %max: f32, %index: i64):
    %i = linalg.index 1 : index
    %here = arith.index_cast %i : index to i64
    %m = arith.maximumf %in, %max : f32
    %c = arith.cmpf ogt, %in, %max : f32
    %s = arith.select %c, %here, %index : i64
    linalg.yield %m, %s : f32, i64
  } -> (tensor<8xf32>, tensor<8xi64>)
  return %r#0 : tensor<8xf32>
}
