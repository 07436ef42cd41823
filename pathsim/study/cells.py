"""One cell of a study: a set in a scenario and a structure; its outcomes, and what they differ by.

Read back from the store by `sweep` and handed on, set by set, to whoever makes something of them.
Values are by replication, so that two cells with one luck can be paired. Knows no design.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pathsim.outcomes.columns import Array
from pathsim.outcomes.intervals import Interval, t_interval
from pathsim.outcomes.named import LOST_BY, REFERRED
from pathsim.outcomes.outcome import AMOUNT, SHARE

NOT_REACHED = "not reached"
"""How the note of a median begins that was not reached."""


@dataclass(frozen=True)
class Values:
    """One outcome of a cell: its value in each replication, NaN where there is none.

    `patients` stand behind all of them together. A median that was not reached everywhere has no
    mean: those where it was would be a choice of them.
    """

    group: str
    outcome: str
    unit: str
    values: Array
    patients: int | None
    reached: bool = True

    @property
    def interval(self) -> Interval:
        """The mean and its 95 % interval over replications, within what can be."""
        return self._of(self.values, SHARE if self.unit.startswith("%") else AMOUNT)

    @property
    def noise(self) -> float:
        """The standard error of the mean from chance within the model; NaN with one replication."""
        return _error(self.values) if self.reached else np.nan

    def minus(self, base: Values) -> Values:
        """What it differs by from another cell's, replication by replication."""
        both = self.reached and base.reached
        return Values(self.group, self.outcome, self.unit, self.values - base.values, None, both)

    @property
    def difference(self) -> Interval:
        """The interval of values that may lie below 0."""
        _, most = SHARE if self.unit.startswith("%") else AMOUNT
        return self._of(self.values, (-most, most))

    def _of(self, values: Array, bounds: tuple[float, float]) -> Interval:
        found = t_interval(values if self.reached else values * np.nan)
        return found.within(*bounds) if found.n > 1 else found


Cell = Mapping[str, Values]
"""Outcome -> its values."""

Cells = Mapping[tuple[str, str], Cell]
"""(scenario, structure) -> its cell; those of one set, the first scenario first."""


def cell(
    tables: Sequence[pd.DataFrame], wanted: Callable[[str], bool], n: int
) -> dict[str, Values]:
    """The outcomes of a cell from the tables of its jobs: `n` replications in all."""
    found: dict[str, Values] = {}
    for table in tables:
        words = [table[name].astype(object).tolist() for name in ("group", "outcome", "unit")]
        numbers = [table[name].tolist() for name in ("replication", "value", "patients")]
        for group, outcome, unit, replication, value, patients, note in zip(
            *words, *numbers, table["note"].astype(object), strict=True
        ):
            if not wanted(outcome):
                continue
            none = np.full(n, unless_told(outcome))
            before = found.get(outcome) or Values(group, outcome, unit, none, None)
            before.values[replication] = value
            many = before.patients if pd.isna(patients) else (before.patients or 0) + int(patients)
            reached = before.reached and not str(note).startswith(NOT_REACHED)
            found[outcome] = replace(before, patients=many, reached=reached)
    return found


def as_in(cell: Cell, like: Values) -> Values | None:
    """The outcome in another cell of the same scenario; None where it is not known there.

    What has no row because it did not occur is 0.
    """
    none = unless_told(like.outcome)
    if like.outcome in cell or np.isnan(none):
        return cell.get(like.outcome)
    return replace(like, values=np.full_like(like.values, none))


def unless_told(outcome: str) -> float:
    """The value of a replication that has no row of an outcome: 0 where that is not to occur."""
    return 0.0 if outcome.startswith((REFERRED, LOST_BY)) else np.nan


def _error(values: Array) -> float:
    known = values[~np.isnan(values)]
    n = len(known)
    return float(known.std(ddof=1) / np.sqrt(n)) if n > 1 else np.nan
