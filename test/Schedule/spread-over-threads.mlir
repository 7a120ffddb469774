// Defaults leave work for the threads that will run a task: here in blocks of output channels, since there are seven rows.

// RUN: chameleon-opt %s --chameleon-print-space="threads=1" -o /dev/null 2>&1 | FileCheck %s --check-prefix=ONE
// RUN: chameleon-opt %s --chameleon-print-space="threads=2" -o /dev/null 2>&1 | FileCheck %s --check-prefix=TWO
// RUN: chameleon-opt %s --chameleon-apply="in-process=true threads=2" | FileCheck %s --check-prefix=APPLIED
// RUN: not chameleon-opt %s --chameleon-apply="threads=-1" 2>&1 | FileCheck %s --check-prefix=NUMBER
// ONE:     default {{.*}}ob=64{{ }}
// TWO:     default {{.*}}ob=32{{ }}
// APPLIED: scf.forall ({{.*}}) in (2)
// NUMBER:  chameleon-apply: expected threads to be 0 to 1024, but got -1
func.func @main(%x: tensor<1x32x9x9xf32>, %w: tensor<64x32x3x3xf32>) -> tensor<1x64x7x7xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x64x7x7xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x64x7x7xf32>) -> tensor<1x64x7x7xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x32x9x9xf32>, tensor<64x32x3x3xf32>) outs(%fill : tensor<1x64x7x7xf32>) -> tensor<1x64x7x7xf32>
  return %r : tensor<1x64x7x7xf32>
}
