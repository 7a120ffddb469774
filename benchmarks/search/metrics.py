# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From searches to numbers. Nothing here runs or prints anything.

Words:
  regret             time of the best so far / time of the best known; 1 is perfect. A search in which nothing has
                     worked yet counts with REGRET_CAP
  95 % of the best   a time of at most best known / 0.95
  seconds            virtual ones: recorded building and running, and a fixed cost for each scored configuration
  to reach           a search that never gets there is censored: infinite in medians and quartiles, counted apart

How much faster one arm is than a rival (`speedup`), on one space:
  target    the median, over the rival's seeds, of the best time it has at its end
  rival     each seed's seconds until its best is as good as the target. A seed that never gets there counts with the
            seconds of its whole search: a lower bound, which makes the ratio smaller
  ours      the same. A seed that never gets there counts with its whole search too, which makes the ratio larger;
            such seeds are reported, and `penalized` is the ratio where they count with twice that (PAR2)
  ratio     the geometric mean of rival / ours over all pairs of seeds, of which the two sides need not have as many
  within    recorded times are noisy, and what lies close together is not told apart: so the ratio is given once more
            for targets that are slower by each of SLACKS, for both sides
Over several spaces it is the geometric mean. The 95 % interval is a percentile bootstrap which draws tasks, seeds of
ours and seeds of the rival with replacement, and takes the target anew from the seeds it drew.

Worse than random beyond noise (`regret_difference`): after 64, 128 and 256 measurements the difference of regrets, ours
minus random, is paired by seed (of an arm with fewer seeds, those that both have); the 95 % interval of its mean comes
from a percentile bootstrap over the pairs. We are worse if its lower end is above 0. Nothing is corrected for asking
many times, which is to our disadvantage.
"""
import dataclasses
import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

REGRET_CAP = 100.0
RESAMPLES = 4000
BOOTSTRAP_SEED = 20200427
PENALTY = 2.0
SLACKS = (0.01, 0.02, 0.05)


class Estimate(NamedTuple):
    """A number and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclasses.dataclass(frozen=True)
class Runs:
    """The searches of one arm on one space. Row: seed; column: measurement. A search that ended early keeps what it
    had."""

    best: np.ndarray  # ns of the best so far; inf while nothing has worked
    seconds: np.ndarray  # virtual, at the end of each measurement
    tried: np.ndarray  # measurements, of each seed
    failed: np.ndarray  # those that failed, of each seed
    search_seconds: np.ndarray  # real, of each seed
    rank_correlation: np.ndarray  # of each seed; nan if unknown
    scored: np.ndarray  # configurations that the model was asked about, of each seed


def runs_of(lines: Sequence[dict]) -> Runs:
    """From lines of chameleon-replay, one for each seed."""
    width = max(len(line["ns"]) for line in lines)
    ns = np.full((len(lines), width), np.inf)
    seconds = np.empty_like(ns)
    for row, line in enumerate(lines):
        count = len(line["ns"])
        ns[row, :count] = [np.inf if time is None else time for time in line["ns"]]
        seconds[row, :count] = line["virtual_seconds"]
        seconds[row, count:] = line["virtual_seconds"][-1]

    def column(key: str) -> np.ndarray:
        return np.array([np.nan if line[key] is None else line[key] for line in lines], dtype=float)

    return Runs(np.minimum.accumulate(ns, axis=1), seconds,
                tried=np.array([len(line["ns"]) for line in lines]),
                failed=np.array([sum(time is None for time in line["ns"]) for line in lines]),
                search_seconds=column("search_seconds"), rank_correlation=column("rank_correlation"),
                scored=column("scored"))


def quantile(values: np.ndarray, share: float) -> np.ndarray:
    """Along the first axis, between neighbours linearly; infinite where it lies beyond the last finite value."""
    ordered = np.sort(values, axis=0)
    position = share * (len(ordered) - 1)
    low, high = ordered[int(np.floor(position))], ordered[int(np.ceil(position))]
    with np.errstate(invalid="ignore"):  # inf - inf
        between = low + (high - low) * (position % 1)
    return np.where(np.isinf(high) & (position % 1 > 0), np.inf, np.where(position % 1 > 0, between, low))


def quartiles(values: np.ndarray) -> tuple[float, float, float]:
    """Lower quartile, median, upper quartile of a list of numbers."""
    return tuple(float(quantile(values, share)) for share in (0.25, 0.5, 0.75))


def regret(runs: Runs, best_ns: float, measurements: int) -> np.ndarray:
    """Of each seed after so many measurements."""
    column = min(measurements, runs.best.shape[1]) - 1
    return np.minimum(runs.best[:, column] / best_ns, REGRET_CAP)


def reach(runs: Runs, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Measurements until the best is at most each target, and whether it ever is; a row for each target, a column for
    each seed. Where it never is, all measurements."""
    needed = (runs.best[None] > targets[:, None, None]).sum(axis=2) + 1  # the best never rises
    return np.minimum(needed, runs.tried[None]), needed <= runs.best.shape[1]


def seconds_to_reach(runs: Runs, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As `reach`, in virtual seconds."""
    needed, reached = reach(runs, targets)
    return runs.seconds[np.arange(len(runs.seconds))[None], needed - 1], reached


def seconds_curve(runs: Runs, grid: np.ndarray) -> np.ndarray:
    """Best so far in ns, of each seed, at these virtual seconds; inf before the first success."""
    padded = np.hstack([np.full((len(runs.best), 1), np.inf), runs.best])
    done = np.array([np.searchsorted(row, grid, side="right") for row in runs.seconds])
    return np.take_along_axis(padded, done, axis=1)


def generator(*names: str) -> np.random.Generator:
    """Random numbers for one question, whatever else is asked."""
    return np.random.default_rng([BOOTSTRAP_SEED, zlib.crc32("/".join(names).encode())])


def interval(draws: np.ndarray) -> tuple[float, float]:
    """The middle 95 % of what a bootstrap drew."""
    low, high = np.percentile(draws, [2.5, 97.5])
    return float(low), float(high)


def resample(count: int, rng: np.random.Generator) -> np.ndarray:
    """Positions drawn with replacement; a row for each resample."""
    return rng.integers(count, size=(RESAMPLES, count))


class LogDraws(NamedTuple):
    """A mean of logarithms on one space: as it is, and of each resample."""

    value: float
    draws: np.ndarray


def log_regret(runs: Runs, best_ns: float, measurements: int, rng: np.random.Generator) -> LogDraws:
    """The mean over seeds of log regret."""
    logs = np.log(regret(runs, best_ns, measurements))
    return LogDraws(float(logs.mean()), logs[resample(len(logs), rng)].mean(axis=1))


class Speedup(NamedTuple):
    """How much sooner ours is as good as the rival is at its end, on one space; see the file's comment."""

    target_ns: float
    rival_seconds: np.ndarray  # of each seed
    rival_reached: np.ndarray
    our_seconds: np.ndarray
    our_reached: np.ndarray
    log_ratio: LogDraws
    log_penalized: LogDraws


def _log_ratio(rival: np.ndarray, ours: np.ndarray) -> np.ndarray:
    """Of seconds: the mean over the last axis of both."""
    return np.log(rival).mean(axis=-1) - np.log(ours).mean(axis=-1)


def speedup(ours: Runs, rival: Runs, rng: np.random.Generator, slack: float = 0.0) -> Speedup:
    """See the file's comment; `slack` makes targets slower."""
    finals = rival.best[:, -1]
    picked_rival, picked_ours = resample(len(finals), rng), resample(len(ours.best), rng)
    # A resample's median takes one of few values: row 0 is that of all seeds, `which` says which row a resample has.
    targets, which = np.unique(np.median(finals[picked_rival], axis=1), return_inverse=True)
    targets, which = np.concatenate([[np.median(finals)], targets]) * (1 + slack), which.reshape(-1) + 1
    rival_seconds, rival_reached = seconds_to_reach(rival, targets)
    our_seconds, our_reached = seconds_to_reach(ours, targets)
    rival_draws = np.take_along_axis(rival_seconds[which], picked_rival, axis=1)

    def against(seconds: np.ndarray) -> LogDraws:
        draws = np.take_along_axis(seconds[which], picked_ours, axis=1)
        return LogDraws(float(_log_ratio(rival_seconds[0], seconds[0])), _log_ratio(rival_draws, draws))

    return Speedup(float(targets[0]), rival_seconds[0], rival_reached[0], our_seconds[0], our_reached[0],
                   against(our_seconds), against(np.where(our_reached, our_seconds, our_seconds * PENALTY)))


def geomean(parts: Sequence[LogDraws], rng: np.random.Generator | None) -> Estimate:
    """Over spaces; the interval draws spaces too, if there is a generator to draw them with."""
    draws = np.array([part.draws for part in parts])
    if rng is not None:
        draws = np.take_along_axis(draws, rng.integers(len(parts), size=draws.shape), axis=0)
    low, high = interval(draws.mean(axis=0))
    return Estimate(*(float(np.exp(value)) for value in (np.mean([part.value for part in parts]), low, high)))


def regret_difference(ours: Runs, other: Runs, best_ns: float, measurements: int,
                      rng: np.random.Generator) -> Estimate:
    """The mean over seeds of ours minus the other's, paired: above 0 ours is worse. Both begin with the same seed. See
    the file's comment."""
    pairs = min(len(ours.best), len(other.best))
    difference = (regret(ours, best_ns, measurements)[:pairs] - regret(other, best_ns, measurements)[:pairs])
    return Estimate(float(difference.mean()), *interval(difference[resample(len(difference), rng)].mean(axis=1)))
