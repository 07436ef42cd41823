"""A design: the factors that are changed, and the sets of values that they are given together.

Made by the modules of `designs`, one a kind; read by `sweep`, which makes the jobs. A factor knows
its field's path and how a value is written there. Knows no scenario file and runs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from pathsim.errors import InputError
from pathsim.inputs.paths import is_number
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.study_designs import Varied, measured
from pathsim.inputs.vary import Field, field_of
from pathsim.inputs.vary import varied as changed
from pathsim.units import to_base


class Left(Enum):
    """What a set says of a field that it leaves as the scenario has it."""

    LEFT = "as it is"


LEFT = Left.LEFT


Kind = Literal["whole", "number", "flag", "text"]
"""What stands in a factor's column."""


@dataclass(frozen=True)
class Factor:
    """A field that is changed: its column, its path, and the unit of its numbers.

    `base` is what the first scenario has there, in that unit. With `as_text` a number is written
    with its unit beside it (`7.5 per month`).
    """

    name: str
    path: str
    kind: Kind
    unit: str | None = None
    base: Any = None
    as_text: bool = False

    def written(self, value: Any) -> Any:
        """What is set in the scenario for a value of this factor."""
        return f"{value!r} {self.unit}" if self.as_text and is_number(value) else value

    def rounded(self, value: float) -> float | int:
        """A number that the field can take."""
        return round(value) if self.kind == "whole" else float(value)

    def cell(self, value: Any) -> Any:
        """A value as it stands in the factor's column; None where it does not fit there."""
        if value is LEFT or value is None:
            return None
        if self.kind == "text":
            return value if isinstance(value, str) else json.dumps(value, default=str)
        if self.kind == "flag":
            return value if isinstance(value, bool) else None
        fits = is_number(value) and (self.kind == "number" or value == int(value))
        return (float(value) if self.kind == "number" else int(value)) if fits else None


@dataclass(frozen=True)
class Design:
    """Sets of values of the factors: a row a set, a value a factor, LEFT where it is left alone.

    `sets` may be worked out as they are asked for. `wide` designs have too many factors for columns
    of the result; theirs stand in a table of their own. `left_out` tells of fields that
    were asked for and could not be changed.
    """

    kind: str
    factors: tuple[Factor, ...]
    sets: Sequence[tuple[Any, ...]]
    wide: bool = False
    left_out: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.sets)

    def changes(self, number: int, scenario: str = "") -> dict[str, Any]:
        """Path -> what is written there, of the fields that a set (from 0) changes.

        `scenario` is the one that is changed, where a design gives each values of its own.
        """
        return {
            factor.path: factor.written(value)
            for factor, value in zip(self.factors, self.sets[number], strict=True)
            if value is not LEFT
        }

    def seed(self, number: int, of_study: int) -> int:
        """The seed of a set: by it its patients and their luck are known. All have that of the
        study, unless a design says otherwise."""
        return of_study

    def told(self) -> list[str]:
        """What a reader must know of the sets, once all have been worked out: a line each."""
        return []


def factor_of(varied: Varied, scenario: Scenario) -> Factor:
    """The factor of a field: its numbers are in the unit in which its values were written."""
    field = field_of(scenario, varied.path)
    found = [measured(value) for value in varied.tried]
    units = {each.unit if each else "" for each in found} or {None}
    if units != {""} and len(units) == 1:
        (unit,) = units
        kind: Kind = "whole" if is_whole(scenario, varied, field) else "number"
        base = base_in(field, unit)
        return Factor(varied.column, varied.path, kind, unit or field.unit, base, unit is not None)
    flags = all(isinstance(value, bool) for value in varied.tried)
    return Factor(varied.column, varied.path, "flag" if flags else "text", None, field.value)


def base_in(field: Field, unit: str | None) -> Any:
    """The field's present value, in another unit if one is named and it is a number."""
    if not field.measured or field.unit in (None, unit) or unit is None:
        return field.value
    return to_base(field.value, str(field.unit)) / to_base(1.0, unit)


def is_whole(scenario: Scenario, varied: Varied, field: Field) -> bool:
    """Whether the field counts things, and takes nothing between two whole numbers."""
    ends = varied.tried or (field.low, field.high)
    if not all(is_number(end) and float(end).is_integer() for end in ends):
        return False
    if field.kind == "number":
        return field.unit == "count" and not _takes(scenario, field.path, min(ends) + 0.5)
    return field.kind == "whole"


def _takes(scenario: Scenario, path: str, value: float) -> bool:
    try:
        changed(scenario, {path: value})
    except InputError:
        return False
    return True


def value_of(factor: Factor, written: Any) -> Any:
    """A value as a file has it, as the factor has it: quantities as numbers in its unit."""
    found = measured(written)
    return found.number if factor.as_text and found is not None else written


def range_of(factor: Factor, varied: Varied, field: Field) -> tuple[float, float]:
    """Low and high of a factor's range, in its unit: as written, or the number's own spread."""
    if varied.low is not None and varied.high is not None:
        return value_of(factor, varied.low), value_of(factor, varied.high)
    if field.low is None or field.high is None:
        raise ValueError(f"{varied.path} has no spread; write low and high")
    return field.low, field.high
