# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The command line of benchmarks/search/run.py, its report, tables and plots, with a program that stands in."""
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree

import pytest

import arms
import replay
from conftest import SEARCH, load_search_run
from test_search_replay import calls, facts, fixture_world  # noqa: F401

run = load_search_run()
needs_numpy = pytest.mark.skipif(importlib.util.find_spec("numpy") is None, reason="benchmarks/search needs numpy")
needs_matplotlib = pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="plots need matplotlib")
OPTIONS = {arm.name: " ".join(arm.options) for arm in arms.ARMS}


def steps(*ns, each=1.0, to=300):
    """A search whose measurements take `each` seconds, the last repeated."""
    times = [*ns, *[ns[-1]] * (to - len(ns))]
    return {"ns": times, "virtual_seconds": [each * (index + 1) for index in range(to)]}


# AutoTVM ends at 2 ms after 100 and 120 s; ours is there after 4 s and 6 s, random never.
SEARCHES = {
    "chameleon": [steps(*[8e6] * 3, 2e6), steps(None, *[8e6] * 4, 1e6)],
    "autotvm": [steps(*[9e6] * 99, 2e6), steps(*[9e6] * 119, 2e6)],
    "random": [steps(9e6, 4e6), steps(9e6, 3e6)],
}


def write_space(world, name, searches=None, **more):
    content = {"facts": facts(**{"configurations": 4000, "best_ns": 1e6, **more}),
               "searches": {OPTIONS[arm]: lines for arm, lines in (searches or SEARCHES).items()}}
    (world / f"{name}.jsonl").write_text(json.dumps(content))


@pytest.fixture(name="cli")
def fixture_cli(world, capsys):  # noqa: F811
    """Runs the command line in a folder of two recorded spaces and a surrogate; gives exit code, report, messages."""
    (world / "space.jsonl").unlink()
    for name in ("alpha", "beta"):
        write_space(world, name)
    write_space(world, "gamma", surrogate=True, configurations=1e6)

    def call(*arguments):
        folders = [f"--bin={world / 'bin'}", f"--spaces={world}", f"--results={world / 'results'}",
                   f"--output={world / 'docs'}"]
        code = run.main([*folders, *arguments])
        captured = capsys.readouterr()
        return code, json.loads(captured.out) if captured.out.startswith("{") else captured.out, captured.err

    call.world = world
    return call


def test_help_defines_the_ratio(capsys):
    with pytest.raises(SystemExit) as end:
        run.main(["--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert "AutoTVM's seeds, of the best time it has when its budget is over" in text and "130 after Ctrl-C" in text
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("arguments, message", [
    (["--first-seed=-1"], "argument --first-seed: expected a whole number from 0 to 2147483648, but got '-1'"),
    (["--seeds=0"], "argument --seeds: expected a whole number from 1 to 1000, but got '0'"),
    (["--measurements=many"], "argument --measurements: expected a whole number from 1 to 100000, but got 'many'"),
    (["--jobs=-1"], "argument --jobs: expected a whole number from 1 to 1024, but got '-1'"),
    (["--only=("], "argument --only: expected a regular expression, but got '('"),
    (["--arms=["], "argument --arms: expected a regular expression, but got '['"),
])
def test_usage(arguments, message, capsys):
    with pytest.raises(SystemExit) as end:
        run.main(arguments)
    assert end.value.code == 2 and message in capsys.readouterr().err


@pytest.mark.parametrize("arguments, message", [
    (["--arms=zzz"], "expected --arms to match an arm (--list shows them), but got 'zzz'"),
    (["--only=zzz"], "expected --only to match a space (--list shows them), but got 'zzz'"),
    (["--bin=/nowhere"], "expected chameleon-replay in /nowhere, but it is not there; build Chameleon, or give --bin"),
    (["--spaces=/nowhere"], "expected recorded spaces (*.jsonl) in /nowhere, but there are none"),
])
def test_errors_are_one_line(cli, arguments, message):
    code, out, err = cli(*arguments)
    assert (code, out) == (1, "") and err.startswith(f"run.py: {message}") and len(err.splitlines()) == 1


def test_without_numpy(monkeypatch, cli, tmp_path):
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("CHAMELEON_BENCH_VENV", str(tmp_path / "none"))
    code, _, err = cli("--quick")
    assert code == 1 and "run.py: expected the Python modules numpy, but numpy is neither installed nor in" in err
    assert err.endswith("run benchmarks/setup.sh search\n") and calls(cli.world) == []


def test_list(cli):
    code, out, _ = cli("--list", "--arms=^auto", "--only=a$")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["autotvm", "autotvm-small-plan", "alpha", "beta", "gamma"]


@needs_numpy
def test_quick(cli):
    code, report, err = cli("--quick", "--json", "--seeds=2")
    assert code == 0
    assert report["spaces"] == ["alpha", "beta"] and report["surrogates"] is None
    assert [row["arm"] for row in report["arms"]] == ["chameleon", "autotvm", "random"]
    # sqrt(100 * 120) by sqrt(4 * 6), on both spaces
    assert report["seconds_ratio_vs_autotvm_geomean"] == pytest.approx((100 * 120 / 24) ** 0.5)
    low, high = report["seconds_ratio_vs_autotvm_interval"]
    assert low == pytest.approx(100 / 6) and high == pytest.approx(120 / 4)
    assert report["seconds_ratio_vs_paper_geomean"] is None
    within = report["vs_autotvm"]["within"]  # steps are wider than the slack: nothing changes
    assert {slack: each["value"] for slack, each in within.items()} == pytest.approx(dict.fromkeys(
        ("1%", "2%", "5%"), report["seconds_ratio_vs_autotvm_geomean"]))
    assert "recorded: to within 1% of it: 22.4 (16.7..30.0), 2%" in err
    # After 64: ours 2 and 1, random 4 and 3, so 2 less in each pair.
    assert report["worst_vs_random"] == pytest.approx(-2) and report["worse_than_random"] == []
    assert "12 searches, 0 of them known" in err and "12/12 searches" in err
    assert "recorded: AutoTVM's final quality in 22.4 (16.7..30.0) times fewer virtual seconds" in err
    assert not (cli.world / "docs").exists()
    assert "12 searches, 12 of them known" in cli("--quick", "--seeds=2")[2]
    assert report["seeds"] == {"chameleon": 2, "autotvm": 2, "random": 2}
    assert report["first_seed"] == 100 and "--seeds=100,101 " in calls(cli.world)[-1]
    assert "12 searches, 6 of them known" in cli("--quick", "--seeds=2", "--first-seed=101")[2]  # 101 is


@needs_numpy
def test_cells_by_hand(cli):
    _, report, _ = cli("--quick", "--json", "--seeds=2", "--only=alpha")
    cell = {each["arm"]: each for each in report["cells"]}
    ours = cell["chameleon"]["reach"]["95%"]
    assert ours["reached"] == 1 and ours["measurements"] == [None, None, None]  # half of it is never
    assert cell["chameleon"]["regret"]["64"] == pytest.approx([1.25, 1.5, 1.75])
    assert cell["chameleon"]["failure_rate"] == pytest.approx(1 / 512)
    assert cell["random"]["reach"]["99%"]["reached"] == 0
    assert cell["autotvm"]["virtual_seconds"] == 256


@needs_numpy
def test_surrogates_are_summed_up_apart(cli):
    searches = {**SEARCHES, "chameleon": [steps(50e6)], "random": [steps(1e6)]}
    write_space(cli.world, "gamma", searches, surrogate=True)
    code, report, err = cli("--arms=^(chameleon|autotvm|random)$", "--seeds=2", "--json")
    assert code == 0
    assert report["spaces"] == ["alpha", "beta"] and report["worst_vs_random"] == pytest.approx(-2)
    assert report["seconds_ratio_vs_autotvm_geomean"] == pytest.approx(500 ** 0.5)
    apart = report["surrogates"]
    assert apart["spaces"] == ["gamma"] and apart["worst_vs_random"] == pytest.approx(49)
    assert apart["worse_than_random"] == ["gamma@64", "gamma@128", "gamma@256"]
    assert apart["vs_autotvm"]["spaces"][0]["our_reached"] == 0
    # Whole searches of 256 s against 100 and 120 s; twice that with the penalty.
    assert apart["seconds_ratio_vs_autotvm_geomean"] == pytest.approx(12000 ** 0.5 / 256)
    assert apart["vs_autotvm"]["penalized"]["value"] == pytest.approx(12000 ** 0.5 / 512)
    assert "surrogates (times of a fitted model): worse than random beyond noise: gamma@64, gamma@128, gamma@256" in err


@needs_numpy
def test_worse_within_noise_is_not_worse(cli):
    # On alpha 3 more in one pair and 1 less in the other: anything from -1 to 3.
    write_space(cli.world, "alpha", {**SEARCHES, "chameleon": [steps(7e6), steps(2e6)]})
    _, report, err = cli("--quick", "--json", "--seeds=2")
    alpha = report["vs_random"][0]
    assert (alpha["space"], alpha["difference"], alpha["interval"], alpha["worse"]) == ("alpha", 1, [-1, 3], False)
    assert report["worst_vs_random"] == pytest.approx(-1)  # the larger one of the lower ends -1 and -2
    assert report["worse_than_random"] == [] and "worse than random beyond noise: nowhere" in err


@needs_numpy
def test_a_budget_beyond_a_quarter_of_the_space_is_cut(cli):
    write_space(cli.world, "alpha", configurations=400)
    _, report, _ = cli("--quick", "--json", "--only=alpha", "--seeds=2")
    assert report["measured"][0]["measurements"] == 100
    assert list(report["cells"][0]["regret"]) == ["64"]
    assert {row["measurements"] for row in report["vs_random"]} == {64}


@needs_numpy
def test_a_small_budget_has_no_regrets_to_report(cli):
    code, report, _ = cli("--quick", "--json", "--seeds=1", "--measurements=20")
    assert code == 0 and report["worst_vs_random"] is None and report["arms"][0]["regret"] == {}
    assert report["seconds_ratio_vs_autotvm_geomean"] == 1  # the first measurement of both is good enough


@needs_matplotlib
def test_a_small_budget_is_written_too(cli):
    assert cli("--quick", "--seeds=1", "--measurements=20", "--write")[0] == 0


@needs_matplotlib
def test_an_arm_that_fails_is_left_out_and_said(cli):
    code, report, err = cli("--arms=^(chameleon|autotvm|random|strategy=sa)$", "--seeds=2", "--json", "--write")
    assert code == 1
    assert [row["arm"] for row in report["arms"]] == ["chameleon", "autotvm", "random"]
    assert len(report["messages"]) == 3 and report["messages"][0].startswith("alpha, strategy=sa: chameleon-replay")
    assert "run.py: beta, strategy=sa: not searched: chameleon-replay exits with 1" in err
    assert "not written, since searches failed" in err and not (cli.world / "docs").exists()


@needs_numpy
def test_every_arm_fails(cli):
    code, out, err = cli("--arms=strategy=sa", "--json")
    assert (code, out) == (1, "") and "every arm failed on some space" in err


@needs_matplotlib
def test_pages_are_the_same_bytes(cli):
    arguments = ["--arms=^(chameleon|autotvm|random)$", "--seeds=2", "--write"]

    def written():
        assert cli(*arguments)[0] == 0
        return {path.name: path.read_bytes() for path in (cli.world / "docs").rglob("*.*")}

    first = written()
    assert sorted(first) == ["arms.svg", "best-so-far-measurements.svg", "best-so-far-seconds.svg", "search-tables.md"]
    assert written() == first
    for name in ("best-so-far-measurements.svg", "best-so-far-seconds.svg"):
        text = "".join(xml.etree.ElementTree.fromstring(first[name]).itertext())
        assert "gamma (surrogate)" in text and "alpha" in text
    assert "surrogates (times of a fitted model)" in first["arms.svg"].decode()
    page = first["search-tables.md"].decode()
    assert "### gamma (surrogate)" in page and "### alpha\n" in page
    assert "## Tasks: surrogates (times of a fitted model)" in page
    assert "| alpha | 2.000 | 100.00 % | 110 | 2/2 | 5.00 | 2/2 | 22.4 (16.7..30.0) | 22.4 |" in page
    assert "| alpha | 64 | -200.00 % | -200.00..-200.00 |  |" in page


@pytest.mark.parametrize("arguments, writes", [
    ([], True), (["--quick"], False), (["--only=a"], False), (["--arms=a"], False), (["--seeds=9"], False),
    (["--seeds=40"], True), (["--measurements=100"], False), (["--json"], True)])
def test_only_a_whole_run_writes_unasked(arguments, writes):
    args = run.parser().parse_args(arguments)
    assert run.leaves_out(args) != writes


@pytest.mark.parametrize("arguments, head_to_head, others", [
    ([], range(100, 140), range(100, 110)), (["--seeds=20"], range(100, 120), range(100, 120)),
    (["--quick"], range(100, 103), range(100, 103)), (["--first-seed=7"], range(7, 47), range(7, 17))])
def test_arms_compared_head_to_head_have_more_seeds(arguments, head_to_head, others):
    args = run.parser().parse_args(arguments)
    for arm in arms.ARMS:
        expected = head_to_head if arm.name in ("chameleon", "chameleon-paper", "autotvm", "random") else others
        assert run.seeds_of(arm, args) == tuple(expected)


@needs_numpy
def test_the_page_says_which_seeds_an_arm_has():
    import tables

    def of(**seeds):
        return tables.seeds_text({"first_seed": 100, "seeds": seeds})

    assert of(one=40, two=40) == "Seeds 100 to 139."
    assert of(one=40, two=10, three=40) == "Seeds 100 to 139 of `one`, `three`, 100 to 109 of the other arms."


def test_progress_tells_what_is_left(cli):
    progress = run.Progress(total=10, known=4)
    progress.made, progress.start = 2, 100.0
    space = replay.Space("alpha", cli.world, "", facts())
    job = replay.Job(arms.ARMS[0], space, (0,), 1)
    assert progress.line(job, 160.0) == "run.py: 6/10 searches, about 2:00 left (alpha, chameleon)"


@needs_numpy
def test_an_interrupt_keeps_what_is_done(cli):
    world = cli.world
    (world / "bin" / "hang").touch()
    command = [sys.executable, SEARCH / "run.py", "--quick", "--only=alpha", "--arms=^chameleon$", "--jobs=1",
               f"--bin={world / 'bin'}", f"--spaces={world}", f"--results={world / 'results'}"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        end = time.monotonic() + 60
        while not list((world / "results").glob("alpha/[!d]*.jsonl")):
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130 and err.endswith("and the same command goes on from there\n")
    assert "Traceback" not in err
    (world / "bin" / "hang").unlink()
    calls(world)
    assert cli("--quick", "--only=alpha", "--arms=^chameleon$")[0] == 0
    assert "--seeds=101,102" in calls(world)[0]
