"""What a service holds, day by day, as arrays; and the months and years that days are put into.

Made of the table `daily`, what counts alone. Called by `needs` and `pressure`; knows no strategy.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from pathsim.errors import demand
from pathsim.outcomes.columns import Array, Flags, array, runs, words
from pathsim.outcomes.folds import Measured
from pathsim.units import DAYS_PER_MONTH, DAYS_PER_YEAR

_LEVELS = ("held", "queue", "capacity", "held_mean", "queue_mean", "capacity_mean")
_KNOWN: WeakKeyDictionary[Measured, Days] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Days:
    """Arrays (replication, resource, day) of the days that count, from day `first` of the run on.

    `held`, `queue` and `capacity` are read at midnight, `..._mean` are means of the day. Capacity
    is NaN for slots.
    """

    resources: tuple[str, ...]
    first: int
    held: Array
    queue: Array
    capacity: Array
    held_mean: Array
    queue_mean: Array
    capacity_mean: Array

    @property
    def n(self) -> int:
        return int(self.held.shape[2])

    @property
    def is_places(self) -> Flags:
        """For each resource whether it is places, held and returned; the others are slots."""
        return np.asarray(~np.isnan(self.capacity).all(axis=(0, 2)), dtype=bool)

    @property
    def is_open(self) -> Flags:
        """(replication, resource, day) True where there is any place; slots are always open."""
        return np.asarray(~(self.capacity == 0), dtype=bool)

    @property
    def months(self) -> Array:
        """The days, from 0, on which each whole month begins, and the day after the last.

        A run shorter than a month is one.
        """
        return _cuts(self.n, DAYS_PER_MONTH)

    @property
    def years(self) -> Array:
        """The same of whole years."""
        return _cuts(self.n, DAYS_PER_YEAR)


def _cuts(days: int, length: float) -> Array:
    whole = int(days / length)
    cuts = np.ceil(np.arange(whole + 1) * length).astype(int)
    return np.minimum(cuts, days) if whole else np.array([0, days])


def days_of(measured: Measured) -> Days:
    """The days that count of what was measured: those after the warm-up.

    Raises ValueError where a resource lacks days that another has.
    """
    every, begin = all_days(measured), int(np.ceil(measured.warm_up))
    cubes = (getattr(every, name)[:, :, begin:] for name in _LEVELS)
    return Days(every.resources, begin, *cubes)


def all_days(measured: Measured) -> Days:
    """The same of the whole run; worked out once."""
    if measured not in _KNOWN:
        _KNOWN[measured] = _all_days(measured)
    return _KNOWN[measured]


def _all_days(measured: Measured) -> Days:
    table = measured.daily
    if not len(table):
        return Days((), 0, *(np.zeros((0, 0, 0)) for _ in _LEVELS))
    day, resource = array(table, "day"), words(table["resource"])
    first = runs(array(table, "replication"))
    n, many = int(day.max()) + 1, int(first.sum())
    starts = np.flatnonzero(runs(resource.codes) | first)
    order = resource.codes[starts][: len(starts) // many]
    demand(len(table) == many * len(order) * n, "daily: a resource lacks days that others have")
    cubes = (array(table, name).reshape(many, len(order), n) for name in _LEVELS)
    return Days(tuple(str(resource.categories[code]) for code in order), 0, *cubes)


def plainly(resource: str) -> str:
    """A resource as people call it, of many.

    >>> plainly("slots/cilta-cel"), plainly("step_up_bed"), plainly("icu_bed"), plainly("clinic")
    ('cilta-cel slots', 'step-up beds', 'ICU beds', 'clinic')
    """
    kind, _, product = resource.partition("/")
    if product:
        return f"{product} {kind}"
    said = kind.replace("step_up", "step-up").replace("icu", "ICU").replace("_", " ")
    return said if kind == "clinic" or said.endswith("s") else f"{said}s"
