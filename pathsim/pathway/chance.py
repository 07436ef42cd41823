"""Draws: what a variable is given by chance, one uniform each.

Frozen objects that a Variable or a Set holds; `draw` takes the uniform and a Reader.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pathsim import laws
from pathsim.errors import demand
from pathsim.laws import Law
from pathsim.pathway.amounts import positive
from pathsim.pathway.frozen import freeze
from pathsim.pathway.reading import By, Factor, Per, Reader, pick, product, total


@dataclass(frozen=True)
class Levels:
    """One of several levels by probability; `odds` multiplies a level's weight by factors."""

    probabilities: Mapping[str, float]
    odds: Mapping[str, Sequence[Factor]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        freeze(self, "probabilities", "odds")

    def draw(self, u: float, reader: Reader) -> str:
        weights = [p * product(self.odds.get(n, ()), reader) for n, p in self.probabilities.items()]
        return list(self.probabilities)[pick(weights, u)]


@dataclass(frozen=True)
class Normal:
    """A normal number, truncated to [low, high]; `shifts` are terms added to its mean.

    Raises ValueError where the numbers make no such law.
    """

    mean: float
    sd: float
    low: float | None = None
    high: float | None = None
    shifts: Sequence[Factor] = ()

    def __post_init__(self) -> None:
        freeze(self, "shifts")
        positive(self.sd, "normal: sd")
        demand(math.isfinite(self.mean), f"normal: mean is {self.mean}; give a finite number.")
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        demand(low <= high, f"normal: from {low} to {high}; give a low that is not above the high.")

    def draw(self, u: float, reader: Reader) -> float:
        mean = self.mean + total(self.shifts, reader)
        a = 0.0 if self.low is None else laws.normal_cdf((self.low - mean) / self.sd)
        b = 1.0 if self.high is None else laws.normal_cdf((self.high - mean) / self.sd)
        x = mean + self.sd * laws.normal_quantile(a + u * (b - a))
        x = x if self.low is None else max(x, self.low)
        return x if self.high is None else min(x, self.high)


@dataclass(frozen=True)
class Ordered:
    """One of several levels, best first, by proportional odds.

    The odds of each level or better are multiplied by the product of the `odds` factors.
    """

    probabilities: Mapping[str, float]
    odds: Sequence[Factor] = ()

    def __post_init__(self) -> None:
        freeze(self, "probabilities", "odds")

    def draw(self, u: float, reader: Reader) -> str:
        odds, so_far = product(self.odds, reader), 0.0
        *levels, last = self.probabilities.items()
        for name, p in levels:
            so_far += p
            if u * (1.0 - so_far + odds * so_far) < odds * so_far:
                return name
        return last[0]


@dataclass(frozen=True)
class FromLaw:
    """A non-negative number that follows a law: lognormal, empirical, constant, …"""

    law: Law

    def draw(self, u: float, reader: Reader) -> float:
        del reader
        return self.law.inverse(laws.unit_exponential(u))


Draw = Levels | Ordered | Normal | FromLaw


@dataclass(frozen=True)
class Ago:
    """A moment so many days before now: a number, a draw, or the term of a slope or table."""

    days: float | FromLaw | Normal | By | Per
