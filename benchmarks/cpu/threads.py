#!/usr/bin/env python3
# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a second thread gains, beside what the machine gives to a second process.

  benchmarks/cpu/threads.py networks --only resnet18          a first look
  benchmarks/cpu/threads.py ops --only conv3x3s1 --json       for programs

Each case is tuned for one thread and for two, as run.py tunes it. Then round after round, in random order: one
thread on one core; two copies of that at once, one on each core (the control: what the machine gives to two programs
that share nothing); two threads on both cores. A sample is the median of 5 s of calls, so that the two copies, which do
not start in the same moment, overlap for most of it. Times are medians of the rounds.

A share near 1: the second thread gains all that the machine gives. It may be more, since two threads share the weights.
"""
import argparse
import concurrent.futures
import json
import pathlib
import random
import statistics
import sys

import cases
import contestants
import run

SAMPLE_SECONDS, MOST_SAMPLES = 5, 1000000

EPILOG = """\
keys of --json:
  rows      {name, one_ms, copies_ms (mean of the two), two_ms, speedup (one / two), control (2 * one / copies),
            share (speedup / control), rounds, spread {one_ms, copies_ms, two_ms: [least, most]}}
  geomean   {speedup, control, share} over the cases
  numerics, tuning_seconds, messages (what was not measured, and why)

exit code: 0 if every case was measured, otherwise 1; 2 for a command line that is not understood.
"""


def parser():
    """The command line."""
    p = argparse.ArgumentParser(prog="threads.py", description=__doc__, epilog=EPILOG,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("suite", choices=cases.SUITES)
    p.add_argument("--only", metavar="REGEX", help="cases whose name matches")
    p.add_argument("--list", action="store_true", help="print the names of the cases, and end")
    p.add_argument("--rounds", type=int, default=run.ROUNDS, metavar="N", help=f"at least 1 ({run.ROUNDS})")
    p.add_argument("--numerics", choices=("strict", "accurate", "fast"), default="accurate",
                   help="as of run.py (accurate)")
    p.add_argument("--seconds", type=float, metavar="N",
                   help="tuning budget of a case, for one thread and for two each: ops %(ops)g, networks %(networks)g, "
                        "exported %(exported)g" % run.DEFAULT_SECONDS)
    p.add_argument("--json", action="store_true", help="the report as JSON on standard output")
    p.add_argument("--bin", type=pathlib.Path, default=run.ROOT / "build" / "bin", metavar="DIR",
                   help="folder of chameleon-opt (build/bin)")
    return p


def settings_from(args):
    """One thread on each of two cores, then two threads on both."""
    binaries = run.binaries_in(args.bin)
    seconds = args.seconds or run.DEFAULT_SECONDS[args.suite]
    cores = run.pick_cores(2)
    return [contestants.Setting(bin=binaries, venv=run.environment_of_peers(), build=run.ROOT / "build" / "benchmarks",
                                cores=chosen, numerics=args.numerics, seconds=seconds)
            for chosen in (cores[1:], cores[:1], cores)]


def ours_ms(contestant):
    """A sample of what was tuned."""
    setting = contestant.setting
    command = [setting.bin / "chameleon-bench", contestant.applied, contestant.applied, "--json",
               f"--threads={setting.threads}", f"--samples={MOST_SAMPLES}", f"--budget-seconds={SAMPLE_SECONDS}"]
    return json.loads(contestants.run(setting, command, 600).stdout)["after"]["median_ms"]


def copies_ms(pair):
    """Both at once."""
    with concurrent.futures.ThreadPoolExecutor(len(pair)) as pool:
        return statistics.mean(pool.map(ours_ms, pair))


def measure(case, settings, rounds):
    """The row of one case."""
    one, other, two = (contestants.Chameleon(setting, case) for setting in settings)
    for contestant in (one, two):  # the other core runs what was tuned for the first
        run.say(f"threads.py: {case.name}: tuning for {contestant.setting.threads}")
        contestant.start()
    ways = {"one_ms": lambda: ours_ms(one), "copies_ms": lambda: copies_ms((one, other)),
            "two_ms": lambda: ours_ms(two)}
    samples = {name: [] for name in ways}
    rng = random.Random(0)
    for number in range(rounds):
        run.say(f"threads.py: {case.name}: round {number + 1}")
        for name in rng.sample(list(ways), len(ways)):
            samples[name].append(ways[name]())
    return make_row(case.name, samples)


def make_row(name, samples):
    """Medians, and what they say."""
    row = {"name": name, **{way: statistics.median(times) for way, times in samples.items()}}
    row["speedup"] = row["one_ms"] / row["two_ms"]
    row["control"] = 2 * row["one_ms"] / row["copies_ms"]
    row["share"] = row["speedup"] / row["control"]
    row["rounds"] = len(samples["one_ms"])
    row["spread"] = {way: [min(times), max(times)] for way, times in samples.items()}
    return row


def table(rows):
    """For people."""
    lines = [f"{'case':44} {'one ms':>9} {'copies ms':>9} {'two ms':>9} {'speedup':>8} {'control':>8} {'share':>6}"]
    lines += [f"{row['name']:44} {row['one_ms']:9.4g} {row['copies_ms']:9.4g} {row['two_ms']:9.4g} "
              f"{row['speedup']:8.3f} {row['control']:8.3f} {row['share']:6.3f}" for row in rows]
    return "\n".join(lines)


def main(argv):
    """Runs the command line; gives the exit code."""
    args = parser().parse_args(argv)
    rows, messages = [], []
    try:
        run.check(args)
        if args.rounds < 1:
            raise run.Failure(f"expected --rounds of at least 1, but got {args.rounds}")
        chosen = cases.find(args.suite, run.ROOT / "benchmarks" / "workloads", args.only)
        if args.list:
            print("\n".join(case.name for case in chosen))
            return 0
        settings = settings_from(args)
    except (run.Failure, ValueError) as error:
        run.say(f"threads.py: {error}")
        return 1
    for case in chosen:
        try:
            rows.append(measure(case, settings, args.rounds))
        except (contestants.NotMeasured, OSError, ValueError, KeyError) as error:
            messages.append(f"{case.name}: not measured: {error}")
            run.say(f"threads.py: {messages[-1]}")
    run.say(table(rows))
    geomean = {key: statistics.geometric_mean([row[key] for row in rows]) if rows else None
               for key in ("speedup", "control", "share")}
    run.say("geomean: " + ", ".join(f"{key} {value:.3f}" for key, value in geomean.items() if value))
    if args.json:
        print(json.dumps({"rows": rows, "geomean": geomean, "numerics": args.numerics,
                          "tuning_seconds": settings[0].seconds, "messages": messages}, indent=2))
    return 1 if messages else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        run.say("threads.py: interrupted; what was tuned is kept")
        sys.exit(130)
