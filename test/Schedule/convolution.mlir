// RUN: chameleon-opt %s --chameleon-apply="in-process=true" | FileCheck %s
// RUN: chameleon-opt %s --chameleon-apply="in-process=true" | chameleon-opt --chameleon-lower-to-llvm -o /dev/null

// Weights are packed apart; pads are lowered; a tile of pixels by channels is summed up in vector registers over the rows of
// the window that lie in the image, and over its columns and channels in one loop, and its epilogue runs where it is stored:
// nothing is left as a linalg op. How many pixels and vectors a tile has depends on the registers.

// CHECK-LABEL: func.func private @chameleon_task_0_init(
// CHECK:         linalg.generic {{.*}}chameleon.constant_pack
// CHECK-LABEL: func.func private @chameleon_task_0(
// CHECK-SAME:    %{{.*}}: tensor<1x8x7x7xf32>, %[[W:[a-z0-9]+]]: tensor<{{.*}}> {chameleon.constant}, %[[BIAS:[a-z0-9]+]]: tensor<24xf32>
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     linalg.
// CHECK:         %[[X:.*]] = scf.for {{.*}} -> (tensor<9x{{[0-9]+}}xf32>)
// CHECK:         %{{.*}}:{{[0-9]+}} = scf.for {{.*}} -> (vector<[[LANES:[0-9]+]]xf32>, vector<[[LANES]]xf32>,
// CHECK:           %{{.*}}:{{[0-9]+}} = scf.for %{{.*}} = %c0 to %c24 step %c4 {{.*}} -> (vector<[[LANES]]xf32>, vector<[[LANES]]xf32>,
// CHECK-NOT:         scf.for
// CHECK:             vector.transfer_read %[[W]]
// CHECK:             tensor.extract %[[X]]
// CHECK:             vector.fma {{.*}} vector<[[LANES]]xf32>
// CHECK-NOT:     linalg.
// CHECK:         tensor.extract %[[BIAS]]
// CHECK:         arith.addf {{.*}} vector<[[LANES]]xf32>
// CHECK:         vector.transfer_write {{.*}} tensor<1x24x7x7xf32>
// CHECK-NOT:     linalg.
// CHECK:         return
func.func @nchw(%x: tensor<1x8x7x7xf32>, %w: tensor<24x8x3x3xf32>, %bias: tensor<24xf32>) -> tensor<1x24x7x7xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x8x7x7xf32> to tensor<1x8x9x9xf32>
  %empty = tensor.empty() : tensor<1x24x7x7xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x24x7x7xf32>) -> tensor<1x24x7x7xf32>
  %r = linalg.conv_2d_nchw_fchw {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%p, %w : tensor<1x8x9x9xf32>, tensor<24x8x3x3xf32>) outs(%fill : tensor<1x24x7x7xf32>) -> tensor<1x24x7x7xf32>
  %e = linalg.generic {indexing_maps = [affine_map<(n, f, h, w) -> (n, f, h, w)>, affine_map<(n, f, h, w) -> (f)>, affine_map<(n, f, h, w) -> (n, f, h, w)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%r, %bias : tensor<1x24x7x7xf32>, tensor<24xf32>) outs(%empty : tensor<1x24x7x7xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  } -> tensor<1x24x7x7xf32>
  return %e : tensor<1x24x7x7xf32>
}

// NHWC: the same tile without a transposition, of an image that is read where it is.
// CHECK-LABEL: func.func private @chameleon_task_1(
// CHECK-SAME:    %[[IMAGE:[a-z0-9]+]]: tensor<1x9x9x8xf32>
// CHECK-NOT:     linalg.
// CHECK:         %[[X:.*]] = tensor.extract_slice %[[IMAGE]]
// CHECK:         tensor.extract %[[X]]
// CHECK:         vector.fma
// CHECK-NOT:     vector.shuffle
// CHECK-NOT:     linalg.
// CHECK:         return
func.func @nhwc(%x: tensor<1x9x9x8xf32>, %w: tensor<3x3x8x32xf32>) -> tensor<1x7x7x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x7x7x32xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x7x7x32xf32>) -> tensor<1x7x7x32xf32>
  %r = linalg.conv_2d_nhwc_hwcf {strides = dense<1> : tensor<2xi64>, dilations = dense<1> : tensor<2xi64>}
    ins(%x, %w : tensor<1x9x9x8xf32>, tensor<3x3x8x32xf32>) outs(%fill : tensor<1x7x7x32xf32>) -> tensor<1x7x7x32xf32>
  return %r : tensor<1x7x7x32xf32>
}
