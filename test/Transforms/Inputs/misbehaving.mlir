// A schedule of a matmul whose candidates are right, wrong, crash, or do not apply: a session survives them all.
module attributes {transform.with_named_sequence} {
transform.named_sequence @misbehaving(%f: !transform.any_op {transform.readonly})
    attributes {chameleon.matches = ["linalg.matmul"]} {
  %how = transform.tune.knob<"how"> options = #chameleon.choice<["right", "wrong", "crash", "fail"]> -> !transform.param<i64>
  %tile = transform.tune.knob<"tile"> options = #chameleon.tile<dim = "m", values = [4, 8]> -> !transform.param<i64>
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
}
