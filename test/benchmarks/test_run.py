# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The command line of run.py, and how it goes on without a peer. Programs are stood in for by scripts."""
import json
import os
import sys

import pytest

import cases
import contestants
import run
from conftest import ROOT

# Counts its calls, and writes what -o names.
OPT = """#!/bin/sh
echo "$2" >> "$0.log"
for word; do last=$word; done
echo 'algorithm = "winograd"' > "$last"
"""
BENCH = """#!/bin/sh
echo '{"outputs_agree": true, "before": {"median_ms": 4.0}, "after": {"median_ms": 2.0}}'
"""


def program(folder, name, text):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


@pytest.fixture(name="bin_folder")
def fixture_bin_folder(tmp_path, monkeypatch):
    """Programs that do nothing, and an environment without peers."""
    program(tmp_path / "bin", "chameleon-opt", OPT)
    program(tmp_path / "bin", "chameleon-bench", BENCH)
    monkeypatch.setenv("CHAMELEON_BENCH_VENV", str(tmp_path / "venv"))
    make = contestants.Setting
    monkeypatch.setattr(contestants, "Setting", lambda **given: make(**{**given, "build": tmp_path / "build"}))
    return tmp_path / "bin"


def test_help_names_the_ratio(capsys):
    with pytest.raises(SystemExit) as end:
        run.main(["--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert "best peer's time / ours: above 1 ours is faster" in text
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("arguments, message", [
    (["ops", "--only=zzz"], "expected --only to match a case of ops (--list shows them), but got 'zzz'"),
    (["ops", "--only=("], "expected --only to be a regular expression, but got '('"),
    (["ops", "--peers=tvm"], "expected --peers to list some of onednn, openblas, iree, metaschedule, or none"),
    (["ops", "--seconds=0"], "expected --seconds above 0, but got 0"),
    (["networks", "--measure-mode=cold"], "expected ops with --measure-mode=cold: a network is larger than the caches"),
    (["ops", "--bin=/nowhere"], "expected chameleon-opt in /nowhere, but it is not there"),
])
def test_errors_are_one_line(arguments, message, capsys):
    assert run.main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith(f"run.py: {message}")
    assert len(captured.err.splitlines()) == 1


def test_unknown_suite_is_an_error_of_usage():
    with pytest.raises(SystemExit) as end:
        run.main(["gpus"])
    assert end.value.code == 2


def test_without_an_environment(bin_folder, capsys):
    assert run.main(["networks", f"--bin={bin_folder}"]) == 1
    assert "run benchmarks/setup.sh, or give --peers=none" in capsys.readouterr().err


def test_list(capsys):
    assert run.main(["networks", "--list", "--only=net"]) == 0
    assert capsys.readouterr().out.split() == ["resnet18", "alexnet", "mobilenet_v2"]


def test_ours_alone(bin_folder, capsys):
    assert run.main(["networks", "--only=resnet18", "--peers=none", "--quick", "--json", f"--bin={bin_folder}"]) == 0
    report = json.loads(capsys.readouterr().out)
    row, = report["rows"]
    assert (row["ours_ms"], row["default_ms"], row["naive_ms"], row["rounds"]) == (2.0, 4.0, None, 3)
    assert row["peers"] == {} and report["geomean"] is None
    assert row["winograd_tasks"] == 1
    assert report["machine"]["threads"] == 1 and report["machine"]["pinned_to"]


def test_what_was_tuned_is_kept(bin_folder):
    def calls(*more):
        log = bin_folder / "chameleon-opt.log"
        log.unlink(missing_ok=True)
        assert run.main(["networks", "--only=bert", "--peers=none", "--quick", f"--bin={bin_folder}", *more]) == 0
        return log.read_text().splitlines() if log.exists() else []

    tuning, applying = calls("--seconds=30")
    assert tuning.startswith("--auto-tune=budget-seconds=30 ") and "numerics=accurate threads=1" in tuning
    assert applying == "--chameleon-apply=threads=1"
    assert not calls("--seconds=30") and not calls("--seconds=10")
    assert len(calls("--seconds=60")) == 2  # more seconds go on from the database
    assert len(calls("--seconds=60", "--numerics=strict")) == 2
    assert "seed=0 database=" in tuning and "tune.db numerics" in tuning
    database = bin_folder.parent / "build" / "tuned" / "bert_block.accurate-1-seed2.db"
    database.write_text("left by an earlier run")
    seeded, _ = calls("--seconds=60", "--seed=2")  # starts from nothing
    assert not database.exists()
    assert "seed=2 database=" in seeded and "bert_block.accurate-1-seed2.db numerics" in seeded
    last, tuned, _ = calls("--seconds=60", "--layout=channels-last")  # beside what was tuned as given
    assert last == "--chameleon-channels-last" and tuned.startswith("--auto-tune=")
    assert (bin_folder.parent / "build" / "tuned" / "bert_block.accurate-1-last.applied.mlir").exists()
    os.utime(bin_folder / "chameleon-opt", (1, 1))  # another build
    assert len(calls("--seconds=60")) == 2


def test_a_peer_that_is_not_installed_is_null_and_said(bin_folder, tmp_path, capsys):
    program(tmp_path / "venv" / "bin", "python", "#!/bin/sh\necho 'error ModuleNotFoundError: No module named torch'\n")
    arguments = ["networks", "--only=bert", "--peers=torch,iree,onednn", "--quick", "--json", f"--bin={bin_folder}"]
    assert run.main(arguments) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["rows"][0]["peers"] == dict.fromkeys(
        ["torch_eager", "torch_inductor", "iree_default", "iree_data_tiling"])
    assert "onednn: not measured: it does not take part in networks" in captured.err
    assert "torch_eager: not measured: not installed" in captured.err
    assert "iree_default: not measured: not installed; run benchmarks/setup.sh iree" in captured.err


def test_ours_that_fails_is_null_and_the_exit_code_1(bin_folder, capsys):
    program(bin_folder, "chameleon-opt", "#!/bin/sh\necho 'x.mlir:1:1: error: no' >&2\nexit 1\n")
    assert run.main(["networks", "--only=bert", "--peers=none", "--quick", "--json", f"--bin={bin_folder}"]) == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out)["rows"][0]["ours_ms"] is None
    assert "ours, default: not measured: chameleon-opt exits with 1: x.mlir:1:1: error: no" in captured.err


@pytest.fixture(name="serve")
def fixture_serve(tmp_path):
    """Makes a served contestant of Python text; sampling.py is there to import."""
    setting = contestants.Setting(bin=tmp_path, venv=tmp_path, build=tmp_path / "build",
                                  cores=(max(os.sched_getaffinity(0)),))
    case, = cases.find("networks", ROOT / "benchmarks" / "workloads", "resnet18")
    made = []

    def make(text):
        script = tmp_path / f"peer{len(made)}.py"
        path = str(ROOT / "benchmarks" / "cpu" / "peers")
        script.write_text(f"import sys\nsys.path.insert(0, {path!r})\nsys.dont_write_bytecode = True\n{text}")
        made.append(contestants.Served(setting, case, "peer", "peer", [sys.executable, script], start_seconds=60))
        return made[-1]

    yield make
    for contestant in made:
        contestant.close()


def test_a_served_peer_takes_samples_when_asked(serve):
    peer = serve("import time\nfrom sampling import serve\nprint('hello')\n"
                 "serve(lambda: (lambda: time.sleep(0.002), '1.2 of this'))")
    peer.start()
    assert peer.version == "1.2 of this"
    for _ in range(2):
        assert 2.0 <= peer.sample()["peer"] < 200.0


@pytest.mark.parametrize("text, message", [
    ("from sampling import serve\nserve(lambda: 1 / 0)", "ZeroDivisionError: division by zero"),
    ("sys.exit(3)", "exit code 3"),
    ("from sampling import serve\nserve(lambda: __import__('nothing_like_it'))", "run benchmarks/setup.sh"),
])
def test_a_served_peer_that_fails_says_why(serve, text, message):
    with pytest.raises(contestants.NotMeasured, match=message):
        serve(text).start()
