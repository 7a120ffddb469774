// RUN: chameleon-opt %s --chameleon-apply -o %t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 | FileCheck %s

// A short constant is in the code of a task with its numbers, though the file has them among its resources, as exporters write weights.

// CHECK: outputs agree
#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d1)>
func.func @main(%x: tensor<32x4xf32>) -> tensor<32x4xf32> {
  %c = arith.constant dense_resource<scale> : tensor<4xf32>
  %e = tensor.empty() : tensor<32x4xf32>
  %0 = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %c : tensor<32x4xf32>, tensor<4xf32>) outs(%e : tensor<32x4xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %y = arith.mulf %a, %b : f32
    linalg.yield %y : f32
  } -> tensor<32x4xf32>
  return %0 : tensor<32x4xf32>
}

{-#
  dialect_resources: {
    builtin: {
      scale: "0x040000000000803F000000400000404000008040"
    }
  }
#-}
