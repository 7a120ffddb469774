// RUN: chameleon-opt %s --chameleon-print-space="threads=2" -o %t.mlir 2>&1 | FileCheck %s
// RUN: FileCheck %s --check-prefix=OUT --input-file=%t.mlir
// RUN: chameleon-opt %s --chameleon-print-space -o /dev/null 2>&1 | FileCheck %s --check-prefix=ONE
// RUN: not chameleon-opt %s --chameleon-print-space="threads=0" -o /dev/null 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: chameleon-opt --chameleon-list-schedules | FileCheck %s --check-prefix=LIST
// RUN: chameleon-opt --version | FileCheck %s --check-prefix=VERSION

// CHECK: matmul m=8 n=64 k=16
// CHECK: schedule @cpu_matmul, {{.*}} configurations, {{.*}} % valid
// CHECK: mr tile of m
// CHECK: nr vector of n
// CHECK: rejects {{.*}} %: sums
// CHECK: default mr=
// On one thread there is nothing to open about blocks that run in parallel.
// CHECK: conv_2d_nchw_fchw oc=64
// CHECK: ob tile of oc 64{{$}}
// CHECK-NEXT: pruned 32: blocks of output channels are for several threads
// CHECK: conv_2d_nchw_fchw oc=128
// CHECK: ob tile of oc 32 64 128{{$}}
// CHECK-NOT: pruned 32
// ONE-COUNT-2: pruned 32{{.*}}: blocks of output channels are for several threads
// OUT-COUNT-1: chameleon.threads
// OUT-NOT: chameleon.threads
// NONE: error: chameleon-print-space: expected threads to be 1 to 1024, but got 0
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

func.func @convolutions(%x: tensor<1x16x9x9xf32>, %w: tensor<64x16x3x3xf32> {chameleon.constant}, %v: tensor<128x16x3x3xf32> {chameleon.constant})
    -> (tensor<1x64x7x7xf32>, tensor<1x128x7x7xf32>) {
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<1x64x7x7xf32>
  %f0 = linalg.fill ins(%zero : f32) outs(%e0 : tensor<1x64x7x7xf32>) -> tensor<1x64x7x7xf32>
  %a = linalg.conv_2d_nchw_fchw {chameleon.threads = 1} ins(%x, %w : tensor<1x16x9x9xf32>, tensor<64x16x3x3xf32>)
    outs(%f0 : tensor<1x64x7x7xf32>) -> tensor<1x64x7x7xf32>
  %e1 = tensor.empty() : tensor<1x128x7x7xf32>
  %f1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<1x128x7x7xf32>) -> tensor<1x128x7x7xf32>
  %b = linalg.conv_2d_nchw_fchw ins(%x, %v : tensor<1x16x9x9xf32>, tensor<128x16x3x3xf32>)
    outs(%f1 : tensor<1x128x7x7xf32>) -> tensor<1x128x7x7xf32>
  return %a, %b : tensor<1x64x7x7xf32>, tensor<1x128x7x7xf32>
}
