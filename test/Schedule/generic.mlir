// RUN: chameleon-opt %s --chameleon-apply="in-process=true constant-args=none" 2>&1 | FileCheck %s
// RUN: chameleon-opt %s --chameleon-apply="in-process=true constant-args=none" | chameleon-opt --chameleon-lower-to-llvm -o /dev/null

// CHECK-NOT: left as plain ops

// A row of A times a B that is not constant: cpu_gemv.
// CHECK-LABEL: func.func private @chameleon_task_0(
// CHECK-NOT:     linalg.
// CHECK:         vector.transfer_read {{.*}} vector<{{8x[0-9]+}}xf32>
// CHECK-NOT:     linalg.
// CHECK:         return
func.func @gemv(%x: tensor<1x64xf32>, %w: tensor<64x128xf32>) -> tensor<1x128xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x128xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x128xf32>) -> tensor<1x128xf32>
  %a = linalg.matmul ins(%x, %w : tensor<1x64xf32>, tensor<64x128xf32>) outs(%fill : tensor<1x128xf32>) -> tensor<1x128xf32>
  return %a : tensor<1x128xf32>
}

// A sum along contiguous elements: partial sums, then one number.
// CHECK-LABEL: func.func private @chameleon_task_1(
// CHECK-NOT:     linalg.
// CHECK:         vector.reduction <add>
// CHECK-NOT:     linalg.
// CHECK:         return
func.func @rows(%x: tensor<6x200xf32>) -> tensor<6xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<6xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<6xf32>) -> tensor<6xf32>
  %r = linalg.reduce ins(%x : tensor<6x200xf32>) outs(%fill : tensor<6xf32>) dimensions = [1]
    (%a: f32, %b: f32) {
      %s = arith.addf %a, %b : f32
      linalg.yield %s : f32
    }
  return %r : tensor<6xf32>
}

// A sum across rows has no horizontal step.
// CHECK-LABEL: func.func private @chameleon_task_2(
// CHECK-NOT:     vector.reduction
// CHECK:         arith.addf %{{.*}} : vector<
// CHECK-NOT:     vector.reduction
// CHECK:         return
func.func @columns(%x: tensor<6x200xf32>) -> tensor<200xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<200xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<200xf32>) -> tensor<200xf32>
  %r = linalg.reduce ins(%x : tensor<6x200xf32>) outs(%fill : tensor<200xf32>) dimensions = [0]
    (%a: f32, %b: f32) {
      %s = arith.addf %a, %b : f32
      linalg.yield %s : f32
    }
  return %r : tensor<200xf32>
}

// A transposition in registers.
// CHECK-LABEL: func.func private @chameleon_task_3(
// CHECK-NOT:     linalg.
// CHECK:         vector.transpose
// CHECK-NOT:     linalg.
// CHECK:         return
func.func @transpose(%x: tensor<40x24xf32>) -> tensor<24x40xf32> {
  %empty = tensor.empty() : tensor<24x40xf32>
  %t = linalg.transpose ins(%x : tensor<40x24xf32>) outs(%empty : tensor<24x40xf32>) permutation = [1, 0]
  return %t : tensor<24x40xf32>
}

// Max pooling of stride 2 behind a pad: whole reads and shuffles.
// CHECK-LABEL: func.func private @chameleon_task_4(
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.pool
// CHECK:         vector.shuffle
// CHECK:         arith.maximumf %{{.*}} : vector<
// CHECK-NOT:     linalg.pool
// CHECK:         return
func.func @pool(%x: tensor<1x3x32x32xf32>) -> tensor<1x3x16x16xf32> {
  %low = arith.constant 0xFF800000 : f32
  %p = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 0, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %low : f32
  } : tensor<1x3x32x32xf32> to tensor<1x3x33x33xf32>
  %window = tensor.empty() : tensor<3x3xf32>
  %empty = tensor.empty() : tensor<1x3x16x16xf32>
  %fill = linalg.fill ins(%low : f32) outs(%empty : tensor<1x3x16x16xf32>) -> tensor<1x3x16x16xf32>
  %r = linalg.pooling_nchw_max {strides = dense<2> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%p, %window : tensor<1x3x33x33xf32>, tensor<3x3xf32>) outs(%fill : tensor<1x3x16x16xf32>) -> tensor<1x3x16x16xf32>
  return %r : tensor<1x3x16x16xf32>
}

// A contraction in a layout of its own.
// CHECK-LABEL: func.func private @chameleon_task_5(
// CHECK-NOT:     linalg.
// CHECK:         scf.for
// CHECK-NOT:     linalg.
// CHECK:         return
func.func @contraction(%x: tensor<24x4x16xf32>, %w: tensor<4x24x32xf32>) -> tensor<16x4x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<16x4x32xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<16x4x32xf32>) -> tensor<16x4x32xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(m, b, n, k) -> (k, b, m)>, affine_map<(m, b, n, k) -> (b, k, n)>, affine_map<(m, b, n, k) -> (m, b, n)>],
                       iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<24x4x16xf32>, tensor<4x24x32xf32>) outs(%fill : tensor<16x4x32xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<16x4x32xf32>
  return %r : tensor<16x4x32xf32>
}
