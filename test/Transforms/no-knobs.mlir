// A schedule without open knobs has one configuration: it is measured as the default, chosen, remembered and applied.

// RUN: rm -rf %t && mkdir %t
// RUN: chameleon-opt %s --chameleon-print-space="schedules=%S/Inputs/no-knobs.mlir" -o /dev/null 2>&1 | FileCheck %s --check-prefix=SPACE
// RUN: chameleon-opt %s --auto-tune="budget-seconds=30 schedules=%S/Inputs/no-knobs.mlir database=%t/tune.db" -o %t/tuned.mlir 2>%t/log
// RUN: FileCheck %s --input-file=%t/tuned.mlir
// RUN: FileCheck %s --input-file=%t/log --check-prefix=LOG
// RUN: chameleon-opt %s --auto-tune="schedules=%S/Inputs/no-knobs.mlir database=%t/tune.db" -o %t/again.mlir 2>&1 | FileCheck %s --check-prefix=AGAIN
// RUN: diff %t/tuned.mlir %t/again.mlir
// RUN: chameleon-opt %s --chameleon-lookup="schedules=%S/Inputs/no-knobs.mlir database=%t/tune.db" -o %t/lookup.mlir
// RUN: diff %t/tuned.mlir %t/lookup.mlir
// RUN: chameleon-opt %s --auto-tune="schedules=%S/Inputs/no-knobs.mlir replay=%t/tune.db preset=chameleon-paper" | FileCheck %s
// RUN: chameleon-opt %t/tuned.mlir --chameleon-apply="schedules=%S/Inputs/no-knobs.mlir" | FileCheck %s --check-prefix=APPLIED
// RUN: chameleon-opt %s --chameleon-apply="schedules=%S/Inputs/no-knobs.mlir in-process=true" | FileCheck %s --check-prefix=APPLIED
// RUN: chameleon-db %t/tune.db | FileCheck %s --check-prefix=DB

// SPACE: schedule @settled, 1 configurations, 100.0 % valid
// CHECK: linalg.matmul {chameleon.config = #chameleon.config<@settled, {}>, chameleon.measured = #chameleon.measured<median_ns = {{[0-9]+}}
// LOG: remark: task @chameleon_task_0 (matmul m=64 n=48 k=32) has nothing to search: schedule @settled has no open knob
// LOG: measured 1 candidates in {{.*}} stopped by finished
// LOG: failures: none
// AGAIN: 1 of 1 tasks are in the database
// APPLIED: scf.for
// DB: matmul m=64 n=48 k=32 {{.*}} settled

func.func @main(%x: tensor<64x32xf32>, %w: tensor<32x48xf32>) -> tensor<64x48xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x48xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x48xf32>) -> tensor<64x48xf32>
  %a = linalg.matmul ins(%x, %w : tensor<64x32xf32>, tensor<32x48xf32>) outs(%fill : tensor<64x48xf32>) -> tensor<64x48xf32>
  return %a : tensor<64x48xf32>
}
