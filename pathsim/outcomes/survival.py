"""Survival: times from a start to an event, and the Kaplan-Meier curve of them.

Made from the patients table; called by summaries, figures and reports. Everyone is censored when
last seen: at the horizon, or on leaving the model alive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from pathsim.outcomes.columns import Array, Flags, array, runs

Start = Literal["arrival", "treatment"]
Event = Literal["death", "progression", "next_line"]
_FIRST = {
    ("arrival", "progression"): "progression",
    ("treatment", "progression"): "progression_after",
    ("treatment", "next_line"): "next_line",
}


def times(
    patients: pd.DataFrame, *, start: Start = "arrival", event: Event = "death"
) -> pd.DataFrame:
    """(replication, patient, days, event): from the start to the event, death or censoring.

    Death is always an event: "progression" gives progression-free survival, "next_line" the time to
    the next line of therapy or death. "treatment" is the first infusion or first dose; who had none
    has no row. Raises ValueError for the next line counted from arrival.
    """
    counted, days, happened = spans(patients, start=start, event=event)
    table = patients[["replication", "patient"]].assign(days=days, event=happened)
    return table[counted].reset_index(drop=True)


def spans(patients: pd.DataFrame, *, start: Start, event: Event) -> tuple[Flags, Array, Flags]:
    """For each patient: whether one counts, the days, and whether they ended in the event."""
    begin = array(patients, start)
    seen, dead = array(patients, "last_seen"), array(patients, "dead")
    first = np.full(len(patients), np.nan)
    if event != "death":
        if (start, event) not in _FIRST:
            raise ValueError(f"no time to {event} from {start}; count it from treatment")
        first = array(patients, _FIRST[start, event])
    happened = ~np.isnan(first)
    return ~np.isnan(begin), np.where(happened, first, seen) - begin, happened | dead


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier curve: survival just after each of `days`, for `n` patients.

    `days` and `survival` begin with 0 and what survives day 0; `ends` are all follow-up times,
    sorted. Beyond the last of them the curve is not known.
    """

    days: Array
    survival: Array
    ends: Array

    @property
    def n(self) -> int:
        return len(self.ends)

    @property
    def followed(self) -> float:
        """The longest follow-up in days; NaN without patients."""
        return float(self.ends[-1]) if self.n else np.nan

    def at(self, day: float | Array) -> Array:
        """Survival at a day; NaN beyond the last follow-up, unless nobody was left."""
        known = self.survival[np.searchsorted(self.days, day, side="right") - 1]
        beyond = np.asarray(day) > self.followed
        return (
            np.where(beyond & (self.survival[-1] > 0), np.nan, known) if self.n else known * np.nan
        )

    def at_risk(self, day: float | Array) -> Array:
        """How many are still followed just before a day."""
        return self.n - np.searchsorted(self.ends, day, side="left")

    def median(self) -> float:
        """The first day at which survival is a half or less; infinite where it is not reached."""
        reached = np.flatnonzero(self.survival <= 0.5 + 1e-12)  # products of fractions round
        return float(self.days[reached[0]]) if len(reached) else np.inf

    def restricted_mean(self, day: float) -> float:
        """The area under the curve up to a day; NaN where follow-up ends before."""
        if not self.n or (day > self.followed and self.survival[-1] > 0):
            return np.nan
        inside = self.days < day
        edges = np.append(self.days[inside], day)
        return float(np.sum(np.diff(edges) * self.survival[inside]))


def curve(times: pd.DataFrame) -> Curve:
    """The Kaplan-Meier curve of a table of `times`; at a tie events come before censoring."""
    return _curve(array(times, "days"), array(times, "event").astype(bool))


def curves(times: pd.DataFrame) -> dict[int, Curve]:
    """The curve of each replication; rows stand in their order."""
    number, days = array(times, "replication"), array(times, "days")
    return curves_of(number, days, array(times, "event").astype(bool))


def curves_of(number: Array, days: Array, event: Flags) -> dict[int, Curve]:
    """The same of columns that are no table: numbers of replications, in order, times, events."""
    starts = np.flatnonzero(runs(number))
    ends = np.append(starts, len(number))[1:]
    parts = (slice(start, end) for start, end in zip(starts, ends, strict=True))
    return {int(number[part.start]): _curve(days[part], event[part]) for part in parts}


def _curve(days: Array, event: Flags) -> Curve:
    from scipy.stats import CensoredData, ecdf  # heavy: half a second

    if not len(days):
        return Curve(np.zeros(1), np.ones(1), np.zeros(0))
    fitted = ecdf(CensoredData(uncensored=days[event], right=days[~event])).sf
    at, alive = fitted.quantiles, fitted.probabilities
    if at[0] > 0:
        at, alive = np.append(0.0, at), np.append(1.0, alive)
    return Curve(at, alive, np.sort(days))
