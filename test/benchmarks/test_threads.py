# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""threads.py: what a second thread gains. Programs are stood in for by scripts."""
import json
import os
import re

import pytest

import contestants
import threads

OPT = """#!/bin/sh
for word; do last=$word; done
echo tuned > "$last"
"""
BENCH = """#!/bin/sh
begin=$(date +%s%N)
sleep 0.3
echo "$(taskset -p $$) begin $begin end $(date +%s%N) $*" >> "$0.log"
case "$*" in *--threads=2*) ms=2.5;; *) ms=4.0;; esac
echo "{\\"after\\": {\\"median_ms\\": $ms}}"
"""


@pytest.fixture(name="bin_folder")
def fixture_bin_folder(tmp_path, monkeypatch):
    """Programs that do nothing, where there are two cores."""
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("two cores are needed")
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in (("chameleon-opt", OPT), ("chameleon-bench", BENCH)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    make = contestants.Setting
    monkeypatch.setattr(contestants, "Setting", lambda **given: make(**{**given, "build": tmp_path / "build"}))
    return folder


def test_row_by_hand():
    row = threads.make_row("a", {"one_ms": [4.0, 9.0, 4.0], "copies_ms": [5.0] * 3, "two_ms": [2.5] * 3})
    assert (row["one_ms"], row["rounds"]) == (4.0, 3)
    assert row["speedup"] == pytest.approx(1.6) and row["control"] == pytest.approx(1.6)
    assert row["share"] == pytest.approx(1)


def test_a_run(bin_folder, capsys):
    assert threads.main(["networks", "--only=bert", "--rounds=2", "--json", f"--bin={bin_folder}"]) == 0
    text = capsys.readouterr()
    report = json.loads(text.out)
    (row,) = report["rows"]
    assert row["speedup"] == pytest.approx(1.6) and row["control"] == 2 and row["share"] == pytest.approx(0.8)
    assert report["geomean"]["share"] == pytest.approx(0.8) and "share 0.800" in text.err
    calls = (bin_folder / "chameleon-bench.log").read_text().splitlines()
    masks = {line.split("mask: ")[1].split()[0] for line in calls if "--threads=1" in line}
    assert len(calls) == 8 and len(masks) == 2  # of each round: one, both copies, two; copies are on both cores
    times = sorted(tuple(map(int, re.search(r"begin (\d+) end (\d+)", line).groups())) for line in calls)
    assert sum(later < end for (_, end), (later, _) in zip(times, times[1:])) == 2  # only copies run at once


@pytest.mark.parametrize("arguments, message", [
    (["--rounds=0"], "expected --rounds of at least 1, but got 0"),
    (["--seconds=0"], "expected --seconds above 0, but got 0"),
    (["--only=("], "expected --only to be a regular expression, but got '('"),
    (["--only=zzz"], "expected --only to match a case of networks (--list shows them)"),
    (["--bin=/nowhere"], "expected chameleon-opt in /nowhere, but it is not there")])
def test_errors_are_one_line(bin_folder, arguments, message, capsys):
    assert threads.main(["networks", f"--bin={bin_folder}", *arguments]) == 1
    assert capsys.readouterr().err.startswith(f"threads.py: {message}")
