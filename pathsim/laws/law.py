"""What every law of time is: one cumulative hazard, from which all else follows.

`hazard_laws` and `delays` make the laws of it. Times are in days. This module must never know a
state, a patient or an engine.
"""

import math
from abc import ABC, abstractmethod
from itertools import pairwise
from typing import ClassVar

from pathsim.errors import demand
from pathsim.hazards import INF, Parameters, cumulative_hazard, inverse_cumulative_hazard


class Law(ABC):
    """How long until something happens: one cumulative hazard, from which all else follows."""

    code: ClassVar[int]
    is_delay: ClassVar[bool] = False

    @property
    @abstractmethod
    def parameters(self) -> Parameters:
        """The numbers, in the order in which the scalar functions read them."""

    @abstractmethod
    def mean(self) -> float:
        """Return the mean in days, inf if infinite."""

    @abstractmethod
    def describe(self) -> str:
        """Return the law in words, times in days."""

    def cumulative_hazard(self, t: float) -> float:
        """Return H(t), t in days."""
        return cumulative_hazard(self.code, self.parameters, float(t))

    def inverse(self, h: float) -> float:
        """Return the day at which H reaches h, inf if it never does."""
        return inverse_cumulative_hazard(self.code, self.parameters, float(h))

    def survival(self, t: float) -> float:
        """Return the probability that nothing has happened by day t."""
        return math.exp(-self.cumulative_hazard(t))

    def quantile(self, p: float) -> float:
        """Return the day by which it has happened with probability p."""
        demand(0.0 <= p <= 1.0, f"quantile: p is {p}; give a probability between 0 and 1.")
        return self.inverse(-math.log1p(-p) if p < 1.0 else INF)


def check_positive(law: str, **numbers: float) -> None:
    """ValueError unless each number is finite and greater than 0."""
    for name, number in numbers.items():
        demand(
            0.0 < number < INF,
            f"{law}: {name} is {number}; give a finite number greater than 0.",
        )


def increasing(numbers: tuple[float, ...]) -> bool:
    return all(map(math.isfinite, numbers)) and all(a < b for a, b in pairwise(numbers))
