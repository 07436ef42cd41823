"""What a variable may be set to: a constant, now, plus one, a draw, a table's entry, a test.

Frozen objects that states, clocks, options and rules hold; engines carry them out.
"""

from __future__ import annotations

from dataclasses import dataclass

from pathsim.errors import demand
from pathsim.pathway.chance import Draw
from pathsim.pathway.reading import By, Value


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

    def __post_init__(self) -> None:
        found = self.sensitivity
        demand(0.0 <= found <= 1.0, f"test of '{self.of}': sensitivity is {found}; give 0 to 1.")


@dataclass(frozen=True)
class Set:
    """Gives a variable a value: a constant, NOW, PLUS_ONE, a draw, a table's entry or a test."""

    variable: str
    to: float | str | Now | PlusOne | Draw | By | Test
