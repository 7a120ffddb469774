//===- Passes.td - Passes of the tail ---------------------*- tablegen -*-===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_CODEGEN_PASSES
#define CHAMELEON_CODEGEN_PASSES

include "mlir/Pass/PassBase.td"

def DecomposeOps : Pass<"chameleon-decompose-ops", "::mlir::func::FuncOp"> {
  let summary = "Rewrite softmax, pack, unpack and pad as plain linalg ops on tensors";
  let description = [{
    Bufferization or the conversion of linalg to loops does not know these ops. A schedule takes them apart in
    its own way; what it left, or what no schedule touched, is taken apart here: softmax by its
    decomposition, pack and unpack as pad, transpose and reshape, pad as a copy into the interior and fills
    of the border only.

    ```mlir
    %p = tensor.pad %x low[1] high[1] { ... yield %z } : tensor<4xf32> to tensor<6xf32>
    // becomes
    %e = tensor.empty() : tensor<6xf32>
    %l = tensor.extract_slice %e[0] [1] [1]
    %f = linalg.fill ins(%z) outs(%l)
    %0 = tensor.insert_slice %f into %e[0] [1] [1]
    // ... the same at [5], then
    %p = tensor.insert_slice %x into %1[1] [4] [1]
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
                           "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"numDecomposed", "num-decomposed", "Number of ops taken apart">];
}

def Bufferize : Pass<"chameleon-bufferize", "::mlir::ModuleOp"> {
  let summary = "Bufferize a module of entries and tasks, without needless buffers";
  let description = [{
    One-shot bufferization over function boundaries with identity layouts, prepared and finished as our
    modules want it:
    - each use of a `tensor.empty` gets its own, so that uses do not conflict;
    - arguments of public functions are never written;
    - a task (`chameleon.task`) whose result does not end up in its destination copies it there;
    - results that are equivalent to an argument are dropped, other results become trailing arguments.

    ```mlir
    func.func private @task(%x: tensor<8xf32>, %d: tensor<8xf32>) -> tensor<8xf32> attributes {chameleon.task = "..."}
    func.func @main(%x: tensor<8xf32>) -> tensor<8xf32> {
      %e = tensor.empty() : tensor<8xf32>
      %0 = call @task(%x, %e) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
      return %0 : tensor<8xf32>
    }
    // becomes
    func.func private @task(%x: memref<8xf32>, %d: memref<8xf32>) attributes {chameleon.task = "..."}
    func.func @main(%x: memref<8xf32>, %out: memref<8xf32>) {
      call @task(%x, %out) : (memref<8xf32>, memref<8xf32>) -> ()
      return
    }
    ```
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::tensor::TensorDialect"];
}

def LowerCopies : Pass<"chameleon-lower-copies", "::mlir::func::FuncOp"> {
  let summary = "Erase copies of a buffer onto itself and turn strided copies into loops";
  let description = [{
    `memref.copy` between buffers that are not contiguous would become a call of the runtime function
    `memrefCopy`, which our objects do not link against. Contiguous copies stay and become `memcpy`.

    ```mlir
    memref.copy %a, %s : memref<4x4xf32> to memref<4x4xf32, strided<[8, 1]>>
    // becomes
    linalg.generic {...} ins(%a) outs(%s) { ^bb0(%x: f32, %y: f32): linalg.yield %x : f32 }
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
  let statistics = [Statistic<"numErased", "num-erased", "Number of copies erased">,
                    Statistic<"numLoops", "num-loops", "Number of copies turned into loops">];
}

def PlanBuffers : Pass<"chameleon-plan-buffers", "::mlir::ModuleOp"> {
  let summary = "Replace static allocations by views of one scratch buffer, packed by liveness";
  let description = [{
    Each private function that needs memory gets a trailing argument `memref<Nxi8>`, its scratch, and the
    attribute `chameleon.scratch_bytes = N`; its static allocations become views of it. Buffers whose
    lives do not overlap share bytes (first fit, 64-byte aligned). A caller reserves the scratch of each
    callee inside its own for the duration of the call. A public function holds its scratch in a private
    global that is never loaded from the file, so that no call allocates and only the first one
    faults pages in; such a function must therefore not run twice at the same time in one process.

    Constant-size buffers of at most `stack-bytes` that are made inside a loop become allocas. Dynamic
    allocations, and buffers that are returned, are left for the deallocation pipeline. Buffers made inside
    a parallel loop get one copy per thread.

    ```mlir
    func.func private @task(%d: memref<256xf32>) {
      %a = memref.alloc() : memref<256xf32>
      "use"(%a, %d) : (memref<256xf32>, memref<256xf32>) -> ()
      return
    }
    // becomes
    func.func private @task(%d: memref<256xf32>, %scratch: memref<1024xi8>) attributes {chameleon.scratch_bytes = 1024 : i64} {
      %c0 = arith.constant 0 : index
      %a = memref.view %scratch[%c0][] : memref<1024xi8> to memref<256xf32>
      "use"(%a, %d) : (memref<256xf32>, memref<256xf32>) -> ()
      return
    }
    ```
  }];
  let options = [
    Option<"stackBytes", "stack-bytes", "int64_t", /*default=*/"16384",
           "Largest buffer inside a loop that is put on the stack, in bytes.">,
    Option<"threads", "threads", "int64_t", /*default=*/"1",
           "Number of threads of parallel loops; buffers made inside one exist once per thread.">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
  let statistics = [Statistic<"numPlanned", "num-planned", "Number of allocations moved to scratch memory">,
                    Statistic<"numStack", "num-stack", "Number of allocations moved to the stack">];
}

def DeallocateBuffers : Pass<"chameleon-deallocate-buffers", "::mlir::ModuleOp"> {
  let summary = "Free buffers that have no place in scratch memory";
  let description = [{
    Runs the upstream deallocation pipeline if an allocation is left: one of dynamic size, or one that is carried from
    one iteration of a loop to the next. Otherwise does nothing.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"];
}

def LowerParallel : Pass<"chameleon-lower-parallel", "::mlir::func::FuncOp"> {
  let summary = "Turn scf.forall into sequential or parallel loops";
  let description = [{
    With one thread, `scf.forall` and `scf.parallel` become nests of `scf.for`. With more, the outermost ones become
    `scf.parallel`, which `convert-scf-to-openmp` takes, and those inside become `scf.for`.
  }];
  let options = [Option<"threads", "threads", "int64_t", /*default=*/"1", "Number of threads.">];
  let dependentDialects = ["::mlir::scf::SCFDialect"];
}

def InlineAllocaScopes : Pass<"chameleon-inline-alloca-scopes", "::mlir::func::FuncOp"> {
  let summary = "Inline memref.alloca_scope where nothing is allocated on the stack";
  let description = [{
    `convert-scf-to-openmp` wraps each body in such a scope, which must not hold branches. Buffers made in parallel loops
    are in scratch memory already, so that the scopes have no use.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def LowerVectors : Pass<"chameleon-lower-vectors", "::mlir::func::FuncOp"> {
  let summary = "Lower vector ops on buffers to what converts to LLVM one to one";
  let description = [{
    Masks and contractions to outer products, these to fused multiply-adds, transposes to shuffles, multi-dimensional
    transfers fully unrolled to loads and stores of one dimension, reductions, gathers,
    scans, shape casts and broadcasts to their simple forms. Functions without vector ops are left alone.

    A schedule chooses other strategies by a function attribute with upstream's names:
    `chameleon.vector_lowering = {contraction = "dot", reduction = "innerparallel", transpose = "shuffle_16x16"}`;
    what it leaves out is `outerproduct`, `innerreduction` and `shuffle_1d`.

    ```mlir
    %0 = vector.contract {...} %a, %b, %c : vector<4x1xf32>, vector<1x16xf32> into vector<4x16xf32>
    // becomes four of
    %s = vector.extract %a[0, 0] : f32 from vector<4x1xf32>
    %v = vector.broadcast %s : f32 to vector<16xf32>
    %f = vector.fma %v, %b0, %c0 : vector<16xf32>
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::ub::UBDialect", "::mlir::vector::VectorDialect"];
}

def ApproximateMath : Pass<"chameleon-approximate-math", "::mlir::func::FuncOp"> {
  let summary = "Replace exp, tanh, erf and the like on vectors by polynomials";
  let description = [{
    LLVM would call the scalar function of libm once per lane. The polynomials are those of MLIR, computed in f32 (f16
    and bf16 are extended to it), with an error of a few units in the last place. f64 and
    scalars are left to libm. Small constant powers, vectors or not, become products and square roots.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

def MarkFunctions : Pass<"chameleon-mark-functions", "::mlir::ModuleOp"> {
  let summary = "Tell LLVM which arguments do not alias and which functions are not to be inlined";
  let description = [{
    Arguments of public functions are distinct by convention, so that each becomes `llvm.noalias`. An argument of a
    private function becomes so if at every call it is a buffer that no other argument of the call is a view of, or
    if it is only read. Tasks are compiled by themselves (`noinline`), as they were measured.
    So are functions that pack constants; one that only moves data is compiled for size, since it is called once.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def CheckLowered : Pass<"chameleon-check-lowered", "::mlir::ModuleOp"> {
  let summary = "Fail if an op is left that is not of the LLVM dialect";
  let description = [{
    Conversions leave alone what they do not know (complex numbers, for example). The end of
    `chameleon-lower-to-llvm` says so, where others would only find a module that does not translate. Modules inside
    the module are not looked at.
  }];
}

#endif // CHAMELEON_CODEGEN_PASSES
