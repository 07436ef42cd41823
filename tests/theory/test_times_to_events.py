"""Times to events against their closed forms: laws, competing risks, illness-death.

Cohorts of patients who share nothing, in 40 independent replications, seeds chosen before the first
run. A comparison passes within 4 standard errors, and only counts where these are at most 1.6 % of
the figure, so that a 2 % error fails (10 % for shares under a twentieth, but those of the laws). A
right simulation fails one comparison with probability .00027 (t, 39 degrees of freedom): with the
90 comparisons here, 8 of them by the SimPy engine and rough, the family-wide rate of false alarms
is under 2.5 %.
"""

from __future__ import annotations

import pandas as pd
import pytest

from pathsim import (
    Exponential,
    Gompertz,
    Log,
    LogLogistic,
    LogNormal,
    PiecewiseExponential,
    Weibull,
)
from pathsim.laws import Law
from tests.theory import measure, models
from tests.theory.measure import REPLICATIONS, ROUGH, TIGHT, agree, replicated

pytestmark = pytest.mark.theory

Row = tuple[float, ...]
LAWS: dict[str, tuple[Law, Row, Row]] = {
    "exponential": (
        Exponential(0.05),
        (13.8629, 0.548812, 0.301194, 0.049787, 19.00426),
        (19.8042, 0.657047, 0.431711, 0.122456, 25.07267),
    ),
    "weibull": (
        Weibull(1.3, 20.0),
        (15.0865, 0.597650, 0.281545, 0.015434, 18.30830),
        (19.8492, 0.697449, 0.411797, 0.053944, 23.50033),
    ),
    "gompertz": (
        Gompertz(0.02, 0.03),
        (18.9936, 0.665728, 0.396884, 0.030802, 22.14946),
        (25.3451, 0.752156, 0.523678, 0.087499, 27.83093),
    ),
    "log-logistic": (
        LogLogistic(1.6, 15.0),
        (15.0000, 0.588321, 0.320384, 0.098139, 21.30124),
        (20.8358, 0.689811, 0.450786, 0.196920, 27.57453),
    ),
    "lognormal": (
        LogNormal(2.7, 0.9),
        (14.8797, 0.594444, 0.297650, 0.060658, 20.19112),
        (19.9873, 0.694829, 0.428148, 0.140612, 26.06456),
    ),
}
"""Median, survival at 12, 24 and 60, restricted mean to 60: with hazard ratio 1 and .7."""


def figures_of_times(log: Log) -> pd.DataFrame:
    times = measure.time_of(log, "over")
    figures = {
        "median": measure.median(times),
        **{f"S({t})": measure.survival(times, t) for t in (12.0, 24.0, 60.0)},
        "mean to 60": measure.restricted_mean(times, 60.0),
    }
    return pd.DataFrame(figures)


def compare(
    figures: pd.DataFrame, expected: Row | list[float], *, within: float = TIGHT, rare: float = 0.05
) -> None:
    """Figures under `rare` may be off by a tenth unseen."""
    for name, value in zip(figures, expected, strict=True):
        agree(figures[name], value, within=ROUGH if value < rare else within)


def enough(share: float) -> int:
    """Patients of a replication, so that the standard error of a share is well under .4 %."""
    return round(1.4 * (1.0 / share - 1.0) / 0.004**2 / REPLICATIONS)


@pytest.mark.parametrize("ratio", [1.0, 0.7])
@pytest.mark.parametrize("name", LAWS)
def test_a_hazard_ratio_multiplies_the_cumulative_hazard_of_a_clock(
    name: str, ratio: float
) -> None:
    law, plain, treated = LAWS[name]
    expected = plain if ratio == 1.0 else treated
    least = min(value for value in expected if value < 1.0)
    service = models.cohort(models.one_event(law, ratio=ratio), enough(least))
    case = 100 + 10 * list(LAWS).index(name) + round(10 * ratio)
    figures = replicated(service, figures_of_times, horizon=61.0, case=case)
    compare(figures, expected, rare=0.0)


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [(1.0, [0.1, 1.0 - 0.989948164, 1.242280556]), (0.3, [0.501187, 0.251579, 0.071361])],
)
def test_a_piecewise_exponential_changes_its_rate_on_the_day(
    ratio: float, expected: list[float]
) -> None:
    """Its 90 % quantile, S(5.5) and mean; with ratio .3 S at both and S(9)."""

    def read(log: Log) -> pd.DataFrame:
        times = measure.time_of(log, "over")
        shares = {t: measure.survival(times, t) for t in (2.878231366, 5.5, 9.0)}
        shares[9.0] = measure.restricted_mean(times, 1e9) if ratio == 1.0 else shares[9.0]
        return pd.DataFrame(shares)

    law = PiecewiseExponential((0.0, 5.0, 9.0), (0.8, 1.2, 4.0))
    service = models.cohort(models.one_event(law, ratio=ratio), enough(0.07))
    figures = replicated(service, read, horizon=100.0, case=155 + round(10 * ratio))
    compare(figures, expected)


def incidence(log: Log) -> pd.DataFrame:
    figures = {}
    for cause in ("progression", "death", "stopping"):
        times = measure.time_of(log, f"{cause}_first")
        figures[f"{cause} by 12"] = 1.0 - measure.survival(times, 12.0)
        figures[f"{cause} ever"] = 1.0 - measure.survival(times, 1e9)
    anything = measure.time_of(log, *(f"{c}_first" for c in ("progression", "death", "stopping")))
    figures["free at 12"] = measure.survival(anything, 12.0)
    return pd.DataFrame(figures)


def test_competing_exponentials_share_what_happens_by_their_rates() -> None:
    pathway = models.competing(
        {
            "progression": Exponential(0.08),
            "death": Exponential(0.03),
            "stopping": Exponential(0.01),
        }
    )
    figures = replicated(
        models.cohort(pathway, enough(0.063589)), incidence, horizon=400.0, case=160
    )
    expected = [0.508715, 2 / 3, 0.190768, 1 / 4, 0.063589, 1 / 12, 0.236928]
    compare(figures, expected)


# --- illness and death ---


def occupancy(*months: float) -> measure.Measure:
    """P(healthy), P(ill), P(dead) at each month, the mean time to death, and ever ill."""

    def read(log: Log) -> pd.DataFrame:
        dead, left = measure.time_of(log, "dead"), measure.time_of(log, "ill", "dead")
        figures = {}
        for month in months:
            healthy, alive = (measure.survival(t, month) for t in (left, dead))
            figures[f"healthy {month}"] = healthy
            figures[f"ill {month}"] = alive - healthy
            figures[f"dead {month}"] = 1.0 - alive
        figures["mean"] = measure.restricted_mean(dead, 1e9)
        figures["ever ill"] = 1.0 - measure.survival(measure.time_of(log, "ill"), 1e9)
        return pd.DataFrame(figures)

    return read


MARKOV = [0.548812, 0.254817, 0.196371, 0.090718, 0.136436, 0.772846, 13.8889, 0.1 / 0.12]
RESET = [
    0.453529, 0.241663, 1 - 0.695192, 0.174137, 0.204611, 1 - 0.378748,
    0.005678, 0.014907, 1 - 0.020585, 21.562127, 0.707390,
]  # fmt: skip
ILLNESS_DEATH = {
    "markov": (models.markov_illness_death(), (5.0, 20.0), MARKOV, 1000.0),
    "clock reset": (models.reset_illness_death(), (12.0, 24.0, 60.0), RESET, 5000.0),
}


def illness_death_holds(name: str, patients: int, *, engine: str, within: float) -> None:
    pathway, months, expected, horizon = ILLNESS_DEATH[name]
    case = 170 + list(ILLNESS_DEATH).index(name)
    service, read = models.cohort(pathway, patients), occupancy(*months)
    figures = replicated(service, read, horizon=horizon, case=case, engine=engine)
    compare(figures, expected, within=within)


@pytest.mark.parametrize("name", ILLNESS_DEATH)
def test_illness_and_death_occupy_the_states_as_computed(name: str) -> None:
    illness_death_holds(name, 20_000, engine="compiled", within=TIGHT)


def test_illness_and_death_occupy_the_states_by_the_simpy_engine_too() -> None:
    illness_death_holds("markov", 500, engine="simpy", within=ROUGH)
