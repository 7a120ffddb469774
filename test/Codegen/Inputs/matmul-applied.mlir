// The second argument is a constant that is transposed once.
func.func @chameleon_init(%b: tensor<32x32xf32>) -> tensor<32x32xf32> attributes {chameleon.constants = array<i64: 1>} {
  %e = tensor.empty() : tensor<32x32xf32>
  %t = linalg.transpose ins(%b : tensor<32x32xf32>) outs(%e : tensor<32x32xf32>) permutation = [1, 0]
  return %t : tensor<32x32xf32>
}
func.func @chameleon_main(%a: tensor<32x32xf32>, %b: tensor<32x32xf32>) -> tensor<32x32xf32> attributes {chameleon.constants = array<i64: 1>} {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<32x32xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<32x32xf32>) -> tensor<32x32xf32>
  %m = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
      ins(%a, %b : tensor<32x32xf32>, tensor<32x32xf32>) outs(%f : tensor<32x32xf32>) -> tensor<32x32xf32>
  return %m : tensor<32x32xf32>
}
