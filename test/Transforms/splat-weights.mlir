// Weights of one number throughout are weights like others: packed before the call, and no part of the task.

// RUN: chameleon-opt %s --chameleon-outline-tasks | FileCheck %s
// RUN: chameleon-opt %s --chameleon-channels-last | FileCheck %s --check-prefix=LAST
// RUN: chameleon-opt %s --pass-pipeline="builtin.module(func.func(chameleon-normalize))" | FileCheck %s --check-prefix=NORMAL
// RUN: chameleon-opt %s --chameleon-channels-last --chameleon-apply="in-process=true" -o %t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 2>&1 | FileCheck %s --check-prefix=BENCH

// CHECK:     func.func private @chameleon_task_0(%{{.*}}: tensor<1x16x9x9xf32>, %{{.*}}: tensor<16x16x3x3xf32> {chameleon.constant}
// CHECK-NOT: dense<
// CHECK:     func.func private @chameleon_task_1(%{{.*}}: tensor<1x16x7x7xf32>, %{{.*}}: tensor<16x16x1x1xf32> {chameleon.constant}
// CHECK-NOT: dense<1.250000e-01>
// The bias is not packed: it stays where it is read.
// CHECK:     dense<2.500000e-01>

// LAST-DAG: dense<5.000000e-01> : tensor<16x3x3x16xf32>
// LAST-DAG: dense<1.250000e-01> : tensor<16x1x1x16xf32>

// NORMAL-DAG: dense<1.250000e-01> : tensor<16x16x1x1xf32>
// NORMAL-NOT: linalg.transpose
// BENCH: outputs agree
#nchw = affine_map<(n, f, h, w) -> (n, f, h, w)>
#channel = affine_map<(n, f, h, w) -> (f)>
func.func @main(%x: tensor<1x16x9x9xf32>) -> tensor<1x16x7x7xf32> {
  %zero = arith.constant 0.0 : f32
  %weights = arith.constant dense<0.5> : tensor<16x16x3x3xf32>
  %points = arith.constant dense<0.125> : tensor<1x1x16x16xf32>
  %bias = arith.constant dense<0.25> : tensor<16xf32>
  %transposed_init = tensor.empty() : tensor<16x16x1x1xf32>
  %transposed = linalg.transpose ins(%points : tensor<1x1x16x16xf32>) outs(%transposed_init : tensor<16x16x1x1xf32>) permutation = [3, 2, 0, 1]
  %empty = tensor.empty() : tensor<1x16x7x7xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x16x7x7xf32>) -> tensor<1x16x7x7xf32>
  %first = linalg.conv_2d_nchw_fchw ins(%x, %weights : tensor<1x16x9x9xf32>, tensor<16x16x3x3xf32>) outs(%fill : tensor<1x16x7x7xf32>) -> tensor<1x16x7x7xf32>
  %second = linalg.conv_2d_nchw_fchw ins(%first, %transposed : tensor<1x16x7x7xf32>, tensor<16x16x1x1xf32>) outs(%fill : tensor<1x16x7x7xf32>) -> tensor<1x16x7x7xf32>
  %sum = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%second, %bias : tensor<1x16x7x7xf32>, tensor<16xf32>) outs(%empty : tensor<1x16x7x7xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x16x7x7xf32>
  return %sum : tensor<1x16x7x7xf32>
}
