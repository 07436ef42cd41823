"""`spend` and `due`: how a budget is used up, whatever interrupts it."""

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pathsim.laws import (
    Constant,
    CuredMixture,
    Empirical,
    Exponential,
    Gompertz,
    Law,
    Manufacturing,
    PiecewiseExponential,
    Weibull,
    due,
    spend,
    unit_exponential,
)

LITTLE = 1e-11  # relative error allowed in the time since the origin, or in H
days = st.floats(0.0, 20_000.0)
whole_days = st.integers(0, 50_000).map(float)
a_few = settings(max_examples=30, deadline=None)  # of each law
budgets = st.floats(1e-6, 37.0)
ratios = st.floats(0.01, 100.0)
shares = st.floats(0.0, 1.0)


def due_of(law: Law, ratio: float, origin: float, now: float, rest: float) -> float:
    return due(law.code, law.parameters, ratio, origin, now, rest)


def spend_of(law: Law, ratio: float, origin: float, since: float, now: float, rest: float) -> float:
    return spend(law.code, law.parameters, ratio, origin, since, now, rest)


@a_few
@given(ratio=ratios, origin=days, elapsed=days, rest=budgets, share=shares)
def test_an_interval_may_be_split_without_moving_the_ring(
    hazard: Law, ratio: float, origin: float, elapsed: float, rest: float, share: float
) -> None:
    start = origin + elapsed
    target = hazard.cumulative_hazard(start - origin) + rest / ratio
    assume(target < math.inf)
    whole = due_of(hazard, ratio, origin, start, rest)
    between = start + share * (min(whole, start + 1e6) - start)
    assume(hazard.cumulative_hazard(between - origin) < math.inf)
    left = spend_of(hazard, ratio, origin, start, between, rest)
    ring = due_of(hazard, ratio, origin, between, left)
    assert ring >= between
    elapsed = min(ring, 1e300) - origin
    rounding = LITTLE * elapsed + 1e-10  # days run to 40,000, whose last bit is 7e-12
    assert hazard.cumulative_hazard(elapsed - rounding) <= target * (1.0 + LITTLE)
    if ring < math.inf:
        assert hazard.cumulative_hazard(elapsed + rounding) >= target * (1.0 - LITTLE)


@a_few
@given(origin=days, now=days, rest=budgets)
def test_nothing_rings_before_now(law: Law, origin: float, now: float, rest: float) -> None:
    assert due_of(law, 1.0, origin, now, rest) >= now


def test_a_rest_too_small_to_count_does_not_ring_in_the_past() -> None:
    law = Weibull(1.3, 20.0)
    times = [0.1 * i for i in range(1, 1000)]
    assert any(law.inverse(law.cumulative_hazard(now)) < now for now in times)  # rounded down
    assert all(now <= due_of(law, 1.0, 0.0, now, 1e-30) <= now * (1.0 + LITTLE) for now in times)


@a_few
@given(rest=budgets, origin=days, first=days, more=days)
def test_a_budget_never_grows_and_is_never_negative(
    law: Law, rest: float, origin: float, first: float, more: float
) -> None:
    left = spend_of(law, 1.0, origin, origin + first, origin + first + more, rest)
    assert 0.0 <= left <= rest


@a_few
@given(rest=budgets, since=days, more=days)
def test_ratio_0_spends_nothing_and_never_rings(
    hazard: Law, rest: float, since: float, more: float
) -> None:
    assert spend_of(hazard, 0.0, 0.0, since, since + more, rest) == rest
    assert due_of(hazard, 0.0, 0.0, since, rest) == math.inf


@given(delay=whole_days, origin=whole_days, waited=whole_days, rest=budgets)
def test_whole_day_delays_ring_on_the_whole_day(
    delay: float, origin: float, waited: float, rest: float
) -> None:
    assert due_of(Constant(delay), 1.0, origin, origin, rest) == origin + delay
    now = origin + waited
    left = spend_of(Constant(delay), 1.0, origin, origin, now, rest)
    assert due_of(Constant(delay), 1.0, origin, now, left) == max(now, origin + delay)


@given(p=st.floats(0.251, 0.499), origin=whole_days)
def test_a_whole_day_atom_of_an_empirical_delay_is_exact(p: float, origin: float) -> None:
    law = Empirical((0, 0.25, 0.5, 1), (10, 21, 21, 90))
    assert due_of(law, 1.0, origin, origin, unit_exponential(1.0 - p)) == origin + 21.0


@a_few
@given(rest=budgets, origin=days, ratio=ratios)
def test_at_its_origin_a_clock_is_due_without_a_detour(
    law: Law, rest: float, origin: float, ratio: float
) -> None:
    assert due_of(law, ratio, origin, origin, rest) == origin + law.inverse(rest / ratio)


@a_few
@given(rest=budgets, now=days, waited=st.floats(1e-9, 5000.0))
def test_a_spent_budget_rings_now(hazard: Law, rest: float, now: float, waited: float) -> None:
    assert due_of(hazard, 1.0, now - waited, now, 0.0) == now


@pytest.mark.parametrize(
    "law",
    [Constant(28), Empirical((0, 0.5, 1), (10, 21, 30)), Gompertz(20.0, 0.03)],
    ids=repr,
)
def test_where_the_hazard_is_already_infinite_it_rings_now(law: Law) -> None:
    assert law.cumulative_hazard(60.0) == math.inf
    assert spend_of(law, 1.0, 0.0, 20.0, 60.0, 0.7) == 0.0
    assert spend_of(law, 1.0, 0.0, 60.0, 70.0, 0.7) == 0.0
    assert due_of(law, 1.0, 0.0, 60.0, 0.7) == 60.0


@pytest.mark.parametrize(
    "law",
    [
        Gompertz(-1.0, 0.02),
        PiecewiseExponential((0, 10), (0.1, 0)),
        CuredMixture(0.3, Weibull(1.3, 20.0)),
    ],
    ids=repr,
)
def test_a_bounded_hazard_that_cannot_pay_the_budget_never_rings(law: Law) -> None:
    assert due_of(law, 1.0, 5.0, 5.0, 2.0) == math.inf
    assert due_of(law, 1.0, 5.0, 5000.0, 0.1) == math.inf
    assert spend_of(law, 1.0, 5.0, 5000.0, 9000.0, 0.1) == pytest.approx(0.1, rel=1e-12)


def test_a_hazard_twice_as_great_takes_half_the_time() -> None:
    law = Exponential(0.05)
    assert due_of(law, 2.0, 100.0, 100.0, 1.0) == pytest.approx(110.0, rel=1e-15)
    left = spend_of(law, 2.0, 100.0, 100.0, 105.0, 1.0)
    assert left == pytest.approx(0.5, rel=1e-15)
    assert due_of(law, 1.0, 100.0, 105.0, left) == pytest.approx(115.0, rel=1e-15)


def test_a_takeover_spends_the_rest_at_the_new_hazard() -> None:
    left = spend_of(Weibull(2.0, 10.0), 1.0, 0.0, 0.0, 5.0, 1.0)
    assert left == pytest.approx(0.75, rel=1e-15)
    assert due_of(Exponential(0.05), 1.0, 0.0, 5.0, left) == pytest.approx(20.0, rel=1e-15)
    reset = due_of(Weibull(2.0, 10.0), 1.0, 5.0, 5.0, left)
    assert reset == pytest.approx(5.0 + 10.0 * math.sqrt(0.75), rel=1e-15)


def test_a_delay_over_at_once_rings_at_once() -> None:
    assert due_of(Constant(0), 1.0, 12.0, 12.0, 0.7) == 12.0
    assert spend_of(Constant(0), 1.0, 12.0, 12.0, 12.0, 0.7) == 0.7


def test_a_manufacturing_delay_spends_nothing_before_its_minimum() -> None:
    law = Manufacturing(14, 30, 0.5)
    assert spend_of(law, 1.0, 0.0, 0.0, 14.0, 0.7) == 0.7
    assert due_of(law, 1.0, 0.0, 10.0, math.log(2.0)) == pytest.approx(30.0, rel=1e-14)


def test_a_unit_exponential_is_the_survival_time_of_its_uniform() -> None:
    assert unit_exponential(0.5) == math.log(2.0)
    assert unit_exponential(2.0**-53) == pytest.approx(53.0 * math.log(2.0), rel=1e-15)
    assert unit_exponential(1.0 - 2.0**-53) > 0.0
