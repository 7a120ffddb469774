# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is reported: the summary, of which tables and JSON are made. `metrics.py` defines every number."""
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import metrics
from arms import AUTOTVM, OURS, PAPER, RANDOM, Arm
from metrics import Estimate, Runs
from replay import Space

SCHEMA_VERSION = 2
BUDGETS = (64, 128, 256)
SHARES = (0.95, 0.99)  # of the best known speed
RIVALS = {"autotvm": AUTOTVM, "paper": PAPER}  # as keys name them

AllRuns = Mapping[tuple[str, str], Runs]  # by names of arm and space
Part = dict[str, Any]


def _estimate(estimate: Estimate) -> Part:
    return {"value": estimate.value, "interval": [estimate.low, estimate.high]}


def budgets_of(space: Space, measurements: int) -> list[int]:
    """Those of BUDGETS that searches of this space reach."""
    return [budget for budget in BUDGETS if budget <= space.limit(measurements)]


def _quartiles_where(values: np.ndarray, reached: np.ndarray) -> list[float]:
    return list(metrics.quartiles(np.where(reached, values, np.inf)))


def reaching(runs: Runs, best_ns: float, share: float) -> Part:
    """Quartiles of measurements and seconds until a share of the best known speed is reached."""
    target = np.array([best_ns / share])
    (needed,), (reached,) = metrics.reach(runs, target)
    (seconds,), _ = metrics.seconds_to_reach(runs, target)
    return {"measurements": _quartiles_where(needed, reached), "seconds": _quartiles_where(seconds, reached),
            "reached": int(reached.sum())}


def cell(arm: Arm, space: Space, runs: Runs, measurements: int) -> Part:
    """One arm on one space."""
    correlation = runs.rank_correlation
    return {
        "arm": arm.name, "space": space.name, "surrogate": space.surrogate, "seeds": len(runs.best),
        "regret": {str(budget): list(metrics.quartiles(metrics.regret(runs, space.best_ns, budget)))
                   for budget in budgets_of(space, measurements)},
        "reach": {f"{share:.0%}": reaching(runs, space.best_ns, share) for share in SHARES},
        "failure_rate": float(runs.failed.sum() / runs.tried.sum()),
        "rank_correlation": None if np.isnan(correlation).all() else float(np.nanmean(correlation)),
        "search_seconds": float(np.median(runs.search_seconds)),
        "virtual_seconds": float(np.median(runs.seconds[:, -1])),
        "scored": float(np.median(runs.scored)),
    }


def speedup_on(space: Space, arm: str, rival: str, runs: AllRuns, slack: float = 0.0) -> metrics.Speedup:
    """How much sooner an arm is as good as the rival at its end."""
    return metrics.speedup(runs[arm, space.name], runs[rival, space.name],
                           metrics.generator("speedup", arm, rival, space.name), slack)


def _speedup_row(space: Space, found: metrics.Speedup, within: dict[str, metrics.Speedup]) -> Part:
    return {
        "space": space.name, "target_ns": found.target_ns, "target_regret": found.target_ns / space.best_ns,
        "seeds": len(found.our_reached), "rival_seeds": len(found.rival_reached),
        "rival_seconds": float(np.median(found.rival_seconds)), "rival_reached": int(found.rival_reached.sum()),
        "our_seconds": float(np.median(found.our_seconds)), "our_reached": int(found.our_reached.sum()),
        "ratio": _estimate(metrics.geomean([found.log_ratio], None)),
        "penalized": math.exp(found.log_penalized.value),
        "within": {slack: {**_estimate(metrics.geomean([each.log_ratio], None)),
                           "our_reached": int(each.our_reached.sum())} for slack, each in within.items()},
    }


def compare(spaces: Sequence[Space], rival: str, runs: AllRuns) -> Part:
    """The default against a rival: each space, and the geometric mean."""
    found = [speedup_on(space, OURS, rival, runs) for space in spaces]
    within = {f"{slack:.0%}": [speedup_on(space, OURS, rival, runs, slack) for space in spaces]
              for slack in metrics.SLACKS}
    ratios = [each.log_ratio for each in found]
    return {
        "geomean": _estimate(metrics.geomean(ratios, metrics.generator("tasks", rival))),
        "seeds_alone": _estimate(metrics.geomean(ratios, None)),
        "penalized": _estimate(metrics.geomean([each.log_penalized for each in found],
                                               metrics.generator("tasks", rival))),
        "within": {slack: _estimate(metrics.geomean([each.log_ratio for each in of],
                                                    metrics.generator("tasks", rival)))
                   for slack, of in within.items()},
        "spaces": [_speedup_row(space, each, {slack: of[index] for slack, of in within.items()})
                   for index, (space, each) in enumerate(zip(spaces, found))],
    }


def against_random(spaces: Sequence[Space], arm: str, runs: AllRuns, measurements: int) -> list[Part]:
    """The difference of regrets on each space after each budget."""
    rows = []
    for space in spaces:
        for budget in budgets_of(space, measurements):
            difference = metrics.regret_difference(
                runs[arm, space.name], runs[RANDOM, space.name], space.best_ns, budget,
                metrics.generator("random", arm, space.name, str(budget)))
            rows.append({"space": space.name, "measurements": budget, "difference": difference.value,
                         "interval": [difference.low, difference.high], "worse": difference.low > 0})
    return rows


def _arm_regret(spaces: Sequence[Space], arm: str, runs: AllRuns, budget: int) -> Part:
    logs = [metrics.log_regret(runs[arm, space.name], space.best_ns, budget,
                               metrics.generator("regret", arm, space.name, str(budget))) for space in spaces]
    worst = max(range(len(spaces)), key=lambda index: logs[index].value)
    return {**_estimate(metrics.geomean(logs, metrics.generator("tasks", str(budget)))),
            "worst": math.exp(logs[worst].value), "worst_space": spaces[worst].name}


def _arm_ratio(spaces: Sequence[Space], arm: str, rival: str, runs: AllRuns) -> Part:
    found = [speedup_on(space, arm, rival, runs) for space in spaces]
    return {**_estimate(metrics.geomean([each.log_ratio for each in found], metrics.generator("tasks", rival))),
            "reached": sum(int(each.our_reached.sum()) for each in found),
            "searches": sum(len(each.our_reached) for each in found)}


def common_budgets(spaces: Sequence[Space], measurements: int) -> list[int]:
    """Those of BUDGETS that searches of every space reach."""
    return [budget for budget in BUDGETS if all(budget in budgets_of(space, measurements) for space in spaces)]


def arm_row(spaces: Sequence[Space], arm: Arm, known: Sequence[str], runs: AllRuns, measurements: int) -> Part:
    """One arm over all spaces."""
    cells = [cell(arm, space, runs[arm.name, space.name], measurements) for space in spaces]
    correlations = [each["rank_correlation"] for each in cells if each["rank_correlation"] is not None]
    tried = sum(int(runs[arm.name, space.name].tried.sum()) for space in spaces)
    failed = sum(int(runs[arm.name, space.name].failed.sum()) for space in spaces)
    return {
        "arm": arm.name, "group": arm.group, "about": arm.about, "options": list(arm.options),
        "regret": {str(budget): _arm_regret(spaces, arm.name, runs, budget)
                   for budget in common_budgets(spaces, measurements)},
        "reached": {share: sum(each["reach"][share]["reached"] for each in cells) for share in cells[0]["reach"]},
        "searches": sum(each["seeds"] for each in cells),
        "seconds_ratio": {key: _arm_ratio(spaces, arm.name, rival, runs) if rival in known else None
                          for key, rival in RIVALS.items()},
        "worse_than_random": sum(row["worse"] for row in against_random(spaces, arm.name, runs, measurements))
                             if RANDOM in known else None,
        "pairs_with_random": min(len(runs[name, spaces[0].name].best) for name in (arm.name, RANDOM))
                             if RANDOM in known else None,
        "failure_rate": failed / tried,
        "rank_correlation": float(np.mean(correlations)) if correlations else None,
        "search_seconds": float(np.median([each["search_seconds"] for each in cells])),
    }


def summarize_group(spaces: Sequence[Space], arms: Sequence[Arm], runs: AllRuns, measurements: int) -> Part:
    """Recorded spaces, or surrogates: never both."""
    known = [arm.name for arm in arms]
    summary: Part = {"spaces": [space.name for space in spaces]}
    for key, rival in RIVALS.items():
        found = compare(spaces, rival, runs) if spaces and OURS in known and rival in known else None
        summary[f"seconds_ratio_vs_{key}_geomean"] = found and found["geomean"]["value"]
        summary[f"seconds_ratio_vs_{key}_interval"] = found and found["geomean"]["interval"]
        summary[f"vs_{key}"] = found
    rows = against_random(spaces, OURS, runs, measurements) if OURS in known and RANDOM in known else []
    summary["worst_vs_random"] = max((row["interval"][0] for row in rows), default=None)
    summary["worse_than_random"] = [f"{row['space']}@{row['measurements']}" for row in rows if row["worse"]]
    summary["vs_random"] = rows
    summary["arms"] = [arm_row(spaces, arm, known, runs, measurements) for arm in arms] if spaces else []
    return summary


def summarize(spaces: Sequence[Space], arms: Sequence[Arm], runs: AllRuns, measurements: int, **facts: Any) -> Part:
    """The whole report; `facts` are more keys of it."""
    recorded, surrogates = ([space for space in spaces if space.surrogate == kind] for kind in (False, True))
    return {
        "schema_version": SCHEMA_VERSION,
        **summarize_group(recorded, arms, runs, measurements),
        "surrogates": summarize_group(surrogates, arms, runs, measurements) if surrogates else None,
        "measured": [{"space": space.name, **space.facts, "measurements": space.limit(measurements)}
                     for space in spaces],
        "cells": [cell(arm, space, runs[arm.name, space.name], measurements) for space in spaces for arm in arms],
        "measurements": measurements,
        **facts,
    }


def for_json(value: Any) -> Any:
    """JSON knows no infinity: null."""
    if isinstance(value, dict):
        return {key: for_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [for_json(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
