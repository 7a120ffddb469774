// Dense 2-D convolutions with constant weights, NCHW/FCHW and NHWC/HWCF.
//
// Two algorithms. Winograd's (3x3 windows of stride 1 only) is one op of ours, transform.chameleon.winograd, run per block of
// rows. The direct sum:
//
// Only the weights are packed, to [F/fo][KH][KW][C][fo] (or [F/fo][C][KH][KW][fo]); they are constant, so that the pack
// moves to @chameleon_init. A tile of oht x owt pixels by fo channels stays in registers: each input scalar is broadcast
// against fo weights. An NCHW tile is transposed in registers on its way out (linalg.unpack), and the epilogue runs on it.
// Any stride and dilation, with or without padding, with or without an epilogue. Where a tile does not divide the image or
// the channels, the last one gets code of its own.
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

transform.named_sequence @cpu_conv_nchw(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["linalg.conv_2d_nchw_fchw"], chameleon.benefit = 10 : i64} {
  // Symbols of the bindings: these, then fo, oht, owt, rows.
  %algorithm = transform.tune.knob<"algorithm"> options = #chameleon.choice<["direct", "winograd"], prefer = "winograd"> -> !i64
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.fact<"lanes"> -> !i64
  %constant = transform.tune.knob<"constant"> options = #chameleon.fact<"constant(1)"> -> !i64
  %regs = transform.tune.knob<"registers"> options = #chameleon.fact<"registers"> -> !i64
  %oh = transform.tune.knob<"oh"> options = #chameleon.fact<"extent(oh)"> -> !i64
  %ow = transform.tune.knob<"ow"> options = #chameleon.fact<"extent(ow)"> -> !i64
  transform.chameleon.require %constant {
    set = affine_set<()[constant] : (constant - 1 == 0)>, message = "the weights must be constant"}
  transform.tune.alternatives<"algorithm"> {
    // Blocks of rows may run in parallel.
    %fo = transform.tune.knob<"fo"> options = #chameleon.vector<dim = "oc", values = [1, 2, 4], prefer = 2, partial> -> !i64
    %oht = transform.tune.knob<"oht"> options = #chameleon.tile<dim = "oh", max = 8> -> !i64
    %owt = transform.tune.knob<"owt"> options = #chameleon.tile<dim = "ow", values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 20, 24, 28], prefer = 9, partial> -> !i64
    %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "oh", prefer = 7> -> !i64
    %order = transform.tune.knob<"order"> options = #chameleon.choice<["hwc", "chw"]> -> !i64
    transform.chameleon.require %fo, %oht, %owt, %lanes, %regs {
      set = affine_set<()[fo, oht, owt, lanes, regs] : (regs - 1 - ((oht * owt + 1) * fo) floordiv lanes >= 0)>,
      message = "accumulators, weights and one input must fit the vector registers"}
    transform.chameleon.require %fo, %oht, %owt, %lanes, %oh, %ow {
      set = affine_set<()[fo, oht, owt, lanes, oh, ow] : ((oht * owt * fo) floordiv lanes + 8 * (8 floordiv (oh * ow)) - 8 >= 0)>,
      message = "fewer than eight accumulators cannot hide the latency of an addition"}
    transform.chameleon.require %oht, %owt, %ow {
      set = affine_set<()[oht, owt, ow] : (oht - 1 - (oht - 1) * ((14 + owt) floordiv (ow + 1)) <= 0)>,
      message = "several rows in a tile only where a row is short"}
    transform.chameleon.require %rows, %oht {
      set = affine_set<()[rows, oht] : (rows mod oht == 0)>, message = "the rows of a tile must divide those of a block"}
    transform.chameleon.require %oht, %owt, %ow {
      set = affine_set<()[oht, owt, ow] : ((oht - 1) * (ow mod owt) == 0)>,
      message = "several rows in a tile only where no part of a row is left over: that takes long to compile"}

    %pads = transform.structured.match ops{["tensor.pad"]} in %f : (!any) -> !any
    %pd = transform.structured.rewrite_in_destination_passing_style %pads : (!any) -> !any
    %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
    %gg = transform.structured.generalize %root : (!any) -> !any
    %g = transform.structured.pack %gg packed_sizes = [0, 16, 0, 0, 0, 0, 0] {chameleon.bind = {
           static_packed_sizes = affine_map<()[algorithm, lanes, constant, registers, oh, ow, fo] -> (0, fo, 0, 0, 0, 0, 0)>}} : (!any) -> !generic
    transform.tune.alternatives<"order"> {
      %pw = transform.get_producer_of_operand %g[1] : (!generic) -> !pack
      %g2, %pw2, %un2 = transform.structured.pack_transpose %pw with_compute_op(%g) outer_perm = [0, 2, 3, 1] : (!pack, !generic) -> (!generic, !pack, !any)
    }, {
      transform.yield
    }
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any

    // Tile what comes last (unpack or epilogue) and fuse the rest into its tile.
    %un = transform.structured.match ops{["linalg.unpack"]} in %f : (!any) -> !any
    %gen = transform.get_producer_of_operand %un[0] : (!any) -> !any
    %fill = transform.get_producer_of_operand %gen[2] : (!any) -> !any
    %ret = transform.structured.match ops{["func.return"]} in %f : (!any) -> !any
    %last = transform.get_producer_of_operand %ret[0] : (!any) -> !any
    %inner = transform.chameleon.producers of %last named "linalg.unpack" : (!any) -> !any
    %lb, %block = transform.structured.tile_using_forall %last tile_sizes [0, 0, 7, 0] {chameleon.bind = {
           static_tile_sizes = affine_map<()[algorithm, lanes, constant, registers, oh, ow, fo, oht, owt, rows] -> (0, 0, rows, 0)>}} : (!any) -> (!any, !any)
    %lt, %l:4 = transform.structured.tile_using_for %lb tile_sizes [1, %fo, %oht, %owt] interchange = [0, 1, 2, 3]
         : (!any, !i64, !i64, !i64) -> (!any, !any, !any, !any, !any)
    transform.apply_patterns to %f { transform.apply_patterns.tensor.merge_consecutive_insert_extract_slice } : !any
    %ut, %x0 = transform.structured.fuse_into_containing_op %inner into %l#3 : (!any, !any) -> (!any, !any)
    %gt, %x1 = transform.structured.fuse_into_containing_op %gen into %x0 : (!any, !any) -> (!any, !any)
    %ft, %x2 = transform.structured.fuse_into_containing_op %fill into %x1 : (!any, !any) -> (!any, !any)
    %fg = transform.structured.generalize %ft : (!any) -> !any

    // Where a tile does not divide, its last one gets code of its own; all of it is matched anew then.
    transform.annotate %gt "chameleon.tile" : !any
    transform.chameleon.peel_remainder %x2 : !any
    transform.chameleon.peel_remainder %l#2 : !any
    transform.chameleon.peel_remainder %l#1 : !any
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
    %tiles = transform.structured.match attributes {chameleon.tile} in %f : (!any) -> !any

    // Reduction loops, then one broadcast multiply-add per pixel.
    %gr, %lr:3 = transform.structured.tile_using_for %tiles tile_sizes [0, 0, 0, 0, 1, 1, 1, 0] interchange = [5, 6, 4, 0, 1, 2, 3, 7] {chameleon.bind = {
           interchange = {knob = "order", hwc = array<i64: 5, 6, 4, 0, 1, 2, 3, 7>, chw = array<i64: 4, 5, 6, 0, 1, 2, 3, 7>}}}
         : (!any) -> (!any, !any, !any, !any)
    %gu, %lu:2 = transform.structured.tile_using_for %gr tile_sizes [0, 0, 1, 1] : (!any) -> (!any, !any, !any)
    transform.chameleon.unroll_fully %lu#1 : !any
    transform.chameleon.unroll_fully %lu#0 : !any
    transform.include @fold_units failures(propagate) (%f) : (!any) -> ()
    %vg = transform.structured.match ops{["linalg.generic"]} in %f : (!any) -> !any
    transform.structured.vectorize %vg {create_named_contraction} : !any
    %vu = transform.structured.match ops{["linalg.unpack"]} in %f : (!any) -> !any
    transform.structured.vectorize %vu vector_sizes [1, 1, 1, 1, 16] {chameleon.bind = {
           static_vector_sizes = affine_map<()[algorithm, lanes, constant, registers, oh, ow, fo, oht, owt] -> (1, 1, oht, owt, fo)>}} : !any
    transform.include @keep_in_registers failures(propagate) (%f) : (!any) -> ()
  }, {
    // F(m x m, 3 x 3) with m = outputs, block by block of rows. Of the matrix products at each point, mr tiles by nr output
    // channels stay in registers.
    %block_rows = transform.tune.knob<"block"> options = #chameleon.tile<dim = "oh", prefer = 8> -> !i64
    %mr = transform.tune.knob<"mr"> options = #chameleon.tile<values = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], prefer = 6> -> !i64
    %nr = transform.tune.knob<"nr"> options = #chameleon.vector<dim = "oc", values = [1, 2, 3, 4], prefer = 2> -> !i64
    %steps = transform.tune.knob<"steps"> options = #chameleon.tile<values = [1, 2, 4]> -> !i64
    // Last: a default that a rule forbids steps along the others first, and stays with the most exact form.
    %outputs = transform.tune.knob<"outputs"> options = #chameleon.tile<values = [2, 4, 6]> -> !i64
    %numerics = transform.tune.knob<"numerics"> options = #chameleon.fact<"numerics"> -> !i64
    %ic = transform.tune.knob<"ic"> options = #chameleon.fact<"extent(ic)"> -> !i64
    %oc = transform.tune.knob<"oc"> options = #chameleon.fact<"extent(oc)"> -> !i64
    %l2 = transform.tune.knob<"l2"> options = #chameleon.fact<"l2"> -> !i64
    %bits = transform.tune.knob<"float_bits"> options = #chameleon.fact<"float_bits"> -> !i64
    %kh = transform.tune.knob<"kh"> options = #chameleon.fact<"extent(kh)"> -> !i64
    %kw = transform.tune.knob<"kw"> options = #chameleon.fact<"extent(kw)"> -> !i64
    %sh = transform.tune.knob<"sh"> options = #chameleon.fact<"stride(oh)"> -> !i64
    %sw = transform.tune.knob<"sw"> options = #chameleon.fact<"stride(ow)"> -> !i64
    %dh = transform.tune.knob<"dh"> options = #chameleon.fact<"dilation(kh)"> -> !i64
    %dw = transform.tune.knob<"dw"> options = #chameleon.fact<"dilation(kw)"> -> !i64
    transform.chameleon.require %kh, %kw, %sh, %sw, %dh, %dw {
      set = affine_set<()[kh, kw, sh, sw, dh, dw] : (kh - 3 == 0, kw - 3 == 0, sh - 1 == 0, sw - 1 == 0, dh - 1 == 0, dw - 1 == 0)>,
      message = "Winograd's algorithm is for 3x3 windows of stride 1"}
    transform.chameleon.require %bits {
      set = affine_set<()[bits] : (bits - 32 >= 0)>, message = "Winograd's algorithm needs the precision of f32"}
    transform.chameleon.require %ic, %lanes {
      set = affine_set<()[ic, lanes] : (ic mod lanes == 0, ic - 2 * lanes >= 0)>,
      message = "the input channels must fill vector registers, two or more"}
    transform.chameleon.require %numerics {
      set = affine_set<()[numerics] : (numerics - 1 >= 0)>,
      message = "numerics=strict allows another order of the same additions, no other algorithm"}
    transform.chameleon.require %outputs, %numerics {
      set = affine_set<()[outputs, numerics] : (4 * numerics - 2 - outputs >= 0)>,
      message = "tiles of more than two outputs lose digits: they need numerics=fast"}
    transform.chameleon.require %outputs, %block_rows, %oh {
      set = affine_set<()[outputs, block, oh] : ((block mod outputs) * (oh - block) == 0)>,
      message = "a block must hold whole tiles, or all rows"}
    // Not where a block is one row of tiles, or all rows: then one of the two divisions by 10001 gives 0, and both 1 otherwise.
    transform.chameleon.require %outputs, %block_rows, %oh, %ow, %ic, %oc, %l2 {
      set = affine_set<()[outputs, block, oh, ow, ic, oc, l2] : (3 * l2 - ((block + 10000) floordiv (outputs + 10001))
                          * ((oh - block + 10000) floordiv 10001) * (outputs + 2) * (outputs + 2)
                          * (block ceildiv outputs) * (ow ceildiv outputs) * (4 * ic + 4 * oc) >= 0)>,
      message = "several rows of transformed tiles may fill the second cache three times, not more"}
    transform.chameleon.require %mr, %nr, %lanes, %regs {
      set = affine_set<()[mr, nr, lanes, regs] : (regs - 1 - ((mr + 1) * nr) floordiv lanes >= 0)>,
      message = "sums, weights and one input must fit the vector registers"}
    transform.chameleon.require %mr, %nr, %lanes {
      set = affine_set<()[mr, nr, lanes] : ((mr * nr) floordiv lanes - 7 >= 0)>,
      message = "fewer than seven sums cannot hide the latency of an addition"}
    transform.chameleon.require %mr, %outputs, %block_rows, %ow {
      set = affine_set<()[mr, outputs, block, ow] : ((mr - 4) * (((block ceildiv outputs) * (ow ceildiv outputs)) ceildiv
                          (((block ceildiv outputs) * (ow ceildiv outputs)) ceildiv mr) - mr) >= 0)>,
      message = "blocks of tiles are made even: this one runs as a smaller one"}
    transform.chameleon.require %ic, %steps {
      set = affine_set<()[ic, steps] : (ic mod steps == 0)>, message = "the steps must divide the input channels"}

    %ret = transform.structured.match ops{["func.return"]} in %f : (!any) -> !any
    %last = transform.get_producer_of_operand %ret[0] : (!any) -> !any
    %before = transform.chameleon.producers of %last named "linalg.conv_2d_nchw_fchw" : (!any) -> !any
    %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
    %fill = transform.chameleon.producers of %root named "linalg.fill" : (!any) -> !any
    %tile, %loop = transform.structured.tile_using_forall %last tile_sizes [1, 0, %block_rows, 0] : (!any, !i64) -> (!any, !any)
    %fused, %x0 = transform.structured.fuse_into_containing_op %before into %loop : (!any, !any) -> (!any, !any)
    %zeros, %x1 = transform.structured.fuse_into_containing_op %fill into %x0 : (!any, !any) -> (!any, !any)
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
    %conv = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %f : (!any) -> !any
    transform.chameleon.winograd %conv outputs = %outputs lanes = %lanes rows = %mr columns = %nr steps = %steps : !any
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
    transform.apply_cse to %f : !any
  }
  transform.yield
}

transform.named_sequence @cpu_conv_nhwc(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["linalg.conv_2d_nhwc_hwcf"], chameleon.benefit = 10 : i64} {
  // Symbols of the bindings: these, then fo, oht, owt, rows.
  %algorithm = transform.tune.knob<"algorithm"> options = #chameleon.choice<["direct", "winograd"], prefer = "winograd"> -> !i64
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.fact<"lanes"> -> !i64
  %constant = transform.tune.knob<"constant"> options = #chameleon.fact<"constant(1)"> -> !i64
  %regs = transform.tune.knob<"registers"> options = #chameleon.fact<"registers"> -> !i64
  %oh = transform.tune.knob<"oh"> options = #chameleon.fact<"extent(oh)"> -> !i64
  %ow = transform.tune.knob<"ow"> options = #chameleon.fact<"extent(ow)"> -> !i64
  transform.chameleon.require %constant {
    set = affine_set<()[constant] : (constant - 1 == 0)>, message = "the weights must be constant"}
  transform.tune.alternatives<"algorithm"> {
    // Blocks of rows may run in parallel.
    %fo = transform.tune.knob<"fo"> options = #chameleon.vector<dim = "oc", values = [1, 2, 4], prefer = 2, partial> -> !i64
    %oht = transform.tune.knob<"oht"> options = #chameleon.tile<dim = "oh", max = 8> -> !i64
    %owt = transform.tune.knob<"owt"> options = #chameleon.tile<dim = "ow", values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 20, 24, 28], prefer = 9, partial> -> !i64
    %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "oh", prefer = 7> -> !i64
    %order = transform.tune.knob<"order"> options = #chameleon.choice<["hwc", "chw"]> -> !i64
    transform.chameleon.require %fo, %oht, %owt, %lanes, %regs {
      set = affine_set<()[fo, oht, owt, lanes, regs] : (regs - 1 - ((oht * owt + 1) * fo) floordiv lanes >= 0)>,
      message = "accumulators, weights and one input must fit the vector registers"}
    transform.chameleon.require %fo, %oht, %owt, %lanes, %oh, %ow {
      set = affine_set<()[fo, oht, owt, lanes, oh, ow] : ((oht * owt * fo) floordiv lanes + 8 * (8 floordiv (oh * ow)) - 8 >= 0)>,
      message = "fewer than eight accumulators cannot hide the latency of an addition"}
    transform.chameleon.require %oht, %owt, %ow {
      set = affine_set<()[oht, owt, ow] : (oht - 1 - (oht - 1) * ((14 + owt) floordiv (ow + 1)) <= 0)>,
      message = "several rows in a tile only where a row is short"}
    transform.chameleon.require %rows, %oht {
      set = affine_set<()[rows, oht] : (rows mod oht == 0)>, message = "the rows of a tile must divide those of a block"}
    transform.chameleon.require %oht, %owt, %ow {
      set = affine_set<()[oht, owt, ow] : ((oht - 1) * (ow mod owt) == 0)>,
      message = "several rows in a tile only where no part of a row is left over: that takes long to compile"}

    %pads = transform.structured.match ops{["tensor.pad"]} in %f : (!any) -> !any
    %pd = transform.structured.rewrite_in_destination_passing_style %pads : (!any) -> !any
    %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
    %gg = transform.structured.generalize %root : (!any) -> !any
    %g = transform.structured.pack %gg packed_sizes = [0, 0, 0, 16, 0, 0, 0] {chameleon.bind = {
           static_packed_sizes = affine_map<()[algorithm, lanes, constant, registers, oh, ow, fo] -> (0, 0, 0, fo, 0, 0, 0)>}} : (!any) -> !generic
    %pw = transform.get_producer_of_operand %g[1] : (!generic) -> !pack
    transform.tune.alternatives<"order"> {
      %g2, %pw2, %un2 = transform.structured.pack_transpose %pw with_compute_op(%g) outer_perm = [3, 0, 1, 2] : (!pack, !generic) -> (!generic, !pack, !any)
    }, {
      %g2, %pw2, %un2 = transform.structured.pack_transpose %pw with_compute_op(%g) outer_perm = [3, 2, 0, 1] : (!pack, !generic) -> (!generic, !pack, !any)
    }
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any

    // Tile what comes last (unpack or epilogue) and fuse the rest into its tile.
    %un = transform.structured.match ops{["linalg.unpack"]} in %f : (!any) -> !any
    %gen = transform.get_producer_of_operand %un[0] : (!any) -> !any
    %fill = transform.get_producer_of_operand %gen[2] : (!any) -> !any
    %ret = transform.structured.match ops{["func.return"]} in %f : (!any) -> !any
    %last = transform.get_producer_of_operand %ret[0] : (!any) -> !any
    %inner = transform.chameleon.producers of %last named "linalg.unpack" : (!any) -> !any
    %lb, %block = transform.structured.tile_using_forall %last tile_sizes [0, 7, 0, 0] {chameleon.bind = {
           static_tile_sizes = affine_map<()[algorithm, lanes, constant, registers, oh, ow, fo, oht, owt, rows] -> (0, rows, 0, 0)>}} : (!any) -> (!any, !any)
    %lt, %l:4 = transform.structured.tile_using_for %lb tile_sizes [1, %oht, %owt, %fo] interchange = [0, 3, 1, 2]
         : (!any, !i64, !i64, !i64) -> (!any, !any, !any, !any, !any)
    transform.apply_patterns to %f { transform.apply_patterns.tensor.merge_consecutive_insert_extract_slice } : !any
    %ut, %x0 = transform.structured.fuse_into_containing_op %inner into %l#3 : (!any, !any) -> (!any, !any)
    %gt, %x1 = transform.structured.fuse_into_containing_op %gen into %x0 : (!any, !any) -> (!any, !any)
    %ft, %x2 = transform.structured.fuse_into_containing_op %fill into %x1 : (!any, !any) -> (!any, !any)
    %fg = transform.structured.generalize %ft : (!any) -> !any
    transform.annotate %gt "chameleon.tile" : !any
    transform.chameleon.peel_remainder %x2 : !any
    transform.chameleon.peel_remainder %l#2 : !any
    transform.chameleon.peel_remainder %l#1 : !any
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
    %tiles = transform.structured.match attributes {chameleon.tile} in %f : (!any) -> !any

    // Reduction loops, then one broadcast multiply-add per pixel.
    %gr, %lr:3 = transform.structured.tile_using_for %tiles tile_sizes [0, 0, 0, 0, 1, 1, 1, 0] interchange = [4, 5, 6, 0, 1, 2, 3, 7] {chameleon.bind = {
           interchange = {knob = "order", hwc = array<i64: 4, 5, 6, 0, 1, 2, 3, 7>, chw = array<i64: 6, 4, 5, 0, 1, 2, 3, 7>}}}
         : (!any) -> (!any, !any, !any, !any)
    %gu, %lu:2 = transform.structured.tile_using_for %gr tile_sizes [0, 1, 1] : (!any) -> (!any, !any, !any)
    transform.chameleon.unroll_fully %lu#1 : !any
    transform.chameleon.unroll_fully %lu#0 : !any
    transform.include @fold_units failures(propagate) (%f) : (!any) -> ()
    %vg = transform.structured.match ops{["linalg.generic"]} in %f : (!any) -> !any
    transform.structured.vectorize %vg {create_named_contraction} : !any
    %vu = transform.structured.match ops{["linalg.unpack"]} in %f : (!any) -> !any
    transform.structured.vectorize %vu vector_sizes [1, 1, 1, 1, 16] {chameleon.bind = {
           static_vector_sizes = affine_map<()[algorithm, lanes, constant, registers, oh, ow, fo, oht, owt] -> (1, oht, owt, 1, fo)>}} : !any
    transform.include @keep_in_registers failures(propagate) (%f) : (!any) -> ()
  }, {
    // As for NCHW.
    %block_rows = transform.tune.knob<"block"> options = #chameleon.tile<dim = "oh", prefer = 8> -> !i64
    %mr = transform.tune.knob<"mr"> options = #chameleon.tile<values = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], prefer = 6> -> !i64
    %nr = transform.tune.knob<"nr"> options = #chameleon.vector<dim = "oc", values = [1, 2, 3, 4], prefer = 2> -> !i64
    %steps = transform.tune.knob<"steps"> options = #chameleon.tile<values = [1, 2, 4]> -> !i64
    // Last: a default that a rule forbids steps along the others first, and stays with the most exact form.
    %outputs = transform.tune.knob<"outputs"> options = #chameleon.tile<values = [2, 4, 6]> -> !i64
    %numerics = transform.tune.knob<"numerics"> options = #chameleon.fact<"numerics"> -> !i64
    %ic = transform.tune.knob<"ic"> options = #chameleon.fact<"extent(ic)"> -> !i64
    %oc = transform.tune.knob<"oc"> options = #chameleon.fact<"extent(oc)"> -> !i64
    %l2 = transform.tune.knob<"l2"> options = #chameleon.fact<"l2"> -> !i64
    %bits = transform.tune.knob<"float_bits"> options = #chameleon.fact<"float_bits"> -> !i64
    %kh = transform.tune.knob<"kh"> options = #chameleon.fact<"extent(kh)"> -> !i64
    %kw = transform.tune.knob<"kw"> options = #chameleon.fact<"extent(kw)"> -> !i64
    %sh = transform.tune.knob<"sh"> options = #chameleon.fact<"stride(oh)"> -> !i64
    %sw = transform.tune.knob<"sw"> options = #chameleon.fact<"stride(ow)"> -> !i64
    %dh = transform.tune.knob<"dh"> options = #chameleon.fact<"dilation(kh)"> -> !i64
    %dw = transform.tune.knob<"dw"> options = #chameleon.fact<"dilation(kw)"> -> !i64
    transform.chameleon.require %kh, %kw, %sh, %sw, %dh, %dw {
      set = affine_set<()[kh, kw, sh, sw, dh, dw] : (kh - 3 == 0, kw - 3 == 0, sh - 1 == 0, sw - 1 == 0, dh - 1 == 0, dw - 1 == 0)>,
      message = "Winograd's algorithm is for 3x3 windows of stride 1"}
    transform.chameleon.require %bits {
      set = affine_set<()[bits] : (bits - 32 >= 0)>, message = "Winograd's algorithm needs the precision of f32"}
    transform.chameleon.require %ic, %lanes {
      set = affine_set<()[ic, lanes] : (ic mod lanes == 0, ic - 2 * lanes >= 0)>,
      message = "the input channels must fill vector registers, two or more"}
    transform.chameleon.require %numerics {
      set = affine_set<()[numerics] : (numerics - 1 >= 0)>,
      message = "numerics=strict allows another order of the same additions, no other algorithm"}
    transform.chameleon.require %outputs, %numerics {
      set = affine_set<()[outputs, numerics] : (4 * numerics - 2 - outputs >= 0)>,
      message = "tiles of more than two outputs lose digits: they need numerics=fast"}
    transform.chameleon.require %outputs, %block_rows, %oh {
      set = affine_set<()[outputs, block, oh] : ((block mod outputs) * (oh - block) == 0)>,
      message = "a block must hold whole tiles, or all rows"}
    // Not where a block is one row of tiles, or all rows: then one of the two divisions by 10001 gives 0, and both 1 otherwise.
    transform.chameleon.require %outputs, %block_rows, %oh, %ow, %ic, %oc, %l2 {
      set = affine_set<()[outputs, block, oh, ow, ic, oc, l2] : (3 * l2 - ((block + 10000) floordiv (outputs + 10001))
                          * ((oh - block + 10000) floordiv 10001) * (outputs + 2) * (outputs + 2)
                          * (block ceildiv outputs) * (ow ceildiv outputs) * (4 * ic + 4 * oc) >= 0)>,
      message = "several rows of transformed tiles may fill the second cache three times, not more"}
    transform.chameleon.require %mr, %nr, %lanes, %regs {
      set = affine_set<()[mr, nr, lanes, regs] : (regs - 1 - ((mr + 1) * nr) floordiv lanes >= 0)>,
      message = "sums, weights and one input must fit the vector registers"}
    transform.chameleon.require %mr, %nr, %lanes {
      set = affine_set<()[mr, nr, lanes] : ((mr * nr) floordiv lanes - 7 >= 0)>,
      message = "fewer than seven sums cannot hide the latency of an addition"}
    transform.chameleon.require %mr, %outputs, %block_rows, %ow {
      set = affine_set<()[mr, outputs, block, ow] : ((mr - 4) * (((block ceildiv outputs) * (ow ceildiv outputs)) ceildiv
                          (((block ceildiv outputs) * (ow ceildiv outputs)) ceildiv mr) - mr) >= 0)>,
      message = "blocks of tiles are made even: this one runs as a smaller one"}
    transform.chameleon.require %ic, %steps {
      set = affine_set<()[ic, steps] : (ic mod steps == 0)>, message = "the steps must divide the input channels"}

    %ret = transform.structured.match ops{["func.return"]} in %f : (!any) -> !any
    %last = transform.get_producer_of_operand %ret[0] : (!any) -> !any
    %before = transform.chameleon.producers of %last named "linalg.conv_2d_nhwc_hwcf" : (!any) -> !any
    %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
    %fill = transform.chameleon.producers of %root named "linalg.fill" : (!any) -> !any
    %tile, %loop = transform.structured.tile_using_forall %last tile_sizes [1, %block_rows, 0, 0] : (!any, !i64) -> (!any, !any)
    %fused, %x0 = transform.structured.fuse_into_containing_op %before into %loop : (!any, !any) -> (!any, !any)
    %zeros, %x1 = transform.structured.fuse_into_containing_op %fill into %x0 : (!any, !any) -> (!any, !any)
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
    %conv = transform.structured.match ops{["linalg.conv_2d_nhwc_hwcf"]} in %f : (!any) -> !any
    transform.chameleon.winograd %conv outputs = %outputs lanes = %lanes rows = %mr columns = %nr steps = %steps : !any
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
    transform.apply_cse to %f : !any
  }
  transform.yield
}
}
