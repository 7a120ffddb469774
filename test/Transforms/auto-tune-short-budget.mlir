// RUN: chameleon-opt %s --auto-tune="budget-seconds=0.01" -o %t.mlir 2>&1 | FileCheck %s
// RUN: FileCheck %s --check-prefix=OUT --input-file=%t.mlir

// A budget that is over before anything is measured is no failure, but nobody shall take its output for tuned.

// CHECK: not reached in the budget: 
// CHECK: warning: no candidate was measured in the 0.01 s that the budget leaves for it; budget-seconds=120 is a good start for a network
// OUT: func.func @main
// OUT-NOT: chameleon.config
func.func @main(%x: tensor<13x24xf32>, %w: tensor<24x64xf32>) -> tensor<13x64xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<13x64xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<13x64xf32>) -> tensor<13x64xf32>
  %a = linalg.matmul ins(%x, %w : tensor<13x24xf32>, tensor<24x64xf32>) outs(%fill : tensor<13x64xf32>) -> tensor<13x64xf32>
  return %a : tensor<13x64xf32>
}
