"""How the patients of a scenario come: all at once, evenly, or at random at rates that may change.

`build` calls `arrivals`. Knows the written accrual; no pathway.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from datetime import date
from itertools import pairwise

from pathsim.inputs.accrual import Accrual
from pathsim.inputs.quantity import Growth
from pathsim.pathway.service import Arrivals, At, Poisson, Steady
from pathsim.units import DAYS_PER_MONTH, DAYS_PER_YEAR

Rates = tuple[tuple[float, float], ...]
"""(day, patients a day from then on), in the order of days."""


def arrivals(accrual: Accrual, patients: int, *, start: date, horizon: float) -> Arrivals:
    """How the cohort comes to a run of `horizon` days; another number comes at the same pace."""
    rates = from_day_0(accrual.rates(start))
    if not rates:
        return At([0.0] * patients)
    if accrual.process == "steady":
        return Steady(1.0 / rates[0][1])
    if accrual.growth is not None:
        rates = grown(rates, accrual.growth, horizon=horizon)
    return Poisson(rates[0][1] if len(rates) == 1 else rates)


def from_day_0(rates: Rates) -> Rates:
    """The same rates, the first from day 0 on: what began before is in force then."""
    begun = [rate for day, rate in rates if day <= 0.0][-1:] or [0.0]
    return ((0.0, begun[0]), *((day, rate) for day, rate in rates if day > 0.0)) if rates else ()


def grown(rates: Rates, growth: Growth, *, horizon: float) -> Rates:
    """Rates that grow from day 0 on, in steps of a month: each has the mean of its time."""
    months = [k * DAYS_PER_MONTH for k in range(math.ceil(horizon / DAYS_PER_MONTH) + 1)]
    days = sorted({*months, *(day for day, _ in rates if day < months[-1])})
    starts = [day for day, _ in rates]
    steps = []
    for day, end in pairwise(days):
        rate = rates[bisect_right(starts, day) - 1][1]
        steps.append((day, rate * mean_growth(growth.per_year, day, end)))
    return tuple(steps)


def mean_growth(per_year: float, start: float, end: float) -> float:
    """The mean of per_year ** (day / a year) between two days."""
    if per_year == 1.0:
        return 1.0
    at_start, at_end = (per_year ** (day / DAYS_PER_YEAR) for day in (start, end))
    years = (end - start) / DAYS_PER_YEAR
    return float((at_end - at_start) / (math.log(per_year) * years))
