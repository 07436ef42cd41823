"""Days of a run on a calendar: where a day lies on an axis, and what its ticks say.

Day 0 is a date where the scenario has one; without it the axis has months since the start. Called
by figures over time; knows no outcome.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import overload

import numpy as np
from matplotlib.axes import Axes

from pathsim.figures.panels import first_up
from pathsim.figures.style import uncounted
from pathsim.outcomes.columns import Array
from pathsim.units import DAYS_PER_MONTH

STEPS = (1, 2, 3, 6, 12, 24, 36, 60)
"""Months from one tick to the next."""
SHORT = 62
"""A run of no more days than these has a tick a week."""


@dataclass(frozen=True)
class Calendar:
    """The axis of a run that begins on `start` and lasts `horizon` days."""

    horizon: float
    start: date | None = None

    @overload
    def at(self, day: float) -> float: ...
    @overload
    def at(self, day: Array) -> Array: ...
    def at(self, day: float | Array) -> float | Array:
        """Where days of the run lie on the axis: in days, or in months where there is no date."""
        return day if self.start else day / DAYS_PER_MONTH

    def month_of(self, day: Array) -> Array:
        """The month in which each day lies, counted from that of day 0: of the calendar, or of
        30.4 days where there is no date."""
        if self.start is None:
            return np.asarray(day // DAYS_PER_MONTH, dtype=int)
        dates = np.datetime64(self.start) + np.floor(day).astype("timedelta64[D]")
        months = dates.astype("datetime64[M]") - np.datetime64(self.start, "M")
        return np.asarray(months, dtype=int)

    def middle_of(self, month: Array) -> Array:
        """The day of the run, more or less, on which each of these months is half over."""
        if self.start is None:
            return (month + 0.5) * DAYS_PER_MONTH
        return (month + 0.5) * DAYS_PER_MONTH - (self.start.day - 1)

    def draw(self, ax: Axes, *, most: int = 9, warm_up: float = 0.0) -> None:
        """The time axis, with so many ticks at the most, and the warm-up if there is one."""
        end = max(self.at(self.horizon), self.at(1.0))
        ax.set_xlim(0.0, end)
        if self.start is None:
            step = next((s for s in STEPS if end / s <= most), 120)
            ax.set_xticks(np.arange(0.0, end + 1e-9, step))
        else:
            at, said = zip(*self._ticks(most), strict=True)
            ax.set_xticks(at, said)
        uncounted(ax, warm_up, self.at)

    def label(self, what: str = "Date") -> str:
        """What the axis measures."""
        if self.start is None:
            months = "months since the start"
            return first_up(months) if what == "Date" else f"{what}, {months}"
        return f"{what} (the run starts on {self.start.day} {self.start:%B %Y})"

    def month_named(self, day: float) -> str:
        """The month in which a day lies, in words."""
        if self.start is None:
            return f"month {int(day // DAYS_PER_MONTH) + 1}"
        return f"{self.start + timedelta(int(day)):%B %Y}"

    def _ticks(self, most: int) -> Iterator[tuple[float, str]]:
        """Days on which a tick stands, and what it says."""
        assert self.start is not None
        if self.horizon <= SHORT:
            step = 7 * max(1, round(self.horizon / 7 / most))
            for day in range(0, int(self.horizon) + 1, step):
                yield day, f"{(at := self.start + timedelta(day)).day} {at:%b}"
            return
        step = next((s for s in STEPS if self.horizon / DAYS_PER_MONTH / s <= most), 120)
        first = self.start.year * 12 + self.start.month - 1
        for month in range(first, first + int(self.horizon / 28) + 2):
            at = date(month // 12, month % 12 + 1, 1)
            day = (at - self.start).days
            if month % step == 0 and 0 <= day <= self.horizon:
                named = step < 12 and at.month != 1
                yield day, f"{at:%b}" if named else f"{at:%b\n%Y}" if step < 12 else f"{at:%Y}"
