// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: chameleon-bench %s %t.mlir --samples=3 2>&1 | FileCheck %s --check-prefix=BENCH

// Every op whose booleans neither come from outside nor go there is a task, and computes what plain loops do: reductions of either order and
// operation, of numbers of elements that fill no vector, and a mask that is a constant.

// REMARKS-NOT: left untuned
// BENCH:       [naive]
// BENCH:       [scheduled]
// BENCH:       outputs agree
// BENCH-NOT:   beware
#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0, 0)>
#column = affine_map<(d0, d1) -> (d1)>
func.func @main(%x: tensor<24x37xf32>, %y: tensor<24x37xf32>) -> (tensor<24x37xf32>, tensor<24x37xf32>) {
  %low = arith.constant -0.95 : f64
  %half = arith.constant 0.5 : f64
  %zero = arith.constant 0.0 : f32
  %true = arith.constant true
  %false = arith.constant false
  %mask = arith.constant dense<[true, true, false, true, false, true, false, false, true, true, true, false, false, true, false, true, false,
                                true, true, false, true, false, true, false, false, true, true, true, false, false, true, false, true, false,
                                false, true, true]> : tensor<37xi1>
  %be = tensor.empty() : tensor<24x37xi1>
  %above = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<24x37xf32>) outs(%be : tensor<24x37xi1>) {
  ^bb0(%in: f32, %out: i1):
    %wide = arith.extf %in : f32 to f64
    %c = arith.cmpf ogt, %wide, %low : f64
    linalg.yield %c : i1
  } -> tensor<24x37xi1>
  %e = tensor.empty() : tensor<24x1xi1>
  %ones = linalg.fill ins(%true : i1) outs(%e : tensor<24x1xi1>) -> tensor<24x1xi1>
  %zeroes = linalg.fill ins(%false : i1) outs(%e : tensor<24x1xi1>) -> tensor<24x1xi1>
  %all = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%above : tensor<24x37xi1>) outs(%ones : tensor<24x1xi1>) {
  ^bb0(%in: i1, %out: i1):
    %and = arith.andi %in, %out : i1
    linalg.yield %and : i1
  } -> tensor<24x1xi1>
  %masked = linalg.generic {indexing_maps = [#column, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%mask, %x : tensor<37xi1>, tensor<24x37xf32>) outs(%be : tensor<24x37xi1>) {
  ^bb0(%m: i1, %in: f32, %out: i1):
    %wide = arith.extf %in : f32 to f64
    %c = arith.cmpf ogt, %wide, %half : f64
    %both = arith.andi %c, %m : i1
    linalg.yield %both : i1
  } -> tensor<24x37xi1>
  %odd = linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]} ins(%masked : tensor<24x37xi1>) outs(%zeroes : tensor<24x1xi1>) {
  ^bb0(%in: i1, %out: i1):
    %xor = arith.xori %out, %in : i1
    linalg.yield %xor : i1
  } -> tensor<24x1xi1>
  %fe = tensor.empty() : tensor<24x37xf32>
  %r = linalg.generic {indexing_maps = [#row, #row, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%all, %odd, %y : tensor<24x1xi1>, tensor<24x1xi1>, tensor<24x37xf32>) outs(%fe : tensor<24x37xf32>) {
  ^bb0(%a: i1, %b: i1, %in: f32, %out: f32):
    %either = arith.xori %a, %b : i1
    %s = arith.select %either, %in, %zero : f32
    linalg.yield %s : f32
  } -> tensor<24x37xf32>
  %picked = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel"]} ins(%masked, %y : tensor<24x37xi1>, tensor<24x37xf32>) outs(%fe : tensor<24x37xf32>) {
  ^bb0(%a: i1, %in: f32, %out: f32):
    %s = arith.select %a, %in, %zero : f32
    linalg.yield %s : f32
  } -> tensor<24x37xf32>
  return %r, %picked : tensor<24x37xf32>, tensor<24x37xf32>
}
