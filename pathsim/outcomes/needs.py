"""What a service needs of each resource: places held, centiles, months over capacity, slots used.

Over the run and in its fullest year, since a service fills first and empties at the end; nothing
of a warm-up counts. Everybody counts, other users too. Called by reports; knows no strategy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pathsim.outcomes.columns import Array, array, sums, words
from pathsim.outcomes.days import Days, days_of
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.intervals import Interval, t_interval
from pathsim.units import DAYS_PER_YEAR

CENTILES = (50, 90, 95, 99)
COVERED = 95
OVER = (
    "A month is over capacity if on more than half of its open days somebody is waiting at midnight"
)
"""What `over` counts, in words; months have 30.4 days, from the start of what counts."""


@dataclass(frozen=True)
class Period:
    """Days of a run from `first` up to and without `end`; `year` is 1, 2, ... or None: all."""

    first: int
    end: int
    year: int | None = None

    @property
    def years(self) -> float:
        """How many years it is: one, if it is a year, which may have 365 midnights or 366."""
        return 1.0 if self.year is not None else (self.end - self.first) / DAYS_PER_YEAR


@dataclass(frozen=True)
class Places:
    """What was held of one resource in one period, all users.

    `held` is the mean of days, `full` the share of open days with no place free at midnight (%),
    each with its interval over replications. `centiles` and `peak` are of the counts at midnight
    of open days, all replications together; `covered` is the 95th centile of those held and those
    asked for. Of `months` whole months `over` are over capacity.
    """

    resource: str
    period: Period
    capacity: float
    held: Interval
    centiles: tuple[float, ...]
    peak: float
    covered: float
    full: Interval
    months: int
    over: Interval

    @property
    def occupancy(self) -> float:
        """The share of places held, in %; NaN of what is never open."""
        return 100 * self.held.mean / self.capacity if self.capacity else np.nan


@dataclass(frozen=True)
class Slots:
    """What became of the slots of one product in one period, a year, over replications.

    `used` are taken and not given back; `over` counts months as for places.
    """

    resource: str
    period: Period
    released: Interval
    used: Interval
    expired: Interval
    months: int
    over: Interval


def places(measured: Measured) -> tuple[Places, ...]:
    """Of each resource that has places: the run, then its fullest year.

    The fullest is the whole year with most held and asked for, over all replications: the same year
    in each. A run of less than two years has only one.
    """
    days = days_of(measured)
    over = months_over(days)
    return tuple(
        _places(days, k, period, over)
        for k in np.flatnonzero(days.is_places).tolist()
        for period in _periods(days, _by_year(days, k))
    )


def slots(measured: Measured) -> tuple[Slots, ...]:
    """Of each product with slots: the run, then the year in which most were used and waited for.

    Used alone would not do: no more are used than there are, however many wait.
    """
    return tuple(_slots(measured)) if len(measured.stock) else ()


def months_over(days: Days) -> Array:
    """(replication, resource, month) True where the month is over capacity; see `OVER`.

    In a month in which nothing is open each day counts.
    """
    cuts = days.months
    until = int(cuts[-1])
    is_open, waited = days.is_open[:, :, :until], days.queue[:, :, :until] > 0
    opened = _counted(is_open, cuts)
    shut = np.repeat(opened == 0, np.diff(cuts), axis=2)
    counted = is_open | shut
    return np.asarray(2 * _counted(waited & counted, cuts) > _counted(counted, cuts))


def _counted(flags: Array, cuts: Array) -> Array:
    """How many are true from each cut to the next."""
    if not flags.size:
        return np.zeros((*flags.shape[:2], len(cuts) - 1))
    return np.asarray(np.add.reduceat(flags, cuts[:-1], axis=2, dtype=np.int64))


def _by_year(days: Days, k: int) -> Array:
    """The mean of what is held and asked for in each whole year."""
    wanted = days.held_mean[:, k] + days.queue_mean[:, k]
    cuts = days.years
    return np.array([wanted[:, a:b].mean() for a, b in pairwise(cuts)])


def _queued(days: Days, k: int) -> Array:
    """How many wait in each whole year, on average."""
    queue = days.queue_mean[:, k]
    return np.array([queue[:, a:b].mean() for a, b in pairwise(days.years)])


def _periods(days: Days, by_year: Array) -> Iterator[Period]:
    """All that counts, and the year with the most; in days from the first that counts."""
    yield Period(0, days.n)
    if len(by_year) > 1:
        fullest = int(np.argmax(by_year))
        yield Period(int(days.years[fullest]), int(days.years[fullest + 1]), fullest + 1)


def _places(days: Days, k: int, period: Period, over: Array) -> Places:
    chosen = slice(period.first, period.end)
    held, queue, capacity = (c[:, k, chosen] for c in (days.held, days.queue, days.capacity))
    is_open = capacity > 0
    at_midnight = held[is_open]
    wanted = at_midnight + queue[is_open]
    with np.errstate(invalid="ignore"):
        full = 100 * (is_open & (held >= capacity)).sum(axis=1) / is_open.sum(axis=1)
    within = _months_within(days, period)
    return Places(
        resource=days.resources[k],
        period=period,
        capacity=float(days.capacity_mean[:, k, chosen].mean()),
        held=t_interval(days.held_mean[:, k, chosen].mean(axis=1)).within(0.0, np.inf),
        centiles=tuple(_centile(at_midnight, q) for q in CENTILES),
        peak=float(at_midnight.max(initial=0.0)),
        covered=_centile(wanted, COVERED),
        full=t_interval(full).within(0.0, 100.0),
        months=within.stop - within.start,
        over=_how_many(over[:, k, within]),
    )


def _centile(counts: Array, q: int) -> float:
    """The least count that is not exceeded on q % of the days; NaN without days."""
    if not len(counts):
        return np.nan
    return float(np.percentile(counts, q, method="inverted_cdf"))


def _months_within(days: Days, period: Period) -> slice:
    """The months that lie in a period: twelve of a year."""
    first, end = np.searchsorted(days.months, [period.first, period.end], side="left")
    return slice(int(first), min(int(end), len(days.months) - 1))


def _how_many(over: Array) -> Interval:
    return t_interval(over.sum(axis=1)).within(0.0, float(over.shape[1]))


def _slots(measured: Measured) -> Iterator[Slots]:
    days, stock, resource = days_of(measured), measured.stock, words(measured.stock["resource"])
    over, numbers = months_over(days), np.unique(array(stock, "replication"))
    place = np.searchsorted(numbers, array(stock, "replication"))
    year = ((array(stock, "time") - measured.warm_up) // DAYS_PER_YEAR).astype(int)
    moved = {"released": array(stock, "released"),
             "used": array(stock, "taken") - array(stock, "given_back"),
             "expired": array(stock, "expired")}  # fmt: skip
    for code in np.unique(resource.codes):
        name, mine = str(resource.categories[code]), resource.codes == code
        if name not in days.resources:
            continue
        k = days.resources.index(name)
        used = sums(year[mine], moved["used"][mine], len(days.years))[: len(days.years) - 1]
        for period in _periods(days, used / len(numbers) + _queued(days, k)):
            chosen = np.flatnonzero(mine & ((period.year is None) | (year + 1 == period.year)))
            a_year = {
                what: t_interval(sums(place[chosen], amount[chosen], len(numbers)) / period.years)
                for what, amount in moved.items()
            }
            within = _months_within(days, period)
            yield Slots(
                resource=name,
                period=period,
                **{what: found.within(0.0, np.inf) for what, found in a_year.items()},
                months=within.stop - within.start,
                over=_how_many(over[:, k, within]),
            )
