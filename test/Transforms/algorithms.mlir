// A schedule that offers algorithms: its space, what a session makes of it, and what is left in the IR.

// RUN: chameleon-opt %s --chameleon-print-space="schedules=%S/Inputs/algorithms.mlir" -o /dev/null 2>&1 | FileCheck %s --check-prefix=SPACE
// SPACE: schedule @algorithms, 8 configurations
// SPACE: algorithm  choice         rows blocks
// SPACE-NEXT: pruned loose: only where numerics are fast
// SPACE-NEXT: pruned image: expected a loop 'ow' in the task's root, but it has: m, n, k
// SPACE-NEXT: mr tile of m 4 8 where algorithm=rows
// SPACE-NEXT: mb tile of m 4 8 16 where algorithm=blocks
// SPACE-NEXT: nb tile of n 8 16 where algorithm=blocks
// SPACE-NEXT: rejects {{.*}} %: blocks are large
// SPACE-NEXT: default algorithm=rows mr=4
// SPACE-NEXT: also first algorithm=blocks mb=8 nb=8

// A session knows its numerics, as what is printed or applied is accurate: "loose" is not among the candidates.
// RUN: rm -rf %t && mkdir %t
// RUN: chameleon-opt %s --auto-tune="dry-run=true schedules=%S/Inputs/algorithms.mlir numerics=fast" -o /dev/null 2>&1 | FileCheck %s --check-prefix=FAST
// RUN: chameleon-opt %s --auto-tune="dry-run=true schedules=%S/Inputs/algorithms.mlir" -o %t/dry.mlir 2>&1 | FileCheck %s --check-prefix=ACCURATE
// RUN: FileCheck %s --input-file=%t/dry.mlir --check-prefix=CLEAN --implicit-check-not=chameleon.numerics
// FAST: matmul {{.*}} algorithms 10
// ACCURATE: matmul {{.*}} algorithms 8
// CLEAN: linalg.matmul

// The workers build the same space; a configuration names the knobs of its algorithm only.
// RUN: chameleon-opt %s --auto-tune="budget-seconds=60 budget-measurements=8 strategy=grid cost-model=none sampler=all schedules=%S/Inputs/algorithms.mlir database=%t/tune.db" -o %t/tuned.mlir 2>%t/log
// RUN: FileCheck %s --input-file=%t/tuned.mlir --check-prefix=TUNED --implicit-check-not=chameleon.numerics
// RUN: FileCheck %s --input-file=%t/log --check-prefix=LOG
// RUN: chameleon-opt %t/tuned.mlir --chameleon-apply="in-process=true schedules=%S/Inputs/algorithms.mlir" -o /dev/null 2>&1 | FileCheck %s --check-prefix=APPLIED --allow-empty
// TUNED: chameleon.config = #chameleon.config<@algorithms, {algorithm = "{{rows", mr = [48]|blocks", mb = [0-9]+, nb = [0-9]+}}}>
// LOG: failures: none
// APPLIED-NOT: remark

func.func @main(%x: tensor<64x32xf32>, %w: tensor<32x48xf32>) -> tensor<64x48xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x48xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x48xf32>) -> tensor<64x48xf32>
  %a = linalg.matmul ins(%x, %w : tensor<64x32xf32>, tensor<32x48xf32>) outs(%fill : tensor<64x48xf32>) -> tensor<64x48xf32>
  return %a : tensor<64x48xf32>
}
