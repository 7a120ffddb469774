#!/usr/bin/env python3
# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares what Chameleon finds with its peers on one CPU: networks and single operations.

  benchmarks/setup.sh                                                   once: installs the peers
  benchmarks/cpu/run.py networks --only resnet18 --quick                a first look
  benchmarks/cpu/run.py networks --seconds 600 --write                  docs/results/cpu-networks.md and its plot
  benchmarks/cpu/run.py exported --only 'gpt|conv1d' --quick            networks just as torch-mlir writes them
  benchmarks/cpu/run.py ops --only 'resnet18_c|matmul_f32' --json       for programs
  benchmarks/cpu/run.py ops --only conv3x3s1 --measure-mode cold        weights that no cache holds, as in a network

The cases of ops are convolutions and matrix products (--list): those that peers know by name. Those of exported are
written by torch-mlir on first use, to build/benchmarks/exported; nothing in them is folded. Each case is tuned first
(build/benchmarks keeps what was found; a second run does not tune again). Then each contestant is asked for a sample
in turn, in random order, round after round; times are medians of the rounds.
"""
import argparse
import json
import os
import pathlib
import random
import re
import shlex
import subprocess
import sys

import cases
import contestants
import results

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROUNDS, QUICK_ROUNDS = 7, 3
BUSY_LOAD = 0.5  # above it something else wants a core now and then
DEFAULT_SECONDS = {"ops": 60.0, "networks": 300.0, "exported": 300.0}
FEATURES = ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "avx_vnni", "amx_tile")

EPILOG = """\
peers:
  onednn        ops: the newest oneDNN of PyPI, and Debian's. _any: layouts are oneDNN's choice, nothing is converted in
                the timed call; _reorders: plain inputs and outputs, converted in it; _plain: plain layouts
  openblas      ops, f32 matmuls only: numpy's
  torch         networks, exported: eager, eager in channels_last (images), torch.compile with inductor's freezing
  iree          ops, networks: IREE on the same .mlir: default, with data tiling, with im2col. Not exported: it may not
                read what a newer torch-mlir writes
  metaschedule  ops of f32: TVM's, with the same seconds of tuning

keys of --json:
  schema_version, suite
  geomean       over the cases, of ratio
  worst         {name, ratio, best_peer}: the case where ours does worst
  against       {variant of a peer: {geomean (its time / ours), worst, worst_ratio, cases}}
  rows          {name, ours_ms, default_ms (schedules, nothing measured), naive_ms (plain loops; null with --quick),
                peers {name: ms, or null if not measured}, best_peer, ratio, min_ms, max_ms {contestant: ms}, rounds,
                outputs_agree (ours and the default), winograd_tasks (how many of ours take Winograd's algorithm)}
  ratio         best peer's time / ours: above 1 ours is faster, null without one of both
  machine       {cpu_model, features, cores, threads, pinned_to, load_average_1min (at the start)}
  versions, messages (what was not measured, and why), numerics, measure_mode, seed, layout, tuning_seconds, quick

exit code: 0 if ours was measured in every case, otherwise 1; 2 for a command line that is not understood.
What was not measured is null, and named on standard error.
"""


class Failure(Exception):
    """Nothing can be compared; the text says why."""


def say(text):
    """For people: standard output is for JSON."""
    print(text, file=sys.stderr, flush=True)


def peers_from(text, suite, mode):
    """The peers of a comma-separated list; "none" and "all" are lists too."""
    known = tuple(peer for peer in contestants.PEERS[suite] if mode == "warm" or peer in contestants.FLUSHING)
    if text in ("all", "none"):
        return known if text == "all" else ()
    everywhere = {peer for peers in contestants.PEERS.values() for peer in peers}
    chosen = [name.strip() for name in text.split(",")]
    for name in chosen:
        if name not in everywhere:
            raise Failure(f"expected --peers to list some of {', '.join(known)}, or none, but got '{name}'")
    for name in chosen:
        if name not in known:
            say(f"run.py: {name}: not measured: it does not take part in {suite}, {mode}")
    return tuple(name for name in chosen if name in known)


def parser():
    """The command line."""
    p = argparse.ArgumentParser(prog="run.py", description=__doc__, epilog=EPILOG,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("suite", choices=cases.SUITES)
    p.add_argument("--peers", default="all", help="comma-separated peers, 'all' or 'none' (all)")
    p.add_argument("--only", metavar="REGEX", help="cases whose name matches")
    p.add_argument("--list", action="store_true", help="print the names of the cases, and end")
    p.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds instead of {ROUNDS}, no plain loops")
    p.add_argument("--json", action="store_true", help="the report as JSON on standard output")
    p.add_argument("--write", action="store_true", help="write docs/results/cpu-SUITE.md and .svg")
    p.add_argument("--page", metavar="NAME", help="with --write, another name for them than cpu-SUITE")
    p.add_argument("--numerics", choices=("strict", "accurate", "fast"), default="accurate",
                   help="how far tuned results may be off, see docs/measuring.md (accurate)")
    p.add_argument("--seconds", type=float, metavar="N",
                   help="tuning budget of a case: ops %(ops)g, networks %(networks)g, exported %(exported)g"
                        % DEFAULT_SECONDS)
    p.add_argument("--seed", type=int, default=0, metavar="N",
                   help="of tuning, ours and MetaSchedule's; above 0 each case starts from nothing, with 0 from what "
                        "is known of others (0)")
    p.add_argument("--layout", choices=contestants.LAYOUTS, default="given",
                   help="channels-last: ours after --chameleon-channels-last, which lets images have their channels "
                        "innermost (given)")
    p.add_argument("--measure-mode", choices=("warm", "cold"), default="warm",
                   help="cold: weights leave the caches before each call, outside of its time; ops and oneDNN only "
                        "(warm)")
    p.add_argument("--threads", type=int, choices=(1, 2), default=1, help="threads, and cores pinned to (1)")
    p.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "bin", metavar="DIR",
                   help="folder of chameleon-opt (build/bin)")
    return p


def pick_cores(threads):
    """The last cores this process may use: the first serve interrupts."""
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < threads:
        raise Failure(f"expected {threads} cores for --threads={threads}, but this process may use {len(allowed)}")
    return tuple(allowed[-threads:])


def binaries_in(folder):
    """The folder, if our programs are there."""
    binaries = folder.resolve()
    for program in ("chameleon-opt", "chameleon-bench"):
        if not (binaries / program).is_file():
            raise Failure(f"expected {program} in {binaries}, but it is not there; build Chameleon, or give --bin")
    return binaries


def environment_of_peers():
    """Where benchmarks/setup.sh installs them."""
    return pathlib.Path(os.environ.get("CHAMELEON_BENCH_VENV") or ROOT / "build" / "benchmarks-venv").absolute()


def check(args):
    """Fails if --only or --seconds of the command line are of no use."""
    try:
        re.compile(args.only or "")
    except re.error as error:
        raise Failure(f"expected --only to be a regular expression, but got '{args.only}': {error}") from None
    if args.seconds is not None and args.seconds <= 0:
        raise Failure(f"expected --seconds above 0, but got {args.seconds:g}")


def setting_from(args):
    """What holds for every contestant. Fails if programs or peers are not there."""
    binaries = binaries_in(args.bin)
    venv = environment_of_peers()
    if args.peers and not (venv / "bin" / "python").exists():
        raise Failure(f"expected peers in {venv}, but it is not there; run benchmarks/setup.sh, or give --peers=none")
    return contestants.Setting(bin=binaries, venv=venv, build=ROOT / "build" / "benchmarks",
                               cores=pick_cores(args.threads), numerics=args.numerics, seconds=args.seconds,
                               mode=args.measure_mode, seed=args.seed, layout=args.layout)


def machine_facts(setting):
    """What is worth knowing of the machine."""
    text = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", text)
    flags = re.search(r"flags\s*: (.*)", text)
    present = set(flags.group(1).split()) if flags else set()
    return {"cpu_model": model.group(1).strip() if model else "unknown",
            "llvm_cpu": contestants.host_cpu_name(setting),
            "features": [feature for feature in FEATURES if feature in present],
            "cores": os.cpu_count(), "threads": setting.threads, "pinned_to": list(setting.cores),
            "load_average_1min": os.getloadavg()[0]}


class Messages:
    """What was not measured, and why: said at once, and kept for the report."""

    def __init__(self):
        self.lines = []

    def add(self, case, names, reason):
        """One line for a contestant."""
        self.lines.append(f"{case.name}: {', '.join(names)}: not measured: {reason}")
        say(f"run.py: {self.lines[-1]}")


def guarded(action, case, names, messages):
    """What the action gives, or None after a message."""
    try:
        return action()
    except (contestants.NotMeasured, OSError, ValueError, KeyError) as error:
        messages.add(case, names, str(error) or type(error).__name__)
        return None


def measure(case, setting, args, messages, versions):
    """The row of one case."""
    ours = contestants.Chameleon(setting, case)
    peers = contestants.peers_of(setting, case, args.peers)
    field, samples = [], {}
    try:
        for contestant in [ours, *peers]:
            say(f"run.py: {case.name}: preparing {contestant.names[0]}")
            if guarded(lambda c=contestant: c.start() or True, case, contestant.names, messages):
                field.append(contestant)
                if contestant.version:
                    versions[contestant.product] = contestant.version
        rng = random.Random(0)
        for number in range(QUICK_ROUNDS if args.quick else ROUNDS):
            say(f"run.py: {case.name}: round {number + 1}")
            for contestant in rng.sample(field, len(field)):
                sample = guarded(contestant.sample, case, contestant.names, messages)
                if sample is None:
                    field.remove(contestant)
                    samples = {name: values for name, values in samples.items() if name not in contestant.names}
                for name, value in (sample or {}).items():
                    samples.setdefault(name, []).append(value)
    finally:
        for contestant in peers:
            contestant.close()
    naive_ms = None
    if ours in field and not args.quick:
        naive_ms = guarded(ours.naive_ms, case, ("naive",), messages)
    names = [name for contestant in peers for name in contestant.names]
    return results.make_row(case.name, samples, names, naive_ms, outputs_agree=ours.outputs_agree,
                            winograd_tasks=ours.winograd_tasks)


def write_pages(report, command, name):
    """The page and the plot."""
    folder = ROOT / "docs" / "results"
    folder.mkdir(parents=True, exist_ok=True)
    page, plot = folder / f"{name}.md", folder / f"{name}.svg"
    page.write_text(results.markdown(report, command, plot.name))
    plot.write_text(results.svg(report))
    say(f"run.py: wrote {page} and {plot.name}")


def command_line(argv):
    """The command as others may repeat it: without --bin, a place on this machine."""
    words = [word for i, word in enumerate(argv)
             if word != "--bin" and not word.startswith("--bin=") and (i == 0 or argv[i - 1] != "--bin")]
    return shlex.join(["benchmarks/cpu/run.py", *words])


def commit():
    """Of Chameleon; "unknown" outside of a checkout."""
    done = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True,
                          check=False)
    return done.stdout.strip() or "unknown"


def compare(args):
    """The report of a whole run."""
    chosen = cases.find(args.suite, ROOT / "benchmarks" / "workloads", args.only)
    args.peers = peers_from(args.peers, args.suite, args.measure_mode)
    if args.seconds is None:
        args.seconds = DEFAULT_SECONDS[args.suite]
    setting = setting_from(args)
    messages, versions = Messages(), {"chameleon": commit()}
    machine = machine_facts(setting)
    if machine["load_average_1min"] > BUSY_LOAD:
        say(f"run.py: the machine is busy (load average {machine['load_average_1min']:.1f}): times will be too long, "
            "ratios uncertain")
    rows = [measure(case, setting, args, messages, versions) for case in chosen]
    return results.make_report(args.suite, rows, machine=machine, versions=versions, messages=messages.lines,
                               numerics=args.numerics, measure_mode=args.measure_mode, seed=args.seed, layout=args.layout,
                               tuning_seconds=args.seconds, quick=args.quick)


def main(argv):
    """Runs the command line; gives the exit code."""
    args = parser().parse_args(argv)
    try:
        check(args)
        if args.page and not args.write:
            raise Failure("expected --write beside --page: it names what is written")
        if args.seed < 0:
            raise Failure(f"expected a --seed of at least 0, but got {args.seed}")
        if args.measure_mode == "cold" and args.suite != "ops":
            raise Failure("expected ops with --measure-mode=cold: a network is larger than the caches as it is")
        if args.list:
            print("\n".join(c.name for c in cases.find(args.suite, ROOT / "benchmarks" / "workloads", args.only)))
            return 0
        report = compare(args)
    except (Failure, ValueError) as error:
        say(f"run.py: {error}")
        return 1
    say(results.table(report))
    if args.json:
        print(json.dumps(report, indent=2))
    if args.write:
        write_pages(report, command_line(argv), args.page or f"cpu-{args.suite}")
    return 0 if all(row["ours_ms"] is not None for row in report["rows"]) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("run.py: interrupted; what was tuned is kept")
        sys.exit(130)
