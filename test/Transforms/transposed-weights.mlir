// RUN: chameleon-opt %s --split-input-file --chameleon-outline-tasks 2>/dev/null | FileCheck %s
// RUN: chameleon-opt %s --split-input-file --chameleon-apply="in-process=true" 2>/dev/null | FileCheck %s --check-prefix=APPLY
// RUN: chameleon-opt %s --split-input-file --chameleon-outline-tasks="constant-args=none" 2>/dev/null | FileCheck %s --check-prefix=NONE

// A transpose of weights is no task: init does it. Where somebody reads the weights as they are, too, init hands on both.
// CHECK-LABEL: func.func @main(
// CHECK-SAME:    %[[W:[a-z0-9]*]]: tensor<8x3x3xf32> {chameleon.constant}
// CHECK:         %[[T:.*]] = linalg.transpose ins(%[[W]] : {{.*}} {chameleon.constant_pack}
// CHECK:         call @chameleon_task_0(%{{.*}}, %[[T]],
// CHECK:         call @chameleon_task_1(%{{.*}}, %[[W]],
// CHECK:         func.func private @chameleon_task_0(%{{.*}}: tensor<1x6x6x8xf32>, %{{.*}}: tensor<3x3x8xf32> {chameleon.constant}
// CHECK-NOT:     linalg.transpose
// APPLY-LABEL: func.func @chameleon_init(%{{.*}}: tensor<8x3x3xf32>) -> (tensor<3x3x8xf32>, tensor<8x3x3xf32>)
// APPLY:         func.func @chameleon_main(%{{.*}}: tensor<1x6x6x8xf32>, %{{.*}}: tensor<1x8x6x6xf32>, %{{.*}}: tensor<3x3x8xf32>, %{{.*}}: tensor<8x3x3xf32>)
// What is not said to be constant is transposed by a task, in every call.
// NONE-LABEL:  func.func @main(
// NONE-NOT:      chameleon.constant
// NONE-COUNT-3:  call @chameleon_task_
func.func @main(%x: tensor<1x6x6x8xf32>, %y: tensor<1x8x6x6xf32>, %w: tensor<8x3x3xf32>) -> (tensor<1x4x4x8xf32>, tensor<1x8x4x4xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x3x8xf32>
  %t = linalg.transpose ins(%w : tensor<8x3x3xf32>) outs(%e : tensor<3x3x8xf32>) permutation = [1, 2, 0]
  %e0 = tensor.empty() : tensor<1x4x4x8xf32>
  %f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  %a = linalg.depthwise_conv_2d_nhwc_hwc ins(%x, %t : tensor<1x6x6x8xf32>, tensor<3x3x8xf32>) outs(%f0 : tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  %e1 = tensor.empty() : tensor<1x8x4x4xf32>
  %f1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  %b = linalg.depthwise_conv_2d_nchw_chw ins(%y, %w : tensor<1x8x6x6xf32>, tensor<8x3x3xf32>) outs(%f1 : tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  return %a, %b : tensor<1x4x4x8xf32>, tensor<1x8x4x4xf32>
}

// -----

// In a loop, and of buffers: nothing is marked.
// CHECK-LABEL: func.func @loop(
// CHECK-NOT:     chameleon.constant_pack
// CHECK-LABEL: func.func @buffers(
// CHECK:         linalg.transpose ins(%{{.*}} : memref<4x8xf32>)
// CHECK-NOT:     chameleon.constant_pack
func.func @loop(%x: tensor<1x6x6x8xf32>, %w: tensor<8x3x3xf32>, %init: tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %r = scf.for %i = %c0 to %c4 step %c1 iter_args(%sum = %init) -> tensor<1x4x4x8xf32> {
    %e = tensor.empty() : tensor<3x3x8xf32>
    %t = linalg.transpose ins(%w : tensor<8x3x3xf32>) outs(%e : tensor<3x3x8xf32>) permutation = [1, 2, 0]
    %a = linalg.depthwise_conv_2d_nhwc_hwc ins(%x, %t : tensor<1x6x6x8xf32>, tensor<3x3x8xf32>) outs(%sum : tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
    scf.yield %a : tensor<1x4x4x8xf32>
  }
  return %r : tensor<1x4x4x8xf32>
}
func.func @buffers(%a: memref<4x8xf32>, %b: memref<8x4xf32>) {
  linalg.transpose ins(%a : memref<4x8xf32>) outs(%b : memref<8x4xf32>) permutation = [1, 0]
  return
}

// -----

// A part of weights that is transposed for one op, and read as it is by another: init takes the whole, and hands it on.
// CHECK-LABEL: func.func @part(
// CHECK-SAME:    %[[W:[a-z0-9]*]]: tensor<2x8x3x3xf32> {chameleon.constant}
// CHECK:         %[[S:.*]] = tensor.extract_slice %[[W]][1, 0, 0, 0]
// CHECK:         %[[T:.*]] = linalg.transpose ins(%[[S]] : {{.*}} {chameleon.constant_pack}
// APPLY-LABEL: func.func @chameleon_init(%{{.*}}: tensor<2x8x3x3xf32>) -> (tensor<3x3x8xf32>, tensor<2x8x3x3xf32>)
// APPLY:         func.func @chameleon_main(%{{.*}}: tensor<1x6x6x8xf32>, %{{.*}}: tensor<1x8x6x6xf32>, %{{.*}}: tensor<3x3x8xf32>, %{{.*}}: tensor<2x8x3x3xf32>)
// APPLY:         tensor.extract_slice
func.func @part(%x: tensor<1x6x6x8xf32>, %y: tensor<1x8x6x6xf32>, %w: tensor<2x8x3x3xf32>) -> (tensor<1x4x4x8xf32>, tensor<1x8x4x4xf32>) {
  %zero = arith.constant 0.0 : f32
  %s = tensor.extract_slice %w[1, 0, 0, 0] [1, 8, 3, 3] [1, 1, 1, 1] : tensor<2x8x3x3xf32> to tensor<8x3x3xf32>
  %e = tensor.empty() : tensor<3x3x8xf32>
  %t = linalg.transpose ins(%s : tensor<8x3x3xf32>) outs(%e : tensor<3x3x8xf32>) permutation = [1, 2, 0]
  %e0 = tensor.empty() : tensor<1x4x4x8xf32>
  %f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  %a = linalg.depthwise_conv_2d_nhwc_hwc ins(%x, %t : tensor<1x6x6x8xf32>, tensor<3x3x8xf32>) outs(%f0 : tensor<1x4x4x8xf32>) -> tensor<1x4x4x8xf32>
  %e1 = tensor.empty() : tensor<1x8x4x4xf32>
  %f1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  %b = linalg.depthwise_conv_2d_nchw_chw ins(%y, %s : tensor<1x8x6x6xf32>, tensor<8x3x3xf32>) outs(%f1 : tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  return %a, %b : tensor<1x4x4x8xf32>, tensor<1x8x4x4xf32>
}

// -----

// Slices that matmuls read may be heads of an attention, and a slice may lie anywhere: neither is taken for weights.
// CHECK-LABEL: func.func @heads(
// CHECK-NOT:     chameleon.constant
// CHECK:         return
// CHECK-LABEL: func.func @anywhere(
// CHECK-NOT:     chameleon.constant
// CHECK:         return
func.func @heads(%q: tensor<8x16xf32>, %k: tensor<2x16x8xf32>) -> tensor<8x8xf32> {
  %zero = arith.constant 0.0 : f32
  %head = tensor.extract_slice %k[1, 0, 0] [1, 16, 8] [1, 1, 1] : tensor<2x16x8xf32> to tensor<16x8xf32>
  %e = tensor.empty() : tensor<8x8xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  %r = linalg.matmul ins(%q, %head : tensor<8x16xf32>, tensor<16x8xf32>) outs(%f : tensor<8x8xf32>) -> tensor<8x8xf32>
  return %r : tensor<8x8xf32>
}
func.func @anywhere(%x: tensor<1x8x6x6xf32>, %w: tensor<2x8x3x3xf32>, %i: index) -> tensor<1x8x4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %s = tensor.extract_slice %w[%i, 0, 0, 0] [1, 8, 3, 3] [1, 1, 1, 1] : tensor<2x8x3x3xf32> to tensor<8x3x3xf32>
  %e = tensor.empty() : tensor<1x8x4x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  %r = linalg.depthwise_conv_2d_nchw_chw ins(%x, %s : tensor<1x8x6x6xf32>, tensor<8x3x3xf32>) outs(%f : tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  return %r : tensor<1x8x4x4xf32>
}
