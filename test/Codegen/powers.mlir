// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 2>&1 | FileCheck %s
// RUN: not chameleon-bench %s %t.mlir --samples=3 --entry=asserted 2>&1 | FileCheck %s --check-prefix=ASSERT

// Powers of whole and of broken exponents, constant or not, in vectors and in plain loops; a lookup whose index an exporter guards.

// CHECK:     [naive]
// CHECK:     [scheduled]
// CHECK:     outputs agree
// CHECK-NOT: beware
#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d1)>
func.func @main(%x: tensor<16x40xf32>, %e: tensor<40xi64>, %y: tensor<16x40xf32>, %n: tensor<16x40xi32>)
    -> (tensor<16x40xf32>, tensor<16x40xf32>, tensor<16x40xf32>, tensor<16x40xf32>, tensor<16x40xi32>, tensor<16x40xf32>) {
  %c3 = arith.constant 3 : i64
  %c4 = arith.constant 4 : i32
  %c0 = arith.constant 0 : index
  %two = arith.constant 2.0 : f32
  %i = tensor.empty() : tensor<16x40xf32>
  %ni = tensor.empty() : tensor<16x40xi32>
  %cube = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<16x40xf32>) outs(%i : tensor<16x40xf32>) {
  ^bb0(%a: f32, %o: f32):
    %p = math.fpowi %a, %c3 : f32, i64
    linalg.yield %p : f32
  } -> tensor<16x40xf32>
  %power = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %e : tensor<16x40xf32>, tensor<40xi64>) outs(%i : tensor<16x40xf32>) {
  ^bb0(%a: f32, %b: i64, %o: f32):
    %p = math.fpowi %a, %b : f32, i64
    linalg.yield %p : f32
  } -> tensor<16x40xf32>
  %square = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<16x40xf32>) outs(%i : tensor<16x40xf32>) {
  ^bb0(%a: f32, %o: f32):
    %p = math.powf %a, %two : f32
    linalg.yield %p : f32
  } -> tensor<16x40xf32>
  %real = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%x, %y : tensor<16x40xf32>, tensor<16x40xf32>) outs(%i : tensor<16x40xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %q = math.absf %a : f32
    %p = math.powf %q, %b : f32
    linalg.yield %p : f32
  } -> tensor<16x40xf32>
  %whole = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%n : tensor<16x40xi32>) outs(%ni : tensor<16x40xi32>) {
  ^bb0(%a: i32, %o: i32):
    %p = math.ipowi %a, %c4 : i32
    linalg.yield %p : i32
  } -> tensor<16x40xi32>
  %lookup = func.call @lookup(%x, %c0) : (tensor<16x40xf32>, index) -> tensor<16x40xf32>
  return %cube, %power, %square, %real, %whole, %lookup
      : tensor<16x40xf32>, tensor<16x40xf32>, tensor<16x40xf32>, tensor<16x40xf32>, tensor<16x40xi32>, tensor<16x40xf32>
}

// A wrong index ends the child process that runs this, and nobody else.
// ASSERT: error: running {{.*}} failed: {{.*}}SIGABRT
func.func @asserted(%x: tensor<16x40xf32>) -> tensor<16x40xf32> {
  %c16 = arith.constant 16 : index
  %0 = func.call @lookup(%x, %c16) : (tensor<16x40xf32>, index) -> tensor<16x40xf32>
  return %0 : tensor<16x40xf32>
}

func.func private @lookup(%table: tensor<16x40xf32>, %row: index) -> tensor<16x40xf32> {
  %c16 = arith.constant 16 : index
  %i = tensor.empty() : tensor<16x40xf32>
  %0 = linalg.generic {indexing_maps = [#id], iterator_types = ["parallel", "parallel"]} outs(%i : tensor<16x40xf32>) {
  ^bb0(%o: f32):
    %column = linalg.index 1 : index
    %inside = arith.cmpi slt, %row, %c16 : index
    cf.assert %inside, "index must be smaller than dim size"
    %element = tensor.extract %table[%row, %column] : tensor<16x40xf32>
    linalg.yield %element : f32
  } -> tensor<16x40xf32>
  return %0 : tensor<16x40xf32>
}
