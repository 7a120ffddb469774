// RUN: chameleon-opt %s --chameleon-normalize | FileCheck %s

// A comparison with an f64 that f32 has, too, is one of f32.

#id = affine_map<(d0) -> (d0)>
// CHECK-LABEL: func.func @infinity(
func.func @infinity(%x: tensor<8xf32>) -> tensor<8xf32> {
  // CHECK: %[[INF:.*]] = arith.constant 0xFF800000 : f32
  // CHECK: ^bb0(%[[IN:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: arith.cmpf oeq, %[[IN]], %[[INF]] : f32
  %inf = arith.constant 0xFFF0000000000000 : f64
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %wide = arith.extf %in : f32 to f64
    %c = arith.cmpf oeq, %wide, %inf : f64
    %s = arith.select %c, %one, %in : f32
    linalg.yield %s : f32
  } -> tensor<8xf32>
  return %r : tensor<8xf32>
}

// The order of the operands and the flags stay.

// CHECK-LABEL: func.func @constant_first(
func.func @constant_first(%x: tensor<8xf32>) -> tensor<8xf32> {
  // CHECK: %[[HALF:.*]] = arith.constant 5.000000e-01 : f32
  // CHECK: ^bb0(%[[IN:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: arith.cmpf ult, %[[HALF]], %[[IN]] fastmath<ninf> : f32
  %half = arith.constant 0.5 : f64
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %wide = arith.extf %in : f32 to f64
    %c = arith.cmpf ult, %half, %wide fastmath<ninf> : f64
    %s = arith.select %c, %one, %in : f32
    linalg.yield %s : f32
  } -> tensor<8xf32>
  return %r : tensor<8xf32>
}

// f32 has neither 0.1 nor 1e300: an f32 may lie between the constant and what it would be rounded to.

// CHECK-LABEL: func.func @not_in_f32(
func.func @not_in_f32(%x: tensor<8xf32>) -> tensor<8xf32> {
  // CHECK: arith.cmpf ogt, %{{.*}} : f64
  // CHECK: arith.cmpf olt, %{{.*}} : f64
  %tenth = arith.constant 0.1 : f64
  %huge = arith.constant 1.0e+300 : f64
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<8xf32>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %wide = arith.extf %in : f32 to f64
    %c = arith.cmpf ogt, %wide, %tenth : f64
    %d = arith.cmpf olt, %wide, %huge : f64
    %s = arith.select %c, %one, %in : f32
    %t = arith.select %d, %s, %one : f32
    linalg.yield %t : f32
  } -> tensor<8xf32>
  return %r : tensor<8xf32>
}

// Nor is a comparison of what was f64 before made one of f32.

// CHECK-LABEL: func.func @of_f64(
func.func @of_f64(%x: tensor<8xf64>) -> tensor<8xf64> {
  // CHECK: arith.cmpf ogt, %{{.*}} : f64
  %one = arith.constant 1.0 : f64
  %e = tensor.empty() : tensor<8xf64>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<8xf64>) outs(%e : tensor<8xf64>) {
  ^bb0(%in: f64, %out: f64):
    %c = arith.cmpf ogt, %in, %one : f64
    %s = arith.select %c, %one, %in : f64
    linalg.yield %s : f64
  } -> tensor<8xf64>
  return %r : tensor<8xf64>
}
