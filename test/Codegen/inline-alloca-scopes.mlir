// RUN: chameleon-opt %s --allow-unregistered-dialect --chameleon-inline-alloca-scopes | FileCheck %s

// CHECK-LABEL: func @scopes(
// CHECK-NEXT:    "first"
// CHECK-NEXT:    memref.alloca_scope
// CHECK-NEXT:      memref.alloca
func.func @scopes() {
  memref.alloca_scope {
    "first"() : () -> ()
    memref.alloca_scope.return
  }
  memref.alloca_scope {
    %a = memref.alloca() : memref<4xf32>
    "second"(%a) : (memref<4xf32>) -> ()
    memref.alloca_scope.return
  }
  return
}
