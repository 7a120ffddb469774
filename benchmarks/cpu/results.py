# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From samples to rows, and from rows to a table, JSON, Markdown and a plot. Nothing here runs anything."""
import html
import math
import statistics

SCHEMA_VERSION = 1
OURS, DEFAULT = "ours", "default"  # contestants that are no peers: tuned, and the schedules' default configurations


def make_row(name, samples, peers, naive_ms=None, **facts):
    """One row. `samples`: milliseconds of each round by contestant; `peers`: all names that were asked for; `facts`:
    more keys of it."""
    medians = {contestant: statistics.median(values) for contestant, values in samples.items() if values}
    row = {
        "name": name,
        "ours_ms": medians.get(OURS),
        "naive_ms": naive_ms,
        "default_ms": medians.get(DEFAULT),
        "peers": {peer: medians.get(peer) for peer in peers},
        "best_peer": None,
        "ratio": None,
        "min_ms": {contestant: min(values) for contestant, values in samples.items() if values},
        "max_ms": {contestant: max(values) for contestant, values in samples.items() if values},
        "rounds": len(samples.get(OURS, ())),
        **facts,
    }
    measured = {peer: value for peer, value in row["peers"].items() if value is not None}
    if measured:
        row["best_peer"] = min(measured, key=measured.get)
        if row["ours_ms"]:
            row["ratio"] = measured[row["best_peer"]] / row["ours_ms"]
    return row


def geomean(values):
    """The geometric mean of positive numbers; None if there are none."""
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def against_each(rows):
    """For each variant of a peer: geometric mean of its time by ours, the worst case, and how many cases there are."""
    summary = {}
    for peer in columns_of(rows):
        ratios = {row["name"]: row["peers"][peer] / row["ours_ms"] for row in rows
                  if row["ours_ms"] and row["peers"].get(peer) is not None}
        if ratios:
            worst = min(ratios, key=ratios.get)
            summary[peer] = {"geomean": geomean(list(ratios.values())), "worst": worst, "worst_ratio": ratios[worst],
                             "cases": len(ratios)}
    return summary


def make_report(suite, rows, **facts):
    """The whole report; `facts` are more keys of it."""
    compared = [row for row in rows if row["ratio"] is not None]
    worst = min(compared, key=lambda row: row["ratio"], default=None)
    return {
        "schema_version": SCHEMA_VERSION,
        "suite": suite,
        "geomean": geomean([row["ratio"] for row in compared]),
        "worst": worst and {"name": worst["name"], "ratio": worst["ratio"], "best_peer": worst["best_peer"]},
        "against": against_each(rows),
        "rows": rows,
        **facts,
    }


def milliseconds(value):
    """A time for people: four significant digits, "-" for none."""
    if value is None:
        return "-"
    return f"{value:.{max(0, 3 - math.floor(math.log10(value)))}f}" if value > 0 else "0"


def columns_of(rows):
    """Peers with a time in some row, in the order of the rows."""
    return list(dict.fromkeys(peer for row in rows for peer, value in row["peers"].items() if value is not None))


def family_of(variant):
    """The peer that a contestant is a variant of."""
    return variant.split("_")[0]


def families_of(row):
    """The fastest variant of each peer."""
    best = {}
    for variant, value in row["peers"].items():
        family = family_of(variant)
        if value is not None and value < best.get(family, math.inf):
            best[family] = value
    return best


def _cells(rows, peers_of):
    """Head and body of a table; `peers_of` gives the columns of a row that are peers."""
    peers = list(dict.fromkeys(peer for row in rows for peer, value in peers_of(row).items() if value is not None))
    head = ["case", "ours ms", "min..max", "default", "naive", *peers, "ratio", "against"]
    body = []
    for row in rows:
        low, high = row["min_ms"].get(OURS), row["max_ms"].get(OURS)
        spread = f"{milliseconds(low)}..{milliseconds(high)}" if low is not None else "-"
        body.append([row["name"], milliseconds(row["ours_ms"]), spread, milliseconds(row["default_ms"]),
                     milliseconds(row["naive_ms"]), *(milliseconds(peers_of(row).get(peer)) for peer in peers),
                     "-" if row["ratio"] is None else f"{row['ratio']:.3f}", row["best_peer"] or "-"])
    return head, body


def _summary(report):
    if report["geomean"] is None:
        return "no case was measured for both, ours and a peer"
    worst = report["worst"]
    return (f"geomean {report['geomean']:.3f} (best peer / ours, above 1 ours is faster); "
            f"worst {worst['name']} {worst['ratio']:.3f} against {worst['best_peer']}")


def table(report):
    """A table in plain text, with the fastest variant of each peer."""
    head, body = _cells(report["rows"], families_of)
    widths = [max(len(line[i]) for line in [head, *body]) for i in range(len(head))]

    def line(cells):
        return "  ".join([cells[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells[1:], widths[1:]))]).rstrip()

    return "\n".join([*(line(cells) for cells in [head, *body]), _summary(report), *_against(report)])


def _against(report):
    return [f"{peer}: {found['geomean']:.3f} over {found['cases']}, worst {found['worst']} {found['worst_ratio']:.3f}"
            for peer, found in report["against"].items()]


def markdown(report, command, plot):
    """A page with the table, the plot (name of a file beside it) and what is needed to believe them."""
    head, body = _cells(report["rows"], lambda row: row["peers"])
    machine, versions = report["machine"], report["versions"]
    lines = [f"# CPU, {report['suite']}, numerics {report['numerics']}", "",
             f"Written by `{command}`; how it measures: [benchmarks/README.md](../../benchmarks/README.md).", "",
             f"![speed]({plot})", "",
             "| " + " | ".join(head) + " |", "| --- " + "| ---: " * (len(head) - 1) + "|",
             *("| " + " | ".join(cells) + " |" for cells in body), "",
             _summary(report)[0].upper() + _summary(report)[1:] + ". Times are medians of rounds, in milliseconds.", "",
             "Against each, geometric mean of its time by ours:", "", *(f"- {line}" for line in _against(report)), "",
             f"{machine['cpu_model']}, {machine['cores']} cores, {machine['threads']} used; "
             f"{', '.join(machine['features'])}; load average {machine['load_average_1min']:.1f} at the start, "
             "1 being a core. "
             f"Budget of tuning: {report['tuning_seconds']:g} s a case; numerics `{report['numerics']}`.", "",
             "Versions: " + ", ".join(f"{name} {version}" for name, version in sorted(versions.items())) + "."]
    if report["measure_mode"] == "cold":
        lines += ["", "Weights, of ours and of oneDNN, leave the caches before each call, outside of its time: in a "
                  "network, too, others have used the caches since."]
    if report["layout"] == "channels-last":
        lines += ["", "Ours with the channels of images innermost (`--chameleon-channels-last`), transposes included."]
    if report["seed"]:
        lines += ["", f"Every case was tuned from nothing, with seed {report['seed']}."]
    if winograd := [row["name"] for row in report["rows"] if row.get("winograd_tasks")]:
        lines += ["", "Ours takes Winograd's algorithm, which multiplies less, in some convolutions of: "
                  f"{', '.join(winograd)}; peers sum directly. `--numerics=strict` keeps ours from it."]
    if report["messages"]:
        lines += ["", "Not measured:", ""]
        lines += [f"- {message}" for message in report["messages"]]
    return "\n".join(lines) + "\n"


OUR_COLORS = {OURS: "#1b6ca8", DEFAULT: "#9ec5e0"}
PEER_COLORS = ("#d1495b", "#edae49", "#66a182", "#8d6a9f", "#6c757d")


def svg(report):
    """Bars: per case, how fast each contestant is against the fastest peer, which is 1."""
    rows = [row for row in report["rows"] if row["best_peer"]]
    names = [OURS, DEFAULT, *columns_of(rows)]
    families = list(dict.fromkeys(family_of(name) for name in names[2:]))
    colors = {name: OUR_COLORS.get(name) or PEER_COLORS[families.index(family_of(name)) % len(PEER_COLORS)]
              for name in names}
    bar, gap, left, width = 14, 10, 160, 420
    limit = 1.0
    groups = []
    for row in rows:
        best = row["peers"][row["best_peer"]]
        times = {OURS: row["ours_ms"], DEFAULT: row["default_ms"], **row["peers"]}
        speeds = [(name, best / times[name]) for name in names if times.get(name)]
        limit = max([limit, *(speed for _, speed in speeds)])
        groups.append((row["name"], speeds, times))
    parts, y = [], 34
    for title, speeds, times in groups:
        parts.append(f'<text x="8" y="{y + 11}" font-weight="bold">{html.escape(title)}</text>')
        y += bar
        for name, speed in speeds:
            length = speed / limit * width
            parts.append(f'<text x="{left - 6}" y="{y + 11}" text-anchor="end">{html.escape(name)}</text>'
                         f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{bar - 2}" fill="{colors[name]}"/>'
                         f'<text x="{left + length + 4:.1f}" y="{y + 11}">{milliseconds(times[name])} ms</text>')
            y += bar
        y += gap
    one = left + width / limit
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 90}" height="{y}" '
            'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>'
            f'<text x="8" y="18" font-size="13">Speed against the fastest peer of each case '
            f'(the line; longer is faster)</text>'
            f'<line x1="{one:.1f}" y1="26" x2="{one:.1f}" y2="{y - gap}" stroke="black" stroke-dasharray="3 3"/>')
    return head + "\n" + "\n".join(parts) + "\n</svg>\n"
