func.func private @a(%c: i1, %x: tensor<4xf32>) -> tensor<4xf32> {
  %r = scf.if %c -> tensor<4xf32> {
    %b = func.call @b(%c, %x) : (i1, tensor<4xf32>) -> tensor<4xf32>
    scf.yield %b : tensor<4xf32>
  } else {
    scf.yield %x : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}
func.func private @b(%c: i1, %x: tensor<4xf32>) -> tensor<4xf32> {
  %r = func.call @a(%c, %x) : (i1, tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %false = arith.constant false
  %r = call @a(%false, %x) : (i1, tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}
