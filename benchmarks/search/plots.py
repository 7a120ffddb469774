# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The plots. The same numbers give the same bytes, as long as matplotlib stays the same."""
import io
import math
import pathlib
import re
from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import metrics
from arms import AUTOTVM, CURVES, Arm
from metrics import Runs
from replay import Space
from report import AllRuns
from tables import groups

STYLE = {"svg.hashsalt": "chameleon", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 8,
         "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.6}
COLORS = ("#1b6ca8", "#66a182", "#d1495b", "#edae49", "#6c757d")  # of curves, in order
DOTS = {False: {"color": "#1b6ca8", "marker": "o", "markersize": 4, "linestyle": ""},  # by whether it is a surrogate
        True: {"color": "#6c757d", "marker": "s", "markersize": 4, "linestyle": "", "markerfacecolor": "white"}}
POINTS = 80  # of a curve
COLUMNS = 3  # of panels

Part = dict[str, Any]


def _save(figure: Figure, path: pathlib.Path) -> None:
    """Without a date, and without the program's version; to a hundredth of a point: a quarter smaller."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    figure.savefig(text, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    path.write_text(re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", text.getvalue()))


def _legend(figure: Figure, axes: Axes) -> None:
    """Above the panels."""
    figure.legend(*axes.get_legend_handles_labels(), loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(CURVES),
                  frameon=False)


def curves(runs: Sequence[Runs], seconds: bool) -> tuple[np.ndarray, list[np.ndarray]]:
    """Places on the axis, closer together at the start, and the best so far there in ns; a row for each seed."""
    if seconds:
        grid = np.geomspace(min(each.seconds[:, 0].min() for each in runs), max(each.seconds.max() for each in runs),
                            POINTS)
        return grid, [metrics.seconds_curve(each, grid) for each in runs]
    grid = np.unique(np.geomspace(1, max(each.best.shape[1] for each in runs), POINTS).round().astype(int))
    return grid, [each.best[:, np.minimum(grid, each.best.shape[1]) - 1] for each in runs]


def _plain(value: float, _: int) -> str:
    """A tick's label."""
    return f"{value:g}"


def _panel(axes: Axes, space: Space, arms: Sequence[Arm], runs: AllRuns, seconds: bool) -> None:
    grid, all_best = curves([runs[arm.name, space.name] for arm in arms], seconds)
    for place, (arm, best) in enumerate(zip(arms, all_best)):
        low, median, high = (space.best_ns / metrics.quantile(best, share) * 100 for share in (0.75, 0.5, 0.25))
        look = {"color": COLORS[place], "zorder": 2 + len(arms) - place}  # the first on top
        axes.plot(grid, median, drawstyle="steps-post", linewidth=1.2, label=arm.name, **look)
        axes.fill_between(grid, low, high, step="post", alpha=0.15, linewidth=0, **look)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(_plain)
    axes.set_title(f"{space.name} (surrogate)" if space.surrogate else space.name)


def best_so_far(spaces: Sequence[Space], arms: Sequence[Arm], runs: AllRuns, seconds: bool,
                path: pathlib.Path) -> None:
    """A panel for each space: median and quartiles over seeds, against measurements or virtual seconds."""
    shown = [arm for arm in arms if arm.name in CURVES] or arms[:len(CURVES)]
    rows = math.ceil(len(spaces) / COLUMNS)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(3.2 * COLUMNS, 2.3 * rows + 0.6), layout="constrained")
        panels = figure.subplots(rows, COLUMNS, squeeze=False).flat
        for axes, space in zip(panels, spaces):
            _panel(axes, space, shown, runs, seconds)
        for axes in list(figure.axes)[len(spaces):]:
            axes.remove()
        figure.supxlabel("virtual seconds" if seconds else "measurements")
        figure.supylabel("% of the best known speed")
        _legend(figure, figure.axes[0])
        _save(figure, path)


def _dots(axes: Axes, rows: Sequence[Part | None], scale: float, shift: float, surrogate: bool) -> None:
    """A dot and its interval for each arm, `scale` times the number; nothing where there is none."""
    for place, row in enumerate(rows):
        if row is not None:
            axes.plot([end * scale for end in row["interval"]], [place + shift] * 2, color=DOTS[surrogate]["color"],
                      linewidth=1)
            axes.plot(row["value"] * scale, place + shift, **DOTS[surrogate])


def _ablation_panels(figure: Figure, names: Sequence[str], budgets: Sequence[str]) -> list[Axes]:
    """One for the ratio, one for the regret after each budget."""
    panels = list(figure.subplots(1, 1 + len(budgets), sharey=True, squeeze=False).flat)
    panels[0].set_yticks(range(len(names)), names)
    panels[0].invert_yaxis()
    panels[0].set_xscale("log", base=2)
    panels[0].xaxis.set_major_formatter(_plain)
    panels[0].axvline(1, color="black", linewidth=0.6, linestyle=":")
    panels[0].set_xlabel(f"{AUTOTVM}'s seconds to its final quality\n/ this arm's (right is faster)")
    for axes, budget in zip(panels[1:], budgets):
        axes.set_xlabel(f"time of the best after {budget} measurements,\n% of the best known (left is better)")
    return panels


def ablation(report: Part, path: pathlib.Path) -> None:
    """Dots for each arm: the ratio of virtual seconds to AutoTVM's, and the regret after the first and the last budget;
    surrogates beside the recorded spaces."""
    shown = groups(report)
    names = [row["arm"] for row in shown[0][0]["arms"]]
    budgets = [budget for budget in shown[0][0]["arms"][0]["regret"]
               if all(budget in summary["arms"][0]["regret"] for summary, _ in shown)]
    budgets = list(dict.fromkeys([*budgets[:1], *budgets[-1:]]))
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(10, 0.24 * len(names) + 1.2), layout="constrained")
        panels = _ablation_panels(figure, names, budgets)
        for index, (summary, label) in enumerate(shown):
            shift, surrogate = (index - (len(shown) - 1) / 2) * 0.3, summary is not report
            _dots(panels[0], [row["seconds_ratio"]["autotvm"] for row in summary["arms"]], 1, shift, surrogate)
            for axes, budget in zip(panels[1:], budgets):
                _dots(axes, [row["regret"][budget] for row in summary["arms"]], 100, shift, surrogate)
            panels[0].plot([], [], label=label, **DOTS[surrogate])
        _legend(figure, panels[0])
        _save(figure, path)


def write(report: Part, spaces: Sequence[Space], arms: Sequence[Arm], runs: AllRuns, folder: pathlib.Path) -> None:
    """All plots, into a folder."""
    best_so_far(spaces, arms, runs, False, folder / "best-so-far-measurements.svg")
    best_so_far(spaces, arms, runs, True, folder / "best-so-far-seconds.svg")
    ablation(report, folder / "arms.svg")
