// matmul and batch_matmul with packed B.
//
// B is packed to [N/nr][K][nr] panels: a constant B in @chameleon_init, a run-time B in a loop of its own before. A tile
// of mr x nr sums stays in registers over the whole K loop, each row a broadcast number of A times a row of the panel. Any M, N, K and layout of A and B, with or without an epilogue;
// where mr or nr do not divide, the last tile gets code of its own. Few rows with a run-time B: cpu_gemv (gemv.mlir).
//
// No licm: it would hoist the zeros of a tile out of the loops, and one-shot bufferization then takes writes of parts of
// that tensor for writes of all of it.
!any = !transform.any_op
!generic = !transform.op<"linalg.generic">
!pack = !transform.op<"linalg.pack">
!i64 = !transform.param<i64>

module attributes {transform.with_named_sequence} {

// Ops of tiles with unit dimensions folded, so that they vectorize as small as they are.
transform.named_sequence @fold_units(%f: !any {transform.readonly}) {
  transform.apply_patterns to %f {
    transform.apply_patterns.linalg.fold_unit_extent_dims_via_slices
    transform.apply_patterns.tensor.fold_tensor_empty
    transform.apply_patterns.canonicalization
  } : !any
  transform.apply_cse to %f : !any
  transform.yield
}

// Vectors on tensors to accumulators that stay in registers over the reduction loops.
transform.named_sequence @keep_in_registers(%f: !any {transform.readonly}) {
  transform.apply_patterns to %f {
    transform.apply_patterns.vector.reduction_to_contract
    transform.apply_patterns.vector.transfer_permutation_patterns
    transform.apply_patterns.vector.cast_away_vector_leading_one_dim
    transform.apply_patterns.tensor.fold_tensor_subset_ops_into_vector_transfers
    transform.apply_patterns.tensor.merge_consecutive_insert_extract_slice
    transform.apply_patterns.canonicalization
  } : !any
  transform.apply_cse to %f : !any
  %loops = transform.structured.match interface{LoopLikeInterface} in %f : (!any) -> !any
  transform.loop.hoist_loop_invariant_subsets %loops : !any
  transform.apply_patterns to %f {
    transform.apply_patterns.tensor.fold_tensor_subset_ops_into_vector_transfers
    transform.apply_patterns.canonicalization
  } : !any
  transform.apply_cse to %f : !any
  transform.yield
}

transform.named_sequence @cpu_matmul(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["linalg.matmul"], chameleon.benefit = 10 : i64} {
  // The first ones are the symbols of the bindings: mr, nr, kr, pk, nb. Blocks of nb columns may run in parallel.
  %mr = transform.tune.knob<"mr"> options = #chameleon.tile<dim = "m", values = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14], prefer = 8, partial> -> !i64
  %nr = transform.tune.knob<"nr"> options = #chameleon.vector<dim = "n", values = [1, 2, 4, 8], prefer = 2, partial> -> !i64
  %kr = transform.tune.knob<"kr"> options = #chameleon.tile<dim = "k", values = [1, 2, 4]> -> !i64
  %pk = transform.tune.knob<"pk"> options = #chameleon.tile<dim = "k", values = [4, 8, 16], prefer = 8, partial> -> !i64
  %nb = transform.tune.knob<"nb"> options = #chameleon.tile<dim = "n", values = [128, 512, 2048, 1048576], prefer = 512> -> !i64
  %order = transform.tune.knob<"order"> options = #chameleon.choice<["nm", "mn"]> -> !i64
  %transposed = transform.tune.knob<"transposed"> options = #chameleon.fact<"unit_stride(1,k)"> -> !i64
  %n = transform.tune.knob<"n"> options = #chameleon.fact<"extent(n)"> -> !i64
  %m = transform.tune.knob<"m"> options = #chameleon.fact<"extent(m)"> -> !i64
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.fact<"lanes"> -> !i64
  %regs = transform.tune.knob<"registers"> options = #chameleon.fact<"registers"> -> !i64
  transform.chameleon.require %mr, %nr, %lanes, %regs {
    set = affine_set<()[mr, nr, lanes, regs] : ((2 * regs) floordiv 3 - (mr * nr) floordiv lanes >= 0)>,
    message = "accumulators may take two thirds of the vector registers, or they spill"}
  transform.chameleon.require %mr, %nr, %kr, %lanes {
    set = affine_set<()[mr, nr, kr, lanes] : (32 - (mr * nr * kr) floordiv lanes >= 0)>,
    message = "the unrolled body would take long to compile"}
  transform.chameleon.require %nr, %nb, %n {
    set = affine_set<()[nr, nb, n] : ((nb mod nr) * (n - nb) == 0)>,
    message = "the columns of a tile must divide those of a block, if there are several"}
  transform.chameleon.require %mr, %nr, %lanes, %m {
    set = affine_set<()[mr, nr, lanes, m] : ((mr * nr) floordiv lanes + 7 * (7 floordiv m) - 7 >= 0)>,
    message = "fewer than seven accumulators cannot hide the latency of an addition"}
  transform.chameleon.require %mr, %nr, %lanes, %n {
    set = affine_set<()[mr, nr, lanes, n] : ((mr * nr) floordiv lanes + 4 * ((4 * lanes - 1) floordiv n) - 4 >= 0)>,
    message = "few rows need wide tiles"}

  %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
  %gg = transform.structured.generalize %root : (!any) -> !any
  %g = transform.structured.pack %gg packed_sizes = [0, 16, 0] {chameleon.bind = {
         static_packed_sizes = affine_map<()[mr, nr] -> (0, nr, 0)>}} : (!any) -> !generic
  transform.tune.alternatives<"transposed"> {
    %pw = transform.get_producer_of_operand %g[1] : (!generic) -> !pack
    %g2, %pw2, %un2 = transform.structured.pack_transpose %pw with_compute_op(%g) outer_perm = [1, 0] : (!pack, !generic) -> (!generic, !pack, !any)
  }, {
    transform.yield
  }
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any

  // A pack of a constant moves to @chameleon_init; one that runs with the task is a loop of its own.
  %packs = transform.chameleon.runtime_packs in %f : (!any) -> !any
  %pt, %pl:2 = transform.structured.tile_using_for %packs tile_sizes [1, 8] {chameleon.bind = {
         static_sizes = affine_map<()[mr, nr, kr, pk] -> (1, pk)>}} : (!any) -> (!any, !any, !any)
  transform.structured.vectorize %pt vector_sizes [1, 8, 16] {chameleon.bind = {
         static_vector_sizes = affine_map<()[mr, nr, kr, pk] -> (1, pk, nr)>}} : !any

  // Tile what comes last (unpack or epilogue) and fuse the rest into its tile.
  %un = transform.structured.match ops{["linalg.unpack"]} in %f : (!any) -> !any
  %gen = transform.get_producer_of_operand %un[0] : (!any) -> !any
  %fill = transform.get_producer_of_operand %gen[2] : (!any) -> !any
  %ret = transform.structured.match ops{["func.return"]} in %f : (!any) -> !any
  %last = transform.get_producer_of_operand %ret[0] : (!any) -> !any
  %inner = transform.chameleon.producers of %last named "linalg.unpack" : (!any) -> !any
  %lb, %block = transform.structured.tile_using_forall %last tile_sizes [0, 512] {chameleon.bind = {
         static_tile_sizes = affine_map<()[mr, nr, kr, pk, nb] -> (0, nb)>}} : (!any) -> (!any, !any)
  %lt, %l:2 = transform.structured.tile_using_for %lb tile_sizes [%mr, %nr] interchange = [1, 0] {chameleon.bind = {
         interchange = {knob = "order", nm = array<i64: 1, 0>, mn = array<i64: 0, 1>}}}
       : (!any, !i64, !i64) -> (!any, !any, !any)
  transform.apply_patterns to %f { transform.apply_patterns.tensor.merge_consecutive_insert_extract_slice } : !any
  %ut, %x0 = transform.structured.fuse_into_containing_op %inner into %l#1 : (!any, !any) -> (!any, !any)
  %gt, %x1 = transform.structured.fuse_into_containing_op %gen into %x0 : (!any, !any) -> (!any, !any)
  %ft, %x2 = transform.structured.fuse_into_containing_op %fill into %x1 : (!any, !any) -> (!any, !any)
  %fg = transform.structured.generalize %ft : (!any) -> !any
  transform.annotate %gt "chameleon.tile" : !any
  transform.chameleon.peel_remainder %x2 : !any
  transform.chameleon.peel_remainder %l#0 : !any
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
  %tiles = transform.structured.match attributes {chameleon.tile} in %f : (!any) -> !any
  // The k loop, then one broadcast multiply-add per row.
  %gr, %lr = transform.structured.tile_using_for %tiles tile_sizes [0, 0, 1, 0] {chameleon.bind = {
         static_sizes = affine_map<()[mr, nr, kr] -> (0, 0, kr, 0)>}} : (!any) -> (!any, !any)
  %gu, %lu = transform.structured.tile_using_for %gr tile_sizes [1] : (!any) -> (!any, !any)
  transform.chameleon.unroll_fully %lu : !any
  transform.include @fold_units failures(propagate) (%f) : (!any) -> ()
  %vg = transform.structured.match ops{["linalg.generic"]} in %f : (!any) -> !any
  transform.structured.vectorize %vg {create_named_contraction} : !any
  %vu = transform.structured.match ops{["linalg.unpack"]} in %f : (!any) -> !any
  transform.structured.vectorize %vu vector_sizes [1, 1, 16] {chameleon.bind = {
         static_vector_sizes = affine_map<()[mr, nr] -> (mr, 1, nr)>}} : !any
  transform.include @keep_in_registers failures(propagate) (%f) : (!any) -> ()
  transform.yield
}

transform.named_sequence @cpu_batch_matmul(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["linalg.batch_matmul"], chameleon.benefit = 10 : i64} {
  // The first ones are the symbols of the bindings: mr, nr, kr, pk. Matrices of a batch may run in parallel.
  %mr = transform.tune.knob<"mr"> options = #chameleon.tile<dim = "m", values = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14], prefer = 8, partial> -> !i64
  %nr = transform.tune.knob<"nr"> options = #chameleon.vector<dim = "n", values = [1, 2, 4, 8], prefer = 2, partial> -> !i64
  %kr = transform.tune.knob<"kr"> options = #chameleon.tile<dim = "k", values = [1, 2, 4]> -> !i64
  %pk = transform.tune.knob<"pk"> options = #chameleon.tile<dim = "k", values = [4, 8, 16], prefer = 8, partial> -> !i64
  %order = transform.tune.knob<"order"> options = #chameleon.choice<["nm", "mn"]> -> !i64
  %transposed = transform.tune.knob<"transposed"> options = #chameleon.fact<"unit_stride(1,k)"> -> !i64
  %n = transform.tune.knob<"n"> options = #chameleon.fact<"extent(n)"> -> !i64
  %m = transform.tune.knob<"m"> options = #chameleon.fact<"extent(m)"> -> !i64
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.fact<"lanes"> -> !i64
  %regs = transform.tune.knob<"registers"> options = #chameleon.fact<"registers"> -> !i64
  transform.chameleon.require %mr, %nr, %lanes, %regs {
    set = affine_set<()[mr, nr, lanes, regs] : ((2 * regs) floordiv 3 - (mr * nr) floordiv lanes >= 0)>,
    message = "accumulators may take two thirds of the vector registers, or they spill"}
  transform.chameleon.require %mr, %nr, %kr, %lanes {
    set = affine_set<()[mr, nr, kr, lanes] : (32 - (mr * nr * kr) floordiv lanes >= 0)>,
    message = "the unrolled body would take long to compile"}
  transform.chameleon.require %mr, %nr, %lanes, %m {
    set = affine_set<()[mr, nr, lanes, m] : ((mr * nr) floordiv lanes + 7 * (7 floordiv m) - 7 >= 0)>,
    message = "fewer than seven accumulators cannot hide the latency of an addition"}
  transform.chameleon.require %mr, %nr, %lanes, %n {
    set = affine_set<()[mr, nr, lanes, n] : ((mr * nr) floordiv lanes + 4 * ((4 * lanes - 1) floordiv n) - 4 >= 0)>,
    message = "few rows need wide tiles"}

  %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
  %gg = transform.structured.generalize %root : (!any) -> !any
  %g = transform.structured.pack %gg packed_sizes = [0, 0, 16, 0] {chameleon.bind = {
         static_packed_sizes = affine_map<()[mr, nr] -> (0, 0, nr, 0)>}} : (!any) -> !generic
  transform.tune.alternatives<"transposed"> {
    %pw = transform.get_producer_of_operand %g[1] : (!generic) -> !pack
    %g2, %pw2, %un2 = transform.structured.pack_transpose %pw with_compute_op(%g) outer_perm = [0, 2, 1] : (!pack, !generic) -> (!generic, !pack, !any)
  }, {
    transform.yield
  }
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any

  // A pack of a constant moves to @chameleon_init; one that runs with the task is a loop of its own.
  %packs = transform.chameleon.runtime_packs in %f : (!any) -> !any
  %pt, %pl:3 = transform.structured.tile_using_for %packs tile_sizes [1, 1, 8] {chameleon.bind = {
         static_sizes = affine_map<()[mr, nr, kr, pk] -> (1, 1, pk)>}} : (!any) -> (!any, !any, !any, !any)
  transform.structured.vectorize %pt vector_sizes [1, 1, 8, 16] {chameleon.bind = {
         static_vector_sizes = affine_map<()[mr, nr, kr, pk] -> (1, 1, pk, nr)>}} : !any

  // Tile what comes last (unpack or epilogue) and fuse the rest into its tile.
  %un = transform.structured.match ops{["linalg.unpack"]} in %f : (!any) -> !any
  %gen = transform.get_producer_of_operand %un[0] : (!any) -> !any
  %fill = transform.get_producer_of_operand %gen[2] : (!any) -> !any
  %ret = transform.structured.match ops{["func.return"]} in %f : (!any) -> !any
  %last = transform.get_producer_of_operand %ret[0] : (!any) -> !any
  %inner = transform.chameleon.producers of %last named "linalg.unpack" : (!any) -> !any
  %lb, %block = transform.structured.tile_using_forall %last tile_sizes [1] : (!any) -> (!any, !any)
  %lt, %l:3 = transform.structured.tile_using_for %lb tile_sizes [1, %mr, %nr] interchange = [0, 2, 1] {chameleon.bind = {
         interchange = {knob = "order", nm = array<i64: 0, 2, 1>, mn = array<i64: 0, 1, 2>}}}
       : (!any, !i64, !i64) -> (!any, !any, !any, !any)
  transform.apply_patterns to %f { transform.apply_patterns.tensor.merge_consecutive_insert_extract_slice } : !any
  %ut, %x0 = transform.structured.fuse_into_containing_op %inner into %l#2 : (!any, !any) -> (!any, !any)
  %gt, %x1 = transform.structured.fuse_into_containing_op %gen into %x0 : (!any, !any) -> (!any, !any)
  %ft, %x2 = transform.structured.fuse_into_containing_op %fill into %x1 : (!any, !any) -> (!any, !any)
  %fg = transform.structured.generalize %ft : (!any) -> !any
  transform.annotate %gt "chameleon.tile" : !any
  transform.chameleon.peel_remainder %x2 : !any
  transform.chameleon.peel_remainder %l#1 : !any
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
  %tiles = transform.structured.match attributes {chameleon.tile} in %f : (!any) -> !any
  // The k loop, then one broadcast multiply-add per row.
  %gr, %lr = transform.structured.tile_using_for %tiles tile_sizes [0, 0, 0, 1, 0] {chameleon.bind = {
         static_sizes = affine_map<()[mr, nr, kr] -> (0, 0, 0, kr, 0)>}} : (!any) -> (!any, !any)
  %gu, %lu = transform.structured.tile_using_for %gr tile_sizes [0, 1] : (!any) -> (!any, !any)
  transform.chameleon.unroll_fully %lu : !any
  transform.include @fold_units failures(propagate) (%f) : (!any) -> ()
  %vg = transform.structured.match ops{["linalg.generic"]} in %f : (!any) -> !any
  transform.structured.vectorize %vg {create_named_contraction} : !any
  %vu = transform.structured.match ops{["linalg.unpack"]} in %f : (!any) -> !any
  transform.structured.vectorize %vu vector_sizes [1, 1, 1, 16] {chameleon.bind = {
         static_vector_sizes = affine_map<()[mr, nr] -> (1, mr, 1, nr)>}} : !any
  transform.include @keep_in_registers failures(propagate) (%f) : (!any) -> ()
  transform.yield
}
}
