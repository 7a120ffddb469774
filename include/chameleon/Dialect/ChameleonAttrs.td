//===- ChameleonAttrs.td - Knobs, spaces and configurations as attributes -===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_DIALECT_CHAMELEONATTRS
#define CHAMELEON_DIALECT_CHAMELEONATTRS

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"

def Chameleon_Dialect : Dialect {
  let name = "chameleon";
  let cppNamespace = "::chameleon";
  let summary = "Tuning decisions as attributes of linalg ops";
  let description = [{
    Spaces, configurations and measurements stand as discardable attributes on the root op of a task:
    `chameleon.space`, `chameleon.config`, `chameleon.measured`. Domains of knobs stand as `options` of
    `transform.tune.knob` in schedules. Generalizing a named op drops them, so that they are read before.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
}

def Chameleon_DomainAttrInterface : AttrInterface<"DomainAttrInterface"> {
  let cppNamespace = "::chameleon";
  let description = [{
    The domain of one knob: what values it may take. On a payload op it bears the knob's name; in a schedule
    the name is that of the `transform.tune.knob`.
  }];
  let methods = [
    InterfaceMethod<"name of the knob, empty in schedules", "::llvm::StringRef", "getName">,
    InterfaceMethod<"the ordered domain, or null", "::chameleon::OrderedDomain", "getOrdered", (ins), [{}],
                    /*defaultImplementation=*/[{ return {}; }]>,
    InterfaceMethod<"options of a choice, else empty", "::llvm::ArrayRef<::mlir::StringAttr>", "getLabels",
                    (ins), [{}], /*defaultImplementation=*/[{ return {}; }]>,
    InterfaceMethod<"the option of a choice that is its default where it is open, or empty for the first one",
                    "::llvm::StringRef", "getPreferred", (ins), [{}], /*defaultImplementation=*/[{ return {}; }]>,
  ];
}

class Chameleon_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<Chameleon_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
  let genVerifyDecl = 1;
  let hasCustomAssemblyFormat = 1;
}

class Chameleon_OrderedDomainAttr<string name, string attrMnemonic>
    : Chameleon_Attr<name, attrMnemonic, [DeclareAttrInterfaceMethods<Chameleon_DomainAttrInterface, ["getOrdered"]>]> {
  let parameters = (ins StringRefParameter<"name of the knob">:$name,
                        StringRefParameter<"loop of the root op it acts on">:$dim,
                        ArrayRefParameter<"int64_t", "values, in units">:$values,
                        "int64_t":$multipleOf, "int64_t":$min, "int64_t":$max,
                        "int64_t":$prefer, "bool":$partial);
}

def Chameleon_TileAttr : Chameleon_OrderedDomainAttr<"Tile", "tile"> {
  let summary = "Tile sizes of one loop";
  let description = [{
    The divisors of the loop's extent, narrowed by `multiple_of`, `min` and `max`; or `values`, those above the extent
    standing for the extent. With `partial` the sizes need not divide: where an extent has few divisors, the sizes that
    cut it into nearly equal parts are added. `dim` is a loop of the root (Classify.h), or `last` (`last1`), the loop of
    the (second to) last dimension of its result; without `dim` the `values` are taken as they are. `prefer` is where
    the default starts: the size near to it that leaves little padding in the last tile and, along the last dimension,
    in vectors.

    ```mlir
    #chameleon.tile<dim = "ow", max = 14, prefer = 8>
    #chameleon.tile<"mc", dim = "m", values = [32, 64, 128]>
    ```
  }];
}

def Chameleon_VectorAttr : Chameleon_OrderedDomainAttr<"Vector", "vector"> {
  let summary = "Sizes along a vectorized loop";
  let description = [{
    `values` (default 1, 2, 4), `min`, `max` and `prefer` count vector registers of the target: the size is that
    times the lanes of the task's element type. Sizes above the extent rounded up to whole registers are left out,
    and without `partial` the ones that do not divide the extent.

    ```mlir
    #chameleon.vector<dim = "oc", values = [1, 2, 4], prefer = 2>
    ```
    On a payload op (with a name) `values` are plain sizes.
  }];
}

def Chameleon_UnrollAttr : Chameleon_OrderedDomainAttr<"Unroll", "unroll"> {
  let summary = "Unroll factors of one loop";
  let description = [{
    The divisors of the loop's extent, narrowed as for `#chameleon.tile`; at most 16 unless `max` says otherwise.

    ```mlir
    #chameleon.unroll<dim = "k", max = 4>
    ```
  }];
}

def Chameleon_ChoiceAttr : Chameleon_Attr<"Choice", "choice",
    [DeclareAttrInterfaceMethods<Chameleon_DomainAttrInterface, ["getLabels", "getPreferred"]>]> {
  let summary = "A choice between named options";
  let description = [{
    The default is the option that `prefer` names, or the first one: of those that are open for the task.

    ```mlir
    #chameleon.choice<["chw", "hwc"]>
    #chameleon.choice<"order", ["mnk", "nmk"]>
    #chameleon.choice<["direct", "winograd"], prefer = "winograd">
    ```
  }];
  let parameters = (ins StringRefParameter<"name of the knob">:$name,
                        ArrayRefParameter<"::mlir::StringAttr", "options">:$labels,
                        StringRefParameter<"the default, empty for the first option">:$preferred);
}

def Chameleon_FactAttr : AttrDef<Chameleon_Dialect, "Fact"> {
  let mnemonic = "fact";
  let genVerifyDecl = 1;
  let assemblyFormat = "`<` $name `>`";
  let summary = "A number that the task or the target fixes";
  let description = [{
    As `options` of a `transform.tune.knob`: the knob is no choice, it has the one value that the fact has. So
    constraints and bindings can speak of the machine and the shape.

    | fact | value |
    | --- | --- |
    | `lanes` | elements of the root's type in one vector register |
    | `registers` | vector registers of the target |
    | `float_bits` | width of the narrowest operand of the root, 0 if it does not compute in floating point |
    | `dot` | how many products of the root an instruction of the target adds to a sum: of i8 to i32 4 (VPDPBUSD) or 2 (VPMADDWD), of 16-bit floats to f32 2 (VDPBF16PS; not if `numerics` is strict, for it makes subnormal numbers 0), else 1 |
    | `l1`, `l2`, `l3` | bytes of the caches |
    | `extent(d)` | extent of loop `d`, by name or as `last` (`last1`): that of the (second to) last dimension of the result |
    | `stride(d)`, `dilation(d)` | of a convolution, how far the input moves for a step of loop `d` of the image (`oh`, `ow`) or of the window (`kh`, `kw`) |
    | `numerics` | what candidates may do to results: 0 strict, 1 accurate, 2 fast (`chameleon.numerics` on the root, fast where it is absent) |
    | `threads` | how many threads run the task (`chameleon.threads` on the root, 1024 where it is absent) |
    | `contiguous_reduction` | 1 if the inputs that move along the most loops are contiguous along a reduction, and none of them along the last dimension of the result, else 0 |
    | `transposed_input` | 1 if an input is contiguous along another loop of the result than that of its last dimension, else 0 |
    | `unit_stride(i,d)` | 1 if operand `i` of the root moves by one element along loop `d`, else 0 |
    | `constant(i)` | 1 if operand `i` of the root is a constant argument of the task, else 0 |

    ```mlir
    %regs = transform.tune.knob<"regs"> options = #chameleon.fact<"registers"> -> !transform.param<i64>
    ```
  }];
  let parameters = (ins StringRefParameter<"which fact">:$name);
}

def Chameleon_SpaceAttr : Chameleon_Attr<"Space", "space"> {
  let summary = "The space of a task, written or narrowed by hand";
  let description = [{
    ```mlir
    #chameleon.space<@cpu_contraction, knobs = [#chameleon.tile<"mc", dim = "m", values = [32, 64]>,
                                                #chameleon.choice<"order", ["mnk", "nmk"]>]>
    ```
    Knobs that are not listed keep the domain of the schedule; listed values that the schedule's domain does not
    have are refused.
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$schedule,
                        ArrayRefParameter<"::mlir::Attribute">:$knobs);
}

def Chameleon_ConfigAttr : Chameleon_Attr<"Config", "config"> {
  let summary = "A schedule and one value per knob";
  let description = [{
    ```mlir
    #chameleon.config<@cpu_contraction, {mc = 64, order = "nmk"}>
    ```
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$schedule, "::mlir::DictionaryAttr":$values);
}

def Chameleon_MeasuredAttr : Chameleon_Attr<"Measured", "measured"> {
  let summary = "What was measured for a configuration";
  let description = [{
    ```mlir
    #chameleon.measured<median_ns = 8912345, mad_ns = 4021, samples = 12, target = "znver4/...">
    ```
  }];
  let parameters = (ins "int64_t":$medianNs, "int64_t":$madNs, "int64_t":$samples,
                        StringRefParameter<"key of the target">:$target);
}

#endif // CHAMELEON_DIALECT_CHAMELEONATTRS
