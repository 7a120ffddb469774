// Schedules for every other computation, of any rank: elementwise ops and transpositions, reductions, windows (depthwise
// and pooling, and convolutions that no other schedule takes), contractions of any layout, and matmuls of few rows whose B
// is not constant. They tile by dimensions of the result, not by loops of one op, and leave as plain loops what does not
// vectorize.
//
// No licm: see convolution.mlir.
!any = !transform.any_op
!i64 = !transform.param<i64>

module attributes {transform.with_named_sequence} {

// Vectors where ops allow them.
transform.named_sequence @to_vectors(%f: !any {transform.readonly}) {
  transform.apply_patterns to %f {
    transform.apply_patterns.linalg.fold_unit_extent_dims_via_slices
    transform.apply_patterns.tensor.fold_tensor_empty
    transform.apply_patterns.canonicalization
  } : !any
  transform.apply_cse to %f : !any
  transform.chameleon.vectorize in %f {max_elements = 1024} : !any
  transform.yield
}

// Accumulators in registers over the loops that remain.
transform.named_sequence @keep_in_registers(%f: !any {transform.readonly}) {
  transform.apply_patterns to %f {
    transform.apply_patterns.chameleon.strided_reads
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

// What is summed up within a vector op: along lanes into one number, or row by row into lanes.
transform.named_sequence @vectorize_lanes(%f: !any {transform.readonly}) {
  transform.include @to_vectors failures(propagate) (%f) : (!any) -> ()
  transform.apply_patterns to %f {
    transform.apply_patterns.vector.lower_multi_reduction lowering_strategy = "innerreduction"
    transform.apply_patterns.canonicalization
  } : !any
  transform.include @keep_in_registers failures(propagate) (%f) : (!any) -> ()
  transform.yield
}
transform.named_sequence @vectorize_rows(%f: !any {transform.readonly}) {
  transform.include @to_vectors failures(propagate) (%f) : (!any) -> ()
  transform.apply_patterns to %f {
    transform.apply_patterns.vector.lower_multi_reduction lowering_strategy = "innerparallel"
    transform.apply_patterns.canonicalization
  } : !any
  transform.include @keep_in_registers failures(propagate) (%f) : (!any) -> ()
  transform.yield
}

// Marks the op of the reduction (chameleon.tile) and the one whose result the task returns (chameleon.last).
transform.named_sequence @mark(%f: !any {transform.readonly}) {
  %pads = transform.structured.match ops{["tensor.pad"]} in %f : (!any) -> !any
  %pd = transform.structured.rewrite_in_destination_passing_style %pads : (!any) -> !any
  %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
  %g = transform.structured.generalize %root : (!any) -> !any
  transform.annotate %g "chameleon.tile" : !any
  %ret = transform.structured.match ops{["func.return"]} in %f : (!any) -> !any
  %last = transform.get_producer_of_operand %ret[0] : (!any) -> !any
  transform.annotate %last "chameleon.last" : !any
  transform.yield
}

// Partial sums along contiguous elements. Symbols: rows, lanes.
transform.named_sequence @sum_lanes(%f: !any {transform.readonly}) {
  transform.include @mark failures(propagate) (%f) : (!any) -> ()
  %op = transform.structured.match attributes {chameleon.last} in %f : (!any) -> !any
  %tile, %loops = transform.chameleon.tile_result %op inner_sizes = [1] {fuse, parallel, chameleon.bind = {
         inner_sizes = affine_map<()[rows] -> (rows)>}} : (!any) -> (!any, !any)
  transform.chameleon.peel_remainder %loops : !any
  %r = transform.structured.match attributes {chameleon.tile} in %f : (!any) -> !any
  %part, %sums = transform.chameleon.tile_reductions %r inner_sizes = [64] {partial, chameleon.bind = {
         inner_sizes = affine_map<()[rows, lanes] -> (lanes)>}} : (!any) -> (!any, !any)
  transform.chameleon.peel_remainder %sums : !any
  transform.include @vectorize_lanes failures(propagate) (%f) : (!any) -> ()
  transform.yield
}

// A tile of results is summed up in registers. Symbols: rows, cols, steps.
transform.named_sequence @sum_in_registers(%f: !any {transform.readonly}) {
  transform.include @mark failures(propagate) (%f) : (!any) -> ()
  %fills = transform.structured.match ops{["linalg.fill"]} in %f : (!any) -> !any
  %fg = transform.structured.generalize %fills : (!any) -> !any
  %op = transform.structured.match attributes {chameleon.last} in %f : (!any) -> !any
  %tile, %loops = transform.chameleon.tile_result %op inner_sizes = [8, 32] {fuse, parallel, chameleon.bind = {
         inner_sizes = affine_map<()[rows, cols] -> (rows, cols)>}} : (!any) -> (!any, !any)
  transform.chameleon.peel_remainder %loops : !any
  %r = transform.structured.match attributes {chameleon.tile} in %f : (!any) -> !any
  %part, %sums = transform.chameleon.tile_reductions %r inner_sizes = [1] : (!any) -> (!any, !any)
  transform.include @vectorize_rows failures(propagate) (%f) : (!any) -> ()
  transform.yield
}

// What is reduced is read once, in order; the results stay in the cache. Symbols: rows, cols, steps.
transform.named_sequence @sum_in_cache(%f: !any {transform.readonly}) {
  transform.include @mark failures(propagate) (%f) : (!any) -> ()
  %op = transform.structured.match attributes {chameleon.last} in %f : (!any) -> !any
  %whole, %outer = transform.chameleon.tile_result %op inner_sizes = [8, 0] {fuse, parallel, chameleon.bind = {
         inner_sizes = affine_map<()[rows] -> (rows, 0)>}} : (!any) -> (!any, !any)
  transform.chameleon.peel_remainder %outer : !any
  %r = transform.structured.match attributes {chameleon.tile} in %f : (!any) -> !any
  %step, %sums = transform.chameleon.tile_reductions %r inner_sizes = [4] {chameleon.bind = {
         inner_sizes = affine_map<()[rows, cols, steps] -> (steps)>}} : (!any) -> (!any, !any)
  %tile, %loops = transform.chameleon.tile_result %step inner_sizes = [8, 64] {chameleon.bind = {
         inner_sizes = affine_map<()[rows, cols] -> (rows, cols)>}} : (!any) -> (!any, !any)
  transform.chameleon.peel_remainder %loops : !any
  transform.chameleon.peel_remainder %sums : !any
  transform.include @vectorize_rows failures(propagate) (%f) : (!any) -> ()
  transform.yield
}

// Tiles of a result whose inputs are read element by element, or across. Symbols: rows, cols.
transform.named_sequence @tile_elementwise(%f: !any {transform.readonly}) {
  %pads = transform.structured.match ops{["tensor.pad"]} in %f : (!any) -> !any
  %pd = transform.structured.rewrite_in_destination_passing_style %pads : (!any) -> !any
  %ret = transform.structured.match ops{["func.return"]} in %f : (!any) -> !any
  %last = transform.get_producer_of_operand %ret[0] : (!any) -> !any
  %g = transform.structured.generalize %last : (!any) -> !any
  %tile, %loops = transform.chameleon.tile_result %g inner_sizes = [8, 16] {fuse, across, parallel, chameleon.bind = {
         inner_sizes = affine_map<()[rows, cols] -> (rows, cols)>}} : (!any) -> (!any, !any)
  transform.chameleon.peel_remainder %loops : !any
  transform.include @vectorize_rows failures(propagate) (%f) : (!any) -> ()
  transform.yield
}

// Transpositions, and elementwise ops that read an input across.
transform.named_sequence @cpu_transpose(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["elementwise"], chameleon.benefit = 6 : i64} {
  %rows = transform.tune.knob<"rows"> options = #chameleon.tile<values = [4, 8, 16, 32], prefer = 8> -> !i64
  %cols = transform.tune.knob<"cols"> options = #chameleon.vector<values = [1, 2, 4], prefer = 1> -> !i64
  %across = transform.tune.knob<"across"> options = #chameleon.fact<"transposed_input"> -> !i64
  %vector = transform.tune.knob<"vector"> options = #chameleon.fact<"lanes"> -> !i64
  transform.chameleon.require %across {
    set = affine_set<()[across] : (across - 1 == 0)>, message = "an input must be read across"}
  transform.chameleon.require %rows, %cols, %vector {
    set = affine_set<()[rows, cols, vector] : (32 - (rows * cols) floordiv vector >= 0)>,
    message = "a tile must be small enough to be transposed in registers"}
  transform.include @tile_elementwise failures(propagate) (%f) : (!any) -> ()
  transform.yield
}

// Elementwise ops and broadcasts. Loops that the compiler vectorizes are often as good.
transform.named_sequence @cpu_elementwise(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["elementwise"], chameleon.benefit = 5 : i64} {
  %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "last1", values = [1, 2, 4, 8], prefer = 1, partial> -> !i64
  %cols = transform.tune.knob<"cols"> options = #chameleon.vector<dim = "last", values = [1, 2, 4, 8], prefer = 4, partial> -> !i64
  %form = transform.tune.knob<"form"> options = #chameleon.choice<["vectors", "loops"]> -> !i64
  %vector = transform.tune.knob<"vector"> options = #chameleon.fact<"lanes"> -> !i64
  transform.chameleon.require %rows, %cols, %vector {
    set = affine_set<()[rows, cols, vector] : (16 - (rows * cols) floordiv vector >= 0)>,
    message = "a tile must be small enough for the registers"}
  transform.tune.alternatives<"form"> {
    transform.include @tile_elementwise failures(propagate) (%f) : (!any) -> ()
  }, {
    transform.yield
  }
  transform.yield
}

// Reductions along contiguous elements, and dot products.
transform.named_sequence @cpu_reduce_inner(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["reduction", "contraction"], chameleon.benefit = 6 : i64} {
  %rows = transform.tune.knob<"rows"> options = #chameleon.tile<values = [1, 2, 4, 8], prefer = 1> -> !i64
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.vector<values = [1, 2, 4, 8, 16], prefer = 4> -> !i64
  %inner = transform.tune.knob<"inner"> options = #chameleon.fact<"contiguous_reduction"> -> !i64
  %vector = transform.tune.knob<"vector"> options = #chameleon.fact<"lanes"> -> !i64
  transform.chameleon.require %inner {
    set = affine_set<()[inner] : (inner - 1 == 0)>, message = "the reduction must run along contiguous elements"}
  transform.chameleon.require %rows, %lanes, %vector {
    set = affine_set<()[rows, lanes, vector] : (16 - (rows * lanes) floordiv vector >= 0)>,
    message = "the partial sums must fit the vector registers"}
  transform.include @sum_lanes failures(propagate) (%f) : (!any) -> ()
  transform.yield
}

// Reductions across rows.
transform.named_sequence @cpu_reduce_outer(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["reduction"], chameleon.benefit = 5 : i64} {
  %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "last1", values = [1, 2, 4, 8], prefer = 1, partial> -> !i64
  %cols = transform.tune.knob<"cols"> options = #chameleon.vector<values = [1, 2, 4, 8, 16], prefer = 4> -> !i64
  %steps = transform.tune.knob<"steps"> options = #chameleon.tile<values = [1, 2, 4, 8], prefer = 4> -> !i64
  %sums = transform.tune.knob<"sums"> options = #chameleon.choice<["cache", "registers"]> -> !i64
  %vector = transform.tune.knob<"vector"> options = #chameleon.fact<"lanes"> -> !i64
  transform.chameleon.require %rows, %cols, %vector {
    set = affine_set<()[rows, cols, vector] : (16 - (rows * cols) floordiv vector >= 0)>,
    message = "the sums must fit the vector registers"}
  transform.tune.alternatives<"sums"> {
    transform.include @sum_in_cache failures(propagate) (%f) : (!any) -> ()
  }, {
    transform.include @sum_in_registers failures(propagate) (%f) : (!any) -> ()
  }
  transform.yield
}

// Contractions of any layout that no other schedule takes.
transform.named_sequence @cpu_contraction(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["contraction"], chameleon.benefit = 5 : i64} {
  %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "last1", values = [1, 2, 4, 6, 8, 10, 12], prefer = 8, partial> -> !i64
  %cols = transform.tune.knob<"cols"> options = #chameleon.vector<values = [1, 2, 4], prefer = 2> -> !i64
  %steps = transform.tune.knob<"steps"> options = #chameleon.tile<values = [1, 2, 4, 8], prefer = 4> -> !i64
  %sums = transform.tune.knob<"sums"> options = #chameleon.choice<["registers", "cache"]> -> !i64
  %vector = transform.tune.knob<"vector"> options = #chameleon.fact<"lanes"> -> !i64
  transform.chameleon.require %rows, %cols, %vector {
    set = affine_set<()[rows, cols, vector] : (24 - (rows * cols) floordiv vector >= 0)>,
    message = "the sums must fit the vector registers"}
  transform.tune.alternatives<"sums"> {
    transform.include @sum_in_registers failures(propagate) (%f) : (!any) -> ()
  }, {
    transform.include @sum_in_cache failures(propagate) (%f) : (!any) -> ()
  }
  transform.yield
}

// Few rows times a B that is not constant: packing B would move more data than the product does. Here B is [K][N].
transform.named_sequence @cpu_gemv(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["contraction"], chameleon.benefit = 20 : i64} {
  %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "m", values = [1, 2, 4], prefer = 4, partial> -> !i64
  %cols = transform.tune.knob<"cols"> options = #chameleon.vector<dim = "n", values = [1, 2, 4, 8], prefer = 4, partial> -> !i64
  %steps = transform.tune.knob<"steps"> options = #chameleon.tile<dim = "k", values = [2, 4, 8, 16], prefer = 8, partial> -> !i64
  %m = transform.tune.knob<"m"> options = #chameleon.fact<"extent(m)"> -> !i64
  %constant = transform.tune.knob<"constant"> options = #chameleon.fact<"constant(1)"> -> !i64
  %contiguous = transform.tune.knob<"contiguous"> options = #chameleon.fact<"unit_stride(1,last)"> -> !i64
  %vector = transform.tune.knob<"vector"> options = #chameleon.fact<"lanes"> -> !i64
  transform.chameleon.require %m, %constant, %contiguous {
    set = affine_set<()[m, constant, contiguous] : (4 - m >= 0, constant == 0, contiguous - 1 == 0)>,
    message = "at most four rows times a B of contiguous rows that is not constant"}
  transform.chameleon.require %rows, %cols, %vector {
    set = affine_set<()[rows, cols, vector] : (16 - (rows * cols) floordiv vector >= 0)>,
    message = "the sums must fit the vector registers"}
  transform.include @sum_in_cache failures(propagate) (%f) : (!any) -> ()
  transform.yield
}

// The same where B is [N][K].
transform.named_sequence @cpu_gemv_transposed(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["contraction"], chameleon.benefit = 20 : i64} {
  %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "n", values = [1, 2, 4, 8], prefer = 8, partial> -> !i64
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.vector<dim = "k", values = [1, 2, 4], prefer = 1, partial> -> !i64
  %m = transform.tune.knob<"m"> options = #chameleon.fact<"extent(m)"> -> !i64
  %constant = transform.tune.knob<"constant"> options = #chameleon.fact<"constant(1)"> -> !i64
  %contiguous = transform.tune.knob<"contiguous"> options = #chameleon.fact<"unit_stride(1,k)"> -> !i64
  %vector = transform.tune.knob<"vector"> options = #chameleon.fact<"lanes"> -> !i64
  transform.chameleon.require %m, %constant, %contiguous {
    set = affine_set<()[m, constant, contiguous] : (4 - m >= 0, constant == 0, contiguous - 1 == 0)>,
    message = "at most four rows times a B of contiguous columns that is not constant"}
  transform.chameleon.require %rows, %lanes, %vector {
    set = affine_set<()[rows, lanes, vector] : (16 - (rows * lanes) floordiv vector >= 0)>,
    message = "the partial sums must fit the vector registers"}
  transform.include @sum_lanes failures(propagate) (%f) : (!any) -> ()
  transform.yield
}

// The ops of a window as generics, the root among them marked; gives the last op.
transform.named_sequence @window_ops(%f: !any {transform.readonly}) -> !any {
  %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
  %fills = transform.structured.match ops{["linalg.fill"]} in %f : (!any) -> !any
  %fg = transform.structured.generalize %fills : (!any) -> !any
  %g = transform.structured.generalize %root : (!any) -> !any
  transform.annotate %g "chameleon.tile" : !any
  %ret = transform.structured.match ops{["func.return"]} in %f : (!any) -> !any
  %last = transform.get_producer_of_operand %ret[0] : (!any) -> !any
  transform.yield %last : !any
}

// What is padded, as a buffer that is filled and copied to: tiles read it.
transform.named_sequence @pad_into_buffers(%f: !any {transform.readonly}) {
  %pads = transform.structured.match ops{["tensor.pad"]} in %f : (!any) -> !any
  %pd = transform.structured.rewrite_in_destination_passing_style %pads : (!any) -> !any
  transform.yield
}

// The taps of the tiles of a window, one by one: gives their loops.
transform.named_sequence @tap_loops(%f: !any {transform.readonly}, %loops: !any {transform.consumed}) -> !any {
  transform.chameleon.peel_remainder %loops : !any
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
  %r = transform.structured.match attributes {chameleon.tile} in %f : (!any) -> !any
  %part, %sums = transform.chameleon.tile_reductions %r inner_sizes = [1] : (!any) -> (!any, !any)
  transform.yield %sums : !any
}

// Windows: depthwise convolutions and pooling in any layout, and dense convolutions as a last resort. A tile of rows x cols
// results is summed up tap by tap; small windows are unrolled. With a stride along the columns, each tap is read by whole
// vectors and shuffled.
transform.named_sequence @cpu_window(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["depthwise", "pooling", "convolution"], chameleon.benefit = 5 : i64} {
  %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "last1", max = 8, prefer = 4> -> !i64
  %cols = transform.tune.knob<"cols"> options = #chameleon.tile<dim = "last", min = 4, max = 64, prefer = 32, partial> -> !i64
  %taps = transform.tune.knob<"taps"> options = #chameleon.choice<["all", "row"]> -> !i64
  %vector = transform.tune.knob<"vector"> options = #chameleon.fact<"lanes"> -> !i64
  transform.chameleon.require %rows, %cols, %vector {
    set = affine_set<()[rows, cols, vector] : (16 - rows * (cols ceildiv vector) >= 0)>,
    message = "the sums must fit the vector registers"}

  transform.include @pad_into_buffers failures(propagate) (%f) : (!any) -> ()
  %last = transform.include @window_ops failures(propagate) (%f) : (!any) -> !any
  %tile, %loops = transform.chameleon.tile_result %last inner_sizes = [4, 16] {fuse, parallel, chameleon.bind = {
         inner_sizes = affine_map<()[rows, cols] -> (rows, cols)>}} : (!any) -> (!any, !any)
  %sums = transform.include @tap_loops failures(propagate) (%f, %loops) : (!any, !any) -> !any
  transform.tune.alternatives<"taps"> {
    transform.chameleon.unroll_fully %sums {max_iterations = 16} : !any
  }, {
    transform.chameleon.unroll_fully %sums {max_iterations = 7} : !any
  }
  transform.include @vectorize_rows failures(propagate) (%f) : (!any) -> ()
  transform.yield
}

// The same over NCHW images by blocks of channels, which pad what they read: no padded image is whole, but where one block has all channels.
transform.named_sequence @cpu_window_nchw(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["linalg.depthwise_conv_2d_nchw_chw", "linalg.pooling_nchw_max", "linalg.pooling_nchw_sum"], chameleon.benefit = 6 : i64} {
  %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "last1", max = 8, prefer = 4> -> !i64
  %cols = transform.tune.knob<"cols"> options = #chameleon.tile<dim = "last", min = 4, max = 64, prefer = 32, partial> -> !i64
  %block = transform.tune.knob<"block"> options = #chameleon.tile<dim = "c", values = [1, 2, 4, 8, 16], prefer = 4> -> !i64
  %taps = transform.tune.knob<"taps"> options = #chameleon.choice<["all", "row"]> -> !i64
  %vector = transform.tune.knob<"vector"> options = #chameleon.fact<"lanes"> -> !i64
  transform.chameleon.require %rows, %cols, %vector {
    set = affine_set<()[rows, cols, vector] : (16 - rows * (cols ceildiv vector) >= 0)>,
    message = "the sums must fit the vector registers"}

  %last = transform.include @window_ops failures(propagate) (%f) : (!any) -> !any
  %in_block, %blocks = transform.chameleon.tile_result %last inner_sizes = [4, 0, 0] {fuse, parallel, chameleon.bind = {
         inner_sizes = affine_map<()[rows, cols, block] -> (block, 0, 0)>}} : (!any) -> (!any, !any)
  transform.include @pad_into_buffers failures(propagate) (%f) : (!any) -> ()
  %tile, %loops = transform.chameleon.tile_result %in_block inner_sizes = [4, 16] {fuse, parallel, chameleon.bind = {
         inner_sizes = affine_map<()[rows, cols] -> (rows, cols)>}} : (!any) -> (!any, !any)
  %sums = transform.include @tap_loops failures(propagate) (%f, %loops) : (!any, !any) -> !any
  transform.tune.alternatives<"taps"> {
    transform.chameleon.unroll_fully %sums {max_iterations = 16} : !any
  }, {
    transform.chameleon.unroll_fully %sums {max_iterations = 7} : !any
  }
  transform.include @vectorize_rows failures(propagate) (%f) : (!any) -> ()
  transform.yield
}

// And over NHWC images.
transform.named_sequence @cpu_window_nhwc(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["linalg.depthwise_conv_2d_nhwc_hwc", "linalg.pooling_nhwc_max", "linalg.pooling_nhwc_sum"], chameleon.benefit = 6 : i64} {
  %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "last1", max = 8, prefer = 4> -> !i64
  %cols = transform.tune.knob<"cols"> options = #chameleon.tile<dim = "last", min = 4, max = 64, prefer = 16, partial> -> !i64
  %block = transform.tune.knob<"block"> options = #chameleon.tile<dim = "last", values = [8, 16, 24, 32, 40, 48, 64, 128, 1048576], prefer = 32> -> !i64
  %taps = transform.tune.knob<"taps"> options = #chameleon.choice<["all", "row"]> -> !i64
  %vector = transform.tune.knob<"vector"> options = #chameleon.fact<"lanes"> -> !i64
  transform.chameleon.require %rows, %cols, %vector {
    set = affine_set<()[rows, cols, vector] : (16 - rows * (cols ceildiv vector) >= 0)>,
    message = "the sums must fit the vector registers"}
  transform.chameleon.require %cols, %block {
    set = affine_set<()[cols, block] : (block mod cols == 0)>, message = "tiles must divide the channels of a block"}

  %last = transform.include @window_ops failures(propagate) (%f) : (!any) -> !any
  %in_block, %blocks = transform.chameleon.tile_result %last inner_sizes = [0, 0, 32] {fuse, parallel, chameleon.bind = {
         inner_sizes = affine_map<()[rows, cols, block] -> (0, 0, block)>}} : (!any) -> (!any, !any)
  transform.include @pad_into_buffers failures(propagate) (%f) : (!any) -> ()
  %tile, %loops = transform.chameleon.tile_result %in_block inner_sizes = [4, 16] {fuse, parallel, chameleon.bind = {
         inner_sizes = affine_map<()[rows, cols] -> (rows, cols)>}} : (!any) -> (!any, !any)
  %sums = transform.include @tap_loops failures(propagate) (%f, %loops) : (!any, !any) -> !any
  transform.tune.alternatives<"taps"> {
    transform.chameleon.unroll_fully %sums {max_iterations = 16} : !any
  }, {
    transform.chameleon.unroll_fully %sums {max_iterations = 7} : !any
  }
  transform.include @vectorize_rows failures(propagate) (%f) : (!any) -> ()
  transform.yield
}
}
