// RUN: chameleon-opt %s | chameleon-opt | FileCheck %s

// CHECK-LABEL: func.func @configured
// CHECK: chameleon.config = #chameleon.config<@cpu_contraction, {mc = 64, nr = 32, order = "nmk"}>
// CHECK-SAME: chameleon.measured = #chameleon.measured<median_ns = 8912345, mad_ns = 4021, samples = 12, target = "znver4/avx512">
func.func @configured(%a: tensor<4x4xf32>, %b: tensor<4x4xf32>, %c: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = linalg.matmul {chameleon.config = #chameleon.config<@cpu_contraction, {mc = 64, nr = 32, order = "nmk"}>,
                      chameleon.measured = #chameleon.measured<median_ns = 8912345, mad_ns = 4021, samples = 12, target = "znver4/avx512">}
    ins(%a, %b : tensor<4x4xf32>, tensor<4x4xf32>) outs(%c : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %0 : tensor<4x4xf32>
}

// CHECK-LABEL: func.func @narrowed(
// CHECK-SAME: {chameleon.constant}
// CHECK: chameleon.root
// CHECK-SAME: chameleon.space = #chameleon.space<@cpu_contraction, knobs = [#chameleon.tile<"mc", dim = "m", values = [32, 64]>, #chameleon.vector<"nr", dim = "n", values = [16, 32]>, #chameleon.unroll<"kr", dim = "k", max = 4>, #chameleon.choice<"order", ["mnk", "nmk"]>]>
func.func @narrowed(%a: tensor<4x4xf32>, %b: tensor<4x4xf32> {chameleon.constant}, %c: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = linalg.matmul {chameleon.root, chameleon.space = #chameleon.space<@cpu_contraction, knobs = [
      #chameleon.tile<"mc", dim = "m", values = [32, 64]>, #chameleon.vector<"nr", dim = "n", values = [16, 32]>,
      #chameleon.unroll<"kr", dim = "k", max = 4>, #chameleon.choice<"order", ["mnk", "nmk"]>]>}
    ins(%a, %b : tensor<4x4xf32>, tensor<4x4xf32>) outs(%c : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %0 : tensor<4x4xf32>
}

// Domains and facts in a schedule.
// CHECK-LABEL: func.func @domains
// CHECK-SAME: a = #chameleon.tile<dim = "ow", multiple_of = 2, min = 4, max = 14, prefer = 8, partial>
// CHECK-SAME: b = #chameleon.vector<values = [1, 2, 4]>
// CHECK-SAME: c = #chameleon.unroll<dim = "k">
// CHECK-SAME: d = #chameleon.choice<["chw", "hwc"], prefer = "hwc">
// CHECK-SAME: e = #chameleon.fact<"extent(ow)">
// CHECK-SAME: f = #chameleon.fact<"transposed_input">
// CHECK-SAME: g = #chameleon.fact<"stride(oh)">, h = #chameleon.fact<"dilation(kw)">, i = #chameleon.fact<"numerics">
// CHECK-SAME: j = #chameleon.fact<"threads">
func.func @domains() attributes {
    a = #chameleon.tile<dim = "ow", multiple_of = 2, min = 4, max = 14, prefer = 8, partial>,
    b = #chameleon.vector<values = [1, 2, 4]>, c = #chameleon.unroll<dim = "k">,
    d = #chameleon.choice<["chw", "hwc"], prefer = "hwc">, e = #chameleon.fact<"extent(ow)">, f = #chameleon.fact<"transposed_input">,
    g = #chameleon.fact<"stride(oh)">, h = #chameleon.fact<"dilation(kw)">, i = #chameleon.fact<"numerics">,
    j = #chameleon.fact<"threads">} {
  return
}
