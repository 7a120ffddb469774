# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Ratios, the geometric mean, and what is made of them."""
import json
import xml.etree.ElementTree

import pytest

import results

SAMPLES = {"ours": [4.0, 2.0, 3.0], "default": [5.0, 6.0, 9.0], "iree_default": [6.0, 6.5, 7.0],
           "torch_eager": [12.0, 12.0, 12.0]}
PEERS = ["torch_eager", "torch_inductor", "iree_default"]


def report(*rows, messages=(), mode="warm", layout="given"):
    return results.make_report("networks", list(rows), machine={
        "cpu_model": "A <CPU>", "cores": 2, "threads": 1, "features": ["avx2"], "load_average_1min": 0.5},
        versions={"iree": "3.13.0"}, messages=list(messages), numerics="accurate", measure_mode=mode, seed=0,
        layout=layout, tuning_seconds=60.0, quick=False)


def test_row_takes_medians_and_the_best_peer():
    row = results.make_row("net", SAMPLES, PEERS, naive_ms=100.0)
    assert row["ours_ms"] == 3.0 and row["default_ms"] == 6.0 and row["naive_ms"] == 100.0
    assert row["peers"] == {"torch_eager": 12.0, "torch_inductor": None, "iree_default": 6.5}
    assert row["best_peer"] == "iree_default"
    assert row["ratio"] == pytest.approx(6.5 / 3.0)  # above 1: ours is faster
    assert (row["min_ms"]["ours"], row["max_ms"]["ours"], row["rounds"]) == (2.0, 4.0, 3)


def test_row_without_peers_or_without_ours_has_no_ratio():
    assert results.make_row("net", {"ours": [1.0]}, PEERS)["ratio"] is None
    row = results.make_row("net", {"iree_default": [1.0]}, PEERS)
    assert row["ours_ms"] is None and row["ratio"] is None and row["best_peer"] == "iree_default"


def test_geomean():
    assert results.geomean([2.0, 8.0]) == pytest.approx(4.0)
    assert results.geomean([]) is None


def test_report_leaves_rows_without_ratio_out_of_the_summary():
    rows = [results.make_row("a", {"ours": [1.0], "p": [2.0]}, ["p"]),
            results.make_row("b", {"ours": [1.0], "p": [0.5]}, ["p"]),
            results.make_row("c", {"ours": [1.0]}, ["p"])]
    made = json.loads(json.dumps(report(*rows)))
    assert made["schema_version"] == 1
    assert made["geomean"] == pytest.approx(1.0)
    assert made["worst"] == {"name": "b", "ratio": 0.5, "best_peer": "p"}
    assert [row["name"] for row in made["rows"]] == ["a", "b", "c"]


def test_report_says_how_ours_does_against_each():
    rows = [results.make_row("a", {"ours": [1.0], "p": [2.0], "q": [3.0]}, ["p", "q"]),
            results.make_row("b", {"ours": [1.0], "p": [0.5]}, ["p", "q"])]
    against = report(*rows)["against"]
    assert against["p"]["geomean"] == pytest.approx(1.0)
    assert (against["p"]["worst"], against["p"]["worst_ratio"], against["p"]["cases"]) == ("b", 0.5, 2)
    assert (against["q"]["geomean"], against["q"]["cases"]) == (pytest.approx(3.0), 1)
    assert "q: 3.000 over 1, worst a 3.000" in results.table(report(*rows))


def test_report_of_nothing_measured():
    made = report(results.make_row("a", {}, ["p"]))
    assert made["geomean"] is None and made["worst"] is None
    assert "no case was measured" in results.table(made)
    xml.etree.ElementTree.fromstring(results.svg(made))


@pytest.mark.parametrize("value, text", [(None, "-"), (1914.46, "1914"), (34.849, "34.85"), (0.012345, "0.01235")])
def test_milliseconds(value, text):
    assert results.milliseconds(value) == text


def test_table_shows_the_fastest_variant_of_each_peer():
    samples = {**SAMPLES, "torch_inductor": [11.0]}
    head, line, summary, *_ = results.table(report(results.make_row("net", samples, PEERS))).splitlines()
    assert head.split() == ["case", "ours", "ms", "min..max", "default", "naive", "torch", "iree", "ratio", "against"]
    assert line.split() == ["net", "3.000", "2.000..4.000", "6.000", "-", "11.00", "6.500", "2.167", "iree_default"]
    assert summary.startswith("geomean 2.167 (best peer / ours, above 1 ours is faster); worst net 2.167")


def test_markdown_shows_every_variant_and_what_is_missing():
    row = results.make_row("net", SAMPLES, PEERS)
    page = results.markdown(report(row, messages=["net: torch_inductor: not measured: why"]), "run.py networks", "net.svg")
    assert "| net | 3.000 | 2.000..4.000 | 6.000 | - | 12.00 | 6.500 | 2.167 | iree_default |" in page
    assert "- net: torch_inductor: not measured: why" in page
    assert "iree 3.13.0" in page and "`run.py networks`" in page
    assert "leave the caches" not in page
    assert "leave the caches before each call" in results.markdown(report(row, mode="cold"), "run.py", "net.svg")


def test_svg_has_a_bar_for_each_contestant():
    root = xml.etree.ElementTree.fromstring(results.svg(report(results.make_row("a<b", SAMPLES, PEERS))))
    space = "{http://www.w3.org/2000/svg}"
    bars = {bar.get("fill"): float(bar.get("width")) for bar in root.iter(space + "rect") if bar.get("height") == "12"}
    assert len(bars) == 4
    assert max(bars.values()) == pytest.approx(2 * bars[results.OUR_COLORS["default"]], rel=0.01)  # ours against its default
    assert any(text.text == "a<b" for text in root.iter(space + "text"))


def test_markdown_says_in_which_layout_ours_ran():
    row = results.make_row("net", SAMPLES, PEERS)
    text = "channels of images innermost"
    assert text in results.markdown(report(row, layout="channels-last"), "run.py", "plot.svg")
    assert text not in results.markdown(report(row), "run.py", "plot.svg")
