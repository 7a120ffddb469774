# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The arms, and how searches are run once and kept. No statistics, so no numpy."""
import json
import pathlib
import sys

import pytest

import arms
import replay

HERE = pathlib.Path(__file__).resolve().parent
ARM = arms.Arm("one", "test", "an arm", ("--preset=one",))
LINES = [{"ns": [4e6, None, 2e6], "virtual_seconds": [0.5, 1.0, 2.0]}, {"ns": [3e6], "virtual_seconds": [0.25]}]


def facts(**more):
    return {"task": "matmul m=4", "surrogate": False, "configurations": 400, "best_ns": 2e6, **more}


@pytest.fixture(name="world")
def fixture_world(tmp_path):
    """A folder with the program, a space, and results."""
    program = tmp_path / "bin" / replay.PROGRAM
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{(HERE / 'fake_replay.py').read_text()}")
    program.chmod(0o755)
    (tmp_path / "space.jsonl").write_text(json.dumps({"facts": facts(), "searches": {"--preset=one": LINES}}))
    return tmp_path


def calls(world):
    log = world / "bin" / "calls.log"
    text = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    return text


def job_of(world, seeds=(0, 1), measurements=3, arm=ARM):
    tool = replay.find_tool(world / "bin")
    space = replay.describe(world / "space.jsonl", tool, world / "results", lambda text: None)
    return replay.Job(arm, space, tuple(seeds), measurements), tool


def search(world, **options):
    """The seeds that were run, and what is kept of them; a failure is a text."""
    job, tool = job_of(world, **options)
    calls(world)
    done = []
    failures = replay.search_all([job], tool, world / "results", 2, lambda job: done.append(job.arm.name))
    kept = replay.stored(job.file(tool, world / "results"))
    return failures.get(job) or (calls(world), kept)


def test_table_of_arms():
    names, options = [arm.name for arm in arms.ARMS], [arm.options for arm in arms.ARMS]
    assert len(names) <= arms.MOST_ARMS
    assert len(set(names)) == len(names) and len(set(options)) == len(options)
    assert {*arms.QUICK, *arms.CURVES} <= set(names)
    assert all(arm.about and arm.options for arm in arms.ARMS)


def test_arms_are_selected_in_order():
    assert [arm.name for arm in arms.select("^random$|^auto")] == ["autotvm", "autotvm-small-plan", "random"]
    assert [arm.name for arm in arms.quick()] == ["chameleon", "autotvm", "random"]
    with pytest.raises(arms.UnknownArm, match="expected --arms to match an arm .* but got 'zzz'"):
        arms.select("zzz")


def test_searches_are_kept_and_not_run_again(world):
    ran, kept = search(world)
    assert ran == [f"--preset=one --seeds=0,1 --measurements=3 {world}/space.jsonl"]
    assert kept[0]["ns"] == [4e6, None, 2e6] and kept[1]["virtual_seconds"] == [0.25]
    assert search(world) == ([], kept)


def test_only_seeds_that_are_missing_are_run(world):
    search(world)
    ran, kept = search(world, seeds=range(4))
    assert "--seeds=2,3" in ran[0] and sorted(kept) == [0, 1, 2, 3]


def test_a_line_that_was_cut_off_is_run_again(world):
    search(world)
    job, tool = job_of(world)
    file = job.file(tool, world / "results")
    file.write_text(file.read_text()[:-20])
    ran, kept = search(world)
    assert "--seeds=1" in ran[0] and sorted(kept) == [0, 1]
    assert search(world)[0] == []


@pytest.mark.parametrize("change", [
    lambda world: {"measurements": 2},
    lambda world: {"arm": arms.Arm("one", "test", "other options", ("--preset=one", "--seeds=9"))},
    lambda world: (world / "space.jsonl").write_text((world / "space.jsonl").read_text() + "\n") and {},
    lambda world: (world / "bin" / replay.PROGRAM).write_text(
        (world / "bin" / replay.PROGRAM).read_text() + "# built anew\n") and {},
    lambda world: [(world / "lib").mkdir(), (world / "lib" / replay.POLICY).write_text("a policy")] and {},
])
def test_what_decides_the_outcome_is_part_of_the_key(world, change):
    search(world)
    ran, _ = search(world, **change(world))
    assert len(ran) == 1


def test_an_arm_of_another_name_shares_its_searches(world):
    search(world)
    assert search(world, arm=arms.Arm("two", "test", "the same options", ARM.options))[0] == []


def test_a_program_that_fails_says_why(world):
    failure = search(world, arm=arms.Arm("bad", "test", "-", ("--strategy=zzz",)))
    assert failure == ("chameleon-replay exits with 1: chameleon-replay: error: expected a strategy, but got "
                       "'--strategy=zzz'")


def test_a_program_that_was_built_anew_meanwhile_is_not_mixed_in(world):
    job, tool = job_of(world)
    program = world / "bin" / replay.PROGRAM
    program.write_text(program.read_text() + "# built anew\n")
    failures = replay.search_all([job], tool, world / "results", 1, lambda job: None)
    assert failures[job] == "chameleon-replay changed since this run began; run again"
    assert not job.file(tool, world / "results").exists()


def test_seeds_that_do_not_come_are_missed(world):
    program = world / "bin" / replay.PROGRAM
    program.write_text(program.read_text().replace('numbers["seeds"].split(",")', 'numbers["seeds"][:1]'))
    assert search(world) == "expected a line for each of the seeds [0, 1], but got none for [1]"


@pytest.mark.parametrize("line, message", [
    ({"ns": [1.0], "virtual_seconds": [1.0, 2.0]}, "as many times as virtual seconds, .* but got 1 and 2"),
    ({"ns": [], "virtual_seconds": []}, "one at least, but got 0 and 0"),
    ({"ns": [1.0, 1.0], "virtual_seconds": [2.0, 1.0]}, "expected virtual seconds above 0 that never fall"),
    ({"ns": [1.0], "virtual_seconds": [0.0]}, "expected virtual seconds above 0"),
    ({"ns": [0.0], "virtual_seconds": [1.0]}, "expected times above 0, but got 0"),
])
def test_lines_that_make_no_sense(line, message):
    rest = {"seed": 0, "search_seconds": 1.0, "scored": 1, "rank_correlation": None}
    with pytest.raises(replay.ReplayError, match=message):
        replay.parse_search(json.dumps({**rest, **line}))


def test_lines_that_lack_something():
    with pytest.raises(replay.ReplayError, match="expected a JSON object with ns, .* but got '{\"seed\": 1}'"):
        replay.parse_search('{"seed": 1}')
    with pytest.raises(replay.ReplayError, match="but got 'hello'"):
        replay.parse_search("hello\n")


def test_at_most_a_quarter_of_a_recorded_space(world):
    def limit(**more):
        return replay.Space("s", world, "", facts(**more)).limit(256)

    assert limit() == 100 and limit(configurations=2315) == 256 and limit(configurations=1027) == 256
    assert limit(configurations=1023) == 255
    assert limit(surrogate=True) == 256
    with pytest.raises(replay.ReplayError, match="expected 4 configurations or more in .* but it has 3"):
        limit(configurations=3)


def test_missing_things(world, tmp_path):
    with pytest.raises(replay.ReplayError, match="expected chameleon-replay in .*lib, but it is not there; build"):
        replay.find_tool(tmp_path / "lib")
    with pytest.raises(replay.ReplayError, match=r"expected recorded spaces \(\*.jsonl\) in .*/bin, but there"):
        replay.find_spaces(world / "bin", None)
    with pytest.raises(replay.ReplayError, match="expected --only to match a space .* but got 'zzz'"):
        replay.find_spaces(world, "zzz")
    (world / "bin" / replay.PROGRAM).write_text("no program")
    assert "does not start: Exec format error" in str(pytest.raises(replay.ReplayError, job_of, world).value)
