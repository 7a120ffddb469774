// RUN: chameleon-opt %s --chameleon-apply="in-process=true" -o %t.mlir 2>&1 | FileCheck %s --check-prefix=REMARKS --allow-empty
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: chameleon-bench %s %t.mlir --samples=3 --threads=2 2>&1 | FileCheck %s --check-prefix=BENCH

// Blocks of output channels that run in parallel, each with its panels of the packed weights, against plain loops.

// REMARKS-NOT:   trying what comes next
// REMARKS-NOT:   left as plain ops
// CHECK-NOT:     linalg.conv
// CHECK:         func.func private @chameleon_task_0(
// CHECK-NOT:     linalg.conv
// CHECK:         scf.forall ({{.*}}) in (2, 3) shared_outs
// CHECK-NOT:     linalg.conv
// CHECK:         func.func private @chameleon_task_1(
// CHECK-NOT:     linalg.conv
// CHECK:         scf.forall ({{.*}}) in (2) shared_outs
// CHECK-NOT:     linalg.conv
// CHECK:         func.func private @chameleon_task_2(
// CHECK-NOT:     linalg.conv
// CHECK:         scf.forall ({{.*}}) in (3) shared_outs
// CHECK-NOT:     linalg.conv
// CHECK:         func.func private @chameleon_task_3(
// CHECK-NOT:     linalg.conv
// CHECK:         scf.forall ({{.*}}) in (2) shared_outs
// CHECK-NOT:     linalg.conv
// CHECK:         func.func private @chameleon_task_4(
// CHECK-NOT:     linalg.conv
// CHECK:         scf.forall ({{.*}}) in (2) shared_outs
// CHECK-NOT:     linalg.conv
// CHECK:         func.func private @chameleon_task_5(
// CHECK-NOT:     linalg.conv
// CHECK:         scf.forall ({{.*}}) in (2) shared_outs
// CHECK-NOT:     linalg.conv
// BENCH:         before {{.*}} [naive]
// BENCH:         outputs agree
#direct = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>, #chameleon.tile<"ob", values = [32]>, #chameleon.vector<"fo", values = [16]>, #chameleon.tile<"rows", values = [3]>]>
#chunks = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["direct"]>, #chameleon.tile<"ob", values = [32]>, #chameleon.vector<"fo", values = [16]>, #chameleon.tile<"chunk", values = [16]>]>
#winograd = #chameleon.space<@cpu_conv_nchw, knobs = [#chameleon.choice<"algorithm", ["winograd"]>, #chameleon.tile<"outputs", values = [4]>, #chameleon.tile<"ob", values = [32]>]>
#hwcf = #chameleon.space<@cpu_conv_nhwc, knobs = [#chameleon.choice<"algorithm", ["direct"]>, #chameleon.tile<"ob", values = [32]>, #chameleon.vector<"fo", values = [32]>]>
#fhwc = #chameleon.space<@cpu_conv_nhwc, knobs = [#chameleon.choice<"algorithm", ["direct"]>, #chameleon.tile<"ob", values = [32]>]>
#points = #chameleon.space<@cpu_conv_nhwc, knobs = [#chameleon.choice<"algorithm", ["winograd"]>, #chameleon.tile<"outputs", values = [2]>, #chameleon.tile<"ob", values = [32]>]>
#nchw = affine_map<(n, f, h, w) -> (n, f, h, w)>
#channel = affine_map<(n, f, h, w) -> (f)>
#last = affine_map<(n, h, w, f) -> (f)>
func.func @main(%x_direct: tensor<1x24x9x7xf32>, %w_direct: tensor<64x24x3x3xf32>, %b_direct: tensor<64xf32>, %x_chunks:
                tensor<1x32x7x7xf32>, %w_chunks: tensor<64x32x1x1xf32>, %x_winograd: tensor<1x32x7x7xf32>, %w_winograd:
                tensor<96x32x3x3xf32>, %b_winograd: tensor<96xf32>, %x_hwcf: tensor<1x9x7x24xf32>, %w_hwcf: tensor<3x3x24x64xf32>, %b_hwcf:
                tensor<64xf32>, %x_fhwc: tensor<1x5x7x24xf32>, %w_fhwc: tensor<64x3x3x24xf32>, %x_points: tensor<1x7x7x32xf32>, %w_points:
                tensor<3x3x32x64xf32>, %b_points: tensor<64xf32>)
    -> (tensor<1x64x9x7xf32>, tensor<1x64x7x7xf32>, tensor<1x96x7x7xf32>, tensor<1x9x7x64xf32>, tensor<1x5x7x64xf32>, tensor<1x7x7x64xf32>)
        {
  %zero = arith.constant 0.0 : f32
  %p_direct = tensor.pad %x_direct low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x24x9x7xf32> to tensor<1x24x11x9xf32>
  %empty_direct = tensor.empty() : tensor<1x64x9x7xf32>
  %fill_direct = linalg.fill ins(%zero : f32) outs(%empty_direct : tensor<1x64x9x7xf32>) -> tensor<1x64x9x7xf32>
  %r_direct = linalg.conv_2d_nchw_fchw {chameleon.space = #direct}
    ins(%p_direct, %w_direct : tensor<1x24x11x9xf32>, tensor<64x24x3x3xf32>) outs(%fill_direct : tensor<1x64x9x7xf32>) -> tensor<1x64x9x7xf32>
  %e_direct = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_direct, %b_direct : tensor<1x64x9x7xf32>, tensor<64xf32>) outs(%empty_direct : tensor<1x64x9x7xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x64x9x7xf32>
  %empty_chunks = tensor.empty() : tensor<1x64x7x7xf32>
  %fill_chunks = linalg.fill ins(%zero : f32) outs(%empty_chunks : tensor<1x64x7x7xf32>) -> tensor<1x64x7x7xf32>
  %r_chunks = linalg.conv_2d_nchw_fchw {chameleon.space = #chunks}
    ins(%x_chunks, %w_chunks : tensor<1x32x7x7xf32>, tensor<64x32x1x1xf32>) outs(%fill_chunks : tensor<1x64x7x7xf32>) -> tensor<1x64x7x7xf32>
  %p_winograd = tensor.pad %x_winograd low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x32x7x7xf32> to tensor<1x32x9x9xf32>
  %empty_winograd = tensor.empty() : tensor<1x96x7x7xf32>
  %fill_winograd = linalg.fill ins(%zero : f32) outs(%empty_winograd : tensor<1x96x7x7xf32>) -> tensor<1x96x7x7xf32>
  %r_winograd = linalg.conv_2d_nchw_fchw {chameleon.space = #winograd}
    ins(%p_winograd, %w_winograd : tensor<1x32x9x9xf32>, tensor<96x32x3x3xf32>) outs(%fill_winograd : tensor<1x96x7x7xf32>) -> tensor<1x96x7x7xf32>
  %e_winograd = linalg.generic {indexing_maps = [#nchw, #channel, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_winograd, %b_winograd : tensor<1x96x7x7xf32>, tensor<96xf32>) outs(%empty_winograd : tensor<1x96x7x7xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x96x7x7xf32>
  %p_hwcf = tensor.pad %x_hwcf low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x9x7x24xf32> to tensor<1x11x9x24xf32>
  %empty_hwcf = tensor.empty() : tensor<1x9x7x64xf32>
  %fill_hwcf = linalg.fill ins(%zero : f32) outs(%empty_hwcf : tensor<1x9x7x64xf32>) -> tensor<1x9x7x64xf32>
  %r_hwcf = linalg.conv_2d_nhwc_hwcf {chameleon.space = #hwcf}
    ins(%p_hwcf, %w_hwcf : tensor<1x11x9x24xf32>, tensor<3x3x24x64xf32>) outs(%fill_hwcf : tensor<1x9x7x64xf32>) -> tensor<1x9x7x64xf32>
  %e_hwcf = linalg.generic {indexing_maps = [#nchw, #last, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_hwcf, %b_hwcf : tensor<1x9x7x64xf32>, tensor<64xf32>) outs(%empty_hwcf : tensor<1x9x7x64xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x9x7x64xf32>
  %p_fhwc = tensor.pad %x_fhwc low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x5x7x24xf32> to tensor<1x7x9x24xf32>
  %empty_fhwc = tensor.empty() : tensor<1x5x7x64xf32>
  %fill_fhwc = linalg.fill ins(%zero : f32) outs(%empty_fhwc : tensor<1x5x7x64xf32>) -> tensor<1x5x7x64xf32>
  %r_fhwc = linalg.conv_2d_nhwc_fhwc {chameleon.space = #fhwc}
    ins(%p_fhwc, %w_fhwc : tensor<1x7x9x24xf32>, tensor<64x3x3x24xf32>) outs(%fill_fhwc : tensor<1x5x7x64xf32>) -> tensor<1x5x7x64xf32>
  %p_points = tensor.pad %x_points low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x7x7x32xf32> to tensor<1x9x9x32xf32>
  %empty_points = tensor.empty() : tensor<1x7x7x64xf32>
  %fill_points = linalg.fill ins(%zero : f32) outs(%empty_points : tensor<1x7x7x64xf32>) -> tensor<1x7x7x64xf32>
  %r_points = linalg.conv_2d_nhwc_hwcf {chameleon.space = #points}
    ins(%p_points, %w_points : tensor<1x9x9x32xf32>, tensor<3x3x32x64xf32>) outs(%fill_points : tensor<1x7x7x64xf32>) -> tensor<1x7x7x64xf32>
  %e_points = linalg.generic {indexing_maps = [#nchw, #last, #nchw], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r_points, %b_points : tensor<1x7x7x64xf32>, tensor<64xf32>) outs(%empty_points : tensor<1x7x7x64xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x7x7x64xf32>
  return %e_direct, %r_chunks, %e_winograd, %e_hwcf, %r_fhwc, %e_points
    : tensor<1x64x9x7xf32>, tensor<1x64x7x7xf32>, tensor<1x96x7x7xf32>, tensor<1x9x7x64xf32>, tensor<1x5x7x64xf32>, tensor<1x7x7x64xf32>
}
