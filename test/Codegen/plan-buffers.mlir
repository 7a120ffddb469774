// RUN: chameleon-opt %s --allow-unregistered-dialect --chameleon-plan-buffers --split-input-file | FileCheck %s

// %a and %c do not live together and share bytes; the callee's scratch is reserved by the caller.
// CHECK-LABEL: func private @callee(
// CHECK-SAME:    %[[D:.*]]: memref<256xf32>, %[[SCRATCH:.*]]: memref<2048xi8> {llvm.noalias})
// CHECK-SAME:    chameleon.scratch_bytes = 2048
// CHECK-NOT:     memref.alloc
// CHECK-DAG:     %[[LOW:.*]] = arith.constant 0 : index
// CHECK-DAG:     %[[HIGH:.*]] = arith.constant 1024 : index
// CHECK-DAG:     %[[A:.*]] = memref.view %[[SCRATCH]][%[[LOW]]][] {{.*}} to memref<256xf32>
// CHECK-DAG:     %[[B:.*]] = memref.view %[[SCRATCH]][%[[HIGH]]][] {{.*}} to memref<256xf32>
// CHECK:         "use"(%[[A]], %[[B]])
// CHECK:         %[[C:.*]] = memref.view %[[SCRATCH]][%{{.*}}][] {{.*}} to memref<256xf32>
// CHECK:         "use"(%[[B]], %[[C]])
func.func private @callee(%d: memref<256xf32>) {
  %a = memref.alloc() : memref<256xf32>
  %b = memref.alloc() : memref<256xf32>
  "use"(%a, %b) : (memref<256xf32>, memref<256xf32>) -> ()
  %c = memref.alloc() : memref<256xf32>
  "use"(%b, %c) : (memref<256xf32>, memref<256xf32>) -> ()
  "use"(%c, %d) : (memref<256xf32>, memref<256xf32>) -> ()
  return
}
// CHECK: memref.global "private" @chameleon_scratch_caller : memref<3072xi8> = uninitialized {alignment = 64 : i64}
// CHECK-LABEL: func @caller(
// CHECK:         %[[G:.*]] = memref.get_global @chameleon_scratch_caller
// CHECK:         %[[T:.*]] = memref.view %[[G]]{{.*}} to memref<256xf32>
// CHECK:         %[[S:.*]] = memref.view %[[G]]{{.*}} to memref<2048xi8>
// CHECK:         call @callee(%[[T]], %[[S]])
func.func @caller() {
  %t = memref.alloc() : memref<256xf32>
  call @callee(%t) : (memref<256xf32>) -> ()
  "use"(%t) : (memref<256xf32>) -> ()
  return
}

// -----

// Small buffers of loops go to the stack, large ones to scratch; dynamic ones and those that are returned stay.
// CHECK-LABEL: func @places(
// CHECK:         memref.alloca() {alignment = 64 : i64} : memref<16xf32>
// CHECK:         scf.for
// CHECK:           memref.view {{.*}} to memref<65536xf32>
// CHECK:           memref.alloc(%{{.*}}) : memref<?xf32>
// CHECK:         memref.alloc() : memref<4xf32>
func.func @places(%n: index) -> memref<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %small = memref.alloc() : memref<16xf32>
    %large = memref.alloc() : memref<65536xf32>
    %dynamic = memref.alloc(%i) : memref<?xf32>
    "use"(%small, %large, %dynamic) : (memref<16xf32>, memref<65536xf32>, memref<?xf32>) -> ()
  }
  %r = memref.alloc() : memref<4xf32>
  return %r : memref<4xf32>
}

// -----

// A buffer that a loop carries on has no fixed place.
// CHECK-LABEL: func @carried(
// CHECK:         scf.for
// CHECK:           memref.alloc() : memref<4xf32>
func.func @carried(%n: index, %x: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%b = %x) -> (memref<4xf32>) {
    %next = memref.alloc() : memref<4xf32>
    "use"(%b, %next) : (memref<4xf32>, memref<4xf32>) -> ()
    scf.yield %next : memref<4xf32>
  }
  "use"(%r) : (memref<4xf32>) -> ()
  return
}

// -----

// Functions that call each other keep scratch of their own.
// CHECK: memref.global "private" @chameleon_scratch_ping
// CHECK-LABEL: func private @ping()
func.func private @ping() {
  %a = memref.alloc() : memref<64xf32>
  "use"(%a) : (memref<64xf32>) -> ()
  call @pong() : () -> ()
  return
}
func.func private @pong() {
  call @ping() : () -> ()
  return
}
