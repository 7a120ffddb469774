// RUN: not chameleon-opt %s --chameleon-outline-tasks="constant-args=1,x" 2>&1 | FileCheck %s --check-prefix=SYNTAX
// RUN: not chameleon-opt %s --chameleon-outline-tasks="constant-args=0-7" 2>&1 | FileCheck %s --check-prefix=RANGE
// RUN: chameleon-opt %s --chameleon-outline-tasks="constant-args=0" | FileCheck %s
// RUN: chameleon-opt %s --chameleon-outline-tasks 2>&1 | FileCheck %s --check-prefix=AUTO

// SYNTAX: error: {{.*}}expected constant-args to be 'auto', 'none' or positions such as '1,2-5', but got '1,x'
// RANGE: error: {{.*}}expected positions below 2 in constant-args, but got 7
// CHECK: @main(%{{.*}}: tensor<8x16xf32> {chameleon.constant}, %{{.*}}: tensor<16x16xf32>)
// AUTO: remark: taken as constant over calls (weights), packed once by @chameleon_init: argument 1;
func.func @main(%x: tensor<8x16xf32>, %w: tensor<16x16xf32>) -> tensor<8x16xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<8x16xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x16xf32>) -> tensor<8x16xf32>
  %a = linalg.matmul ins(%x, %w : tensor<8x16xf32>, tensor<16x16xf32>) outs(%fill : tensor<8x16xf32>) -> tensor<8x16xf32>
  return %a : tensor<8x16xf32>
}
