// RUN: chameleon-opt %s --chameleon-lower-to-llvm | FileCheck %s
// RUN: chameleon-opt %s --chameleon-lower-to-llvm | mlir-translate-22 --mlir-to-llvmir | FileCheck %s --check-prefix=LLVM
// RUN: chameleon-opt %s --chameleon-lower-to-llvm="threads=2" | mlir-translate-22 --mlir-to-llvmir | FileCheck %s --check-prefix=OMP

// Bare pointers, results as trailing ones; the scratch of tasks is inside that of the entry, in bss.
// CHECK-LABEL: llvm.func internal @rows(%{{.*}}: !llvm.ptr {llvm.noalias}, %{{.*}}: !llvm.ptr {llvm.noalias}, %{{.*}}: !llvm.ptr {llvm.noalias}){{.*}}passthrough = ["noinline"]
// CHECK-LABEL: llvm.func @main(%{{.*}}: !llvm.ptr {llvm.noalias}, %{{.*}}: !llvm.ptr {llvm.noalias})
// CHECK-NOT:   @malloc

// LLVM: @chameleon_scratch_main = private global [16384 x i8] undef, align 64
// LLVM: define internal void @rows(ptr noalias %{{.*}}, ptr noalias %{{.*}}, ptr noalias %{{.*}})
// LLVM: define void @main(ptr noalias %{{.*}}, ptr noalias %{{.*}})

// OMP: call void @__kmpc_push_num_threads({{.*}} i32 2)
// OMP: call void {{.*}}@__kmpc_fork_call(
func.func private @rows(%x: tensor<16x256xf32>, %d: tensor<16x256xf32>) -> tensor<16x256xf32> attributes {chameleon.task = "k"} {
  %t = tensor.empty() : tensor<16x256xf32>
  %e = linalg.exp ins(%x : tensor<16x256xf32>) outs(%t : tensor<16x256xf32>) -> tensor<16x256xf32>
  %r = scf.forall (%i) in (16) shared_outs(%o = %d) -> (tensor<16x256xf32>) {
    %s = tensor.extract_slice %e[%i, 0] [1, 256] [1, 1] : tensor<16x256xf32> to tensor<1x256xf32>
    %u = tensor.extract_slice %o[%i, 0] [1, 256] [1, 1] : tensor<16x256xf32> to tensor<1x256xf32>
    %a = linalg.add ins(%s, %s : tensor<1x256xf32>, tensor<1x256xf32>) outs(%u : tensor<1x256xf32>) -> tensor<1x256xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %a into %o[%i, 0] [1, 256] [1, 1] : tensor<1x256xf32> into tensor<16x256xf32>
    }
  }
  return %r : tensor<16x256xf32>
}
func.func @main(%x: tensor<16x256xf32>) -> tensor<16x256xf32> {
  %e = tensor.empty() : tensor<16x256xf32>
  %0 = call @rows(%x, %e) : (tensor<16x256xf32>, tensor<16x256xf32>) -> tensor<16x256xf32>
  return %0 : tensor<16x256xf32>
}
