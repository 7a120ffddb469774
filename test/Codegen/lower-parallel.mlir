// RUN: chameleon-opt %s --chameleon-lower-parallel | FileCheck %s --check-prefix=ONE
// RUN: chameleon-opt %s --chameleon-lower-parallel="threads=2" | FileCheck %s --check-prefix=TWO

// ONE-LABEL: func @nest(
// ONE-COUNT-3: scf.for
// ONE-NOT:     scf.parallel
// TWO-LABEL: func @nest(
// TWO:         scf.parallel
// TWO:           scf.for
// TWO-NOT:     scf.forall
func.func @nest(%a: memref<4x8x2xf32>, %x: f32) {
  scf.forall (%i, %j) in (4, 8) {
    scf.forall (%k) in (2) {
      memref.store %x, %a[%i, %j, %k] : memref<4x8x2xf32>
    }
  }
  return
}
