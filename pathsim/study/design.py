"""A design: the factors that are changed, and the sets of values that they are given together.

Made by the modules of `designs`, one a kind; read by `sweep`, which makes the jobs. A factor knows
its field's path and how a value is written there. Knows no scenario file and runs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from pathsim.inputs.study_designs import Varied, measured
from pathsim.units import dimension, to_base

if TYPE_CHECKING:
    from pathsim.inputs.vary import Field


class Left(Enum):
    """What a set says of a field that it leaves as the scenario has it."""

    LEFT = "as it is"


LEFT = Left.LEFT


@dataclass(frozen=True)
class Factor:
    """A field that is changed: its column, its path, and the unit of its numbers.

    `base` is what the first scenario has there, in that unit. With `as_text` a number is written
    with its unit beside it (`7.5 per month`); `whole` numbers are rounded.
    """

    name: str
    path: str
    unit: str | None = None
    base: Any = None
    as_text: bool = False
    whole: bool = False

    def written(self, value: Any) -> Any:
        """What is set in the scenario for a value of this factor."""
        return f"{value!r} {self.unit}" if self.as_text and _is_number(value) else value

    def rounded(self, value: float) -> float | int:
        """A number that the field can take."""
        return round(value) if self.whole else float(value)


@dataclass(frozen=True)
class Design:
    """Sets of values of the factors: a row a set, a value a factor, LEFT where it is left alone.

    `sets` may be worked out as they are asked for. `wide` designs have too many factors for columns
    of the result; theirs stand in a table of their own.
    """

    kind: str
    factors: tuple[Factor, ...]
    sets: Sequence[tuple[Any, ...]]
    wide: bool = False

    def __len__(self) -> int:
        return len(self.sets)

    def changes(self, number: int) -> dict[str, Any]:
        """Path -> what is written there, of the fields that a set (from 0) changes."""
        return {
            factor.path: factor.written(value)
            for factor, value in zip(self.factors, self.sets[number], strict=True)
            if value is not LEFT
        }


def factor_of(varied: Varied, field: Field) -> Factor:
    """The factor of a field: its numbers are in the unit in which its values were written."""
    found = [measured(value) for value in varied.tried]
    units = {each.unit if each else "" for each in found} or {None}
    if len(units) > 1 or "" in units:  # words, flags, mappings, or several units
        return Factor(varied.column, varied.path, None, field.value)
    (unit,) = units
    base = base_in(field, unit)
    whole = unit is None and is_whole(field, varied.tried)
    return Factor(varied.column, varied.path, unit or field.unit, base, unit is not None, whole)


def base_in(field: Field, unit: str | None) -> Any:
    """The field's present value, in another unit if one is named."""
    own = measured(field.value)
    if unit is None or own is None:
        return field.value
    theirs = own.unit or field.unit
    if theirs is None or theirs == unit or dimension(theirs) != dimension(unit):
        return own.number
    return to_base(own.number, theirs) / to_base(1.0, unit)


def is_whole(field: Field, tried: Sequence[Any]) -> bool:
    """Whether the field counts things: it holds a whole number, and so do the ends of its range."""
    whole = isinstance(field.value, int) and not isinstance(field.value, bool)
    return whole and all(isinstance(value, int) for value in tried)


def value_of(factor: Factor, written: Any) -> Any:
    """A value as a file has it, as the factor's column has it: quantities as numbers."""
    found = measured(written)
    return found.number if factor.as_text and found is not None else written


def range_of(factor: Factor, varied: Varied, field: Field) -> tuple[float, float]:
    """Low and high of a factor's range, in its unit: as written, or the number's own spread."""
    if varied.low is not None and varied.high is not None:
        return value_of(factor, varied.low), value_of(factor, varied.high)
    if field.low is None or field.high is None:
        raise ValueError(f"{varied.path} has no spread; write low and high")
    return field.low, field.high


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
