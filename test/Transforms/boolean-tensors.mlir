// RUN: chameleon-opt %s --split-input-file --chameleon-normalize | FileCheck %s

// Which rows of the scores are hidden as a whole: the comparison becomes part of the reduction, which works on bytes throughout, though others
// read the result of the contraction, too.

#scores = affine_map<(b, i, j) -> (b, i, j)>
#row = affine_map<(b, i, j) -> (b, i, 0)>
// CHECK-LABEL: func.func @hidden_rows(
func.func @hidden_rows(%q: tensor<2x8x4xf32>, %k: tensor<2x4x8xf32>) -> tensor<2x8x8xf32> {
  // CHECK-DAG:   %[[ONE:.*]] = arith.constant 1 : i8
  // CHECK-DAG:   %[[INF:.*]] = arith.constant 0xFF800000 : f32
  // CHECK:       %[[SCORES:.*]] = linalg.batch_matmul
  // CHECK:       %[[FILL:.*]] = linalg.fill ins(%[[ONE]] : i8)
  // CHECK:       %[[ALL:.*]] = linalg.generic {{.*}} "reduction"]} ins(%[[SCORES]] : tensor<2x8x8xf32>) outs(%[[FILL]] : tensor<2x8xi8>)
  // CHECK-NEXT:  ^bb0(%[[IN:.*]]: f32, %[[OUT:.*]]: i8):
  // CHECK-NEXT:    %[[IS:.*]] = arith.cmpf oeq, %[[IN]], %[[INF]] : f32
  // CHECK-NEXT:    %[[BYTE:.*]] = arith.extui %[[IS]] : i1 to i8
  // CHECK-NEXT:    %[[AND:.*]] = arith.andi %[[BYTE]], %[[OUT]] : i8
  // CHECK-NEXT:    linalg.yield %[[AND]] : i8
  // CHECK:       linalg.generic {{.*}} ins(%[[ALL]], %[[SCORES]] : tensor<2x8xi8>
  // CHECK-NEXT:  ^bb0(%[[HIDDEN:.*]]: i8, %[[SCORE:.*]]: f32,
  // CHECK-NEXT:    %[[IF:.*]] = arith.trunci %[[HIDDEN]] : i8 to i1
  // CHECK-NEXT:    arith.select %[[IF]], %{{.*}}, %[[SCORE]] : f32
  // CHECK-NOT:   xi1>
  %inf = arith.constant 0xFFF0000000000000 : f64
  %zero = arith.constant 0.0 : f32
  %true = arith.constant true
  %se = tensor.empty() : tensor<2x8x8xf32>
  %sf = linalg.fill ins(%zero : f32) outs(%se : tensor<2x8x8xf32>) -> tensor<2x8x8xf32>
  %s = linalg.batch_matmul ins(%q, %k : tensor<2x8x4xf32>, tensor<2x4x8xf32>) outs(%sf : tensor<2x8x8xf32>) -> tensor<2x8x8xf32>
  %ce = tensor.empty() : tensor<2x8x8xi1>
  %c = linalg.generic {indexing_maps = [#scores, #scores], iterator_types = ["parallel", "parallel", "parallel"]} ins(%s : tensor<2x8x8xf32>) outs(%ce : tensor<2x8x8xi1>) {
  ^bb0(%in: f32, %out: i1):
    %wide = arith.extf %in : f32 to f64
    %is = arith.cmpf oeq, %wide, %inf : f64
    linalg.yield %is : i1
  } -> tensor<2x8x8xi1>
  %ae = tensor.empty() : tensor<2x8x1xi1>
  %af = linalg.fill ins(%true : i1) outs(%ae : tensor<2x8x1xi1>) -> tensor<2x8x1xi1>
  %a = linalg.generic {indexing_maps = [#scores, #row], iterator_types = ["parallel", "parallel", "reduction"]} ins(%c : tensor<2x8x8xi1>) outs(%af : tensor<2x8x1xi1>) {
  ^bb0(%in: i1, %out: i1):
    %and = arith.andi %in, %out : i1
    linalg.yield %and : i1
  } -> tensor<2x8x1xi1>
  %r = linalg.generic {indexing_maps = [#row, #scores, #scores], iterator_types = ["parallel", "parallel", "parallel"]} ins(%a, %s : tensor<2x8x1xi1>, tensor<2x8x8xf32>) outs(%se : tensor<2x8x8xf32>) {
  ^bb0(%hidden: i1, %score: f32, %out: f32):
    %select = arith.select %hidden, %zero, %score : f32
    linalg.yield %select : f32
  } -> tensor<2x8x8xf32>
  return %r : tensor<2x8x8xf32>
}

// -----

// A named reduction; the accumulator comes first.

// CHECK-LABEL: func.func @named_reduction(
func.func @named_reduction(%x: tensor<8x16xf32>, %y: tensor<8x16xf32>) -> tensor<8xf32> {
  // CHECK:      linalg.generic {{.*}} "reduction"]} {{.*}} outs(%{{.*}} : tensor<8xi8>)
  // CHECK-NEXT: ^bb0(%[[X:.*]]: f32, %[[Y:.*]]: f32, %[[OUT:.*]]: i8):
  // CHECK-NEXT:   %[[IS:.*]] = arith.cmpf ogt, %[[X]], %[[Y]] : f32
  // CHECK-NEXT:   %[[BYTE:.*]] = arith.extui %[[IS]] : i1 to i8
  // CHECK-NEXT:   arith.ori %[[OUT]], %[[BYTE]] : i8
  // CHECK-NOT:  xi1>
  %false = arith.constant false
  %ce = tensor.empty() : tensor<8x16xi1>
  %c = linalg.map { arith.cmpf {predicate = 2 : i64} } ins(%x, %y : tensor<8x16xf32>, tensor<8x16xf32>) outs(%ce : tensor<8x16xi1>)
  %fe = tensor.empty() : tensor<8xi1>
  %f = linalg.fill ins(%false : i1) outs(%fe : tensor<8xi1>) -> tensor<8xi1>
  %any = linalg.reduce ins(%c : tensor<8x16xi1>) outs(%f : tensor<8xi1>) dimensions = [1]
    (%in: i1, %init: i1) {
      %or = arith.ori %init, %in : i1
      linalg.yield %or : i1
    }
  %re = tensor.empty() : tensor<8xf32>
  %r = linalg.map { arith.uitofp } ins(%any : tensor<8xi1>) outs(%re : tensor<8xf32>)
  return %r : tensor<8xf32>
}

// -----

// A reduction that is none of bits: the accumulator is converted.

#in = affine_map<(d0, d1) -> (d0, d1)>
#out = affine_map<(d0, d1) -> (d0)>
#id = affine_map<(d0) -> (d0)>
// CHECK-LABEL: func.func @another_reduction(
func.func @another_reduction(%x: tensor<8x16xf32>) -> tensor<8xf32> {
  // CHECK:      linalg.generic {{.*}} "reduction"]} {{.*}} outs(%{{.*}} : tensor<8xi8>)
  // CHECK-NEXT: ^bb0(%{{.*}}: f32, %[[OUT:.*]]: i8):
  // CHECK-NEXT:   %[[BIT:.*]] = arith.trunci %[[OUT]] : i8 to i1
  // CHECK-NEXT:   %[[IS:.*]] = arith.cmpf
  // CHECK-NEXT:   %[[SUM:.*]] = arith.addi %[[IS]], %[[BIT]] : i1
  // CHECK-NEXT:   %[[BYTE:.*]] = arith.extui %[[SUM]] : i1 to i8
  // CHECK-NEXT:   linalg.yield %[[BYTE]] : i8
  %zero = arith.constant 0.0 : f32
  %false = arith.constant false
  %fe = tensor.empty() : tensor<8xi1>
  %f = linalg.fill ins(%false : i1) outs(%fe : tensor<8xi1>) -> tensor<8xi1>
  %odd = linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<8x16xf32>) outs(%f : tensor<8xi1>) {
  ^bb0(%in: f32, %out: i1):
    %c = arith.cmpf ogt, %in, %zero : f32
    %sum = arith.addi %c, %out : i1
    linalg.yield %sum : i1
  } -> tensor<8xi1>
  %re = tensor.empty() : tensor<8xf32>
  %r = linalg.map { arith.uitofp } ins(%odd : tensor<8xi1>) outs(%re : tensor<8xf32>)
  return %r : tensor<8xf32>
}

// -----

// Constants, views, slices and pads are bytes, too.

#in = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: func.func @views(
func.func @views(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  // CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : i8
  // CHECK-DAG: %[[ZEROES:.*]] = arith.constant dense<0> : tensor<4x4xi8>
  // CHECK-DAG: %[[MASK:.*]] = arith.constant dense<{{\[\[}}1, 0], [0, 1]]> : tensor<2x2xi8>
  // CHECK:     %[[PADDED:.*]] = tensor.pad %[[MASK]]
  // CHECK:       tensor.yield %[[ONE]] : i8
  // CHECK:     } : tensor<2x2xi8> to tensor<4x4xi8>
  // CHECK:     %[[SLICE:.*]] = tensor.extract_slice %[[PADDED]]{{.*}} : tensor<4x4xi8> to tensor<2x4xi8>
  // CHECK:     %[[INSERTED:.*]] = tensor.insert_slice %[[SLICE]] into %[[ZEROES]]{{.*}} : tensor<2x4xi8> into tensor<4x4xi8>
  // CHECK:     linalg.generic {{.*}} ins(%[[INSERTED]],
  %zero = arith.constant 0.0 : f32
  %true = arith.constant true
  %zeroes = arith.constant dense<false> : tensor<4x4xi1>
  %mask = arith.constant dense<[[true, false], [false, true]]> : tensor<2x2xi1>
  %padded = tensor.pad %mask low[1, 1] high[1, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %true : i1
  } : tensor<2x2xi1> to tensor<4x4xi1>
  %slice = tensor.extract_slice %padded[1, 0] [2, 4] [1, 1] : tensor<4x4xi1> to tensor<2x4xi1>
  %inserted = tensor.insert_slice %slice into %zeroes[1, 0] [2, 4] [1, 1] : tensor<2x4xi1> into tensor<4x4xi1>
  %e = tensor.empty() : tensor<4x4xf32>
  %r = linalg.generic {indexing_maps = [#in, #in, #in], iterator_types = ["parallel", "parallel"]} ins(%inserted, %x : tensor<4x4xi1>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) {
  ^bb0(%c: i1, %in: f32, %out: f32):
    %s = arith.select %c, %in, %zero : f32
    linalg.yield %s : f32
  } -> tensor<4x4xf32>
  return %r : tensor<4x4xf32>
}

// -----

// Arguments and results stay what they are, and the ops that only work on them; an op may have operands of both kinds. What one reader wants
// as bits and another as bytes, the fill, is there twice.

#in = affine_map<(d0, d1) -> (d0, d1)>
#out = affine_map<(d0, d1) -> (d0)>
// CHECK-LABEL: func.func @borders(
// CHECK-SAME:    %[[X:.*]]: tensor<8x16xf32>, %[[MASK:.*]]: tensor<8x16xi1>)
func.func @borders(%x: tensor<8x16xf32>, %mask: tensor<8x16xi1>) -> (tensor<8xi1>, tensor<8xf32>, tensor<8x16xi1>) {
  // CHECK-DAG: %[[TRUE:.*]] = arith.constant true
  // CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : i8
  // CHECK-DAG: %[[BITS:.*]] = linalg.fill ins(%[[TRUE]] : i1)
  // CHECK-DAG: %[[BYTES:.*]] = linalg.fill ins(%[[ONE]] : i8)
  // CHECK:     %[[ALL:.*]] = linalg.generic {{.*}} ins(%[[X]], %[[MASK]] : tensor<8x16xf32>, tensor<8x16xi1>) outs(%[[BITS]] : tensor<8xi1>)
  // CHECK:     %[[ODD:.*]] = linalg.generic {{.*}} ins(%[[X]], %[[MASK]] : tensor<8x16xf32>, tensor<8x16xi1>) outs(%[[BYTES]] : tensor<8xi8>)
  // CHECK:     %[[NUMBERS:.*]] = linalg.generic {{.*}} ins(%[[ODD]] : tensor<8xi8>)
  // CHECK:     %[[NOT:.*]] = linalg.generic {{.*}} ins(%[[MASK]] : tensor<8x16xi1>) outs(%{{.*}} : tensor<8x16xi1>)
  // CHECK:     return %[[ALL]], %[[NUMBERS]], %[[NOT]]
  %zero = arith.constant 0.0 : f32
  %true = arith.constant true
  %fe = tensor.empty() : tensor<8xi1>
  %f = linalg.fill ins(%true : i1) outs(%fe : tensor<8xi1>) -> tensor<8xi1>
  %all = linalg.generic {indexing_maps = [#in, #in, #out], iterator_types = ["parallel", "reduction"]} ins(%x, %mask : tensor<8x16xf32>, tensor<8x16xi1>) outs(%f : tensor<8xi1>) {
  ^bb0(%in: f32, %m: i1, %out: i1):
    %c = arith.cmpf ogt, %in, %zero : f32
    %or = arith.ori %c, %m : i1
    %and = arith.andi %or, %out : i1
    linalg.yield %and : i1
  } -> tensor<8xi1>
  %odd = linalg.generic {indexing_maps = [#in, #in, #out], iterator_types = ["parallel", "reduction"]} ins(%x, %mask : tensor<8x16xf32>, tensor<8x16xi1>) outs(%f : tensor<8xi1>) {
  ^bb0(%in: f32, %m: i1, %out: i1):
    %c = arith.cmpf ogt, %in, %zero : f32
    %or = arith.ori %c, %m : i1
    %xor = arith.xori %or, %out : i1
    linalg.yield %xor : i1
  } -> tensor<8xi1>
  %ne = tensor.empty() : tensor<8xf32>
  %numbers = linalg.map { arith.uitofp } ins(%odd : tensor<8xi1>) outs(%ne : tensor<8xf32>)
  %be = tensor.empty() : tensor<8x16xi1>
  %not = linalg.generic {indexing_maps = [#in, #in], iterator_types = ["parallel", "parallel"]} ins(%mask : tensor<8x16xi1>) outs(%be : tensor<8x16xi1>) {
  ^bb0(%m: i1, %out: i1):
    %flip = arith.xori %m, %true : i1
    linalg.yield %flip : i1
  } -> tensor<8x16xi1>
  return %all, %numbers, %not : tensor<8xi1>, tensor<8xf32>, tensor<8x16xi1>
}

// -----

// What is read element by element elsewhere, stays; so do the views between.

// CHECK-LABEL: func.func @read_elsewhere(
func.func @read_elsewhere(%x: tensor<16xf32>, %i: index) -> i1 {
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<16xi1>)
  // CHECK: tensor.extract {{.*}} : tensor<4x4xi1>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16xi1>
  %c = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]} ins(%x : tensor<16xf32>) outs(%e : tensor<16xi1>) {
  ^bb0(%in: f32, %out: i1):
    %0 = arith.cmpf ogt, %in, %zero : f32
    linalg.yield %0 : i1
  } -> tensor<16xi1>
  %square = tensor.expand_shape %c [[0, 1]] output_shape [4, 4] : tensor<16xi1> into tensor<4x4xi1>
  %r = tensor.extract %square[%i, %i] : tensor<4x4xi1>
  return %r : i1
}

// -----

// Dynamic sizes are those of before.

// CHECK-LABEL: func.func @dynamic(
// CHECK-SAME:    %{{.*}}: tensor<?x8xf32>, %[[N:.*]]: index)
func.func @dynamic(%x: tensor<?x8xf32>, %n: index) -> tensor<?xf32> {
  // CHECK-NOT: xi1>
  // CHECK:     %[[EMPTY:.*]] = tensor.empty(%[[N]]) : tensor<?xi8>
  // CHECK:     linalg.fill ins(%{{.*}} : i8) outs(%[[EMPTY]] : tensor<?xi8>)
  // CHECK-NOT: xi1>
  %z = arith.constant 0.0 : f32
  %true = arith.constant true
  %fe = tensor.empty(%n) : tensor<?xi1>
  %f = linalg.fill ins(%true : i1) outs(%fe : tensor<?xi1>) -> tensor<?xi1>
  %all = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<?x8xf32>) outs(%f : tensor<?xi1>) {
  ^bb0(%in: f32, %out: i1):
    %c = arith.cmpf ogt, %in, %z : f32
    %and = arith.andi %c, %out : i1
    linalg.yield %and : i1
  } -> tensor<?xi1>
  %re = tensor.empty(%n) : tensor<?xf32>
  %r = linalg.map { arith.uitofp } ins(%all : tensor<?xi1>) outs(%re : tensor<?xf32>)
  return %r : tensor<?xf32>
}

// -----

// An accumulator that another one's reduction reads is a boolean again before that.

// CHECK-LABEL: func.func @two_accumulators(
// CHECK:         ^bb0(%{{.*}}: f32, %[[ALL:.*]]: i8, %[[ODD:.*]]: i8):
// CHECK:           %[[BOOLEAN:.*]] = arith.trunci %[[ODD]] : i8 to i1
// CHECK:           %[[BYTE:.*]] = arith.extui %[[BOOLEAN]] : i1 to i8
// CHECK:           arith.andi %[[ALL]], %[[BYTE]] : i8
#in = affine_map<(d0, d1) -> (d0, d1)>
#acc = affine_map<(d0, d1) -> (d0)>
#one = affine_map<(d0) -> (d0)>
func.func @two_accumulators(%x: tensor<4x8xf32>) -> tensor<4xf32> {
  %zero = arith.constant 0.0 : f32
  %true = arith.constant true
  %e = tensor.empty() : tensor<4xi1>
  %f = linalg.fill ins(%true : i1) outs(%e : tensor<4xi1>) -> tensor<4xi1>
  %r:2 = linalg.generic {indexing_maps = [#in, #acc, #acc], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<4x8xf32>) outs(%f, %f : tensor<4xi1>, tensor<4xi1>) {
  ^bb0(%a: f32, %b: i1, %c: i1):
    %q = arith.andi %b, %c : i1
    %k = arith.cmpf olt, %a, %zero : f32
    %n = arith.xori %c, %k : i1
    linalg.yield %q, %n : i1, i1
  } -> (tensor<4xi1>, tensor<4xi1>)
  %o = tensor.empty() : tensor<4xf32>
  %s = linalg.generic {indexing_maps = [#one, #one, #one], iterator_types = ["parallel"]}
      ins(%r#0, %r#1 : tensor<4xi1>, tensor<4xi1>) outs(%o : tensor<4xf32>) {
  ^bb0(%a: i1, %b: i1, %out: f32):
    %m = arith.xori %a, %b : i1
    %y = arith.uitofp %m : i1 to f32
    linalg.yield %y : f32
  } -> tensor<4xf32>
  return %s : tensor<4xf32>
}
