#!/usr/bin/env python3
# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Searches measured live, beside those that `run.py` replays from recordings.

  benchmarks/search/live.py presets --only resnet18_c07 --seeds 0-2      presets on spaces of benchmarks/spaces
  benchmarks/search/live.py warm --source resnet18 --network vgg16       a network without and with another's records
  ... --json                                                             for programs

`presets` runs each arm on the tasks and schedules that were recorded, but measures, and says when it was as good as
`autotvm` is at the end (the median over seeds); a session that never is counts with twice its seconds, but one of
`autotvm` with its seconds: a lower bound, which makes ratios smaller. Arms take turns, so that a slow spell of the
machine falls on all. `warm` tunes the source network once into a database, then the network with and
without a copy of that database. A network's time is the sum of its tasks' best times so far, each times its uses; it
counts from where every task has one. Seconds are those of the session's clock: building, running and searching, on the
cores that the machine has. Everything is kept in the work folder; a session that ended well is not run again unless
chameleon-opt, a schedule, the model or the records that it began with changed. Run on a quiet machine.

exit code: 0 done, 1 something is wrong, 2 a command line that is not understood, 130 interrupted.
"""
from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import math
import pathlib
import re
import shutil
import signal
import statistics
import sys
from collections.abc import Sequence

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks" / "spaces"))

import record  # noqa: E402  pylint: disable=wrong-import-position
import replay  # noqa: E402  pylint: disable=wrong-import-position
import schedules  # noqa: E402  pylint: disable=wrong-import-position
import spaces  # noqa: E402  pylint: disable=wrong-import-position

WORKLOADS = ROOT / "benchmarks" / "workloads"
ARMS = {
    "chameleon": "preset=chameleon",
    "autotvm": "preset=autotvm",
    "chameleon-paper": "preset=chameleon-paper",
    "random": "preset=autotvm strategy=random sampler=all cost-model=none",
}
RIVAL = "autotvm"
PENALTY = 2  # of a search that never gets there
NEAR = 1.05  # of the best: good enough
SCHEMA_VERSION = 1


class Failure(Exception):
    """Nothing can be compared; the text says why."""


def say(text: str) -> None:
    """For people."""
    print(text, file=sys.stderr, flush=True)


@dataclasses.dataclass(frozen=True)
class Point:
    """After a measurement that made the whole faster."""

    seconds: float
    measurements: int
    ns: float


@dataclasses.dataclass(frozen=True)
class Curve:
    """One session: how fast the whole was when."""

    points: tuple[Point, ...]
    measurements: int
    seconds: float

    def best(self) -> float:
        """In nanoseconds, at the end."""
        return self.points[-1].ns

    def first(self, ns: float) -> Point | None:
        """The first point that is at least as fast as `ns`."""
        return next((point for point in self.points if point.ns <= ns), None)


def call(command: Sequence[str | pathlib.Path], name: str) -> None:
    """Runs chameleon-opt to its end. Fails if it does."""
    with record.session(command) as child:
        errors = child.stderr.read()
    if child.returncode != 0:
        raise Failure(f"{name}: chameleon-opt failed: {errors.strip()[-500:]}")


@dataclasses.dataclass(frozen=True)
class Session:
    """One call of chameleon-opt, kept in files of its name."""

    name: str
    model: pathlib.Path
    options: str
    source: pathlib.Path | None = None  # database to begin with a copy of
    schedule: pathlib.Path | None = None  # in place of those that ship

    def digest(self, program: pathlib.Path) -> str:
        """Of all that decides what it does."""
        shipped = sorted((ROOT / "schedules").rglob("*.mlir"))
        parts = (program.parent / "chameleon-worker", program.parent.parent / "lib" / replay.POLICY)
        files = [program, *filter(pathlib.Path.is_file, parts), self.model]
        files += [self.schedule] if self.schedule else shipped
        files += [self.source] if self.source else []
        contents = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
        return hashlib.sha256(" ".join([self.options, *contents]).encode()).hexdigest()[:24]

    def run(self, program: pathlib.Path, work: pathlib.Path) -> Curve:
        """Runs it unless it ended well before."""
        log, report, database = (work / f"{self.name}.{kind}" for kind in ("jsonl", "report.json", "db"))
        digest, noted = self.digest(program), work / f"{self.name}.digest"
        if not report.is_file() or not noted.is_file() or noted.read_text() != digest:
            report.unlink(missing_ok=True)
            for path in (log, *work.glob(f"{database.name}*")):
                path.unlink(missing_ok=True)
            if self.source:
                shutil.copy(self.source, database)
            say(f"{self.name} ...")
            unfinished = report.with_suffix(".part")
            chosen = f"schedules={self.schedule} " if self.schedule else ""
            call([program, self.model, f"--auto-tune={self.options} {chosen}database={database} log={log} "
                  f"report={unfinished}", "-o", "/dev/null"], self.name)
            noted.write_text(digest)
            unfinished.rename(report)
        try:
            curve = read_curve(log, json.loads(report.read_text()))
        except (Failure, ValueError):
            report.unlink()  # run it again
            raise
        say(f"{self.name:44} {curve.best() / 1e6:9.3f} ms after {curve.measurements} measurements, "
            f"{curve.seconds:.0f} s")
        return curve


def read_curve(log: pathlib.Path, report: dict) -> Curve:
    """From the events of a session. Fails if some task was not reached, or never worked."""
    events = [event for event in map(json.loads, log.read_text().splitlines())
              if event["event"] == "measured" and event["role"] in ("default", "candidate")]
    measured = {event["task"] for event in events}
    weights = {task["key"]: task["weight"] for task in report["tasks"]}
    best: dict[str, float] = {  # what the database knew before is as fast from the start
        task["key"]: task["best_ns"] for task in report["tasks"] if task["key"] not in measured and task.get("best_ns")}
    points: list[Point] = []
    measurements, seconds = 0, 0.0
    for event in events:
        measurements, seconds = measurements + 1, event["seconds"]
        key, ns = event["task"], event["median_ns"]
        if ns is None or ns >= best.get(key, math.inf):
            continue
        best[key] = ns
        if best.keys() >= weights.keys():
            points.append(Point(seconds, measurements, sum(weights[task] * best[task] for task in weights)))
    if not points:
        raise Failure(f"expected {log} to have a time of each of {len(weights)} tasks, but it has them of {len(best)}; "
                      "give more seconds or measurements")
    return Curve(tuple(points), measurements, seconds)


def parse_seeds(text: str) -> list[int]:
    """Of "3", "0-2" or "0,2"."""
    if not re.fullmatch(r"\d+(-\d+)?(,\d+(-\d+)?)*", text):
        raise argparse.ArgumentTypeError(f"expected seeds such as 3, 0-2 or 0,2, but got '{text}'")
    parts = [[int(end) for end in part.split("-")] for part in text.split(",")]
    seeds = [seed for part in parts for seed in range(part[0], part[-1] + 1)]
    if any(part[0] > part[-1] for part in parts) or len(set(seeds)) != len(seeds):
        raise argparse.ArgumentTypeError(f"expected distinct seeds from low to high, but got '{text}'")
    return seeds


def positive(text: str) -> float:
    """A number above 0, whole if it is written so."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number above 0, but got '{text}'")
    return int(number) if number == int(number) else number


def geomean(values: Sequence[float]) -> float:
    """Of positive numbers."""
    return math.exp(statistics.fmean(math.log(value) for value in values))


# --- Presets on single operations -----------------------------------------------------------------------------------


def compare_presets(args: argparse.Namespace, program: pathlib.Path) -> dict:
    """Rows: one for each space and arm."""
    arms = [name for name in ARMS if re.search(args.arms, name) or name == RIVAL]
    rows = []
    for space in spaces.matching(args.only):
        schedule = args.work / f"{space.name}.mlir"
        schedule.write_text(schedules.derive(space.derivation))
        curves: dict[str, list[Curve]] = {name: [] for name in arms}
        for seed in args.seeds:
            for arm in arms:
                options = (f"{ARMS[arm]} seed={seed} numerics={space.numerics} constant-args={space.constant_args} "
                           f"budget-measurements={args.measurements} budget-seconds={args.seconds}")
                name = f"{space.name}.{args.measurements}.{args.seconds}.{arm}.{seed}"
                session = Session(name, WORKLOADS / "ops" / f"{space.op}.mlir", options, schedule=schedule)
                curves[arm].append(session.run(program, args.work))
        target = statistics.median(curve.best() for curve in curves[RIVAL])
        ends = {arm: [reach(curve, target, 1 if arm == RIVAL else PENALTY) for curve in of]
                for arm, of in curves.items()}
        spent = {arm: [end.seconds for end in of] for arm, of in ends.items()}
        for arm, of in curves.items():
            rows.append({"case": space.name, "arm": arm, "target_ms": target / 1e6,
                         "best_ms": [curve.best() / 1e6 for curve in of], "seconds": spent[arm],
                         "measurements": [end.measurements for end in ends[arm]],
                         "reached": sum(curve.first(target) is not None for curve in of), "seeds": len(of),
                         "seconds_ratio": geomean(spent[RIVAL]) / geomean(spent[arm])})
    return {"rows": rows, "geomean": {arm: geomean([row["seconds_ratio"] for row in rows if row["arm"] == arm])
                                      for arm in arms}}


def reach(curve: Curve, target: float, penalty: float = PENALTY) -> Point:
    """Where it is as good as the target; if it never is, its end with `penalty` times its seconds and measurements."""
    return curve.first(target) or Point(penalty * curve.seconds, penalty * curve.measurements, curve.best())


def show_presets(found: dict) -> None:
    """A table."""
    print("case, arm: best ms of each seed; seconds and measurements until as good as autotvm's final median; "
          "seconds of autotvm by those (geometric means)")
    for row in found["rows"]:
        print(f"{row['case']:18} {row['arm']:16} {' '.join(f'{ms:8.3f}' for ms in row['best_ms'])}  "
              f"{statistics.median(row['seconds']):6.1f} s {statistics.median(row['measurements']):5.0f}  reached "
              f"{row['reached']}/{row['seeds']}  {row['seconds_ratio']:5.2f}x")
    print("all: " + ", ".join(f"{arm} {ratio:.2f}x" for arm, ratio in found["geomean"].items()))


# --- Warm starts on networks ----------------------------------------------------------------------------------------


def compare_starts(args: argparse.Namespace, program: pathlib.Path) -> dict:
    """Rows: one for each seed."""
    def model(name: str) -> pathlib.Path:
        path = WORKLOADS / "models" / f"{name}.mlir"
        if not path.is_file():
            names = ", ".join(sorted(found.stem for found in path.parent.glob("*.mlir")))
            raise Failure(f"expected a network ({names}), but got '{name}'")
        return path

    common = f"numerics={args.numerics} budget-seconds={args.seconds}"
    source = f"{args.source}.{args.numerics}.{args.seconds}"
    Session(source, model(args.source), f"{common} seed=0").run(program, args.work)
    rows = []
    for seed in args.seeds:
        cold, warm = (
            Session(f"{args.network}.{args.numerics}.{args.seconds}.{kind}.{seed}", model(args.network),
                    f"{common} seed={seed}", database).run(program, args.work)
            for kind, database in (("cold", None), (f"after-{args.source}", args.work / f"{source}.db")))
        good = NEAR * cold.best()
        rows.append({"seed": seed, "cold_ms": cold.best() / 1e6, "warm_ms": warm.best() / 1e6, "good_ms": good / 1e6,
                     "cold_seconds": reach(cold, good).seconds, "warm_seconds": reach(warm, good).seconds,
                     "warm_reached": warm.first(good) is not None,
                     "cold_measurements": reach(cold, good).measurements,
                     "warm_measurements": reach(warm, good).measurements})
    return {"rows": rows, "geomean": geomean([row["cold_seconds"] / row["warm_seconds"] for row in rows]),
            "missed": sum(not row["warm_reached"] for row in rows)}


def show_starts(found: dict) -> None:
    """A table."""
    print("seed: best ms from nothing, with records; seconds (measurements) to within 5 % of the former's best")
    for row in found["rows"]:
        warm = f"{row['warm_seconds']:.0f} s ({row['warm_measurements']})" if row["warm_reached"] else "never"
        print(f"{row['seed']:4}: {row['cold_ms']:9.3f} {row['warm_ms']:9.3f}   {row['cold_seconds']:.0f} s "
              f"({row['cold_measurements']}), {warm}   {row['cold_seconds'] / row['warm_seconds']:.2f}x")
    print(f"saving: {found['geomean']:.2f}x fewer seconds (geometric mean; {found['missed']} never got there, and "
          "count with twice their session)")


# --- Command line ---------------------------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(prog="live.py", description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=("presets", "warm"))
    p.add_argument("--only", default="^(bert_m01|resnet18_c06)$", metavar="REGEX",
                   help="presets: spaces whose name matches")
    p.add_argument("--arms", default=".", metavar="REGEX", help=f"presets: of {', '.join(ARMS)}; {RIVAL} always is one")
    p.add_argument("--measurements", type=positive, default=192, metavar="N", help="presets: of each session (192)")
    p.add_argument("--source", default="resnet18", help="warm: network of the records")
    p.add_argument("--network", default="vgg16", help="warm: network that is tuned")
    p.add_argument("--seeds", type=parse_seeds, default=[0, 1, 2], metavar="LIST", help="such as 0-2 (the default)")
    p.add_argument("--seconds", type=positive, default=300, metavar="N", help="of each session, at most (300)")
    p.add_argument("--numerics", default="fast", choices=("strict", "accurate", "fast"),
                   help="warm: (fast)")
    p.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "bin", metavar="DIR",
                   help="folder of chameleon-opt (build/bin)")
    p.add_argument("--work", type=pathlib.Path, default=ROOT / "build" / "search-live", metavar="DIR",
                   help="folder of logs, reports and databases (build/search-live)")
    p.add_argument("--json", action="store_true", help="print the numbers as JSON")
    return p


def main(argv: Sequence[str]) -> int:
    """Runs the command line; gives the exit code."""
    args = parser().parse_args(argv)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    program = args.bin.resolve() / "chameleon-opt"
    try:
        if not program.is_file():
            raise Failure(f"expected chameleon-opt in {args.bin}, but it is not there; build Chameleon, or give --bin")
        args.work.mkdir(parents=True, exist_ok=True)
        presets = args.what == "presets"
        found = (compare_presets if presets else compare_starts)(args, program)
        if args.json:
            print(json.dumps({"schema_version": SCHEMA_VERSION, "what": args.what, **found}, indent=2))
        else:
            (show_presets if presets else show_starts)(found)
        return 0
    except re.error as error:
        say(f"live.py: expected a regular expression, but: {error}")
    except (Failure, ValueError, OSError) as error:
        say(f"live.py: {error}")
    except KeyboardInterrupt:
        say("live.py: interrupted; sessions that ended are kept, and the same command goes on")
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
