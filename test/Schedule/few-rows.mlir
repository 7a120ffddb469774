// RUN: chameleon-opt %s --chameleon-apply="in-process=true constant-args=0-3" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 2>&1 | FileCheck %s --check-prefix=BENCH

// Few rows: with less than a vector of columns, whatever their number, there are blocks of rows with enough sums to hide the latency of an
// addition; several panels side by side meet a single block of four rows.

// REMARKS-NOT:   {{trying what comes next|left as plain ops}}
// CHECK-NOT:     linalg.matmul
// CHECK-LABEL:   func.func private @chameleon_task_3(
// CHECK:           scf.for %{{.*}} = %{{.*}} to %{{.*}} step %c3
// CHECK-NOT:     linalg.matmul
// BENCH:         before {{.*}} [naive]
// BENCH:         outputs agree
#panels = #chameleon.space<@cpu_matmul, knobs = [#chameleon.tile<"mr", values = [4]>, #chameleon.tile<"panels", values = [3]>]>
func.func @main(%w_11: tensor<40x7xf32>, %w_13: tensor<40x7xf32>, %w_21: tensor<40x7xf32>, %w_panels: tensor<40x300xf32>, %x_11: tensor<11x40xf32>, %x_13: tensor<13x40xf32>, %x_21: tensor<21x40xf32>, %x_panels: tensor<4x40xf32>)
    -> (tensor<11x7xf32>, tensor<13x7xf32>, tensor<21x7xf32>, tensor<4x300xf32>) {
  %zero = arith.constant 0.0 : f32
  %empty_11 = tensor.empty() : tensor<11x7xf32>
  %fill_11 = linalg.fill ins(%zero : f32) outs(%empty_11 : tensor<11x7xf32>) -> tensor<11x7xf32>
  %r_11 = linalg.matmul ins(%x_11, %w_11 : tensor<11x40xf32>, tensor<40x7xf32>) outs(%fill_11 : tensor<11x7xf32>) -> tensor<11x7xf32>
  %empty_13 = tensor.empty() : tensor<13x7xf32>
  %fill_13 = linalg.fill ins(%zero : f32) outs(%empty_13 : tensor<13x7xf32>) -> tensor<13x7xf32>
  %r_13 = linalg.matmul ins(%x_13, %w_13 : tensor<13x40xf32>, tensor<40x7xf32>) outs(%fill_13 : tensor<13x7xf32>) -> tensor<13x7xf32>
  %empty_21 = tensor.empty() : tensor<21x7xf32>
  %fill_21 = linalg.fill ins(%zero : f32) outs(%empty_21 : tensor<21x7xf32>) -> tensor<21x7xf32>
  %r_21 = linalg.matmul ins(%x_21, %w_21 : tensor<21x40xf32>, tensor<40x7xf32>) outs(%fill_21 : tensor<21x7xf32>) -> tensor<21x7xf32>
  %empty_panels = tensor.empty() : tensor<4x300xf32>
  %fill_panels = linalg.fill ins(%zero : f32) outs(%empty_panels : tensor<4x300xf32>) -> tensor<4x300xf32>
  %r_panels = linalg.matmul {chameleon.space = #panels} ins(%x_panels, %w_panels : tensor<4x40xf32>, tensor<40x300xf32>) outs(%fill_panels : tensor<4x300xf32>) -> tensor<4x300xf32>
  return %r_11, %r_13, %r_21, %r_panels : tensor<11x7xf32>, tensor<13x7xf32>, tensor<21x7xf32>, tensor<4x300xf32>
}
