# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs chameleon-replay, and keeps every line that it prints, so that no search is run twice.

A search is one arm on one space with one seed. Its line is kept in RESULTS/SPACE/KEY.jsonl, a file for all seeds, where
KEY is a hash of all that decides the outcome: the arm's options, the number of measurements, the content of the space's
file, the program and the policy library it opens. Lines are written as they come; a run that was cut off goes on with
the seeds that are missing.
"""
import concurrent.futures
import dataclasses
import hashlib
import json
import os
import pathlib
import re
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from arms import Arm

PROGRAM, POLICY = "chameleon-replay", "libChameleonTorchPolicy.so"
LARGEST_SHARE = 0.25  # of a recorded space that a search may measure

Line = dict[str, Any]  # what chameleon-replay prints about a search


class ReplayError(Exception):
    """Something is missing or did not work; the text says what, and what to do."""


def _digest(*contents: bytes) -> str:
    return hashlib.sha256(b"\0".join(hashlib.sha256(content).digest() for content in contents)).hexdigest()[:24]


@dataclasses.dataclass(frozen=True)
class Tool:
    """chameleon-replay."""

    path: pathlib.Path
    digest: str  # of its content and that of the policy library


def find_tool(folder: pathlib.Path) -> Tool:
    """The program of a folder such as build/bin. Fails if it is not there."""
    path = folder.resolve() / PROGRAM
    if not path.is_file():
        raise ReplayError(f"expected {PROGRAM} in {folder}, but it is not there; build Chameleon, or give --bin")
    policy = pathlib.Path(os.environ.get("CHAMELEON_POLICY_LIBRARY") or path.parent.parent / "lib" / POLICY)
    return Tool(path, _digest(path.read_bytes(), policy.read_bytes() if policy.is_file() else b""))


@dataclasses.dataclass(frozen=True)
class Space:
    """A recorded space, as `chameleon-replay --describe` tells of it."""

    name: str
    path: pathlib.Path
    digest: str  # of the file's content
    facts: Line = dataclasses.field(compare=False)  # they follow from the file

    @property
    def surrogate(self) -> bool:
        """Whether times are those of a fitted model, not of a machine."""
        return self.facts["surrogate"]

    @property
    def best_ns(self) -> float:
        """The fastest time known, in nanoseconds."""
        return self.facts["best_ns"]

    def limit(self, measurements: int) -> int:
        """How many measurements a search may make, of those that are wished for: a quarter of a recorded space."""
        if self.surrogate:
            return measurements
        most = int(self.facts["configurations"] * LARGEST_SHARE)
        if most < 1:
            raise ReplayError(f"expected 4 configurations or more in {self.path}, but it has "
                              f"{self.facts['configurations']:g}")
        return min(measurements, most)


@dataclasses.dataclass(frozen=True)
class Job:
    """The searches of one arm on one space, one for each seed."""

    arm: Arm
    space: Space
    seeds: tuple[int, ...]
    measurements: int

    def file(self, tool: Tool, results: pathlib.Path) -> pathlib.Path:
        """Where its lines are kept."""
        key = _digest(json.dumps([self.arm.options, self.measurements]).encode(), self.space.digest.encode(),
                      tool.digest.encode())
        return results / self.space.name / f"{key}.jsonl"


class Processes:
    """The child processes that run. They do not see the terminal's Ctrl-C: whoever gets it calls `stop`."""

    def __init__(self) -> None:
        self._lock, self._running, self.stopped = threading.Lock(), set[subprocess.Popen](), False

    def stop(self) -> None:
        """Ends all, and lets no other start."""
        with self._lock:
            self.stopped = True
            for process in self._running:
                process.kill()

    def _start(self, command: list[str], errors: Any) -> subprocess.Popen:
        with self._lock:
            if self.stopped:
                raise ReplayError("stopped")
            # Searches side by side: none of them may start threads of its own.
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True,
                                       start_new_session=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
            self._running.add(process)
            return process

    def lines(self, command: Sequence[Any]) -> Iterator[str]:
        """What it prints, as it comes. Fails if it cannot start or does not exit with 0."""
        with tempfile.TemporaryFile("w+") as errors:
            try:
                process = self._start([str(word) for word in command], errors)
            except OSError as error:
                raise ReplayError(f"{command[0]} does not start: {error.strerror}") from None
            with process:
                try:
                    yield from process.stdout
                    process.wait()
                finally:  # whoever reads may have had enough
                    process.kill()
                    process.wait()
                    with self._lock:
                        self._running.discard(process)
            if process.returncode != 0:
                errors.seek(0)
                words = errors.read().strip().splitlines() or ["it said nothing"]
                raise ReplayError(f"{PROGRAM} exits with {process.returncode}: {words[-1][:300]}")


def parse(text: str, keys: Sequence[str]) -> Line:
    """One line of chameleon-replay. Fails if it is no JSON object with these keys."""
    try:
        line = json.loads(text)
    except ValueError:
        line = None
    missing = [key for key in keys if key not in line] if isinstance(line, dict) else list(keys)
    if missing:
        raise ReplayError(f"expected a JSON object with {', '.join(missing)} of {PROGRAM}, but got "
                          f"'{text.strip()[:80]}'")
    return line


SEARCH_KEYS = ("seed", "ns", "virtual_seconds", "search_seconds", "scored", "rank_correlation")


def parse_search(text: str) -> Line:
    """A line about a search. Fails if its numbers make no sense."""
    line = parse(text, SEARCH_KEYS)
    ns, seconds = line["ns"], line["virtual_seconds"]
    if not ns or len(ns) != len(seconds):
        raise ReplayError(f"expected as many times as virtual seconds, and one at least, but got {len(ns)} and "
                          f"{len(seconds)}")
    if min(seconds) <= 0 or any(after < before for before, after in zip(seconds, seconds[1:])):
        raise ReplayError("expected virtual seconds above 0 that never fall")
    if any(time is not None and time <= 0 for time in ns):
        raise ReplayError(f"expected times above 0, but got {min(time for time in ns if time is not None):g}")
    return line


def stored(file: pathlib.Path) -> dict[int, Line]:
    """The searches that a file of lines holds, by seed. A line that was cut off is left out."""
    found = {}
    for text in file.read_text().splitlines() if file.is_file() else ():
        try:
            line = parse_search(text)
        except ReplayError:
            continue
        found[line["seed"]] = line
    return found


def _append(file: pathlib.Path, text: str) -> None:
    """One more line, after one that was cut off too."""
    file.parent.mkdir(parents=True, exist_ok=True)
    whole = not file.is_file() or file.read_bytes()[-1:] in (b"", b"\n")
    with open(file, "a", encoding="utf-8") as out:
        out.write(("" if whole else "\n") + text.rstrip("\n") + "\n")


def missing_seeds(job: Job, tool: Tool, results: pathlib.Path) -> list[int]:
    """The seeds of a job that were not run yet."""
    known = stored(job.file(tool, results))
    return [seed for seed in job.seeds if seed not in known]


def search(job: Job, tool: Tool, results: pathlib.Path, processes: Processes, done: Callable[[Job], None]) -> None:
    """Runs the seeds of a job that are missing; `done` is called after each. Fails if the program does."""
    file, seeds = job.file(tool, results), missing_seeds(job, tool, results)
    if not seeds:
        return
    if find_tool(tool.path.parent).digest != tool.digest:
        raise ReplayError(f"{PROGRAM} changed since this run began; run again")
    command = [tool.path, *job.arm.options, f"--seeds={','.join(map(str, seeds))}",
               f"--measurements={job.measurements}", job.space.path]
    left = set(seeds)
    for text in processes.lines(command):
        left.discard(parse_search(text)["seed"])
        _append(file, text)
        done(job)
    if left:
        raise ReplayError(f"expected a line for each of the seeds {seeds}, but got none for {sorted(left)}")


def search_all(jobs: Sequence[Job], tool: Tool, results: pathlib.Path, workers: int,
               done: Callable[[Job], None]) -> dict[Job, str]:
    """Runs what is missing, `workers` jobs at a time; gives why jobs failed. An interrupt ends all children, and what
    they had finished is kept."""
    processes, failures = Processes(), {}
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        running = {pool.submit(search, job, tool, results, processes, done): job for job in jobs}
        try:
            for future in concurrent.futures.as_completed(running):
                error = future.exception()
                if isinstance(error, ReplayError):
                    failures[running[future]] = str(error)
                elif error:
                    raise error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            processes.stop()
            raise
    return failures


DESCRIBE_KEYS = ("task", "surrogate", "configurations", "best_ns")


def describe(path: pathlib.Path, tool: Tool, results: pathlib.Path, say: Callable[[str], None]) -> Space:
    """What the program knows of a space; kept, since it may take a minute for a surrogate."""
    digest = _digest(path.read_bytes())
    file = results / path.stem / f"described-{_digest(digest.encode(), tool.digest.encode())}.json"
    if not file.is_file():
        say(f"run.py: reading {path.name}")
        text = "".join(Processes().lines([tool.path, "--describe", path]))
        parse(text, DESCRIBE_KEYS)
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_text(text)
        part.replace(file)
    return Space(path.stem, path, digest, parse(file.read_text(), DESCRIBE_KEYS))


def find_spaces(folder: pathlib.Path, pattern: str | None) -> list[pathlib.Path]:
    """Files of recorded spaces whose name matches the regular expression somewhere, in order of their names. Fails if
    none does."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise ReplayError(f"expected recorded spaces (*.jsonl) in {folder}, but there are none; give --spaces, or "
                          "record some with chameleon-opt --chameleon-export-space")
    chosen = [file for file in files if not pattern or re.search(pattern, file.stem)]
    if not chosen:
        raise ReplayError(f"expected --only to match a space (--list shows them), but got '{pattern}'")
    return chosen
