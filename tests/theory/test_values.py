"""Costs and quality of life of simulated lives, discounted, against their closed forms.

The valuation is this file's own; what is tested are the stays that it values, and a death whose
hazard ratio changes from state to state. Source of the model and its parameters: the "Sick-Sicker"
model of the DARTH group (Alarid-Escudero et al., Med Decis Making 2023;43:3-20); the expected
figures are the integral of its continuous-time solution. Forty replications, seed chosen before the
first run; a comparison passes within 4 standard errors, which are at most 1.6 % of the figure. A
right simulation fails one of the 8 with probability .00027: .3 % for all.
"""

from __future__ import annotations

from math import log

import numpy as np
import pandas as pd
import pytest

from pathsim import Log, Pathway, simulate
from tests.theory import measure, models
from tests.theory.measure import TIGHT, agree, replicated

pytestmark = pytest.mark.theory

STATES = ("healthy", "sick", "sicker")
COSTS = np.array([2000.0, 4000.0, 15000.0])
QUALITY = np.array([1.0, 0.75, 0.5])
ON_A, ON_B = np.array([0.0, 12000.0, 12000.0]), np.array([0.0, 13000.0, 13000.0])
BETTER = np.array([0.0, 0.2, 0.0])
"""What A adds to the quality of life."""


def discounted(stays: pd.DataFrame, a_year: float) -> np.ndarray:
    """The years of each stay, worth less by a share every year, continuously."""
    rate = log(1.0 + a_year)
    begin, end = stays["start"].to_numpy(), stays["end"].to_numpy()
    return (np.exp(-rate * begin) - np.exp(-rate * end)) / rate


def years_in_states(log: Log) -> pd.DataFrame:
    """The discounted years that a patient spends in each state, on average."""
    stays = measure.stays(log)
    years = discounted(stays, 0.03)
    sums = {state: years[measure.is_any(stays["state"], state)].sum() for state in STATES}
    return pd.DataFrame([sums]) / len(log.patients)


def lives(slower: float) -> pd.DataFrame:
    service = models.cohort(models.sick_sicker(slower), 4000)
    return replicated(service, years_in_states, horizon=75.0, case=180)


@pytest.mark.parametrize(
    ("slower", "more_cost", "better", "cost", "quality"),
    [
        (1.0, 0 * ON_A, 0 * BETTER, 147742.6, 21.3448),
        (1.0, ON_A, BETTER, 272906.2, 22.0574),
        (0.6, ON_B, 0 * BETTER, 244672.5, 22.8887),
        (0.6, ON_A + ON_B, BETTER, 355059.0, 23.7491),
    ],
    ids=["none", "A", "B", "both"],
)
def test_strategies_for_the_sick_and_sicker_cost_and_bring_what_continuous_time_says(
    slower: float, more_cost: np.ndarray, better: np.ndarray, cost: float, quality: float
) -> None:
    years = lives(slower)[list(STATES)]
    agree(years @ (COSTS + more_cost), cost, within=TIGHT)
    agree(years @ (QUALITY + better), quality, within=TIGHT)


def treated(pathway: Pathway) -> pd.DataFrame:
    log = simulate(models.cohort(pathway, 1), horizon=20.0, engine="compiled")
    return measure.of_state(measure.stays(log), "treated")


@pytest.mark.parametrize(
    ("begin", "years", "worth"), [(0.0, 10.0, 8.461311), (5.0, 10.0, 7.124197)]
)
def test_years_under_treatment_are_worth_their_discounted_sum(
    begin: float, years: float, worth: float
) -> None:
    found = discounted(treated(models.delayed(begin, years)), 0.035)
    np.testing.assert_allclose(found, [worth], atol=5e-7)


def test_a_payment_on_entry_is_worth_its_discounted_amount() -> None:
    entry = treated(models.delayed(2.5, 1.0))["start"].to_numpy()
    np.testing.assert_allclose(100_000.0 * 1.035**-entry, [91_759.10], atol=0.005)
