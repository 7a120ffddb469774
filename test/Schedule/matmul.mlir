// RUN: chameleon-opt %s --chameleon-apply="in-process=true" | FileCheck %s
// RUN: chameleon-opt %s --chameleon-apply="in-process=true" | chameleon-opt --chameleon-lower-to-llvm -o /dev/null
// RUN: chameleon-opt %s --chameleon-apply="in-process=true constant-args=none" | FileCheck %s --check-prefix=RUNTIME

// A constant B is packed apart; the sums of a block of rows stay in registers over k.
// How many depends on the registers.

// CHECK-LABEL: func.func private @chameleon_task_0_init(
// CHECK:         linalg.generic {{.*}} attrs = {chameleon.constant_pack}
// CHECK-LABEL: func.func private @chameleon_task_0(
// CHECK-NOT:     linalg.
// CHECK:         %{{.*}}:{{[0-9]+}} = scf.for {{.*}} -> (vector<[[LANES:[0-9]+]]xf32>, vector<[[LANES]]xf32>,
// CHECK-COUNT-5:   vector.broadcast %{{.*}} to vector<[[LANES]]xf32>
// CHECK-NOT:     linalg.
// CHECK:         return

// A B that is not constant is packed by loops of the task.
// RUNTIME-LABEL: func.func private @chameleon_task_0(
// RUNTIME-NOT:     linalg.
// RUNTIME:         return
func.func @matmul(%x: tensor<13x24xf32>, %w: tensor<24x64xf32>) -> tensor<13x64xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<13x64xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<13x64xf32>) -> tensor<13x64xf32>
  %a = linalg.matmul ins(%x, %w : tensor<13x24xf32>, tensor<24x64xf32>) outs(%fill : tensor<13x64xf32>) -> tensor<13x64xf32>
  return %a : tensor<13x64xf32>
}

// The matrices of a batch may run in parallel. Blocks of rows are made even.
// CHECK-LABEL: func.func private @chameleon_task_1(
// CHECK-NOT:     linalg.
// CHECK:         scf.forall
// CHECK:           %{{.*}}:{{[0-9]+}} = scf.for {{.*}} -> (vector<
// CHECK-NOT:     linalg.
// CHECK:         return
func.func @batch(%x: tensor<2x16x24xf32>, %w: tensor<2x24x64xf32>) -> tensor<2x16x64xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x16x64xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x16x64xf32>) -> tensor<2x16x64xf32>
  %a = linalg.batch_matmul ins(%x, %w : tensor<2x16x24xf32>, tensor<2x24x64xf32>) outs(%fill : tensor<2x16x64xf32>) -> tensor<2x16x64xf32>
  return %a : tensor<2x16x64xf32>
}

// bf16 times bf16 into f32: extended on the way.
// CHECK-LABEL: func.func private @chameleon_task_2(
// CHECK-NOT:     linalg.
// CHECK:         xbf16>
// CHECK-NOT:     linalg.
// CHECK:         return
func.func @mixed(%x: tensor<16x24xbf16>, %w: tensor<24x64xbf16>) -> tensor<16x64xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<16x64xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<16x64xf32>) -> tensor<16x64xf32>
  %a = linalg.matmul ins(%x, %w : tensor<16x24xbf16>, tensor<24x64xbf16>) outs(%fill : tensor<16x64xf32>) -> tensor<16x64xf32>
  return %a : tensor<16x64xf32>
}
