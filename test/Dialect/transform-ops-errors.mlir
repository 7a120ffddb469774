// RUN: chameleon-opt %s --transform-interpreter --split-input-file --verify-diagnostics

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %a = transform.param.constant 24 : i64 -> !transform.param<i64>
    %b = transform.param.constant 7 : i64 -> !transform.param<i64>
    // expected-error @+1 {{configuration violates: the register tile must divide the cache tile}}
    transform.chameleon.require %a, %b {set = affine_set<()[a, b] : (a mod b == 0)>, message = "the register tile must divide the cache tile"}
    transform.yield
  }
}

// -----

// A divisor of 0 counts as violated.
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %a = transform.param.constant 24 : i64 -> !transform.param<i64>
    %b = transform.param.constant 0 : i64 -> !transform.param<i64>
    // expected-error @+1 {{configuration violates: divides}}
    transform.chameleon.require %a, %b {set = affine_set<()[a, b] : (a mod b == 0)>, message = "divides"}
    transform.yield
  }
}

// -----

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %a = transform.param.constant 24 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected one symbol per operand (1), but got 2}}
    transform.chameleon.require %a {set = affine_set<()[a, b] : (a mod b == 0)>, message = "divides"}
    transform.yield
  }
}

// -----

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %a = transform.param.constant 24 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a set of symbols only, but got 1 dimensions}}
    transform.chameleon.require %a {set = affine_set<(d)[a] : (a == 0)>, message = "zero"}
    transform.yield
  }
}

// -----

func.func @no_loop() {
  return
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %f = transform.structured.match ops{["func.func"]} in %m : (!transform.any_op) -> !transform.any_op
    // expected-error @+1 {{expected scf.for, but got func.func}}
    transform.chameleon.peel_remainder %f : !transform.any_op
    transform.yield
  }
}

// -----

func.func @dynamic_trip(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
  }
  return
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %l = transform.structured.match ops{["scf.for"]} in %m : (!transform.any_op) -> !transform.any_op
    // expected-error @+1 {{expected scf.for with constant bounds}}
    transform.chameleon.unroll_fully %l : !transform.any_op
    transform.yield
  }
}

// -----

func.func @nothing_to_tile() {
  return
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %f = transform.structured.match ops{["func.func"]} in %m : (!transform.any_op) -> !transform.any_op
    // expected-error @+1 {{expected an op that can be tiled, but got func.func}}
    %t, %l = transform.chameleon.tile_result %f inner_sizes = [4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @nothing_to_reduce() {
  return
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %f = transform.structured.match ops{["func.func"]} in %m : (!transform.any_op) -> !transform.any_op
    // expected-error @+1 {{expected an op that can be tiled, but got func.func}}
    %t, %l = transform.chameleon.tile_reductions %f inner_sizes = [4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @diagonal(%x: tensor<4x4xf32>, %c: tensor<7xf32>) -> tensor<7xf32> {
  %0 = linalg.generic {chameleon.root, indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i + j)>], iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<4x4xf32>) outs(%c : tensor<7xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  } -> tensor<7xf32>
  return %0 : tensor<7xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %f = transform.structured.match ops{["linalg.generic"]} in %m : (!transform.any_op) -> !transform.any_op
    // expected-error @+1 {{expected an op whose result is indexed by plain loops, but linalg.generic is none}}
    %t, %l = transform.chameleon.tile_result %f inner_sizes = [4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @strided(%x: tensor<1x4x9x9xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw {strides = dense<2> : tensor<2xi64>} ins(%x, %w : tensor<1x4x9x9xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x4x4xf32>) -> tensor<1x8x4x4xf32>
  return %r : tensor<1x8x4x4xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %outputs = transform.param.constant 2 : i64 -> !transform.param<i64>
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %rows = transform.param.constant 4 : i64 -> !transform.param<i64>
    %columns = transform.param.constant 8 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 1 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a 3x3 window of stride 1 and dilation 1}}
    transform.chameleon.winograd %c outputs = %outputs lanes = %lanes rows = %rows columns = %columns steps = %steps : !transform.any_op
    transform.yield
  }
}

// -----

func.func @batch(%x: tensor<2x4x4x4xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<2x8x2x2xf32>) -> tensor<2x8x2x2xf32> {
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<2x4x4x4xf32>, tensor<8x4x3x3xf32>) outs(%out : tensor<2x8x2x2xf32>) -> tensor<2x8x2x2xf32>
  return %r : tensor<2x8x2x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %outputs = transform.param.constant 2 : i64 -> !transform.param<i64>
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %rows = transform.param.constant 4 : i64 -> !transform.param<i64>
    %columns = transform.param.constant 8 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 1 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected one image; tile the batch by 1 before}}
    transform.chameleon.winograd %c outputs = %outputs lanes = %lanes rows = %rows columns = %columns steps = %steps : !transform.any_op
    transform.yield
  }
}

// -----

func.func @runtime_weights(%x: tensor<1x4x4x4xf32>, %w: tensor<8x4x3x3xf32>, %out: tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32> {
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x4xf32>, tensor<8x4x3x3xf32>) outs(%out : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  return %r : tensor<1x8x2x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %outputs = transform.param.constant 2 : i64 -> !transform.param<i64>
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %rows = transform.param.constant 4 : i64 -> !transform.param<i64>
    %columns = transform.param.constant 8 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 1 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected constant weights}}
    transform.chameleon.winograd %c outputs = %outputs lanes = %lanes rows = %rows columns = %columns steps = %steps : !transform.any_op
    transform.yield
  }
}

// -----

func.func @channels_within_a_panel(%x: tensor<1x4x4x4xf32>, %all: tensor<24x4x3x3xf32> {chameleon.constant}, %out: tensor<1x16x2x2xf32>)
    -> tensor<1x16x2x2xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x16x2x2xf32>) -> tensor<1x16x2x2xf32>
  %w = tensor.extract_slice %all[8, 0, 0, 0] [16, 4, 3, 3] [1, 1, 1, 1] : tensor<24x4x3x3xf32> to tensor<16x4x3x3xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x4xf32>, tensor<16x4x3x3xf32>) outs(%fill : tensor<1x16x2x2xf32>) -> tensor<1x16x2x2xf32>
  return %r : tensor<1x16x2x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 2 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 16 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 1 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected output channels from a multiple of 16 on, but got channels from 8 on}}
    transform.chameleon.direct_convolution %c lanes = %lanes pixels = %pixels channels = %channels steps = %steps chunk = %steps : !transform.any_op
    transform.yield
  }
}

// -----

func.func @three_outputs(%x: tensor<1x4x4x4xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x4xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  return %r : tensor<1x8x2x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %outputs = transform.param.constant 3 : i64 -> !transform.param<i64>
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %rows = transform.param.constant 4 : i64 -> !transform.param<i64>
    %columns = transform.param.constant 8 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 1 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected 2, 4 or 6 outputs, but got 3}}
    transform.chameleon.winograd %c outputs = %outputs lanes = %lanes rows = %rows columns = %columns steps = %steps : !transform.any_op
    transform.yield
  }
}

// -----

func.func @channels(%x: tensor<1x6x4x4xf32>, %w: tensor<8x6x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x6x4x4xf32>, tensor<8x6x3x3xf32>) outs(%fill : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  return %r : tensor<1x8x2x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %outputs = transform.param.constant 2 : i64 -> !transform.param<i64>
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %rows = transform.param.constant 4 : i64 -> !transform.param<i64>
    %columns = transform.param.constant 8 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 1 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected the lanes and steps to divide the input channels, and the columns the output channels}}
    transform.chameleon.winograd %c outputs = %outputs lanes = %lanes rows = %rows columns = %columns steps = %steps : !transform.any_op
    transform.yield
  }
}

// -----

func.func @not_from_zeros(%x: tensor<1x4x4x4xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32> {
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x4xf32>, tensor<8x4x3x3xf32>) outs(%out : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  return %r : tensor<1x8x2x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %outputs = transform.param.constant 2 : i64 -> !transform.param<i64>
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %rows = transform.param.constant 4 : i64 -> !transform.param<i64>
    %columns = transform.param.constant 8 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 1 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a sum that starts from zeros}}
    transform.chameleon.winograd %c outputs = %outputs lanes = %lanes rows = %rows columns = %columns steps = %steps : !transform.any_op
    transform.yield
  }
}

// -----

// Both convolutions are looked at before the first one changes.
func.func @empty_image(%x: tensor<1x4x4x4xf32>, %y: tensor<1x4x2x4xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x2xf32>,
                       %none: tensor<1x8x0x2xf32>) -> (tensor<1x8x2x2xf32>, tensor<1x8x0x2xf32>) {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x4xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %s = linalg.conv_2d_nchw_fchw ins(%y, %w : tensor<1x4x2x4xf32>, tensor<8x4x3x3xf32>) outs(%none : tensor<1x8x0x2xf32>) -> tensor<1x8x0x2xf32>
  return %r, %s : tensor<1x8x2x2xf32>, tensor<1x8x0x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %two = transform.param.constant 2 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected tensors of static shape, none of them empty}}
    transform.chameleon.winograd %c outputs = %two lanes = %four rows = %four columns = %four steps = %two : !transform.any_op
    transform.yield
  }
}

// -----

func.func @half_a_vector(%x: tensor<1x4x4x4xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x4xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  return %r : tensor<1x8x2x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 2 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 6 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 1 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a multiple of the 4 lanes, at most 4096, as the width of a register block, but got 6}}
    transform.chameleon.direct_convolution %c lanes = %lanes pixels = %pixels channels = %channels steps = %steps : !transform.any_op
    transform.yield
  }
}

// -----

func.func @three_lanes(%x: tensor<1x4x4x4xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x4xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  return %r : tensor<1x8x2x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 3 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 2 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 6 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 1 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a power of two as lanes, at most 4096, but got 3}}
    transform.chameleon.direct_convolution %c lanes = %lanes pixels = %pixels channels = %channels steps = %steps : !transform.any_op
    transform.yield
  }
}

// -----

func.func @direct_runtime_weights(%x: tensor<1x4x4x4xf32>, %w: tensor<8x4x3x3xf32>, %out: tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x4xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  return %r : tensor<1x8x2x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 2 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 8 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 1 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected constant weights}}
    transform.chameleon.direct_convolution %c lanes = %lanes pixels = %pixels channels = %channels steps = %steps : !transform.any_op
    transform.yield
  }
}

// -----

func.func @two_types(%x: tensor<1x4x4x4xf32>, %w: tensor<8x4x3x3xbf16> {chameleon.constant}, %out: tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x4xf32>, tensor<8x4x3x3xbf16>) outs(%fill : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  return %r : tensor<1x8x2x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 2 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 8 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 1 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected inputs of one type of numbers, and sums of that type or a wider one}}
    transform.chameleon.direct_convolution %c lanes = %lanes pixels = %pixels channels = %channels steps = %steps : !transform.any_op
    transform.yield
  }
}

// -----

func.func @narrow_sums(%x: tensor<1x4x4x4xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x2xbf16>) -> tensor<1x8x2x2xbf16> {
  %zero = arith.constant 0.0 : bf16
  %fill = linalg.fill ins(%zero : bf16) outs(%out : tensor<1x8x2x2xbf16>) -> tensor<1x8x2x2xbf16>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x4xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x2x2xbf16>) -> tensor<1x8x2x2xbf16>
  return %r : tensor<1x8x2x2xbf16>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 2 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 8 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 1 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected inputs of one type of numbers, and sums of that type or a wider one}}
    transform.chameleon.direct_convolution %c lanes = %lanes pixels = %pixels channels = %channels steps = %steps : !transform.any_op
    transform.yield
  }
}

// -----

func.func @uneven_chunks(%x: tensor<1x4x4x4xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x4xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  return %r : tensor<1x8x2x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 2 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 8 : i64 -> !transform.param<i64>
    %steps = transform.param.constant 1 : i64 -> !transform.param<i64>
    %chunk = transform.param.constant 3 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a chunk that divides the 4 input channels, or 0, but got 3}}
    transform.chameleon.direct_convolution %c lanes = %lanes pixels = %pixels channels = %channels steps = %steps chunk = %chunk : !transform.any_op
    transform.yield
  }
}

// -----

func.func @channels_innermost(%x: tensor<1x4x10x4xf32>, %w: tensor<3x3x4x8xf32> {chameleon.constant}, %out: tensor<1x2x8x8xf32>) -> tensor<1x2x8x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x2x8x8xf32>) -> tensor<1x2x8x8xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<1x4x10x4xf32>, tensor<3x3x4x8xf32>) outs(%fill : tensor<1x2x8x8xf32>) -> tensor<1x2x8x8xf32>
  return %r : tensor<1x2x8x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nhwc_hwcf"]} in %m : (!transform.any_op) -> !transform.any_op
    %one = transform.param.constant 1 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected an NCHW/FCHW convolution: columns must be innermost}}
    transform.chameleon.planar_convolution %c lanes = %four pixels = %four channels = %four steps = %one : !transform.any_op
    transform.yield
  }
}

// -----

func.func @every_third_column(%x: tensor<1x4x4x13xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw {strides = dense<[1, 3]> : tensor<2xi64>} ins(%x, %w : tensor<1x4x4x13xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32>
  return %r : tensor<1x8x2x4xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %one = transform.param.constant 1 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a column stride that is a power of two and at most the lanes, but got 3}}
    transform.chameleon.planar_convolution %c lanes = %four pixels = %four channels = %four steps = %one : !transform.any_op
    transform.yield
  }
}

// -----

// A power of two, but more than the lanes.
func.func @every_eighth_column(%x: tensor<1x4x4x27xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw {strides = dense<[1, 8]> : tensor<2xi64>} ins(%x, %w : tensor<1x4x4x27xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32>
  return %r : tensor<1x8x2x4xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %one = transform.param.constant 1 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a column stride that is a power of two and at most the lanes, but got 8}}
    transform.chameleon.planar_convolution %c lanes = %four pixels = %four channels = %four steps = %one : !transform.any_op
    transform.yield
  }
}

// -----

func.func @six_pixels(%x: tensor<1x4x4x10xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x8xf32>) -> tensor<1x8x2x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x8xf32>) -> tensor<1x8x2x8xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x10xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x2x8xf32>) -> tensor<1x8x2x8xf32>
  return %r : tensor<1x8x2x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %one = transform.param.constant 1 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %six = transform.param.constant 6 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a multiple of the 4 lanes, at most 4096, as the width of a register block, but got 6}}
    transform.chameleon.planar_convolution %c lanes = %four pixels = %six channels = %four steps = %one : !transform.any_op
    transform.yield
  }
}

// -----

func.func @no_steps(%x: tensor<1x4x4x10xf32>, %w: tensor<8x4x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x8xf32>) -> tensor<1x8x2x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x8xf32>) -> tensor<1x8x2x8xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x4x4x10xf32>, tensor<8x4x3x3xf32>) outs(%fill : tensor<1x8x2x8xf32>) -> tensor<1x8x2x8xf32>
  return %r : tensor<1x8x2x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %none = transform.param.constant 0 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected channels and steps of at least 1}}
    transform.chameleon.planar_convolution %c lanes = %four pixels = %four channels = %four steps = %none : !transform.any_op
    transform.yield
  }
}

// -----

func.func @two_matrices(%x: tensor<2x4x4xf32>, %w: tensor<2x4x8xf32>, %out: tensor<2x4x8xf32>) -> tensor<2x4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.batch_matmul ins(%x, %w : tensor<2x4x4xf32>, tensor<2x4x8xf32>) outs(%fill : tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %r : tensor<2x4x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %p = transform.structured.match ops{["linalg.batch_matmul"]} in %m : (!transform.any_op) -> !transform.any_op
    %zero = transform.param.constant 0 : i64 -> !transform.param<i64>
    %two = transform.param.constant 2 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %eight = transform.param.constant 8 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a batch of one; tile it by 1 before}}
    transform.chameleon.packed_matmul %p lanes = %four rows = %two columns = %eight steps = %two chunk = %zero rows_outside = %zero in_place = %zero : !transform.any_op
    transform.yield
  }
}

// -----

func.func @six_columns(%x: tensor<4x4xf32>, %w: tensor<4x8xf32>, %out: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<4x8xf32>) -> tensor<4x8xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.matmul ins(%x, %w : tensor<4x4xf32>, tensor<4x8xf32>) outs(%fill : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %p = transform.structured.match ops{["linalg.matmul"]} in %m : (!transform.any_op) -> !transform.any_op
    %zero = transform.param.constant 0 : i64 -> !transform.param<i64>
    %two = transform.param.constant 2 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %six = transform.param.constant 6 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a multiple of the 4 lanes, at most 4096, as the width of a register block, but got 6}}
    transform.chameleon.packed_matmul %p lanes = %four rows = %two columns = %six steps = %two chunk = %zero rows_outside = %zero in_place = %zero : !transform.any_op
    transform.yield
  }
}

// -----

func.func @transposed_in_place(%x: tensor<4x4xf32>, %w: tensor<8x4xf32>, %out: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<4x8xf32>) -> tensor<4x8xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
    ins(%x, %w : tensor<4x4xf32>, tensor<8x4xf32>) outs(%fill : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %p = transform.structured.match ops{["linalg.matmul"]} in %m : (!transform.any_op) -> !transform.any_op
    %zero = transform.param.constant 0 : i64 -> !transform.param<i64>
    %one = transform.param.constant 1 : i64 -> !transform.param<i64>
    %two = transform.param.constant 2 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %eight = transform.param.constant 8 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a B of contiguous rows that is not constant, if it is not to be packed}}
    transform.chameleon.packed_matmul %p lanes = %four rows = %two columns = %eight steps = %two chunk = %zero rows_outside = %zero in_place = %one : !transform.any_op
    transform.yield
  }
}

// -----

func.func @constant_in_place(%x: tensor<4x4xf32>, %w: tensor<4x8xf32> {chameleon.constant}, %out: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<4x8xf32>) -> tensor<4x8xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.matmul ins(%x, %w : tensor<4x4xf32>, tensor<4x8xf32>) outs(%fill : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %p = transform.structured.match ops{["linalg.matmul"]} in %m : (!transform.any_op) -> !transform.any_op
    %zero = transform.param.constant 0 : i64 -> !transform.param<i64>
    %one = transform.param.constant 1 : i64 -> !transform.param<i64>
    %two = transform.param.constant 2 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %eight = transform.param.constant 8 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a B of contiguous rows that is not constant, if it is not to be packed}}
    transform.chameleon.packed_matmul %p lanes = %four rows = %two columns = %eight steps = %two chunk = %zero rows_outside = %zero in_place = %one : !transform.any_op
    transform.yield
  }
}

// -----

func.func @mixed_factors(%x: tensor<4x4xf32>, %w: tensor<4x8xbf16>, %out: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<4x8xf32>) -> tensor<4x8xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.matmul ins(%x, %w : tensor<4x4xf32>, tensor<4x8xbf16>) outs(%fill : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %p = transform.structured.match ops{["linalg.matmul"]} in %m : (!transform.any_op) -> !transform.any_op
    %zero = transform.param.constant 0 : i64 -> !transform.param<i64>
    %two = transform.param.constant 2 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %eight = transform.param.constant 8 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected inputs of one type of numbers, and sums of that type or a wider one}}
    transform.chameleon.packed_matmul %p lanes = %four rows = %two columns = %eight steps = %two chunk = %zero rows_outside = %zero in_place = %zero : !transform.any_op
    transform.yield
  }
}

// -----

func.func @narrow_sum(%x: tensor<4x4xf32>, %w: tensor<4x8xf32>, %out: tensor<4x8xf16>) -> tensor<4x8xf16> {
  %zero = arith.constant 0.0 : f16
  %fill = linalg.fill ins(%zero : f16) outs(%out : tensor<4x8xf16>) -> tensor<4x8xf16>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.matmul ins(%x, %w : tensor<4x4xf32>, tensor<4x8xf32>) outs(%fill : tensor<4x8xf16>) -> tensor<4x8xf16>
  return %r : tensor<4x8xf16>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %p = transform.structured.match ops{["linalg.matmul"]} in %m : (!transform.any_op) -> !transform.any_op
    %zero = transform.param.constant 0 : i64 -> !transform.param<i64>
    %two = transform.param.constant 2 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %eight = transform.param.constant 8 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected inputs of one type of numbers, and sums of that type or a wider one}}
    transform.chameleon.packed_matmul %p lanes = %four rows = %two columns = %eight steps = %two chunk = %zero rows_outside = %zero in_place = %zero : !transform.any_op
    transform.yield
  }
}

// -----

func.func @order_two(%x: tensor<4x4xf32>, %w: tensor<4x8xf32>, %out: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<4x8xf32>) -> tensor<4x8xf32>
  %r = linalg.matmul ins(%x, %w : tensor<4x4xf32>, tensor<4x8xf32>) outs(%fill : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %p = transform.structured.match ops{["linalg.matmul"]} in %m : (!transform.any_op) -> !transform.any_op
    %zero = transform.param.constant 0 : i64 -> !transform.param<i64>
    %two = transform.param.constant 2 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %eight = transform.param.constant 8 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected 'rows_outside' to be 0 or 1, but got 2}}
    transform.chameleon.packed_matmul %p lanes = %four rows = %two columns = %eight steps = %two chunk = %zero rows_outside = %two in_place = %zero : !transform.any_op
    transform.yield
  }
}

// -----

// A product of what is negated first is no plain product.
func.func @negated(%a: tensor<4x4xf32>, %b: tensor<4x8xf32>, %out: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<4x8xf32>) -> tensor<4x8xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"], product}
    ins(%a, %b : tensor<4x4xf32>, tensor<4x8xf32>) outs(%fill : tensor<4x8xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %n = arith.negf %x : f32
    %p = arith.mulf %n, %y : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %p = transform.structured.match attributes {product} in %m : (!transform.any_op) -> !transform.any_op
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %zero = transform.param.constant 0 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a sum of products of two inputs, signed where they are integers}}
    transform.chameleon.packed_matmul %p lanes = %four rows = %four columns = %four steps = %four chunk = %zero rows_outside = %zero in_place = %zero : !transform.any_op
    transform.yield
  }
}

// -----

// A batch that is the last dimension: neither rows nor columns are contiguous.
func.func @batch_last(%a: tensor<1x4x4xf32>, %b: tensor<4x8x1xf32>, %out: tensor<1x4x8xf32>) -> tensor<1x4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x4x8xf32>) -> tensor<1x4x8xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.generic {indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (k, n, b)>, affine_map<(b, m, n, k) -> (b, m, n)>],
                       iterator_types = ["parallel", "parallel", "parallel", "reduction"], product}
    ins(%a, %b : tensor<1x4x4xf32>, tensor<4x8x1xf32>) outs(%fill : tensor<1x4x8xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %p = arith.mulf %x, %y : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  } -> tensor<1x4x8xf32>
  return %r : tensor<1x4x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %p = transform.structured.match attributes {product} in %m : (!transform.any_op) -> !transform.any_op
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %zero = transform.param.constant 0 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a product of two matrices, or of a batch of them, with a result of contiguous rows}}
    transform.chameleon.packed_matmul %p lanes = %four rows = %four columns = %four steps = %four chunk = %zero rows_outside = %zero in_place = %zero : !transform.any_op
    transform.yield
  }
}

// -----

func.func @chunk_three(%x: tensor<1x8x4x4xf32>, %w: tensor<8x8x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x8x4x4xf32>, tensor<8x8x3x3xf32>) outs(%fill : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  return %r : tensor<1x8x2x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %two = transform.param.constant 2 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %chunk = transform.param.constant 3 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a chunk that divides the 8 input channels, or 0, but got 3}}
    transform.chameleon.winograd %c outputs = %two lanes = %four rows = %four columns = %four steps = %two chunk = %chunk : !transform.any_op
    transform.yield
  }
}

// -----

func.func @chunk_negative(%x: tensor<1x8x4x4xf32>, %w: tensor<8x8x3x3xf32> {chameleon.constant}, %out: tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x8x4x4xf32>, tensor<8x8x3x3xf32>) outs(%fill : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  return %r : tensor<1x8x2x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %two = transform.param.constant 2 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %chunk = transform.param.constant -1 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a chunk that divides the 8 input channels, or 0, but got -1}}
    transform.chameleon.winograd %c outputs = %two lanes = %four rows = %four columns = %four steps = %two chunk = %chunk : !transform.any_op
    transform.yield
  }
}

// -----

func.func @depthwise_batch(%x: tensor<2x4x4x8xf32>, %w: tensor<3x3x8xf32>, %out: tensor<2x2x2x8xf32>) -> tensor<2x2x2x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<2x2x2x8xf32>) -> tensor<2x2x2x8xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.depthwise_conv_2d_nhwc_hwc ins(%x, %w : tensor<2x4x4x8xf32>, tensor<3x3x8xf32>) outs(%fill : tensor<2x2x2x8xf32>) -> tensor<2x2x2x8xf32>
  return %r : tensor<2x2x2x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.depthwise_conv_2d_nhwc_hwc"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 2 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 8 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected one image; tile the batch by 1 before}}
    transform.chameleon.depthwise_convolution %c lanes = %lanes pixels = %pixels channels = %channels : !transform.any_op
    transform.yield
  }
}

// -----

func.func @depthwise_going_on(%x: tensor<1x4x4x8xf32>, %w: tensor<3x3x8xf32>, %out: tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32> {
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.depthwise_conv_2d_nhwc_hwc ins(%x, %w : tensor<1x4x4x8xf32>, tensor<3x3x8xf32>) outs(%out : tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32>
  return %r : tensor<1x2x2x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.depthwise_conv_2d_nhwc_hwc"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 2 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 8 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a sum that starts from zeros}}
    transform.chameleon.depthwise_convolution %c lanes = %lanes pixels = %pixels channels = %channels : !transform.any_op
    transform.yield
  }
}

// -----

func.func @depthwise_no_pixels(%x: tensor<1x4x4x8xf32>, %w: tensor<3x3x8xf32>, %out: tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.depthwise_conv_2d_nhwc_hwc ins(%x, %w : tensor<1x4x4x8xf32>, tensor<3x3x8xf32>) outs(%fill : tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32>
  return %r : tensor<1x2x2x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.depthwise_conv_2d_nhwc_hwc"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 0 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 8 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected at least one pixel, but got 0}}
    transform.chameleon.depthwise_convolution %c lanes = %lanes pixels = %pixels channels = %channels : !transform.any_op
    transform.yield
  }
}

// -----

func.func @depthwise_channels(%x: tensor<1x4x4x8xf32>, %w: tensor<3x3x8xf32>, %out: tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.depthwise_conv_2d_nhwc_hwc ins(%x, %w : tensor<1x4x4x8xf32>, tensor<3x3x8xf32>) outs(%fill : tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32>
  return %r : tensor<1x2x2x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.depthwise_conv_2d_nhwc_hwc"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 4 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 2 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 6 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a multiple of the 4 lanes, at most 4096, as the width of a register block, but got 6}}
    transform.chameleon.depthwise_convolution %c lanes = %lanes pixels = %pixels channels = %channels : !transform.any_op
    transform.yield
  }
}

// -----

func.func @depthwise_narrow(%x: tensor<1x4x4x8xf32>, %w: tensor<3x3x8xf32>, %out: tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.depthwise_conv_2d_nhwc_hwc ins(%x, %w : tensor<1x4x4x8xf32>, tensor<3x3x8xf32>) outs(%fill : tensor<1x2x2x8xf32>) -> tensor<1x2x2x8xf32>
  return %r : tensor<1x2x2x8xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.depthwise_conv_2d_nhwc_hwc"]} in %m : (!transform.any_op) -> !transform.any_op
    %lanes = transform.param.constant 16 : i64 -> !transform.param<i64>
    %pixels = transform.param.constant 2 : i64 -> !transform.param<i64>
    %channels = transform.param.constant 16 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected channels that fill a vector of 16, but got 8}}
    transform.chameleon.depthwise_convolution %c lanes = %lanes pixels = %pixels channels = %channels : !transform.any_op
    transform.yield
  }
}

// -----

func.func @depthwise_dense(%x: tensor<1x8x4x4xf32>, %w: tensor<8x8x3x3xf32>, %out: tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32> {
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x8x4x4xf32>, tensor<8x8x3x3xf32>) outs(%out : tensor<1x8x2x2xf32>) -> tensor<1x8x2x2xf32>
  return %r : tensor<1x8x2x2xf32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %c = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %m : (!transform.any_op) -> !transform.any_op
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected a depthwise convolution, NHWC/HWC}}
    transform.chameleon.depthwise_convolution %c lanes = %four pixels = %four channels = %four : !transform.any_op
    transform.yield
  }
}

// -----

func.func @dot_three(%x: tensor<4x4xi8>, %w: tensor<4x8xi8>, %out: tensor<4x8xi32>) -> tensor<4x8xi32> {
  %zero = arith.constant 0 : i32
  %fill = linalg.fill ins(%zero : i32) outs(%out : tensor<4x8xi32>) -> tensor<4x8xi32>
  // expected-note @+1 {{the op that cannot be rewritten}}
  %r = linalg.matmul ins(%x, %w : tensor<4x4xi8>, tensor<4x8xi8>) outs(%fill : tensor<4x8xi32>) -> tensor<4x8xi32>
  return %r : tensor<4x8xi32>
}
module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %p = transform.structured.match ops{["linalg.matmul"]} in %m : (!transform.any_op) -> !transform.any_op
    %two = transform.param.constant 2 : i64 -> !transform.param<i64>
    %three = transform.param.constant 3 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    // expected-error @+1 {{expected 'dot' to be 1, 2 or 4, but got 3}}
    transform.chameleon.packed_matmul %p lanes = %four rows = %two columns = %four steps = %two dot = %three : !transform.any_op
    transform.yield
  }
}
