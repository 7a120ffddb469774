// RUN: chameleon-opt %s --chameleon-print-space -o %t.mlir 2>&1 | FileCheck %s
// RUN: FileCheck %s --input-file=%t.mlir --check-prefix=CLEAN --implicit-check-not='numerics = "accurate"'
// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.applied.mlir
// RUN: FileCheck %s --input-file=%t.applied.mlir --check-prefix=APPLIED

// What is not tuned is accurate unless it says otherwise: of Winograd's forms the one for two outputs, 4 x 4 points, even where a larger one lies
// nearer to the sizes that the schedule prefers. An op that says fast may have any; no mark stays behind.

// CHECK:       conv_2d_nchw_fchw oc=128 oh=112 ow=112 ic=64
// CHECK:       default algorithm=winograd {{.*}}outputs=2
// CHECK:       conv_2d_nchw_fchw oc=96 oh=112 ow=112 ic=64
// CHECK-NOT:   rejects {{[1-9].*}}they need numerics=fast
// CHECK:       default algorithm=winograd
// CLEAN:       chameleon.numerics = "fast"
// APPLIED:     func.func private @chameleon_task_0
// APPLIED-NOT: tensor<36x
// APPLIED:     tensor<16x
// APPLIED-NOT: tensor<36x
// APPLIED:     func.func private @chameleon_task_1
func.func @main(%x: tensor<1x64x114x114xf32>, %w: tensor<128x64x3x3xf32>, %v: tensor<96x64x3x3xf32>) -> (tensor<1x128x112x112xf32>, tensor<1x96x112x112xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x128x112x112xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x128x112x112xf32>) -> tensor<1x128x112x112xf32>
  %a = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x64x114x114xf32>, tensor<128x64x3x3xf32>) outs(%fill : tensor<1x128x112x112xf32>) -> tensor<1x128x112x112xf32>
  %other = tensor.empty() : tensor<1x96x112x112xf32>
  %filled = linalg.fill ins(%zero : f32) outs(%other : tensor<1x96x112x112xf32>) -> tensor<1x96x112x112xf32>
  %b = linalg.conv_2d_nchw_fchw {chameleon.numerics = "fast"}
    ins(%x, %v : tensor<1x64x114x114xf32>, tensor<96x64x3x3xf32>) outs(%filled : tensor<1x96x112x112xf32>) -> tensor<1x96x112x112xf32>
  return %a, %b : tensor<1x128x112x112xf32>, tensor<1x96x112x112xf32>
}
