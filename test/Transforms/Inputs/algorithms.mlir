// A schedule of a matmul that offers three algorithms, each with knobs and rules of its own; one is for fast numerics, one for
// tasks of another shape.
!any = !transform.any_op
!i64 = !transform.param<i64>

module attributes {transform.with_named_sequence} {
transform.named_sequence @algorithms(%f: !any {transform.readonly}) attributes {chameleon.matches = ["linalg.matmul"]} {
  %algorithm = transform.tune.knob<"algorithm"> options = #chameleon.choice<["rows", "blocks", "loose", "image"]> -> !i64
  %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
  transform.tune.alternatives<"algorithm"> {
    %mr = transform.tune.knob<"mr"> options = #chameleon.tile<dim = "m", values = [4, 8]> -> !i64
    %tile, %loop = transform.structured.tile_using_for %root tile_sizes [%mr, 0, 0] : (!any, !i64) -> (!any, !any)
  }, {
    %mb = transform.tune.knob<"mb"> options = #chameleon.tile<dim = "m", values = [4, 8, 16]> -> !i64
    %nb = transform.tune.knob<"nb"> options = #chameleon.tile<dim = "n", values = [8, 16]> -> !i64
    transform.chameleon.require %mb, %nb {
      set = affine_set<()[mb, nb] : (mb * nb - 64 >= 0)>, message = "blocks are large"}
    %tile, %loops:2 = transform.structured.tile_using_for %root tile_sizes [%mb, %nb, 0] : (!any, !i64, !i64) -> (!any, !any, !any)
  }, {
    %numerics = transform.tune.knob<"numerics"> options = #chameleon.fact<"numerics"> -> !i64
    transform.chameleon.require %numerics {
      set = affine_set<()[n] : (n - 2 == 0)>, message = "only where numerics are fast"}
    %nl = transform.tune.knob<"nl"> options = #chameleon.tile<dim = "n", values = [8, 16]> -> !i64
    %tile, %loop = transform.structured.tile_using_for %root tile_sizes [0, %nl, 0] : (!any, !i64) -> (!any, !any)
  }, {
    %ow = transform.tune.knob<"ow"> options = #chameleon.tile<dim = "ow"> -> !i64
  }
  transform.yield
}
}
