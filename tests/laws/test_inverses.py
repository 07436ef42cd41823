"""H and its inverse undo each other, from the first moment to the far tail."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.special import log_ndtr, ndtr, ndtri, ndtri_exp

from pathsim.laws import (
    Constant,
    CuredMixture,
    Empirical,
    Exponential,
    Gompertz,
    Law,
    LogNormal,
    Manufacturing,
    PiecewiseExponential,
    Weibull,
    normal_cdf,
    normal_quantile,
)

LITTLE = 2e-12  # relative error allowed in the time, or in H
TINY = 1e-307  # days; doubles below it lose digits
a_few = settings(max_examples=30, deadline=None)  # of each law
budgets = st.floats(-690.0, 9.0).map(math.exp)  # 1e-300 to 8000


@a_few
@given(h=budgets)
@example(h=1e-12)
@example(h=math.log(2.0))
@example(h=36.7)
@example(h=40.0)
@example(h=750.0)
def test_the_hazard_at_the_inverse_is_the_budget(law: Law, h: float) -> None:
    t = law.inverse(h)
    before = min(t, 1e300) * (1.0 - LITTLE) - TINY
    assert law.cumulative_hazard(before) <= h * (1.0 + LITTLE)
    if t < math.inf:
        after = t * (1.0 + LITTLE) + TINY
        assert law.cumulative_hazard(after) >= h * (1.0 - LITTLE)


@a_few
@given(one=budgets, other=budgets)
def test_a_greater_budget_never_rings_earlier(law: Law, one: float, other: float) -> None:
    early, late = law.inverse(min(one, other)), law.inverse(max(one, other))
    assert early <= late * (1.0 + LITTLE)


@a_few
@given(one=st.floats(0.0, 1e6), other=st.floats(0.0, 1e6))
def test_the_hazard_never_falls(law: Law, one: float, other: float) -> None:
    low, high = sorted((law.cumulative_hazard(one), law.cumulative_hazard(other)))
    early, late = sorted((one, other))
    assert law.cumulative_hazard(early) <= low * (1.0 + LITTLE)
    assert law.cumulative_hazard(late) >= high * (1.0 - LITTLE)


def test_nothing_has_happened_at_the_origin_or_before(law: Law) -> None:
    assert law.cumulative_hazard(0.0) == 0.0
    assert law.cumulative_hazard(-3.0) == 0.0


def test_no_time_or_budget_is_too_great(law: Law) -> None:
    for number in (1e-320, 1e5, 1e150, 1e300, math.inf):
        assert law.cumulative_hazard(number) >= 0.0
        assert law.inverse(number) >= 0.0


def test_a_hazard_law_needs_no_time_for_no_budget(hazard: Law) -> None:
    assert hazard.inverse(0.0) == 0.0


def test_a_hazard_law_never_reaches_an_infinite_budget(hazard: Law) -> None:
    assert hazard.inverse(math.inf) == math.inf


@pytest.mark.parametrize(
    ("law", "bound"),
    [
        (Exponential(0.0), 0.0),
        (Gompertz(-0.03, 0.02), 2.0 / 3.0),
        (PiecewiseExponential((0, 10), (0.1, 0)), 1.0),
        (PiecewiseExponential((0, 10, 20), (0.1, 0, 0)), 1.0),
        (CuredMixture(0.3, Weibull(1.3, 20.0)), -math.log(0.3)),
        (CuredMixture(1.0, Weibull(1.3, 20.0)), 0.0),
        (CuredMixture(0.3, Gompertz(-0.03, 0.02)), -math.log(0.3 + 0.7 * math.exp(-2.0 / 3.0))),
    ],
    ids=repr,
)
def test_a_bounded_hazard_is_reached_below_its_bound_only(law: Law, bound: float) -> None:
    assert law.cumulative_hazard(1e12) == pytest.approx(bound, rel=1e-12)
    assert law.inverse(bound * (1.0 + 1e-12) + 1e-300) == math.inf
    assert bound == 0.0 or law.inverse(bound * (1.0 - 1e-12)) < math.inf


def test_a_constant_is_its_delay_for_any_budget() -> None:
    for h in (0.0, 1e-300, 0.7, 40.0, math.inf):
        assert Constant(28).inverse(h) == 28.0
        assert Constant(0).inverse(h) == 0.0
    assert Constant(28).cumulative_hazard(27.999) == 0.0
    assert Constant(28).cumulative_hazard(28.0) == math.inf


def test_an_empirical_delay_gives_its_quantiles_exactly() -> None:
    law = Empirical((0, 0.25, 0.5, 0.75, 1), (10, 21, 21, 30, 90))
    assert [law.quantile(p) for p in (0.0, 0.25, 0.4, 0.5, 0.75, 1.0)] == [10, 21, 21, 21, 30, 90]
    assert Empirical((0, 1), (0.2, 0.9)).quantile(1.0) == 0.9  # 0.2 + (0.9 - 0.2) is not
    assert law.quantile(0.125) == pytest.approx(15.5, rel=1e-14)
    assert law.survival(21.0) == pytest.approx(0.5, rel=1e-15)
    assert law.survival(20.999) > 0.75
    assert law.survival(90.0) == 0.0


def test_a_manufacturing_delay_begins_at_its_minimum() -> None:
    assert Manufacturing(14, 30, 0.5).inverse(0.0) == 14.0
    assert Manufacturing(14, 30, 0.5).inverse(1e-300) >= 14.0


@given(h=st.floats(-690.0, math.log(700.0)).map(math.exp))
def test_the_normal_quantile_agrees_with_scipy(h: float) -> None:
    z = math.log(LogNormal(0.0, 1.0).inverse(h))
    assert z == pytest.approx(-float(ndtri_exp(-h)), rel=2e-14, abs=1e-15)


@given(z=st.floats(-37.0, 600.0))
@example(z=35.999)
@example(z=36.001)
def test_the_normal_hazard_agrees_with_scipy_in_both_tails(z: float) -> None:
    law = LogNormal(0.0, 1.0)
    exact = math.log(math.exp(z))  # the z that the law can see
    expected = -float(log_ndtr(-exact))
    assert law.cumulative_hazard(math.exp(z)) == pytest.approx(expected, rel=1e-12)


@given(p=st.floats(1e-300, 1.0 - 1e-16))
@example(p=0.5)
def test_the_quantiles_of_a_normal_variable_agree_with_scipy(p: float) -> None:
    assert normal_quantile(p) == pytest.approx(float(ndtri(p)), rel=1e-13, abs=2e-16)
    assert normal_cdf(float(ndtri(p))) == pytest.approx(float(ndtr(ndtri(p))), rel=1e-12)


def test_a_normal_variable_has_no_ends() -> None:
    assert [normal_quantile(p) for p in (0.0, 1.0)] == [-math.inf, math.inf]
    assert [normal_cdf(z) for z in (-math.inf, 0.0, math.inf)] == [0.0, 0.5, 1.0]


def test_an_empirical_delay_is_over_where_its_share_rounds_to_one() -> None:
    delay = Empirical((0.0, 0.9, 1.0), (0.0, 5.0, 10.0))
    assert delay.cumulative_hazard(9.999999999999998) == math.inf
