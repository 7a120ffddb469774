# Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The statistics of benchmarks/search, on searches that are small enough to compute by hand."""
import math

import pytest

np = pytest.importorskip("numpy", reason="benchmarks/search needs numpy")

import metrics  # noqa: E402

INF = math.inf


def line(ns, seconds, correlation=None):
    return {"ns": ns, "virtual_seconds": seconds, "search_seconds": 0.25, "scored": 7, "rank_correlation": correlation}


def runs(*searches):
    return metrics.runs_of([line(*search) for search in searches])


# The second search ended early, and its first measurement failed.
TWO = runs(([10.0, None, 5.0, 8.0], [1.0, 2.0, 4.0, 7.0]), ([None, 20.0, 20.0], [1.0, 3.0, 6.0]))
# AutoTVM's finals are 4, 6 and 9: the target is 6, which the last of them never reaches.
RIVAL = runs(([10.0, 4.0], [2.0, 10.0]), ([10.0, 6.0], [2.0, 8.0]), ([10.0, 9.0], [3.0, 20.0]))
OURS = runs(([6.0, 6.0], [1.0, 2.0]), ([8.0, 6.0], [1.0, 4.0]), ([8.0, 8.0], [2.0, 5.0]))


def rng():
    return metrics.generator("test")


def test_a_search_that_ended_keeps_what_it_had():
    assert TWO.best.tolist() == [[10, 10, 5, 5], [INF, 20, 20, 20]]
    assert TWO.seconds.tolist() == [[1, 2, 4, 7], [1, 3, 6, 6]]
    assert TWO.tried.tolist() == [4, 3] and TWO.failed.tolist() == [1, 1]
    assert np.isnan(TWO.rank_correlation).all()


def test_regret():
    assert metrics.regret(TWO, 5.0, 1).tolist() == [2, metrics.REGRET_CAP]
    assert metrics.regret(TWO, 5.0, 3).tolist() == [1, 4]
    assert metrics.regret(TWO, 5.0, 256).tolist() == [1, 4]


def test_reaching_and_censoring():
    needed, reached = metrics.reach(TWO, np.array([20.0, 10.0, 5.0, 4.0]))
    assert reached.tolist() == [[True, True], [True, False], [True, False], [False, False]]
    assert needed.tolist() == [[1, 2], [1, 3], [3, 3], [4, 3]]
    seconds, _ = metrics.seconds_to_reach(TWO, np.array([20.0, 10.0, 5.0, 4.0]))
    assert seconds.tolist() == [[1, 3], [1, 6], [4, 6], [7, 6]]


@pytest.mark.parametrize("values, expected", [
    ([1, 2, 3, 4, 5], (2, 3, 4)),
    ([4, 1, 2], (1.5, 2, 3)),
    ([1, 2, 3, INF], (1.75, 2.5, INF)),
    ([1, 2, INF, INF], (1.75, INF, INF)),
    ([1, 2, 3, 4, INF], (2, 3, 4)),
    ([INF, INF], (INF, INF, INF)),
    ([3], (3, 3, 3)),
])
def test_quartiles_of_what_may_never_happen(values, expected):
    assert metrics.quartiles(np.array(values, dtype=float)) == expected


def test_best_so_far_at_virtual_seconds():
    found = metrics.seconds_curve(TWO, np.array([0.5, 1.0, 3.5, 4.0, 100.0]))
    assert found.tolist() == [[INF, 10, 10, 5, 5], [INF, INF, 20, 20, 20]]


def test_speedup_by_hand():
    found = metrics.speedup(OURS, RIVAL, rng())
    assert found.target_ns == 6.0
    assert found.rival_seconds.tolist() == [10, 8, 20] and found.rival_reached.tolist() == [True, True, False]
    assert found.our_seconds.tolist() == [1, 4, 5] and found.our_reached.tolist() == [True, True, False]
    assert math.exp(found.log_ratio.value) == pytest.approx((10 * 8 * 20 / (1 * 4 * 5)) ** (1 / 3))
    assert math.exp(found.log_penalized.value) == pytest.approx((10 * 8 * 20 / (1 * 4 * 10)) ** (1 / 3))


def test_slack_makes_the_target_slower_for_both():
    found = metrics.speedup(OURS, RIVAL, rng(), slack=0.5)
    assert found.target_ns == 9.0
    assert found.rival_seconds.tolist() == [10, 8, 20] and found.rival_reached.all()
    assert found.our_seconds.tolist() == [1, 1, 2] and found.our_reached.all()
    assert math.exp(found.log_ratio.value) == pytest.approx((10 * 8 * 20 / (1 * 1 * 2)) ** (1 / 3))


def test_speedup_is_the_mean_over_all_pairs_too():
    found = metrics.speedup(OURS, RIVAL, rng())
    pairs = [math.log(rival / ours) for rival in found.rival_seconds for ours in found.our_seconds]
    assert found.log_ratio.value == pytest.approx(sum(pairs) / 9)


def test_the_bootstrap_takes_the_target_anew():
    found = metrics.speedup(OURS, RIVAL, rng())
    again = rng()
    rival_rows, our_rows = metrics.resample(3, again), metrics.resample(3, again)

    def seconds(searches, row, target):
        best, times = searches.best[row], searches.seconds[row]
        return next((time for value, time in zip(best, times) if value <= target), times[-1])

    for draw in range(200):  # slow, and obvious
        target = sorted(RIVAL.best[row, -1] for row in rival_rows[draw])[1]
        rival = [seconds(RIVAL, row, target) for row in rival_rows[draw]]
        ours = [seconds(OURS, row, target) for row in our_rows[draw]]
        expected = sum(map(math.log, rival)) / 3 - sum(map(math.log, ours)) / 3
        assert found.log_ratio.draws[draw] == pytest.approx(expected)


def test_a_rival_against_itself_is_as_fast():
    found = metrics.speedup(RIVAL, RIVAL, rng())
    assert found.log_ratio.value == 0
    low, high = metrics.interval(found.log_ratio.draws)
    assert low < 0 < high


def test_geomean_over_spaces():
    parts = [metrics.LogDraws(math.log(value), np.full(metrics.RESAMPLES, math.log(value))) for value in (2.0, 8.0)]
    assert metrics.geomean(parts, None) == pytest.approx((4, 4, 4))  # seeds that agree, tasks not drawn
    assert metrics.geomean(parts, rng()) == pytest.approx((4, 2, 8))  # a quarter of the draws has one task twice


def test_difference_of_regrets_is_paired_by_seed():
    def after_one(*ns):
        return runs(*(([time], [1.0]) for time in ns))

    found = metrics.regret_difference(after_one(10.0, 20.0), after_one(10.0, 10.0), 10.0, 1, rng())
    assert found == (0.5, 0, 1)  # the means of two draws of 0 and 1
    same_gap = metrics.regret_difference(after_one(11.0, 21.0, 51.0), after_one(10.0, 20.0, 50.0), 10.0, 1, rng())
    assert same_gap == pytest.approx((0.1, 0.1, 0.1))  # unpaired it would drown in the spread of seeds
    fewer = metrics.regret_difference(after_one(11.0), after_one(10.0, 20.0, 50.0), 10.0, 1, rng())
    assert fewer == pytest.approx((0.1, 0.1, 0.1))  # the seed that both have
    nothing = metrics.regret_difference(runs(([None], [1.0])), after_one(10.0), 10.0, 1, rng())
    assert nothing.value == metrics.REGRET_CAP - 1


def test_log_regret_of_seeds():
    found = metrics.log_regret(runs(([20.0], [1.0]), ([80.0], [1.0])), 10.0, 1, rng())
    assert math.exp(found.value) == pytest.approx(4)  # the geometric mean of 2 and 8
    assert set(np.exp(found.draws).round(6)) == {2.0, 4.0, 8.0}


def test_the_same_question_has_the_same_interval():
    draws = [metrics.speedup(OURS, RIVAL, metrics.generator("a", name)).log_ratio.draws for name in "bbc"]
    assert draws[0].tolist() == draws[1].tolist() != draws[2].tolist()
