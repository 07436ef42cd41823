"""Which resource a service runs short of first, and by how much.

Resources are ranked by the months in which they are over capacity, then by requests withdrawn, then
by the wait. Called by reports; knows no strategy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pathsim.outcomes.columns import Array, array, codes_among, sums
from pathsim.outcomes.days import Days, days_of
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.intervals import Interval, t_interval
from pathsim.outcomes.needs import Places, Slots, months_over, places, slots
from pathsim.outcomes.resources import GRANTED, WITHDRAWN, of_other_users


@dataclass(frozen=True)
class Pressure:
    """How hard one resource is pressed.

    Of `months` whole months `over` are over capacity (see `needs.OVER`), by replication, of the
    `year_months` of the fullest `year` (None: the run has but one) `in_year`; on `queued` % of open
    days somebody waits at midnight: all users. Of our patients' `requests`, all replications
    together, `withdrawn` are the % that were, and `median` and `p90` the days that the granted
    waited. The first month over capacity begins on day `first` of the run, the median of the
    `first_in` of `replications` that have one; NaN where none has.
    """

    resource: str
    months: int
    over: Interval
    year: int | None
    year_months: int
    in_year: Interval
    queued: Interval
    requests: int
    withdrawn: Interval
    median: float
    p90: float
    first: float
    first_in: int
    replications: int

    @property
    def breaks(self) -> bool:
        """Whether a month or more of the fullest year is over capacity, in the mean.

        In a run of one month that is so in half of the replications.
        """
        return self.in_year.mean >= min(1.0, self.year_months / 2)

    @property
    def rank(self) -> tuple[float, ...]:
        """The higher the harder pressed; of two with no month over that with more queued days."""
        known = (self.over.mean, self.withdrawn.mean, self.p90, self.queued.mean)
        return tuple(0.0 if np.isnan(x) else x for x in known)


def pressures(measured: Measured) -> tuple[Pressure, ...]:
    """Every resource, the hardest pressed first; those alike in the order of the service."""
    days = days_of(measured)
    over, asked = months_over(days), _asked(measured, days)
    # The last of a resource is its fullest year, or the run where that has but one.
    fullest: dict[str, Places | Slots] = {each.resource: each for each in places(measured)}
    fullest |= {each.resource: each for each in slots(measured)}
    found = [
        _pressure(days, k, over[:, k], asked[k], fullest.get(name))
        for k, name in enumerate(days.resources)
    ]
    return tuple(sorted(found, key=lambda each: each.rank, reverse=True))


@dataclass(frozen=True)
class _Asked:
    """Our requests for one resource: how many, the share withdrawn, what the granted waited."""

    requests: int
    withdrawn: Interval
    waited: Array


def _asked(measured: Measured, days: Days) -> list[_Asked]:
    waits = measured.waits
    if not len(waits):
        return [_Asked(0, t_interval([]), np.zeros(0)) for _ in days.resources]
    ours = np.flatnonzero(~of_other_users(waits))
    resource = codes_among(waits["resource"], days.resources).take(ours)
    outcome = codes_among(waits["outcome"], (GRANTED, WITHDRAWN)).take(ours)
    numbers, place = np.unique(array(waits, "replication").take(ours), return_inverse=True)
    waited = array(waits, "days").take(ours)
    found = []
    for k in range(len(days.resources)):
        mine = resource == k
        requests = sums(place[mine], np.ones(int(mine.sum())), len(numbers))
        gone = sums(place[mine], (outcome[mine] == 1).astype(float), len(numbers))
        with np.errstate(invalid="ignore"):
            share = t_interval(100 * gone / requests).within(0.0, 100.0)
        found.append(_Asked(int(requests.sum()), share, waited[mine & (outcome == 0)]))
    return found


def _pressure(
    days: Days, k: int, over: Array, asked: _Asked, fullest: Places | Slots | None
) -> Pressure:
    is_open = days.is_open[:, k]
    waiting = is_open & (days.queue[:, k] > 0)
    with np.errstate(invalid="ignore"):
        queued = 100 * waiting.sum(axis=1) / is_open.sum(axis=1)
    having = over[over.any(axis=1)]
    begin = days.months[having.argmax(axis=1)] if len(having) else np.array([np.nan])
    median, p90 = np.percentile(asked.waited, [50, 90]) if len(asked.waited) else (np.nan, np.nan)
    of_run = t_interval(over.sum(axis=1)).within(0.0, float(over.shape[1]))
    return Pressure(
        resource=days.resources[k],
        months=over.shape[1],
        over=of_run,
        year=fullest.period.year if fullest else None,
        year_months=fullest.months if fullest else over.shape[1],
        in_year=fullest.over if fullest else of_run,
        queued=t_interval(queued).within(0.0, 100.0),
        requests=asked.requests,
        withdrawn=asked.withdrawn,
        median=float(median),
        p90=float(p90),
        first=days.first + float(np.median(begin)),
        first_in=len(having),
        replications=len(over),
    )
