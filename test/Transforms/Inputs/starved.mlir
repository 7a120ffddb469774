// A schedule whose first rule rejects everything.
module attributes {transform.with_named_sequence} {
transform.named_sequence @starved(%f: !transform.any_op {transform.readonly})
    attributes {chameleon.matches = ["linalg.matmul"]} {
  %tile = transform.tune.knob<"tile"> options = #chameleon.tile<dim = "m", values = [4, 8]> -> !transform.param<i64>
  transform.chameleon.require %tile {
    set = affine_set<()[tile] : (tile - 16 >= 0)>, message = "a tile must have sixteen rows"}
  transform.yield
}
}
