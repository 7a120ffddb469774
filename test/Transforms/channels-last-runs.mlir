// RUN: chameleon-opt %s --chameleon-channels-last -o %t.last.mlir
// RUN: chameleon-opt %t.last.mlir --chameleon-apply="in-process=true" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 2>&1 | FileCheck %s --check-prefix=BENCH

// A network over NHWC images gives what the one over NCHW images does. Init transposes the weights: those of the depthwise convolution are
// handed to main so, the others are packed as well.

// REMARKS:     taken as constant over calls (weights), packed once by @chameleon_init: arguments 1, 2, 4;
// REMARKS-NOT: left
// CHECK:       func.func @chameleon_init(%{{.*}}: tensor<16x8x3x3xf32>, %{{.*}}: tensor<16x3x3xf32>, %{{.*}}: tensor<8x16x1x1xf32>) -> (tensor<{{[^>]*}}>, tensor<{{[^>]*}}>, tensor<3x3x16xf32>)
// CHECK-COUNT-3: linalg.generic {{.*}} ins(%arg{{.*}} {chameleon.constant_pack}
// CHECK:       func.func @chameleon_main(
// CHECK-NOT:   chameleon.constant_pack
// CHECK:       func.func private
// CHECK-NOT:   linalg.conv
// CHECK-NOT:   linalg.depthwise
// BENCH:       before {{.*}} [naive]
// BENCH:       outputs agree
#nchw = affine_map<(n, f, h, w) -> (n, f, h, w)>
#channel = affine_map<(n, f, h, w) -> (f)>
func.func @main(%x: tensor<1x8x9x7xf32>, %w: tensor<16x8x3x3xf32>, %d: tensor<16x3x3xf32>, %bias: tensor<16xf32>, %v: tensor<8x16x1x1xf32>)
    -> tensor<1x8x9x7xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %e: index):
    tensor.yield %zero : f32
  } : tensor<1x8x9x7xf32> to tensor<1x8x11x9xf32>
  %empty = tensor.empty() : tensor<1x16x9x7xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x16x9x7xf32>) -> tensor<1x16x9x7xf32>
  %conv = linalg.conv_2d_nchw_fchw ins(%p, %w : tensor<1x8x11x9xf32>, tensor<16x8x3x3xf32>)
    outs(%fill : tensor<1x16x9x7xf32>) -> tensor<1x16x9x7xf32>
  %biased = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%conv, %bias : tensor<1x16x9x7xf32>, tensor<16xf32>) outs(%empty : tensor<1x16x9x7xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    %r = arith.maximumf %s, %zero : f32
    linalg.yield %r : f32
  } -> tensor<1x16x9x7xf32>
  %q = tensor.pad %biased low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %e: index):
    tensor.yield %zero : f32
  } : tensor<1x16x9x7xf32> to tensor<1x16x11x9xf32>
  %depthwise = linalg.depthwise_conv_2d_nchw_chw ins(%q, %d : tensor<1x16x11x9xf32>, tensor<16x3x3xf32>)
    outs(%fill : tensor<1x16x9x7xf32>) -> tensor<1x16x9x7xf32>
  %small = tensor.empty() : tensor<1x8x9x7xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%small : tensor<1x8x9x7xf32>) -> tensor<1x8x9x7xf32>
  %narrow = linalg.conv_2d_nchw_fchw ins(%depthwise, %v : tensor<1x16x9x7xf32>, tensor<8x16x1x1xf32>)
    outs(%zeros : tensor<1x8x9x7xf32>) -> tensor<1x8x9x7xf32>
  %sum = linalg.generic {indexing_maps = [#nchw, #nchw, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%x, %narrow : tensor<1x8x9x7xf32>, tensor<1x8x9x7xf32>) outs(%small : tensor<1x8x9x7xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x8x9x7xf32>
  return %sum : tensor<1x8x9x7xf32>
}
