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

// -----

// expected-error @+1 {{expected tensors with elements, but argument 0 is 'tensor<8x0xf32>'}}
func.func @no_elements(%x: tensor<8x0xf32>) -> tensor<4xf32> {
  %r = tensor.empty() : tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

module {
  // expected-error @+1 {{expected all functions in the outermost module}}
  module @inner {
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      return %x : tensor<4xf32>
    }
  }
}
