// RUN: chameleon-opt %s --chameleon-print-space -o /dev/null 2>&1 | FileCheck %s
// RUN: chameleon-opt --chameleon-list-schedules | FileCheck %s --check-prefix=LIST
// RUN: chameleon-opt --version | FileCheck %s --check-prefix=VERSION

// CHECK: matmul m=8 n=64 k=16
// CHECK: schedule @cpu_matmul, {{.*}} configurations, {{.*}} % valid
// CHECK: mr tile of m
// CHECK: nr vector of n
// CHECK: rejects {{.*}} %: sums
// CHECK: default mr=
// LIST: @cpu_conv_nchw  for linalg.conv_2d_nchw_fchw
// LIST: @cpu_matmul  for linalg.matmul
// VERSION: chameleon-opt {{.*}} (LLVM 22

func.func @main(%x: tensor<8x16xf32>, %w: tensor<16x64xf32>) -> tensor<8x64xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<8x64xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<8x64xf32>) -> tensor<8x64xf32>
  %a = linalg.matmul ins(%x, %w : tensor<8x16xf32>, tensor<16x64xf32>) outs(%fill : tensor<8x64xf32>) -> tensor<8x64xf32>
  return %a : tensor<8x64xf32>
}
