# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The suite of exported networks. What needs torch or torch-mlir is skipped where the peers' environment lacks them;
elsewhere a script stands in for its Python."""
import json
import os
import pathlib
import re
import subprocess

import pytest

import cases
import contestants
import run
from conftest import ROOT
from test_run import BENCH, OPT, program

PEERS = ROOT / "benchmarks" / "cpu" / "peers"
WORKLOADS = ROOT / "benchmarks" / "workloads"
# Counts its calls; writes what export.py is asked for, and is PyTorch that serves samples.
PYTHON = """#!/bin/sh
echo "$@" >> "$0.log"
case $1 in
*export.py) echo 'func.func @main(%x: tensor<2x1x4000xf32>) -> tensor<2x128xf32>' > "$3";;
*) echo "ready 2.0"; while read -r _; do echo 3.0; done;;
esac
"""


@pytest.fixture(name="folder")
def fixture_folder(tmp_path, monkeypatch):
    """Everything that is written goes there; programs of ours are stood in for."""
    program(tmp_path / "bin", "chameleon-opt", OPT)
    program(tmp_path / "bin", "chameleon-bench", BENCH)
    monkeypatch.setenv("CHAMELEON_BENCH_VENV", str(tmp_path / "venv"))
    monkeypatch.setattr(cases, "EXPORTED_FOLDER", tmp_path / "exported")
    make = contestants.Setting
    monkeypatch.setattr(contestants, "Setting", lambda **given: make(**{**given, "build": tmp_path / "build"}))
    return tmp_path


def python_of(folder, text):
    """An environment of peers whose Python is this script."""
    program(folder / "venv" / "bin", "python", text)


def quick(folder, *more):
    """The arguments of a short run."""
    return ["exported", "--quick", "--json", f"--bin={folder / 'bin'}", *more]


def test_list_exports_nothing(folder, capsys):
    assert run.main(["exported", "--list", "--only=^(gpt|res)"]) == 0
    assert capsys.readouterr().out.split() == ["resnet50", "resnext50_32x4d", "resnet18_bf16", "gpt"]
    assert not (folder / "exported").exists()


def test_names_are_of_one_suite_and_have_a_definition():
    assert not set(cases.EXPORTED) & set(cases.NETWORKS) and len(set(cases.EXPORTED)) == len(cases.EXPORTED)
    own = re.findall(r'^    "(\w+)": \(\w+, lambda', (PEERS / "architectures.py").read_text(), re.M)
    assert {"gpt", "unet", "conv3d"} < set(own) < {*cases.EXPORTED, *cases.NETWORKS}


@pytest.mark.parametrize("suite, name, images", [
    ("exported", "resnet50", True), ("exported", "unet", True), ("exported", "conv3d", False),
    ("exported", "gpt", False), ("networks", "vgg16", True), ("networks", "bert_block", False),
    ("ops", "resnet18_c03_conv3x3s2_64x56x56_128", False)])
def test_layouts_are_for_networks_that_take_images(suite, name, images):
    case, = cases.find(suite, WORKLOADS, f"^{name}$")
    assert case.takes_images == images


def test_only_that_matches_nothing():
    with pytest.raises(ValueError, match="expected --only to match a case of exported .* but got 'alexnet'"):
        cases.find("exported", WORKLOADS, "alexnet")


def test_a_module_is_exported_once_and_torch_runs_the_same_network(folder, capsys):
    python_of(folder, PYTHON)
    assert run.main(quick(folder, "--only=conv1d")) == 0
    row, = json.loads(capsys.readouterr().out)["rows"]
    assert row["peers"] == {"torch_eager": 3.0, "torch_inductor": 3.0} and row["ratio"] == 1.5
    log, module = folder / "venv" / "bin" / "python.log", folder / "exported" / "conv1d.mlir"
    first, *served = log.read_text().splitlines()
    assert first == f"{PEERS / 'export.py'} conv1d {module}"
    assert served == [f"{PEERS / 'torch_networks.py'} given conv1d {variant} 1" for variant in ("eager", "inductor")]
    assert run.main(quick(folder, "--only=conv1d", "--peers=none")) == 0
    assert len(log.read_text().splitlines()) == 3
    os.utime(module, (1, 1))  # older than the definitions
    assert run.main(quick(folder, "--only=conv1d", "--peers=none")) == 0
    assert len(log.read_text().splitlines()) == 4 and module.stat().st_mtime > 1


def test_committed_networks_are_folded(folder):
    python_of(folder, PYTHON)
    assert run.main(["networks", "--only=resnet18", "--peers=torch", "--quick", f"--bin={folder / 'bin'}"]) == 0
    assert f"{PEERS / 'torch_networks.py'} folded resnet18 channels_last 1" in (
        folder / "venv" / "bin" / "python.log").read_text()


@pytest.mark.parametrize("text, message", [
    (None, r"what exports its module is not installed \(there is no .*\); run benchmarks/setup.sh torch torch_mlir"),
    ("Traceback:\n  from torch_mlir import fx\nModuleNotFoundError: No module named 'torch_mlir'",
     r"what exports its module is not installed \(No module named 'torch_mlir'\); run benchmarks/setup.sh torch"),
    ("error: RuntimeError: failed to legalize", "its module is not exported: python exits with 1: error: RuntimeError"),
])
def test_a_module_that_is_not_exported_is_null_and_said(folder, text, message, capsys):
    if text:
        python_of(folder, f"#!/bin/sh\ncat >&2 <<'END'\n{text}\nEND\nexit 1\n")
    assert run.main(quick(folder, "--only=^gpt$", "--peers=none")) == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out)["rows"][0]["ours_ms"] is None
    assert re.search(f"gpt: ours, default: not measured: {message}", captured.err)


def test_iree_does_not_take_part(folder, capsys):
    python_of(folder, PYTHON)
    assert run.main(quick(folder, "--only=gpt", "--peers=iree,torch")) == 0
    assert "iree: not measured: it does not take part in exported" in capsys.readouterr().err


def in_environment(*words):
    """What the Python of the peers' environment does with these words; skips where it lacks packages."""
    python = run.environment_of_peers() / "bin" / "python"
    if not python.exists():
        pytest.skip("there is no environment of peers")
    done = subprocess.run([python, *words], capture_output=True, text=True, cwd=PEERS, check=False,
                          env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    if "No module named" in done.stderr:
        pytest.skip(done.stderr.splitlines()[-1])
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_name_is_a_network():
    program_text = ("import sys, architectures as a, torchvision as t\n"
                    "for name in sys.argv[1:]:\n"
                    "  base = name.removesuffix('_bf16')\n"
                    "  assert name in a.OWN or callable(getattr(t.models, base)), name\n")
    in_environment("-c", program_text, *cases.EXPORTED, *cases.NETWORKS)


def test_an_export_has_its_weights_as_arguments(tmp_path):
    path = pathlib.Path(tmp_path) / "gpt.mlir"
    in_environment(PEERS / "export.py", "gpt", path)
    arguments = cases.arguments_of(path.read_text())
    assert arguments[0] == "1x64xi64" and "1152x384xf32" in arguments
    assert path.stat().st_size < 100_000 and list(tmp_path.iterdir()) == [path]
