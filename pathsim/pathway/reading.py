"""What reads a patient's variables: tables, slopes, draws, measures and conditions.

Each is a frozen object with one reading method that takes a `Reader` (a patient seen at one moment).
They are parts of a Pathway; both engines read them. They know nothing of resources but a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pathsim import laws
from pathsim.laws import Law

Value = float | str | None
"""A number or moment (float), a level (str), or None: a moment that is not yet."""

CALENDAR = "calendar"


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
        object.__setattr__(self, "bands", tuple((float(b), e) for b, e in self.bands))

    def read(self, reader: Reader) -> Any:
        if not self.bands:
            return self.levels.get(str(reader.value(self.variable)), self.otherwise)
        x = number(reader, self.variable)
        if x is None:
            return self.never
        return next((entry for upper, entry in self.bands if x < upper), self.otherwise)

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

    def _x(self, reader: Reader) -> float:
        x = number(reader, self.variable)
        if x is None:
            raise ValueError(f"a slope reads the moment '{self.variable}' before it is set")
        return x - self.centre

    def factor(self, reader: Reader) -> float:
        return float(self.each ** self._x(reader))

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


# --- draws -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Levels:
    """One of several levels by probability; `odds` multiplies a level's weight by factors."""

    probabilities: Mapping[str, float]
    odds: Mapping[str, Sequence[Factor]] = field(default_factory=dict)

    def draw(self, u: float, reader: Reader) -> str:
        weights = [p * product(self.odds.get(n, ()), reader) for n, p in self.probabilities.items()]
        return list(self.probabilities)[pick(weights, u)]


@dataclass(frozen=True)
class Normal:
    """A normal number, truncated to [low, high]; `shifts` are terms added to its mean."""

    mean: float
    sd: float
    low: float | None = None
    high: float | None = None
    shifts: Sequence[Factor] = ()

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


# --- setting -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Now:
    """The time at which a variable is set, as in `Set("infused", NOW)`."""


@dataclass(frozen=True)
class PlusOne:
    """One more than the variable's value."""


NOW, PLUS_ONE = Now(), PlusOne()


@dataclass(frozen=True)
class Test:
    """Copies another (hidden) variable with a sensitivity; a miss sets `otherwise`, if any."""

    __test__ = False  # not a test class

    of: str
    sensitivity: float = 1.0
    otherwise: Value = None


@dataclass(frozen=True)
class Set:
    """Gives a variable a value: a constant, NOW, PLUS_ONE, a draw, a table's entry or a test."""

    variable: str
    to: float | str | Now | PlusOne | Draw | By | Test


# --- conditions --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Since:
    """Days since a moment, as a measure."""

    moment: str


@dataclass(frozen=True)
class Queue:
    """How many requests wait for a resource, as a measure."""

    resource: str


@dataclass(frozen=True)
class Free:
    """What of a resource is neither held nor asked for, as a measure."""

    resource: str


@dataclass(frozen=True)
class ExpectedWait:
    """Expected days from request to grant of a resource, as a measure."""

    resource: str


Measure = str | Since | Queue | Free | ExpectedWait


def measure(x: Measure, reader: Reader) -> float | None:
    """The measure's value now, None for the time since a moment that is not yet."""
    match x:
        case Since(moment):
            return number(reader, moment)
        case Queue(resource):
            return reader.queue(resource)
        case Free(resource):
            return reader.free(resource)
        case ExpectedWait(resource):
            return reader.expected_wait(resource)
        case _:
            return number(reader, x)


@dataclass(frozen=True)
class Is:
    """The variable has one of these levels."""

    variable: str
    levels: tuple[str, ...]

    def __init__(self, variable: str, *levels: str) -> None:
        object.__setattr__(self, "variable", variable)
        object.__setattr__(self, "levels", levels)

    def holds(self, reader: Reader) -> bool:
        return reader.value(self.variable) in self.levels


@dataclass(frozen=True)
class AtLeast:
    """The measure is at least this value."""

    x: Measure
    value: float

    def holds(self, reader: Reader) -> bool:
        x = measure(self.x, reader)
        return x is not None and x >= self.value


@dataclass(frozen=True)
class Below:
    """The measure is below this value."""

    x: Measure
    value: float

    def holds(self, reader: Reader) -> bool:
        x = measure(self.x, reader)
        return x is not None and x < self.value


@dataclass(frozen=True)
class Never:
    """The moment is not yet set."""

    moment: str

    def holds(self, reader: Reader) -> bool:
        return reader.value(self.moment) is None


@dataclass(frozen=True)
class Not:
    """The condition does not hold."""

    condition: Condition

    def holds(self, reader: Reader) -> bool:
        return not self.condition.holds(reader)


@dataclass(frozen=True)
class AnyOf:
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]

    def __init__(self, *conditions: Condition) -> None:
        object.__setattr__(self, "conditions", conditions)

    def holds(self, reader: Reader) -> bool:
        return any(c.holds(reader) for c in self.conditions)


@dataclass(frozen=True)
class AllOf:
    """Every one of the conditions holds."""

    conditions: tuple[Condition, ...]

    def __init__(self, *conditions: Condition) -> None:
        object.__setattr__(self, "conditions", conditions)

    def holds(self, reader: Reader) -> bool:
        return all(c.holds(reader) for c in self.conditions)


Condition = Is | AtLeast | Below | Never | Not | AnyOf | AllOf

__all__ = [
    "CALENDAR", "NOW", "PLUS_ONE", "Ago", "AllOf", "AnyOf", "AtLeast", "Below", "By", "Condition",
    "Draw", "ExpectedWait", "Factor", "Free", "FromLaw", "Is", "Levels", "Measure", "Never",
    "Normal", "Not", "Now", "Ordered", "Per", "PlusOne", "Queue", "Reader", "Set", "Since", "Test", "Value",
    "measure", "number", "pick", "product", "total",
]  # fmt: skip
