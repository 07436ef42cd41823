"""The laws that the tests of this folder run through, ordinary and extreme; times in days."""

import pytest

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
)

HAZARDS: list[Law] = [
    Exponential(0.05),
    Exponential(mean=1e9),
    Exponential(1e6),
    Weibull(1.3, 20.0),
    Weibull(0.1, 300.0),
    Weibull(40.0, 1e-3),
    Gompertz(0.02, 0.03),
    Gompertz(12.0, 1e-8),
    Gompertz(0.0, 0.01),
    Gompertz(-0.03, 0.02),
    LogLogistic(1.6, 15.0),
    LogLogistic(0.2, 2000.0),
    LogNormal(2.7, 0.9),
    LogNormal(-30.0, 5.0),
    LogNormal(6.0, 0.01),
    PiecewiseExponential((0, 5, 9), (0.8, 1.2, 4)),
    PiecewiseExponential((0, 5, 9, 30), (0, 0.5, 0, 0.01)),
    PiecewiseExponential((0, 10), (0.1, 0)),
    CuredMixture(0.3, Weibull(1.3, 20.0)),
    CuredMixture(1e-9, LogNormal(2.7, 0.9)),
    CuredMixture(0.999, Exponential(0.05)),
    CuredMixture(0.0, Gompertz(0.02, 0.03)),
    CuredMixture(0.2, PiecewiseExponential((0, 5), (0.1, 0.2))),
]
DELAYS: list[Law] = [
    Constant(28),
    Constant(0.1),
    Empirical((0, 0.25, 0.5, 0.75, 1), (10, 21, 21, 30, 90)),
    Empirical((0, 0.9, 1), (0, 7, 7)),
    Manufacturing(14, 30, 0.5),
]


@pytest.fixture(scope="session", params=HAZARDS + DELAYS, ids=repr)
def law(request: pytest.FixtureRequest) -> Law:
    """Any law."""
    return request.param


@pytest.fixture(scope="session", params=HAZARDS, ids=repr)
def hazard(request: pytest.FixtureRequest) -> Law:
    """Any law that takes a ratio."""
    return request.param
