#!/usr/bin/env python3
# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedules for recording, derived from those that ship.

The schedules in schedules/cpu forbid most of what is slow. A space that is recorded so that searches can be compared
on it has to hold the slow as well. So a derived schedule is the shipped text with

  - other values for knobs,
  - rules left out that say no more than "this would be slow", or put more loosely,
  - knobs of its own (EXTENSIONS),

and nothing else in the file: other schedules are dropped, so that a change to them does not make records stale.
Whatever is to be changed has to be there, once; if a shipped schedule has moved on, Drift says what is missing.
A schedule of which recorded spaces need an older text lies in benchmarks/spaces/recorded, and is taken from there.

  benchmarks/spaces/schedules.py --list             the names of the spaces
  benchmarks/spaces/schedules.py resnet18_c04       prints the schedule of one
"""
from __future__ import annotations

import argparse
import dataclasses
import pathlib
import re
import sys
from collections.abc import Callable, Mapping, Sequence

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "schedules" / "cpu"
RECORDED = ROOT / "benchmarks" / "spaces" / "recorded"  # as they were when spaces were recorded

_HEADER = re.compile(r"transform\.named_sequence @(\w+)\(.*?\)\s*(?:attributes \{(.*?)\} )?\{\n", re.S)
_KNOB = re.compile(r'transform\.tune\.knob<"(\w+)"> options = ')
_ORDERED = re.compile(r"#chameleon\.(tile|vector|unroll)<(.*)>")
_CHOICE = re.compile(r"#chameleon\.choice<\[(.*?)\](.*)>")
_RULE = re.compile(r' *transform\.chameleon\.require [^{]*\{[^}]*?message = "([^"]*)"\}\n')

_SET = re.compile(r"(affine_set<\(\)\[[^\]]*\] : ).*?(>,\s*message = )", re.S)


class Drift(ValueError):
    """A shipped schedule does not hold what was to be changed; the text says what was expected and what came."""


@dataclasses.dataclass(frozen=True)
class Rule:
    """What stands in for a rule: constraints over the symbols that it has already, and what is said of them."""

    constraints: str
    message: str


Values = Sequence[int] | Sequence[str]  # of an ordered knob, in its units; labels of a choice
Rules = Mapping[str, Rule | None]  # by the message of a shipped rule; None: left out


@dataclasses.dataclass(frozen=True)
class Derivation:
    """How a schedule differs from the one that ships."""

    source: str  # file in benchmarks/spaces/recorded, or else in schedules/cpu
    sequence: str  # schedule in it
    extensions: tuple[str, ...] = ()  # names in EXTENSIONS
    values: Mapping[str, Values] = dataclasses.field(default_factory=dict)
    rules: Rules = dataclasses.field(default_factory=dict)


def derive(derivation: Derivation, folders: Sequence[pathlib.Path] = (RECORDED, SHIPPED)) -> str:
    """The text of the derived schedule, its source from the first folder that has it. Fails with Drift, or with OSError
    if the source cannot be read."""
    path = next((path for folder in folders if (path := folder / derivation.source).exists()),
                folders[-1] / derivation.source)
    text = path.read_text()
    try:
        text = keep_only(text, derivation.sequence)
        for name in derivation.extensions:
            text = extension(name)(text)
        for knob, values in derivation.values.items():
            text = with_values(text, knob, values)
        for message, rule in derivation.rules.items():
            text = with_rule(text, message, rule)
    except Drift as drift:
        raise Drift(f"{path}, @{derivation.sequence}: {drift}; adapt benchmarks/spaces") from None
    return f"// Derived from {derivation.source} by benchmarks/spaces/schedules.py, for recording.\n{text}"


# --- Parts of a schedule --------------------------------------------------------------------------------------------


def keep_only(text: str, sequence: str) -> str:
    """The file without its other schedules; sequences that match nothing are helpers and stay."""
    found = []
    for header in reversed(list(_HEADER.finditer(text))):
        name, attributes = header.groups()
        if name == sequence:
            found.append(name)
        elif "chameleon.matches" in (attributes or ""):
            text = text[:header.start()] + text[_end_of_sequence(text, header):]
    if found != [sequence]:
        raise Drift(f"expected one sequence @{sequence}, but found {len(found)}")
    return text


def _end_of_sequence(text: str, header: re.Match[str]) -> int:
    end = text.find("\n}\n", header.end())
    if end < 0:
        raise Drift(f"expected @{header[1]} to end with a brace of its own line, but it does not")
    return end + len("\n}\n")


def knob_names(text: str) -> list[str]:
    """Knobs and facts in order of declaration: the symbols of bindings."""
    return _KNOB.findall(text)


def replace_once(text: str, old: str, new: str) -> str:
    """`text` with `old` replaced, which has to stand there once."""
    if text.count(old) != 1:
        raise Drift(f"expected this once, but found it {text.count(old)} times: {old.strip()}")
    return text.replace(old, new)


def with_values(text: str, knob: str, values: Values) -> str:
    """The knob with `values` as its domain: labels of a choice, otherwise numbers in the knob's own units."""
    names = knob_names(text)
    if names.count(knob) != 1:
        raise Drift(f"expected one knob '{knob}', but found {names.count(knob)} among {', '.join(names)}")
    line = re.compile(rf'(transform\.tune\.knob<"{knob}"> options = )(.*?)( -> !i64\n)')
    found = line.search(text)
    assert found, knob
    return text[:found.end(1)] + _domain(knob, found[2], values) + text[found.end(2):]


def _domain(knob: str, old: str, values: Values) -> str:
    """The domain `old` with other values."""
    if not values:
        raise ValueError(f"expected values for knob '{knob}', but got none")
    if choice := _CHOICE.fullmatch(old):
        return _choice(knob, re.findall(r'"(.*?)"', choice[1]), values, choice[2])
    if ordered := _ORDERED.fullmatch(old):
        return _ordered(knob, ordered[1], ordered[2], values)
    raise Drift(f"expected knob '{knob}' to be a choice, a tile, a vector or an unroll factor, but it is {old}")


def _choice(knob: str, known: list[str], labels: Values, rest: str) -> str:
    for label in labels:
        if label not in known:
            raise Drift(f"expected knob '{knob}' to know '{label}', but it has {', '.join(known)}")
    prefer = re.search(r'prefer = "(.*?)"', rest)
    if prefer and prefer[1] not in labels:
        rest = ""
    listed = ", ".join(f'"{label}"' for label in labels)
    return f"#chameleon.choice<[{listed}]{rest}>"


def _ordered(knob: str, kind: str, arguments: str, values: Values) -> str:
    """Bounds give way to the values; the loop, the preference and `partial` stay."""
    if not all(isinstance(value, int) for value in values):
        raise ValueError(f"expected numbers for knob '{knob}', but got {list(values)}")
    kept = {}
    for name, value in re.findall(r"(\w+)(?: = (\[.*?\]|\"\w+\"|\d+))?(?:, |$)", arguments):
        kept[name] = f"{name} = {value}" if value else name
    parts = [kept.get("dim"), f"values = [{', '.join(map(str, values))}]", kept.get("prefer"), kept.get("partial")]
    return f"#chameleon.{kind}<{', '.join(part for part in parts if part)}>"


def with_rule(text: str, message: str, rule: Rule | None) -> str:
    """The rule of that message replaced, or left out."""
    found = [match for match in _RULE.finditer(text) if match[1] == message]
    if len(found) != 1:
        raise Drift(f"expected one rule '{message}', but found {len(found)}")
    match = found[0]
    new = "" if rule is None else _replaced(match[0], message, rule)
    return text[:match.start()] + new + text[match.end():]


def _replaced(old: str, message: str, rule: Rule) -> str:
    new, count = _SET.subn(rf"\1({rule.constraints})\2", old)
    if count != 1:
        raise Drift(f"expected the rule '{message}' to be one set over symbols, but it is {old.strip()}")
    return new.replace(f'"{message}"', f'"{rule.message}"')


# --- Knobs of their own ---------------------------------------------------------------------------------------------
# Each declares knobs after those that the schedule has, and binds them. Their rules keep what is built right and small.


def declare(text: str, after: str, lines: str) -> str:
    """Knobs and rules put behind all knobs that directly follow the knob `after`: so positions of symbols stay."""
    declaration = re.compile(rf'transform\.tune\.knob<"{after}">.*\n(?: *(?:%\w+ = transform\.tune\.knob<|//).*\n)*')
    found = list(declaration.finditer(text))
    if len(found) != 1:
        raise Drift(f"expected one knob '{after}' to put others behind, but found {len(found)}")
    end = found[0].end()
    return text[:end] + lines + text[end:]


def symbols_to(text: str, knob: str) -> str:
    """The list of symbols of a binding that reaches as far as `knob`."""
    names = knob_names(text)
    return ", ".join(names[:names.index(knob) + 1])


def conv_unroll(text: str) -> str:
    """icu input channels and kwu taps of a row of the window are unrolled, the channels outermost."""
    text = declare(text, "order", """\
    %icu = transform.tune.knob<"icu"> options = #chameleon.tile<dim = "ic", values = [1, 2, 4]> -> !i64
    %kwu = transform.tune.knob<"kwu"> options = #chameleon.tile<dim = "kw"> -> !i64
    transform.chameleon.require %fo, %oht, %owt, %lanes, %icu, %kwu {
      set = affine_set<()[fo, oht, owt, lanes, icu, kwu] : (96 - ((oht * owt * fo) floordiv lanes) * icu * kwu >= 0)>,
      message = "the unrolled body would take long to compile"}
""")
    text = replace_once(text, """chw = array<i64: 4, 5, 6, 0, 1, 2, 3, 7>}}}
         : (!any) -> (!any, !any, !any, !any)
    %gu, %lu:2 = transform.structured.tile_using_for %gr tile_sizes [0, 0, 1, 1] : (!any) -> (!any, !any, !any)
""", f"""chw = array<i64: 4, 5, 6, 0, 1, 2, 3, 7>}},
           static_sizes = affine_map<()[{symbols_to(text, "kwu")}] -> (0, 0, 0, 0, icu, 1, kwu, 0)>}}}}
         : (!any) -> (!any, !any, !any, !any)
    %gu, %lu:4 = transform.structured.tile_using_for %gr tile_sizes [0, 0, 1, 1, 1, 0, 1]
         interchange = [4, 6, 2, 3, 0, 1, 5, 7] : (!any) -> (!any, !any, !any, !any, !any)
    transform.chameleon.unroll_fully %lu#3 : !any
    transform.chameleon.unroll_fully %lu#2 : !any
""")
    return text


def conv_loops(text: str) -> str:
    """The order of the loops over channels (f), rows (y) and columns (x) of tiles."""
    labels = {"fyx": "0, 1, 2, 3", "yfx": "0, 2, 1, 3", "yxf": "0, 2, 3, 1", "xfy": "0, 3, 1, 2", "fxy": "0, 1, 3, 2",
              "xyf": "0, 3, 2, 1"}
    listed = ", ".join(f'"{label}"' for label in labels)
    text = declare(text, "order", f"""\
    %loops = transform.tune.knob<"loops"> options = #chameleon.choice<[{listed}]> -> !i64
""")
    bound = ", ".join(f"{label} = array<i64: {order}>" for label, order in labels.items())
    return replace_once(text, "tile_sizes [1, %fo, %oht, %owt] interchange = [0, 1, 2, 3]\n", f"""\
tile_sizes [1, %fo, %oht, %owt] interchange = [0, 1, 2, 3] {{chameleon.bind = {{
         interchange = {{knob = "loops", {bound}}}}}}}
""")


def conv_channels(text: str) -> str:
    """Blocks of fb output channels around those of rows: their weights stay in a cache."""
    text = declare(text, "order", """\
    %oc_of_task = transform.tune.knob<"oc_of_task"> options = #chameleon.fact<"extent(oc)"> -> !i64
    %fb = transform.tune.knob<"fb"> options = #chameleon.tile<dim = "oc", min = 16, prefer = 1048576> -> !i64
    transform.chameleon.require %fb, %fo, %oc_of_task {
      set = affine_set<()[fb, fo, oc] : ((fb mod fo) * (oc - fb) == 0)>,
      message = "the channels of a tile must divide those of a block, if there are several"}
""")
    old = re.search(r"tile_using_forall %last tile_sizes \[0, 0, 7, 0\] \{chameleon\.bind = \{.*?\}\} "
                    r": \(!any\) -> \(!any, !any\)\n", text, re.S)
    if not old:
        raise Drift("expected a tile_using_forall of %last by [0, 0, 7, 0], but there is none")
    return replace_once(text, old[0], "tile_using_forall %last tile_sizes [0, %fb, %rows, 0] "
                        ": (!any, !i64, !i64) -> (!any, !any)\n")


def matmul_blocks(text: str) -> str:
    """Blocks of mb rows by nb columns, in either order, in place of blocks of nb columns."""
    text = declare(text, "registers", """\
  %mb = transform.tune.knob<"mb"> options = #chameleon.tile<dim = "m", min = 16, prefer = 1048576> -> !i64
  %blocks = transform.tune.knob<"blocks"> options = #chameleon.choice<["nm", "mn"]> -> !i64
  transform.chameleon.require %mr, %mb, %m {
    set = affine_set<()[mr, mb, m] : ((mb mod mr) * (m - mb) == 0)>,
    message = "the rows of a tile must divide those of a block, if there are several"}
""")
    old = re.search(r"%lb, %block = transform\.structured\.tile_using_forall %last tile_sizes \[0, 512\] \{.*?\}\} "
                    r": \(!any\) -> \(!any, !any\)\n", text, re.S)
    if not old:
        raise Drift("expected a tile_using_forall of %last by [0, 512], but there is none")
    return replace_once(text, old[0], """\
%lb, %block:2 = transform.structured.tile_using_for %last tile_sizes [%mb, %nb] interchange = [1, 0] {chameleon.bind = {
         interchange = {knob = "blocks", nm = array<i64: 1, 0>, mn = array<i64: 0, 1>}}}
       : (!any, !i64, !i64) -> (!any, !any, !any)
""")


def matmul_unroll(text: str) -> str:
    """ku steps of the k loop, of kr each, are unrolled."""
    text = declare(text, "registers", """\
  %k_of_task = transform.tune.knob<"k_of_task"> options = #chameleon.fact<"extent(k)"> -> !i64
  %ku = transform.tune.knob<"ku"> options = #chameleon.tile<values = [1, 2, 4]> -> !i64
  transform.chameleon.require %kr, %ku, %k_of_task {
    set = affine_set<()[kr, ku, k] : (k mod (kr * ku) == 0)>, message = "the unrolled steps must divide k"}
  transform.chameleon.require %mr, %nr, %kr, %ku, %lanes {
    set = affine_set<()[mr, nr, kr, ku, lanes] : (96 - (mr * nr * kr * ku) floordiv lanes >= 0)>,
    message = "the unrolled steps would take long to compile"}
""")
    text = replace_once(text, """\
  %gr, %lr = transform.structured.tile_using_for %tiles tile_sizes [0, 0, 1, 0]""", f"""\
  %gk, %lk = transform.structured.tile_using_for %tiles tile_sizes [0, 0, 1, 0] {{chameleon.bind = {{
         static_sizes = affine_map<()[{symbols_to(text, "ku")}] -> (0, 0, kr * ku, 0)>}}}} : (!any) -> (!any, !any)
  %gr, %lr = transform.structured.tile_using_for %gk tile_sizes [0, 0, 1, 0]""")
    return replace_once(text, "  transform.chameleon.unroll_fully %lu : !any\n", """\
  transform.chameleon.unroll_fully %lu : !any
  transform.chameleon.unroll_fully %lr : !any
""")


EXTENSIONS: dict[str, Callable[[str], str]] = {
    "conv-unroll": conv_unroll,
    "conv-loops": conv_loops,
    "conv-channels": conv_channels,
    "matmul-blocks": matmul_blocks,
    "matmul-unroll": matmul_unroll,
}


def extension(name: str) -> Callable[[str], str]:
    """The extension of that name; fails with the names that there are."""
    if name not in EXTENSIONS:
        raise ValueError(f"expected an extension of {', '.join(EXTENSIONS)}, but got '{name}'")
    return EXTENSIONS[name]


# --- Command line ---------------------------------------------------------------------------------------------------


def main(argv: Sequence[str]) -> int:
    """Runs the command line; gives the exit code."""
    import spaces  # which names Derivation: not at the top

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", help="of a space")
    parser.add_argument("--list", action="store_true", help="print the names of the spaces, and end")
    args = parser.parse_args(argv)
    if args.list:
        print("\n".join(space.name for space in spaces.SPACES))
        return 0
    try:
        print(derive(spaces.named(args.name or "").derivation), end="")
    except (ValueError, OSError) as error:
        print(f"schedules.py: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
