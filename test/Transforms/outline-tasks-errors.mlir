// RUN: chameleon-opt %s --split-input-file --verify-diagnostics --chameleon-outline-tasks="constant-args=none" -o /dev/null

#map = affine_map<(d0) -> (d0)>
func.func @dynamic(%x: tensor<?xf32>) -> tensor<?xf32> {
  // expected-remark @below {{left untuned: its shapes are dynamic}}
  %a = linalg.generic {indexing_maps = [#map], iterator_types = ["parallel"]} outs(%x : tensor<?xf32>) {
  ^bb0(%out: f32):
    %n = arith.negf %out : f32
    linalg.yield %n : f32
  } -> tensor<?xf32>
  return %a : tensor<?xf32>
}

// -----

// A model may declare anything; a computation that calls it is not run for tuning.

func.func private @system(f32) -> f32
#map = affine_map<(d0) -> (d0)>
func.func @foreign(%x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-remark @below {{left untuned: its body has func.call, which a task may not have}}
  %a = linalg.generic {indexing_maps = [#map], iterator_types = ["parallel"]} outs(%x : tensor<8xf32>) {
  ^bb0(%out: f32):
    %n = func.call @system(%out) : (f32) -> f32
    linalg.yield %n : f32
  } -> tensor<8xf32>
  return %a : tensor<8xf32>
}

// -----

#map = affine_map<(d0, d1) -> (d0, d1)>
func.func @no_elements(%x: tensor<0x4xf32>) -> tensor<0x4xf32> {
  // expected-remark @below {{left untuned: it has a loop without iterations}}
  %a = linalg.generic {indexing_maps = [#map], iterator_types = ["parallel", "parallel"]} outs(%x : tensor<0x4xf32>) {
  ^bb0(%out: f32):
    %n = arith.negf %out : f32
    linalg.yield %n : f32
  } -> tensor<0x4xf32>
  return %a : tensor<0x4xf32>
}

// -----

module {
  // expected-remark @below {{left untuned: a module inside the module}}
  module @inner {
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      return %x : tensor<4xf32>
    }
  }
}

// -----

// A vector of i1 is packed into bits, a tensor of them is not: a schedule would compute something else.

#map = affine_map<(d0) -> (d0)>
func.func @bits(%x: tensor<32xi1>) -> tensor<32xi1> {
  // expected-remark @below {{left untuned: it has tensors of elements that do not fill bytes}}
  %a = linalg.generic {indexing_maps = [#map], iterator_types = ["parallel"]} outs(%x : tensor<32xi1>) {
  ^bb0(%out: i1):
    %n = arith.xori %out, %out : i1
    linalg.yield %n : i1
  } -> tensor<32xi1>
  return %a : tensor<32xi1>
}

// -----

#id = affine_map<(d0) -> (d0)>
#even = affine_map<(d0) -> (2 * d0)>
func.func @strided(%x: tensor<8xf32>, %init: tensor<16xf32>) -> tensor<16xf32> {
  // expected-remark @below {{left untuned: its result is not indexed by plain loops}}
  %a = linalg.generic {indexing_maps = [#id, #even], iterator_types = ["parallel"]} ins(%x : tensor<8xf32>) outs(%init : tensor<16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %n = arith.negf %in : f32
    linalg.yield %n : f32
  } -> tensor<16xf32>
  return %a : tensor<16xf32>
}
