// Candidates that crash, return wrong numbers or do not apply are counted, and the session ends well.

// RUN: rm -rf %t && mkdir %t
// RUN: chameleon-opt %s --auto-tune="budget-seconds=60 strategy=grid cost-model=none sampler=all schedules=%S/Inputs/misbehaving.mlir database=%t/tune.db" -o %t/tuned.mlir 2>%t/log
// RUN: FileCheck %s --input-file=%t/tuned.mlir
// RUN: FileCheck %s --input-file=%t/log --check-prefix=LOG
// RUN: chameleon-db %t/tune.db --json | FileCheck %s --check-prefix=DB

// CHECK: chameleon.config = #chameleon.config<@misbehaving, {how = "right", tile = {{[48]}}}>
// LOG: failures: transform-failed 2, run-crashed 2, wrong-result 2
// DB-DAG: "transform-failed": 2
// DB-DAG: "run-crashed": 2
// DB-DAG: "wrong-result": 2

func.func @main(%x: tensor<64x32xf32>, %w: tensor<32x48xf32>) -> tensor<64x48xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<64x48xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<64x48xf32>) -> tensor<64x48xf32>
  %a = linalg.matmul ins(%x, %w : tensor<64x32xf32>, tensor<32x48xf32>) outs(%fill : tensor<64x48xf32>) -> tensor<64x48xf32>
  return %a : tensor<64x48xf32>
}
