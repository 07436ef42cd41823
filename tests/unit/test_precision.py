"""How many replications are wanted, what is told of it, and wishes as people write them."""

import math

import numpy as np
import pytest

from pathsim.errors import InputError
from pathsim.outcomes.intervals import t_interval, two_stage_interval
from pathsim.study.precision import Precision, Reached, Sample, Wish, wanted
from pathsim.study.wishes import precision

SURVIVAL = "overall survival from arrival, at 24 months"
TWENTY = np.array([9.0, 11.0] * 10)
"""Mean 10, standard deviation 1.0260, reach 2.0930 times that: 2.1474."""


def sample(values: object, width: float = 1.0, **which: object) -> Sample:
    wish = Wish(SURVIVAL, width, **which)  # type: ignore[arg-type]
    return Sample(wish, "a", "%", np.asarray(values, dtype=float))


def test_with_no_more_than_the_first_the_interval_is_students() -> None:
    values = np.array([3.0, 5.0, 4.0, 9.0])
    assert two_stage_interval(values, 4) == pytest.approx(t_interval(values))


def test_a_spread_of_the_first_is_kept_where_the_others_lie_closer() -> None:
    values = np.concatenate([TWENTY, np.full(60, 10.0)])
    found = two_stage_interval(values, 20)
    assert found.high - found.mean == pytest.approx(2.093024 * TWENTY.std(ddof=1) / math.sqrt(80))


def test_the_spread_of_all_counts_where_it_is_greater() -> None:
    values = np.concatenate([TWENTY, np.tile([5.0, 15.0], 40)])
    assert two_stage_interval(values, 20) == pytest.approx(t_interval(values))


def test_an_interval_in_two_stages_needs_two_first_values_and_all_values() -> None:
    with pytest.raises(ValueError, match="two or more"):
        two_stage_interval(TWENTY, 1)
    with pytest.raises(ValueError, match="every value"):
        two_stage_interval([1.0, math.nan, 2.0], 2)


@pytest.mark.parametrize(("width", "needed"), [(1.0, 20), (0.3, 52), (0.1, 462)])
def test_as_many_are_wanted_as_stein_says(width: float, needed: int) -> None:
    """(2.1474 / width) squared, rounded up, and never fewer than there are."""
    assert wanted([sample(TWENTY, width)], 20, 1000) == needed


def test_the_most_demanding_wish_settles_how_many() -> None:
    assert wanted([sample(TWENTY, 1.0), sample(10 * TWENTY, 3.0)], 20, 1000) == 52


def test_no_more_are_wanted_than_are_allowed() -> None:
    assert wanted([sample(TWENTY, 0.1)], 20, 100) == 100


def test_a_share_of_the_mean_is_a_width() -> None:
    assert wanted([sample(TWENTY, 0.03, relative=True)], 20, 1000) == 52
    assert wanted([sample(TWENTY - 10, 0.03, relative=True)], 20, 100) == 100


@pytest.mark.parametrize("seed", range(20))
def test_what_is_reached_is_as_narrow_as_asked(seed: int) -> None:
    values = np.random.default_rng(seed).normal(50, 3, size=5000)
    n, now = 0, 20
    while now > n:
        n, now = now, wanted([sample(values[:now], 0.5)], 20, 5000)
    assert 20 < n < 5000
    met = sample(values[:n], 0.5).met(20)
    interval = two_stage_interval(values[:n], 20)
    assert met.verdict == "narrow"
    assert met.half_width == pytest.approx(interval.high - interval.mean)
    assert met.half_width <= 0.5 * (1 + 1e-12)


def test_an_outcome_without_a_value_somewhere_asks_for_no_more_and_is_told() -> None:
    found = sample([1.0, math.nan, 3.0] * 7, 0.01).met(21)
    assert (found.verdict, found.needs) == ("undefined", 21)
    assert "no value in 7 of 21 replications" in found.words()


def test_an_outcome_that_never_differs_asks_for_no_more_and_is_told() -> None:
    found = sample([0.0] * 20).met(20)
    assert (found.verdict, found.needs) == ("constant", 20)
    assert "the same in all 20 replications, so its spread is not known" in found.words()


def test_skewed_values_are_told() -> None:
    values = np.random.default_rng(1).exponential(size=400)
    assert "skewed" in sample(values, 9.0).met(20).words()
    assert "skewed" not in sample(TWENTY).met(20).words()


def test_what_was_done_is_told() -> None:
    values = np.tile(TWENTY, 3)[:53]
    reached = Reached(20, 1000, (sample(values, 0.3).met(20),))
    assert reached.words() == [
        "53 replications: 20 at first, 33 more for the intervals asked "
        "(in two stages, after Stein).",
        f"a, {SURVIVAL}: ± 0.295 % (asked 0.3 %)",
    ]


def test_a_limit_that_is_met_is_told_with_what_would_be_needed() -> None:
    reached = Reached(20, 40, (sample(np.tile(TWENTY, 2), 0.1).met(20),))
    head, line = reached.words()
    assert head == ("40 replications: 20 at first, 20 more, the most allowed: "
                    "NOT EVERY INTERVAL IS AS NARROW AS ASKED.")  # fmt: skip
    assert line == f"a, {SURVIVAL}: ± 0.34 % only; about 460 are needed (asked 0.1 %)"


# --- as people write them ---


def test_a_wish_is_an_outcome_and_a_half_width() -> None:
    asked = precision([f"{SURVIVAL}: 1.5", "difference: time treated: 3 days",
                       "time treated:2% of its mean"], most=200, compared=True)  # fmt: skip
    found = [(w.outcome, w.width, w.unit, w.relative, w.difference) for w in asked.wishes]
    assert asked.most == 200
    assert found == [
        (SURVIVAL, 1.5, "", False, False),
        ("time treated", 3.0, "days", False, True),
        ("time treated", 0.02, "", True, False),
    ]


BAD = {
    SURVIVAL: "no outcome with a half-width",
    ": 1": "no outcome with a half-width",
    "difference: 1": "no outcome with a half-width",
    f"{SURVIVAL}:": "'' is no half-width",
    f"{SURVIVAL}: narrow": "'narrow' is no half-width",
    f"{SURVIVAL}: 0": "a number above 0",
    f"{SURVIVAL}: -1": "a number above 0",
    f"{SURVIVAL}: nan": "a number above 0",
    f"{SURVIVAL}: inf": "a number above 0",
    f"difference: {SURVIVAL}: 1": "one strategy has no difference",
}


@pytest.mark.parametrize("text", BAD)
def test_a_wish_that_is_none_is_told(text: str) -> None:
    with pytest.raises(InputError) as told:
        precision([text])
    assert BAD[text] in str(told.value)


def test_a_share_of_a_difference_is_refused() -> None:
    with pytest.raises(InputError, match="a difference may be 0"):
        precision(["difference: time treated: 2 % of its mean"], compared=True)


def test_everything_wrong_is_told_at_once() -> None:
    texts = ["died: 1", "nothing", "died: 2", "infused: x"]
    with pytest.raises(InputError) as told:
        precision(texts, replications=5, most=20)
    assert [(p.file, p.line) for p in told.value.problems] == [
        ("--precision", 2), ("--precision", 3), ("--precision", 4), ("--replications", 0),
    ]  # fmt: skip
    assert "asked for in number 1" in str(told.value)


def test_more_first_replications_than_are_allowed_are_refused() -> None:
    with pytest.raises(InputError, match="are more than 20, the most allowed"):
        precision(["died: 1"], replications=30, most=20)


def test_a_scenarios_own_number_of_replications_is_brought_within_what_is_allowed() -> None:
    assert Precision((), 1000).first(2) == 10
    assert Precision((), 1000).first(20) == 20
    assert Precision((), 15).first(20) == 15
