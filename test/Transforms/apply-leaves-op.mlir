// RUN: chameleon-opt %s --chameleon-outline-tasks | sed 's/chameleon.root/chameleon.root, chameleon.config = #chameleon.config<@cpu_elementwise, {cols = 16, form = "loops", rows = 1}>/' > %t.mlir
// RUN: FileCheck %s --check-prefix=TUNED --input-file=%t.mlir
// RUN: chameleon-opt %t.mlir --chameleon-apply -o %t.applied.mlir
// RUN: FileCheck %s --input-file=%t.applied.mlir
// RUN: mlir-opt %t.applied.mlir -o /dev/null

// A schedule may leave the op for plain loops: nothing of ours stays on it, so that any mlir-opt can go on.

// TUNED: chameleon.config
// CHECK-NOT: chameleon.config
// CHECK-NOT: chameleon.root
// CHECK:     linalg.generic
// CHECK-NOT: chameleon.config
// CHECK-NOT: chameleon.root
func.func @main(%x: tensor<512xf32>, %y: tensor<512xf32>) -> tensor<512xf32> {
  %empty = tensor.empty() : tensor<512xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x, %y : tensor<512xf32>, tensor<512xf32>) outs(%empty : tensor<512xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<512xf32>
  return %0 : tensor<512xf32>
}
