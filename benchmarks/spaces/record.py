#!/usr/bin/env python3
# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures spaces, so that searches can be compared on them without measuring: writes benchmarks/spaces/NAME.jsonl.

  benchmarks/spaces/record.py --list                            what there is, and how far it is
  benchmarks/spaces/record.py --only resnet18_c06               one space, to its end
  benchmarks/spaces/record.py --seconds 3600                    as far as an hour goes; the same command goes on
  benchmarks/spaces/record.py --only c06 --partial --seconds 60  writes what there is after a minute, complete or not

Measurements are kept in a database per space in the work folder; nothing is measured twice. A space whose file is
complete is left alone: to record it again, delete NAME.jsonl, and NAME.db in the work folder. Measure on a quiet
machine: times are written as they are.

exit code: 0 all chosen spaces are complete, 1 something is wrong, 3 seconds ran out before the end, 130 interrupted.
"""
from __future__ import annotations

import argparse
import contextlib
import dataclasses
import fcntl
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

import schedules
import spaces

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
OPS = ROOT / "benchmarks" / "workloads" / "ops"
EXPORT_PASS = "chameleon-export-space"
# Uniform draws, with no neighbours of the fastest among them: a sample of the space, not of its better part. Exhaustive
# spaces are measured in this order too: in that of a grid, a slow spell of the machine falls on configurations that are
# alike, and looks like a property of theirs. What the draws do not find in the end is enumerated.
SEARCH = "preset=autotvm strategy=random sampler=all cost-model=none"
FOREVER = 1e7  # seconds
LEAST_SECONDS = 10.0  # worth a session
SECONDS_TO_END = 60.0  # that a session may take to end after it was asked to
OUT_OF_TIME, INTERRUPTED = 3, 130

_PROGRESS = re.compile(r"tried (\d+), failed (\d+)")


class Failure(Exception):
    """Nothing can be recorded; the text says why."""


@dataclasses.dataclass(frozen=True)
class Places:
    """Where things are."""

    bin: pathlib.Path
    work: pathlib.Path
    output: pathlib.Path

    def schedule(self, space: spaces.Space) -> pathlib.Path:
        """The derived schedule."""
        return self.work / f"{space.name}.mlir"

    def database(self, space: spaces.Space) -> pathlib.Path:
        """What has been measured."""
        return self.work / f"{space.name}.db"

    def report(self, space: spaces.Space) -> pathlib.Path:
        """Of the last session."""
        return self.work / f"{space.name}.report.json"

    def log(self, space: spaces.Space) -> pathlib.Path:
        """What chameleon-opt said, of all sessions."""
        return self.work / f"{space.name}.log"

    def recorded(self, space: spaces.Space) -> pathlib.Path:
        """The recorded space."""
        return self.output / f"{space.name}.jsonl"


def say(text: str) -> None:
    """For people."""
    print(text, file=sys.stderr, flush=True)


# --- What has been recorded -----------------------------------------------------------------------------------------


def wanted(space: spaces.Space) -> int:
    """How many configurations are to be measured."""
    return space.valid if space.kind == "exhaustive" else spaces.SAMPLES


def is_complete(space: spaces.Space, path: pathlib.Path) -> bool:
    """Whether the recorded space holds all that is wanted. Fails if the file is not a recorded space."""
    if not path.exists():
        return False
    with path.open() as file:
        try:
            header = json.loads(file.readline())
            complete = bool(header["complete"])
        except (ValueError, KeyError, TypeError):
            raise Failure(f"expected {path} to begin with the header of a recorded space, but it does not; delete it "
                          "to record the space again") from None
        rows = sum(1 for _ in file)
    return complete or (space.kind == "sampled" and rows >= spaces.SAMPLES)


def counts(space: spaces.Space, places: Places) -> tuple[int, int]:
    """Configurations that the database holds, and how many of them failed."""
    if not places.database(space).exists():
        return 0, 0
    done = subprocess.run([places.bin / "chameleon-db", places.database(space), "--json"], capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"expected chameleon-db to read {places.database(space)}, but: {done.stderr.strip()}")
    tasks = json.loads(done.stdout)["tasks"]
    return sum(task["tried"] for task in tasks), sum(task["failed"] for task in tasks)


def write_schedule(space: spaces.Space, places: Places) -> None:
    """Derives the schedule. Fails if records of another one are in the database: they would not count."""
    text = schedules.derive(space.derivation)
    path = places.schedule(space)
    if places.database(space).exists() and path.exists() and path.read_text() != text:
        raise Failure(f"expected {places.database(space)} to hold records of the present schedule, but {path} has "
                      "changed since they were measured; delete both to record the space again")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


# --- Measuring ------------------------------------------------------------------------------------------------------


def tune_command(space: spaces.Space, places: Places, seconds: float, tried: int, seed: int) -> list[str]:
    """One session that measures what is missing. Each session has draws of its own: those of one before would find
    nothing new, and what is enumerated instead is no sample."""
    options = (f"{SEARCH} seed={seed + tried} numerics={space.numerics} "
               f"constant-args={space.constant_args} schedules={places.schedule(space)} "
               f"database={places.database(space)} report={places.report(space)} retune=true "
               f"budget-seconds={seconds:.0f}")
    if space.kind == "sampled":
        options += f" budget-measurements={wanted(space) - tried}"
    return [str(places.bin / "chameleon-opt"), str(OPS / f"{space.op}.mlir"), f"--auto-tune={options}",
            "-o", "/dev/null"]


class Meter:
    """Progress of one space, said now and then."""

    SECONDS_BETWEEN = 10.0

    def __init__(self, space: spaces.Space, before: int):
        self.name, self.total, self.before = space.name, wanted(space), before
        self.begin = time.monotonic()
        self.said = self.begin

    def update(self, tried: int, failed: int) -> None:
        """`tried` of all sessions."""
        now = time.monotonic()
        if now - self.said < self.SECONDS_BETWEEN:
            return
        self.said = now
        rate = (tried - self.before) / (now - self.begin)
        left = f"about {clock((self.total - tried) / rate)} left" if rate > 0 and tried < self.total else ""
        say(f"{self.name:18} {tried:5} of {self.total} tried, {failed} failed, {rate:.1f} per second  {left}")


def clock(seconds: float) -> str:
    """As in 1:02:03."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


@contextlib.contextmanager
def session(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """A child of its own group, so that Ctrl-C reaches it once, from here, and it ends as it should."""
    # pylint: disable=consider-using-with
    child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        yield child
        child.wait()
    except BaseException:
        child.send_signal(signal.SIGINT)
        try:
            child.communicate(timeout=SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)  # its workers too
            child.wait()
        raise


def measure(space: spaces.Space, places: Places, seconds: float, seed: int) -> str:
    """Measures what is missing, for at most `seconds`; gives the reason why it stopped."""
    tried, failed = counts(space, places)
    if space.kind == "sampled" and tried >= wanted(space):
        return "finished"
    say(f"{space.name:18} {tried:5} of {wanted(space)} tried, {failed} failed; log in {places.log(space)}")
    meter = Meter(space, tried)
    places.report(space).unlink(missing_ok=True)
    last = ""
    with session(tune_command(space, places, seconds, tried, seed)) as child, places.log(space).open("a") as log:
        for line in child.stderr or ():
            log.write(line)
            last = line.strip() or last
            if found := _PROGRESS.search(line):
                meter.update(int(found[1]), int(found[2]))
    if child.returncode != 0 or not places.report(space).exists():
        raise Failure(f"{space.name}: chameleon-opt failed with exit code {child.returncode}: {last}; see "
                      f"{places.log(space)}")
    return str(json.loads(places.report(space).read_text())["stop"])


def export(space: spaces.Space, places: Places) -> None:
    """Writes the recorded space."""
    options = (f"schedules={places.schedule(space)} numerics={space.numerics} constant-args={space.constant_args} "
               f"database={places.database(space)} output={places.recorded(space)}")
    done = subprocess.run([places.bin / "chameleon-opt", OPS / f"{space.op}.mlir", f"--{EXPORT_PASS}={options}", "-o",
                           "/dev/null"], capture_output=True, text=True, check=False)
    if "Unknown command line argument" in done.stderr:
        raise Failure(f"expected {places.bin / 'chameleon-opt'} to have the pass --{EXPORT_PASS}, but it has not: "
                      "build this version of Chameleon, and run the same command again; nothing measured is lost")
    if done.returncode != 0:
        raise Failure(f"{space.name}: chameleon-opt could not export: {done.stderr.strip()}")


def record(space: spaces.Space, places: Places, seconds: float, args: argparse.Namespace) -> bool:
    """Measures and exports one space; gives whether it is complete."""
    write_schedule(space, places)
    stop = measure(space, places, seconds, args.seed)
    tried, failed = counts(space, places)
    say(f"{space.name:18} {tried:5} of {wanted(space)} tried, {failed} failed; stopped by {stop}")
    ended = stop == "finished" or (space.kind == "sampled" and tried >= wanted(space))
    if ended or args.partial:
        export(space, places)
        say(f"{space.name:18} wrote {places.recorded(space)}")
    if ended and space.kind == "exhaustive" and tried != space.valid:
        say(f"{space.name:18} expected {space.valid} valid configurations, but this machine has {tried}: see "
            "spaces.py")
    return ended


# --- Command line ---------------------------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(prog="record.py", description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--only", metavar="REGEX", help="spaces whose name matches")
    p.add_argument("--list", action="store_true", help="print the spaces and how far they are, and end")
    p.add_argument("--seconds", type=float, metavar="N", help="for the whole run (as many as it takes)")
    p.add_argument("--partial", action="store_true", help="write what there is, complete or not")
    p.add_argument("--seed", type=int, default=0, help="of the random samples (0)")
    p.add_argument("--work", type=pathlib.Path, default=ROOT / "build" / "spaces", metavar="DIR",
                   help="folder of databases and logs (build/spaces)")
    p.add_argument("--output", type=pathlib.Path, default=HERE, metavar="DIR",
                   help="folder of the recorded spaces (benchmarks/spaces)")
    p.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "bin", metavar="DIR",
                   help="folder of chameleon-opt (build/bin)")
    return p


def places_from(args: argparse.Namespace) -> Places:
    """Fails if the programs are not there."""
    for program in ("chameleon-opt", "chameleon-db"):
        if not (args.bin / program).is_file():
            raise Failure(f"expected {program} in {args.bin}, but it is not there; build Chameleon, or give --bin")
    return Places(args.bin.resolve(), args.work.resolve(), args.output.resolve())


def show(chosen: Sequence[spaces.Space], places: Places) -> None:
    """The table of --list."""
    print(f"{'space':18} {'kind':10} {'numerics':8} {'valid':>7} {'tried':>6} {'failed':>6}  file")
    for space in chosen:
        tried, failed = counts(space, places)
        state = "complete" if is_complete(space, places.recorded(space)) else "-"
        print(f"{space.name:18} {space.kind:10} {space.numerics:8} {space.valid:7} {tried:6} {failed:6}  {state}")


@contextlib.contextmanager
def alone(work: pathlib.Path) -> Iterator[None]:
    """Keeps others with this work folder from measuring at the same time: both would measure each other. Fails if
    another one does."""
    work.mkdir(parents=True, exist_ok=True)
    with (work / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(f"expected to measure alone, but another record.py works in {work}; wait until it ends, or "
                          "end it with Ctrl-C or kill: nothing measured is lost") from None
        yield


def record_all(chosen: Sequence[spaces.Space], places: Places, args: argparse.Namespace) -> int:
    """Records one space after the other; gives the exit code."""
    deadline = time.monotonic() + (args.seconds or FOREVER)
    complete = True
    for space in chosen:
        if is_complete(space, places.recorded(space)):
            say(f"{space.name:18} is complete")
            continue
        seconds = deadline - time.monotonic()
        if seconds < LEAST_SECONDS:
            say(f"{space.name:18} not reached")
            complete = False
            continue
        complete = record(space, places, seconds, args) and complete
    return 0 if complete else OUT_OF_TIME


def main(argv: Sequence[str]) -> int:
    """Runs the command line; gives the exit code."""
    args = parser().parse_args(argv)
    for number in (signal.SIGTERM, signal.SIGINT):  # the latter is ignored where a shell started us in the background
        signal.signal(number, signal.default_int_handler)
    try:
        if args.seconds is not None and args.seconds < LEAST_SECONDS:
            raise Failure(f"expected --seconds of at least {LEAST_SECONDS:g}, but got {args.seconds:g}")
        places, chosen = places_from(args), spaces.matching(args.only)
        if args.list:
            show(chosen, places)
            return 0
        with alone(places.work):
            return record_all(chosen, places, args)
    except re.error as error:
        say(f"record.py: expected --only to be a regular expression, but got '{args.only}': {error}")
    except (Failure, ValueError, OSError) as error:
        say(f"record.py: {error}")
    except KeyboardInterrupt:
        say("record.py: interrupted; what was measured is kept, and the same command goes on")
        return INTERRUPTED
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
