// How calls find their weights: as the option says, or by what the module has of them.

// RUN: rm -rf %t && mkdir %t && split-file %s %t
// RUN: chameleon-opt %t/large.mlir --auto-tune="dry-run=true" -o /dev/null 2>&1 | FileCheck %s --check-prefix=LARGE
// LARGE: chameleon: constants take 2147 MB, more than half of the last cache
// RUN: chameleon-opt %t/large.mlir --auto-tune="dry-run=true measure-mode=warm" -o /dev/null 2>&1 | FileCheck %s --check-prefix=QUIET
// RUN: chameleon-opt %t/small.mlir --auto-tune="dry-run=true" -o /dev/null 2>&1 | FileCheck %s --check-prefix=QUIET
// QUIET-NOT: constants take
// QUIET:     matmul

// A lookup takes records of the other mode if there are no others, unless it is told which.
// RUN: chameleon-opt %t/small.mlir --auto-tune="budget-seconds=60 budget-measurements=1 measure-mode=cold database=%t/tune.db" -o /dev/null
// RUN: chameleon-opt %t/small.mlir --chameleon-lookup="database=%t/tune.db" | FileCheck %s --check-prefix=FOUND
// RUN: chameleon-opt %t/small.mlir --chameleon-lookup="database=%t/tune.db measure-mode=cold" | FileCheck %s --check-prefix=FOUND
// FOUND: chameleon.config =
// RUN: chameleon-opt %t/small.mlir --chameleon-lookup="database=%t/tune.db measure-mode=warm" 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: is not in '{{.*}}tune.db' for this target, {{.*}}; it was measured with measure-mode 'cold', not 'warm'
// RUN: chameleon-opt %t/small.mlir --chameleon-lookup="database=%t/tune.db threads=2 numerics=strict" 2>&1 | FileCheck %s --check-prefix=OTHERS
// OTHERS: is not in '{{.*}}tune.db' for this target, {{.*}}; it was measured with numerics 'accurate', not 'strict', threads '1', not '2'
// RUN: not chameleon-opt %t/small.mlir --chameleon-lookup="database=%t/tune.db measure-mode=icy" 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: expected auto, warm or cold for measure-mode, but got "icy"

//--- large.mlir
func.func @main(%x: tensor<1x16384xf32>, %w: tensor<16384x32768xf32>) -> tensor<1x32768xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x32768xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x32768xf32>) -> tensor<1x32768xf32>
  %a = linalg.matmul ins(%x, %w : tensor<1x16384xf32>, tensor<16384x32768xf32>) outs(%fill : tensor<1x32768xf32>) -> tensor<1x32768xf32>
  return %a : tensor<1x32768xf32>
}

//--- small.mlir
func.func @main(%x: tensor<96x64xf32>, %w: tensor<64x96xf32>) -> tensor<96x96xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<96x96xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<96x96xf32>) -> tensor<96x96xf32>
  %a = linalg.matmul ins(%x, %w : tensor<96x64xf32>, tensor<64x96xf32>) outs(%fill : tensor<96x96xf32>) -> tensor<96x96xf32>
  return %a : tensor<96x96xf32>
}
