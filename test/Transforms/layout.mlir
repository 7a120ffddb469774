// Which layout the images of a network get before it is tuned.

// RUN: rm -rf %t && mkdir %t && split-file %s %t
// RUN: chameleon-opt %t/depthwise.mlir --auto-tune="layout=channels-last dry-run=true" 2>&1 | FileCheck %s --check-prefix=LAST
// LAST: depthwise_conv_2d_nhwc_hwc
// RUN: chameleon-opt %t/depthwise.mlir --auto-tune="dry-run=true" 2>&1 | FileCheck %s --check-prefix=GIVEN
// GIVEN-NOT: nhwc
// GIVEN:     depthwise_conv_2d_nchw_chw
// GIVEN-NOT: nhwc

// Both are measured, and the result goes on as one of them.
// RUN: chameleon-opt %t/depthwise.mlir --auto-tune="layout=auto budget-seconds=60 budget-measurements=1" -o %t/auto.mlir 2>&1 | FileCheck %s --check-prefix=AUTO
// RUN: chameleon-bench %t/depthwise.mlir %t/auto.mlir --samples=3 2>&1 | FileCheck %s --check-prefix=BENCH
// AUTO:  chameleon: layout as given {{.*}} ms, channels innermost {{.*}} ms, both untuned: takes {{channels innermost|the one given}}
// BENCH: outputs agree

// Too little time to find out.
// RUN: chameleon-opt %t/depthwise.mlir --auto-tune="layout=auto budget-seconds=0.01" -o /dev/null 2>&1 | FileCheck %s --check-prefix=LATE
// LATE: remark: the layout of images stays as given: building the layouts takes too long for the budget

// Nothing to choose: nothing is measured.
// RUN: chameleon-opt %t/matmul.mlir --auto-tune="layout=auto budget-seconds=60 budget-measurements=1" -o /dev/null 2>&1 | FileCheck %s --check-prefix=NONE
// NONE-NOT: layout as given
// NONE:     measured

// RUN: not chameleon-opt %t/matmul.mlir --auto-tune="layout=nhwc" 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: expected layout to be 'given', 'channels-last' or 'auto', but got 'nhwc'
// RUN: not chameleon-opt %t/matmul.mlir --auto-tune="layout=auto dry-run=true" 2>&1 | FileCheck %s --check-prefix=DRY
// DRY: expected layout=given or channels-last, since nothing is measured, but got auto
// RUN: not chameleon-opt %t/matmul.mlir --auto-tune="layout=auto worker-command=x" 2>&1 | FileCheck %s --check-prefix=AWAY
// AWAY: expected layout=given or channels-last with worker-command, but got auto, which measures here
// RUN: not chameleon-opt %t/matmul.mlir --chameleon-normalize --chameleon-outline-tasks --auto-tune="layout=channels-last" 2>&1 | FileCheck %s --check-prefix=TASKS
// TASKS: expected layout=given for a module that has tasks, but got layout=channels-last

//--- depthwise.mlir
func.func @main(%x: tensor<1x32x30x30xf32>, %w: tensor<32x3x3xf32>, %v: tensor<32x32x1x1xf32>) -> tensor<1x32x28x28xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x32x28x28xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x32x28x28xf32>) -> tensor<1x32x28x28xf32>
  %a = linalg.depthwise_conv_2d_nchw_chw ins(%x, %w : tensor<1x32x30x30xf32>, tensor<32x3x3xf32>) outs(%fill : tensor<1x32x28x28xf32>) -> tensor<1x32x28x28xf32>
  %b = linalg.conv_2d_nchw_fchw ins(%a, %v : tensor<1x32x28x28xf32>, tensor<32x32x1x1xf32>) outs(%fill : tensor<1x32x28x28xf32>) -> tensor<1x32x28x28xf32>
  return %b : tensor<1x32x28x28xf32>
}

//--- matmul.mlir
func.func @main(%x: tensor<96x64xf32>, %w: tensor<64x96xf32>) -> tensor<96x96xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<96x96xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%empty : tensor<96x96xf32>) -> tensor<96x96xf32>
  %a = linalg.matmul ins(%x, %w : tensor<96x64xf32>, tensor<64x96xf32>) outs(%fill : tensor<96x96xf32>) -> tensor<96x96xf32>
  return %a : tensor<96x96xf32>
}
