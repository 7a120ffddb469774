// RUN: chameleon-opt %s --split-input-file --verify-diagnostics --chameleon-lower-to-llvm

func.func @complex(%x: tensor<8xcomplex<f32>>) -> tensor<8xcomplex<f32>> {
  %empty = tensor.empty() : tensor<8xcomplex<f32>>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : tensor<8xcomplex<f32>>) outs(%empty : tensor<8xcomplex<f32>>) {
  ^bb0(%a: complex<f32>, %o: complex<f32>):
    // expected-error @below {{cannot be lowered to the LLVM dialect}}
    %p = complex.mul %a, %a : complex<f32>
    linalg.yield %p : complex<f32>
  } -> tensor<8xcomplex<f32>>
  return %r : tensor<8xcomplex<f32>>
}
