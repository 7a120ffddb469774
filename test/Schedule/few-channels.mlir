// RUN: chameleon-opt %s --chameleon-print-space -o /dev/null 2>&1 | FileCheck %s

// Vectors along the columns where there are few input channels and few products a sum. Seventeen channels are more than the lanes of
// AVX-512, too; 5 x 7 x 7 products are many.

// CHECK:      conv_2d_nchw_fchw oc=24 oh=32 ow=32 ic=3
// CHECK-NEXT: schedule @cpu_conv_few_channels_nchw,
// CHECK:      conv_2d_nchw_fchw oc=24 oh=32 ow=32 ic=17
// CHECK-NEXT: schedule @cpu_conv_nchw,
// CHECK:      conv_2d_nchw_fchw oc=24 oh=34 ow=34 ic=5
// CHECK-NEXT: schedule @cpu_conv_nchw,
func.func @few(%x: tensor<1x3x34x34xf32>, %w: tensor<24x3x3x3xf32>) -> tensor<1x24x32x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x24x32x32xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x24x32x32xf32>) -> tensor<1x24x32x32xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x3x34x34xf32>, tensor<24x3x3x3xf32>) outs(%fill : tensor<1x24x32x32xf32>) -> tensor<1x24x32x32xf32>
  return %r : tensor<1x24x32x32xf32>
}
func.func @more(%x: tensor<1x17x34x34xf32>, %w: tensor<24x17x3x3xf32>) -> tensor<1x24x32x32xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x24x32x32xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x24x32x32xf32>) -> tensor<1x24x32x32xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x17x34x34xf32>, tensor<24x17x3x3xf32>) outs(%fill : tensor<1x24x32x32xf32>) -> tensor<1x24x32x32xf32>
  return %r : tensor<1x24x32x32xf32>
}
func.func @products(%x: tensor<1x5x40x40xf32>, %w: tensor<24x5x7x7xf32>) -> tensor<1x24x34x34xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x24x34x34xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x24x34x34xf32>) -> tensor<1x24x34x34xf32>
  %r = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x5x40x40xf32>, tensor<24x5x7x7xf32>) outs(%fill : tensor<1x24x34x34xf32>) -> tensor<1x24x34x34xf32>
  return %r : tensor<1x24x34x34xf32>
}
