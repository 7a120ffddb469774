// Nine configurations, eight of them valid.
!any = !transform.any_op
!i64 = !transform.param<i64>

module attributes {transform.with_named_sequence} {
transform.named_sequence @rows(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["elementwise"], chameleon.benefit = 50 : i64} {
  %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "p1", values = [1, 2, 4]> -> !i64
  %cols = transform.tune.knob<"cols"> options = #chameleon.vector<dim = "p0", values = [1, 2, 4], prefer = 2> -> !i64
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.fact<"lanes"> -> !i64
  transform.chameleon.require %rows, %cols, %lanes {
    set = affine_set<()[rows, cols, lanes] : (15 - (rows * cols) floordiv lanes >= 0)>,
    message = "a tile must fit fifteen registers"}
  %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
  %tile, %loops = transform.chameleon.tile_result %root inner_sizes = [1, 16] {chameleon.bind = {
         inner_sizes = affine_map<()[rows, cols] -> (rows, cols)>}} : (!any) -> (!any, !any)
  transform.chameleon.peel_remainder %loops : !any
  transform.apply_patterns to %f {
    transform.apply_patterns.linalg.fold_unit_extent_dims_via_slices
    transform.apply_patterns.canonicalization
  } : !any
  transform.chameleon.vectorize in %f : !any
  transform.apply_patterns to %f {
    transform.apply_patterns.tensor.fold_tensor_subset_ops_into_vector_transfers
    transform.apply_patterns.canonicalization
  } : !any
  transform.yield
}
}
