"""Another family through two points of a law: the same there, something else beyond."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathsim.laws import (
    CuredMixture,
    Exponential,
    Gompertz,
    Law,
    LogLogistic,
    LogNormal,
    PiecewiseExponential,
    Weibull,
)
from pathsim.laws.families import FAMILIES, SEEN, matched, refitted

LAWS: dict[str, Law] = {
    "log-logistic": LogLogistic(1.728, 1768.0),
    "weibull, falling": Weibull(0.8, 400.0),
    "lognormal": LogNormal(math.log(300.0), 1.1),
    "gompertz, with a plateau": Gompertz(-0.002, 0.003),
    "exponential, fast": Exponential(1 / 60.0),
    "exponential, slow": Exponential(1 / 60000.0),
    "cured": CuredMixture(0.35, Weibull(1.2, 300.0)),
    "steps": PiecewiseExponential((0.0, 90.0, 700.0), (0.004, 0.001, 0.0)),
}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", LAWS)
class TestMatched:
    def test_survival_is_the_same_at_the_two_times(self, name: str, family: str) -> None:
        law, other = LAWS[name], refitted(LAWS[name], family)
        for day in matched(law):
            assert other.survival(day) == pytest.approx(law.survival(day), abs=1e-9)

    def test_within_what_was_seen_it_stays_near(self, name: str, family: str) -> None:
        law, other = LAWS[name], refitted(LAWS[name], family)
        days = [matched(law)[1] * k / 50 for k in range(51)]
        assert max(abs(other.survival(d) - law.survival(d)) for d in days) < 0.15

    def test_it_is_of_that_family(self, name: str, family: str) -> None:
        assert isinstance(refitted(LAWS[name], family), FAMILIES[family][0])


def test_beyond_what_was_seen_the_families_differ() -> None:
    law = LAWS["log-logistic"]
    at_ten_years = {family: refitted(law, family).survival(3652.5) for family in FAMILIES}
    assert at_ten_years["lognormal"] > at_ten_years["log_logistic"] == law.survival(3652.5)
    assert law.survival(3652.5) > at_ten_years["weibull"] + 0.05 > at_ten_years["gompertz"]


def test_no_family_but_gompertz_keeps_a_plateau() -> None:
    law = LAWS["cured"]
    late = {family: refitted(law, family).survival(1e7) for family in FAMILIES}
    assert late.pop("gompertz") > 0.25
    assert max(late.values()) < 0.01


def test_a_law_of_the_family_and_one_that_never_happens_stay() -> None:
    for law in (LAWS["log-logistic"], Exponential(0.0), PiecewiseExponential((0.0,), (0.0,))):
        assert refitted(law, "log_logistic") is law


def test_an_even_hazard_is_a_weibull_and_a_gompertz_of_its_own() -> None:
    law = Exponential(0.001)
    for family in ("weibull", "gompertz"):
        assert refitted(law, family).survival(3000.0) == pytest.approx(law.survival(3000.0))


def test_the_second_time_is_three_years_or_when_few_are_left() -> None:
    assert matched(LAWS["log-logistic"])[1] == SEEN
    fast = LAWS["exponential, fast"]
    first, second = matched(fast)
    assert fast.survival(second) == pytest.approx(0.1)
    assert fast.survival(first) == pytest.approx(0.55)


@given(st.floats(0.3, 4.0), st.floats(5.0, 50_000.0), st.sampled_from(sorted(FAMILIES)))
def test_any_weibull_has_its_match(shape: float, scale: float, family: str) -> None:
    law = Weibull(shape, scale)
    if law.cumulative_hazard(SEEN) < 1e-9:
        return
    other = refitted(law, family)
    for day in matched(law):
        assert other.survival(day) == pytest.approx(law.survival(day), rel=1e-6)
