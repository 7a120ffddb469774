// Small enough to be measured to the end of its space.
func.func @main(%x: tensor<64x256xf32>, %y: tensor<64x256xf32>) -> tensor<64x256xf32> {
  %empty = tensor.empty() : tensor<64x256xf32>
  %square = linalg.mul ins(%x, %y : tensor<64x256xf32>, tensor<64x256xf32>) outs(%empty : tensor<64x256xf32>) -> tensor<64x256xf32>
  return %square : tensor<64x256xf32>
}
