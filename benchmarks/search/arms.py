# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is compared: the arms, each one way to search, as options of chameleon-replay.

Strategies, samplers and cost models are varied one at a time from the default. Left out, to stay within 24 arms: the
strategy `grid` (a fixed order, whatever was measured), the samplers `all` (it hands on the plan as it is, so that the
batch size changes with it) and `adaptive-paper-code` (k-means over two knobs, as in the authors' code), and the cost
model `gbt-paper` (it is part of two presets).
"""
import dataclasses
import re
from collections.abc import Iterable

MOST_ARMS = 24
OURS, PAPER, AUTOTVM, RANDOM = "chameleon", "chameleon-paper", "autotvm", "random"
QUICK = (OURS, AUTOTVM, RANDOM)
HEAD_TO_HEAD = (OURS, PAPER, AUTOTVM, RANDOM)  # of which the headline numbers are made
CURVES = (OURS, PAPER, AUTOTVM, "autotvm-small-plan", RANDOM)  # with a line in the plots of best-so-far


class UnknownArm(Exception):
    """No arm has such a name; the text says so."""


@dataclasses.dataclass(frozen=True)
class Arm:
    """One way to search."""

    name: str
    group: str  # what is varied
    about: str  # one line, for people
    options: tuple[str, ...] = ()  # of chameleon-replay


def _preset(name: str, about: str) -> Arm:
    return Arm(name, "preset", about, (f"--preset={name}",))


def _instead(part: str, name: str, about: str) -> Arm:
    """The default with another part; `part` is strategy, sampler or cost_model."""
    return Arm(f"{part.split('_')[0]}={name}", part.replace("_", " "), about, (f"--{part}={name}",))


def _numbers(name: str, about: str, values: str) -> Arm:
    return Arm(name, "numbers", about, (f"--set={values}",))


ARMS = (
    _preset(OURS, "the default: scan, adaptive, analytic+gp, guided start, local share, batches of 8"),
    _preset(PAPER, "Ahn et al. 2020, as published"),
    _preset(AUTOTVM, "Chen et al. 2018: boosted trees, annealing, the best 64"),
    _preset("autotvm-small-plan", "AutoTVM with plans of 24: refits about as often as the paper's sampling"),
    Arm(RANDOM, "reference", "uniform draws from the valid region, nothing learnt",
        ("--strategy=random", "--sampler=all", "--cost_model=none", "--set=guided-start=0,local-share=0")),
    Arm("paper-rl-only", "paper's ablation", "the paper's agent without its sampling",
        ("--preset=chameleon-paper", "--sampler=top-k")),
    Arm("paper-sampling-only", "paper's ablation", "AutoTVM with the paper's sampling: no agent",
        ("--preset=autotvm", "--sampler=adaptive-paper")),
    _instead("strategy", "ppo", "the default with the agent"),
    _instead("strategy", "ppo-paper", "the default with the agent as published"),
    _instead("strategy", "sa", "the default with simulated annealing"),
    _instead("strategy", "evolution", "the default with mutation and crossover"),
    _instead("strategy", "portfolio", "the default with a bandit over scan, sa and random"),
    _instead("strategy", "random", "the default with uniform draws, ranked by the model"),
    _instead("strategy", "local", "the default with neighbours of the best alone"),
    _instead("sampler", "adaptive-paper", "the default with k-means as published"),
    _instead("sampler", "top-k", "the default with the best of the plan"),
    _instead("sampler", "diverse", "the default with AutoTVM's submodular filter"),
    _instead("cost_model", "analytic", "the default with the closed form alone: nothing learnt"),
    _instead("cost_model", "analytic+gbt", "the default with boosted trees that correct the closed form"),
    _instead("cost_model", "gbt-reg", "the default with boosted trees alone, regression"),
    _instead("cost_model", "gbt-rank", "the default with boosted trees alone, ranking"),
    _instead("cost_model", "none", "the default without a model"),
    _numbers("uniform-start", "the default with uniform draws first", "guided-start=0"),
    _numbers("large-batch", "the default with batches of 16 instead of 8", "batch-size=16"),
)


def select(pattern: str | None, among: Iterable[Arm] = ARMS) -> list[Arm]:
    """The arms whose name matches the regular expression somewhere, in order; all without one. Fails if none does."""
    chosen = [arm for arm in among if not pattern or re.search(pattern, arm.name)]
    if not chosen:
        raise UnknownArm(f"expected --arms to match an arm (--list shows them), but got '{pattern}'")
    return chosen


def quick() -> list[Arm]:
    """Those of --quick."""
    return [arm for arm in ARMS if arm.name in QUICK]
