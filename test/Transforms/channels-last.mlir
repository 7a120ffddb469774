// RUN: chameleon-opt %s --chameleon-channels-last --split-input-file | FileCheck %s

// What stands between convolutions runs over NHWC images: one transpose at the image from outside, none at the end. Weights are transposed.
// CHECK: #[[IMAGE:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// CHECK: #[[BIAS:.*]] = affine_map<(d0, d1, d2, d3) -> (d3)>
// CHECK: #[[FIRST:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d3, d1, d2)>
// CHECK: #[[LAST:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d2, d3, d1)>
// CHECK-LABEL: func.func @network(
// CHECK-SAME:    %[[X:.*]]: tensor<1x3x9x9xf32>, %[[W:.*]]: tensor<8x3x3x3xf32>, %[[D:.*]]: tensor<8x3x3xf32>, %[[B:.*]]: tensor<8xf32>, %[[R:.*]]: tensor<1x8x9x9xf32>
// CHECK-DAG:     %[[XT:.*]] = linalg.transpose ins(%[[X]] : {{.*}} permutation = [0, 2, 3, 1]
// CHECK-DAG:     %[[WT:.*]] = linalg.transpose ins(%[[W]] : {{.*}} permutation = [0, 2, 3, 1]
// CHECK-DAG:     %[[DT:.*]] = linalg.transpose ins(%[[D]] : {{.*}} permutation = [1, 2, 0]
// CHECK:         tensor.pad %[[XT]] low[0, 1, 1, 0] high[0, 1, 1, 0]
// CHECK-NOT:     linalg.transpose
// CHECK:         %[[C:.*]] = linalg.conv_2d_nhwc_fhwc {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%{{.*}}, %[[WT]] :
// CHECK-NOT:     linalg.transpose
// CHECK:         %[[E:.*]] = linalg.generic {indexing_maps = [#[[IMAGE]], #[[BIAS]], #[[FIRST]], #[[IMAGE]]], {{.*}} ins(%[[C]], %[[B]], %[[R]] :
// CHECK-NOT:     linalg.transpose
// CHECK:         tensor.pad %[[E]] low[0, 1, 1, 0] high[0, 1, 1, 0]
// CHECK-NOT:     linalg.transpose
// CHECK:         %[[P:.*]] = linalg.depthwise_conv_2d_nhwc_hwc {{.*}} ins(%{{.*}}, %[[DT]] :
// CHECK-NOT:     linalg.transpose
// CHECK:         %[[M:.*]] = linalg.pooling_nhwc_max {{.*}} ins(%[[P]], %{{.*}} : tensor<1x9x9x8xf32>, tensor<3x3xf32>)
// CHECK-NOT:     linalg.transpose
// CHECK:         linalg.generic {indexing_maps = [#[[LAST]], #{{.*}}], iterator_types = ["parallel", "parallel", "reduction", "reduction"]} ins(%[[M]] : tensor<1x4x4x8xf32>)
// CHECK-NOT:     linalg.transpose
// CHECK:         return
func.func @network(%x: tensor<1x3x9x9xf32>, %w: tensor<8x3x3x3xf32>, %d: tensor<8x3x3xf32>, %bias: tensor<8xf32>, %residual: tensor<1x8x9x9xf32>)
    -> tensor<1x8xf32> {
  %zero = arith.constant 0.0 : f32
  %least = arith.constant 0xFF800000 : f32
  %p = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %e: index):
    tensor.yield %zero : f32
  } : tensor<1x3x9x9xf32> to tensor<1x3x11x11xf32>
  %empty = tensor.empty() : tensor<1x8x9x9xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x8x9x9xf32>) -> tensor<1x8x9x9xf32>
  %conv = linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
    ins(%p, %w : tensor<1x3x11x11xf32>, tensor<8x3x3x3xf32>) outs(%fill : tensor<1x8x9x9xf32>) -> tensor<1x8x9x9xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(n, f, h, w) -> (n, f, h, w)>, affine_map<(n, f, h, w) -> (f)>,
                                          affine_map<(n, f, h, w) -> (n, f, h, w)>, affine_map<(n, f, h, w) -> (n, f, h, w)>],
                         iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%conv, %bias, %residual : tensor<1x8x9x9xf32>, tensor<8xf32>, tensor<1x8x9x9xf32>) outs(%empty : tensor<1x8x9x9xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %t = arith.addf %s, %c : f32
    linalg.yield %t : f32
  } -> tensor<1x8x9x9xf32>
  %q = tensor.pad %sum low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %e: index):
    tensor.yield %zero : f32
  } : tensor<1x8x9x9xf32> to tensor<1x8x11x11xf32>
  %depthwise = linalg.depthwise_conv_2d_nchw_chw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
    ins(%q, %d : tensor<1x8x11x11xf32>, tensor<8x3x3xf32>) outs(%fill : tensor<1x8x9x9xf32>) -> tensor<1x8x9x9xf32>
  %window = tensor.empty() : tensor<3x3xf32>
  %small = tensor.empty() : tensor<1x8x4x4xf32>
  %lowest = linalg.fill ins(%least : f32) outs(%small : tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  %most = linalg.pooling_nchw_max {dilations = dense<1> : vector<2xi64>, strides = dense<2> : vector<2xi64>}
    ins(%depthwise, %window : tensor<1x8x9x9xf32>, tensor<3x3xf32>) outs(%lowest : tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  %row = tensor.empty() : tensor<1x8xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%row : tensor<1x8xf32>) -> tensor<1x8xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(n, c, h, w) -> (n, c, h, w)>, affine_map<(n, c, h, w) -> (n, c)>],
                       iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
    ins(%most : tensor<1x8x4x4xf32>) outs(%zeros : tensor<1x8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %s = arith.addf %a, %o : f32
    linalg.yield %s : f32
  } -> tensor<1x8xf32>
  return %r : tensor<1x8xf32>
}

// -----

// A result in the old order is transposed back; an op whose schedule is chosen, and one of dynamic shape, stay.
// CHECK-LABEL: func.func @rest(
// CHECK:         linalg.conv_2d_nhwc_fhwc
// CHECK:         %[[RT:.*]] = linalg.transpose {{.*}} permutation = [0, 3, 1, 2]
// CHECK:         linalg.conv_2d_nchw_fchw {chameleon.space
// CHECK:         linalg.conv_2d_nchw_fchw ins(%{{.*}} : tensor<?x4x?x?xf32>
// CHECK:         return %[[RT]],
func.func @rest(%x: tensor<1x4x5x5xf32>, %w: tensor<8x4x3x3xf32>, %init: tensor<1x8x3x3xf32>, %y: tensor<?x4x?x?xf32>, %i: tensor<?x8x?x?xf32>)
    -> (tensor<1x8x3x3xf32>, tensor<1x8x3x3xf32>, tensor<?x8x?x?xf32>) {
  %a = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x5x5xf32>, tensor<8x4x3x3xf32>) outs(%init : tensor<1x8x3x3xf32>) -> tensor<1x8x3x3xf32>
  %b = linalg.conv_2d_nchw_fchw {chameleon.space = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.tile<"rows", values = [3]>]>}
    ins(%x, %w : tensor<1x4x5x5xf32>, tensor<8x4x3x3xf32>) outs(%init : tensor<1x8x3x3xf32>) -> tensor<1x8x3x3xf32>
  %c = linalg.conv_2d_nchw_fchw ins(%y, %w : tensor<?x4x?x?xf32>, tensor<8x4x3x3xf32>) outs(%i : tensor<?x8x?x?xf32>) -> tensor<?x8x?x?xf32>
  return %a, %b, %c : tensor<1x8x3x3xf32>, tensor<1x8x3x3xf32>, tensor<?x8x?x?xf32>
}

// -----

// Two readers of one image share its transpose, outside of the loop that one of them stands in.
// CHECK-LABEL: func.func @shared(
// CHECK:         linalg.transpose ins(%{{.*}} : tensor<1x4x5x5xf32>)
// CHECK-NOT:     linalg.transpose ins(%{{.*}} : tensor<1x4x5x5xf32>)
// CHECK:         scf.for
// CHECK-NOT:     ins(%{{.*}} : tensor<8x4x3x3xf32>)
// CHECK:           linalg.conv_2d_nhwc_fhwc
// CHECK:           scf.yield
// CHECK:         linalg.conv_2d_nhwc_fhwc
func.func @shared(%x: tensor<1x4x5x5xf32>, %w: tensor<8x4x3x3xf32>, %init: tensor<1x8x3x3xf32>) -> (tensor<1x8x3x3xf32>, tensor<1x8x3x3xf32>) {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %a = scf.for %i = %c0 to %c4 step %c1 iter_args(%sum = %init) -> tensor<1x8x3x3xf32> {
    %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x5x5xf32>, tensor<8x4x3x3xf32>) outs(%sum : tensor<1x8x3x3xf32>) -> tensor<1x8x3x3xf32>
    scf.yield %r : tensor<1x8x3x3xf32>
  }
  %empty = tensor.empty() : tensor<1x8x3x3xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x8x3x3xf32>) -> tensor<1x8x3x3xf32>
  %b = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x5x5xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x3x3xf32>) -> tensor<1x8x3x3xf32>
  return %a, %b : tensor<1x8x3x3xf32>, tensor<1x8x3x3xf32>
}

// -----

// A model that transposes by itself: nothing is left of it.
// CHECK-LABEL: func.func @around(
// CHECK-NOT:     permutation = [0, 3
// CHECK:         linalg.conv_2d_nhwc_fhwc {{.*}} ins(%{{.*}}, %{{.*}} : tensor<1x5x5x4xf32>, tensor<8x3x3x4xf32>)
// CHECK-NEXT:    return
func.func @around(%x: tensor<1x5x5x4xf32>, %w: tensor<8x4x3x3xf32>) -> tensor<1x3x3x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<1x4x5x5xf32>
  %t = linalg.transpose ins(%x : tensor<1x5x5x4xf32>) outs(%e0 : tensor<1x4x5x5xf32>) permutation = [0, 3, 1, 2]
  %e1 = tensor.empty() : tensor<1x8x3x3xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%e1 : tensor<1x8x3x3xf32>) -> tensor<1x8x3x3xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%t, %w : tensor<1x4x5x5xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x3x3xf32>) -> tensor<1x8x3x3xf32>
  %e2 = tensor.empty() : tensor<1x3x3x8xf32>
  %back = linalg.transpose ins(%r : tensor<1x8x3x3xf32>) outs(%e2 : tensor<1x3x3x8xf32>) permutation = [0, 2, 3, 1]
  return %back : tensor<1x3x3x8xf32>
}

// -----

// Tensors with an encoding stay as they are.
// CHECK-LABEL: func.func @encoded(
// CHECK:         linalg.conv_2d_nchw_fchw
func.func @encoded(%x: tensor<1x4x5x5xf32>, %w: tensor<8x4x3x3xf32>, %init: tensor<1x8x3x3xf32, "e">) -> tensor<1x8x3x3xf32, "e"> {
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x5x5xf32>, tensor<8x4x3x3xf32>) outs(%init : tensor<1x8x3x3xf32, "e">) -> tensor<1x8x3x3xf32, "e">
  return %r : tensor<1x8x3x3xf32, "e">
}

// -----

// Groups stay together, in their layout.
// CHECK-LABEL: func.func @grouped(
// CHECK-NOT:     linalg.transpose
// CHECK:         linalg.conv_2d_ngchw_gfchw
// CHECK-NOT:     linalg.transpose
// CHECK:         return
func.func @grouped(%x: tensor<1x2x8x6x6xf32>, %w: tensor<2x4x8x3x3xf32>) -> tensor<1x2x4x4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x2x4x4x4xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x2x4x4x4xf32>) -> tensor<1x2x4x4x4xf32>
  %r = linalg.conv_2d_ngchw_gfchw ins(%x, %w : tensor<1x2x8x6x6xf32>, tensor<2x4x8x3x3xf32>) outs(%fill : tensor<1x2x4x4x4xf32>) -> tensor<1x2x4x4x4xf32>
  return %r : tensor<1x2x4x4x4xf32>
}
