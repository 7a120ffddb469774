#!/usr/bin/env python3
# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares ways to search, on recorded spaces: the presets, random draws, and each part of the default in turn.

  benchmarks/setup.sh search                        once: numpy and matplotlib
  benchmarks/search/run.py --quick                  3 arms, 2 tasks, 3 seeds: a first look, under a minute
  benchmarks/search/run.py                          everything, over an hour on two cores: 40 seeds of the arms that
                                                    the headline numbers compare, 10 of the others; writes
                                                    docs/results/search-tables.md and its plots
  benchmarks/search/run.py --arms 'cost=' --json    for programs

No machine is measured: chameleon-replay answers from benchmarks/spaces. Every search is kept (--results) and not
run again; after Ctrl-C the same command goes on.

What is compared is how soon ours is as good as AutoTVM is at its end. On each space: the target is the median, over
AutoTVM's seeds, of the best time it has when its budget is over. Both sides count with the virtual seconds until a
seed is as good as that. A seed that never is counts with its whole search: for AutoTVM that is a lower bound, and the
ratio conservative; for ours it is reported as not reached, and `penalized` counts it at twice its search. The ratio
of a space is the geometric mean over pairs of seeds, that of all spaces the geometric mean over them; intervals
(95 %) are bootstrapped over seeds and tasks. The same against the paper's Chameleon.
"""
import argparse
import importlib.util
import json
import os
import pathlib
import re
import shlex
import signal
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import arms
import replay

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEEDS, OTHER_SEEDS, QUICK_SEEDS = 40, 10, 3  # of the arms compared head to head; of the others; of all
QUICK_SPACES, MEASUREMENTS = 2, 256
FIRST_SEED = 100  # lower ones are for whoever changes the search: what was chosen with a seed is not judged by it
MOST_SEEDS, MOST_MEASUREMENTS = 1000, 100000
IN_VENV = "CHAMELEON_SEARCH_IN_VENV"  # set once this program has started itself anew

EPILOG = """\
keys of --json (recorded spaces; the same for surrogates below "surrogates", null if there are none):
  seconds_ratio_vs_autotvm_geomean, seconds_ratio_vs_autotvm_interval
                     rival's virtual seconds / ours, as above: above 1 ours is faster. null without one of both arms
  seconds_ratio_vs_paper_geomean, seconds_ratio_vs_paper_interval
  vs_autotvm, vs_paper
                     {geomean, seeds_alone (tasks not drawn), penalized, within (for targets slower by
                     1, 2 and 5 %), spaces [{space, target_ns, ratio, penalized, within, our_reached, rival_reached,
                     ...}]}; a number with its interval is {value, interval}
  worst_vs_random    after 64, 128 and 256 measurements, where in budget, on each task: regret (best so far / best
                     known) of ours minus random's, paired by seed, bootstrapped; the largest lower end of a 95 %
                     interval. At most 0: on no task worse than random beyond noise
  worse_than_random  where it is above 0, as SPACE@MEASUREMENTS; vs_random has all differences
  arms               [{arm, regret, reached, seconds_ratio, failure_rate, rank_correlation, search_seconds (real), ...}]
  cells              [{arm, space, regret, reach, ...}]: quartiles over seeds, null where not reached
  measured           [{space, task, surrogate, configurations, best_ns, measurements (of a search)}]
  seeds              {arm: how many searches on each space}; they begin with first_seed
  schema_version, measurements, quick, messages (what failed, and why)

exit code: 0 if every search was done, 1 if one failed or nothing can be run, 2 for a command line that is not
understood, 130 after Ctrl-C or SIGTERM.
"""


class Failure(Exception):
    """Nothing can be compared; the text says why."""


def say(text: str) -> None:
    """For people: standard output is for JSON."""
    print(text, file=sys.stderr, flush=True)


def whole(most: int, least: int = 1) -> Callable[[str], int]:
    """A whole number of a range, as argparse takes it."""

    def parse(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"expected a whole number from {least} to {most}, but got '{text}'")
        return int(text)

    return parse


def regex(text: str) -> str:
    """A regular expression, as argparse takes it."""
    try:
        re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"expected a regular expression, but got '{text}': {error}") from None
    return text


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(prog="run.py", description=__doc__, epilog=EPILOG, allow_abbrev=False,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--only", type=regex, metavar="REGEX", help="spaces whose name matches")
    p.add_argument("--arms", type=regex, metavar="REGEX", help="arms whose name matches")
    p.add_argument("--seeds", type=whole(MOST_SEEDS), metavar="N",
                   help=f"searches of an arm on a space ({SEEDS} of {', '.join(arms.HEAD_TO_HEAD)}, which the "
                        f"headline numbers compare, and {OTHER_SEEDS} of every other arm)")
    p.add_argument("--first-seed", type=whole(2**31, 0), default=FIRST_SEED, metavar="N",
                   help=f"the others follow ({FIRST_SEED}; seeds below served to choose the default)")
    p.add_argument("--measurements", type=whole(MOST_MEASUREMENTS), default=MEASUREMENTS, metavar="N",
                   help=f"of a search, at most a quarter of a recorded space ({MEASUREMENTS})")
    p.add_argument("--jobs", type=whole(1024), default=len(os.sched_getaffinity(0)), metavar="N",
                   help="searches side by side (as many as cores)")
    p.add_argument("--quick", action="store_true",
                   help=f"unless said otherwise: arms {', '.join(arms.QUICK)}, the first {QUICK_SPACES} recorded "
                        f"spaces, {QUICK_SEEDS} seeds")
    p.add_argument("--list", action="store_true", help="print the names of arms and spaces, and end")
    p.add_argument("--json", action="store_true", help="the report as JSON on standard output")
    p.add_argument("--write", action="store_true",
                   help="write tables and plots; done without asking if neither --quick, --only, --arms nor fewer "
                        "seeds or measurements leave something out")
    p.add_argument("--output", type=pathlib.Path, default=ROOT / "docs" / "results", metavar="DIR",
                   help="for search-tables.md and search/*.svg (docs/results)")
    p.add_argument("--results", type=pathlib.Path, default=ROOT / "build" / "search-results", metavar="DIR",
                   help="where searches are kept (build/search-results)")
    p.add_argument("--spaces", type=pathlib.Path, default=ROOT / "benchmarks" / "spaces", metavar="DIR",
                   help="recorded spaces (benchmarks/spaces)")
    p.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "bin", metavar="DIR",
                   help="folder of chameleon-replay (build/bin)")
    return p


def leaves_out(args: argparse.Namespace) -> bool:
    """Whether the command line asks for less than everything."""
    return bool(args.quick or args.only or args.arms or (args.seeds or SEEDS) < SEEDS or
                args.measurements < MEASUREMENTS)


def seeds_of(arm: arms.Arm, args: argparse.Namespace) -> tuple[int, ...]:
    """The seeds with which an arm searches each space."""
    usual = QUICK_SEEDS if args.quick else SEEDS if arm.name in arms.HEAD_TO_HEAD else OTHER_SEEDS
    return tuple(range(args.first_seed, args.first_seed + (args.seeds or usual)))


def need(modules: Sequence[str], argv: Sequence[str]) -> None:
    """Starts anew with the Python of the benchmarks' environment if modules are missing here. Fails if they are there
    neither."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if not missing:
        return
    venv = pathlib.Path(os.environ.get("CHAMELEON_BENCH_VENV") or ROOT / "build" / "benchmarks-venv").absolute()
    python = venv / "bin" / "python"
    if python.is_file() and IN_VENV not in os.environ:
        os.execve(python, [str(python), __file__, *argv], {**os.environ, IN_VENV: "1"})
    raise Failure(f"expected the Python modules {', '.join(modules)}, but {', '.join(missing)} is neither installed "
                  f"nor in {venv}; run benchmarks/setup.sh search")


def duration(seconds: float) -> str:
    """Minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


class Progress:
    """One line that is updated on a terminal; elsewhere one every few seconds."""

    SECONDS = 10.0  # between lines

    def __init__(self, total: int, known: int):
        self.total, self.known, self.made = total, known, 0
        self.start = self.said = time.monotonic()

    def line(self, job: replay.Job, now: float) -> str:
        """How far it is, and how long the rest takes if searches go on taking as long."""
        left = self.total - self.known - self.made
        rest = (now - self.start) / self.made * left
        return (f"run.py: {self.known + self.made}/{self.total} searches, about {duration(rest)} left "
                f"({job.space.name}, {job.arm.name})")

    def done(self, job: replay.Job) -> None:
        """One more search."""
        self.made += 1
        now = time.monotonic()
        last = self.known + self.made == self.total
        if sys.stderr.isatty():
            print(f"\r\033[K{self.line(job, now)}", end="\n" if last else "", file=sys.stderr, flush=True)
        elif last or now - self.said >= self.SECONDS:
            self.said = now
            say(self.line(job, now))


def choose_spaces(args: argparse.Namespace, tool: replay.Tool) -> list[replay.Space]:
    """The spaces of the command line, recorded ones first."""
    found = []
    for path in replay.find_spaces(args.spaces, args.only):
        found.append(replay.describe(path, tool, args.results, say))
        recorded = sum(not space.surrogate for space in found)
        if args.quick and not args.only and recorded == QUICK_SPACES:
            return [space for space in found if not space.surrogate]
    return sorted(found, key=lambda space: (space.surrogate, space.name))


def search(args: argparse.Namespace, tool: replay.Tool, spaces: Sequence[replay.Space],
           chosen: Sequence[arms.Arm]) -> tuple[list[replay.Job], dict[replay.Job, str]]:
    """Runs what is missing; gives all jobs, and why some failed."""
    jobs = [replay.Job(arm, space, seeds_of(arm, args), space.limit(args.measurements))
            for space in spaces for arm in chosen]
    missing = sum(len(replay.missing_seeds(job, tool, args.results)) for job in jobs)
    total = sum(len(job.seeds) for job in jobs)
    say(f"run.py: {len(chosen)} arms, {len(spaces)} spaces: {total} searches, {total - missing} of them known (in "
        f"{args.results})")
    failures = replay.search_all(jobs, tool, args.results, args.jobs, Progress(total, total - missing).done)
    for job, reason in failures.items():
        say(f"run.py: {job.space.name}, {job.arm.name}: not searched: {reason}")
    return jobs, failures


def summarize(args: argparse.Namespace, tool: replay.Tool, spaces: Sequence[replay.Space],
              jobs: Sequence[replay.Job], failures: dict[replay.Job, str]) -> tuple[dict[str, Any], Any, Any]:
    """The report, the arms that are complete, and their searches."""
    import metrics  # these want numpy
    import report

    broken = {job.arm.name for job in failures}
    complete = [arm for arm in dict.fromkeys(job.arm for job in jobs) if arm.name not in broken]
    if not complete:
        raise Failure("every arm failed on some space: there is nothing to compare")
    runs = {}
    for job in jobs:
        if job.arm in complete:
            lines = replay.stored(job.file(tool, args.results))
            runs[job.arm.name, job.space.name] = metrics.runs_of([lines[seed] for seed in job.seeds])
    messages = [f"{job.space.name}, {job.arm.name}: {reason}" for job, reason in failures.items()]
    made = report.summarize(spaces, complete, runs, args.measurements,
                            seeds={arm.name: len(seeds_of(arm, args)) for arm in complete},
                            first_seed=args.first_seed, quick=args.quick, messages=messages)
    return made, complete, runs


def write(made: dict[str, Any], spaces: Sequence[replay.Space], complete: Sequence[arms.Arm], runs: Any,
          folder: pathlib.Path, command: str) -> None:
    """Tables and plots."""
    import plots  # this wants matplotlib
    import tables

    plots.write(made, spaces, complete, runs, folder / "search")
    page = folder / "search-tables.md"
    page.write_text(tables.page(made, command))
    say(f"run.py: wrote {page} and plots in {folder / 'search'}")


def print_names(args: argparse.Namespace) -> None:
    """Of arms and spaces."""
    for arm in arms.select(args.arms):
        print(f"{arm.name:28} {arm.about}")
    for path in replay.find_spaces(args.spaces, args.only):
        print(path.stem)


def compare(args: argparse.Namespace, argv: Sequence[str]) -> int:
    """The whole run; gives the exit code."""
    chosen = arms.quick() if args.quick and not args.arms else arms.select(args.arms)
    replay.find_spaces(args.spaces, args.only)
    tool = replay.find_tool(args.bin)
    writes = args.write or not leaves_out(args)
    need(["numpy", "matplotlib"] if writes else ["numpy"], argv)
    spaces = choose_spaces(args, tool)
    jobs, failures = search(args, tool, spaces, chosen)
    made, complete, runs = summarize(args, tool, spaces, jobs, failures)
    import report
    import tables

    say(tables.terminal(made))
    if args.json:
        print(json.dumps(report.for_json(made), indent=2))
    if writes and failures:
        say("run.py: tables and plots are not written, since searches failed")
    elif writes:
        write(made, spaces, complete, runs, args.output, shlex.join(["benchmarks/search/run.py", *argv]))
    return 1 if failures else 0


def main(argv: Sequence[str]) -> int:
    """Runs the command line; gives the exit code."""
    args = parser().parse_args(argv)
    try:
        if args.list:
            print_names(args)
            return 0
        return compare(args, argv)
    except (Failure, arms.UnknownArm, replay.ReplayError, OSError) as error:
        say(f"run.py: {error}")
        return 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: no child is left behind
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("run.py: interrupted; what was searched is kept, and the same command goes on from there")
        sys.exit(130)
