"""What reads a patient's variables: tables and slopes, through a Reader.

Frozen parts of a Pathway that both engines read. They know nothing of resources but a name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pathsim import laws
from pathsim.errors import demand
from pathsim.pathway import problems
from pathsim.pathway.frozen import freeze

Value = float | str | None
"""A number or moment (float), a level (str), or None: a moment that is not yet."""

CALENDAR = "calendar"
"""The number that always reads now."""


class Reader(Protocol):
    """A patient at a moment: what tables, draws and conditions may ask."""

    @property
    def now(self) -> float: ...

    def value(self, variable: str) -> Value: ...

    def queue(self, resource: str) -> float: ...

    def free(self, resource: str) -> float: ...

    def expected_wait(self, resource: str) -> float: ...

    def is_moment(self, variable: str) -> bool: ...


def number(reader: Reader, variable: str) -> float | None:
    """The variable as a number: a moment as the days since it, None where it is not yet set."""
    if variable == CALENDAR:
        return reader.now
    value = reader.value(variable)
    if value is None:
        return None
    return reader.now - float(value) if reader.is_moment(variable) else float(value)


@dataclass(frozen=True)
class By:
    """A table over one variable: entries by level, or by bands `(upper bound, entry)`.

    >>> By("sex", levels={"female": 0.9}, otherwise=1.0)
    >>> By("last_bcma", bands=[(180, 1.8), (inf, 1.2)], never=1.0)
    """

    variable: str
    levels: Mapping[str, Any] = field(default_factory=dict)
    bands: Sequence[tuple[float, Any]] = ()
    never: Any = None
    otherwise: Any = None

    def __post_init__(self) -> None:
        freeze(self, "levels")
        object.__setattr__(self, "bands", tuple((float(b), e) for b, e in self.bands))

    def read(self, reader: Reader) -> Any:
        if not self.bands:
            return self.levels.get(str(reader.value(self.variable)), self.otherwise)
        x = number(reader, self.variable)
        if x is None:
            return self.never
        # A band to inf has all that is left: what is infinite too, and what is no number.
        fits = (entry for upper, entry in self.bands if x < upper or upper == math.inf)
        return next(fits, self.otherwise)

    @property
    def entries(self) -> tuple[Any, ...]:
        entries = [*self.levels.values(), *(entry for _, entry in self.bands)]
        return tuple(entries + [e for e in (self.never, self.otherwise) if e is not None])

    # As a factor of a ratio and as a term of a score a table is its entry.
    factor = read
    term = read


@dataclass(frozen=True)
class Per:
    """A slope: `each ** (x - centre)` as a factor, `each * (x - centre)` as a term."""

    variable: str
    each: float
    centre: float = 0.0

    def __post_init__(self) -> None:
        for name, x in (("each", self.each), ("centre", self.centre)):
            demand(math.isfinite(x), f"a slope: {name} is {x}; give a finite number.")

    def _x(self, reader: Reader) -> float:
        x = number(reader, self.variable)
        if x is None:
            raise problems.slope_not_set(self.variable, reader.now)
        return x - self.centre

    def factor(self, reader: Reader) -> float:
        return laws.power(self.each, self._x(reader))

    def term(self, reader: Reader) -> float:
        return self.each * self._x(reader)


Factor = float | By | Per


def product(factors: Sequence[Factor], reader: Reader) -> float:
    """The product of the factors, from 1.0 in the order listed."""
    ratio = 1.0
    for f in factors:
        ratio *= f if isinstance(f, float | int) else f.factor(reader)
    return ratio


def total(terms: Sequence[Factor], reader: Reader) -> float:
    """The sum of the terms, from 0.0 in the order listed."""
    result = 0.0
    for t in terms:
        result += t if isinstance(t, float | int) else t.term(reader)
    return result


def pick(weights: Sequence[float], u: float) -> int:
    """The first place i with u * (sum of weights) < the sum of weights up to i, or the last."""
    whole = 0.0
    for w in weights:
        whole += w
    mark, so_far = u * whole, 0.0
    for i, w in enumerate(weights):
        so_far += w
        if mark < so_far:
            return i
    return len(weights) - 1
