// The first of four elements is NaN, whatever the input.
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %nan = arith.constant dense<[0x7FC00000, 1.0, 1.0, 1.0]> : tensor<4xf32>
  %e = tensor.empty() : tensor<4xf32>
  %r = linalg.mul ins(%x, %nan : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
