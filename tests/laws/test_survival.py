"""The laws against published closed forms and against numerical integration by scipy."""

import math
from itertools import pairwise

import pytest
from scipy.integrate import quad
from scipy.special import exp1
from scipy.stats import lognorm

from pathsim.laws import (
    Constant,
    CuredMixture,
    Empirical,
    Exponential,
    Gompertz,
    Law,
    LogLogistic,
    LogNormal,
    Manufacturing,
    PiecewiseExponential,
    Weibull,
    due,
)

# median, S(12), S(24), S(60), restricted mean to 60, in one unit of time (here: a month)
TABLE = [
    (Exponential(0.05), 1.0, 13.8629, 0.548812, 0.301194, 0.049787, 19.00426),
    (Exponential(0.05), 0.7, 19.8042, 0.657047, 0.431711, 0.122456, 25.07267),
    (Weibull(1.3, 20), 1.0, 15.0865, 0.597650, 0.281545, 0.015434, 18.30830),
    (Weibull(1.3, 20), 0.7, 19.8492, 0.697449, 0.411797, 0.053944, 23.50033),
    (Gompertz(0.02, 0.03), 1.0, 18.9936, 0.665728, 0.396884, 0.030802, 22.14946),
    (Gompertz(0.02, 0.03), 0.7, 25.3451, 0.752156, 0.523678, 0.087499, 27.83093),
    (LogLogistic(1.6, 15), 1.0, 15.0000, 0.588321, 0.320384, 0.098139, 21.30124),
    (LogLogistic(1.6, 15), 0.7, 20.8358, 0.689811, 0.450786, 0.196920, 27.57453),
    (LogNormal(2.7, 0.9), 1.0, 14.8797, 0.594444, 0.297650, 0.060658, 20.19112),
    (LogNormal(2.7, 0.9), 0.7, 19.9873, 0.694829, 0.428148, 0.140612, 26.06456),
]
UNDER_A_RATIO = "law, ratio, median, year_1, year_2, year_5, restricted"


def survival(law: Law, ratio: float, t: float) -> float:
    return math.exp(-ratio * law.cumulative_hazard(t))


@pytest.mark.parametrize(UNDER_A_RATIO, TABLE)
def test_a_hazard_ratio_multiplies_the_hazard(
    law: Law,
    ratio: float,
    median: float,
    year_1: float,
    year_2: float,
    year_5: float,
    restricted: float,
) -> None:
    found = [survival(law, ratio, t) for t in (12.0, 24.0, 60.0)]
    assert found == pytest.approx([year_1, year_2, year_5], abs=6e-7)
    assert due(law.code, law.parameters, ratio, 0.0, 0.0, math.log(2.0)) == pytest.approx(
        median, abs=6e-5
    )
    area, _ = quad(lambda t: survival(law, ratio, t), 0.0, 60.0, epsabs=1e-10)
    assert area == pytest.approx(restricted, abs=6e-6)


def test_a_piecewise_exponential_adds_up_its_pieces() -> None:
    law = PiecewiseExponential((0, 5, 9), (0.8, 1.2, 4))
    assert law.cumulative_hazard(5.5) == pytest.approx(4.6, rel=1e-15)
    assert 1.0 - law.survival(5.5) == pytest.approx(0.989948164, abs=5e-10)
    assert law.quantile(0.9) == pytest.approx(2.878231366, abs=5e-10)
    assert law.mean() == pytest.approx(1.242280556, abs=5e-10)


def test_a_cured_mixture_leaves_the_cured_alive() -> None:
    law = CuredMixture(0.3, Weibull(1.3, 20.0))
    assert law.survival(12.0) == pytest.approx(0.3 + 0.7 * 0.597650, abs=6e-7)
    assert law.survival(1e9) == pytest.approx(0.3, rel=1e-14)
    assert law.quantile(0.69) < math.inf
    assert law.quantile(0.71) == math.inf


def test_manufacturing_is_its_minimum_and_a_lognormal() -> None:
    law = Manufacturing(14, 30, 0.5)
    assert law.quantile(0.5) == pytest.approx(30.0, rel=1e-14)
    assert law.survival(40.0) == pytest.approx(lognorm(0.5, scale=16).sf(26.0), rel=1e-12)
    assert law.survival(14.0) == 1.0


@pytest.mark.parametrize(
    "law",
    [
        Exponential(0.05),
        Weibull(1.3, 20),
        Weibull(0.8, 60),
        Gompertz(0.02, 0.03),
        LogLogistic(3.0, 15),
        LogNormal(2.7, 0.9),
        PiecewiseExponential((0, 5, 9), (0.1, 0.0, 0.2)),
        CuredMixture(0.0, Weibull(1.3, 20)),
        Constant(28),
        Empirical((0, 0.25, 0.5, 0.75, 1), (10, 21, 21, 30, 90)),
        Manufacturing(14, 30, 0.5),
    ],
    ids=repr,
)
def test_the_mean_is_the_area_under_the_survival_curve(law: Law) -> None:
    cuts = [0.0, 5.0, 9.0, 10.0, 14.0, 21.0, 28.0, 30.0, 90.0, 500.0, 5000.0, 1e6]
    area = sum(quad(law.survival, a, b, limit=400)[0] for a, b in pairwise(cuts))
    assert law.mean() == pytest.approx(area, rel=1e-6)


def test_gompertz_is_stated_by_shape_a_and_rate_b() -> None:
    law = Gompertz(a=0.02, b=0.03)
    assert law == Gompertz(0.02, 0.03)
    assert law.quantile(0.5) == pytest.approx(18.9936, abs=6e-5)
    assert law.survival(12.0) == pytest.approx(0.665728, abs=6e-7)


def test_gompertz_of_shape_0_is_exponential_and_of_negative_shape_bounded() -> None:
    assert Gompertz(0.0, 0.05).survival(12.0) == Exponential(0.05).survival(12.0)
    assert Gompertz(-0.03, 0.02).survival(1e9) == pytest.approx(math.exp(-2.0 / 3.0), rel=1e-14)


def test_the_gompertz_mean_is_the_exponential_integral() -> None:
    for a, b in ((0.02, 0.03), (0.1, 1e-6), (0.01, 3.0)):
        expected = math.exp(b / a) * exp1(b / a) / a
        assert Gompertz(a, b).mean() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "law",
    [
        Exponential(0.0),
        Gompertz(-0.03, 0.02),
        LogLogistic(1.0, 15),
        PiecewiseExponential((0, 10), (0.1, 0)),
        CuredMixture(0.1, Exponential(0.05)),
    ],
    ids=repr,
)
def test_a_mean_that_does_not_exist_is_infinite(law: Law) -> None:
    assert law.mean() == math.inf


def test_an_exponential_is_stated_by_rate_mean_or_median() -> None:
    assert Exponential(mean=20) == Exponential.of_mean(20) == Exponential(rate=0.05)
    assert Exponential.of_median(30).quantile(0.5) == pytest.approx(30.0, rel=1e-15)
    assert Exponential(median=30).survival(60) == pytest.approx(0.25, rel=1e-15)
