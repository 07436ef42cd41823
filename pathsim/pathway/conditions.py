"""Conditions of a strategy's rules, and the measures that they compare.

Frozen objects that a Rule holds; `holds` asks a Reader. They know a resource by its name alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from pathsim.pathway.reading import Reader, number


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
