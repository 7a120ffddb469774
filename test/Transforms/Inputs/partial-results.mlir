// What partial-results.mlir computes, said by insertions.
func.func @main(%x: tensor<64xf32>, %init: tensor<130xf32>, %wide: tensor<64x3xf32>) -> (tensor<130xf32>, tensor<130xf32>, tensor<64x3xf32>) {
  %empty = tensor.empty() : tensor<64xf32>
  %neg = linalg.negf ins(%x : tensor<64xf32>) outs(%empty : tensor<64xf32>) -> tensor<64xf32>
  %square = linalg.mul ins(%x, %x : tensor<64xf32>, tensor<64xf32>) outs(%empty : tensor<64xf32>) -> tensor<64xf32>
  %double = linalg.add ins(%x, %x : tensor<64xf32>, tensor<64xf32>) outs(%empty : tensor<64xf32>) -> tensor<64xf32>
  %strided = tensor.insert_slice %neg into %init[0] [64] [2] : tensor<64xf32> into tensor<130xf32>
  %shifted = tensor.insert_slice %square into %strided[3] [64] [1] : tensor<64xf32> into tensor<130xf32>
  %second = tensor.insert_slice %double into %wide[0, 1] [64, 1] [1, 1] : tensor<64xf32> into tensor<64x3xf32>
  return %strided, %shifted, %second : tensor<130xf32>, tensor<130xf32>, tensor<64x3xf32>
}
