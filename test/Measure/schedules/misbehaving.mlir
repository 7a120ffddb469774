// Schedules of a matmul that go wrong in every way: for tests of what becomes of such candidates. None of them is
// matched by a task.
module attributes {transform.with_named_sequence} {

// `how` decides what becomes of the loops around the matmul.
transform.named_sequence @misbehaving_matmul(%f: !transform.any_op {transform.readonly})
    attributes {chameleon.matches = []} {
  %how = transform.tune.knob<"how"> options = #chameleon.choice<["right", "wrong", "crash", "fail"]> -> !transform.param<i64>
  %tile = transform.tune.knob<"tile"> options = #chameleon.tile<dim = "m", values = [4, 8]> -> !transform.param<i64>
  transform.chameleon.require %tile {
    set = affine_set<()[tile] : (tile - 8 == 0)>, message = "the tile must be eight"}
  %root = transform.structured.match attributes {chameleon.root} in %f : (!transform.any_op) -> !transform.any_op
  %tiled, %loops:3 = transform.structured.tile_using_for %root tile_sizes [%tile, 16, 16]
    : (!transform.any_op, !transform.param<i64>) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
  transform.tune.alternatives<"how"> {
    transform.yield
  }, {
    // The accumulators start at one.
    %zero = transform.structured.match ops{["arith.constant"]} filter_result_type = f32 in %f : (!transform.any_op) -> !transform.any_op
    %one = transform.param.constant 1.0 : f32 -> !transform.any_param
    transform.annotate %zero "value" = %one : !transform.any_op, !transform.any_param
  }, {
    // The loop over rows goes on far behind the last one.
    %bound = transform.structured.match ops{["arith.constant"]} attributes {value = 64 : index} in %f : (!transform.any_op) -> !transform.any_op
    %far = transform.param.constant 1099511627776 : index -> !transform.any_param
    transform.annotate %bound "value" = %far : !transform.any_op, !transform.any_param
  }, {
    // A vector size that is smaller than the tile.
    transform.structured.vectorize %tiled vector_sizes [1, 1, 1] : !transform.any_op
  }
  transform.yield
}

// Rows in parallel; nothing is wrong with it.
transform.named_sequence @parallel_matmul(%f: !transform.any_op {transform.readonly})
    attributes {chameleon.matches = []} {
  %root = transform.structured.match attributes {chameleon.root} in %f : (!transform.any_op) -> !transform.any_op
  %tiled, %loop = transform.structured.tile_using_forall %root tile_sizes [8]
    : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
  transform.yield
}

// Says that it does `share` of the operations.
transform.named_sequence @sharing_matmul(%f: !transform.any_op {transform.readonly})
    attributes {chameleon.matches = []} {
  %how = transform.tune.knob<"share"> options = #chameleon.choice<["billionth", "twice", "all"]> -> !transform.param<i64>
  transform.tune.alternatives<"share"> {
    %share = transform.param.constant 1.0e-9 : f64 -> !transform.any_param
    transform.annotate %f "chameleon.work_share" = %share : !transform.any_op, !transform.any_param
  }, {
    %share = transform.param.constant 2.0 : f64 -> !transform.any_param
    transform.annotate %f "chameleon.work_share" = %share : !transform.any_op, !transform.any_param
  }, {
    transform.yield
  }
  transform.yield
}

// The loop in the body of the root goes on for a few hundred years.
transform.named_sequence @endless(%f: !transform.any_op {transform.readonly})
    attributes {chameleon.matches = []} {
  %bound = transform.structured.match ops{["arith.constant"]} attributes {value = 3 : index} in %f : (!transform.any_op) -> !transform.any_op
  %far = transform.param.constant 4611686018427387904 : index -> !transform.any_param
  transform.annotate %bound "value" = %far : !transform.any_op, !transform.any_param
  transform.yield
}

// Unrolls every loop of the matmul: memory and time without end in the build.
transform.named_sequence @exploding_matmul(%f: !transform.any_op {transform.readonly})
    attributes {chameleon.matches = []} {
  %tile = transform.tune.knob<"tile"> options = #chameleon.tile<dim = "m", values = [1]> -> !transform.param<i64>
  %root = transform.structured.match attributes {chameleon.root} in %f : (!transform.any_op) -> !transform.any_op
  %tiled, %loops:3 = transform.structured.tile_using_for %root tile_sizes [%tile, 1, 1]
    : (!transform.any_op, !transform.param<i64>) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
  transform.chameleon.unroll_fully %loops#2 : !transform.any_op
  transform.chameleon.unroll_fully %loops#1 : !transform.any_op
  transform.chameleon.unroll_fully %loops#0 : !transform.any_op
  transform.yield
}
}
