// A model that has a function @chameleon_init itself keeps it; its constants are packed within the entry.

// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir 2>%t.log
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: FileCheck %s --input-file=%t.log --check-prefix=LOG
// RUN: chameleon-bench %s %t.mlir --samples=3 | FileCheck %s --check-prefix=BENCH

// LOG: remark: constants stay where they are used: the model has a function @chameleon_init of its own
// BENCH: outputs agree

// CHECK: func.func @chameleon_init(%{{.*}}: tensor<4xf32>) -> tensor<4xf32>
// CHECK-NOT: @chameleon_main
func.func @chameleon_init(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
// CHECK-LABEL: func.func @main(
// CHECK: call @chameleon_task_0_init
// CHECK: call @chameleon_task_0(
func.func @main(%x: tensor<8x16xf32>, %w: tensor<16x64xf32>) -> tensor<8x64xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<8x64xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x64xf32>) -> tensor<8x64xf32>
  %a = linalg.matmul ins(%x, %w : tensor<8x16xf32>, tensor<16x64xf32>) outs(%fill : tensor<8x64xf32>) -> tensor<8x64xf32>
  return %a : tensor<8x64xf32>
}
