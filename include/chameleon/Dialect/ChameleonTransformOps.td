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

def PeelRemainderOp : Chameleon_TransformOp<"peel_remainder"> {
  let summary = "Peel the last partial iteration of loops that have one";
  let description = [{
    Splits each `scf.for` of the handle whose step does not divide its trip into a loop of full tiles and a last
    partial one, so that both have static shapes. Loops that divide are left as they are (`transform.loop.peel`
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
    all, which leaves the loops of partial tiles standing. Fails definitely on a loop whose bounds are not constant.

    ```mlir
    transform.chameleon.unroll_fully %loops : !transform.any_op
    ```
  }];
  let arguments = (ins TransformHandleTypeInterface:$target);
  let assemblyFormat = "$target attr-dict `:` type($target)";
}

#endif // CHAMELEON_DIALECT_CHAMELEONTRANSFORMOPS
