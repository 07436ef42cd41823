"""What the numbers do and what chance does are told apart: on variances that are known."""

import numpy as np
import pytest

from pathsim.study.uncertain.apart import above, apart, best, shrunk

OUTER, INNER = 2.0, 3.0


def simulated(sets: int, replications: int, seed: int, outer: float = OUTER):
    rng = np.random.default_rng(seed)
    numbers = rng.normal(10, outer, (sets, 1))
    return numbers + rng.normal(0, INNER, (sets, replications))


def test_both_standard_deviations_are_found():
    """40,000 sets: the outer variance, 4, has a standard error of (4+4.5) sqrt(2/40000) and less
    than that again from the inner, 0.07 in all; four of these are tried."""
    found = apart(simulated(40_000, 2, seed=1))
    assert found.sd_outer**2 == pytest.approx(OUTER**2, abs=0.28)
    assert found.se_inner**2 == pytest.approx(INNER**2 / 2, rel=4 * np.sqrt(2 / 40_000))
    assert found.noise == pytest.approx(4.5 / 8.5, abs=0.02)
    # the interval is that of the numbers alone: 10 ± 1.96 x 2; a centile is known to 0.027 sd
    assert (found.low, found.high) == pytest.approx((6.08, 13.92), abs=0.25)
    assert found.high_sets - found.low_sets > 1.3 * (found.high - found.low)


def test_the_outer_variance_is_unbiased_over_many_small_studies():
    """1,000 studies of 30 sets: their mean estimate is within 3.3 standard errors, which chance
    exceeds once in a thousand. Estimates below 0 are counted as they are."""
    found = []
    for seed in range(1000):
        values = simulated(30, 3, seed)
        each = apart(values)
        found.append(each.sd_sets**2 - each.se_inner**2)
    error = np.std(found) / np.sqrt(1000)
    assert np.mean(found) == pytest.approx(OUTER**2, abs=3.3 * error)


def test_the_interval_for_the_mean_holds_it_in_95_percent_of_studies():
    """2,000 studies: 95 % ± 1.6 % with an error rate of one in a thousand; normal, 100 sets."""
    held = 0
    for seed in range(2000):
        found = apart(simulated(100, 2, seed))
        held += abs(found.mean - 10) < 1.984 * found.se_mean
    assert held / 2000 == pytest.approx(0.95, abs=0.016)


def test_where_the_numbers_do_nothing_the_outer_variation_is_about_none():
    found = apart(simulated(2000, 4, seed=2, outer=0.0))
    assert found.sd_outer < 0.35 * found.se_inner
    assert found.noise == pytest.approx(1, abs=0.15)


def test_with_one_replication_chance_is_not_known_and_the_interval_holds_it():
    found = apart(simulated(500, 1, seed=3))
    assert np.isnan([found.sd_outer, found.se_inner, found.noise]).all()
    assert (found.low, found.high) == (found.low_sets, found.high_sets)


def test_what_is_not_known_is_left_out_and_counted():
    values = simulated(50, 2, seed=4)
    values[0] = np.nan
    values[1, 0] = np.nan
    found = apart(values)
    assert found.sets == 49
    assert found.mean == pytest.approx(np.nanmean(values[1:], axis=1).mean())
    assert apart(np.full((3, 2), np.nan)).sets == 0


def test_drawing_together_keeps_the_mean_and_the_order():
    means = np.array([1.0, 4.0, 2.0])
    drawn = shrunk(means, outer=0.25)
    assert drawn.mean() == pytest.approx(means.mean())
    assert drawn.var(ddof=1) == pytest.approx(0.25)
    assert list(np.argsort(drawn)) == [0, 2, 1]


def test_the_best_strategy_is_counted_set_by_set_and_ties_are_split():
    means = np.array([[1.0, 2.0], [3.0, 2.0], [1.0, 1.0], [np.nan, 1.0]])
    assert best(means).tolist() == [0.5, 0.5]
    assert np.isnan(best(means[3:])).all()


def test_a_difference_that_is_chance_alone_is_above_0_neither_for_sure_nor_never():
    """2,000 studies of 60 sets in which the numbers do nothing: about one in twenty is told to be
    above, or below, 0 with 97.5 %, as few as chance explains."""
    sure = 0
    for seed in range(2000):
        values = simulated(60, 2, seed, outer=0.0) - 10
        p = above(values.mean(axis=1), apart(values).sd_outer ** 2)
        sure += not 0.025 < p < 0.975
    assert sure / 2000 < 0.08


def test_how_often_a_difference_is_above_0_is_that_of_the_numbers():
    """A mean of 2 and a standard deviation of 2: in 84 % of sets, whatever chance adds."""
    values = simulated(20_000, 2, seed=6) - 8
    assert above(values.mean(axis=1), apart(values).sd_outer ** 2) == pytest.approx(0.841, abs=0.02)


def test_where_chance_is_all_that_is_seen_it_is_told_and_elsewhere_not() -> None:
    """An interval without width would pass for certainty."""
    assert apart(np.array([[0.0, 2.0], [2.0, 0.0], [0.0, 2.0]])).hidden
    assert not apart(np.array([[0.0, 0.1], [5.0, 5.1], [9.0, 9.1]])).hidden
    assert not apart(np.full((3, 2), 4.0)).hidden
