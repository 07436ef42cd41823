"""The delays: laws that take no ratio, one frozen dataclass each.

Times are in days. Each raises ValueError for parameters that make no law. This module must never
know a state, a patient or an engine.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from pathsim.errors import demand
from pathsim.hazards import CONSTANT, EMPIRICAL, INF, MANUFACTURING, Parameters, exp_or_inf
from pathsim.laws.law import Law, check_positive, increasing


@dataclass(frozen=True)
class Constant(Law):
    """A fixed delay in days; 0 is allowed."""

    delay: float
    code: ClassVar[int] = CONSTANT
    is_delay: ClassVar[bool] = True

    def __post_init__(self) -> None:
        demand(
            0.0 <= self.delay < INF,
            f"constant: delay is {self.delay}; give a finite number of days, 0 or more.",
        )

    @property
    def parameters(self) -> Parameters:
        return (float(self.delay),)

    def mean(self) -> float:
        return float(self.delay)

    def describe(self) -> str:
        return f"exactly {self.delay:.6g} day{'' if self.delay == 1 else 's'}"


@dataclass(frozen=True)
class Empirical(Law):
    """A delay given by its quantiles in days, straight lines between them.

    `probabilities` rise from 0 to 1; equal neighbouring `values` make that day an atom.
    """

    probabilities: tuple[float, ...]
    values: tuple[float, ...]
    code: ClassVar[int] = EMPIRICAL
    is_delay: ClassVar[bool] = True

    def __post_init__(self) -> None:
        shares, days = self.probabilities, self.values
        demand(
            len(shares) == len(days) > 1,
            f"empirical: {len(shares)} probabilities and {len(days)} values; "
            "give one value a probability, and at least two.",
        )
        demand(
            shares[0] == 0 and shares[-1] == 1 and increasing(shares),
            f"empirical: probabilities are {shares}; let them increase from 0 to 1.",
        )
        demand(
            days[0] >= 0 and all(a <= b < INF for a, b in pairwise(days)),
            f"empirical: values are {days}; give finite days from 0 up, none below the one before.",
        )
        object.__setattr__(self, "probabilities", tuple(map(float, shares)))
        object.__setattr__(self, "values", tuple(map(float, days)))

    @property
    def parameters(self) -> Parameters:
        return (float(len(self.values)), *self.probabilities, *self.values)

    def mean(self) -> float:
        shares, days = self.probabilities, self.values
        pieces = zip(pairwise(shares), pairwise(days), strict=True)
        return sum((q - p) * (v + w) / 2.0 for (p, q), (v, w) in pieces)

    def describe(self) -> str:
        pairs = zip(self.probabilities, self.values, strict=True)
        words = ", ".join(f"{100.0 * p:.6g} % by day {v:.6g}" for p, v in pairs)
        return f"empirical, {words}"


@dataclass(frozen=True)
class Manufacturing(Law):
    """A delay of at least `minimum` days, the rest lognormal; `median` is that of the whole."""

    minimum: float
    median: float
    sigma: float
    code: ClassVar[int] = MANUFACTURING
    is_delay: ClassVar[bool] = True

    def __post_init__(self) -> None:
        demand(
            0.0 <= self.minimum < self.median < INF,
            f"manufacturing: minimum is {self.minimum} and median {self.median} days; "
            "give a minimum of 0 or more and a greater, finite median.",
        )
        check_positive("manufacturing", sigma=self.sigma)

    @property
    def parameters(self) -> Parameters:
        excess = math.log(self.median - self.minimum)
        return (float(self.minimum), excess, float(self.sigma))

    def mean(self) -> float:
        spread = exp_or_inf(0.5 * self.sigma * self.sigma)
        return self.minimum + (self.median - self.minimum) * spread

    def describe(self) -> str:
        return (
            f"at least {self.minimum:.6g} days, median {self.median:.6g} days, "
            f"sigma {self.sigma:.6g} of the lognormal excess"
        )
