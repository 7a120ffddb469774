// matmul and batch_matmul: vector code by transform.chameleon.packed_matmul.
//
// B is packed to [N/nr][K][nr] panels: a constant B in @chameleon_init, a run-time B before the product, or not at all. A tile
// of mr x nr sums stays in registers while k passes, each row a broadcast number of A times a row of the panel. Any M, N, K and
// layout of A and B, with or without an epilogue. Few rows with a run-time B: cpu_gemv (generic.mlir).
!any = !transform.any_op
!i64 = !transform.param<i64>

module attributes {transform.with_named_sequence} {

transform.named_sequence @cpu_matmul(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["linalg.matmul"], chameleon.benefit = 10 : i64} {
  // Blocks of nb columns may run in parallel.
  %mr = transform.tune.knob<"mr"> options = #chameleon.tile<dim = "m", values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], prefer = 8, partial> -> !i64
  %nr = transform.tune.knob<"nr"> options = #chameleon.vector<dim = "n", values = [1, 2, 3, 4, 6, 8], prefer = 2, partial> -> !i64
  %unroll = transform.tune.knob<"unroll"> options = #chameleon.tile<dim = "k", values = [1, 2, 4, 8], prefer = 4, partial> -> !i64
  %kc = transform.tune.knob<"kc"> options = #chameleon.tile<dim = "k", values = [128, 256, 512, 1024, 1048576], prefer = 1048576, partial> -> !i64
  %nb = transform.tune.knob<"nb"> options = #chameleon.tile<dim = "n", values = [128, 512, 2048, 1048576], prefer = 1048576> -> !i64
  %order = transform.tune.knob<"order"> options = #chameleon.choice<["nm", "mn"]> -> !i64
  %panels = transform.tune.knob<"panels"> options = #chameleon.tile<values = [1, 2, 3, 4], prefer = 2> -> !i64
  %packing = transform.tune.knob<"packing"> options = #chameleon.choice<["packed", "plain"]> -> !i64
  %transposed = transform.tune.knob<"transposed"> options = #chameleon.fact<"unit_stride(1,k)"> -> !i64
  %constant = transform.tune.knob<"constant"> options = #chameleon.fact<"constant(1)"> -> !i64
  %n = transform.tune.knob<"n"> options = #chameleon.fact<"extent(n)"> -> !i64
  %m = transform.tune.knob<"m"> options = #chameleon.fact<"extent(m)"> -> !i64
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.fact<"lanes"> -> !i64
  %regs = transform.tune.knob<"registers"> options = #chameleon.fact<"registers"> -> !i64
  %dot = transform.tune.knob<"dot"> options = #chameleon.fact<"dot"> -> !i64
  // A single block of rows takes its panels from memory.
  transform.chameleon.require %mr, %nr, %panels, %lanes, %regs {
    set = affine_set<()[mr, nr, panels, lanes, regs] : (regs - 1 - ((mr + (mr + 12) floordiv 14) * nr * panels) floordiv lanes >= 0)>,
    message = "sums, a row of the panel and one number of A must fit the vector registers"}
  transform.chameleon.require %m, %mr, %panels {
    set = affine_set<()[m, mr, panels] : ((panels - 1) * (mr - m) >= 0)>,
    message = "panels side by side are for a single block of rows"}
  transform.chameleon.require %mr, %nr, %lanes, %m {
    set = affine_set<()[mr, nr, lanes, m] : ((mr * nr) floordiv lanes + 8 * (mr floordiv m) - 8 >= 0)>,
    message = "fewer than eight sums cannot hide the latency of an addition"}
  transform.chameleon.require %mr, %nr, %panels, %lanes, %n {
    set = affine_set<()[mr, nr, panels, lanes, n] : ((mr * nr * panels) floordiv lanes + 4 * ((4 * lanes - 1) floordiv n) - 4 >= 0)>,
    message = "few rows need wide tiles"}
  transform.chameleon.require %mr, %m {
    set = affine_set<()[mr, m] : (m ceildiv (m ceildiv mr) - mr == 0)>,
    message = "blocks of rows are made even: this one runs as a smaller one"}
  transform.chameleon.require %nr, %nb, %n {
    set = affine_set<()[nr, nb, n] : ((nb mod nr) * (n - nb) == 0)>,
    message = "the columns of a tile must divide those of a block, if there are several"}
  transform.chameleon.require %packing, %constant, %transposed {
    set = affine_set<()[packing, constant, transposed] : (packing * (constant + transposed) == 0)>,
    message = "a B that is constant or transposed is packed"}

  %ret = transform.structured.match ops{["func.return"]} in %f : (!any) -> !any
  %last = transform.get_producer_of_operand %ret[0] : (!any) -> !any
  %before = transform.chameleon.producers of %last named "linalg.matmul" : (!any) -> !any
  %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
  %fill = transform.chameleon.producers of %root named "linalg.fill" : (!any) -> !any
  %tile, %loop = transform.structured.tile_using_forall %last tile_sizes [0, %nb] : (!any, !i64) -> (!any, !any)
  %fused, %x0 = transform.structured.fuse_into_containing_op %before into %loop : (!any, !any) -> (!any, !any)
  %zeros, %x1 = transform.structured.fuse_into_containing_op %fill into %x0 : (!any, !any) -> (!any, !any)
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
  %matmul = transform.structured.match ops{["linalg.matmul"]} in %f : (!any) -> !any
  transform.chameleon.packed_matmul %matmul lanes = %lanes rows = %mr columns = %nr steps = %unroll chunk = %kc rows_outside = %order in_place = %packing panels = %panels dot = %dot : !any
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
  transform.apply_cse to %f : !any
  transform.yield
}

transform.named_sequence @cpu_batch_matmul(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["linalg.batch_matmul"], chameleon.benefit = 10 : i64} {
  // Matrices of a batch may run in parallel.
  %mr = transform.tune.knob<"mr"> options = #chameleon.tile<dim = "m", values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], prefer = 8, partial> -> !i64
  %nr = transform.tune.knob<"nr"> options = #chameleon.vector<dim = "n", values = [1, 2, 3, 4, 6, 8], prefer = 2, partial> -> !i64
  %unroll = transform.tune.knob<"unroll"> options = #chameleon.tile<dim = "k", values = [1, 2, 4, 8], prefer = 4, partial> -> !i64
  %kc = transform.tune.knob<"kc"> options = #chameleon.tile<dim = "k", values = [128, 256, 512, 1024, 1048576], prefer = 1048576, partial> -> !i64
  %order = transform.tune.knob<"order"> options = #chameleon.choice<["nm", "mn"]> -> !i64
  %packing = transform.tune.knob<"packing"> options = #chameleon.choice<["packed", "plain"]> -> !i64
  %transposed = transform.tune.knob<"transposed"> options = #chameleon.fact<"unit_stride(1,k)"> -> !i64
  %n = transform.tune.knob<"n"> options = #chameleon.fact<"extent(n)"> -> !i64
  %m = transform.tune.knob<"m"> options = #chameleon.fact<"extent(m)"> -> !i64
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.fact<"lanes"> -> !i64
  %regs = transform.tune.knob<"registers"> options = #chameleon.fact<"registers"> -> !i64
  %dot = transform.tune.knob<"dot"> options = #chameleon.fact<"dot"> -> !i64
  transform.chameleon.require %mr, %nr, %lanes, %regs {
    set = affine_set<()[mr, nr, lanes, regs] : (regs - 1 - ((mr + (mr + 12) floordiv 14) * nr) floordiv lanes >= 0)>,
    message = "sums, a row of the panel and one number of A must fit the vector registers"}
  transform.chameleon.require %mr, %nr, %lanes, %m {
    set = affine_set<()[mr, nr, lanes, m] : ((mr * nr) floordiv lanes + 8 * (mr floordiv m) - 8 >= 0)>,
    message = "fewer than eight sums cannot hide the latency of an addition"}
  transform.chameleon.require %mr, %nr, %lanes, %n {
    set = affine_set<()[mr, nr, lanes, n] : ((mr * nr) floordiv lanes + 4 * ((4 * lanes - 1) floordiv n) - 4 >= 0)>,
    message = "few rows need wide tiles"}
  transform.chameleon.require %mr, %m {
    set = affine_set<()[mr, m] : (m ceildiv (m ceildiv mr) - mr == 0)>,
    message = "blocks of rows are made even: this one runs as a smaller one"}
  transform.chameleon.require %packing, %transposed {
    set = affine_set<()[packing, transposed] : (packing * transposed == 0)>,
    message = "a B that is transposed is packed"}

  %ret = transform.structured.match ops{["func.return"]} in %f : (!any) -> !any
  %last = transform.get_producer_of_operand %ret[0] : (!any) -> !any
  %before = transform.chameleon.producers of %last named "linalg.batch_matmul" : (!any) -> !any
  %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
  %fill = transform.chameleon.producers of %root named "linalg.fill" : (!any) -> !any
  %tile, %loop = transform.structured.tile_using_forall %last tile_sizes [1] : (!any) -> (!any, !any)
  %fused, %x0 = transform.structured.fuse_into_containing_op %before into %loop : (!any, !any) -> (!any, !any)
  %zeros, %x1 = transform.structured.fuse_into_containing_op %fill into %x0 : (!any, !any) -> (!any, !any)
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
  %matmul = transform.structured.match ops{["linalg.batch_matmul"]} in %f : (!any) -> !any
  transform.chameleon.packed_matmul %matmul lanes = %lanes rows = %mr columns = %nr steps = %unroll chunk = %kc rows_outside = %order in_place = %packing dot = %dot : !any
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
  transform.apply_cse to %f : !any
  transform.yield
}
}
