# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The report as text: a few lines for a terminal, and a page of tables."""
import math
from collections.abc import Sequence
from typing import Any

from metrics import REGRET_CAP, RESAMPLES

Part = dict[str, Any]
RIVAL_NAMES = {"autotvm": "AutoTVM", "paper": "published Chameleon"}


def number(value: float | None, digits: int = 3) -> str:
    """Significant digits, "-" for none, "never" for what is not reached."""
    if value is None or math.isnan(value):
        return "-"
    if math.isinf(value):
        return "never"
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:.0f}" if value == round(value) and value >= 10 else f"{value:.{places}f}"


def ratio(estimate: Part | None) -> str:
    """A value with its interval."""
    if estimate is None:
        return "-"
    low, high = estimate["interval"]
    return f"{number(estimate['value'])} ({number(low)}..{number(high)})"


def spread(quartiles: Sequence[float], digits: int = 3) -> str:
    """Median, and the quartiles around it."""
    low, median, high = (number(value, digits) for value in quartiles)
    return f"{median} ({low}..{high})"


def percent(value: float) -> str:
    """Of a share."""
    return f"{value * 100:.1f} %"


def excess(value: float) -> str:
    """A regret as what is above the best: 1.034 is 3.4 %."""
    return f"{(value - 1) * 100:.2f} %"


def excess_with_interval(estimate: Part) -> str:
    """The same with its interval."""
    low, high = estimate["interval"]
    return f"{excess(estimate['value'])} ({(low - 1) * 100:.2f}..{(high - 1) * 100:.2f})"


def _rows(head: Sequence[str], body: Sequence[Sequence[str]], rule: str) -> list[str]:
    return ["| " + " | ".join(head) + " |", rule, *("| " + " | ".join(cells) + " |" for cells in body), ""]


def markdown_table(head: Sequence[str], body: Sequence[Sequence[str]]) -> list[str]:
    """Lines; the first column is text, the others are numbers."""
    return _rows(head, body, "| --- " + "| ---: " * (len(head) - 1) + "|")


def headline(summary: Part, label: str) -> list[str]:
    """The ratios and the comparison with random, for a terminal."""
    lines = []
    for key, name in RIVAL_NAMES.items():
        found = summary[f"vs_{key}"]
        if found:
            rows = found["spaces"]
            reached, seeds = (sum(row[key] for row in rows) for key in ("our_reached", "seeds"))
            lines.append(f"{label}: {name}'s final quality in {ratio(found['geomean'])} times fewer virtual seconds "
                         f"(geomean of {len(rows)} tasks, 95 %); reached by {reached} of {seeds} searches; worst "
                         f"{number(min(row['ratio']['value'] for row in rows))}")
            lines.append(f"{label}: to within " + ", ".join(f"{slack} of it: {ratio(estimate)}" for slack, estimate in
                                                            found["within"].items()))
    if summary["vs_random"]:
        worse = ", ".join(summary["worse_than_random"]) or "nowhere"
        lines.append(f"{label}: worse than random beyond noise: {worse} (worst_vs_random "
                     f"{summary['worst_vs_random']:.2g}, at most 0 is none)")
    return lines


def terminal(report: Part) -> str:
    """A table of arms and the headlines."""
    lines = []
    for summary, label in groups(report):
        budgets = list(summary["arms"][0]["regret"])
        lines.append(f"{label}, {len(summary['spaces'])} spaces:")
        head = ["arm", *(f"above best@{budget}" for budget in budgets), "95 % reached", "ratio to autotvm", "search s"]
        body = [[row["arm"], *(excess(row["regret"][budget]["value"]) for budget in budgets),
                 f"{row['reached']['95%']}/{row['searches']}", ratio(row["seconds_ratio"]["autotvm"]),
                 number(row["search_seconds"])] for row in summary["arms"]]
        widths = [max(len(cells[column]) for cells in [head, *body]) for column in range(len(head))]
        lines += ["  ".join([cells[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells[1:], widths[1:]))])
                  for cells in [head, *body]]
        lines += headline(summary, label)
    return "\n".join(lines)


def groups(report: Part) -> list[tuple[Part, str]]:
    """Recorded spaces, then surrogates, those that there are."""
    found = [(report, "recorded"), (report["surrogates"], "surrogates (times of a fitted model)")]
    return [(summary, label) for summary, label in found if summary and summary["arms"]]


def spaces_table(report: Part) -> list[str]:
    """What is searched."""
    body = []
    for row in report["measured"]:
        quality = "recorded"
        if row["surrogate"]:
            quality = (f"surrogate; of held-out measurements: median error {percent(row['median_error'])}, rank "
                       f"correlation {number(row['rank_correlation'])}, outcome foretold "
                       f"{percent(row['outcome_accuracy'])}" if "median_error" in row else "surrogate")
        body.append([f"{row['space']}", row["task"], f"{row['configurations']:,.0f}", f"{row.get('records', 0):,}",
                     f"{row.get('failed', 0):,}", number(row["best_ns"] / 1e6, 4), str(row["measurements"]), quality])
    return ["## Spaces", "",
            "Every configuration of a recorded space was measured. A surrogate answers for a space too large "
            "for that: a model fitted on some of it. `configurations` are those that are valid, counted up to "
            "a million; `budget` is how many measurements a search may make, at most a quarter of a recorded "
            "space.", "",
            *markdown_table(["space", "task", "configurations", "measured", "failed", "best ms", "budget",
                             "kind"], body)]


def definitions_table(report: Part) -> list[str]:
    """The arms."""
    body = [[f"`{row['arm']}`", row["about"], f"`{' '.join(row['options'])}`"] for row in groups(report)[0][0]["arms"]]
    return ["## Arms", "", *_rows(["arm", "what", "options of chameleon-replay"], body, "| --- | --- | --- |")]


def speedup_table(found: Part, key: str) -> list[str]:
    """The default against a rival."""
    name = RIVAL_NAMES[key]
    body = [[row["space"], number(row["target_ns"] / 1e6, 4), excess(row["target_regret"]),
             number(row["rival_seconds"]), f"{row['rival_reached']}/{row['rival_seeds']}", number(row["our_seconds"]),
             f"{row['our_reached']}/{row['seeds']}", ratio(row["ratio"]), number(row["penalized"]),
             *(f"{number(each['value'])} {each['our_reached']}/{row['seeds']}" for each in row["within"].values())]
            for row in found["spaces"]]
    body.append(["**geomean**", "", "", "", "", "", "", ratio(found["geomean"]), number(found["penalized"]["value"]),
                 *(ratio(each) for each in found["within"].values())])
    return [f"### Time to {name}'s final quality", "",
            f"`target` is the median, over {name}'s seeds, of the best time at the end of the budget. Both "
            "sides count with the virtual seconds until a seed is as good as that (medians are shown). Seeds "
            f"that never are count with their whole search: for {name} a lower bound, which makes the ratio "
            "smaller; for ours it makes the ratio larger, so `reached` tells how many are, and `penalized` "
            "counts those at twice their search. `ratio` is the geometric mean of the rival's seconds by ours "
            f"over pairs of seeds, above 1 ours is faster; in brackets the 95 % interval of {RESAMPLES:,} "
            "bootstrap resamples of seeds (and of tasks, for the mean; of seeds alone "
            f"{ratio(found['seeds_alone'])}). `within`: the ratio for a target that is slower by as "
            "much, for both sides, since recorded times are noisy; and how many of ours are there.", "",
            *markdown_table(["space", "target ms", "above best", f"{key} s", "reached", "ours s", "reached",
                             "ratio", "penalized", *(f"within {slack}" for slack in found["within"])], body)]


def random_table(summary: Part) -> list[str]:
    """The default against uniform draws."""
    body = [[row["space"], str(row["measurements"]), f"{row['difference'] * 100:+.2f} %",
             f"{row['interval'][0] * 100:+.2f}..{row['interval'][1] * 100:+.2f}", "**worse**" if row["worse"] else ""]
            for row in summary["vs_random"]]
    return ["### Against random", "",
            "The regret (best so far by best known) of ours minus that of random, paired by seed, in percent "
            "of the best time: below 0 ours is better. Worse beyond noise is where the 95 % interval of a "
            "paired bootstrap lies above 0 altogether. `worst_vs_random`, the largest lower end: "
            f"{summary['worst_vs_random']:.4f}.", "",
            *markdown_table(["space", "measurements", "difference", "interval", ""], body)]


def arms_table(summary: Part) -> list[str]:
    """All arms over all spaces of a group."""
    budgets = list(summary["arms"][0]["regret"])
    head = ["arm", *(f"above best @{budget}" for budget in budgets), "worst task", "95 %", "99 %",
            "ratio to autotvm", "reached", "ratio to paper", "reached", "worse than random", "failed", "rank corr.",
            "search s"]
    body = []
    for row in summary["arms"]:
        last = row["regret"][budgets[-1]] if budgets else None
        ratios = []
        for found in row["seconds_ratio"].values():
            ratios += [ratio(found), f"{found['reached']}/{found['searches']}" if found else "-"]
        worse = "-" if row["worse_than_random"] is None else f"{row['worse_than_random']} ({row['pairs_with_random']})"
        body.append([f"`{row['arm']}`",
                     *(excess_with_interval(row["regret"][budget]) for budget in budgets),
                     f"{excess(last['worst'])} {last['worst_space']}" if last else "-",
                     *(f"{reached}/{row['searches']}" for reached in row["reached"].values()), *ratios, worse,
                     percent(row["failure_rate"]), number(row["rank_correlation"], 2), number(row["search_seconds"])])
    return ["### Arms", "",
            "`above best`: geometric mean of the regret after so many measurements, minus one, with its 95 % "
            "interval over seeds and tasks; `worst task`: the largest of a task, after the last of them; `95 %`, "
            "`99 %`: searches that reach so much of the best known speed in the budget; `ratio`: as in the tables "
            "above, with this arm in place of the default; `worse than random`: on how many pairs of task and "
            "budget, beyond noise, and from how many seeds, since fewer tell less; `failed`: of what was measured; "
            "`rank corr.`: of the model's predictions with what was then measured; `search s`: real seconds of a "
            "search, of several that run side by side.", "", *markdown_table(head, body)]


def cells_table(report: Part, space: Part) -> list[str]:
    """All arms on one space."""
    rows = [row for row in report["cells"] if row["space"] == space["space"]]
    budgets, shares = list(rows[0]["regret"]), list(rows[0]["reach"])
    head = ["arm", *(f"regret @{budget}" for budget in budgets)]
    for share in shares:
        head += [f"measurements to {share}", f"seconds to {share}", "reached"]
    body = []
    for row in rows:
        reach = []
        for share in shares:
            found = row["reach"][share]
            reach += [spread(found["measurements"]), spread(found["seconds"]), f"{found['reached']}/{row['seeds']}"]
        body.append([f"`{row['arm']}`", *(spread(row["regret"][budget], 4) for budget in budgets), *reach,
                     percent(row["failure_rate"]), number(row["rank_correlation"], 2), number(row["virtual_seconds"]),
                     number(row["search_seconds"])])
    label = " (surrogate)" if space["surrogate"] else ""
    return [f"### {space['space']}{label}", "",
            *markdown_table([*head, "failed", "rank corr.", "virtual s", "search s"], body)]


def seeds_text(report: Part) -> str:
    """Which seeds the arms have, in words."""
    first, most = report["first_seed"], max(report["seeds"].values())
    fewer = {arm: count for arm, count in report["seeds"].items() if count < most}
    if not fewer:
        return f"Seeds {first} to {first + most - 1}."
    full = ", ".join(f"`{arm}`" for arm in report["seeds"] if arm not in fewer)
    (count,) = set(fewer.values())
    return f"Seeds {first} to {first + most - 1} of {full}, {first} to {first + count - 1} of the other arms."


def page(report: Part, command: str) -> str:
    """All tables."""
    lines = ["# Search: tables", "", f"Written by `{command}`, as are the plots; do not edit. What they say: "
             "[search.md](search.md).", "",
             f"{seeds_text(report)} {report['measurements']} measurements a search. Seconds are virtual where nothing "
             "else is said: "
             "recorded building and running, and a fixed cost for each configuration that the cost model scored. "
             "Best so far by best known is the regret, 1 is perfect; "
             f"while nothing has worked it counts as {REGRET_CAP:g}. Numbers with brackets are medians with "
             "quartiles, or means with 95 % intervals.", "",
             "![best so far](search/best-so-far-measurements.svg)", "",
             "![best so far, virtual seconds](search/best-so-far-seconds.svg)", "",
             "![arms](search/arms.svg)", "",
             *spaces_table(report), *definitions_table(report)]
    for summary, label in groups(report):
        lines += [f"## Tasks: {label}", ""]
        for key in RIVAL_NAMES:
            if summary[f"vs_{key}"]:
                lines += speedup_table(summary[f"vs_{key}"], key)
        if summary["vs_random"]:
            lines += random_table(summary)
        lines += arms_table(summary)
    lines += ["## Each space", "", "Medians over seeds, with quartiles. `never`: not within the budget.", ""]
    for space in report["measured"]:
        lines += cells_table(report, space)
    return "\n".join(lines).rstrip() + "\n"
