// linalg.matmul and linalg.batch_matmul, B plain or transposed (SCHEDULES.md, families Q and R).
//
// B is packed to [N/nr][K][nr]; a tile of mr x nr of the result stays in registers over the whole of K; the epilogue runs on
// the tile on its way out. A constant B is packed once by @chameleon_init, any other with the task. Any M, N and K: the last
// partial tiles get code of their own.
module attributes {transform.with_named_sequence} {

// The unpack that feeds the epilogue; no payload if the unpack is the last op.
transform.named_sequence @matmul_inner_unpack(%op: !transform.any_op {transform.readonly}) -> !transform.any_op {
  transform.match.operation_name %op ["linalg.generic"] : !transform.any_op
  %u = transform.get_producer_of_operand %op[0] : (!transform.any_op) -> !transform.any_op
  transform.match.operation_name %u ["linalg.unpack"] : !transform.any_op
  transform.yield %u : !transform.any_op
}

transform.named_sequence @cpu_matmul(%f: !transform.any_op {transform.readonly})
    attributes {chameleon.matches = ["linalg.matmul"], chameleon.benefit = 10 : i64} {
  // Symbols of the bindings, in this order: mr, nr, kr, pk, order, transposed, lanes, registers.
  %mr = transform.tune.knob<"mr"> options = #chameleon.tile<dim = "m", values = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14], prefer = 8, partial> -> !transform.param<i64>
  %nr = transform.tune.knob<"nr"> options = #chameleon.vector<dim = "n", values = [1, 2, 4], prefer = 2, partial> -> !transform.param<i64>
  %kr = transform.tune.knob<"kr"> options = #chameleon.tile<dim = "k", max = 8> -> !transform.param<i64>
  %pk = transform.tune.knob<"pk"> options = #chameleon.tile<dim = "k", values = [4, 8, 16], prefer = 8, partial> -> !transform.param<i64>
  %order = transform.tune.knob<"order"> options = #chameleon.choice<["nm", "mn"]> -> !transform.param<i64>
  %transposed = transform.tune.knob<"transposed"> options = #chameleon.fact<"unit_stride(1,k)"> -> !transform.param<i64>
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.fact<"lanes"> -> !transform.param<i64>
  %regs = transform.tune.knob<"registers"> options = #chameleon.fact<"registers"> -> !transform.param<i64>
  transform.chameleon.require %mr, %nr, %lanes, %regs {
    set = affine_set<()[mr, nr, lanes, regs] : (regs - 3 - ((mr + 1) * nr) floordiv lanes >= 0)>,
    message = "accumulators and a row of B must fit the vector registers"}

  %root = transform.structured.match attributes {chameleon.root} in %f : (!transform.any_op) -> !transform.any_op
  %gg = transform.structured.generalize %root : (!transform.any_op) -> !transform.any_op
  %g = transform.structured.pack %gg packed_sizes = [0, 16, 0] {chameleon.bind = {
         static_packed_sizes = affine_map<()[mr, nr, kr, pk, order, transposed, lanes, registers] -> (0, nr, 0)>}}
       : (!transform.any_op) -> !transform.op<"linalg.generic">
  transform.tune.alternatives<"transposed"> {
    %pw = transform.get_producer_of_operand %g[1] : (!transform.op<"linalg.generic">) -> !transform.op<"linalg.pack">
    %g2, %pw2, %un2 = transform.structured.pack_transpose %pw with_compute_op(%g) outer_perm = [1, 0]
         : (!transform.op<"linalg.pack">, !transform.op<"linalg.generic">) -> (!transform.op<"linalg.generic">, !transform.op<"linalg.pack">, !transform.any_op)
  }, {
    transform.yield
  }
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !transform.any_op

  // A pack of a constant moves to @chameleon_init; one that runs with the task is a loop of its own.
  %packs = transform.chameleon.runtime_packs in %f : (!transform.any_op) -> !transform.any_op
  %pt, %pl:2 = transform.structured.tile_using_for %packs tile_sizes [1, 8] {chameleon.bind = {
         static_sizes = affine_map<()[mr, nr, kr, pk, order, transposed, lanes, registers] -> (1, pk)>}} : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
  transform.structured.vectorize %pt vector_sizes [1, 8, 16] {chameleon.bind = {
         static_vector_sizes = affine_map<()[mr, nr, kr, pk, order, transposed, lanes, registers] -> (1, pk, nr)>}} : !transform.any_op

  // Tile what comes last (unpack or epilogue) and fuse the rest into its tile.
  %un = transform.structured.match ops{["linalg.unpack"]} in %f : (!transform.any_op) -> !transform.any_op
  %gen = transform.get_producer_of_operand %un[0] : (!transform.any_op) -> !transform.any_op
  %fill = transform.get_producer_of_operand %gen[2] : (!transform.any_op) -> !transform.any_op
  %inner = transform.collect_matching @matmul_inner_unpack in %f : (!transform.any_op) -> !transform.any_op
  %ret = transform.structured.match ops{["func.return"]} in %f : (!transform.any_op) -> !transform.any_op
  %last = transform.get_producer_of_operand %ret[0] : (!transform.any_op) -> !transform.any_op
  %lt, %l:2 = transform.structured.tile_using_for %last tile_sizes [%mr, %nr] interchange = [1, 0] {chameleon.bind = {
         interchange = {knob = "order", nm = array<i64: 1, 0>, mn = array<i64: 0, 1>}}}
       : (!transform.any_op, !transform.param<i64>, !transform.param<i64>) -> (!transform.any_op, !transform.any_op, !transform.any_op)
  %ut, %x0 = transform.structured.fuse_into_containing_op %inner into %l#1 : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
  %gt, %x1 = transform.structured.fuse_into_containing_op %gen into %x0 : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
  %ft, %x2 = transform.structured.fuse_into_containing_op %fill into %x1 : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
  transform.annotate %gt "chameleon.tile" : !transform.any_op
  transform.chameleon.peel_remainder %x2 : !transform.any_op
  transform.chameleon.peel_remainder %l#0 : !transform.any_op
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !transform.any_op
  %tiles = transform.structured.match attributes {chameleon.tile} in %f : (!transform.any_op) -> !transform.any_op
  %gr, %lr = transform.structured.tile_using_for %tiles tile_sizes [0, 0, 1, 0] {chameleon.bind = {
         static_sizes = affine_map<()[mr, nr, kr, pk, order, transposed, lanes, registers] -> (0, 0, kr, 0)>}} : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
  transform.apply_patterns to %f {
    transform.apply_patterns.linalg.fold_unit_extent_dims_via_slices
    transform.apply_patterns.tensor.fold_tensor_empty
    transform.apply_patterns.canonicalization
  } : !transform.any_op
  transform.apply_cse to %f : !transform.any_op

  %vg = transform.structured.match ops{["linalg.generic", "linalg.fill"]} in %f : (!transform.any_op) -> !transform.any_op
  transform.structured.vectorize %vg {create_named_contraction} : !transform.any_op
  %vu = transform.structured.match ops{["linalg.unpack"]} in %f : (!transform.any_op) -> !transform.any_op
  transform.structured.vectorize %vu vector_sizes [1, 1, 16] {chameleon.bind = {
         static_vector_sizes = affine_map<()[mr, nr, kr, pk, order, transposed, lanes, registers] -> (mr, 1, nr)>}} : !transform.any_op
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

transform.named_sequence @cpu_batch_matmul(%f: !transform.any_op {transform.readonly})
    attributes {chameleon.matches = ["linalg.batch_matmul"], chameleon.benefit = 10 : i64} {
  // Symbols of the bindings, in this order: mr, nr, kr, pk, order, transposed, lanes, registers.
  %mr = transform.tune.knob<"mr"> options = #chameleon.tile<dim = "m", values = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14], prefer = 8, partial> -> !transform.param<i64>
  %nr = transform.tune.knob<"nr"> options = #chameleon.vector<dim = "n", values = [1, 2, 4], prefer = 2, partial> -> !transform.param<i64>
  %kr = transform.tune.knob<"kr"> options = #chameleon.tile<dim = "k", max = 8> -> !transform.param<i64>
  %pk = transform.tune.knob<"pk"> options = #chameleon.tile<dim = "k", values = [4, 8, 16], prefer = 8, partial> -> !transform.param<i64>
  %order = transform.tune.knob<"order"> options = #chameleon.choice<["nm", "mn"]> -> !transform.param<i64>
  %transposed = transform.tune.knob<"transposed"> options = #chameleon.fact<"unit_stride(1,k)"> -> !transform.param<i64>
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.fact<"lanes"> -> !transform.param<i64>
  %regs = transform.tune.knob<"registers"> options = #chameleon.fact<"registers"> -> !transform.param<i64>
  transform.chameleon.require %mr, %nr, %lanes, %regs {
    set = affine_set<()[mr, nr, lanes, regs] : (regs - 3 - ((mr + 1) * nr) floordiv lanes >= 0)>,
    message = "accumulators and a row of B must fit the vector registers"}

  %root = transform.structured.match attributes {chameleon.root} in %f : (!transform.any_op) -> !transform.any_op
  %gg = transform.structured.generalize %root : (!transform.any_op) -> !transform.any_op
  %g = transform.structured.pack %gg packed_sizes = [0, 0, 16, 0] {chameleon.bind = {
         static_packed_sizes = affine_map<()[mr, nr, kr, pk, order, transposed, lanes, registers] -> (0, 0, nr, 0)>}}
       : (!transform.any_op) -> !transform.op<"linalg.generic">
  transform.tune.alternatives<"transposed"> {
    %pw = transform.get_producer_of_operand %g[1] : (!transform.op<"linalg.generic">) -> !transform.op<"linalg.pack">
    %g2, %pw2, %un2 = transform.structured.pack_transpose %pw with_compute_op(%g) outer_perm = [0, 2, 1]
         : (!transform.op<"linalg.pack">, !transform.op<"linalg.generic">) -> (!transform.op<"linalg.generic">, !transform.op<"linalg.pack">, !transform.any_op)
  }, {
    transform.yield
  }
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !transform.any_op

  // A pack of a constant moves to @chameleon_init; one that runs with the task is a loop of its own.
  %packs = transform.chameleon.runtime_packs in %f : (!transform.any_op) -> !transform.any_op
  %pt, %pl:3 = transform.structured.tile_using_for %packs tile_sizes [1, 1, 8] {chameleon.bind = {
         static_sizes = affine_map<()[mr, nr, kr, pk, order, transposed, lanes, registers] -> (1, 1, pk)>}} : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
  transform.structured.vectorize %pt vector_sizes [1, 1, 8, 16] {chameleon.bind = {
         static_vector_sizes = affine_map<()[mr, nr, kr, pk, order, transposed, lanes, registers] -> (1, 1, pk, nr)>}} : !transform.any_op

  // Tile what comes last (unpack or epilogue) and fuse the rest into its tile.
  %un = transform.structured.match ops{["linalg.unpack"]} in %f : (!transform.any_op) -> !transform.any_op
  %gen = transform.get_producer_of_operand %un[0] : (!transform.any_op) -> !transform.any_op
  %fill = transform.get_producer_of_operand %gen[2] : (!transform.any_op) -> !transform.any_op
  %inner = transform.collect_matching @matmul_inner_unpack in %f : (!transform.any_op) -> !transform.any_op
  %ret = transform.structured.match ops{["func.return"]} in %f : (!transform.any_op) -> !transform.any_op
  %last = transform.get_producer_of_operand %ret[0] : (!transform.any_op) -> !transform.any_op
  %lt, %l:3 = transform.structured.tile_using_for %last tile_sizes [1, %mr, %nr] interchange = [0, 2, 1] {chameleon.bind = {
         interchange = {knob = "order", nm = array<i64: 0, 2, 1>, mn = array<i64: 0, 1, 2>}}}
       : (!transform.any_op, !transform.param<i64>, !transform.param<i64>) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
  %ut, %x0 = transform.structured.fuse_into_containing_op %inner into %l#2 : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
  %gt, %x1 = transform.structured.fuse_into_containing_op %gen into %x0 : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
  %ft, %x2 = transform.structured.fuse_into_containing_op %fill into %x1 : (!transform.any_op, !transform.any_op) -> (!transform.any_op, !transform.any_op)
  transform.annotate %gt "chameleon.tile" : !transform.any_op
  transform.chameleon.peel_remainder %x2 : !transform.any_op
  transform.chameleon.peel_remainder %l#1 : !transform.any_op
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !transform.any_op
  %tiles = transform.structured.match attributes {chameleon.tile} in %f : (!transform.any_op) -> !transform.any_op
  %gr, %lr = transform.structured.tile_using_for %tiles tile_sizes [0, 0, 0, 1, 0] {chameleon.bind = {
         static_sizes = affine_map<()[mr, nr, kr, pk, order, transposed, lanes, registers] -> (0, 0, 0, kr, 0)>}} : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
  transform.apply_patterns to %f {
    transform.apply_patterns.linalg.fold_unit_extent_dims_via_slices
    transform.apply_patterns.tensor.fold_tensor_empty
    transform.apply_patterns.canonicalization
  } : !transform.any_op
  transform.apply_cse to %f : !transform.any_op

  %vg = transform.structured.match ops{["linalg.generic", "linalg.fill"]} in %f : (!transform.any_op) -> !transform.any_op
  transform.structured.vectorize %vg {create_named_contraction} : !transform.any_op
  %vu = transform.structured.match ops{["linalg.unpack"]} in %f : (!transform.any_op) -> !transform.any_op
  transform.structured.vectorize %vu vector_sizes [1, 1, 1, 16] {chameleon.bind = {
         static_vector_sizes = affine_map<()[mr, nr, kr, pk, order, transposed, lanes, registers] -> (1, mr, 1, nr)>}} : !transform.any_op
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
