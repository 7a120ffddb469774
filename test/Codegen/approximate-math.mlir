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
