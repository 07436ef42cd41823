"""Where the transient ends: what a service holds week by week, and from when on that is settled.

Courses are made of what was measured of a run without a warm-up. Called by `study.warm_up`, drawn
by `figure_warm_up`. Knows nothing of how patients come but until when they do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
import pandas as pd

from pathsim.outcomes.columns import Array
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.intervals import t_interval
from pathsim.units import DAYS_PER_MONTH, DAYS_PER_YEAR

WEEK = 7
BATCH = 5
"""Means of so many values are looked at by `mser`."""
FEWEST = 10
"""Fewer batches say nothing: some ten months of weeks."""
SMOOTH = 13
"""Weeks of the moving average."""
DRIFT = 0.05
"""What is kept has settled if its second half differs from its first by no more of the level."""
RARE = 0.05
"""A mean queue below this in every week is none."""


def mser(values: Array, *, batch: int = BATCH) -> int | None:
    """How many of the first values to leave out; None where that would be half of them or more.

    The truncation that makes the standard error of the mean of the rest least, on means of five
    values: the marginal standard error rule of White (1997; Simulation 69, 323-334), as MSER-5 in
    White, Cobb and Spratt (Winter Simulation Conference 2000, 755-760).
    """
    means = values[: len(values) // batch * batch].reshape(-1, batch).mean(axis=1)
    if len(means) < FEWEST:
        return None
    last = (means - means.mean())[::-1]
    kept = np.arange(1, len(last) + 1)
    squares = np.cumsum(last**2) - np.cumsum(last) ** 2 / kept
    errors = (np.maximum(squares, 0.0) / kept**2)[::-1]
    half = len(errors) // 2
    left_out = int(np.argmin(errors[: half + 1]))
    return batch * left_out if left_out < half else None


@dataclass(frozen=True, eq=False)
class Course:
    """What there is of something in each week: a row a replication; the first `weeks` are judged.

    Later ones are those in which nobody new comes. A queue is not settled before the places that it
    is `waiting_for`.
    """

    name: str
    unit: str
    values: Array
    weeks: int
    waiting_for: Course | None = None

    @property
    def mean(self) -> Array:
        """The mean over replications, a value a week."""
        return cast(Array, self.values.mean(axis=0))

    @property
    def smooth(self) -> Array:
        """The moving average of the mean, over fewer weeks towards the ends (Welch 1983)."""
        return pd.Series(self.mean).rolling(SMOOTH, center=True, min_periods=1).mean().to_numpy()

    @cached_property
    def truncation(self) -> int | None:
        """The week from which on the rule would count; None where it finds none in the half."""
        return mser(self.mean[: self.weeks])

    @property
    def judged_from(self) -> int:
        """The week from which on it is asked whether there is still a drift."""
        return self.weeks // 2 if self.truncation is None else self.truncation

    @cached_property
    def moves(self) -> bool:
        """Whether it, or what it waits for, still rises or falls at the end, beyond chance."""
        if self.waiting_for is not None and self.waiting_for.moves:
            return True
        if self.weeks - self.judged_from < 2:
            return True
        halves = t_interval(self._halves())
        sure = halves.n > 1 and not halves.low <= 0.0 <= halves.high
        return sure and abs(halves.mean) > DRIFT * abs(self.level(self.judged_from))

    @property
    def ends(self) -> int | None:
        """The week in which the transient ends; None if there is none while patients come.

        It `moves` then, or chance hides it.
        """
        ends, places = self.truncation, self.waiting_for
        if self.moves or ends is None or places is None:
            return None if self.moves else ends
        return None if places.ends is None else max(ends, places.ends)

    @property
    def drift(self) -> float:
        """How much more the later half of the weeks judged has than the earlier, as a share."""
        level = self.level(self.judged_from)
        return float(self._halves().mean()) / level if level else 0.0

    @property
    def when(self) -> str:
        """When it settles, in words."""
        if self.ends is None:
            return "does not settle" if self.moves else "cannot be told, for chance"
        if not self.ends:
            return "settled from the start"
        days = self.ends * WEEK
        if days < DAYS_PER_YEAR:
            return f"settles after {days / DAYS_PER_MONTH:.1f} months"
        return f"settles after {days / DAYS_PER_YEAR:.1f} years"

    def level(self, start: int = 0) -> float:
        """The mean from a week on, while patients come."""
        return float(self.mean[start : self.weeks].mean())

    def _halves(self) -> Array:
        """In each replication, how much more the later half has than the earlier."""
        middle = (self.judged_from + self.weeks) // 2
        first = self.values[:, self.judged_from : middle]
        second = self.values[:, middle : self.weeks]
        return cast(Array, second.mean(axis=1) - first.mean(axis=1))


def courses(measured: Measured, resources: Sequence[str], *, until: float) -> Iterator[Course]:
    """Patients in the service, places held and queues, by week; `until` (days) patients come.

    A queue that is never there is left out.
    """
    weeks = int(until // WEEK)
    present = measured.present.groupby(["replication", "day"])["number"].sum().unstack("day")
    yield Course("patients in the service", "patients", present.to_numpy(dtype=float), weeks)
    daily = measured.daily.assign(week=measured.daily["day"] // WEEK)
    for resource in resources:
        mine = daily[daily["resource"] == resource].groupby(["replication", "week"])
        means = mine[["held_mean", "queue_mean", "capacity_mean"]].mean()
        name = resource.replace("_", " ")
        held = None
        if means["capacity_mean"].notna().all():
            held = Course(name, "places held", _by_week(means["held_mean"]), weeks)
            yield held
        queue = _by_week(means["queue_mean"])
        if queue.mean(axis=0).max() > RARE:
            yield Course(name, "requests waiting", queue, weeks, held)


def _by_week(means: pd.Series) -> Array:
    return means.unstack("week").to_numpy(dtype=float)
