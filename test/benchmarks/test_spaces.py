# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedules for recording: what is changed in the shipped ones, and that drift of theirs is noticed."""
import json
import sys

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT / "benchmarks" / "spaces"))
# pylint: disable=wrong-import-position
import record  # noqa: E402
import schedules  # noqa: E402
import spaces  # noqa: E402
from schedules import Derivation, Drift, Rule  # noqa: E402

SCHEDULE = """\
module attributes {transform.with_named_sequence} {
transform.named_sequence @helper(%f: !any {transform.readonly}) {
  transform.yield
}

transform.named_sequence @mine(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["linalg.matmul"], chameleon.benefit = 10 : i64} {
  %mr = transform.tune.knob<"mr"> options = #chameleon.tile<dim = "m", max = 8, prefer = 4, partial> -> !i64
  %nr = transform.tune.knob<"nr"> options = #chameleon.vector<dim = "n", values = [1, 2]> -> !i64
  %order = transform.tune.knob<"order"> options = #chameleon.choice<["nm", "mn"], prefer = "mn"> -> !i64
  %regs = transform.tune.knob<"registers"> options = #chameleon.fact<"registers"> -> !i64
  transform.chameleon.require %mr, %nr {
    set = affine_set<()[mr, nr] : (mr * nr - 8 >= 0)>,
    message = "this would be slow"}
  transform.chameleon.require %mr, %regs {
    set = affine_set<()[mr, regs] : (regs - mr >= 0)>, message = "this would spill"}
  transform.yield
}

transform.named_sequence @other(%f: !any {transform.readonly})
    attributes {chameleon.matches = ["linalg.batch_matmul"]} {
  %mr = transform.tune.knob<"mr"> options = #chameleon.tile<dim = "m"> -> !i64
  transform.yield
}
}
"""


def derive(folder, **changes):
    """The schedule above, changed."""
    (folder / "mine.mlir").write_text(SCHEDULE)
    return schedules.derive(Derivation("mine.mlir", "mine", **changes), [folder])


def domain(text, knob):
    """Of a knob, as it stands in the text."""
    line, = [line for line in text.splitlines() if f'tune.knob<"{knob}">' in line]
    return line.split("options = ")[1].removesuffix(" -> !i64")


def test_helpers_stay_and_other_schedules_go(tmp_path):
    text = derive(tmp_path)
    assert "@helper" in text and "@mine" in text and "@other" not in text
    assert text.endswith("}\n\n}\n") and text.count("{") == text.count("}")


@pytest.mark.parametrize("knob, values, expected", [
    ("mr", [1, 3], '#chameleon.tile<dim = "m", values = [1, 3], prefer = 4, partial>'),
    ("nr", [4], '#chameleon.vector<dim = "n", values = [4]>'),
    ("order", ["nm"], '#chameleon.choice<["nm"]>'),
    ("order", ["mn", "nm"], '#chameleon.choice<["mn", "nm"], prefer = "mn">'),
])
def test_values_take_the_place_of_a_domain(tmp_path, knob, values, expected):
    text = derive(tmp_path, values={knob: values})
    assert domain(text, knob) == expected
    others = {"mr", "nr", "order", "registers"} - {knob}
    assert all(domain(text, other) == domain(SCHEDULE.split("@other")[0], other) for other in others)


def test_a_rule_is_dropped(tmp_path):
    text = derive(tmp_path, rules={"this would be slow": None})
    assert text.count("transform.chameleon.require") == 1
    assert "this would be slow" not in text and "this would spill" in text


def test_a_rule_is_replaced(tmp_path):
    text = derive(tmp_path, rules={"this would spill": Rule("2 * regs - mr >= 0", "twice")})
    assert 'set = affine_set<()[mr, regs] : (2 * regs - mr >= 0)>, message = "twice"}' in text
    assert "(mr * nr - 8 >= 0)" in text


@pytest.mark.parametrize("changes, message", [
    ({"values": {"kr": [1]}}, "expected one knob 'kr', but found 0 among mr, nr, order, registers"),
    ({"values": {"order": ["zz"]}}, "expected knob 'order' to know 'zz', but it has nm, mn"),
    ({"values": {"registers": [16]}}, "expected knob 'registers' to be a choice, a tile, a vector"),
    ({"rules": {"this would be wrong": None}}, "expected one rule 'this would be wrong', but found 0"),
    ({"extensions": ("matmul-unroll",)}, "expected this once, but found it 0 times: %gr, %lr"),
])
def test_drift_is_an_error(tmp_path, changes, message):
    with pytest.raises(Drift) as error:
        derive(tmp_path, **changes)
    assert message in str(error.value)
    assert str(error.value).startswith(f"{tmp_path / 'mine.mlir'}, @mine: expected ")


def test_a_sequence_that_is_not_there(tmp_path):
    (tmp_path / "mine.mlir").write_text(SCHEDULE)
    with pytest.raises(Drift, match="expected one sequence @yours, but found 0"):
        schedules.derive(Derivation("mine.mlir", "yours"), [tmp_path])


def test_a_schedule_comes_from_the_first_folder_that_has_it(tmp_path):
    recorded, shipped = tmp_path / "recorded", tmp_path / "shipped"
    recorded.mkdir()
    shipped.mkdir()
    (shipped / "mine.mlir").write_text(SCHEDULE.replace("max = 8", "max = 4"))
    derivation = Derivation("mine.mlir", "mine")
    assert "max = 4" in schedules.derive(derivation, [recorded, shipped])
    (recorded / "mine.mlir").write_text(SCHEDULE)
    assert "max = 8" in schedules.derive(derivation, [recorded, shipped])
    with pytest.raises(OSError, match="yours.mlir"):
        schedules.derive(Derivation("yours.mlir", "mine"), [recorded, shipped])


def test_bindings_count_the_knobs_of_every_extension():
    for extensions in (("conv-unroll", "conv-loops"), ("conv-loops", "conv-unroll")):
        text = schedules.derive(Derivation("convolution.mlir", "cpu_conv_nchw", extensions))
        bound = text.split("static_sizes = affine_map<()[")[1].split("]")[0].split(", ")
        assert bound == schedules.knob_names(text)[:len(bound)]
        assert {"icu", "kwu"} <= set(bound)


@pytest.mark.parametrize("space", spaces.SPACES, ids=lambda space: space.name)
def test_the_schedules_hold_what_a_space_changes(space):
    text = schedules.derive(space.derivation)
    for knob, values in space.derivation.values.items():
        assert all(str(value) in domain(text, knob) for value in values)
    assert (record.OPS / f"{space.op}.mlir").is_file()
    assert space.valid > 1e5 if space.kind == "sampled" else 2000 <= space.valid <= 3000


def test_eleven_spaces_three_of_them_sampled():
    assert [space.kind for space in spaces.SPACES].count("exhaustive") == 8
    assert [space.kind for space in spaces.SPACES].count("sampled") == 3


@pytest.mark.parametrize("name, complete, rows, expected", [
    ("resnet18_c06", True, 3, True), ("resnet18_c06", False, spaces.SAMPLES, False),
    ("resnet18_c03", False, spaces.SAMPLES, True), ("resnet18_c03", False, spaces.SAMPLES - 1, False),
])
def test_completeness(tmp_path, name, complete, rows, expected):
    path = tmp_path / "space.jsonl"
    path.write_text(json.dumps({"complete": complete}) + "\n" + "[]\n" * rows)
    assert record.is_complete(spaces.named(name), path) is expected


def test_what_is_no_recorded_space_is_said(tmp_path):
    path = tmp_path / "space.jsonl"
    path.write_text("nothing\n")
    with pytest.raises(record.Failure, match="expected .* to begin with the header of a recorded space"):
        record.is_complete(spaces.named("resnet18_c06"), path)


def test_records_of_another_schedule_are_not_gone_on_with(tmp_path):
    space = spaces.named("resnet18_c06")
    places = record.Places(tmp_path, tmp_path, tmp_path)
    record.write_schedule(space, places)
    places.database(space).touch()
    record.write_schedule(space, places)
    places.schedule(space).write_text("another")
    with pytest.raises(record.Failure, match="delete both to record the space again"):
        record.write_schedule(space, places)


@pytest.mark.parametrize("arguments, message", [
    (["--only=zzz"], "expected --only to match a space (resnet18_c07, "),
    (["--only=("], "expected --only to be a regular expression, but got '('"),
    (["--seconds=1"], "expected --seconds of at least 10, but got 1"),
    (["--bin=/nowhere"], "expected chameleon-opt in /nowhere, but it is not there; build Chameleon, or give --bin"),
])
def test_errors_are_one_line(tmp_path, arguments, message, capsys):
    for program in ("chameleon-opt", "chameleon-db"):
        (tmp_path / program).touch()
    assert record.main([f"--bin={tmp_path}", *arguments]) == 1
    assert message in capsys.readouterr().err


# Stands in for the program: tells what it was asked for, measures nothing.
OPT = """#!/bin/sh
echo "$2" >> "$0.log"
case "$2" in
*auto-tune*) echo '{"stop": "budget-measurements"}' > "$(echo "$2" | sed 's/.* report=\\([^ ]*\\).*/\\1/')" ;;
*) echo "Unknown command line argument '$2'" >&2; exit 1 ;;
esac
"""
DB = """#!/bin/sh
echo '{"tasks": [{"tried": 5000, "failed": 7}]}'
"""


def test_a_missing_pass_is_said(tmp_path, capsys):
    for name, text in (("chameleon-opt", OPT), ("chameleon-db", DB)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    arguments = [f"--bin={tmp_path}", f"--work={tmp_path}", f"--output={tmp_path}", "--only=resnet18_c06", "--partial"]
    assert record.main(arguments) == 1
    assert "to have the pass --chameleon-export-space, but it has not: build this version" in capsys.readouterr().err
    asked = (tmp_path / "chameleon-opt.log").read_text()
    assert "strategy=random sampler=all cost-model=none" in asked and "retune=true" in asked


def test_sessions_of_a_sample_draw_anew_what_is_missing(tmp_path):
    space, places = spaces.named("matmul_512"), record.Places(tmp_path, tmp_path, tmp_path)
    first, second = (record.tune_command(space, places, 60, tried, seed=3)[2] for tried in (0, 1200))
    assert "seed=3 " in first and first.endswith("budget-measurements=5000")
    assert "seed=1203 " in second and second.endswith("budget-measurements=3800")
    assert "numerics=accurate constant-args=none" in second


def test_two_recorders_do_not_measure_each_other(tmp_path):
    with record.alone(tmp_path):
        with pytest.raises(record.Failure, match="expected to measure alone, but another record.py works in"):
            with record.alone(tmp_path):
                pass
    with record.alone(tmp_path):  # it is free again
        pass
