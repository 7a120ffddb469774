// Dense 2-D convolutions with constant weights, NCHW/FCHW, NHWC/HWCF and NHWC/FHWC, and depthwise ones, NHWC/HWC.
//
// Dense ones in three ways, each one op of ours that runs per block of rows and output channels: the direct sum (transform.chameleon.direct_convolution; any
// window, stride and dilation), Winograd's algorithm (transform.chameleon.winograd; 3x3 windows of stride 1), and the direct sum
// for few input channels (transform.chameleon.planar_convolution). All take padding and epilogue along, and weights that are packed or
// transformed once, which moves to @chameleon_init.
!any = !transform.any_op
!i64 = !transform.param<i64>

module attributes {transform.with_named_sequence} {

// Blocks of output channels and rows, which may run in parallel, with the convolution and what it starts from in them.
transform.named_sequence @by_blocks_nchw(%f: !any {transform.readonly}, %channels: !i64 {transform.readonly}, %rows: !i64 {transform.readonly}) {
  %ret = transform.structured.match ops{["func.return"]} in %f : (!any) -> !any
  %last = transform.get_producer_of_operand %ret[0] : (!any) -> !any
  %before = transform.chameleon.producers of %last named "linalg.conv_2d_nchw_fchw" : (!any) -> !any
  %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
  %fill = transform.chameleon.producers of %root named "linalg.fill" : (!any) -> !any
  %tile, %loop = transform.structured.tile_using_forall %last tile_sizes [1, %channels, %rows, 0] : (!any, !i64, !i64) -> (!any, !any)
  %fused, %x0 = transform.structured.fuse_into_containing_op %before into %loop : (!any, !any) -> (!any, !any)
  %zeros, %x1 = transform.structured.fuse_into_containing_op %fill into %x0 : (!any, !any) -> (!any, !any)
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
  transform.yield
}

transform.named_sequence @cpu_conv_nchw(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["linalg.conv_2d_nchw_fchw"], chameleon.benefit = 10 : i64} {
  %algorithm = transform.tune.knob<"algorithm"> options = #chameleon.choice<["direct", "winograd"], prefer = "winograd"> -> !i64
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.fact<"lanes"> -> !i64
  %constant = transform.tune.knob<"constant"> options = #chameleon.fact<"constant(1)"> -> !i64
  %regs = transform.tune.knob<"registers"> options = #chameleon.fact<"registers"> -> !i64
  %dot = transform.tune.knob<"dot"> options = #chameleon.fact<"dot"> -> !i64
  %oh = transform.tune.knob<"oh"> options = #chameleon.fact<"extent(oh)"> -> !i64
  %ow = transform.tune.knob<"ow"> options = #chameleon.fact<"extent(ow)"> -> !i64
  %kh = transform.tune.knob<"kh"> options = #chameleon.fact<"extent(kh)"> -> !i64
  %kw = transform.tune.knob<"kw"> options = #chameleon.fact<"extent(kw)"> -> !i64
  transform.chameleon.require %constant {
    set = affine_set<()[constant] : (constant - 1 == 0)>, message = "the weights must be constant"}
  %threads = transform.tune.knob<"threads"> options = #chameleon.fact<"threads"> -> !i64
  %oc = transform.tune.knob<"oc"> options = #chameleon.fact<"extent(oc)"> -> !i64
  // Blocks of output channels, each with its copy of the image: more to run in parallel where the rows are few.
  %ob = transform.tune.knob<"ob"> options = #chameleon.tile<dim = "oc", values = [32, 64, 128, 256, 1048576], prefer = 1048576> -> !i64
  transform.chameleon.require %threads, %ob, %oc {
    set = affine_set<()[threads, ob, oc] : ((oc - ob) * (1 floordiv threads) == 0)>,
    message = "blocks of output channels are for several threads"}
  transform.tune.alternatives<"algorithm"> {
    // Sums of owt pixels of a row by fo output channels stay in registers. Rows come in blocks, each with its copy of the image.
    %fo = transform.tune.knob<"fo"> options = #chameleon.vector<dim = "oc", values = [1, 2, 3, 4], prefer = 2, partial> -> !i64
    %owt = transform.tune.knob<"owt"> options = #chameleon.tile<dim = "ow", values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 20, 24, 28], prefer = 9, partial> -> !i64
    %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "oh", prefer = 14> -> !i64
    %unroll = transform.tune.knob<"unroll"> options = #chameleon.tile<dim = "ic", values = [1, 2, 4, 8], prefer = 4, partial> -> !i64
    %chunk = transform.tune.knob<"chunk"> options = #chameleon.tile<dim = "ic", values = [16, 32, 64, 128, 1048576], prefer = 1048576> -> !i64
    transform.chameleon.require %fo, %ob, %oc {
      set = affine_set<()[fo, ob, oc] : ((ob mod fo) * (oc - ob) == 0)>,
      message = "the output channels of a tile must divide those of a block, if there are several"}
    transform.chameleon.require %fo, %owt, %lanes, %regs {
      set = affine_set<()[fo, owt, lanes, regs] : (regs - 1 - ((owt + 1) * fo) floordiv lanes >= 0)>,
      message = "sums, weights and one input must fit the vector registers"}
    transform.chameleon.require %fo, %owt, %lanes, %ow {
      set = affine_set<()[fo, owt, lanes, ow] : ((owt * fo) floordiv lanes + 8 * (owt floordiv ow) - 8 >= 0)>,
      message = "fewer than eight sums cannot hide the latency of an addition"}
    // Of a row; of all rows where the window is one pixel and a row has one or two blocks (nearly always: not with padding).
    transform.chameleon.require %owt, %ow, %rows, %kh, %kw {
      set = affine_set<()[owt, ow, rows, kh, kw] :
        ((ow * (1 + (rows - 1) * (1 floordiv (kh * kw)) * ((2 * owt - 1) floordiv ow))) ceildiv
         ((ow * (1 + (rows - 1) * (1 floordiv (kh * kw)) * ((2 * owt - 1) floordiv ow))) ceildiv owt) - owt == 0)>,
      message = "blocks of pixels are made even: this one runs as a smaller one"}

    transform.include @by_blocks_nchw failures(propagate) (%f, %ob, %rows) : (!any, !i64, !i64) -> ()
    %direct = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %f : (!any) -> !any
    transform.chameleon.direct_convolution %direct lanes = %lanes pixels = %owt channels = %fo steps = %unroll chunk = %chunk dot = %dot : !any
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
    transform.apply_cse to %f : !any
  }, {
    // F(m x m, 3 x 3) with m = outputs, block by block of rows. Of the matrix products at each point, mr tiles by nr output
    // channels stay in registers.
    %block_rows = transform.tune.knob<"block"> options = #chameleon.tile<dim = "oh", prefer = 8> -> !i64
    %mr = transform.tune.knob<"mr"> options = #chameleon.tile<values = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], prefer = 6> -> !i64
    %nr = transform.tune.knob<"nr"> options = #chameleon.vector<dim = "oc", values = [1, 2, 3, 4], prefer = 2> -> !i64
    %steps = transform.tune.knob<"steps"> options = #chameleon.tile<values = [1, 2, 4]> -> !i64
    // Input channels whose weights are transformed at a time, by the call; all of them: once, before it.
    %weights_chunk = transform.tune.knob<"weights_chunk"> options = #chameleon.tile<dim = "ic", values = [16, 32, 64, 128, 1048576], prefer = 1048576> -> !i64
    // Last: a default that a rule forbids steps along the others first, and stays with the most exact form.
    %outputs = transform.tune.knob<"outputs"> options = #chameleon.tile<values = [2, 4, 6]> -> !i64
    %numerics = transform.tune.knob<"numerics"> options = #chameleon.fact<"numerics"> -> !i64
    %ic = transform.tune.knob<"ic"> options = #chameleon.fact<"extent(ic)"> -> !i64
    %l2 = transform.tune.knob<"l2"> options = #chameleon.fact<"l2"> -> !i64
    %bits = transform.tune.knob<"float_bits"> options = #chameleon.fact<"float_bits"> -> !i64
    %sh = transform.tune.knob<"sh"> options = #chameleon.fact<"stride(oh)"> -> !i64
    %sw = transform.tune.knob<"sw"> options = #chameleon.fact<"stride(ow)"> -> !i64
    %dh = transform.tune.knob<"dh"> options = #chameleon.fact<"dilation(kh)"> -> !i64
    %dw = transform.tune.knob<"dw"> options = #chameleon.fact<"dilation(kw)"> -> !i64
    transform.chameleon.require %kh, %kw, %sh, %sw, %dh, %dw {
      set = affine_set<()[kh, kw, sh, sw, dh, dw] : (kh - 3 == 0, kw - 3 == 0, sh - 1 == 0, sw - 1 == 0, dh - 1 == 0, dw - 1 == 0)>,
      message = "Winograd's algorithm is for 3x3 windows of stride 1"}
    transform.chameleon.require %bits {
      set = affine_set<()[bits] : (bits - 32 >= 0)>, message = "Winograd's algorithm needs the precision of f32"}
    transform.chameleon.require %ic, %lanes {
      set = affine_set<()[ic, lanes] : (ic mod lanes == 0, ic - 2 * lanes >= 0)>,
      message = "the input channels must fill vector registers, two or more"}
    transform.chameleon.require %numerics {
      set = affine_set<()[numerics] : (numerics - 1 >= 0)>,
      message = "numerics=strict allows another order of the same additions, no other algorithm"}
    transform.chameleon.require %outputs, %numerics {
      set = affine_set<()[outputs, numerics] : (4 * numerics - 2 - outputs >= 0)>,
      message = "tiles of more than two outputs lose digits: they need numerics=fast"}
    transform.chameleon.require %outputs, %block_rows, %oh {
      set = affine_set<()[outputs, block, oh] : ((block mod outputs) * (oh - block) == 0)>,
      message = "a block must hold whole tiles, or all rows"}
    // Not where a block is one row of tiles, or all rows: then one of the two divisions by 10001 gives 0, and both 1 otherwise.
    transform.chameleon.require %outputs, %block_rows, %oh, %ow, %ic, %oc, %l2 {
      set = affine_set<()[outputs, block, oh, ow, ic, oc, l2] : (3 * l2 - ((block + 10000) floordiv (outputs + 10001))
                          * ((oh - block + 10000) floordiv 10001) * (outputs + 2) * (outputs + 2)
                          * (block ceildiv outputs) * (ow ceildiv outputs) * (4 * ic + 4 * oc) >= 0)>,
      message = "several rows of transformed tiles may fill the second cache three times, not more"}
    transform.chameleon.require %mr, %nr, %lanes, %regs {
      set = affine_set<()[mr, nr, lanes, regs] : (regs - 1 - ((mr + 1) * nr) floordiv lanes >= 0)>,
      message = "sums, weights and one input must fit the vector registers"}
    transform.chameleon.require %mr, %nr, %lanes {
      set = affine_set<()[mr, nr, lanes] : ((mr * nr) floordiv lanes - 7 >= 0)>,
      message = "fewer than seven sums cannot hide the latency of an addition"}
    transform.chameleon.require %mr, %outputs, %block_rows, %ow {
      set = affine_set<()[mr, outputs, block, ow] : ((mr - 4) * (((block ceildiv outputs) * (ow ceildiv outputs)) ceildiv
                          (((block ceildiv outputs) * (ow ceildiv outputs)) ceildiv mr) - mr) >= 0)>,
      message = "blocks of tiles are made even: this one runs as a smaller one"}
    transform.chameleon.require %nr, %ob {
      set = affine_set<()[nr, ob] : (ob mod nr == 0)>, message = "the output channels of a tile must divide those of a block"}
    transform.chameleon.require %ic, %steps {
      set = affine_set<()[ic, steps] : (ic mod steps == 0)>, message = "the steps must divide the input channels"}
    transform.chameleon.require %weights_chunk, %ic, %block_rows, %oh {
      set = affine_set<()[weights_chunk, ic, block, oh] : ((ic - weights_chunk) * (oh - block) == 0)>,
      message = "each block of rows would transform the weights for itself"}

    transform.include @by_blocks_nchw failures(propagate) (%f, %ob, %block_rows) : (!any, !i64, !i64) -> ()
    %conv = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %f : (!any) -> !any
    transform.chameleon.winograd %conv outputs = %outputs lanes = %lanes rows = %mr columns = %nr steps = %steps chunk = %weights_chunk : !any
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
    transform.apply_cse to %f : !any
  }
  transform.yield
}

// Few input channels, in rows that fill vectors: vectors lie along the columns, so that nothing is transposed. Where many products make a
// sum, the schedule above is as fast or faster: measured were 27 products (1.4 times as fast as that), 147 (1.1) and 363 (0.93).
transform.named_sequence @cpu_conv_few_channels_nchw(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["linalg.conv_2d_nchw_fchw"], chameleon.benefit = 11 : i64} {
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.fact<"lanes"> -> !i64
  %constant = transform.tune.knob<"constant"> options = #chameleon.fact<"constant(1)"> -> !i64
  %regs = transform.tune.knob<"registers"> options = #chameleon.fact<"registers"> -> !i64
  %ic = transform.tune.knob<"ic"> options = #chameleon.fact<"extent(ic)"> -> !i64
  %kh = transform.tune.knob<"kh"> options = #chameleon.fact<"extent(kh)"> -> !i64
  %kw = transform.tune.knob<"kw"> options = #chameleon.fact<"extent(kw)"> -> !i64
  %oc = transform.tune.knob<"oc"> options = #chameleon.fact<"extent(oc)"> -> !i64
  %ow = transform.tune.knob<"ow"> options = #chameleon.fact<"extent(ow)"> -> !i64
  %sw = transform.tune.knob<"sw"> options = #chameleon.fact<"stride(ow)"> -> !i64
  transform.chameleon.require %constant {
    set = affine_set<()[constant] : (constant - 1 == 0)>, message = "the weights must be constant"}
  transform.chameleon.require %ic, %kh, %kw, %lanes {
    set = affine_set<()[ic, kh, kw, lanes] : (lanes - ic >= 0, 200 - ic * kh * kw >= 0)>,
    message = "at most as many input channels as lanes, and at most 200 products a sum"}
  transform.chameleon.require %ow, %lanes {
    set = affine_set<()[ow, lanes] : (ow - lanes >= 0)>, message = "the rows must fill a vector register"}
  transform.chameleon.require %sw, %lanes {
    set = affine_set<()[sw, lanes] : ((sw - 1) * (sw - 2) * (sw - 4) == 0, lanes - sw >= 0)>,
    message = "columns are picked by strides of 1, 2 or 4"}
  // Sums of owt pixels of a row by mr output channels stay in registers. Rows come in blocks, each with its copy of the image.
  %owt = transform.tune.knob<"owt"> options = #chameleon.vector<dim = "ow", values = [1, 2, 3, 4], prefer = 4, partial> -> !i64
  %mr = transform.tune.knob<"mr"> options = #chameleon.tile<dim = "oc", values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], prefer = 6, partial> -> !i64
  %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "oh", prefer = 14> -> !i64
  %unroll = transform.tune.knob<"unroll"> options = #chameleon.tile<dim = "ic", values = [1, 2, 4, 8], prefer = 1, partial> -> !i64
  transform.chameleon.require %mr, %owt, %lanes, %regs {
    set = affine_set<()[mr, owt, lanes, regs] : (regs - 1 - ((mr + 1) * owt) floordiv lanes >= 0)>,
    message = "sums, pixels and one weight must fit the vector registers"}
  transform.chameleon.require %mr, %owt, %lanes, %oc {
    set = affine_set<()[mr, owt, lanes, oc] : ((mr * owt) floordiv lanes + 8 * (mr floordiv oc) - 8 >= 0)>,
    message = "fewer than eight sums cannot hide the latency of an addition"}
  transform.chameleon.require %mr, %oc {
    set = affine_set<()[mr, oc] : (oc ceildiv (oc ceildiv mr) - mr == 0)>,
    message = "blocks of channels are made even: this one runs as a smaller one"}
  transform.chameleon.require %owt, %ow, %lanes {
    set = affine_set<()[owt, ow, lanes] : (lanes * ((ow ceildiv lanes) ceildiv ((ow ceildiv lanes) ceildiv (owt floordiv lanes))) - owt == 0)>,
    message = "blocks of pixels are made even: this one runs as a smaller one"}

  transform.include @by_blocks_nchw failures(propagate) (%f, %oc, %rows) : (!any, !i64, !i64) -> ()
  %conv = transform.structured.match ops{["linalg.conv_2d_nchw_fchw"]} in %f : (!any) -> !any
  transform.chameleon.planar_convolution %conv lanes = %lanes pixels = %owt channels = %mr steps = %unroll : !any
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
  transform.apply_cse to %f : !any
  transform.yield
}

// Blocks of output channels and rows, which may run in parallel, with the convolution and what it starts from in them.
transform.named_sequence @by_blocks_nhwc(%f: !any {transform.readonly}, %channels: !i64 {transform.readonly}, %rows: !i64 {transform.readonly}) {
  %ret = transform.structured.match ops{["func.return"]} in %f : (!any) -> !any
  %last = transform.get_producer_of_operand %ret[0] : (!any) -> !any
  %hwcf = transform.chameleon.producers of %last named "linalg.conv_2d_nhwc_hwcf" : (!any) -> !any
  %fhwc = transform.chameleon.producers of %last named "linalg.conv_2d_nhwc_fhwc" : (!any) -> !any
  %before = transform.merge_handles %hwcf, %fhwc : !any
  %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
  %fill = transform.chameleon.producers of %root named "linalg.fill" : (!any) -> !any
  %tile, %loop = transform.structured.tile_using_forall %last tile_sizes [1, %rows, 0, %channels] : (!any, !i64, !i64) -> (!any, !any)
  %fused, %x0 = transform.structured.fuse_into_containing_op %before into %loop : (!any, !any) -> (!any, !any)
  %zeros, %x1 = transform.structured.fuse_into_containing_op %fill into %x0 : (!any, !any) -> (!any, !any)
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
  transform.yield
}

transform.named_sequence @cpu_conv_nhwc(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["linalg.conv_2d_nhwc_hwcf", "linalg.conv_2d_nhwc_fhwc"], chameleon.benefit = 10 : i64} {
  %algorithm = transform.tune.knob<"algorithm"> options = #chameleon.choice<["direct", "winograd"], prefer = "winograd"> -> !i64
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.fact<"lanes"> -> !i64
  %constant = transform.tune.knob<"constant"> options = #chameleon.fact<"constant(1)"> -> !i64
  %regs = transform.tune.knob<"registers"> options = #chameleon.fact<"registers"> -> !i64
  %dot = transform.tune.knob<"dot"> options = #chameleon.fact<"dot"> -> !i64
  %oh = transform.tune.knob<"oh"> options = #chameleon.fact<"extent(oh)"> -> !i64
  %ow = transform.tune.knob<"ow"> options = #chameleon.fact<"extent(ow)"> -> !i64
  transform.chameleon.require %constant {
    set = affine_set<()[constant] : (constant - 1 == 0)>, message = "the weights must be constant"}
  %threads = transform.tune.knob<"threads"> options = #chameleon.fact<"threads"> -> !i64
  %oc = transform.tune.knob<"oc"> options = #chameleon.fact<"extent(oc)"> -> !i64
  // Blocks of output channels, each with its copy of the image: more to run in parallel where the rows are few.
  %ob = transform.tune.knob<"ob"> options = #chameleon.tile<dim = "oc", values = [32, 64, 128, 256, 1048576], prefer = 1048576> -> !i64
  transform.chameleon.require %threads, %ob, %oc {
    set = affine_set<()[threads, ob, oc] : ((oc - ob) * (1 floordiv threads) == 0)>,
    message = "blocks of output channels are for several threads"}
  transform.tune.alternatives<"algorithm"> {
    // Sums of owt pixels of a row by fo output channels stay in registers. Rows come in blocks, each with its copy of the image.
    %fo = transform.tune.knob<"fo"> options = #chameleon.vector<dim = "oc", values = [1, 2, 3, 4], prefer = 2, partial> -> !i64
    %owt = transform.tune.knob<"owt"> options = #chameleon.tile<dim = "ow", values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 20, 24, 28], prefer = 9, partial> -> !i64
    %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "oh", prefer = 14> -> !i64
    %unroll = transform.tune.knob<"unroll"> options = #chameleon.tile<dim = "ic", values = [1, 2, 4, 8], prefer = 4, partial> -> !i64
    %chunk = transform.tune.knob<"chunk"> options = #chameleon.tile<dim = "ic", values = [16, 32, 64, 128, 1048576], prefer = 1048576> -> !i64
    transform.chameleon.require %fo, %ob, %oc {
      set = affine_set<()[fo, ob, oc] : ((ob mod fo) * (oc - ob) == 0)>,
      message = "the output channels of a tile must divide those of a block, if there are several"}
    transform.chameleon.require %fo, %owt, %lanes, %regs {
      set = affine_set<()[fo, owt, lanes, regs] : (regs - 1 - ((owt + 1) * fo) floordiv lanes >= 0)>,
      message = "sums, weights and one input must fit the vector registers"}
    transform.chameleon.require %fo, %owt, %lanes, %ow {
      set = affine_set<()[fo, owt, lanes, ow] : ((owt * fo) floordiv lanes + 8 * (owt floordiv ow) - 8 >= 0)>,
      message = "fewer than eight sums cannot hide the latency of an addition"}
    transform.chameleon.require %owt, %ow {
      set = affine_set<()[owt, ow] : (ow ceildiv (ow ceildiv owt) - owt == 0)>,
      message = "blocks of pixels are made even: this one runs as a smaller one"}

    transform.include @by_blocks_nhwc failures(propagate) (%f, %ob, %rows) : (!any, !i64, !i64) -> ()
    %direct = transform.structured.match ops{["linalg.conv_2d_nhwc_hwcf", "linalg.conv_2d_nhwc_fhwc"]} in %f : (!any) -> !any
    transform.chameleon.direct_convolution %direct lanes = %lanes pixels = %owt channels = %fo steps = %unroll chunk = %chunk dot = %dot : !any
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
    transform.apply_cse to %f : !any
  }, {
    // As for NCHW.
    %block_rows = transform.tune.knob<"block"> options = #chameleon.tile<dim = "oh", prefer = 8> -> !i64
    %mr = transform.tune.knob<"mr"> options = #chameleon.tile<values = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], prefer = 6> -> !i64
    %nr = transform.tune.knob<"nr"> options = #chameleon.vector<dim = "oc", values = [1, 2, 3, 4], prefer = 2> -> !i64
    %steps = transform.tune.knob<"steps"> options = #chameleon.tile<values = [1, 2, 4]> -> !i64
    // Input channels whose weights are transformed at a time, by the call; all of them: once, before it.
    %weights_chunk = transform.tune.knob<"weights_chunk"> options = #chameleon.tile<dim = "ic", values = [16, 32, 64, 128, 1048576], prefer = 1048576> -> !i64
    // Last: a default that a rule forbids steps along the others first, and stays with the most exact form.
    %outputs = transform.tune.knob<"outputs"> options = #chameleon.tile<values = [2, 4, 6]> -> !i64
    %numerics = transform.tune.knob<"numerics"> options = #chameleon.fact<"numerics"> -> !i64
    %ic = transform.tune.knob<"ic"> options = #chameleon.fact<"extent(ic)"> -> !i64
    %l2 = transform.tune.knob<"l2"> options = #chameleon.fact<"l2"> -> !i64
    %bits = transform.tune.knob<"float_bits"> options = #chameleon.fact<"float_bits"> -> !i64
    %kh = transform.tune.knob<"kh"> options = #chameleon.fact<"extent(kh)"> -> !i64
    %kw = transform.tune.knob<"kw"> options = #chameleon.fact<"extent(kw)"> -> !i64
    %sh = transform.tune.knob<"sh"> options = #chameleon.fact<"stride(oh)"> -> !i64
    %sw = transform.tune.knob<"sw"> options = #chameleon.fact<"stride(ow)"> -> !i64
    %dh = transform.tune.knob<"dh"> options = #chameleon.fact<"dilation(kh)"> -> !i64
    %dw = transform.tune.knob<"dw"> options = #chameleon.fact<"dilation(kw)"> -> !i64
    transform.chameleon.require %kh, %kw, %sh, %sw, %dh, %dw {
      set = affine_set<()[kh, kw, sh, sw, dh, dw] : (kh - 3 == 0, kw - 3 == 0, sh - 1 == 0, sw - 1 == 0, dh - 1 == 0, dw - 1 == 0)>,
      message = "Winograd's algorithm is for 3x3 windows of stride 1"}
    transform.chameleon.require %bits {
      set = affine_set<()[bits] : (bits - 32 >= 0)>, message = "Winograd's algorithm needs the precision of f32"}
    transform.chameleon.require %ic, %lanes {
      set = affine_set<()[ic, lanes] : (ic mod lanes == 0, ic - 2 * lanes >= 0)>,
      message = "the input channels must fill vector registers, two or more"}
    transform.chameleon.require %numerics {
      set = affine_set<()[numerics] : (numerics - 1 >= 0)>,
      message = "numerics=strict allows another order of the same additions, no other algorithm"}
    transform.chameleon.require %outputs, %numerics {
      set = affine_set<()[outputs, numerics] : (4 * numerics - 2 - outputs >= 0)>,
      message = "tiles of more than two outputs lose digits: they need numerics=fast"}
    transform.chameleon.require %outputs, %block_rows, %oh {
      set = affine_set<()[outputs, block, oh] : ((block mod outputs) * (oh - block) == 0)>,
      message = "a block must hold whole tiles, or all rows"}
    // Not where a block is one row of tiles, or all rows: then one of the two divisions by 10001 gives 0, and both 1 otherwise.
    transform.chameleon.require %outputs, %block_rows, %oh, %ow, %ic, %oc, %l2 {
      set = affine_set<()[outputs, block, oh, ow, ic, oc, l2] : (3 * l2 - ((block + 10000) floordiv (outputs + 10001))
                          * ((oh - block + 10000) floordiv 10001) * (outputs + 2) * (outputs + 2)
                          * (block ceildiv outputs) * (ow ceildiv outputs) * (4 * ic + 4 * oc) >= 0)>,
      message = "several rows of transformed tiles may fill the second cache three times, not more"}
    transform.chameleon.require %mr, %nr, %lanes, %regs {
      set = affine_set<()[mr, nr, lanes, regs] : (regs - 1 - ((mr + 1) * nr) floordiv lanes >= 0)>,
      message = "sums, weights and one input must fit the vector registers"}
    transform.chameleon.require %mr, %nr, %lanes {
      set = affine_set<()[mr, nr, lanes] : ((mr * nr) floordiv lanes - 7 >= 0)>,
      message = "fewer than seven sums cannot hide the latency of an addition"}
    transform.chameleon.require %mr, %outputs, %block_rows, %ow {
      set = affine_set<()[mr, outputs, block, ow] : ((mr - 4) * (((block ceildiv outputs) * (ow ceildiv outputs)) ceildiv
                          (((block ceildiv outputs) * (ow ceildiv outputs)) ceildiv mr) - mr) >= 0)>,
      message = "blocks of tiles are made even: this one runs as a smaller one"}
    transform.chameleon.require %nr, %ob {
      set = affine_set<()[nr, ob] : (ob mod nr == 0)>, message = "the output channels of a tile must divide those of a block"}
    transform.chameleon.require %ic, %steps {
      set = affine_set<()[ic, steps] : (ic mod steps == 0)>, message = "the steps must divide the input channels"}
    transform.chameleon.require %weights_chunk, %ic, %block_rows, %oh {
      set = affine_set<()[weights_chunk, ic, block, oh] : ((ic - weights_chunk) * (oh - block) == 0)>,
      message = "each block of rows would transform the weights for itself"}

    transform.include @by_blocks_nhwc failures(propagate) (%f, %ob, %block_rows) : (!any, !i64, !i64) -> ()
    %conv = transform.structured.match ops{["linalg.conv_2d_nhwc_hwcf", "linalg.conv_2d_nhwc_fhwc"]} in %f : (!any) -> !any
    transform.chameleon.winograd %conv outputs = %outputs lanes = %lanes rows = %mr columns = %nr steps = %steps chunk = %weights_chunk : !any
    transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
    transform.apply_cse to %f : !any
  }
  transform.yield
}

// Depthwise convolutions over NHWC images: sums of owt pixels of a row by fo channels stay in registers, everything is read where it is.
transform.named_sequence @cpu_depthwise_nhwc(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["linalg.depthwise_conv_2d_nhwc_hwc"], chameleon.benefit = 10 : i64} {
  %fo = transform.tune.knob<"fo"> options = #chameleon.vector<dim = "c", values = [1, 2, 3, 4], prefer = 2, partial> -> !i64
  %owt = transform.tune.knob<"owt"> options = #chameleon.tile<dim = "ow", values = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14], prefer = 7, partial> -> !i64
  %rows = transform.tune.knob<"rows"> options = #chameleon.tile<dim = "oh", prefer = 14> -> !i64
  %lanes = transform.tune.knob<"lanes"> options = #chameleon.fact<"lanes"> -> !i64
  %regs = transform.tune.knob<"registers"> options = #chameleon.fact<"registers"> -> !i64
  %c = transform.tune.knob<"c"> options = #chameleon.fact<"extent(c)"> -> !i64
  %ow = transform.tune.knob<"ow"> options = #chameleon.fact<"extent(ow)"> -> !i64
  %kw = transform.tune.knob<"kw"> options = #chameleon.fact<"extent(kw)"> -> !i64
  transform.chameleon.require %c, %lanes {
    set = affine_set<()[c, lanes] : (c - lanes >= 0)>, message = "the channels must fill a vector register"}
  transform.chameleon.require %fo, %owt, %kw, %lanes, %regs {
    set = affine_set<()[fo, owt, kw, lanes, regs] : (regs - ((owt + kw + 1) * fo) floordiv lanes >= 0)>,
    message = "sums, a row of the window and a pixel must fit the vector registers"}
  transform.chameleon.require %owt, %ow {
    set = affine_set<()[owt, ow] : (ow ceildiv (ow ceildiv owt) - owt == 0)>,
    message = "blocks of pixels are made even: this one runs as a smaller one"}

  %ret = transform.structured.match ops{["func.return"]} in %f : (!any) -> !any
  %last = transform.get_producer_of_operand %ret[0] : (!any) -> !any
  %before = transform.chameleon.producers of %last named "linalg.depthwise_conv_2d_nhwc_hwc" : (!any) -> !any
  %root = transform.structured.match attributes {chameleon.root} in %f : (!any) -> !any
  %fill = transform.chameleon.producers of %root named "linalg.fill" : (!any) -> !any
  %tile, %loop = transform.structured.tile_using_forall %last tile_sizes [1, %rows, 0, 0] : (!any, !i64) -> (!any, !any)
  %fused, %x0 = transform.structured.fuse_into_containing_op %before into %loop : (!any, !any) -> (!any, !any)
  %zeros, %x1 = transform.structured.fuse_into_containing_op %fill into %x0 : (!any, !any) -> (!any, !any)
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
  %conv = transform.structured.match ops{["linalg.depthwise_conv_2d_nhwc_hwc"]} in %f : (!any) -> !any
  transform.chameleon.depthwise_convolution %conv lanes = %lanes pixels = %owt channels = %fo : !any
  transform.apply_patterns to %f { transform.apply_patterns.canonicalization } : !any
  transform.apply_cse to %f : !any
  transform.yield
}
}
