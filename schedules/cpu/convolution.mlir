// Dense 2-D convolutions, NCHW activations and FCHW weights (SCHEDULES.md, family A).
//
// Only the weights are packed, to [F/fo][C][KH][KW][fo] or [F/fo][KH][KW][C][fo]; they are constant, so that the pack
// moves to @chameleon_init. A tile of oht x owt pixels by fo channels stays in registers: each input scalar is broadcast
// against fo weights. The tile is transposed in registers on its way out (linalg.unpack), and the epilogue runs on it.
// Takes any stride and dilation, with or without padding, with or without an epilogue.
module attributes {transform.with_named_sequence} {

// The unpack that feeds the epilogue; no payload if the unpack is the last op.
transform.named_sequence @conv_inner_unpack(%op: !transform.any_op {transform.readonly}) -> !transform.any_op {
  transform.match.operation_name %op ["linalg.generic"] : !transform.any_op
  %u = transform.get_producer_of_operand %op[0] : (!transform.any_op) -> !transform.any_op
  transform.match.operation_name %u ["linalg.unpack"] : !transform.any_op
  transform.yield %u : !transform.any_op
}

transform.named_sequence @cpu_conv_nchw(%f: !transform.any_op {transform.readonly})
    attributes {chameleon.matches = ["linalg.conv_2d_nchw_fchw"], chameleon.benefit = 10 : i64} {
  // Symbols of the bindings, in this order: fo, oht, owt, ct, order, layout, outer, constant, lanes, regs.
  %fo = transform.tune.knob<"fo"> options = #chameleon.vector<dim = "oc", values = [1, 2, 4], prefer = 2, partial> -> !transform.param<i64>
  %oht = transform.tune.knob<"oht"> options = #chameleon.tile<dim = "oh", max = 16> -> !transform.param<i64>
  %owt = transform.tune.knob<"owt"> options = #chameleon.tile<dim = "ow", max = 28, prefer = 9, partial> -> !transform.param<i64>
  %ct = transform.tune.knob<"ct"> options = #chameleon.tile<dim = "ic", max = 4> -> !transform.param<i64>
  %order = transform.tune.knob<"order"> options = #chameleon.choice<["hwc", "chw"]> -> !transform.param<i64>
  %layout = transform.tune.knob<"layout"> options = #chameleon.choice<["fhwc", "fchw"]> -> !transform.param<i64>
  %outer = transform.tune.knob<"outer"> options = #chameleon.choice<["fhw", "hfw", "hwf"]> -> !transform.param<i64>
  %constant = transform.tune.knob<"constant"> options = #chameleon.fact<"constant(1)"> -> !transform.param<i64>
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.fact<"lanes"> -> !transform.param<i64>
  %regs = transform.tune.knob<"registers"> options = #chameleon.fact<"registers"> -> !transform.param<i64>
  transform.chameleon.require %fo, %oht, %owt, %lanes, %regs {
    set = affine_set<()[fo, oht, owt, lanes, regs] : (regs - 1 - ((oht * owt + 1) * fo) floordiv lanes >= 0)>,
    message = "accumulators, weights and one input must fit the vector registers"}
  transform.chameleon.require %fo, %oht, %owt, %lanes {
    set = affine_set<()[fo, oht, owt, lanes] : ((oht * owt * fo) floordiv lanes - 4 >= 0)>,
    message = "fewer than four accumulators cannot hide the latency of an addition"}
  transform.chameleon.require %constant {
    set = affine_set<()[constant] : (constant - 1 == 0)>, message = "the weights must be constant"}

  %pads = transform.structured.match ops{["tensor.pad"]} in %f : (!transform.any_op) -> !transform.any_op
  %pd = transform.structured.rewrite_in_destination_passing_style %pads : (!transform.any_op) -> !transform.any_op
  %root = transform.structured.match attributes {chameleon.root} in %f : (!transform.any_op) -> !transform.any_op
  %gg = transform.structured.generalize %root : (!transform.any_op) -> !transform.any_op
  %g = transform.structured.pack %gg packed_sizes = [0, 16, 0, 0, 0, 0, 0] {chameleon.bind = {
         static_packed_sizes = affine_map<()[fo, oht, owt, ct, order, layout, outer, constant, lanes, regs] -> (0, fo, 0, 0, 0, 0, 0)>}}
       : (!transform.any_op) -> !transform.op<"linalg.generic">
  transform.tune.alternatives<"layout"> {
    %pw = transform.get_producer_of_operand %g[1] : (!transform.op<"linalg.generic">) -> !transform.op<"linalg.pack">
    %g2, %pw2, %un2 = transform.structured.pack_transpose %pw with_compute_op(%g) outer_perm = [0, 2, 3, 1]
         : (!transform.op<"linalg.pack">, !transform.op<"linalg.generic">) -> (!transform.op<"linalg.generic">, !transform.op<"linalg.pack">, !transform.any_op)
  }, {
    transform.yield
  }
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !transform.any_op

  // Tile what comes last (unpack or epilogue) and fuse the rest into its tile.
  %un = transform.structured.match ops{["linalg.unpack"]} in %f : (!transform.any_op) -> !transform.any_op
  %gen = transform.get_producer_of_operand %un[0] : (!transform.any_op) -> !transform.any_op
  %fill = transform.get_producer_of_operand %gen[2] : (!transform.any_op) -> !transform.any_op
  %inner = transform.collect_matching @conv_inner_unpack in %f : (!transform.any_op) -> !transform.any_op
  %ret = transform.structured.match ops{["func.return"]} in %f : (!transform.any_op) -> !transform.any_op
  %last = transform.get_producer_of_operand %ret[0] : (!transform.any_op) -> !transform.any_op
  %lt, %l:4 = transform.structured.tile_using_for %last tile_sizes [1, %fo, %oht, %owt] interchange = [0, 1, 2, 3] {chameleon.bind = {
         interchange = {knob = "outer", fhw = array<i64: 0, 1, 2, 3>, hfw = array<i64: 0, 2, 1, 3>, hwf = array<i64: 0, 2, 3, 1>}}}
       : (!transform.any_op, !transform.param<i64>, !transform.param<i64>, !transform.param<i64>)
       -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
  %ut, %x0 = transform.structured.fuse_into_containing_op %inner into %l#3 : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
  %gt, %x1 = transform.structured.fuse_into_containing_op %gen into %x0 : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
  %ft, %x2 = transform.structured.fuse_into_containing_op %fill into %x1 : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
  %fg = transform.structured.generalize %ft : (!transform.any_op) -> !transform.any_op

  // Where a tile does not divide, its last one gets code of its own; all of it is matched anew then.
  transform.annotate %gt "chameleon.tile" : !transform.any_op
  transform.chameleon.peel_remainder %x2 : !transform.any_op
  transform.chameleon.peel_remainder %l#2 : !transform.any_op
  transform.chameleon.peel_remainder %l#1 : !transform.any_op
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !transform.any_op
  %tiles = transform.structured.match attributes {chameleon.tile} in %f : (!transform.any_op) -> !transform.any_op

  // Reduction loops, then one broadcast multiply-add per pixel.
  %gr, %lr:3 = transform.structured.tile_using_for %tiles tile_sizes [0, 0, 0, 0, 1, 1, 1, 0] interchange = [4, 5, 6, 0, 1, 2, 3, 7] {chameleon.bind = {
         static_sizes = affine_map<()[fo, oht, owt, ct, order, layout, outer, constant, lanes, regs] -> (0, 0, 0, 0, ct, 1, 1, 0)>,
         interchange = {knob = "order", chw = array<i64: 4, 5, 6, 0, 1, 2, 3, 7>, hwc = array<i64: 5, 6, 4, 0, 1, 2, 3, 7>}}}
       : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
  %gu, %lu:2 = transform.structured.tile_using_for %gr tile_sizes [0, 0, 1, 1] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
  transform.chameleon.unroll_fully %lu#1 : !transform.any_op
  transform.chameleon.unroll_fully %lu#0 : !transform.any_op
  transform.apply_patterns to %f {
    transform.apply_patterns.linalg.fold_unit_extent_dims_via_slices
    transform.apply_patterns.tensor.fold_tensor_empty
    transform.apply_patterns.canonicalization
  } : !transform.any_op
  transform.apply_cse to %f : !transform.any_op

  %vg = transform.structured.match ops{["linalg.generic"]} in %f : (!transform.any_op) -> !transform.any_op
  transform.structured.vectorize %vg {create_named_contraction} : !transform.any_op
  %vu = transform.structured.match ops{["linalg.unpack"]} in %f : (!transform.any_op) -> !transform.any_op
  transform.structured.vectorize %vu vector_sizes [1, 1, 1, 1, 16] {chameleon.bind = {
         static_vector_sizes = affine_map<()[fo, oht, owt, ct, order, layout, outer, constant, lanes, regs] -> (1, 1, oht, owt, fo)>}} : !transform.any_op
  transform.apply_patterns to %f {
    transform.apply_patterns.vector.reduction_to_contract
    transform.apply_patterns.vector.transfer_permutation_patterns
    transform.apply_patterns.vector.cast_away_vector_leading_one_dim
    transform.apply_patterns.tensor.fold_tensor_subset_ops_into_vector_transfers
    transform.apply_patterns.tensor.merge_consecutive_insert_extract_slice
    transform.apply_patterns.canonicalization
  } : !transform.any_op
  transform.apply_cse to %f : !transform.any_op
  %loops = transform.structured.match interface{LoopLikeInterface} in %f : (!transform.any_op) -> !transform.any_op
  transform.apply_licm to %loops : !transform.any_op
  transform.loop.hoist_loop_invariant_subsets %loops : !transform.any_op
  transform.apply_patterns to %f {
    transform.apply_patterns.tensor.fold_tensor_subset_ops_into_vector_transfers
    transform.apply_patterns.canonicalization
  } : !transform.any_op
  transform.apply_cse to %f : !transform.any_op
  transform.yield
}
}
