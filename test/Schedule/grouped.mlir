// RUN: chameleon-opt %s --chameleon-apply=in-process=true -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 2>&1 | FileCheck %s --check-prefix=BENCH

// Grouped convolutions run as dense ones, group by group: one task for all groups, whose weights are parts of one argument, packed by
// @chameleon_init. Through reshapes, as torch-mlir writes them, with a pad, a bias and a maximum; weights with the group in the second place;
// two images; channels innermost.

// REMARKS:       taken as constant over calls (weights), packed once by @chameleon_init: arguments 1, 4, 6
// REMARKS-NOT:   {{trying what comes next|left as plain ops}}
// CHECK-LABEL:   func.func @chameleon_init(
// CHECK:         call @[[FIRST:chameleon_task_[0-9]+]]_init(
// CHECK:         call @[[FIRST]]_init(
// CHECK:         call @[[SECOND:chameleon_task_[0-9]+]]_init(
// CHECK-COUNT-2: call @[[SECOND]]_init(
// CHECK:         call @[[LAST:chameleon_task_[0-9]+]]_init(
// CHECK:         call @[[LAST]]_init(
// CHECK-NOT:     _init(
// CHECK-LABEL:   func.func @chameleon_main(
// CHECK-COUNT-2: call @[[FIRST]](
// CHECK-NOT:     linalg.conv
// BENCH:         before {{.*}} [naive]
// BENCH:         outputs agree
func.func @main(%x: tensor<1x32x7x9xf32>, %w: tensor<40x16x3x3xf32>, %bias: tensor<40xf32>,
                %y: tensor<2x3x16x8x18xf32>, %v: tensor<8x3x16x2x2xf32>,
                %z: tensor<1x9x9x2x16xf32>, %u: tensor<2x20x3x3x16xf32>)
    -> (tensor<1x40x7x9xf32>, tensor<2x3x8x7x17xf32>, tensor<1x4x4x2x20xf32>) {
  %zero = arith.constant 0.0 : f32
  %pad = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x32x7x9xf32> to tensor<1x32x9x11xf32>
  %e0 = tensor.empty() : tensor<1x40x7x9xf32>
  %init = linalg.broadcast ins(%bias : tensor<40xf32>) outs(%e0 : tensor<1x40x7x9xf32>) dimensions = [0, 2, 3]
  %gx = tensor.expand_shape %pad [[0], [1, 2], [3], [4]] output_shape [1, 2, 16, 9, 11] : tensor<1x32x9x11xf32> into tensor<1x2x16x9x11xf32>
  %gw = tensor.expand_shape %w [[0, 1], [2], [3], [4]] output_shape [2, 20, 16, 3, 3] : tensor<40x16x3x3xf32> into tensor<2x20x16x3x3xf32>
  %gi = tensor.expand_shape %init [[0], [1, 2], [3], [4]] output_shape [1, 2, 20, 7, 9] : tensor<1x40x7x9xf32> into tensor<1x2x20x7x9xf32>
  %g = linalg.conv_2d_ngchw_gfchw ins(%gx, %gw : tensor<1x2x16x9x11xf32>, tensor<2x20x16x3x3xf32>) outs(%gi : tensor<1x2x20x7x9xf32>) -> tensor<1x2x20x7x9xf32>
  %flat = tensor.collapse_shape %g [[0], [1, 2], [3], [4]] : tensor<1x2x20x7x9xf32> into tensor<1x40x7x9xf32>
  %e1 = tensor.empty() : tensor<1x40x7x9xf32>
  %relu = linalg.elementwise kind=#linalg.elementwise_kind<max_signed> ins(%flat, %init : tensor<1x40x7x9xf32>, tensor<1x40x7x9xf32>) outs(%e1 : tensor<1x40x7x9xf32>) -> tensor<1x40x7x9xf32>

  %e2 = tensor.empty() : tensor<2x3x8x7x17xf32>
  %f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<2x3x8x7x17xf32>) -> tensor<2x3x8x7x17xf32>
  %second = linalg.conv_2d_ngchw_fgchw ins(%y, %v : tensor<2x3x16x8x18xf32>, tensor<8x3x16x2x2xf32>) outs(%f2 : tensor<2x3x8x7x17xf32>) -> tensor<2x3x8x7x17xf32>

  %e3 = tensor.empty() : tensor<1x4x4x2x20xf32>
  %f3 = linalg.fill ins(%zero : f32) outs(%e3 : tensor<1x4x4x2x20xf32>) -> tensor<1x4x4x2x20xf32>
  %last = linalg.conv_2d_nhwgc_gfhwc {dilations = dense<1> : tensor<2xi64>, strides = dense<2> : tensor<2xi64>} ins(%z, %u : tensor<1x9x9x2x16xf32>, tensor<2x20x3x3x16xf32>) outs(%f3 : tensor<1x4x4x2x20xf32>) -> tensor<1x4x4x2x20xf32>
  return %relu, %second, %last : tensor<1x40x7x9xf32>, tensor<2x3x8x7x17xf32>, tensor<1x4x4x2x20xf32>
}
