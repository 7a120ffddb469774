# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The spaces that are recorded: tasks of ResNet-18, VGG-16, AlexNet and BERT, and matrix products.

Values are in the units of the knob's domain in the schedule: `fo`, `nr` count vector registers, all else elements. They
were chosen for AVX2 (16 registers of 8 floats), so that an exhaustive space has 2,000 to 3,000 valid configurations
and a sampled one more than 1e5; `schedules.py --list` and `record.py --list` show what there is.
"""
from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence

from schedules import Derivation, Rule, Values

SAMPLES = 5000  # measurements of a sampled space


@dataclasses.dataclass(frozen=True)
class Space:
    """A task, what is open in it, and how it is measured."""

    name: str
    op: str  # file in benchmarks/workloads/ops, without .mlir
    kind: str  # every valid configuration, or SAMPLES random ones
    valid: int  # configurations on the machine that the values were chosen for
    numerics: str
    derivation: Derivation
    constant_args: str = "auto"


# Rules that would leave out only what is slow: dropped, or put so that spilling is in the space within measure.
CONV_RULES: Mapping[str, Rule | None] = {
    "accumulators, weights and one input must fit the vector registers":
        Rule("2 * regs - (oht * owt * fo) floordiv lanes >= 0", "accumulators may take twice the vector registers"),
    "fewer than eight accumulators cannot hide the latency of an addition": None,
    "several rows in a tile only where a row is short": None,
}
WINOGRAD_RULES: Mapping[str, Rule | None] = {
    "sums, weights and one input must fit the vector registers":
        Rule("2 * regs - (mr * nr) floordiv lanes >= 0", "sums may take twice the vector registers"),
    "fewer than seven sums cannot hide the latency of an addition": None,
    "several rows of transformed tiles may fill the second cache three times, not more": None,
    # Recorded before this rule, so that some programs are there more than once: they tell how noisy a time is.
    "blocks of tiles are made even: this one runs as a smaller one": None,
}
MATMUL_RULES: Mapping[str, Rule | None] = {
    "accumulators may take two thirds of the vector registers, or they spill":
        Rule("2 * regs - (mr * nr) floordiv lanes >= 0", "accumulators may take twice the vector registers"),
    "the unrolled body would take long to compile":
        Rule("64 - (mr * nr * kr) floordiv lanes >= 0", "the unrolled body would take long to compile"),
    "fewer than seven accumulators cannot hide the latency of an addition": None,
    "few rows need wide tiles": None,
}


def upto(last: int) -> tuple[int, ...]:
    """1, 2, ... last."""
    return tuple(range(1, last + 1))


def conv(extensions: Sequence[str], **values: Values) -> Derivation:
    """The direct sum, and Winograd's algorithm where the task and `algorithm` allow it."""
    return Derivation("convolution.mlir", "cpu_conv_nchw", tuple(f"conv-{name}" for name in extensions), values,
                      {**CONV_RULES, **WINOGRAD_RULES})


def matmul(extensions: Sequence[str], **values: Values) -> Derivation:
    """Products of two matrices."""
    return Derivation("matmul.mlir", "cpu_matmul", tuple(f"matmul-{name}" for name in extensions), values, MATMUL_RULES)


WINOGRAD_WIDE = {"mr": upto(16), "nr": (1, 2, 4, 8), "steps": (1, 2, 4, 8)}

SPACES: tuple[Space, ...] = (
    Space("resnet18_c07", "resnet18_c07_conv3x3s1_256x14x14_256", "exhaustive", 2240, "fast",
          conv(("loops", "channels"), fo=(1, 2, 4, 8), owt=upto(14), loops=("fyx", "yfx"), fb=(64, 256),
               **WINOGRAD_WIDE)),
    Space("vgg16_c09", "vgg16_c09_conv3x3s1_512x14x14_512", "exhaustive", 2904, "fast",
          conv(("loops", "unroll"), fo=(1, 2, 4, 8), owt=(1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14), loops=("fyx", "yfx"),
               icu=(1, 4), kwu=(1, 3), **WINOGRAD_WIDE)),
    Space("resnet18_c06", "resnet18_c06_conv3x3s2_128x28x28_256", "exhaustive", 2840, "accurate",
          conv(("loops", "unroll"), fo=(1, 2, 4, 8), owt=upto(14), loops=("fyx", "yfx"), icu=(1, 2), kwu=(1, 3))),
    Space("resnet18_c05", "resnet18_c05_conv1x1s2_64x56x56_128", "exhaustive", 2478, "accurate",
          conv(("loops", "channels"), fo=(1, 2, 4, 8), owt=upto(28), order=("chw",), loops=("fyx", "yfx", "yxf"),
               fb=(32, 128))),
    Space("alexnet_c02", "alexnet_c02_conv5x5s1_64x27x27_192", "exhaustive", 2824, "accurate",
          conv(("loops", "unroll"), fo=(1, 2, 4, 8), owt=upto(27), loops=("fyx", "yfx"), icu=(1, 2), kwu=(1, 5))),
    Space("alexnet_c01", "alexnet_c01_conv11x11s4_3x224x224_64", "exhaustive", 2152, "accurate",
          conv(("loops", "unroll"), fo=(1, 2, 4, 8), owt=upto(28), loops=("fyx", "yfx"), icu=(1, 3), kwu=(1, 11))),
    Space("bert_m01", "bert_block_m01_matmul_128x768x768", "exhaustive", 2800, "accurate",
          matmul(("blocks",), mr=upto(16), nr=(1, 2, 3, 4, 8), kr=(1, 2, 4), pk=(8,), nb=(64, 128, 256, 768),
                 mb=(32, 128))),
    Space("matmul_4096x64x64", "matmul_f32_4096x64x64", "exhaustive", 2604, "accurate",
          matmul(("blocks", "unroll"), mr=upto(16), nr=(1, 2, 3, 4, 8), kr=(1, 2, 4), pk=(8,), nb=(64,),
                 mb=(32, 256, 4096))),
    Space("resnet18_c04", "resnet18_c04_conv3x3s1_128x28x28_128", "sampled", 104372, "fast",
          conv(("unroll", "loops", "channels"), fo=(1, 2, 3, 4, 8), owt=upto(28), icu=(1, 2, 4, 8), kwu=(1, 3),
               **WINOGRAD_WIDE)),
    Space("resnet18_c03", "resnet18_c03_conv3x3s2_64x56x56_128", "sampled", 103140, "accurate",
          conv(("unroll", "loops", "channels"), fo=(1, 2, 3, 4, 8), owt=upto(28), icu=(1, 2, 4, 8), kwu=(1, 3))),
    Space("matmul_512", "matmul_f32_512", "sampled", 134376, "accurate",
          matmul(("blocks", "unroll"), mr=upto(16), nr=upto(8), kr=(1, 2, 4, 8), pk=(1, 2, 4, 8, 16, 32),
                 nb=(32, 64, 128, 256, 512), mb=(16, 32, 64, 128, 256, 512)), constant_args="none"),
)


def names() -> str:
    """Of all spaces, for messages."""
    return ", ".join(space.name for space in SPACES)


def named(name: str) -> Space:
    """The space of that name; fails with the names that there are."""
    for space in SPACES:
        if space.name == name:
            return space
    raise ValueError(f"expected the name of a space ({names()}), but got '{name}'")


def matching(pattern: str | None) -> list[Space]:
    """The spaces whose name the regular expression finds; all without one."""
    found = [space for space in SPACES if re.search(pattern or "", space.name)]
    if not found:
        raise ValueError(f"expected --only to match a space ({names()}), but got '{pattern}'")
    return found
