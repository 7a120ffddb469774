// RUN: chameleon-opt %s --chameleon-lower-vectors --verify-diagnostics

// expected-error @+1 {{expected chameleon.vector_lowering to name a known strategy for reduction, but got "fastest"}}
func.func @unknown(%x: vector<2x16xf32>, %acc: vector<2xf32>) -> vector<2xf32> attributes {chameleon.vector_lowering = {reduction = "fastest"}} {
  %0 = vector.multi_reduction <add>, %x, %acc [1] : vector<2x16xf32> to vector<2xf32>
  return %0 : vector<2xf32>
}
