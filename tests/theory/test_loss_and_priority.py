"""Erlang B, priorities and the build-up of patients on treatment against their closed forms.

Runs, seeds and the rule of comparison are those of test_queues.py. A right simulation fails one
comparison with probability .0003 or less; with 16 comparisons here, three of them `slow`, the
family-wide rate of false alarms is under .5 %.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pathsim import Exponential, Log, LogNormal, Weibull
from tests.theory import measure, models
from tests.theory.measure import agree, replicated
from tests.theory.test_queues import lognormal

pytestmark = pytest.mark.theory
WARM = 300.0
Pair = tuple[float, float]


# --- no waiting room ---


def losses(window: measure.Window, expected: float) -> measure.Measure:
    """Those turned away among the so many expected in the window, and the two controls."""

    def read(log: Log) -> pd.DataFrame:
        rows = log.log
        asked = rows[(rows["kind"] == "choice") & rows["time"].between(*window)]
        began = measure.within(measure.stays(log), window)
        return pd.DataFrame(
            {
                "share": measure.total(asked, asked["option"] == "full") / expected,
                "arrivals": measure.total(asked, asked["time"] > 0.0) / expected - 1.0,
                "service": measure.excess_service(began, 14.0) / expected,
            }
        )

    return read


@pytest.mark.parametrize(
    ("case", "stay"),
    [(20, Exponential(1 / 14)), (30, lognormal(14.0, 1.2))],
    ids=["exponential", "lognormal"],
)
@pytest.mark.parametrize(
    ("beds", "lost", "length"), [(10, 0.1399736, 600.0), (12, 0.0633169, 2000.0)]
)
def test_without_a_waiting_room_erlang_b_holds_whatever_the_law_of_the_stay(
    case: int, stay: Exponential | LogNormal, beds: int, lost: float, length: float
) -> None:
    service, window = models.erlang_b(0.6, stay, beds=beds), (WARM, WARM + length)
    read = losses(window, 0.6 * length)
    figures = replicated(service, read, horizon=window[1] + 200.0, case=case + beds)
    agree(figures["share"], lost, controls=figures[["arrivals", "service"]])


# --- priorities ---


def waits_by_class(window: measure.Window, rates: Pair) -> measure.Measure:
    """The mean wait of each class, told by the patients' numbers, and the controls."""

    def read(log: Log) -> pd.DataFrame:
        began = measure.within(measure.stays(log), window)
        figures = {"service": measure.excess_service(began, 1.0)}
        for k, rate in enumerate(rates, start=1):
            waiting = measure.of_state(began, "waiting")
            came = waiting[waiting["patient"] // models.CLASS == k]
            expected = rate * (window[1] - window[0])
            figures[f"wait {k}"] = measure.total(came, came["end"] - came["start"]) / expected
            figures[f"arrivals {k}"] = measure.total(came, came["start"] > 0.0) - expected
        return pd.DataFrame(figures)

    return read


def waits_hold(case: int, rates: Pair, servers: int, waits: Pair, *, length: float) -> None:
    service = models.priority(rates, Exponential(1.0), servers=servers)
    window = (WARM, WARM + length)
    read = waits_by_class(window, rates)
    figures = replicated(service, read, horizon=window[1] + 100.0, case=case)
    controls = figures[["service", "arrivals 1", "arrivals 2"]]
    for k in (1, 2):
        agree(figures[f"wait {k}"], waits[k - 1], controls=controls)
    together = rates[0] * figures["wait 1"] + rates[1] * figures["wait 2"]
    agree(together, rates[0] * waits[0] + rates[1] * waits[1], controls=controls)


def test_the_urgent_wait_less_and_the_weighted_sum_of_waits_is_conserved() -> None:
    waits_hold(50, (0.3, 0.4), 1, (1.0, 3.333333), length=3600.0)


@pytest.mark.slow
def test_the_urgent_wait_less_for_three_servers_too() -> None:
    waits_hold(51, (0.6, 1.8), 3, (0.269663, 1.348315), length=3000.0)


# --- patients on treatment ---

MONTHS = (12.0, 24.0, 60.0)


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
    """From empty, 4 a month: 120 replications, so that a variance 1.6 times too great fails too."""
    service = models.on_treatment(4.0, stay)
    figures = replicated(service, counts, horizon=60.5, case=case, replications=120)
    for month, mean in zip(MONTHS, expected, strict=True):
        agree(figures[month], mean)
        assert not fails_to_be_poisson(figures[month].to_numpy(float))


def test_a_count_that_is_too_regular_or_too_wild_is_not_poisson() -> None:
    steady = np.random.default_rng(1).binomial(50, 0.9, 120)
    wild = np.random.default_rng(1).negative_binomial(5, 0.1, 120)
    assert fails_to_be_poisson(steady)
    assert fails_to_be_poisson(wild)
