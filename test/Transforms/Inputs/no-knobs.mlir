// A schedule that leaves nothing open.
module attributes {transform.with_named_sequence} {
transform.named_sequence @settled(%f: !transform.any_op {transform.readonly})
    attributes {chameleon.matches = ["linalg.matmul"]} {
  %root = transform.structured.match attributes {chameleon.root} in %f : (!transform.any_op) -> !transform.any_op
  %tiled, %loops:3 = transform.structured.tile_using_for %root tile_sizes [8, 16, 16]
    : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
  transform.yield
}
}
