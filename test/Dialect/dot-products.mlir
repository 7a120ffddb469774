// RUN: chameleon-opt %s --transform-interpreter --canonicalize | FileCheck %s

// `dot` 4 is two by two for bf16, and for i8 where K is no multiple of four: a pair of numbers of A, which lie side by side, is broadcast as one word, and multiplied with a
// panel of B in which two rows are interleaved. A of i8 is widened to i16 once; B stays i8 in memory.

// CHECK:         #[[PAIRS:.*]] = affine_map<(d0, d1, d2) -> (d1 * 2 + d2 mod 2, (d0 * 8 + d2 floordiv 2) mod 16)>
// CHECK-LABEL: func.func @bf16(
// CHECK-SAME:    %[[A:.*]]: tensor<4x6xbf16>, %[[B:.*]]: tensor<6x16xbf16> {chameleon.constant}
// CHECK:         linalg.generic {indexing_maps = [#[[PAIRS]], {{.*}} outs(%{{.*}} : tensor<2x3x16xbf16>)
// CHECK:         scf.for %{{.*}} = %c0 to %c3 step
// CHECK:           vector.transfer_read {{.*}} vector<16xbf16>
// CHECK:           %[[PAIR:.*]] = vector.transfer_read %[[A]]{{.*}} vector<2xbf16>
// CHECK:           %[[WORD:.*]] = vector.bitcast %[[PAIR]] : vector<2xbf16> to vector<1xi32>
// CHECK:           %[[SCALAR:.*]] = vector.extract %[[WORD]][0]
// CHECK:           %[[WORDS:.*]] = vector.broadcast %[[SCALAR]] : i32 to vector<8xi32>
// CHECK:           %[[NUMBERS:.*]] = vector.bitcast %[[WORDS]] : vector<8xi32> to vector<16xbf16>
// CHECK:           llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.256"(%{{.*}}, %[[NUMBERS]], %{{.*}}) : (vector<8xf32>, vector<16xbf16>, vector<16xbf16>) -> vector<8xf32>
func.func @bf16(%a: tensor<4x6xbf16>, %b: tensor<6x16xbf16> {chameleon.constant}, %out: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<4x16xf32>) -> tensor<4x16xf32>
  %r = linalg.matmul ins(%a, %b : tensor<4x6xbf16>, tensor<6x16xbf16>) outs(%fill : tensor<4x16xf32>) -> tensor<4x16xf32>
  return %r : tensor<4x16xf32>
}

// B comes at run time: its rows are interleaved before the product.
// CHECK-LABEL: func.func @i8(
// CHECK-SAME:    %[[A:[a-z0-9]*]]: tensor<4x6xi8>, %[[B:[a-z0-9]*]]: tensor<6x16xi8>
// CHECK:         vector.interleave {{.*}} : vector<8xi8> -> vector<16xi8>
// CHECK:         arith.extsi {{.*}} : vector<8xi8> to vector<8xi16>
// CHECK:         %[[PANEL:.*]] = vector.transfer_read {{.*}} tensor<2x3x16xi8>, vector<16xi8>
// CHECK:         arith.extsi %[[PANEL]] : vector<16xi8> to vector<16xi16>
// CHECK:         vector.transfer_read {{.*}} tensor<4x6xi16>, vector<2xi16>
// CHECK:         %[[SUM:.*]] = llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"(%{{.*}}, %{{.*}}) : (vector<16xi16>, vector<16xi16>) -> vector<8xi32>
// CHECK:         arith.addi %{{.*}}, %[[SUM]] : vector<8xi32>
func.func @i8(%a: tensor<4x6xi8>, %b: tensor<6x16xi8>, %out: tensor<4x16xi32>) -> tensor<4x16xi32> {
  %zero = arith.constant 0 : i32
  %fill = linalg.fill ins(%zero : i32) outs(%out : tensor<4x16xi32>) -> tensor<4x16xi32>
  %r = linalg.matmul ins(%a, %b : tensor<4x6xi8>, tensor<6x16xi8>) outs(%fill : tensor<4x16xi32>) -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}

// Four by four, where K is a multiple: numbers of A have 128 added, which one sum more of 128 by B makes up for. Four rows of B are interleaved.
// CHECK-LABEL: func.func @bytes(
// CHECK-SAME:    %[[A:[a-z0-9]*]]: tensor<4x12xi8>, %[[B:[a-z0-9]*]]: tensor<12x16xi8>
// CHECK-DAG:     %[[FLIP:.*]] = arith.constant dense<-128> : vector<8xi8>
// CHECK-DAG:     %[[OFFSET:.*]] = arith.constant dense<-128> : vector<32xi8>
// CHECK:         %[[EVEN:.*]] = vector.interleave %[[R0:.*]], %[[R2:.*]] : vector<8xi8> -> vector<16xi8>
// CHECK:         %[[ODD:.*]] = vector.interleave %[[R1:.*]], %[[R3:.*]] : vector<8xi8> -> vector<16xi8>
// CHECK:         vector.interleave %[[EVEN]], %[[ODD]] : vector<16xi8> -> vector<32xi8>
// CHECK:         arith.xori %{{.*}}, %[[FLIP]] : vector<8xi8>
// CHECK:         %[[SUMS:.*]]:5 = scf.for
// CHECK:           vector.transfer_read {{.*}} tensor<4x12xi8>, vector<4xi8>
// CHECK-COUNT-4:   llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.256"
// CHECK:           llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.256"(%{{.*}}, %[[OFFSET]], %{{.*}}) : (vector<8xi32>, vector<32xi8>, vector<32xi8>) -> vector<8xi32>
// CHECK-COUNT-4: arith.subi %[[SUMS]]#{{[0-3]}}, %[[SUMS]]#4 : vector<8xi32>
func.func @bytes(%a: tensor<4x12xi8>, %b: tensor<12x16xi8>, %out: tensor<4x16xi32>) -> tensor<4x16xi32> {
  %zero = arith.constant 0 : i32
  %fill = linalg.fill ins(%zero : i32) outs(%out : tensor<4x16xi32>) -> tensor<4x16xi32>
  %r = linalg.matmul ins(%a, %b : tensor<4x12xi8>, tensor<12x16xi8>) outs(%fill : tensor<4x16xi32>) -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}

// Where more than one block of rows meets a panel, what is too much is summed up once, before, and sums start from minus that.
// CHECK-LABEL: func.func @blocks(
// CHECK:         %[[EXCESS:.*]] = scf.for {{.*}} -> (tensor<2x8xi32>)
// CHECK:           scf.for %{{.*}} = %c0 to %c3 step %c1 iter_args(%{{.*}} = %{{.*}}) -> (vector<8xi32>)
// CHECK:             llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.256"
// CHECK:         vector.transfer_read %[[EXCESS]]
// CHECK:         arith.subi %{{.*}}, %{{.*}} : vector<8xi32>
// CHECK:         scf.for {{.*}} -> (vector<8xi32>, vector<8xi32>, vector<8xi32>, vector<8xi32>)
// CHECK-COUNT-4:   llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.256"
// CHECK-NOT:       llvm.call_intrinsic
// CHECK:           scf.yield
func.func @blocks(%a: tensor<8x12xi8>, %b: tensor<12x16xi8>, %out: tensor<8x16xi32>) -> tensor<8x16xi32> {
  %zero = arith.constant 0 : i32
  %fill = linalg.fill ins(%zero : i32) outs(%out : tensor<8x16xi32>) -> tensor<8x16xi32>
  %r = linalg.matmul ins(%a, %b : tensor<8x12xi8>, tensor<12x16xi8>) outs(%fill : tensor<8x16xi32>) -> tensor<8x16xi32>
  return %r : tensor<8x16xi32>
}

// The zeros around an image are 128 then. Rows of the window beside the image are skipped, with what they would give too much: what is too
// much is summed up row by row, and the difference of two of these is subtracted.
// CHECK-LABEL: func.func @padded(
// CHECK-DAG:     %[[ZEROS:.*]] = arith.constant dense<-128> : vector<8xi8>
// CHECK:         vector.transfer_write %[[ZEROS]], %{{.*}} tensor<7x64xi8>
// CHECK:         %[[EXCESS:.*]] = scf.for {{.*}} -> (tensor<2x4x8xi32>)
// CHECK:         %[[BEFORE:.*]] = vector.transfer_read %[[EXCESS]][%{{.*}}, %[[FROM:.*]], %c0]
// CHECK:         %[[AFTER:.*]] = vector.transfer_read %[[EXCESS]][%{{.*}}, %[[TO:.*]], %c0]
// CHECK:         %[[START:.*]] = arith.subi %[[BEFORE]], %[[AFTER]] : vector<8xi32>
// CHECK:         scf.for %{{.*}} = %[[FROM]] to %[[TO]] step %c1 iter_args(%{{.*}} = %[[START]],
func.func @padded(%x: tensor<1x5x6x8xi8>, %w: tensor<3x3x8x16xi8> {chameleon.constant}, %out: tensor<1x5x6x16xi32>) -> tensor<1x5x6x16xi32> {
  %none = arith.constant 0 : i8
  %zero = arith.constant 0 : i32
  %pad = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%b: index, %r: index, %c: index, %d: index):
    tensor.yield %none : i8
  } : tensor<1x5x6x8xi8> to tensor<1x7x8x8xi8>
  %fill = linalg.fill ins(%zero : i32) outs(%out : tensor<1x5x6x16xi32>) -> tensor<1x5x6x16xi32>
  %r = linalg.conv_2d_nhwc_hwcf ins(%pad, %w : tensor<1x7x8x8xi8>, tensor<3x3x8x16xi8>) outs(%fill : tensor<1x5x6x16xi32>) -> tensor<1x5x6x16xi32>
  return %r : tensor<1x5x6x16xi32>
}

// Two by two where that is what `dot` says.
// CHECK-LABEL: func.func @two(
// CHECK:         arith.extsi {{.*}} : vector<8xi8> to vector<8xi16>
// CHECK:         llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"
// CHECK-NOT:     vpdpbusd
// CHECK:         return
func.func @two(%a: tensor<4x12xi8>, %b: tensor<12x16xi8>, %out: tensor<4x16xi32>) -> tensor<4x16xi32> {
  %zero = arith.constant 0 : i32
  %fill = linalg.fill ins(%zero : i32) outs(%out : tensor<4x16xi32>) -> tensor<4x16xi32>
  %r = linalg.matmul {two} ins(%a, %b : tensor<4x12xi8>, tensor<12x16xi8>) outs(%fill : tensor<4x16xi32>) -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}

// An odd number of products, and other types: one by one.
// CHECK-LABEL: func.func @odd(
// CHECK-NOT:     llvm.call_intrinsic
// CHECK:         arith.muli
// CHECK-LABEL: func.func @f16(
// CHECK-NOT:     llvm.call_intrinsic
// CHECK:         vector.fma
func.func @odd(%a: tensor<4x5xi8>, %b: tensor<5x16xi8>, %out: tensor<4x16xi32>) -> tensor<4x16xi32> {
  %zero = arith.constant 0 : i32
  %fill = linalg.fill ins(%zero : i32) outs(%out : tensor<4x16xi32>) -> tensor<4x16xi32>
  %r = linalg.matmul ins(%a, %b : tensor<4x5xi8>, tensor<5x16xi8>) outs(%fill : tensor<4x16xi32>) -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}
func.func @f16(%a: tensor<4x6xf16>, %b: tensor<6x16xf16>, %out: tensor<4x16xf32>) -> tensor<4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<4x16xf32>) -> tensor<4x16xf32>
  %r = linalg.matmul ins(%a, %b : tensor<4x6xf16>, tensor<6x16xf16>) outs(%fill : tensor<4x16xf32>) -> tensor<4x16xf32>
  return %r : tensor<4x16xf32>
}

// Channels of a pixel by two, in the type of the image; the weights of a row of the window likewise.
// CHECK-LABEL: func.func @convolution(
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<2x3x6x16xbf16>)
// CHECK:         vector.transfer_read {{.*}} vector<2xbf16>
// CHECK:         llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.256"
// CHECK-NOT:     vector.fma
// CHECK:         return
func.func @convolution(%x: tensor<1x5x6x4xbf16>, %w: tensor<3x3x4x16xbf16> {chameleon.constant}, %out: tensor<1x3x4x16xf32>) -> tensor<1x3x4x16xf32> {
  %zero = arith.constant 0.0 : f32
  %fill = linalg.fill ins(%zero : f32) outs(%out : tensor<1x3x4x16xf32>) -> tensor<1x3x4x16xf32>
  %r = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<1x5x6x4xbf16>, tensor<3x3x4x16xbf16>) outs(%fill : tensor<1x3x4x16xf32>) -> tensor<1x3x4x16xf32>
  return %r : tensor<1x3x4x16xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%m: !transform.any_op {transform.readonly}) {
    %one = transform.param.constant 1 : i64 -> !transform.param<i64>
    %two = transform.param.constant 2 : i64 -> !transform.param<i64>
    %four = transform.param.constant 4 : i64 -> !transform.param<i64>
    %eight = transform.param.constant 8 : i64 -> !transform.param<i64>
    %by_two = transform.structured.match attributes {two} in %m : (!transform.any_op) -> !transform.any_op
    transform.chameleon.packed_matmul %by_two lanes = %eight rows = %four columns = %eight steps = %one dot = %two : !transform.any_op
    %matmul = transform.structured.match ops{["linalg.matmul"]} in %m : (!transform.any_op) -> !transform.any_op
    transform.chameleon.packed_matmul %matmul lanes = %eight rows = %four columns = %eight steps = %one dot = %four : !transform.any_op
    %conv = transform.structured.match ops{["linalg.conv_2d_nhwc_hwcf"]} in %m : (!transform.any_op) -> !transform.any_op
    transform.chameleon.direct_convolution %conv lanes = %eight pixels = %four channels = %eight steps = %one dot = %four : !transform.any_op
    transform.yield
  }
}
