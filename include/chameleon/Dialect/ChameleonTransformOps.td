//===- ChameleonTransformOps.td - Transform ops of our own ----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_DIALECT_CHAMELEONTRANSFORMOPS
#define CHAMELEON_DIALECT_CHAMELEONTRANSFORMOPS

include "mlir/Dialect/Transform/IR/TransformDialect.td"
include "mlir/Dialect/Transform/IR/TransformTypes.td"
include "mlir/Dialect/Transform/Interfaces/TransformInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/CommonAttrConstraints.td"

class Chameleon_TransformOp<string name, list<Trait> traits = []>
    : Op<Transform_Dialect, "chameleon." # name,
         traits # [DeclareOpInterfaceMethods<TransformOpInterface>,
                   DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let cppNamespace = [{ chameleon }];
}

/// One integer: a knob, a fact or a constant.
def Chameleon_Number
    : Type<CPred<"::llvm::isa<::mlir::transform::ParamType>($_self) && "
                 "::llvm::cast<::mlir::transform::ParamType>($_self).getType().isInteger(64)">,
           "!transform.param<i64>", "::mlir::transform::ParamType">,
      BuildableType<"::mlir::transform::ParamType::get($_builder.getContext(), $_builder.getI64Type())">;

def RequireOp : Chameleon_TransformOp<"require"> {
  let summary = "Demand a relation between knobs";
  let description = [{
    States what must hold between the values of knobs, with a message for people. The set has one symbol per
    operand and no dimensions; each of its constraints becomes one constraint of the space. A divisor of 0 or
    less counts as violated. When interpreted, fails definitely if the relation does not hold.

    ```mlir
    transform.chameleon.require %mc, %mr {set = affine_set<()[a, b] : (a mod b == 0)>,
                                          message = "the register tile must divide the cache tile"}
    ```
  }];
  let arguments = (ins Variadic<TransformParamTypeInterface>:$params, IntegerSetAttr:$set, StrAttr:$message);
  let hasVerifier = 1;
  let hasCustomAssemblyFormat = 1;
}

def RuntimePacksOp : Chameleon_TransformOp<"runtime_packs"> {
  let summary = "Find the packs that run with the task";
  let description = [{
    Returns the `linalg.pack` ops nested in the target function whose source is not one of its constant arguments
    (`chameleon.constant`). Packs of constants are left whole: they are moved out of the task later.

    ```mlir
    %packs = transform.chameleon.runtime_packs in %f : (!transform.any_op) -> !transform.any_op
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target);
  let results = (outs TransformHandleTypeInterface:$packs);
  let assemblyFormat = "`in` $target attr-dict `:` functional-type($target, $packs)";
}

def ProducersOp : Chameleon_TransformOp<"producers"> {
  let summary = "Find the producers of operands by name";
  let description = [{
    Returns the ops of the given name whose results the targets read, in order of operands, each once. No payload if
    there is none, so that what follows may be left out for a task (`structured.fuse_into_containing_op` of an empty
    handle does nothing).

    ```mlir
    %inner = transform.chameleon.producers of %last named "linalg.unpack" : (!transform.any_op) -> !transform.any_op
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target, StrAttr:$name);
  let results = (outs TransformHandleTypeInterface:$producers);
  let assemblyFormat = "`of` $target `named` $name attr-dict `:` functional-type($target, $producers)";
}

def PeelRemainderOp : Chameleon_TransformOp<"peel_remainder"> {
  let summary = "Peel the last partial iteration of loops that have one";
  let description = [{
    Splits each `scf.for` of the handle whose step does not divide its trip into a loop of full tiles and a last
    partial one, so that both have static shapes; of nested loops in the handle (outermost first) the inner ones come
    first. Loops that divide are left as they are (`transform.loop.peel`
    fails on them). Everything else in the payload must be matched anew.

    ```mlir
    transform.chameleon.peel_remainder %loop : !transform.any_op
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target);
  let assemblyFormat = "$target attr-dict `:` type($target)";
}

def UnrollFullyOp : Chameleon_TransformOp<"unroll_fully"> {
  let summary = "Unroll loops of constant trip count away";
  let description = [{
    Unrolls each `scf.for` of the handle fully, whatever its trip count: `transform.loop.unroll` takes one factor for
    all, which leaves the loops of partial tiles standing. Inner loops of the handle (outermost first) come first. With
    `max_iterations`, a loop stays, and with it those around it, if more copies of the innermost body than that would
    stand in it. Fails definitely on a loop whose bounds are not constant.

    ```mlir
    transform.chameleon.unroll_fully %loops {max_iterations = 16} : !transform.any_op
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target, OptionalAttr<I64Attr>:$max_iterations);
  let assemblyFormat = "$target attr-dict `:` type($target)";
}

def TileResultOp : Chameleon_TransformOp<"tile_result"> {
  let summary = "Tile an op of any rank by the last dimensions of its result";
  let description = [{
    Tiles the loops of the target that index its (first) result, in the order of its dimensions: the last dimensions by
    `inner_sizes`, those before them by 1. Reduction loops are not tiled. With `across`, the second to last size goes to
    the loop along which some input is contiguous, if that is not the loop of the last dimension: so a transposition
    gets a tile that is wide in what it reads and in what it writes, wherever the two dimensions are. A size of 0, or of
    the extent or more, leaves its loop whole. With `fuse`, producers of tiles come into the innermost loop. With
    `parallel`, the outer loops whose tiles divide them become one `scf.forall`, but for the last dimension if others
    are tiled; nothing does where the target runs in parallel already.

    Returns the tiled op (the target itself if nothing is tiled) and all `scf.for` loops in one handle, outermost
    first: how many there are depends on the rank, which is why `structured.tile_using_for` does not do.

    ```mlir
    %tile, %loops = transform.chameleon.tile_result %last inner_sizes = [4, 16] {fuse}
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target, DenseI64ArrayAttr:$inner_sizes, UnitAttr:$fuse,
                       UnitAttr:$across, UnitAttr:$parallel);
  let results = (outs TransformHandleTypeInterface:$tiled, TransformHandleTypeInterface:$loops);
  let assemblyFormat = [{
    $target `inner_sizes` `=` $inner_sizes attr-dict `:` functional-type($target, results)
  }];
}

def TileReductionsOp : Chameleon_TransformOp<"tile_reductions"> {
  let summary = "Tile the reduction loops of an op of any rank";
  let description = [{
    Tiles the reduction loops of each target in their order: the last ones by `inner_sizes`, those before them by 1. A
    size of 0, or of the extent or more, leaves its loop whole. With `partial`, the tiles are summed up element by
    element in a tensor of a tile's size, which is reduced once after the loops
    (`structured.tile_reduction_using_for`): so a reduction along contiguous elements works in vectors. An op that
    cannot be reduced in parts is then tiled the plain way, and one that a single tile holds not at all.

    Returns the tiled ops and all loops in one handle, of each op the outermost first.

    ```mlir
    %tile, %loops = transform.chameleon.tile_reductions %op inner_sizes = [64] {partial}
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target, DenseI64ArrayAttr:$inner_sizes, UnitAttr:$partial);
  let results = (outs TransformHandleTypeInterface:$tiled, TransformHandleTypeInterface:$loops);
  let assemblyFormat = [{
    $target `inner_sizes` `=` $inner_sizes attr-dict `:` functional-type($target, results)
  }];
}

def VectorizeOp : Chameleon_TransformOp<"vectorize"> {
  let summary = "Vectorize what can be";
  let description = [{
    Vectorizes each linalg op nested in the target function as it is, if its loops are static, span at most
    `max_elements` elements together, and the vectorizer takes it; other ops stay (the tail makes loops of them).
    Inputs that are walked with a constant stride are read through a strided slice;
    `transform.apply_patterns.chameleon.strided_reads` makes loads and shuffles of that.

    ```mlir
    transform.chameleon.vectorize in %f : !transform.any_op
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target,
                       DefaultValuedAttr<I64Attr, "1024">:$max_elements);
  let assemblyFormat = "`in` $target attr-dict `:` type($target)";
}

def WinogradOp : Chameleon_TransformOp<"winograd"> {
  let summary = "Compute 3x3 convolutions by Winograd's algorithm";
  let description = [{
    Replaces each `linalg.conv_2d_nchw_fchw`, `conv_2d_nhwc_hwcf` or `conv_2d_nhwc_fhwc` of the handle by vector code for F(m x m, 3 x 3), m = `outputs` (2, 4 or 6;
    Lavin and Gray 2016): tiles of the input are transformed, multiplied with transformed weights at each of their
    (m + 2)^2 points, and transformed back, with (m + 2)^2 / (9 m^2) of the multiplications of the direct sum. A sum is
    rounded otherwise than the direct one: F(2x2) is about as exact, F(4x4) loses three bits, F(6x6) more. An infinity
    or a NaN spreads over its tile.

    Of the products, up to `rows` tiles by `columns` output channels are kept in registers, and `steps` input channels are
    unrolled. `lanes` is the number of elements in a vector register. A `tensor.pad` with zeros that the
    convolution, or the slice of rows that it works on, reads, is not materialized. An elementwise op that alone reads
    the result in the same block joins the code. The weights must be a constant argument of the task, or output channels
    of one from a multiple of `columns` on; their transformation is marked (`chameleon.constant_pack`) and moves to
    `@chameleon_init` with the packs of constants. With a `chunk`, which divides the input channels and is not all of
    them, they are only packed there, and the code transforms those of so many input channels at a time before it multiplies with them. From
    memory then come 9 numbers instead of (m + 2)^2, which is faster where few tiles share them. 0 stands for all
    channels.

    Handles to the convolutions, to such an op and to what they are replaced with are no longer valid.

    Sets `chameleon.work_share` on the function. Fails silenceably on an op for which the algorithm is not (another
    window, a sum that does not start from zeros, weights that are not constant), or where `lanes`, `steps` and `chunk` do not
    divide the input channels or `columns` the output channels.

    ```mlir
    transform.chameleon.winograd %conv outputs = %outputs lanes = %lanes rows = %mr columns = %nr steps = %steps
        chunk = %chunk : !transform.any_op
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target, Chameleon_Number:$outputs, Chameleon_Number:$lanes,
                       Chameleon_Number:$rows, Chameleon_Number:$columns, Chameleon_Number:$steps,
                       Optional<Chameleon_Number>:$chunk);
  let assemblyFormat = [{
    $target `outputs` `=` $outputs `lanes` `=` $lanes `rows` `=` $rows `columns` `=` $columns `steps` `=` $steps
    (`chunk` `=` $chunk^)? attr-dict `:` type($target)
  }];
}

def DirectConvolutionOp : Chameleon_TransformOp<"direct_convolution", [AttrSizedOperandSegments]> {
  let summary = "Compute convolutions as sums of products in registers";
  let description = [{
    Replaces each `linalg.conv_2d_nchw_fchw`, `conv_2d_nhwc_hwcf` or `conv_2d_nhwc_fhwc` of the handle, with any
    window, stride and dilation, by vector code for the direct sum. The image is copied once with channels innermost
    (NHWC images without padding, of the type of the sums, are read where they are). Sums of up to `pixels` pixels of a
    row by `channels` output channels stay in registers while the window and the input channels pass, `steps` products a
    sum unrolled; blocks of pixels are made even. Short rows are joined where the window is one pixel, in NCHW. `lanes`
    is the number of elements in a vector register and divides `channels`. With `chunk`, which divides the input
    channels, sums of all rows are kept in memory, and so many input channels are added to all of them before the next
    ones: weights of a chunk stay in a cache while the rows pass. 0 stands for all channels.

    Image and weights may be narrower than the sums: f16 or bf16 with f32, i8 with i32. `dot`, 1, 2 or 4, is how many
    products may be added to a sum at once: of bf16 two by VDPBF16PS, of i8 two by VPMADDWD or four by VPDPBUSD. More
    than 1 is for an x86 target that has the instruction for vectors of `lanes`, which is what the fact `dot` says. Of
    other types, and where the input channels or the chunk are no multiple, fewer are added at once.

    A `tensor.pad` with zeros that the convolution, or the slice of rows that it works on, reads, is not materialized,
    and rows of the window beside the image are skipped: what an infinity there would give with a zero of the padding is
    not a NaN. An elementwise op that alone reads the result in the same block joins the code. The weights must be a constant argument of the task,
    or output channels of one from a multiple of `channels` on; they are packed (`chameleon.constant_pack`), which moves
    to `@chameleon_init`.

    Handles to the convolutions, to such an op and to what they are replaced with are no longer valid. Fails
    silenceably on an op that cannot be rewritten (types, a sum that does not start from zeros, weights that are not
    constant), or on sizes that do not go together.

    ```mlir
    transform.chameleon.direct_convolution %conv lanes = %lanes pixels = %pixels channels = %channels steps = %steps
        chunk = %chunk dot = %dot : !transform.any_op
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target, Chameleon_Number:$lanes, Chameleon_Number:$pixels,
                       Chameleon_Number:$channels, Chameleon_Number:$steps, Optional<Chameleon_Number>:$chunk,
                       Optional<Chameleon_Number>:$dot);
  let assemblyFormat = [{
    $target `lanes` `=` $lanes `pixels` `=` $pixels `channels` `=` $channels `steps` `=` $steps
    (`chunk` `=` $chunk^)? (`dot` `=` $dot^)? attr-dict `:` type($target)
  }];
}

def PlanarConvolutionOp : Chameleon_TransformOp<"planar_convolution"> {
  let summary = "Compute convolutions as sums of products in registers, along the columns";
  let description = [{
    As `transform.chameleon.direct_convolution`, for `linalg.conv_2d_nchw_fchw` alone, with vectors along the columns instead of
    the channels: sums of up to `channels` output channels by `pixels` pixels of a row, a multiple of `lanes`, stay in registers,
    and go to the result as they are. That is faster where few products make a sum (three input channels), and where
    rows fill their vectors. `steps` input channels are unrolled, and the columns of the window always. The image is
    copied once, with zeros on both sides and, for a stride, its columns sorted by their remainder; images without
    padding, of stride 1, of rows of at least `lanes` results and of the type of the sums are read where they are.

    The stride along the columns must be a power of two and at most `lanes`. For the rest, what is said of
    `direct_convolution` holds: types, padding, epilogues, constant weights (a whole argument here), handles.

    ```mlir
    transform.chameleon.planar_convolution %conv lanes = %lanes pixels = %pixels channels = %channels steps = %steps
        : !transform.any_op
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target, Chameleon_Number:$lanes, Chameleon_Number:$pixels,
                       Chameleon_Number:$channels, Chameleon_Number:$steps);
  let assemblyFormat = [{
    $target `lanes` `=` $lanes `pixels` `=` $pixels `channels` `=` $channels `steps` `=` $steps attr-dict `:` type($target)
  }];
}

def DepthwiseConvolutionOp : Chameleon_TransformOp<"depthwise_convolution"> {
  let summary = "Compute depthwise convolutions as sums of products in registers";
  let description = [{
    As `transform.chameleon.direct_convolution`, for `linalg.depthwise_conv_2d_nhwc_hwc`: sums of up to `pixels` pixels of a
    row by `channels` channels, a multiple of `lanes`, stay in registers while the window passes. Image and weights are
    read where they are, the weights need not be constant, and nothing is padded: neither rows nor columns of the window that lie beside the
    image are read. The image must have at least as many channels as there are lanes. For the rest, what is said of
    `direct_convolution` holds: types, padding, epilogues, handles.

    ```mlir
    transform.chameleon.depthwise_convolution %conv lanes = %lanes pixels = %pixels channels = %channels
        : !transform.any_op
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target, Chameleon_Number:$lanes, Chameleon_Number:$pixels,
                       Chameleon_Number:$channels);
  let assemblyFormat = "$target `lanes` `=` $lanes `pixels` `=` $pixels `channels` `=` $channels attr-dict `:` type($target)";
}

def PackedMatmulOp : Chameleon_TransformOp<"packed_matmul", [AttrSizedOperandSegments]> {
  let summary = "Compute matrix products as sums of products in registers";
  let description = [{
    Replaces each product of two matrices of the handle (`linalg.matmul`, a `linalg.batch_matmul` of one batch, or
    another contraction with one loop each for rows, columns and products) by vector code. A and B may be transposed,
    the result has contiguous rows. Sums of up to `rows` rows by `columns` columns stay in registers,
    `steps` products a sum unrolled; blocks of rows are made even. `lanes` is the number of elements in a vector register and divides
    `columns`. With `chunk`, so many products are added to all sums, which are kept in memory, before the next ones; 0
    stands for all. A panel of columns meets all rows before the next one does, or, with
    `rows_outside` 1, a block of rows all panels.

    B is packed in panels of `columns` columns. If it is a constant argument of the task, or columns of one from a whole
    panel on, that is marked (`chameleon.constant_pack`) and moves to `@chameleon_init`. Otherwise it runs before the
    product, or, with `in_place` 1, not at all (B of contiguous rows only). With `panels`, a register block spans so many
    panels side by side: where a single block of rows meets a B that no cache holds, memory is faster with several streams. A and
    B may be narrower than the sums: f16 or bf16 with f32, i8 with i32. `dot` products of bf16 or i8 are added to a sum
    at once, as by `direct_convolution`, if A has contiguous rows and B is packed; fewer where K or the chunk are no
    multiple. An elementwise op that alone reads the result in the same block joins the code.

    Handles to the products, to such an op and to what they are replaced with are no longer valid. Fails silenceably on
    an op that cannot be rewritten (types, a sum that does not start from zeros, several batches), or on sizes that do
    not go together.

    ```mlir
    transform.chameleon.packed_matmul %matmul lanes = %lanes rows = %mr columns = %nr steps = %unroll chunk = %kc
        rows_outside = %order in_place = %packing panels = %panels dot = %dot : !transform.any_op
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target, Chameleon_Number:$lanes, Chameleon_Number:$rows,
                       Chameleon_Number:$columns, Chameleon_Number:$steps, Optional<Chameleon_Number>:$chunk,
                       Optional<Chameleon_Number>:$rows_outside, Optional<Chameleon_Number>:$in_place,
                       Optional<Chameleon_Number>:$panels, Optional<Chameleon_Number>:$dot);
  let assemblyFormat = [{
    $target `lanes` `=` $lanes `rows` `=` $rows `columns` `=` $columns `steps` `=` $steps (`chunk` `=` $chunk^)?
    (`rows_outside` `=` $rows_outside^)? (`in_place` `=` $in_place^)? (`panels` `=` $panels^)? (`dot` `=` $dot^)?
    attr-dict `:` type($target)
  }];
}

def StridedReadsOp : Op<Transform_Dialect, "apply_patterns.chameleon.strided_reads",
                        [DeclareOpInterfaceMethods<PatternDescriptorOpInterface>]> {
  let cppNamespace = [{ chameleon }];
  let summary = "Read every n-th element by whole vectors";
  let description = [{
    A `vector.transfer_read` of a slice with stride s along the vector becomes s reads of contiguous elements, none of
    them beyond what the slice spans, and shuffles that pick every s-th.
  }];
  let assemblyFormat = "attr-dict";
}

#endif // CHAMELEON_DIALECT_CHAMELEONTRANSFORMOPS
