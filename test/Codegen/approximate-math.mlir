// RUN: chameleon-opt %s --chameleon-approximate-math | FileCheck %s

// CHECK-LABEL: func @vectors(
// CHECK-NOT:     math.exp
// CHECK-NOT:     math.erf
// CHECK:         math.fma
// CHECK-NOT:     math.tanh
func.func @vectors(%x: vector<16xf32>, %h: vector<16xf16>) -> (vector<16xf32>, vector<16xf32>, vector<16xf16>) {
  %0 = math.exp %x : vector<16xf32>
  %1 = math.erf %x : vector<16xf32>
  %2 = math.tanh %h : vector<16xf16>
  return %0, %1, %2 : vector<16xf32>, vector<16xf32>, vector<16xf16>
}

// Scalars and f64 are left to libm, square roots to the processor.
// CHECK-LABEL: func @left(
// CHECK:         math.exp {{.*}} : f32
// CHECK:         math.exp {{.*}} : vector<8xf64>
// CHECK:         math.rsqrt
func.func @left(%x: f32, %y: vector<8xf64>, %z: vector<16xf32>) -> (f32, vector<8xf64>, vector<16xf32>) {
  %0 = math.exp %x : f32
  %1 = math.exp %y : vector<8xf64>
  %2 = math.rsqrt %z : vector<16xf32>
  return %0, %1, %2 : f32, vector<8xf64>, vector<16xf32>
}

// Small constant powers are products and roots, vectors or not.
// CHECK-LABEL: func @powers(
// CHECK-SAME:    %[[X:.*]]: vector<16xf32>, %[[S:.*]]: f32, %[[E:.*]]: vector<16xi64>)
// CHECK:         %[[SQUARE:.*]] = arith.mulf %[[X]], %[[X]]
// CHECK:         arith.mulf %[[SQUARE]], %[[X]]
// CHECK:         arith.mulf %[[S]], %[[S]] : f32
// CHECK:         math.sqrt %[[X]]
// CHECK:         math.fpowi %[[X]], %[[E]]
func.func @powers(%x: vector<16xf32>, %s: f32, %e: vector<16xi64>) -> (vector<16xf32>, f32, vector<16xf32>, vector<16xf32>) {
  %c3 = arith.constant dense<3> : vector<16xi64>
  %c2 = arith.constant 2.0 : f32
  %ch = arith.constant dense<0.5> : vector<16xf32>
  %0 = math.fpowi %x, %c3 : vector<16xf32>, vector<16xi64>
  %1 = math.powf %s, %c2 : f32
  %2 = math.powf %x, %ch : vector<16xf32>
  %3 = math.fpowi %x, %e : vector<16xf32>, vector<16xi64>
  return %0, %1, %2, %3 : vector<16xf32>, f32, vector<16xf32>, vector<16xf32>
}
