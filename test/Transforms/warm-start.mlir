// A task that was never tuned begins with what was fastest for one of another size.

// RUN: rm -rf %t && mkdir %t && split-file %s %t
// RUN: chameleon-opt %t/large.mlir --auto-tune="budget-seconds=60 budget-measurements=30 strategy=random database=%t/tune.db" -o %t/large.out.mlir 2>%t/large.log
// RUN: FileCheck %s --input-file=%t/large.log --check-prefix=COLD --implicit-check-not=teach
// COLD: measured 30 candidates
//
// The default must not be the fastest, which the small task measures anyway, nor blocks of rows that it has to change.
// RUN: %python %S/Inputs/slow-down.py %t/tune.db
//
// RUN: chameleon-opt %t/small.mlir --auto-tune="budget-seconds=60 budget-measurements=3 database=%t/tune.db" -o %t/small.out.mlir 2>%t/small.log
// RUN: FileCheck %s --input-file=%t/small.log --check-prefix=WARM
// WARM: chameleon: begins with what 30 records of 1 other tasks in the database teach
//
// One of the three is what was fastest for the large one.
// RUN: chameleon-db %t/tune.db --export > %t/tune.json
// RUN: %python %S/Inputs/check-carried.py %t/tune.json
//
// Presets that know one task only are told nothing.
// RUN: chameleon-opt %t/small.mlir --auto-tune="budget-seconds=60 budget-measurements=3 retune=true preset=autotvm-small-plan strategy=random database=%t/tune.db" -o /dev/null 2>%t/alone.log
// RUN: FileCheck %s --input-file=%t/alone.log --check-prefix=ALONE --implicit-check-not=teach
// ALONE: measured

//--- large.mlir
func.func @main(%x: tensor<192x256xf32>, %w: tensor<256x320xf32>) -> tensor<192x320xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<192x320xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<192x320xf32>) -> tensor<192x320xf32>
  %a = linalg.matmul ins(%x, %w : tensor<192x256xf32>, tensor<256x320xf32>) outs(%fill : tensor<192x320xf32>) -> tensor<192x320xf32>
  return %a : tensor<192x320xf32>
}

//--- small.mlir
func.func @main(%x: tensor<96x256xf32>, %w: tensor<256x320xf32>) -> tensor<96x320xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<96x320xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<96x320xf32>) -> tensor<96x320xf32>
  %a = linalg.matmul ins(%x, %w : tensor<96x256xf32>, tensor<256x320xf32>) outs(%fill : tensor<96x320xf32>) -> tensor<96x320xf32>
  return %a : tensor<96x320xf32>
}
