"""Erlang B, priorities and the build-up of patients on treatment against their closed forms.

Runs, seeds, controls and the rule of comparison are those of test_queues.py: 40 replications, 4
standard errors, which are at most 1.6 % of the figure, so that a 2 % error fails. A right
simulation fails one comparison with probability .00034 or less (t, 32 degrees of freedom); with 23
comparisons here, one of them by the SimPy engine and rough, and 16 of arrivals and services with
what was put in, the family-wide rate of false alarms is under 1.4 %.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pathsim import Exponential, Log, LogNormal, Weibull
from tests.theory import measure, models
from tests.theory.customers import INPUTS, Customers
from tests.theory.measure import ROUGH, TIGHT, agree, are_none, replicated
from tests.theory.test_queues import lognormal

pytestmark = pytest.mark.theory
WARM = 300.0
Pair = tuple[float, float]


# --- no waiting room ---


def losses(window: measure.Window, expected: float) -> measure.Measure:
    """Those turned away among the so many expected in the window, and the two controls."""

    def read(log: Log) -> pd.DataFrame:
        rows = log.log
        asked = rows[measure.is_any(rows["kind"], "choice") & rows["time"].between(*window)]
        served = measure.of_state(measure.within(measure.stays(log), window), "served")
        figures = {
            "share": measure.is_any(asked["option"], "full").sum() / expected,
            "arrivals": len(asked) / expected - 1.0,
            "service": (served["end"] - served["start"] - 14.0).sum() / expected,
        }
        return pd.DataFrame([figures])

    return read


def losses_hold(
    case: int,
    stay: Exponential | LogNormal,
    beds: int,
    lost: float,
    *,
    length: float,
    within: float = TIGHT,
    engine: str = "compiled",
) -> None:
    service, window = models.erlang_b(0.6, stay, beds=beds), (WARM, WARM + length)
    read, until = losses(window, 0.6 * length), window[1] + 200.0
    figures = replicated(service, read, horizon=until, case=case + beds, engine=engine)
    controls = figures[INPUTS]
    are_none(controls)
    agree(figures["share"], lost, controls=controls, within=within)


@pytest.mark.parametrize(
    ("case", "stay"),
    [(20, Exponential(1 / 14)), (30, lognormal(14.0, 1.2))],
    ids=["exponential", "lognormal"],
)
@pytest.mark.parametrize(
    ("beds", "lost", "length"), [(10, 0.1399736, 22000.0), (12, 0.0633169, 90000.0)]
)
def test_without_a_waiting_room_erlang_b_holds_whatever_the_law_of_the_stay(
    case: int, stay: Exponential | LogNormal, beds: int, lost: float, length: float
) -> None:
    losses_hold(case, stay, beds, lost, length=length)


def test_erlang_b_holds_by_the_simpy_engine_too() -> None:
    losses_hold(20, Exponential(1 / 14), 10, 0.1399736, length=500.0, within=ROUGH, engine="simpy")


# --- priorities ---


def waits_by_class(window: measure.Window, rates: Pair, servers: int) -> measure.Measure:
    """The mean wait of each class, told by the patients' numbers, and the controls."""
    arrival = sum(rates)

    def read(log: Log) -> pd.DataFrame:
        people = Customers.of(log, window)
        of_class = people.number[people.inside] // models.CLASS
        service, surplus = people.surplus(1.0)
        figures = {
            "service": service,
            "surplus": surplus,
            "gaps": people.gaps(arrival, people.found),
            "overflow": people.overflow(servers, arrival),
        }
        for k, rate in enumerate(rates, start=1):
            expected = rate * (window[1] - window[0])
            waited = people.waited[people.inside][of_class == k]
            figures[f"wait {k}"] = waited.sum() / expected
            figures[f"arrivals {k}"] = len(waited) - expected
        return pd.DataFrame([figures])

    return read


def waits_hold(
    case: int,
    rates: Pair,
    servers: int,
    waits: Pair,
    *,
    length: float,
) -> None:
    service = models.priority(rates, Exponential(1.0), servers=servers)
    window = (WARM, WARM + length)
    read, until = waits_by_class(window, rates, servers), window[1] + 100.0
    figures = replicated(service, read, horizon=until, case=case)
    controls = figures.drop(columns=["wait 1", "wait 2"])
    are_none(controls[["arrivals 1", "arrivals 2", "service"]])
    for k in (1, 2):
        agree(figures[f"wait {k}"], waits[k - 1], controls=controls, within=TIGHT)
    together = rates[0] * figures["wait 1"] + rates[1] * figures["wait 2"]
    expected = rates[0] * waits[0] + rates[1] * waits[1]
    agree(together, expected, controls=controls, within=TIGHT)


def test_the_urgent_wait_less_and_the_weighted_sum_of_waits_is_conserved() -> None:
    waits_hold(50, (0.3, 0.4), 1, (1.0, 3.333333), length=50000.0)


def test_the_urgent_wait_less_for_three_servers_too() -> None:
    waits_hold(51, (0.6, 1.8), 3, (0.269663, 1.348315), length=27000.0)


# --- patients on treatment ---

MONTHS = (12.0, 24.0, 60.0)
CENTRES = 100


def counts(log: Log) -> pd.DataFrame:
    treated = measure.of_state(measure.stays(log), "treated")
    return pd.DataFrame({month: measure.present(treated, month) for month in MONTHS})


def fails_to_be_poisson(values: np.ndarray) -> bool:
    """The variance of a Poisson count is its mean; 4 standard errors of their ratio."""
    ratio = values.var(ddof=1) / values.mean()
    return abs(ratio - 1.0) > 4.0 * np.sqrt(2.0 / (len(values) - 1))


@pytest.mark.parametrize(
    ("case", "stay", "expected"),
    [
        (60, Exponential.of_median(11.4), (34.0718, 50.4974, 64.0738)),
        (61, Weibull(0.8, 16.0), (31.6284, 47.9108, 66.2356)),
    ],
    ids=["exponential", "weibull"],
)
def test_patients_on_treatment_build_up_as_a_poisson_count(
    case: int, stay: Exponential | Weibull, expected: tuple[float, ...]
) -> None:
    """From empty, 4 a month: the mean in a hundred centres, the law of the count in one.

    200 replications, so that a variance 1.5 times too great or half of it fails too.
    """
    many = models.on_treatment(4.0 * CENTRES, stay)
    figures = replicated(many, counts, horizon=60.5, case=case)
    for month, mean in zip(MONTHS, expected, strict=True):
        agree(figures[month] / CENTRES, mean, within=TIGHT)
    one = models.on_treatment(4.0, stay)
    figures = replicated(one, counts, horizon=60.5, case=case + 2, replications=200)
    for month in MONTHS:
        assert not fails_to_be_poisson(figures[month].to_numpy(float))


def test_a_count_that_is_too_regular_or_too_wild_is_not_poisson() -> None:
    steady = np.random.default_rng(1).binomial(100, 0.6, 200)
    wild = np.random.default_rng(1).negative_binomial(50, 0.5, 200)
    assert fails_to_be_poisson(steady)
    assert fails_to_be_poisson(wild)
