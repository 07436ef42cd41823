"""The bars of a tornado: an outcome at the ends of one field's range, beside what it is otherwise.

Made by `study.tornado`, drawn by `figure_tornado`. Knows no job and no axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from pathsim.outcomes.intervals import Interval


@dataclass(frozen=True)
class Bar:
    """One field: its ends as text, the outcome (in `unit`) at its base and ends, and the swing.

    `swing`, `low_by` and `high_by` are differences paired by replication, with their intervals:
    from one end to the other, and from the base to each end.
    """

    factor: str
    low_value: str
    high_value: str
    unit: str
    base: float
    at_low: float
    at_high: float
    swing: Interval
    low_by: Interval
    high_by: Interval

    @property
    def width(self) -> float:
        """How far the outcome moves, either way; 0 where that is not known."""
        moves = (self.swing.mean, self.low_by.mean, self.high_by.mean)
        return max((abs(move) for move in moves if not isnan(move)), default=0.0)


def sorted_bars(bars: Sequence[Bar]) -> list[Bar]:
    """The widest first; those alike in the order given."""
    return sorted(bars, key=lambda bar: -bar.width)
