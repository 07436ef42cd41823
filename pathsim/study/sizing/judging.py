"""Promises, and when the replications at hand say that one is kept or broken.

A promise is about the mean over replications. It is *kept* where a one-sided bound of that mean
lies within its limit, *broken* where the bound on the other side lies beyond, else *unsure*.
Called by the search. Knows no lattice and no engine.

The level of a bound is 1 - confidence, shared equally (Bonferroni) among all capacities of the
lattice, all promises and all looks at growing numbers of replications. So the chance that any
verdict of a whole search is wrong is at most 1 - confidence, whichever capacities it comes to look
at and whenever it stops. A promise is either kept or broken in truth, so that only one of its two
bounds can mislead: the level is not halved. Bounds are Student's, as those of every table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from pathsim.errors import demand

Array = npt.NDArray[np.float64]


class Verdict(IntEnum):
    """What is known of a promise at a capacity; only UNSURE calls for more replications."""

    UNSURE = 0
    KEPT = 1
    BROKEN = 2
    UNDECIDED = 3
    """Unsure after as many replications as may be made: not counted as kept."""
    NO_VALUE = 4
    """Not measured in half of the replications or more, or a median that was not reached in one:
    nothing can be said of its mean."""


@dataclass(frozen=True)
class Promise:
    """The mean of an outcome is to be at most (or at least) a limit, in the outcome's unit."""

    outcome: str
    limit: float
    at_most: bool = True
    unit: str = ""

    @property
    def sense(self) -> int:
        """1 where less is better, -1 where more is."""
        return 1 if self.at_most else -1


@dataclass(frozen=True)
class Rule:
    """How sure to be, and how many replications to make at first and at most.

    They are doubled from look to look: 16, 32, 64, ...; the last look is at the most.
    """

    confidence: float = 0.95
    first: int = 16
    most: int = 256

    def __post_init__(self) -> None:
        demand(0.5 <= self.confidence < 1, "confidence is out of range: write 50 % to 99.9 %")
        demand(2 <= self.first <= self.most, "too few replications: make 2 or more")

    @cached_property
    def looks(self) -> tuple[int, ...]:
        """The numbers of replications at which verdicts are given."""
        doubled = [self.first]
        while doubled[-1] < self.most:
            doubled.append(min(2 * doubled[-1], self.most))
        return tuple(doubled)

    @property
    def told(self) -> str:
        """How many replications a capacity that is looked at has, in words."""
        many = f"{self.first} to {self.most}" if self.first < self.most else f"{self.most}"
        return f"{many} replications"

    def next(self, replications: int) -> int:
        """How many replications the look after one at so many has."""
        return next(n for n in self.looks if n > replications)

    def level(self, points: int, promises: int) -> float:
        """The level of each one-sided bound in a search over so many points and promises."""
        return (1 - self.confidence) / (points * promises * len(self.looks))


@dataclass(frozen=True)
class Judged:
    """A promise at a capacity: the mean, the one-sided bounds on either side, and the verdict.

    `n` replications have a value, `missing` have none.
    """

    verdict: Verdict
    mean: float
    low: float
    high: float
    n: int
    missing: int = 0


def judged(values: Array, promise: Promise, *, level: float, last: bool = False) -> Judged:
    """The verdict of replications (one value each, NaN for none) at a level; `last`: the last look.

    Where all replications have one value it is taken for known. An infinite value is a median that
    was not reached: those where it was would be a choice of them.
    """
    known = values[np.isfinite(values)]
    n, missing = len(known), len(values) - len(known)
    if n < 2 or missing >= n or np.isinf(values).any():
        mean = float(known.mean()) if n else np.nan
        return Judged(Verdict.NO_VALUE, mean, np.nan, np.nan, n, missing)
    mean, half = float(known.mean()), bound(known, level)
    low, high = mean - half, mean + half
    beyond = promise.sense * (mean - promise.limit)
    verdict = Verdict.UNDECIDED if last else Verdict.UNSURE
    if beyond <= -half:
        verdict = Verdict.KEPT
    elif beyond > half:
        verdict = Verdict.BROKEN
    return Judged(verdict, mean, low, high, n, missing)


def bound(values: Array, level: float) -> float:
    """How far the one-sided bound at a level lies from the mean of independent values."""
    n = len(values)
    spread = float(values.std(ddof=1))
    return float(-stdtrit(n - 1, level)) * spread / n**0.5 if spread > 0 else 0.0
