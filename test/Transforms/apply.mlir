// RUN: chameleon-opt %s --chameleon-apply="in-process=true" | FileCheck %s
// RUN: chameleon-opt %s --chameleon-apply | FileCheck %s
// RUN: chameleon-opt %s --chameleon-apply | chameleon-opt --chameleon-lower-to-llvm | mlir-translate --mlir-to-llvmir -o /dev/null
// RUN: chameleon-opt %s --chameleon-apply="constant-args=none" | FileCheck %s --check-prefix=NONE
// RUN: chameleon-opt %s --chameleon-apply="inline=true" | FileCheck %s --check-prefix=INLINE

// The packing of weights moves out of the timed call; the entry keeps its signature.

// CHECK-LABEL: func.func @main(
// CHECK-SAME:    %[[X:.*]]: tensor<8x16xf32>, %[[W:.*]]: tensor<16x64xf32> {chameleon.constant}) -> tensor<8x64xf32>
// CHECK:         %[[P:.*]] = call @chameleon_init(%[[W]])
// CHECK:         %[[R:.*]] = call @chameleon_main(%[[X]], %[[P]])
// CHECK:         return %[[R]]
// CHECK-LABEL: func.func @chameleon_init({{.*}}chameleon.constants = array<i64: 1>
// CHECK-LABEL: func.func @chameleon_main({{.*}}chameleon.constants = array<i64: 1>
// CHECK-LABEL: func.func private @chameleon_task_0_init(
// CHECK:         linalg.generic {{.*}} attrs = {chameleon.constant_pack}
// CHECK-LABEL: func.func private @chameleon_task_0(
// CHECK-NOT:     linalg.
// CHECK:         vector.transfer_write

// NONE-NOT: chameleon_init
// NONE-LABEL: func.func private @chameleon_task_0(
// NONE:         vector.transfer_write

// INLINE-NOT: chameleon_task_0(
// INLINE: vector.transfer_write
func.func @main(%x: tensor<8x16xf32>, %w: tensor<16x64xf32>) -> tensor<8x64xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<8x64xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x64xf32>) -> tensor<8x64xf32>
  %a = linalg.matmul ins(%x, %w : tensor<8x16xf32>, tensor<16x64xf32>) outs(%fill : tensor<8x64xf32>) -> tensor<8x64xf32>
  return %a : tensor<8x64xf32>
}
