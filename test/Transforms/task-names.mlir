// RUN: rm -rf %t && split-file %s %t
// RUN: chameleon-opt %t/convolutions.mlir --auto-tune="dry-run=true constant-args=1,2" -o /dev/null 2>&1 | FileCheck %t/convolutions.mlir
// RUN: chameleon-opt %t/product.mlir --auto-tune="database=%t/tune.db budget-measurements=1 constant-args=none" -o /dev/null
// RUN: chameleon-opt %t/convolutions.mlir --chameleon-lookup="database=%t/tune.db constant-args=1,2" -o /dev/null 2>&1 | FileCheck %t/convolutions.mlir --check-prefix=LOOKUP

// Names are whole where they are listed: `tasks` and `explain` are matched with them. A lookup that misses images with channels first says
// where they may be.

//--- convolutions.mlir
// CHECK: task uses schedule
// CHECK: {{^}}conv_2d_nchw_fchw oc=128 oh=28 ow=28 ic=128 kh=3 kw=3 {{\[[0-9a-f]+\]}} 1 cpu_conv_nchw
// CHECK: {{^}}conv_2d_nchw_fchw oc=128 oh=28 ow=28 ic=128 kh=3 kw=3 {{\[[0-9a-f]+\]}} 1 cpu_conv_nchw
// LOOKUP: remark: task @chameleon_task_0 (conv_2d_nchw_fchw {{.*}}) is not in
// LOOKUP: remark: what was tuned with layout=auto may be known with channels innermost: say --chameleon-channels-last before
func.func @main(%x: tensor<1x128x30x30xf32>, %w: tensor<128x128x3x3xf32>, %v: tensor<128x128x3x3xf32>) -> (tensor<1x128x28x28xf32>, tensor<1x128x28x28xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x128x28x28xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x128x28x28xf32>) -> tensor<1x128x28x28xf32>
  %a = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x128x30x30xf32>, tensor<128x128x3x3xf32>) outs(%f : tensor<1x128x28x28xf32>) -> tensor<1x128x28x28xf32>
  %b = linalg.conv_2d_nchw_fchw ins(%x, %v : tensor<1x128x30x30xf32>, tensor<128x128x3x3xf32>) outs(%f : tensor<1x128x28x28xf32>) -> tensor<1x128x28x28xf32>
  %tanh = linalg.tanh ins(%b : tensor<1x128x28x28xf32>) outs(%e : tensor<1x128x28x28xf32>) -> tensor<1x128x28x28xf32>
  return %a, %tanh : tensor<1x128x28x28xf32>, tensor<1x128x28x28xf32>
}

//--- product.mlir
func.func @main(%x: tensor<16x32xf32>, %w: tensor<32x48xf32>) -> tensor<16x48xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16x48xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<16x48xf32>) -> tensor<16x48xf32>
  %r = linalg.matmul ins(%x, %w : tensor<16x32xf32>, tensor<32x48xf32>) outs(%f : tensor<16x48xf32>) -> tensor<16x48xf32>
  return %r : tensor<16x48xf32>
}
