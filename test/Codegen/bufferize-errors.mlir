// RUN: chameleon-opt %s --chameleon-bufferize --verify-diagnostics --split-input-file

// expected-error @+1 {{expected static shapes, but argument 0 is 'tensor<?xf32>'}}
func.func @dynamic(%x: tensor<?xf32>) -> tensor<?xf32> {
  return %x : tensor<?xf32>
}

// -----

// expected-error @+1 {{expected static shapes, but result 0 is 'tensor<?xf32>'}}
func.func @result(%x: tensor<4xf32>) -> tensor<?xf32> {
  %r = tensor.cast %x : tensor<4xf32> to tensor<?xf32>
  return %r : tensor<?xf32>
}
