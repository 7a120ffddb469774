# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How modules are read, so that peers compute the same."""
import pytest

import cases
from conftest import ROOT

WORKLOADS = ROOT / "benchmarks" / "workloads"


@pytest.mark.parametrize("name, words", [
    ("resnet18_c03_conv3x3s2_64x56x56_128", "conv 1 64 58 58 128 3 3 2 2 1 1 1 nchw"),
    ("hand_conv3x3s1d2_64x56x56_64", "conv 1 64 60 60 64 3 3 1 1 2 2 1 nchw"),
    ("hand_dwconv3x3s2_144x56x56_144", "conv 1 144 58 58 144 3 3 2 2 1 1 144 nchw"),
    ("nhwc_conv7x7s2_230x230x3_64", "conv 1 3 230 230 64 7 7 2 2 1 1 1 nhwc"),
    ("bert_block_m04_matmul_128x3072x768", "matmul 1 128 3072 768 0"),
    ("matmul_tb_32x11008x4096", "matmul 1 32 11008 4096 1"),
    ("batch_matmul_tb_12x128x128x64", "matmul 12 128 128 64 1"),
    ("attention_pv_12x128x64x128", "matmul 12 128 64 128 0"),
    ("matmul_i8_i32_1024", "matmul 1 1024 1024 1024 0"),
])
def test_operations_become_words(name, words):
    case, = cases.find("ops", WORKLOADS, f"^{name}$")
    assert " ".join(case.words) == words
    assert case.kind == words.split()[0]


@pytest.mark.parametrize("name", ["fused_matmul_bias_128x768x3072", "matmul_f16_f32_1024",
                                  "softmax_1024x1024", "relu_1x64x112x112"])
def test_what_peers_have_no_name_for_is_left_out(name):
    assert cases.words_of((WORKLOADS / "ops" / f"{name}.mlir").read_text()) is None


def test_elements_may_be_narrow():
    found = cases.find("ops", WORKLOADS, "^matmul_(bf16|i8|f32)_.*1024")
    assert {case.element for case in found} == {"bf16", "i8", "f32"}


def test_strides_may_differ():
    text = """func.func @main(%x: tensor<1x4x9x9xf32>, %w: tensor<8x4x3x3xf32>) -> tensor<1x8x4x7xf32> {
      %3 = linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<[2, 1]> : vector<2xi64>}"""
    assert cases.words_of(text) == ("conv", 1, 4, 9, 9, 8, 3, 3, 2, 1, 1, 1, 1, "nchw")


def test_networks_are_found_with_their_arguments():
    found = cases.find("networks", WORKLOADS)
    assert [case.name for case in found] == list(cases.NETWORKS)
    assert found[0].arguments[:3] == ("1x3x224x224xf32", "64x3x7x7xf32", "64xf32")
    assert found[0].kind == "network"


def test_only_that_matches_nothing():
    with pytest.raises(ValueError, match="expected --only to match a case of ops .* but got 'nothing'"):
        cases.find("ops", WORKLOADS, "nothing")
