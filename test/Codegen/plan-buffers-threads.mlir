// RUN: chameleon-opt %s --allow-unregistered-dialect --chameleon-plan-buffers="threads=4" | FileCheck %s

// Each of four threads has its own copy of the buffer, chosen by its number.
// CHECK: memref.global "private" @chameleon_scratch_main : memref<4096xi8>
// CHECK-LABEL: func @main(
// CHECK:         scf.forall
// CHECK:           %[[T:.*]] = func.call @omp_get_thread_num() : () -> i32
// CHECK:           %[[I:.*]] = arith.index_cast %[[T]]
// CHECK:           %[[O:.*]] = arith.muli %[[I]], %{{.*}} : index
// CHECK:           %[[P:.*]] = arith.addi %{{.*}}, %[[O]] : index
// CHECK:           memref.view %{{.*}}[%[[P]]][] : memref<4096xi8> to memref<256xf32>
func.func @main() {
  scf.forall (%i) in (16) {
    %a = memref.alloc() : memref<256xf32>
    "use"(%a) : (memref<256xf32>) -> ()
  }
  return
}
